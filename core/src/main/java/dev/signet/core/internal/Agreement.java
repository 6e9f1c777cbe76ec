// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import dev.signet.core.DecryptionKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.internal.base.ObjectPool;
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
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;

/**
 * Diffie-Hellman on the curve of one key: P-256, P-384, P-521 or X25519.
 *
 * <p>A point of another party is to be used only if it is on that very curve (CVE-2017-16007), which {@link #isOnCurve} tells
 * and {@link #secret} does not; a shared secret comes out only if it is not all zeros (RFC 7748, 6.1). Immutable and
 * thread-safe.
 */
public final class Agreement {
    private static final String X25519 = "X25519";
    private static final int X25519_BYTES = 32;
    /** RFC 8410, 4: what comes before the 32 bytes in a SubjectPublicKeyInfo. */
    private static final byte[] X25519_SPKI = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00};

    private final int bits;
    /** Null for X25519. */
    private final @Nullable ECParameterSpec parameters;

    private final PublicKey publicKey;
    private final Provider provider;
    private final ObjectPool<KeyPairGenerator> generators = new ObjectPool<>(this::generator);

    private Agreement(int bits, @Nullable ECParameterSpec parameters, PublicKey publicKey, Provider provider) {
        this.bits = bits;
        this.parameters = parameters;
        this.provider = provider;
        this.publicKey = ProviderKeys.translate(publicKey, keyType(), provider);
    }

    /** @param key checked by core: on its curve, whose parameters are the standard's */
    public static Agreement of(PublicKey key, Provider provider) {
        if (!(key instanceof ECPublicKey ec)) {
            return new Agreement(X25519_BYTES * Byte.SIZE, null, key, provider);
        }
        return new Agreement(ec.getParams().getCurve().getField().getFieldSize(), ec.getParams(), key, provider);
    }

    public boolean isX25519() {
        return parameters == null;
    }

    /** Of the field: 256, 384 or 521. */
    public int bits() {
        return bits;
    }

    /** Bytes of a coordinate. */
    public int length() {
        return (bits + Byte.SIZE - 1) / Byte.SIZE;
    }

    public Provider provider() {
        return provider;
    }

    /** A private key on this curve, which is not a handle, for {@link #secret}. */
    public PrivateKey translate(PrivateKey key) {
        return ProviderKeys.translate(key, keyType(), provider);
    }

    // ---- secrets ---------------------------------------------------------------------------------------------------

    /** A fresh pair of keys on this curve. */
    public KeyPair ephemeral() {
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
                generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
            }
            return generator;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the provider makes no keys on the curve", e);
        }
    }

    /** The secret shared with the key of this object; the caller wipes it. */
    public byte[] secretWith(PrivateKey ephemeral) throws GeneralSecurityException {
        return secret(ephemeral, publicKey, provider);
    }

    /**
     * The secret shared with another party; the caller wipes it.
     *
     * @param own by {@link #translate}
     * @param other by {@link #publicKey}
     */
    public byte[] secret(PrivateKey own, PublicKey other) throws GeneralSecurityException {
        return secret(own, other, provider);
    }

    /**
     * The same with a handle, which belongs to the provider that made it, which the platform finds. What fails may be the
     * other's key, which is a stranger's to choose, or the handle, whose session has ended. The handle's agreement with its own
     * public key tells which; a dead one is fetched anew.
     *
     * @throws UnavailableException if the handle does not work, nor another one
     */
    public byte[] secretOfHandle(DecryptionKey key, PublicKey other) throws GeneralSecurityException {
        PrivateKey handle = key.dangerousPrivateKey().orElseThrow();
        try {
            return secret(handle, other, null);
        } catch (GeneralSecurityException | RuntimeException e) {
            if (isAlive(handle)) {
                throw e;
            }
        }
        PrivateKey fresh = Keys.renewHandle(key, handle);
        if (!isAlive(fresh)) {
            throw new UnavailableException("the handle of the key " + key.id() + " does not work");
        }
        return secret(fresh, other, null);
    }

    private boolean isAlive(PrivateKey handle) {
        try {
            Arrays.fill(secret(handle, publicKey, null), (byte) 0);
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    private byte[] secret(PrivateKey own, PublicKey other, @Nullable Provider by) throws GeneralSecurityException {
        String name = parameters == null ? X25519 : "ECDH";
        KeyAgreement agreement = by == null ? KeyAgreement.getInstance(name) : KeyAgreement.getInstance(name, by);
        agreement.init(own);
        agreement.doPhase(other, true);
        byte[] z = agreement.generateSecret();
        requireContribution(z);
        return z;
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

    // ---- public keys as bytes --------------------------------------------------------------------------------------

    /** A coordinate as exactly as many bytes as the field has (SEC 1, 2.3.5). */
    public byte[] coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[length()];
        int size = Math.min(bytes.length, fixed.length);
        System.arraycopy(bytes, bytes.length - size, fixed, fixed.length - size, size);
        return fixed;
    }

    /** The 32 bytes of a key of X25519 (RFC 7748, 5). */
    public static byte[] x25519(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - X25519_BYTES, encoded.length);
    }

    /** The same out of a SubjectPublicKeyInfo; null if it is not one, or not for X25519, or not in DER. */
    public static byte @Nullable [] x25519(byte[] subjectPublicKeyInfo) {
        int start = X25519_SPKI.length;
        return subjectPublicKeyInfo.length == start + X25519_BYTES
                        && Arrays.mismatch(subjectPublicKeyInfo, X25519_SPKI) == start
                ? Arrays.copyOfRange(subjectPublicKeyInfo, start, start + X25519_BYTES)
                : null;
    }

    /** Whether both coordinates are in the field and the point is on this curve; false for X25519, which has no points. */
    public boolean isOnCurve(ECPoint point) {
        if (parameters == null) {
            return false;
        }
        BigInteger p = ((ECFieldFp) parameters.getCurve().getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        if (x.signum() < 0 || y.signum() < 0 || x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
            return false;
        }
        BigInteger right = x.multiply(x)
                .add(parameters.getCurve().getA())
                .multiply(x)
                .add(parameters.getCurve().getB())
                .mod(p);
        return y.multiply(y).mod(p).equals(right);
    }

    /** @param point on the curve */
    public PublicKey publicKey(ECPoint point) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC", provider).generatePublic(new ECPublicKeySpec(point, parameters));
    }

    /** @param u 32 bytes of X25519 */
    public PublicKey publicKey(byte[] u) throws GeneralSecurityException {
        byte[] encoded = Arrays.copyOf(X25519_SPKI, X25519_SPKI.length + X25519_BYTES);
        System.arraycopy(u, 0, encoded, X25519_SPKI.length, X25519_BYTES);
        return KeyFactory.getInstance(X25519, provider).generatePublic(new X509EncodedKeySpec(encoded));
    }

    private String keyType() {
        return parameters == null ? X25519 : "EC";
    }
}
