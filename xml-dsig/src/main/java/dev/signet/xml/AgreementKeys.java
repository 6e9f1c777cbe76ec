// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.Providers;
import dev.signet.core.internal.Agreement;
import dev.signet.core.internal.Ciphers;
import dev.signet.xml.EncryptedPart.AgreedKey;
import dev.signet.xml.EncryptedPart.EncryptedKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** ECDH-ES with ConcatKDF and AES key wrap (XML Encryption 1.1, 5.6.4 and 5.4.1; RFC 9231, 2.6, for X25519). */
final class AgreementKeys {
    private AgreementKeys() {}

    private static int wrapBytes(Algorithm algorithm) {
        return switch (algorithm) {
            case ECDH_ES_A128KW -> 16;
            case ECDH_ES_A192KW -> 24;
            default -> 32;
        };
    }

    /** NIST SP 800-56A, 5.8.1, where one round of SHA-256 gives the key; wipes the secret. */
    private static SecretKey concatKdf(byte[] secret, byte[] otherInfo, int bytes, Providers providers) {
        MessageDigest digest = Ciphers.messageDigest(providers, "SHA-256");
        digest.update(new byte[] {0, 0, 0, 1});
        digest.update(secret);
        byte[] key = digest.digest(otherInfo);
        Arrays.fill(secret, (byte) 0);
        try {
            return new SecretKeySpec(key, 0, bytes, "AES");
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    static final class Sealer implements CekSealer {
        private final Agreement agreement;
        private final OriginatorKeys originators;
        private final int wrapBytes;
        private final String method;
        private final byte[] otherInfo;
        private final String derivation;
        private final Providers providers;

        Sealer(PublicKey key, Algorithm algorithm, String keyId, Providers providers) {
            agreement = Agreement.of(key, Ciphers.composite(providers));
            originators = new OriginatorKeys(agreement);
            this.providers = providers;
            wrapBytes = wrapBytes(algorithm);
            String uri = WrapKeys.uri(algorithm);
            method = "<xenc:EncryptionMethod Algorithm=\"" + uri + "\"/>";
            // NIST SP 800-56A, 5.8.1.2: what the key is for, and for whom, is part of what it is derived from.
            byte[] algorithmId = uri.getBytes(StandardCharsets.US_ASCII);
            byte[] recipient = keyId.getBytes(StandardCharsets.US_ASCII);
            otherInfo = ByteBuffer.allocate(algorithmId.length + recipient.length)
                    .put(algorithmId)
                    .put(recipient)
                    .array();
            HexFormat hex = HexFormat.of().withUpperCase();
            derivation = "<xenc11:KeyDerivationMethod xmlns:xenc11=\"" + Xenc.XENC11 + "\" Algorithm=\""
                    + Xenc.CONCAT_KDF + "\"><xenc11:ConcatKDFParams AlgorithmID=\"00" + hex.formatHex(algorithmId)
                    + "\" PartyVInfo=\"00" + hex.formatHex(recipient) + "\"><ds:DigestMethod Algorithm=\""
                    + Xenc.SHA256 + "\"/></xenc11:ConcatKDFParams></xenc11:KeyDerivationMethod>";
        }

        @Override
        public Sealed seal(SecretKey cek, String keyInfo) throws GeneralSecurityException {
            KeyPair ephemeral = originators.fresh();
            SecretKey kek = concatKdf(agreement.secretWith(ephemeral.getPrivate()), otherInfo, wrapBytes, providers);
            String recipient =
                    keyInfo.isEmpty() ? "" : "<xenc:RecipientKeyInfo>" + keyInfo + "</xenc:RecipientKeyInfo>";
            String agreed = "<xenc:AgreementMethod Algorithm=\"" + originators.uri() + "\">" + derivation
                    + "<xenc:OriginatorKeyInfo>" + originators.toXml(ephemeral.getPublic())
                    + "</xenc:OriginatorKeyInfo>" + recipient + "</xenc:AgreementMethod>";
            return new Sealed(method, agreed, WrapKeys.wrap(cek, kek, providers));
        }
    }

    static final class Opener implements CekOpener {
        private final Agreement agreement;
        private final OriginatorKeys originators;
        /** Null for a handle. */
        private final @Nullable PrivateKey privateKey;

        private final DecryptionKey own;
        private final int wrapBytes;
        private final String uri;
        private final Providers providers;

        Opener(PublicKey publicKey, PrivateKey privateKey, DecryptionKey own, Providers providers) {
            agreement = Agreement.of(publicKey, Ciphers.composite(providers));
            originators = new OriginatorKeys(agreement);
            this.providers = providers;
            this.own = own;
            this.privateKey = privateKey.getEncoded() == null ? null : agreement.translate(privateKey);
            wrapBytes = wrapBytes(own.algorithm());
            uri = WrapKeys.uri(own.algorithm());
        }

        @Override
        public boolean fits(EncryptedKey key) {
            AgreedKey agreed = key.agreement();
            return key.algorithm().equals(uri)
                    && agreed != null
                    && originators.uri().equals(agreed.algorithm());
        }

        @Override
        public void check(EncryptedKey key, int cekBytes) {
            AgreedKey agreed = key.agreement();
            if (agreed == null || key.digest() != null || key.mgf() != null) {
                throw Xenc.malformed("AES key wrap has no parameters");
            }
            originators.check(agreed.curve(), agreed.publicKey());
            WrapKeys.checkLength(key, cekBytes);
        }

        @Override
        public @Nullable SecretKey open(EncryptedKey key) throws GeneralSecurityException {
            AgreedKey agreed = key.agreement();
            if (agreed == null) {
                throw new IllegalStateException("check first");
            }
            PublicKey other = originators.fromBytes(agreed.publicKey());
            byte[] secret =
                    privateKey == null ? agreement.secretOfHandle(own, other) : agreement.secret(privateKey, other);
            SecretKey kek = concatKdf(secret, agreed.otherInfo(), wrapBytes, providers);
            return WrapKeys.unwrap(key.ciphertext(), kek, providers);
        }
    }
}
