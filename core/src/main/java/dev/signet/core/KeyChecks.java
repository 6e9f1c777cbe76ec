// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Refuses keys that cannot be safe, where they enter the library. */
final class KeyChecks {
    private static final int MIN_RSA_BITS = 2048;
    /** Larger moduli are only good for exhausting a verifier. */
    private static final int MAX_RSA_BITS = 16384;

    /** NIST SP 800-63B, 5.1.1.1. */
    private static final int MIN_PASSWORD_BYTES = 8;

    private static final int[] ROCA_PRIMES = {
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
        113, 127, 131, 137, 139, 149, 151, 157, 163, 167
    };

    private static final List<String> PUBLIC_KEY_STARTS = List.of("-----BEGIN", "ssh-", "ecdsa-sha2-");

    private KeyChecks() {}

    static void checkPublic(Algorithm algorithm, PublicKey key) {
        switch (algorithm.family) {
            case RSA_PKCS1, RSA_PSS, RSA_OAEP -> checkRsa(algorithm, key);
            case ECDSA -> checkEc(algorithm, key, List.of(curve(algorithm)));
            case ECDH -> {
                if (key instanceof ECPublicKey) {
                    checkEc(algorithm, key, List.of("secp256r1", "secp384r1", "secp521r1"));
                } else {
                    checkEncodedName(algorithm, key, "1.3.101.110");
                }
            }
            case EDDSA -> checkEd25519(algorithm, key);
            case ML_DSA -> checkEncodedName(algorithm, key, mlDsaOid(algorithm));
            case HMAC, AES_WRAP, PASSWORD, CONTENT, DERIVATION ->
                throw new IllegalArgumentException(algorithm.joseName() + " has no public keys");
        }
    }

    static void checkPrivate(PrivateKey key) {
        if (key instanceof RSAPrivateCrtKey rsa) {
            checkRsaPrivate(rsa);
        } else if (key instanceof ECPrivateKey ec
                && (ec.getS().signum() <= 0
                        || ec.getS().compareTo(ec.getParams().getOrder()) >= 0)) {
            throw new IllegalArgumentException("the EC private key is not between 0 and its group's order");
        }
    }

    static void checkSecret(Algorithm algorithm, SecretBytes secret) {
        if (!algorithm.isSymmetric()) {
            throw new IllegalArgumentException(algorithm.joseName() + " takes no shared secret");
        }
        int least = algorithm.isPasswordBased() ? MIN_PASSWORD_BYTES : algorithm.length;
        boolean exact = algorithm.family != Algorithm.Family.HMAC && !algorithm.isPasswordBased();
        if (exact ? secret.length() != least : secret.length() < least) {
            throw new IllegalArgumentException(algorithm.joseName() + " needs a key of "
                    + (exact ? "exactly " : "at least ") + least + " bytes, this one has " + secret.length());
        }
        byte[] bytes = secret.dangerousToByteArray();
        int or = 0;
        try {
            checkNoPublicKey(bytes);
            for (byte b : bytes) {
                or |= b ^ bytes[0];
            }
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        if (or == 0) {
            throw new IllegalArgumentException("a secret of one repeated byte is no secret");
        }
    }

    static String curve(Algorithm algorithm) {
        return switch (algorithm) {
            case ES256 -> "secp256r1";
            case ES384 -> "secp384r1";
            case ES512 -> "secp521r1";
            default -> throw new IllegalArgumentException(algorithm.joseName() + " has no curve");
        };
    }

    static ECParameterSpec curveParameters(String name) {
        try {
            AlgorithmParameters parameters = ecParameters();
            parameters.init(new ECGenParameterSpec(name));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform lacks " + name, e);
        }
    }

    /** Of the platform, or of Bouncy Castle where the platform's provider was taken out. */
    private static AlgorithmParameters ecParameters() throws NoSuchAlgorithmException {
        try {
            return AlgorithmParameters.getInstance("EC");
        } catch (NoSuchAlgorithmException e) {
            return AlgorithmParameters.getInstance("EC", Providers.bouncyCastle());
        }
    }

    static boolean isCurve(ECParameterSpec spec, String name) {
        ECParameterSpec expected = curveParameters(name);
        return spec.getCurve().getField().equals(expected.getCurve().getField())
                && spec.getCurve().getA().equals(expected.getCurve().getA())
                && spec.getCurve().getB().equals(expected.getCurve().getB())
                && spec.getGenerator().equals(expected.getGenerator())
                && spec.getOrder().equals(expected.getOrder())
                && spec.getCofactor() == expected.getCofactor();
    }

    private static void checkRsa(Algorithm algorithm, PublicKey key) {
        if (!(key instanceof RSAPublicKey rsa)) {
            throw wrongType(algorithm);
        }
        int bits = rsa.getModulus().bitLength();
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
            throw new IllegalArgumentException(
                    "RSA keys have " + MIN_RSA_BITS + " to " + MAX_RSA_BITS + " bits, this one has " + bits);
        }
        BigInteger exponent = rsa.getPublicExponent();
        if (exponent.compareTo(BigInteger.valueOf(3)) < 0
                || !exponent.testBit(0)
                || exponent.compareTo(rsa.getModulus()) >= 0) {
            throw new IllegalArgumentException("the RSA public exponent must be odd, at least 3 and below the modulus");
        }
        if (!rsa.getModulus().testBit(0)) {
            throw new IllegalArgumentException("the RSA modulus is even");
        }
        if (isRoca(rsa.getModulus())) {
            throw new IllegalArgumentException("the RSA key has the structure of CVE-2017-15361 (ROCA)");
        }
    }

