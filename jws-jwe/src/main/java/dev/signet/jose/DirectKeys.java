// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import java.security.SecureRandom;
import java.util.Map;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** {@code dir} (RFC 7518, 4.5): the shared secret encrypts the content itself. */
final class DirectKeys {
    private static final byte[] EMPTY = new byte[0];

    private DirectKeys() {}

    record Sealer(SecretKey key) implements CekSealer {
        @Override
        public boolean derives() {
            return true;
        }

        @Override
        public SealedCek seal(@Nullable SecretKey cek, SecureRandom random) {
            return new SealedCek(key, EMPTY, "");
        }
    }

    record Opener(Algorithm algorithm, SecretKey key) implements CekOpener {
        @Override
        public SecretKey open(Map<String, Object> header, byte[] encryptedKey, Algorithm enc, int keyBytes) {
            // RFC 7516, 5.2, step 10.
            CekOpener.requireLength(encryptedKey, 0);
            if (enc != algorithm) {
                throw new DecryptionException();
            }
            return key;
        }
    }
}
