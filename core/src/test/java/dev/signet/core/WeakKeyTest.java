// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that must not enter the library. */
class WeakKeyTest {
    private static final BigInteger F4 = BigInteger.valueOf(65537);
    private static final HexFormat HEX = HexFormat.of();

    // ---- RSA
    // ---------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"RS256", "PS512", "RSA_OAEP_256"})
    void of_rsaOfAWrongSize_isRejected(Algorithm algorithm) {
        BigInteger good = modulus();
        for (BigInteger modulus : List.of(
                ((RSAPublicKey) TestKeys.newRsa(1024).getPublic()).getModulus(),
                good.shiftRight(1).setBit(0),
                BigInteger.ONE.shiftLeft(16384).setBit(0),
                BigInteger.ONE,
                BigInteger.ZERO)) {
            assertRefused(algorithm, TestKeys.rsa(modulus, F4), "2048 to 16384 bits");
        }
    }

    @Test
    void of_rsaExponentOneEvenOrTooLarge_isRejected() {
        BigInteger n = modulus();
        for (BigInteger e : List.of(
                BigInteger.ONE,
                BigInteger.ZERO,
                BigInteger.TWO,
                BigInteger.valueOf(65536),
                BigInteger.valueOf(-3),
                n,
                n.add(BigInteger.TWO))) {
            assertRefused(Algorithm.RS256, TestKeys.rsa(n, e), "exponent");
        }
        assertThatCode(() -> VerificationKey.of(Algorithm.RS256, TestKeys.rsa(n, BigInteger.valueOf(3))))
                .doesNotThrowAnyException();
    }

    @Test
    void of_rsaEvenModulus_isRejected() {
        assertRefused(Algorithm.RS256, TestKeys.rsa(modulus().clearBit(0), F4), "even");
    }

    @Test
    void of_rsaWithTheStructureOfRoca_isRejected() {
        // Infineon's library made primes k·M + 65537^a mod M, with M the product of the first 126 primes for 2048 bits.
        BigInteger m = BigInteger.ONE;
        BigInteger prime = BigInteger.TWO;
        for (int i = 0; i < 126; i++, prime = prime.nextProbablePrime()) {
            m = m.multiply(prime);
        }
        BigInteger p = rocaPrime(m, 1024, 12345);
        BigInteger q = rocaPrime(m, 1024, 67890);
        BigInteger n = p.multiply(q);
        assertThat(n.bitLength()).isEqualTo(2048);
        assertRefused(Algorithm.RS256, TestKeys.rsa(n, F4), "ROCA");
        assertRefused(Algorithm.RSA_OAEP_256, TestKeys.rsa(n, F4), "ROCA");
        assertThatCode(() -> VerificationKey.of(Algorithm.RS256, TestKeys.rsa(n.add(BigInteger.TWO), F4)))
                .doesNotThrowAnyException();
    }

    private static BigInteger rocaPrime(BigInteger m, int bits, int start) {
        BigInteger top = BigInteger.valueOf(3).shiftLeft(bits - 2);
        for (int a = start; ; a++) {
            BigInteger candidate = top.subtract(top.mod(m)).add(m).add(F4.modPow(BigInteger.valueOf(a), m));
            if (candidate.isProbablePrime(20)) {
                return candidate;
            }
        }
    }

