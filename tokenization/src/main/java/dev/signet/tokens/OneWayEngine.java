// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.Providers;
import dev.signet.core.TokenizationKey;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Keyed one-way tokens: HMAC-SHA256 over context and value. */
final class OneWayEngine extends TokenEngine {
    private final KeyedHash hash;

    OneWayEngine(TokenizationKey key, TokenDomain domain, Providers providers) {
        hash = new KeyedHash(key, domain.info("hmac"), providers);
    }

    @Override
    String format() {
        return "one-way";
    }

    @Override
    String tokenize(String value, @Nullable String context) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash.of(context, value));
    }
}
