// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.Providers;
import dev.signet.core.internal.Ciphers;
import dev.signet.core.internal.ProviderKeys;
import dev.signet.xml.EncryptedPart.EncryptedKey;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * RSAES-OAEP with one SHA-2 digest, for MGF1 too, and an empty label (XML Encryption 1.1, 5.5.2). The form of 1.0, whose MGF1
 * is with SHA-1, is not among it.
 */
final class OaepKeys {
    private static final String CIPHER = "RSA/ECB/OAEPPadding";

    private OaepKeys() {}

    private static int bits(Algorithm algorithm) {
        return switch (algorithm) {
            case RSA_OAEP_256 -> 256;
            case RSA_OAEP_384 -> 384;
            default -> 512;
        };
    }

    private static String digestUri(int bits) {
        return bits == 384 ? "http://www.w3.org/2001/04/xmldsig-more#sha384" : Xenc.XENC + "sha" + bits;
    }

    private static String mgfUri(int bits) {
        return Xenc.XENC11 + "mgf1sha" + bits;
    }

    private static OAEPParameterSpec parameters(int bits) {
        String digest = "SHA-" + bits;
        return new OAEPParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), PSource.PSpecified.DEFAULT);
    }

    static final class Sealer implements CekSealer {
        private final PublicKey key;
        private final OAEPParameterSpec parameters;
        private final String method;
        private final Providers providers;

        Sealer(Algorithm algorithm, RSAPublicKey key, Providers providers) {
            int bits = bits(algorithm);
            this.key = ProviderKeys.translate(key, "RSA", Ciphers.composite(providers));
            this.providers = providers;
            parameters = parameters(bits);
            method = "<xenc:EncryptionMethod Algorithm=\"" + Xenc.RSA_OAEP + "\"><ds:DigestMethod Algorithm=\""
                    + digestUri(bits) + "\"/><xenc11:MGF xmlns:xenc11=\"" + Xenc.XENC11 + "\" Algorithm=\""
                    + mgfUri(bits) + "\"/></xenc:EncryptionMethod>";
        }

        @Override
        public Sealed seal(SecretKey cek, String keyInfo) throws GeneralSecurityException {
            byte[] bytes = cek.getEncoded();
            try {
                Cipher cipher = Ciphers.cipher(providers, CIPHER);
                cipher.init(Cipher.ENCRYPT_MODE, key, parameters);
                return new Sealed(method, keyInfo, cipher.doFinal(bytes));
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }

    static final class Opener implements CekOpener {
        private final DecryptionKey own;
        /** Null for a handle. */
        private final @Nullable PrivateKey privateKey;

        private final int bits;
        private final int modulusBytes;
        private final OAEPParameterSpec parameters;
        private final Providers providers;

        Opener(DecryptionKey own, PrivateKey privateKey, RSAPublicKey publicKey, Providers providers) {
            this.own = own;
            this.privateKey = privateKey.getEncoded() == null
                    ? null
                    : ProviderKeys.translate(privateKey, "RSA", Ciphers.composite(providers));
            this.providers = providers;
            bits = bits(own.algorithm());
            parameters = parameters(bits);
            modulusBytes = (publicKey.getModulus().bitLength() + 7) / 8;
        }

        @Override
        public boolean fits(EncryptedKey key) {
            return key.algorithm().equals(Xenc.RSA_OAEP)
                    && key.agreement() == null
                    && digestUri(bits).equals(key.digest())
                    && mgfUri(bits).equals(key.mgf());
        }

        @Override
        public void check(EncryptedKey key, int cekBytes) {
            if (key.ciphertext().length != modulusBytes) {
                throw Xenc.malformed("an encrypted key does not have the length of its algorithm");
            }
        }

        @Override
        public SecretKey open(EncryptedKey encrypted) throws GeneralSecurityException {
            Cipher cipher;
            if (privateKey == null) {
                // A handle belongs to the provider that made it, which the platform finds.
                cipher = Cipher.getInstance(CIPHER);
                ProviderKeys.liveHandle(own, handle -> cipher.init(Cipher.DECRYPT_MODE, handle, parameters));
            } else {
                cipher = Ciphers.cipher(providers, CIPHER);
                cipher.init(Cipher.DECRYPT_MODE, privateKey, parameters);
            }
            byte[] cek = cipher.doFinal(encrypted.ciphertext());
            try {
                return new SecretKeySpec(cek, "AES");
            } finally {
                Arrays.fill(cek, (byte) 0);
            }
        }
    }
}
