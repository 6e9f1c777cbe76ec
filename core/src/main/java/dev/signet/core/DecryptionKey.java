// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key that decrypts with one algorithm: a private key, which may be a handle into an HSM, or a shared secret. Immutable
 * and thread-safe.
 */
public final class DecryptionKey implements Key {
    private final @Nullable PrivateKey privateKey;
    private final EncryptionKey encryptionKey;

    private DecryptionKey(@Nullable PrivateKey privateKey, EncryptionKey encryptionKey) {
        this.privateKey = privateKey;
        this.encryptionKey = encryptionKey;
    }

    /** A fresh key: RSA with 3072 bits, ECDH on P-256, or a random secret. */
    public static DecryptionKey generate(Algorithm algorithm) {
        VerificationKey.requireUse(algorithm, KeyUse.ENCRYPT);
        if (algorithm.isSymmetric()) {
            return secret(algorithm, SecretBytes.random(algorithm.length));
        }
        KeyPair pair = SigningKey.generatePair(algorithm, "secp256r1", Providers.automatic());
        return of(algorithm, pair.getPrivate(), pair.getPublic());
    }

    /**
     * A private key, with or without an encoding, and its public key.
     *
     * @throws IllegalArgumentException if the key is weak, of another type than the algorithm, or the halves do not match
     */
    public static DecryptionKey of(Algorithm algorithm, PrivateKey privateKey, PublicKey publicKey) {
        EncryptionKey encryptionKey = EncryptionKey.of(algorithm, publicKey);
        if (privateKey.getEncoded() != null
                && !KeyCodec.sameKey(publicKey, KeyCodec.derivePublic(algorithm, privateKey))) {
            throw new IllegalArgumentException("the private and the public key do not belong together");
        }
        return new DecryptionKey(privateKey, encryptionKey);
    }

    /** A shared secret of exactly the algorithm's key length, with a random id. */
    public static DecryptionKey secret(Algorithm algorithm, SecretBytes secret) {
        return new DecryptionKey(null, EncryptionKey.secret(algorithm, secret));
    }

    /** The key that encrypts for this one, with the same id, status and validity. */
    public EncryptionKey encryptionKey() {
        return encryptionKey;
    }

    /** The private key; empty for a shared secret. */
    public Optional<PrivateKey> dangerousPrivateKey() {
        return Optional.ofNullable(privateKey);
    }

    /** The shared secret; empty for a private key. */
    public Optional<SecretBytes> dangerousSecret() {
        return encryptionKey.dangerousSecret();
    }

    @Override
    public String id() {
        return encryptionKey.id();
    }

    @Override
    public Algorithm algorithm() {
        return encryptionKey.algorithm();
    }

    @Override
    public KeyStatus status() {
        return encryptionKey.status();
    }

    @Override
    public Optional<Instant> notBefore() {
        return encryptionKey.notBefore();
    }

    @Override
    public Optional<Instant> notAfter() {
        return encryptionKey.notAfter();
    }

    @Override
    public DecryptionKey withId(String id) {
        return new DecryptionKey(privateKey, encryptionKey.withId(id));
    }

    @Override
    public DecryptionKey withStatus(KeyStatus status) {
        return new DecryptionKey(privateKey, encryptionKey.withStatus(status));
    }

    @Override
    public DecryptionKey withValidity(@Nullable Instant notBefore, @Nullable Instant notAfter) {
        return new DecryptionKey(privateKey, encryptionKey.withValidity(notBefore, notAfter));
    }

    @Override
    public String toString() {
        return "DecryptionKey[" + algorithm().joseName() + ", id=" + id() + ", " + status() + "]";
    }
}
