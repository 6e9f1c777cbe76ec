// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A key that decrypts with one algorithm: a private key, which may be a handle into an HSM, or a shared secret. Immutable
 * and thread-safe.
 */
public final class DecryptionKey implements Key {
    private final @Nullable PrivateKeySource keys;
    private final EncryptionKey encryptionKey;

    private DecryptionKey(@Nullable PrivateKeySource keys, EncryptionKey encryptionKey) {
        this.keys = keys;
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
        return new DecryptionKey(PrivateKeySource.of(privateKey), encryptionKey);
    }

    /**
     * A handle to a private key in an HSM, which is fetched anew when it stops working, as it does when its session ends.
     *
     * @param source fetches the handle, and may log in to do so: now, and after a failure, at most once in 100 ms and up to
     *     10 s while that does not help
     * @throws IllegalArgumentException if the public key is weak or of another type than the algorithm
     * @throws UnavailableException if the source fails or gives null
     */
    public static DecryptionKey handle(
            Algorithm algorithm, Supplier<? extends PrivateKey> source, PublicKey publicKey) {
        PrivateKeySource keys = PrivateKeySource.of(source);
        return new DecryptionKey(keys, of(algorithm, keys.current(), publicKey).encryptionKey);
    }

    /** A shared secret of exactly the algorithm's key length, with a random id. */
    public static DecryptionKey secret(Algorithm algorithm, SecretBytes secret) {
        return new DecryptionKey(null, EncryptionKey.secret(algorithm, secret));
    }

    /** The key that encrypts for this one, with the same id, status and validity. */
    public EncryptionKey encryptionKey() {
        return encryptionKey;
    }

    /** The private key; empty for a shared secret. A handle is the one that is in use now. */
    public Optional<PrivateKey> dangerousPrivateKey() {
        return Optional.ofNullable(keys).map(PrivateKeySource::current);
    }

    /**
     * What to use instead of a handle that failed: another one, if this key knows where to fetch it.
     *
     * @throws UnavailableException if there is none now, or the last attempt is too short ago
     * @throws IllegalStateException for a shared secret
     */
    PrivateKey renewHandle(PrivateKey failed) {
        if (keys == null) {
            throw new IllegalStateException("a shared secret has no handle");
        }
        return keys.renew(failed, new UnavailableException("the handle of the key " + id() + " does not work"));
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
        return new DecryptionKey(keys, encryptionKey.withId(id));
    }

    @Override
    public DecryptionKey withStatus(KeyStatus status) {
        return new DecryptionKey(keys, encryptionKey.withStatus(status));
    }

    @Override
    public DecryptionKey withValidity(@Nullable Instant notBefore, @Nullable Instant notAfter) {
        return new DecryptionKey(keys, encryptionKey.withValidity(notBefore, notAfter));
    }

    @Override
    public String toString() {
        return "DecryptionKey[" + algorithm().joseName() + ", id=" + id() + ", " + status() + "]";
    }
}
