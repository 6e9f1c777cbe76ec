// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.Keyset;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import java.nio.charset.StandardCharsets;

/** Keys and domains of the tests. */
final class TestTokens {
    static final TokenizationKey KEY = key("k1", "0123456789abcdef0123456789abcdef");
    static final TokenizationKey NEXT = key("k2", "fedcba9876543210fedcba9876543210");
    static final Keyset<TokenizationKey> KEYS = Keyset.of(KEY);
    static final TokenDomain DOMAIN = TokenDomain.of("customer");

    private TestTokens() {}

    static TokenizationKey key(String id, String secret) {
        return TokenizationKey.of(SecretBytes.copyOf(secret.getBytes(StandardCharsets.US_ASCII)))
                .withId(id);
    }

    /** The engine by which a version of a tokenizer is read. */
    static ReversibleEngine engine(ReversibleTokenizer tokenizer, String version) {
        return ((KeyedReversibleTokenizer) tokenizer).engine(version);
    }
}
