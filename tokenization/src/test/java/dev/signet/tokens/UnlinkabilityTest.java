// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static dev.signet.tokens.TestTokens.KEYS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Format-preserving tokens of the same values in two domains, or contexts, share no more than chance gives. */
class UnlinkabilityTest {
    private static final int VALUES = 100_000;
    private static final TokenDomain DOMAIN =
            TokenDomain.of("phone").withTenant("north").withPurpose("support").withRecipient("acme");

    @ParameterizedTest
    @CsvSource({
        "fax, north, support, acme",
        "phone, south, support, acme",
        "phone, north, billing, acme",
        "phone, north, support, globex",
        // The same letters, cut elsewhere
        "phonen, orth, support, acme",
        "phone, norths, upport, acme",
        "phone, acme, support, north"
    })
    void tokenizeAll_domains_shareNoMoreThanChance(String name, String tenant, String purpose, String recipient) {
        TokenDomain other =
                TokenDomain.of(name).withTenant(tenant).withPurpose(purpose).withRecipient(recipient);
        for (int length : new int[] {6, 16}) {
            List<String> values = values(length);
            assertUnlinked(
                    length,
                    tokens(DOMAIN, values, ColumnOptions.defaults()),
                    tokens(other, values, ColumnOptions.defaults()));
        }
    }

    @Test
    void tokenizeAll_contexts_shareNoMoreThanChance() {
        ColumnOptions none = ColumnOptions.defaults();
        List<ColumnOptions> contexts =
                List.of(none, context(""), context("a"), context("b"), context("\0"), context("a".repeat(40)));
        for (int length : new int[] {6, 16}) {
            List<String> values = values(length);
            List<List<String>> tokens = contexts.stream()
                    .map(options -> tokens(DOMAIN, values, options))
                    .toList();
            for (int i = 0; i < tokens.size(); i++) {
                for (int k = 0; k < i; k++) {
                    assertUnlinked(length, tokens.get(i), tokens.get(k));
                }
            }
        }
    }

    /** Equal values in rows of different contexts cannot be told from different ones. */
    @Test
    void tokenizeAll_oneValueInManyContexts_givesManyTokens() {
        List<String> contexts =
                IntStream.range(0, VALUES).mapToObj(i -> "customer " + i).toList();
        List<String> tokens = tokens(
                DOMAIN,
                Collections.nCopies(VALUES, "4111111111111111"),
                ColumnOptions.defaults().contexts(contexts));
        assertThat(new HashSet<>(tokens)).hasSize(VALUES);
    }

    /** What stays is public, so whoever chooses values must not reach another row's context by it. */
    @Test
    void tokenize_partsThatLookLikeAContext_areNone() {
        TokenFormat format = TokenFormat.builder(Alphabet.DIGITS).keepOthers().build();
        ReversibleTokenizer tokenizer = Tokenizer.builder(KEYS, DOMAIN).formatPreserving(format);
        Map<String, String> seen = new HashMap<>();
        String[][] cases = {
            {"", null},
            {"", ""},
            {"", "c"},
            {"", "d"},
            {"c", null},
            {"c", ""},
            {"c\0\1\1", null},
            {"c\0\1\1", ""},
            {"\0", null},
            {"\0\0\1", null},
            {"\0\0\1\0", null},
            {"", "c\0\1\1"},
            {"cc", "c"},
            {"c", "cc"},
            {"", "ccc"},
        };
        for (String[] one : cases) {
            String value = "1234567890123456" + one[0];
            String token = (one[1] == null
                            ? tokenizer.tokenize(value)
                            : tokenizer.tokenize(value, TokenContext.of(one[1])))
                    .text();
            assertThat(seen.put(token.substring(0, 16), value)).isNull();
        }
    }

