// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.impl.AESKW;
import dev.signet.core.Algorithm;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** AES key wrap (RFC 3394; RFC 7518, 4.4) and keys encrypted by AES-GCM (RFC 7518, 4.7). */
final class WrapKeys {
    /** RFC 3394, 2.2.1: one block of 64 bits more. */
    static final int OVERHEAD = 8;

    private static final int IV_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final byte[] NO_AAD = new byte[0];

    private WrapKeys() {}

    private static boolean isGcm(Algorithm algorithm) {
        return switch (algorithm) {
            case A128GCMKW, A192GCMKW, A256GCMKW -> true;
            default -> false;
        };
    }

    record Sealer(Algorithm algorithm, SecretKey kek, Provider provider) implements CekSealer {
        @Override
        public SealedCek seal(@Nullable SecretKey cek, SecureRandom random)
                throws GeneralSecurityException, JOSEException {
            SecretKey key = Objects.requireNonNull(cek);
            if (!isGcm(algorithm)) {
                return new SealedCek(key, AESKW.wrapCEK(key, kek, provider), "");
            }
            byte[] iv = new byte[IV_BYTES];
            random.nextBytes(iv);
            byte[] bytes = key.getEncoded();
            ContentCipher.Sealed sealed = ContentCipher.sealGcm(kek, iv, bytes, NO_AAD, provider);
            Arrays.fill(bytes, (byte) 0);
            String members =
                    ",\"iv\":\"" + Base64Url.encode(iv) + "\",\"tag\":\"" + Base64Url.encode(sealed.tag()) + '"';
            return new SealedCek(key, sealed.ciphertext(), members);
        }
    }

    record Opener(Algorithm algorithm, SecretKey kek, Provider provider) implements CekOpener {
        @Override
        public SecretKey open(Map<String, Object> header, byte[] encryptedKey, Algorithm enc, int keyBytes)
                throws GeneralSecurityException, JOSEException {
            if (!isGcm(algorithm)) {
                CekOpener.requireLength(encryptedKey, keyBytes + OVERHEAD);
                return AESKW.unwrapCEK(kek, encryptedKey, provider);
            }
            byte[] iv = CekOpener.bytes(header, "iv", IV_BYTES);
            byte[] tag = CekOpener.bytes(header, "tag", TAG_BYTES);
            CekOpener.requireLength(encryptedKey, keyBytes);
            byte[] cek = ContentCipher.openGcm(kek, iv, encryptedKey, tag, NO_AAD, provider);
            try {
                return new SecretKeySpec(cek, "AES");
            } finally {
                Arrays.fill(cek, (byte) 0);
            }
        }
    }
}
