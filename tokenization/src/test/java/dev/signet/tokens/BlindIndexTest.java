// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static dev.signet.tokens.TestTokens.DOMAIN;
import static dev.signet.tokens.TestTokens.KEY;
import static dev.signet.tokens.TestTokens.KEYS;
import static dev.signet.tokens.TestTokens.NEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.Reason;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationException;
import dev.signet.tokens.BlindIndex.Normalization;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlindIndexTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "NFC, e\u0301, \u00e9",
        "NFC, \u212b, \u00c5",
        "CASELESS, ADA@EXAMPLE.ORG, ada@example.org",
        "CASELESS, '  Ada ', ada",
        "CASELESS, '\u00a0Ada\u3000', ada",
        "CASELESS, Stra\u00dfe, STRASSE",
        "CASELESS, GRO\u1e9eMANN, Gro\u00dfmann",
        "CASELESS, GRO\u1e9eMANN, GROSSMANN",
        "CASELESS, GRO\u1e9eMANN, grossmann",
        "CASELESS, \u039f\u03b4\u03c5\u03c3\u03c3\u03b5\u03cd\u03c2, \u039f\u0394\u03a5\u03a3\u03a3\u0395\u038e\u03a3",
        "CASELESS, \uff21\uff44\uff41, ADA",
        "CASELESS, \ufb01n, FIN",
        "CASELESS, e\u0301, \u00c9",
        "DIGITS_ONLY, +49 (170) 123-45, 4917012345",
        "DIGITS_ONLY, \u0661\u0662\u0663, 123",
        "DIGITS_ONLY, \uff11\uff12\uff13, 123",
        "DIGITS_ONLY, 4111 1111 1111 1111, 4111-1111-1111-1111",
    })
    void candidates_spellingsThatAreTheSame_areFound(Normalization normalization, String stored, String asked) {
        BlindIndex index = BlindIndex.of(KEYS, DOMAIN, normalization);
        assertThat(index.candidates(asked)).containsExactly(index.index(stored));
        assertThat(index.candidates(stored)).containsExactly(index.index(asked));
    }

    @ParameterizedTest
    @CsvSource({
        "EXACT, e\u0301, \u00e9",
        "EXACT, Ada, ada",
        "EXACT, Ada, 'Ada '",
        "NFC, Ada, ada",
        "NFC, \ufb01n, fin",
        "NFC, Ada, ' Ada'",
        "CASELESS, Ada, Adam",
        "CASELESS, 'A da', Ada",
        "CASELESS, \u00e9, e",
        "DIGITS_ONLY, 123, 1230",
        "DIGITS_ONLY, 0123, 123",
    })
    void candidates_spellingsThatDiffer_areNotFound(Normalization normalization, String stored, String asked) {
        BlindIndex index = BlindIndex.of(KEYS, DOMAIN, normalization);
        assertThat(index.candidates(asked)).doesNotContain(index.index(stored));
    }

    @Test
    void caseless_everyCharacter_isTheSameInUpperAndLowerCase() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                continue;
            }
            String text = "x" + Character.toString(point) + "y";
            String folded = Normalization.CASELESS.apply(text);
            if (!folded.equals(Normalization.CASELESS.apply(text.toLowerCase(Locale.ROOT)))
                    || !folded.equals(Normalization.CASELESS.apply(text.toUpperCase(Locale.ROOT)))
                    || !folded.equals(Normalization.CASELESS.apply(folded))) {
                fail("U+" + Integer.toHexString(point));
            }
        }
    }

    /** All of them would be found together. */
    @ParameterizedTest
    @CsvSource({"EXACT,''", "NFC,''", "CASELESS,' \u00a0\t'", "DIGITS_ONLY,unknown", "DIGITS_ONLY,''"})
    void index_nothingLeft_isRefused(Normalization normalization, String value) {
        BlindIndex index = BlindIndex.of(KEYS, DOMAIN, normalization);
        assertThatThrownBy(() -> index.index(value)).isExactlyInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> index.candidates(value)).isExactlyInstanceOf(InvalidMessageException.class);
    }

    @Test
    void index_halfOfASurrogatePair_isRefused() {
        for (Normalization normalization : List.of(Normalization.EXACT, Normalization.NFC, Normalization.CASELESS)) {
            BlindIndex index = BlindIndex.of(KEYS, DOMAIN, normalization);
            assertThatThrownBy(() -> index.index("a\ud83d")).isExactlyInstanceOf(InvalidMessageException.class);
        }
    }

    @Test
    void candidates_whileKeysRotate_findRowsOfEachVersion() {
        Keyset<TokenizationKey> before = Keyset.of(KEY);
        Keyset<TokenizationKey> during = before.add(NEXT);
        Keyset<TokenizationKey> after = during.promote("k2");
        Keyset<TokenizationKey> done = after.disable("k1");
        Token old = exact(before).index("Ada");
        Token fresh = exact(after).index("Ada");
        assertThat(old.text()).isNotEqualTo(fresh.text());
        assertThat(exact(before).candidates("Ada")).containsExactly(old);
        assertThat(exact(during).index("Ada")).isEqualTo(old);
        assertThat(exact(during).candidates("Ada")).containsExactly(old, fresh);
        assertThat(exact(after).candidates("Ada")).containsExactly(fresh, old);
        assertThat(exact(done).candidates("Ada")).containsExactly(fresh);
        assertThat(exact(after.drop("k1")).candidates("Ada")).containsExactly(fresh);
        assertThat(exact(after).version()).isEqualTo("k2");
    }

    @Test
    void candidates_keysOutsideTheirValidity_areLeftOut() {
        TokenizationKey past = NEXT.withValidity(null, NOW);
        TokenizationKey future = NEXT.withValidity(NOW.plusSeconds(1), null);
        TokenizationKey current = NEXT.withValidity(NOW, NOW.plusSeconds(1));
        assertThat(at(Keyset.of(KEY).add(past)).candidates("Ada")).hasSize(1);
        assertThat(at(Keyset.of(KEY).add(future)).candidates("Ada")).hasSize(1);
        assertThat(at(Keyset.of(KEY).add(current)).candidates("Ada")).hasSize(2);
        for (TokenizationKey unusable : List.of(past, future)) {
            BlindIndex index = at(Keyset.of(unusable));
            assertThatThrownBy(() -> index.index("Ada"))
                    .isInstanceOfSatisfying(
                            VerificationException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.KEY_NOT_VALID_NOW));
            assertThatThrownBy(() -> index.candidates("Ada"))
                    .isInstanceOfSatisfying(
                            VerificationException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.KEY_NOT_VALID_NOW));
        }
    }

    /** Else one column would tell about the other. */
    @Test
    void index_otherDomainNormalizationLengthOrMode_cannotBeLinked() {
        Set<String> prefixes = new HashSet<>();
        int made = 0;
        for (TokenDomain domain :
                List.of(DOMAIN, DOMAIN.withTenant("a"), DOMAIN.withPurpose("a"), TokenDomain.of("card"))) {
            for (Normalization normalization : Normalization.values()) {
                for (int bits : new int[] {64, 72, 128, 256}) {
                    Token token = BlindIndex.builder(KEYS, domain, normalization)
                            .truncate(bits)
                            .build()
                            .index("12345");
                    prefixes.add(token.text().substring(0, 10));
                    made++;
                }
            }
            prefixes.add(Tokenizer.builder(KEYS, domain)
                    .oneWay()
                    .tokenize("12345")
                    .text()
                    .substring(0, 10));
            made++;
        }
        assertThat(prefixes).hasSize(made);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 20, 23, 24, 31, 255, 256})
    void truncate_bits_areKeptAndTheRestIsZero(int bits) {
        BlindIndex index = BlindIndex.builder(KEYS, DOMAIN, Normalization.EXACT)
                .truncate(bits)
                .build();
        byte[] or = new byte[(bits + 7) / 8];
        for (int i = 0; i < 200; i++) {
            byte[] bytes =
                    Base64.getUrlDecoder().decode(index.index("value " + i).text());
            assertThat(bytes).hasSize(or.length);
            for (int j = 0; j < or.length; j++) {
                or[j] |= bytes[j];
            }
        }
        int ones = 0;
        for (byte each : or) {
            ones += Integer.bitCount(each & 0xff);
        }
        assertThat(ones).isEqualTo(bits);
        assertThat((or[or.length - 1] & 0xff) & (0xff >>> (8 - (8 * or.length - bits))))
                .isZero();
    }

    @Test
    void truncate_sixteenBits_letsValuesShareAnIndex() {
        BlindIndex index = BlindIndex.builder(KEYS, DOMAIN, Normalization.EXACT)
                .truncate(16)
                .build();
        Set<String> distinct = new HashSet<>();
        for (int i = 0; i < 65_536; i++) {
            distinct.add(index.index("value " + i).text());
        }
        // 1 - 1/e of the 65,536 possible ones.
        assertThat(distinct).hasSizeBetween(41_000, 41_900);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, 8, 15, 257, Integer.MAX_VALUE})
    void truncate_outOfRange_isRefused(int bits) {
        assertThatThrownBy(() ->
                        BlindIndex.builder(KEYS, DOMAIN, Normalization.EXACT).truncate(bits))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void toString_showsNoSecret() {
        assertThat(exact(KEYS)).hasToString("BlindIndex[customer///, EXACT, 256 bits, version=k1]");
    }

    private static BlindIndex exact(Keyset<TokenizationKey> keys) {
        return BlindIndex.of(keys, DOMAIN, Normalization.EXACT);
    }

    private static BlindIndex at(Keyset<TokenizationKey> keys) {
        return BlindIndex.builder(keys, DOMAIN, Normalization.EXACT)
                .clock(() -> NOW)
                .build();
    }
}
