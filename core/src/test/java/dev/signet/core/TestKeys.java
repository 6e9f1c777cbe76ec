// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** Keys for tests: good ones made once, and bad ones that no key factory would make. */
final class TestKeys {
    static final byte[] DATA = "some data".getBytes(StandardCharsets.US_ASCII);
    static final byte[] OTHER = "some date".getBytes(StandardCharsets.US_ASCII);

    private static final Map<Algorithm, SigningKey> SIGNING = new ConcurrentHashMap<>();
    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();

    private TestKeys() {}

    static List<Algorithm> signatureAlgorithms() {
        return Stream.of(Algorithm.values()).filter(Algorithm::isSignature).toList();
    }

    /** The same key at every call. */
    static SigningKey signing(Algorithm algorithm) {
        return SIGNING.computeIfAbsent(algorithm, TestKeys::anotherSigning);
    }

    static SigningKey anotherSigning(Algorithm algorithm) {
        if (algorithm.family.isRsa()) {
            KeyPair pair = newRsa(2048);
            return SigningKey.of(algorithm, pair.getPrivate(), pair.getPublic());
        }
        return SigningKey.generate(algorithm);
    }

    static KeyPair rsa() {
        return PAIRS.computeIfAbsent("RSA", name -> newRsa(2048));
    }

    static KeyPair ec(String curve) {
        return PAIRS.computeIfAbsent(curve, name -> generate("EC", new ECGenParameterSpec(name)));
    }

    static KeyPair ed25519() {
        return PAIRS.computeIfAbsent("Ed25519", name -> generate(name, null));
    }

    static KeyPair newRsa(int bits) {
        return generate("RSA", new java.security.spec.RSAKeyGenParameterSpec(bits, BigInteger.valueOf(65537)));
    }

    static KeyPair generate(String algorithm, java.security.spec.AlgorithmParameterSpec spec) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (spec != null) {
                generator.initialize(spec);
            }
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static RSAPublicKey rsa(BigInteger modulus, BigInteger exponent) {
        return new CraftedRsa(modulus, exponent);
    }

    static ECPublicKey ec(ECParameterSpec parameters, BigInteger x, BigInteger y) {
        return new CraftedEc(parameters, new ECPoint(x, y));
    }

    static PublicKey ed25519(byte[] point) {
        return new Encoded("Ed25519", concat(HexFormat.of().parseHex("302a300506032b6570032100"), point));
    }

    static byte[] concat(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    static byte[] littleEndian(BigInteger value, int length) {
        byte[] big = EcdsaSignatures.unsigned(value, length);
        for (int i = 0; i < length / 2; i++) {
            byte swap = big[i];
            big[i] = big[length - 1 - i];
            big[length - 1 - i] = swap;
        }
        return big;
    }

    static BigInteger fromLittleEndian(byte[] bytes) {
        byte[] big = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            big[i] = bytes[bytes.length - 1 - i];
        }
        return new BigInteger(1, big);
    }

    /** A key of which only the encoding is known. */
    record Encoded(String algorithm, byte[] encoding) implements PublicKey {
        @Override
        public String getAlgorithm() {
            return algorithm;
        }

        @Override
        public String getFormat() {
            return "X.509";
        }

        @Override
        public byte[] getEncoded() {
            return encoding.clone();
        }
    }

    private record CraftedRsa(BigInteger modulus, BigInteger exponent) implements RSAPublicKey {
        @Override
        public BigInteger getPublicExponent() {
            return exponent;
        }

        @Override
        public BigInteger getModulus() {
            return modulus;
        }

        @Override
        public String getAlgorithm() {
            return "RSA";
        }

        @Override
        public String getFormat() {
            return "X.509";
        }

        @Override
        public byte[] getEncoded() {
            try {
                return new SubjectPublicKeyInfo(
                                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                                new org.bouncycastle.asn1.pkcs.RSAPublicKey(modulus, exponent))
                        .getEncoded();
            } catch (java.io.IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private record CraftedEc(ECParameterSpec parameters, ECPoint point) implements ECPublicKey {
        @Override
        public ECPoint getW() {
            return point;
        }

        @Override
        public ECParameterSpec getParams() {
            return parameters;
        }

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return "X.509";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[0];
        }
    }
}
