// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Providers;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import java.nio.file.Path;
import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What works without a tokenizer, too, takes no provider but those that are pinned. */
class ObeyedPolicyTest {
    private static final SecurityPolicy NOTHING_PINNED =
            SecurityPolicy.recommended2026().withProviders(Providers.pinned(new EmptyProvider()));
    private static final SecretBytes KEY = SecretBytes.random(32);

    @TempDir
    private Path folder;

    @Test
    void engines_useThePinnedProviders() {
        assertNoProvider(() -> Ff1.of(KEY, 10, NOTHING_PINNED).encrypt(new int[16], new byte[0]));
        assertNoProvider(() -> Ff1.of(KEY, Alphabet.DIGITS, NOTHING_PINNED).encrypt("4111111111111111", new byte[0]));
        assertNoProvider(() -> LegacyFf31.allowDecryption(KEY, new byte[7], Alphabet.DIGITS, NOTHING_PINNED)
                .decrypt("4111111111111111"));
    }

    @Test
    void revealLog_usesThePinnedProviders() {
        List<String> lines = new ArrayList<>();
        reveal(RevealLog.to(event -> lines.add(event.line()), KEY));
        assertNoProvider(() -> reveal(RevealLog.to(event -> {}, KEY, NOTHING_PINNED)));
        assertNoProvider(() -> reveal(RevealLog.to(event -> {}, KEY, lines.get(0), NOTHING_PINNED)));
        assertNoProvider(() -> reveal(RevealLog.file(folder.resolve("log"), KEY, NOTHING_PINNED)));
        assertNoProvider(
                () -> RevealLog.verify(lines.iterator(), KEY, "0." + "A".repeat(43), event -> {}, NOTHING_PINNED));
    }

    private static void reveal(RevealLog log) {
        try (log) {
            ReversibleTokenizer tokenizer =
                    Tokenizer.builder(TestTokens.KEYS, TestTokens.DOMAIN).authenticated();
            RevealPolicy policy =
                    RevealPolicy.builder().purpose("support", Reveal.CLEAR).build();
            Detokenizer.builder(tokenizer, policy, log)
                    .build()
                    .detokenize(tokenizer.tokenize("value"), Access.by("ann").forPurpose("support"));
        }
    }

    private static void assertNoProvider(ThrowingCallable call) {
        assertThatThrownBy(call).hasStackTraceContaining("IllegalStateException");
    }

    private static final class EmptyProvider extends Provider {
        EmptyProvider() {
            super("Empty", "1", "a provider without any service");
        }
    }
}