    /** The table of one kept part says nothing of another. */
    @Test
    void tokenizeAll_keptParts_shareNoMoreThanChance() {
        TokenFormat format = TokenFormat.paymentCard(TokenFormat.Kept.BIN_AND_LAST_FOUR, TokenFormat.Luhn.UNCHECKED);
        Tokenizer tokenizer = Tokenizer.builder(KEYS, DOMAIN).formatPreserving(format);
        List<String> middles = values(6);
        List<List<String>> tokens = List.of("411111-1111", "411112-1111", "411111-1112", "111141-1111").stream()
                .map(kept -> middles.stream()
                        .map(middle -> kept.replace("-", middle))
                        .toList())
                .map(cards -> tokenizer.tokenizeAll(cards).texts().stream()
                        .map(token -> token.substring(6, 12))
                        .toList())
                .toList();
        for (int i = 0; i < tokens.size(); i++) {
            for (int k = 0; k < i; k++) {
                assertUnlinked(6, tokens.get(i), tokens.get(k));
            }
        }
    }

    /** Values that differ in a part that stays only, and the places of what is replaced. */
    @Test
    void tokenize_keptPartOfEachFormat_changesTheRest() {
        assertBound(TokenFormat.paymentCard(), "4111111111111111", "4111111111111103", 0, 11);
        assertBound(TokenFormat.phone(), "+301234567890", "+311234567890", 3, 13);
        assertBound(TokenFormat.email(), "alice.smith@example.com", "alice.smith@example.org", 0, 11);
        assertBound(TokenFormat.email(), "alice.smith@example.com", "alice-smith@example.com", 0, 5);
        TokenFormat replaced = TokenFormat.email(TokenFormat.EmailDomain.REPLACED);
        assertBound(replaced, "alice.smith@example.com", "alice.smith@example.org", 0, 11);
        String digits = "1234567890123456";
        assertBound(TokenFormat.iban(), Checks.iban("AT", digits), Checks.iban("BA", digits), 4, 20);
        String sorted = "12345698765432";
        assertBound(TokenFormat.iban(), Checks.iban("GB", "WEST" + sorted), Checks.iban("GB", "EAST" + sorted), 8, 22);
        // The same letter at another place
        assertBound(
                TokenFormat.iban(),
                Checks.iban("LU", "123A456789012345"),
                Checks.iban("LU", "1234A56789012345"),
                9,
                20);
        assertBound(
                TokenFormat.uuid(),
                "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
                "f81d4fae-7dec-41d0-a765-00a0c91e6bf6",
                0,
                13);
        TokenFormat template = TokenFormat.template("AC-?{2}-#{7}%", Alphabet.DIGITS);
        assertBound(template, "AC-17-12345675", "AC-18-12345674", 6, 13);
    }

    private static void assertBound(TokenFormat format, String value, String other, int from, int to) {
        Tokenizer tokenizer = Tokenizer.builder(KEYS, DOMAIN).formatPreserving(format);
        assertThat(tokenizer.tokenize(value).text().substring(from, to))
                .isNotEqualTo(tokenizer.tokenize(other).text().substring(from, to));
    }

    private static void assertUnlinked(int length, List<String> first, List<String> second) {
        long samePlace = IntStream.range(0, VALUES)
                .filter(i -> first.get(i).equals(second.get(i)))
                .count();
        Set<String> shared = new HashSet<>(first);
        shared.retainAll(new HashSet<>(second));
        if (length == 6) {
            // One in a million stays at its place, and a tenth of a tenth of all tokens is in both, give or take six
            // times 90.
            assertThat(samePlace).isLessThan(6);
            assertThat(shared).hasSizeBetween(9_400, 10_600);
        } else {
            assertThat(samePlace).isZero();
            assertThat(shared).isEmpty();
        }
    }

    /** Neighbours, which a weak scheme would keep together. */
    private static List<String> values(int length) {
        long start = new SplittableRandom().nextLong(900_000);
        return IntStream.range(0, VALUES)
                .mapToObj(i -> String.format("%0" + length + "d", start + i))
                .toList();
    }

    private static ColumnOptions context(String context) {
        return ColumnOptions.defaults().contexts(Collections.nCopies(VALUES, context));
    }

    private static List<String> tokens(TokenDomain domain, List<String> values, ColumnOptions options) {
        return Tokenizer.builder(KEYS, domain)
                .formatPreserving(TokenFormat.digits())
                .tokenizeAll(values, options)
                .texts();
    }
}
