// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.impl.AESKW;
import com.nimbusds.jose.crypto.impl.ConcatKDF;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.internal.Agreement;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** ECDH-ES, alone or with AES key wrap (RFC 7518, 4.6). */
final class AgreementKeys {
    private static final byte[] EMPTY = new byte[0];

    private AgreementKeys() {}

    /** Bytes of the key that wraps, or 0 where the agreed key encrypts the content itself. */
    private static int wrapBytes(Algorithm algorithm) {
        return switch (algorithm) {
            case ECDH_ES_A128KW -> 16;
            case ECDH_ES_A192KW -> 24;
            case ECDH_ES_A256KW -> 32;
            default -> 0;
        };
    }

    private static ConcatKDF kdf(Provider provider) {
        ConcatKDF kdf = new ConcatKDF("SHA-256");
        kdf.getJCAContext().setProvider(provider);
        return kdf;
    }

    /** RFC 7518, 4.6.2: the algorithm that the key is for is part of what it is derived from. */
    private static byte[] otherInfo(String algorithm, int keyBytes, byte[] apu, byte[] apv) {
        return ConcatKDF.composeOtherInfo(
                ConcatKDF.encodeDataWithLength(algorithm.getBytes(StandardCharsets.US_ASCII)),
                ConcatKDF.encodeDataWithLength(apu),
                ConcatKDF.encodeDataWithLength(apv),
                ConcatKDF.encodeIntData(keyBytes * Byte.SIZE),
                ConcatKDF.encodeNoData());
    }

    /** The secret in the engine's form; wipes the bytes. */
    private static SecretKey wiped(byte[] secret) {
        try {
            return new SecretKeySpec(secret, "Z");
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    static final class Sealer implements CekSealer {
        private final Agreement agreement;
        private final EphemeralKeys ephemeralKeys;
        private final int wrapBytes;
        private final int keyBytes;
        private final byte[] apu;
        private final byte[] apv;
        private final byte[] otherInfo;
        private final Provider provider;
        private final ConcatKDF kdf;

        Sealer(Agreement agreement, Algorithm algorithm, Algorithm enc, byte[] apu, byte[] apv) {
            this.agreement = agreement;
            ephemeralKeys = new EphemeralKeys(agreement);
            provider = agreement.provider();
            kdf = kdf(provider);
            wrapBytes = wrapBytes(algorithm);
            keyBytes = wrapBytes > 0 ? wrapBytes : new ContentCipher(enc, provider).keyBytes;
            this.apu = apu;
            this.apv = apv;
            otherInfo = otherInfo((wrapBytes > 0 ? algorithm : enc).joseName(), keyBytes, apu, apv);
        }

        @Override
        public void describe(Map<String, Object> header) {
            if (apu.length > 0) {
                header.put("apu", Base64Url.encode(apu));
            }
            if (apv.length > 0) {
                header.put("apv", Base64Url.encode(apv));
            }
        }

        @Override
        public boolean derives() {
            return wrapBytes == 0;
        }

        @Override
        public SealedCek seal(@Nullable SecretKey cek, SecureRandom random)
                throws GeneralSecurityException, JOSEException {
            KeyPair ephemeral = agreement.ephemeral();
            SecretKey key =
                    kdf.deriveKey(wiped(agreement.secretWith(ephemeral.getPrivate())), keyBytes * Byte.SIZE, otherInfo);
            String members = ",\"epk\":" + ephemeralKeys.toJson(ephemeral.getPublic());
            if (wrapBytes == 0) {
                return new SealedCek(key, EMPTY, members);
            }
            SecretKey content = Objects.requireNonNull(cek);
            return new SealedCek(content, AESKW.wrapCEK(content, key, provider), members);
        }
    }

    static final class Opener implements CekOpener {
        private final Agreement agreement;
        private final EphemeralKeys ephemeralKeys;
        /** Null for a handle. */
        private final @Nullable PrivateKey privateKey;

        private final DecryptionKey key;
        private final Algorithm algorithm;
        private final int wrapBytes;
        private final ConcatKDF kdf;

        Opener(Agreement agreement, PrivateKey privateKey, DecryptionKey key) {
            this.agreement = agreement;
            ephemeralKeys = new EphemeralKeys(agreement);
            this.key = key;
            algorithm = key.algorithm();
            kdf = kdf(agreement.provider());
            this.privateKey = privateKey.getEncoded() == null ? null : agreement.translate(privateKey);
            wrapBytes = wrapBytes(algorithm);
        }

        @Override
        public SecretKey open(Map<String, Object> header, byte[] encryptedKey, Algorithm enc, int keyBytes)
                throws GeneralSecurityException, JOSEException {
            CekOpener.requireLength(encryptedKey, wrapBytes == 0 ? 0 : keyBytes + WrapKeys.OVERHEAD);
            byte[] apu = orEmpty(CekOpener.bytes(header, "apu"));
            byte[] apv = orEmpty(CekOpener.bytes(header, "apv"));
            int length = wrapBytes == 0 ? keyBytes : wrapBytes;
            String name = (wrapBytes == 0 ? enc : algorithm).joseName();
            PublicKey epk = ephemeralKeys.fromJson(header.get("epk"));
            SecretKey z =
                    wiped(privateKey == null ? agreement.secretOfHandle(key, epk) : agreement.secret(privateKey, epk));
            SecretKey derived = kdf.deriveKey(z, length * Byte.SIZE, otherInfo(name, length, apu, apv));
            return wrapBytes == 0 ? derived : AESKW.unwrapCEK(derived, encryptedKey, agreement.provider());
        }

        private static byte[] orEmpty(byte @Nullable [] bytes) {
            return bytes == null ? EMPTY : bytes;
        }
    }
}
