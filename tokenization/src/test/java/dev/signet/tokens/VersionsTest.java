// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static dev.signet.tokens.TestTokens.DOMAIN;
import static dev.signet.tokens.TestTokens.KEY;
import static dev.signet.tokens.TestTokens.NEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Keyset;
import dev.signet.core.Reason;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationException;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Which versions of a key make tokens, and which read them. */
class VersionsTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @Test
    void engine_whileKeysRotate_readsEachLiveVersion() {
        Keyset<TokenizationKey> before = Keyset.of(KEY);
        Keyset<TokenizationKey> during = before.add(NEXT);
        Keyset<TokenizationKey> after = during.promote("k2");
        Token old = at(before).tokenize("Ada");
        Token fresh = at(after).tokenize("Ada");
        assertThat(old.version()).isEqualTo("k1");
        assertThat(at(during).tokenize("Ada")).isEqualTo(old);
        assertThat(fresh.version()).isEqualTo("k2");
        assertThat(fresh.text()).isNotEqualTo(old.text());
        for (Keyset<TokenizationKey> keys : List.of(during, after)) {
            for (Token token : List.of(old, fresh)) {
                assertThat(TestTokens.engine(at(keys), token.version()).detokenize(token.text(), null))
                        .isEqualTo("Ada");
            }
        }
    }

    @Test
    void engine_unknownVersion_isRefused() {
        assertRefused(Reason.KEY_UNKNOWN, () -> TestTokens.engine(at(Keyset.of(KEY)), "k2"));
        assertRefused(
                Reason.KEY_UNKNOWN,
                () -> TestTokens.engine(
                        at(Keyset.of(KEY).add(NEXT).promote("k2").drop("k1")), "k1"));
        assertRefused(Reason.KEY_UNKNOWN, () -> TestTokens.engine(at(Keyset.of(KEY)), ""));
    }

    @Test
    void engine_disabledVersion_isRefused() {
        Keyset<TokenizationKey> keys = Keyset.of(KEY).add(NEXT).promote("k2").disable("k1");
        assertRefused(Reason.KEY_DISABLED, () -> TestTokens.engine(at(keys), "k1"));
        assertThat(TestTokens.engine(at(keys.enable("k1")), "k1")).isNotNull();
    }

    @Test
    void engine_versionOutsideItsValidity_isRefused() {
        for (TokenizationKey unusable :
                List.of(NEXT.withValidity(null, NOW), NEXT.withValidity(NOW.plusNanos(1), null))) {
            assertRefused(
                    Reason.KEY_NOT_VALID_NOW,
                    () -> TestTokens.engine(at(Keyset.of(KEY).add(unusable)), "k2"));
        }
        TokenizationKey usable = NEXT.withValidity(NOW, NOW.plusNanos(1));
        assertThat(TestTokens.engine(at(Keyset.of(KEY).add(usable)), "k2")).isNotNull();
    }

    @Test
    void tokenize_primaryOutsideItsValidity_isRefusedInEveryMode() {
        for (TokenizationKey unusable :
                List.of(KEY.withValidity(null, NOW), KEY.withValidity(NOW.plusNanos(1), null))) {
            Tokenizer.Builder builder =
                    Tokenizer.builder(Keyset.of(unusable), DOMAIN).clock(() -> NOW);
            for (Tokenizer tokenizer : List.of(builder.oneWay(), builder.authenticated(), builder.dateShift(30))) {
                assertRefused(Reason.KEY_NOT_VALID_NOW, () -> tokenizer.tokenize("2026-11-26"));
                assertRefused(Reason.KEY_NOT_VALID_NOW, () -> tokenizer.tokenize("2026-11-26", TokenContext.of("row")));
                assertRefused(Reason.KEY_NOT_VALID_NOW, () -> tokenizer.tokenizeAll(List.of("2026-11-26")));
                assertRefused(Reason.KEY_NOT_VALID_NOW, () -> tokenizer.tokenizeAll(new String[] {"2026-11-26"}));
            }
        }
    }

    @Test
    void toString_tokenizer_showsDomainModeAndVersion() {
        assertThat(at(Keyset.of(KEY))).hasToString("Tokenizer[customer///, authenticated, version=k1]");
    }

    private static ReversibleTokenizer at(Keyset<TokenizationKey> keys) {
        return Tokenizer.builder(keys, DOMAIN).clock(() -> NOW).authenticated();
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
