// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.Algorithm;
import dev.signet.core.Providers;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.core.internal.Keys;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** HMAC-SHA256 under a derived key, over texts with their lengths in front. Immutable and thread-safe. */
final class KeyedHash {
    private static final int KEY_BYTES = 32;

    private final SigningKey key;
    private final Providers providers;

    KeyedHash(TokenizationKey root, byte[] info, Providers providers) {
        SecretBytes derived = root.derive(info, KEY_BYTES);
        key = SigningKey.hmac(Algorithm.HS256, derived);
        this.providers = providers;
    }

    /** 32 bytes. No context and an empty one differ. */
    byte[] of(@Nullable String context, String value) {
        byte[] first = context == null ? new byte[0] : Utf8.encode(context, "the context");
        byte[] second = Utf8.encode(value, "the value");
        ByteBuffer input = ByteBuffer.allocate(5 + first.length + second.length);
        input.put((byte) (context == null ? 0 : 1))
                .putInt(first.length)
                .put(first)
                .put(second);
        return Keys.sign(key, input.array(), 0, input.capacity(), providers);
    }
}