    /** RFC 8017, 3.2: a signature made by the CRT with one wrong part gives the factors of the modulus away. */
    private static void checkRsaPrivate(RSAPrivateCrtKey key) {
        BigInteger p = key.getPrimeP();
        BigInteger q = key.getPrimeQ();
        BigInteger d = key.getPrivateExponent();
        boolean consistent = p.compareTo(BigInteger.TWO) > 0
                && q.compareTo(BigInteger.TWO) > 0
                && p.multiply(q).equals(key.getModulus())
                && isExponent(d, key.getPrimeExponentP(), p, key.getPublicExponent())
                && isExponent(d, key.getPrimeExponentQ(), q, key.getPublicExponent())
                && q.multiply(key.getCrtCoefficient()).mod(p).equals(BigInteger.ONE);
        if (!consistent) {
            throw new IllegalArgumentException("the parts of the RSA private key do not fit each other");
        }
    }

    private static boolean isExponent(BigInteger d, BigInteger reduced, BigInteger prime, BigInteger e) {
        BigInteger order = prime.subtract(BigInteger.ONE);
        return reduced.signum() > 0
                && reduced.compareTo(order) < 0
                && d.mod(order).equals(reduced)
                && e.multiply(reduced).mod(order).equals(BigInteger.ONE);
    }

    /** The modulus of a vulnerable key is a power of 65537 modulo every small prime. */
    private static boolean isRoca(BigInteger modulus) {
        for (int prime : ROCA_PRIMES) {
            int residue = modulus.mod(BigInteger.valueOf(prime)).intValue();
            int power = 1;
            boolean found = false;
            do {
                found |= power == residue;
                power = power * (65537 % prime) % prime;
            } while (power != 1);
            if (!found) {
                return false;
            }
        }
        return true;
    }

    private static void checkEc(Algorithm algorithm, PublicKey key, List<String> curves) {
        if (!(key instanceof ECPublicKey ec)) {
            throw wrongType(algorithm);
        }
        if (curves.stream().noneMatch(name -> isCurve(ec.getParams(), name))) {
            throw new IllegalArgumentException("the EC key is not on the curve of " + algorithm.joseName());
        }
        // Invalid-curve attacks (CVE-2017-16007) feed points that satisfy another equation.
        ECPoint w = ec.getW();
        BigInteger p = ((ECFieldFp) ec.getParams().getCurve().getField()).getP();
        if (w.equals(ECPoint.POINT_INFINITY) || !inField(w.getAffineX(), p) || !inField(w.getAffineY(), p)) {
            throw new IllegalArgumentException("the EC key's point is not on its curve");
        }
        BigInteger x = w.getAffineX();
        BigInteger left = w.getAffineY().pow(2).mod(p);
        BigInteger right = x.pow(3)
                .add(ec.getParams().getCurve().getA().multiply(x))
                .add(ec.getParams().getCurve().getB())
                .mod(p);
        if (!left.equals(right)) {
            throw new IllegalArgumentException("the EC key's point is not on its curve");
        }
    }

    private static boolean inField(BigInteger value, BigInteger p) {
        return value.signum() >= 0 && value.compareTo(p) < 0;
    }

    private static void checkEd25519(Algorithm algorithm, PublicKey key) {
        SubjectPublicKeyInfo info = checkEncodedName(algorithm, key, "1.3.101.112");
        byte[] point = info.getPublicKeyData().getBytes();
        // Full validation: canonical, on the curve, and in the prime-order group, so no small or mixed order.
        if (point.length != 32 || !Ed25519.validatePublicKeyFull(point, 0)) {
            throw new IllegalArgumentException("the Ed25519 key is not a point of prime order");
        }
    }

    private static SubjectPublicKeyInfo checkEncodedName(Algorithm algorithm, PublicKey key, String oid) {
        byte[] encoded = key.getEncoded();
        if (encoded == null) {
            throw new IllegalArgumentException("the public key has no encoding");
        }
        SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(encoded);
        if (!info.getAlgorithm().getAlgorithm().getId().equals(oid)) {
            throw wrongType(algorithm);
        }
        return info;
    }

    private static String mlDsaOid(Algorithm algorithm) {
        return "2.16.840.1.101.3.4.3."
                + switch (algorithm) {
                    case ML_DSA_44 -> "17";
                    case ML_DSA_65 -> "18";
                    case ML_DSA_87 -> "19";
                    default -> throw new IllegalArgumentException(algorithm.joseName());
                };
    }

    /** A public key or certificate used as an HMAC secret is an old way to forge (CVE-2016-10555, CVE-2025-48994). */
    private static void checkNoPublicKey(byte[] secret) {
        String start = new String(secret, 0, Math.min(secret.length, 64), java.nio.charset.StandardCharsets.ISO_8859_1);
        boolean looksPublic = PUBLIC_KEY_STARTS.stream().anyMatch(start.stripLeading()::startsWith);
        if (!looksPublic && secret[0] == 0x30) {
            looksPublic = parses(() -> SubjectPublicKeyInfo.getInstance(secret))
                    || parses(() -> org.bouncycastle.asn1.x509.Certificate.getInstance(secret));
        }
        if (looksPublic) {
            throw new IllegalArgumentException("the shared secret is an encoded key or certificate");
        }
    }

    private static boolean parses(java.util.function.Supplier<Object> parse) {
        try {
            return parse.get() != null;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static IllegalArgumentException wrongType(Algorithm algorithm) {
        return new IllegalArgumentException("not a key for " + algorithm.joseName());
    }
}
