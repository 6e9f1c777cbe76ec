// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import com.google.errorprone.annotations.CheckReturnValue;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key that encrypts with one algorithm: a recipient's public key, or a shared secret. Immutable and thread-safe.
 *
 * <pre>{@code
 * EncryptionKey partner =
 *         EncryptionKey.of(Algorithm.RSA_OAEP_256, publicKey).withId("partner-1");
 * JweEncrypter encrypter = JweEncrypter.builder(partner).build();
 * }</pre>
 *
 * <p><b>Security properties.</b> Weak keys are refused when this is built: RSA as by {@link VerificationKey}, EC points
 * off the curves P-256, P-384 and P-521, and secrets that have not the length of their algorithm.
 */
@CheckReturnValue
public final class EncryptionKey implements Key {
    private final KeyInfo info;
    private final @Nullable PublicKey publicKey;
    private final @Nullable SecretBytes secret;

    private EncryptionKey(KeyInfo info, @Nullable PublicKey publicKey, @Nullable SecretBytes secret) {
        this.info = info;
        this.publicKey = publicKey;
        this.secret = secret;
    }

    /**
     * A recipient's public key, whose id is its RFC 7638 thumbprint.
     *
     * @throws IllegalArgumentException if the key is weak or of another type than the algorithm
     */
    public static EncryptionKey of(Algorithm algorithm, PublicKey key) {
        VerificationKey.requireUse(algorithm, KeyUse.ENCRYPT);
        KeyChecks.checkPublic(algorithm, key);
        return new EncryptionKey(KeyInfo.of(Thumbprint.of(algorithm, key), algorithm), key, null);
    }

    /** A shared secret of exactly the algorithm's key length, with a random id. */
    public static EncryptionKey secret(Algorithm algorithm, SecretBytes secret) {
        VerificationKey.requireUse(algorithm, KeyUse.ENCRYPT);
        KeyChecks.checkSecret(algorithm, secret);
        return new EncryptionKey(KeyInfo.of(KeyInfo.randomId(), algorithm), null, secret);
    }

    /** The public key; empty for a shared secret. */
    public Optional<PublicKey> publicKey() {
        return Optional.ofNullable(publicKey);
    }

    /** The shared secret; empty for a public key. */
    public Optional<SecretBytes> dangerousSecret() {
        return Optional.ofNullable(secret);
    }

    @Override
    public String id() {
        return info.id();
    }

    @Override
    public Algorithm algorithm() {
        return info.algorithm();
    }

    @Override
    public KeyStatus status() {
        return info.status();
    }

    @Override
    public Optional<Instant> notBefore() {
        return Optional.ofNullable(info.notBefore());
    }

    @Override
    public Optional<Instant> notAfter() {
        return Optional.ofNullable(info.notAfter());
    }

    @Override
    public EncryptionKey withId(String id) {
        return new EncryptionKey(info.withId(id), publicKey, secret);
    }

    @Override
    public EncryptionKey withStatus(KeyStatus status) {
        return new EncryptionKey(info.withStatus(status), publicKey, secret);
    }

    @Override
    public EncryptionKey withValidity(@Nullable Instant notBefore, @Nullable Instant notAfter) {
        return new EncryptionKey(info.withValidity(notBefore, notAfter), publicKey, secret);
    }

    @Override
    public String toString() {
        return info.describe("EncryptionKey");
    }
}
