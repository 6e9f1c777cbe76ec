// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.impl.RSA_OAEP_SHA2;
import com.nimbusds.jose.crypto.opts.CipherMode;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.internal.ProviderKeys;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** RSAES-OAEP with SHA-2 (RFC 7518, 4.3; RFC 8017, 7.1). */
final class OaepKeys {
    private OaepKeys() {}

    private static int hashBits(Algorithm algorithm) {
        return switch (algorithm) {
            case RSA_OAEP_256 -> 256;
            case RSA_OAEP_384 -> 384;
            default -> 512;
        };
    }

    static final class Sealer implements CekSealer {
        private final RSAPublicKey key;
        private final int hashBits;
        private final Provider provider;

        Sealer(Algorithm algorithm, RSAPublicKey key, Provider provider) {
            PublicKey translated = ProviderKeys.translate(key, "RSA", provider);
            this.key = translated instanceof RSAPublicKey rsa ? rsa : key;
            hashBits = hashBits(algorithm);
            this.provider = provider;
        }

        @Override
        public SealedCek seal(@Nullable SecretKey cek, SecureRandom random) throws JOSEException {
            SecretKey plain = Objects.requireNonNull(cek);
            byte[] encrypted = RSA_OAEP_SHA2.encryptCEK(key, plain, hashBits, CipherMode.ENCRYPT_DECRYPT, provider);
            return new SealedCek(plain, encrypted, "");
        }
    }

    static final class Opener implements CekOpener {
        private final DecryptionKey key;
        /** Null for a handle. */
        private final @Nullable PrivateKey privateKey;

        private final int hashBits;
        private final int modulusBytes;
        private final @Nullable Provider provider;
        private final SecureRandom random = new SecureRandom();

        Opener(DecryptionKey key, PrivateKey privateKey, RSAPublicKey publicKey, Provider provider) {
            boolean handle = privateKey.getEncoded() == null;
            this.key = key;
            this.privateKey = handle ? null : ProviderKeys.translate(privateKey, "RSA", provider);
            this.provider = handle ? null : provider;
            hashBits = hashBits(key.algorithm());
            modulusBytes = (publicKey.getModulus().bitLength() + 7) / 8;
        }

        /** RFC 7516, 11.5: after a failure a random key takes the same way as the right one, to the same end. */
        @Override
        public SecretKey open(Map<String, Object> header, byte[] encryptedKey, Algorithm enc, int keyBytes) {
            CekOpener.requireLength(encryptedKey, modulusBytes);
            PrivateKey own = privateKey == null ? ProviderKeys.liveHandle(key, this::initialise) : privateKey;
            byte[] bytes = new byte[keyBytes];
            random.nextBytes(bytes);
            SecretKey substitute = new SecretKeySpec(bytes, "AES");
            try {
                SecretKey cek =
                        RSA_OAEP_SHA2.decryptCEK(own, encryptedKey, hashBits, CipherMode.ENCRYPT_DECRYPT, provider);
                return cek.getEncoded().length == keyBytes ? cek : substitute;
            } catch (JOSEException | RuntimeException e) {
                return substitute;
            }
        }

        private void initialise(PrivateKey handle) throws GeneralSecurityException {
            String digest = "SHA-" + hashBits;
            Cipher.getInstance("RSA/ECB/OAEPWith" + digest + "AndMGF1Padding")
                    .init(
                            Cipher.DECRYPT_MODE,
                            handle,
                            new OAEPParameterSpec(
                                    digest, "MGF1", new MGF1ParameterSpec(digest), PSource.PSpecified.DEFAULT));
        }
    }
}
