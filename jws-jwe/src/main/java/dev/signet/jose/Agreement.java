// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.internal.ObjectPool;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.KeyAgreement;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Diffie-Hellman on the curve of one key: P-256, P-384, P-521 (RFC 7518, 6.2.1) or X25519 (RFC 8037, 3.2).
 *
 * <p>A point of another party is used only if it is on that very curve (CVE-2017-16007), and a shared secret only if it is
 * not all zeros (RFC 7748, 6.1). Immutable and thread-safe.
 */
final class Agreement {
    private static final String X25519 = "X25519";
    private static final int X25519_BYTES = 32;
    /** RFC 8410, 4: what comes before the 32 bytes in a SubjectPublicKeyInfo. */
    private static final byte[] X25519_SPKI = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00};

    /** The value of {@code crv}. */
    private final String curve;
    /** Of a coordinate. */
    private final int length;
    /** Null for X25519. */
    private final @Nullable ECParameterSpec parameters;

    private final PublicKey publicKey;
    private final Provider provider;
    private final ObjectPool<KeyPairGenerator> generators = new ObjectPool<>(this::generator);

    private Agreement(
            String curve, int length, @Nullable ECParameterSpec parameters, PublicKey publicKey, Provider provider) {
        this.curve = curve;
        this.length = length;
        this.parameters = parameters;
        this.provider = provider;
        this.publicKey = JweKeys.translate(publicKey, keyType(), provider);
    }

    /** @param key checked by core: on its curve, whose parameters are the standard's */
    static Agreement of(PublicKey key, Provider provider) {
        if (!(key instanceof ECPublicKey ec)) {
            return new Agreement(X25519, X25519_BYTES, null, key, provider);
        }
        int bits = ec.getParams().getCurve().getField().getFieldSize();
        return new Agreement("P-" + bits, (bits + 7) / 8, ec.getParams(), key, provider);
    }

    Provider provider() {
        return provider;
    }

    PrivateKey translate(PrivateKey key) {
        return JweKeys.translate(key, keyType(), provider);
    }

    KeyPair ephemeral() {
        KeyPairGenerator generator = generators.borrow();
        KeyPair pair = generator.generateKeyPair();
        generators.giveBack(generator);
        return pair;
    }

    /** By the curve's name, for which providers have their base point's multiples at hand. */
    private KeyPairGenerator generator() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(keyType(), provider);
            if (parameters != null) {
                generator.initialize(new ECGenParameterSpec(curve.replaceFirst("P-(\\d+)", "secp$1r1")));
            }
            return generator;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the provider makes no keys on " + curve, e);
        }
    }

    /** The secret shared with the key of this object. */
    SecretKey secretWith(PrivateKey ephemeral) throws GeneralSecurityException {
        return secret(ephemeral, publicKey, provider);
    }

    /** The secret that a message's ephemeral key gives; a handle's own provider works where {@code handle}. */
    SecretKey secret(PrivateKey own, boolean handle, PublicKey ephemeral) throws GeneralSecurityException {
        return secret(own, ephemeral, handle ? null : provider);
    }

    /** The public key as the value of {@code epk}. */
    String toJson(PublicKey key) {
        if (key instanceof ECPublicKey ec && parameters != null) {
            ECPoint point = ec.getW();
            return "{\"kty\":\"EC\",\"crv\":\"" + curve + "\",\"x\":\"" + coordinate(point.getAffineX()) + "\",\"y\":\""
                    + coordinate(point.getAffineY()) + "\"}";
        }
        byte[] encoded = key.getEncoded();
        byte[] u = Arrays.copyOfRange(encoded, encoded.length - X25519_BYTES, encoded.length);
        return "{\"kty\":\"OKP\",\"crv\":\"" + X25519 + "\",\"x\":\"" + Base64Url.encode(u) + "\"}";
    }

    /**
     * The public key in {@code epk}.
     *
     * @throws InvalidMessageException if it is no key of this curve by its members
     * @throws DecryptionException if its point is not on the curve
     */
    PublicKey fromJson(@Nullable Object epk) throws GeneralSecurityException {
        // RFC 7518, 4.6.1.1: only the public part, which must be enough.
        if (!(epk instanceof Map<?, ?> members)
                || !(parameters == null ? "OKP" : "EC").equals(members.get("kty"))
                || !curve.equals(members.get("crv"))
                || members.containsKey("d")) {
            throw InvalidMessageException.malformed("JWE: epk is not a public key on the recipient's curve");
        }
        byte[] x = coordinate(members, "x");
        if (parameters == null) {
            byte[] encoded = Arrays.copyOf(X25519_SPKI, X25519_SPKI.length + X25519_BYTES);
            System.arraycopy(x, 0, encoded, X25519_SPKI.length, X25519_BYTES);
            return KeyFactory.getInstance(X25519, provider).generatePublic(new X509EncodedKeySpec(encoded));
        }
        ECPoint point = new ECPoint(new BigInteger(1, x), new BigInteger(1, coordinate(members, "y")));
        if (!isOnCurve(point, parameters)) {
            throw new DecryptionException();
        }
        return KeyFactory.getInstance("EC", provider).generatePublic(new ECPublicKeySpec(point, parameters));
    }

    private String keyType() {
        return parameters == null ? X25519 : "EC";
    }

    private SecretKey secret(PrivateKey own, PublicKey other, @Nullable Provider by) throws GeneralSecurityException {
        String name = parameters == null ? X25519 : "ECDH";
        KeyAgreement agreement = by == null ? KeyAgreement.getInstance(name) : KeyAgreement.getInstance(name, by);
        agreement.init(own);
        agreement.doPhase(other, true);
        byte[] z = agreement.generateSecret();
        try {
            requireContribution(z);
            return new SecretKeySpec(z, "Z");
        } finally {
            Arrays.fill(z, (byte) 0);
        }
    }

    /** RFC 7748, 6.1 and RFC 8037, 5: a point of small order would make the secret known to everybody. */
    private static void requireContribution(byte[] z) throws InvalidKeyException {
        int or = 0;
        for (byte b : z) {
            or |= b;
        }
        if (or == 0) {
            throw new InvalidKeyException("the shared secret is zero");
        }
    }

    private static boolean isOnCurve(ECPoint point, ECParameterSpec parameters) {
        BigInteger p = ((ECFieldFp) parameters.getCurve().getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
            return false;
        }
        BigInteger right = x.multiply(x)
                .add(parameters.getCurve().getA())
                .multiply(x)
                .add(parameters.getCurve().getB())
                .mod(p);
        return y.multiply(y).mod(p).equals(right);
    }

    private byte[] coordinate(Map<?, ?> members, String name) {
        byte[] bytes = members.get(name) instanceof String text ? Base64Url.decode(text) : null;
        if (bytes == null || bytes.length != length) {
            throw InvalidMessageException.malformed("JWE: epk has no " + name + " of " + length + " bytes");
        }
        return bytes;
    }

    /** RFC 7518, 6.2.1.2: exactly as long as the field. */
    private String coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[length];
        int size = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - size, fixed, length - size, size);
        return Base64Url.encode(fixed);
    }
}