    @Test
    void of_partsOfTheRsaPrivateKeyThatDoNotFit_areRejected() throws Exception {
        KeyPair pair = TestKeys.rsa();
        var k = (java.security.interfaces.RSAPrivateCrtKey) pair.getPrivate();
        BigInteger[] good = {
            k.getModulus(),
            k.getPublicExponent(),
            k.getPrivateExponent(),
            k.getPrimeP(),
            k.getPrimeQ(),
            k.getPrimeExponentP(),
            k.getPrimeExponentQ(),
            k.getCrtCoefficient()
        };
        SigningKey.of(Algorithm.PS256, crt(good), pair.getPublic());
        for (int i = 2; i < good.length; i++) {
            BigInteger[] bad = good.clone();
            bad[i] = bad[i].add(BigInteger.TWO);
            var wrong = crt(bad);
            assertThatThrownBy(() -> SigningKey.of(Algorithm.PS256, wrong, pair.getPublic()))
                    .as("part %d", i)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("do not fit each other");
            assertThatThrownBy(() -> DecryptionKey.of(Algorithm.RSA_OAEP_256, wrong, pair.getPublic()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static java.security.PrivateKey crt(BigInteger[] v) throws Exception {
        return java.security.KeyFactory.getInstance("RSA")
                .generatePrivate(
                        new java.security.spec.RSAPrivateCrtKeySpec(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]));
    }

    @Test
    void of_rsaPrivateKeyWithoutPrimes_isRejected() throws Exception {
        var k = (java.security.interfaces.RSAPrivateKey) TestKeys.rsa().getPrivate();
        var bare = java.security.KeyFactory.getInstance("RSA")
                .generatePrivate(new java.security.spec.RSAPrivateKeySpec(k.getModulus(), k.getPrivateExponent()));
        assertThatThrownBy(() ->
                        SigningKey.of(Algorithm.RS256, bare, TestKeys.rsa().getPublic()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- elliptic curves
    // ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"ES256", "ECDH_ES_A256KW"})
    void of_ecPointOffItsCurve_isRejected(Algorithm algorithm) {
        ECPublicKey good = (ECPublicKey) TestKeys.ec("secp256r1").getPublic();
        ECParameterSpec p256 = good.getParams();
        BigInteger p = ((java.security.spec.ECFieldFp) p256.getCurve().getField()).getP();
        BigInteger x = good.getW().getAffineX();
        BigInteger y = good.getW().getAffineY();
        for (BigInteger[] point : new BigInteger[][] {
            {BigInteger.ONE, BigInteger.ONE},
            {BigInteger.ZERO, BigInteger.ZERO},
            {x, y.add(BigInteger.ONE)},
            {x.add(BigInteger.ONE), y},
            {y, x},
            {x.add(p), y},
            {x, y.subtract(p)},
            {x, y.add(p)}
        }) {
            assertRefused(algorithm, TestKeys.ec(p256, point[0], point[1]), "not on its curve");
        }
    }

    @Test
    void of_ecPointAtInfinity_isRejected() {
        ECParameterSpec p256 = ((ECPublicKey) TestKeys.ec("secp256r1").getPublic()).getParams();
        PublicKey infinity = new ECPublicKey() {
            @Override
            public ECPoint getW() {
                return ECPoint.POINT_INFINITY;
            }

            @Override
            public ECParameterSpec getParams() {
                return p256;
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
        };
        assertRefused(Algorithm.ES256, infinity, "not on its curve");
    }

    @Test
    void of_ecKeyOnAnotherCurve_isRejected() {
        assertRefused(Algorithm.ES256, TestKeys.ec("secp384r1").getPublic(), "curve");
        assertRefused(Algorithm.ES384, TestKeys.ec("secp521r1").getPublic(), "curve");
        assertRefused(Algorithm.ES512, TestKeys.ec("secp256r1").getPublic(), "curve");
        assertRefused(Algorithm.ES256, bouncyCastle("secp256k1").getPublic(), "curve");
        assertRefused(Algorithm.ECDH_ES_A256KW, bouncyCastle("brainpoolP256r1").getPublic(), "curve");
    }

    @Test
    void of_ecKeyWithParametersOfItsOwn_isRejected() {
        // CVE-2020-0601: a curve that has the name's field and another generator or equation.
        ECPublicKey good = (ECPublicKey) TestKeys.ec("secp256r1").getPublic();
        ECParameterSpec p256 = good.getParams();
        EllipticCurve curve = p256.getCurve();
        EllipticCurve otherB =
                new EllipticCurve(curve.getField(), curve.getA(), curve.getB().add(BigInteger.ONE));
        for (ECParameterSpec other : List.of(
                new ECParameterSpec(curve, good.getW(), p256.getOrder(), 1),
                new ECParameterSpec(otherB, p256.getGenerator(), p256.getOrder(), 1),
                new ECParameterSpec(curve, p256.getGenerator(), p256.getOrder(), 2),
                new ECParameterSpec(curve, p256.getGenerator(), p256.getOrder().subtract(BigInteger.TWO), 1))) {
            assertRefused(
                    Algorithm.ES256,
                    TestKeys.ec(other, good.getW().getAffineX(), good.getW().getAffineY()),
                    "curve");
        }
    }

    @Test
    void of_ecPrivateScalarOutOfRange_isRejected() {
        KeyPair pair = TestKeys.ec("secp256r1");
        var good = (java.security.interfaces.ECPrivateKey) pair.getPrivate();
        for (BigInteger scalar : List.of(
                BigInteger.ZERO,
                good.getParams().getOrder(),
                good.getS().add(good.getParams().getOrder()))) {
            assertThatThrownBy(() -> SigningKey.of(Algorithm.ES256, scalar(good, scalar), pair.getPublic()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("group's order");
        }
    }

    private static java.security.interfaces.ECPrivateKey scalar(
            java.security.interfaces.ECPrivateKey like, BigInteger s) {
        return new java.security.interfaces.ECPrivateKey() {
            @Override
            public BigInteger getS() {
                return s;
            }

            @Override
            public ECParameterSpec getParams() {
                return like.getParams();
            }

            @Override
            public String getAlgorithm() {
                return "EC";
            }

            @Override
            public String getFormat() {
                return "PKCS#8";
            }

            @Override
            public byte[] getEncoded() {
                return like.getEncoded();
            }
        };
    }

    // ---- Ed25519
    // -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Every point of small order, then every other spelling of one.
                "0100000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                // Beyond the field, and off the curve.
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0200000000000000000000000000000000000000000000000000000000000000",
                // Too short and too long.
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a00"
            })
    void of_ed25519PointThatIsNotOfPrimeOrder_isRejected(String point) {
        byte[] bytes = HEX.parseHex(point);
        byte[] spki = TestKeys.concat(
                new byte[] {
                    0x30, (byte) (bytes.length + 10), 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, (byte) (bytes.length + 1), 0
                },
                bytes);
        assertRefused(Algorithm.ED25519, new TestKeys.Encoded("Ed25519", spki), "prime order");
    }

    @Test
    void of_ed25519PointOfMixedOrder_isRejected() {
        byte[] good = Arrays.copyOfRange(TestKeys.ed25519().getPublic().getEncoded(), 12, 44);
        byte[] order8 = HEX.parseHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
        assertRefused(Algorithm.ED25519, TestKeys.ed25519(Edwards.add(good, order8)), "prime order");
        // The sum is right: eight times order 8 leads back.
        byte[] sum = good;
        for (int i = 0; i < 8; i++) {
            sum = Edwards.add(sum, order8);
        }
        assertThat(sum).isEqualTo(good);
    }

    /** Affine arithmetic on the curve of RFC 8032, 5.1, slow and only for tests. */
    private static final class Edwards {
        static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
        static final BigInteger D = BigInteger.valueOf(-121665)
                .multiply(BigInteger.valueOf(121666).modInverse(P))
                .mod(P);

        static byte[] add(byte[] a, byte[] b) {
            BigInteger y1 = y(a);
            BigInteger y2 = y(b);
            BigInteger x1 = x(a);
            BigInteger x2 = x(b);
            BigInteger k = D.multiply(x1).multiply(x2).multiply(y1).multiply(y2).mod(P);
            BigInteger x3 = x1.multiply(y2)
                    .add(x2.multiply(y1))
                    .multiply(BigInteger.ONE.add(k).modInverse(P))
                    .mod(P);
            BigInteger y3 = y1.multiply(y2)
                    .add(x1.multiply(x2))
                    .multiply(BigInteger.ONE.subtract(k).modInverse(P))
                    .mod(P);
            byte[] out = TestKeys.littleEndian(y3, 32);
            out[31] |= (byte) (x3.testBit(0) ? 0x80 : 0);
            return out;
        }

        private static BigInteger y(byte[] point) {
            return TestKeys.fromLittleEndian(point).clearBit(255);
        }

        private static BigInteger x(byte[] point) {
            BigInteger yy = y(point).pow(2).mod(P);
            BigInteger square = yy.subtract(BigInteger.ONE)
                    .multiply(D.multiply(yy).add(BigInteger.ONE).modInverse(P))
                    .mod(P);
            BigInteger x = square.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
            if (!x.multiply(x).mod(P).equals(square)) {
                x = x.multiply(BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P))
                        .mod(P);
            }
            boolean odd = (point[31] & 0x80) != 0;
            return x.testBit(0) == odd ? x : P.subtract(x);
        }
    }

    // ---- wrong types
    // -------------------------------------------------------------------------------------------------

    @Test
    void of_keyOfAnotherType_isRejected() {
        List<PublicKey> keys = List.of(
                TestKeys.rsa().getPublic(),
                TestKeys.ec("secp256r1").getPublic(),
                TestKeys.ed25519().getPublic(),
                TestKeys.generate("X25519", null).getPublic(),
                TestKeys.generate("Ed448", null).getPublic(),
                TestKeys.signing(Algorithm.ML_DSA_44)
                        .verificationKey()
                        .publicKey()
                        .orElseThrow());
        int refused = 0;
        for (Algorithm algorithm : Algorithm.values()) {
            for (PublicKey key : keys) {
                try {
                    create(algorithm, key);
                } catch (IllegalArgumentException e) {
                    refused++;
                }
            }
        }
        // Accepted are RSA with nine algorithms, P-256 with five, X25519 with four, Ed25519 and ML-DSA-44 with one
        // each.
        assertThat(refused).isEqualTo(Algorithm.values().length * keys.size() - 9 - 5 - 4 - 2);
    }

    @Test
    void of_keyForAnotherUse_isRejected() {
        assertThatThrownBy(() -> VerificationKey.of(
                        Algorithm.RSA_OAEP_256, TestKeys.rsa().getPublic()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> EncryptionKey.of(Algorithm.RS256, TestKeys.rsa().getPublic()))
                .isInstanceOf(IllegalArgumentException.class);
        SecretBytes secret = SecretBytes.random(32);
        assertThatThrownBy(() -> VerificationKey.hmac(Algorithm.A256KW, secret))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VerificationKey.hmac(Algorithm.ES256, secret))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SigningKey.hmac(Algorithm.RS256, secret)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DecryptionKey.secret(Algorithm.HS256, secret))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DecryptionKey.secret(Algorithm.RSA_OAEP_256, secret))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SigningKey.generate(Algorithm.A256KW)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DecryptionKey.generate(Algorithm.ES256)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void of_halvesOfDifferentKeys_areRejected() {
        for (Algorithm algorithm : TestKeys.signatureAlgorithms()) {
            if (!algorithm.isSymmetric()) {
                var privateKey =
                        TestKeys.signing(algorithm).dangerousPrivateKey().orElseThrow();
                var publicKey = TestKeys.anotherSigning(algorithm)
                        .verificationKey()
                        .publicKey()
                        .orElseThrow();
                assertThatThrownBy(() -> SigningKey.of(algorithm, privateKey, publicKey))
                        .as(algorithm.joseName())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("do not belong together");
            }
        }
    }

    // ---- secrets
    // -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"HS256", "HS384", "HS512"})
    void hmac_secretShorterThanTheHash_isRejected(Algorithm algorithm) {
        for (int length : new int[] {0, 1, 16, algorithm.length - 1}) {
            assertThatThrownBy(() -> SigningKey.hmac(algorithm, SecretBytes.random(length)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least " + algorithm.length);
            assertThatThrownBy(() -> VerificationKey.hmac(algorithm, SecretBytes.random(length)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        SigningKey.hmac(algorithm, SecretBytes.random(algorithm.length));
        SigningKey.hmac(algorithm, SecretBytes.random(1000));
    }

    @Test
    void secret_notExactlyTheKeyLength_isRejected() {
        for (int length : new int[] {0, 16, 31, 33, 64}) {
            assertThatThrownBy(() -> DecryptionKey.secret(Algorithm.A256KW, SecretBytes.random(length)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> EncryptionKey.secret(Algorithm.A256KW, SecretBytes.random(length)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> TokenizationKey.of(SecretBytes.random(length)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void secret_ofOneRepeatedByte_isRejected() {
        for (byte b : new byte[] {0, 'a', -1}) {
            byte[] bytes = new byte[32];
            Arrays.fill(bytes, b);
            SecretBytes secret = SecretBytes.copyOf(bytes);
            assertThatThrownBy(() -> SigningKey.hmac(Algorithm.HS256, secret))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> TokenizationKey.of(secret)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void hmac_publicKeyAsSecret_isRejected() throws Exception {
        var certificate = TestCertificates.selfSigned(TestKeys.ec("secp256r1"), "SHA256withECDSA");
        String pem =
                VerificationKey.of(Algorithm.RS256, TestKeys.rsa().getPublic()).toPem();
        for (byte[] secret : List.of(
                TestKeys.rsa().getPublic().getEncoded(),
                TestKeys.ec("secp256r1").getPublic().getEncoded(),
                TestKeys.ed25519().getPublic().getEncoded(),
                certificate.getEncoded(),
                pem.getBytes(StandardCharsets.US_ASCII),
                ("\r\n \t" + pem).getBytes(StandardCharsets.US_ASCII),
                Pem.encode("CERTIFICATE", certificate.getEncoded()).getBytes(StandardCharsets.US_ASCII),
                ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ" + "C".repeat(64)).getBytes(StandardCharsets.US_ASCII),
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJrQLj5P/89iXES9+vFgrI".getBytes(StandardCharsets.US_ASCII),
                ("ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY" + "B".repeat(64))
                        .getBytes(StandardCharsets.US_ASCII))) {
            assertThatThrownBy(() -> SigningKey.hmac(Algorithm.HS256, SecretBytes.copyOf(secret)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("encoded key");
        }
        // A secret that only starts like DER is none.
        byte[] sequence = SecretBytes.random(64).dangerousToByteArray();
        sequence[0] = 0x30;
        SigningKey.hmac(Algorithm.HS256, SecretBytes.copyOf(sequence));
    }

    private static BigInteger modulus() {
        return ((RSAPublicKey) TestKeys.rsa().getPublic()).getModulus();
    }

    private static KeyPair bouncyCastle(String curve) {
        try {
            var generator = java.security.KeyPairGenerator.getInstance("EC", Providers.bouncyCastle());
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Key create(Algorithm algorithm, PublicKey key) {
        return algorithm.use() == KeyUse.ENCRYPT
                ? EncryptionKey.of(algorithm, key)
                : VerificationKey.of(algorithm, key);
    }

    private static void assertRefused(Algorithm algorithm, PublicKey key, String message) {
        assertThatThrownBy(() -> create(algorithm, key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
