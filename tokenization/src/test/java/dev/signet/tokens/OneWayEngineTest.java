// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static dev.signet.tokens.TestTokens.DOMAIN;
import static dev.signet.tokens.TestTokens.KEY;
import static dev.signet.tokens.TestTokens.KEYS;
import static dev.signet.tokens.TestTokens.NEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class OneWayEngineTest {
    private static final Tokenizer TOKENIZER = Tokenizer.builder(KEYS, DOMAIN).oneWay();

    /** HMAC-SHA256 of another library, over the input written out by hand. */
    @Test
    void tokenize_value_isTheHmacOfLengthsAndTexts() {
        byte[] key = KEY.derive(DOMAIN.info("hmac"), 32).dangerousToByteArray();
        assertThat(TOKENIZER.tokenize("Ad\u00e9").text()).isEqualTo(hmac(key, "\0\0\0\0\0Ad\u00e9"));
        assertThat(TOKENIZER.tokenize("Ad\u00e9", TokenContext.of("")).text())
                .isEqualTo(hmac(key, "\1\0\0\0\0Ad\u00e9"));
        assertThat(TOKENIZER.tokenize("Ad\u00e9", TokenContext.of("\u00e9")).text())
                .isEqualTo(hmac(key, "\1\0\0\0\2\u00e9Ad\u00e9"));
    }

    @Test
    void tokenize_contextAndValue_areNotRunTogether() {
        Set<Token> tokens = new HashSet<>(List.of(
                TOKENIZER.tokenize("abc"),
                TOKENIZER.tokenize("abc", TokenContext.of("")),
                TOKENIZER.tokenize("bc", TokenContext.of("a")),
                TOKENIZER.tokenize("c", TokenContext.of("ab")),
                TOKENIZER.tokenize("", TokenContext.of("abc")),
                TOKENIZER.tokenize(""),
                TOKENIZER.tokenize("", TokenContext.of(""))));
        assertThat(tokens).hasSize(7);
    }

    @Test
    void tokenize_halfOfASurrogatePair_isRefused() {
        assertThatThrownBy(() -> TOKENIZER.tokenize("\ud83d")).isExactlyInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> TOKENIZER.tokenize("?", TokenContext.of("\ude00")))
                .isExactlyInstanceOf(InvalidMessageException.class);
    }

    @Test
    void tokenizer_types_haveNoWayBack() {
        assertThat(TOKENIZER).isNotInstanceOf(ReversibleTokenizer.class);
        assertThat(ReversibleEngine.class.isAssignableFrom(OneWayEngine.class)).isFalse();
        assertThat(TOKENIZER.getClass().getDeclaredMethods())
                .extracting(Method::getName)
                .doesNotContain("engine");
        assertThat(Tokenizer.class.getMethods())
                .extracting(Method::getName)
                .noneMatch(name -> name.contains("detokenize") || name.contains("reveal"));
    }

    /** One person in two domains, by each name that tells domains apart, by key and by context. */
    @Test
    void tokenize_sameValuesInTwoDomains_shareNoToken() {
        List<Function<String, Token>> others = List.of(
                in(TokenDomain.of("patient")),
                in(DOMAIN.withTenant("b")),
                in(DOMAIN.withPurpose("b")),
                in(DOMAIN.withRecipient("b")),
                Tokenizer.builder(Keyset.of(NEXT), DOMAIN).oneWay()::tokenize,
                value -> TOKENIZER.tokenize(value, TokenContext.of("b")));
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            tokens.add(TOKENIZER.tokenize("person " + i).text());
        }
        assertThat(tokens).as("no collision").hasSize(100_000);
        for (Function<String, Token> other : others) {
            int shared = 0;
            for (int i = 0; i < 100_000; i++) {
                shared += tokens.contains(other.apply("person " + i).text()) ? 1 : 0;
            }
            assertThat(shared).isZero();
        }
    }

    /** The same for tokens that can be reversed; their keys are derived in the same way. */
    @Test
    void authenticated_sameValuesInTwoDomains_shareNoToken() {
        Set<String> tokens = new HashSet<>();
        ReversibleTokenizer here = Tokenizer.builder(KEYS, DOMAIN).authenticated();
        ReversibleTokenizer there =
                Tokenizer.builder(KEYS, DOMAIN.withRecipient("b")).authenticated();
        for (int i = 0; i < 20_000; i++) {
            tokens.add(here.tokenize("person " + i).text());
            tokens.add(there.tokenize("person " + i).text());
        }
        assertThat(tokens).hasSize(40_000);
    }

    private static Function<String, Token> in(TokenDomain domain) {
        return Tokenizer.builder(KEYS, domain).oneWay()::tokenize;
    }

    private static String hmac(byte[] key, String input) {
        HMac mac = new HMac(new SHA256Digest());
        mac.init(new KeyParameter(key));
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        mac.update(bytes, 0, bytes.length);
        byte[] tag = new byte[32];
        mac.doFinal(tag, 0);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
    }
}
