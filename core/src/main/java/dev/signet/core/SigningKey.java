// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A key that makes signatures or MACs of one algorithm: private key material, a shared secret, or a handle to a key that
 * never leaves its HSM or KMS.
 *
 * <p><b>Security properties.</b> The public key is always known and passes the checks of {@link VerificationKey}; a private
 * key with an encoding must belong to it. The first signature of a key handle and every signature of a remote signer are
 * verified before they are returned, so that a mixed-up key is found by its owner. Only an active key signs.
 *
 * <p>Immutable and thread-safe.
 */
public final class SigningKey implements Key {
    private static final int GENERATED_RSA_BITS = 3072;

    private final Material material;
    private final VerificationKey verificationKey;
    private volatile @Nullable Bound engine;

    private SigningKey(Material material, VerificationKey verificationKey) {
        this.material = material;
        this.verificationKey = verificationKey;
    }

    /** A fresh key. RSA keys have 3072 bits; a shared secret is as long as its hash. */
    public static SigningKey generate(Algorithm algorithm) {
        if (algorithm.use() == KeyUse.MAC) {
            return hmac(algorithm, SecretBytes.random(algorithm.length));
        }
        VerificationKey.requireUse(algorithm, KeyUse.SIGN);
        KeyPair pair = generatePair(algorithm, null);
        return of(algorithm, pair.getPrivate(), pair.getPublic());
    }

    /**
     * A private key, with or without an encoding, and its public key.
     *
     * @throws IllegalArgumentException if the key is weak, of another type than the algorithm, or the halves do not match
     */
    public static SigningKey of(Algorithm algorithm, PrivateKey privateKey, PublicKey publicKey) {
        VerificationKey verificationKey = VerificationKey.of(algorithm, publicKey);
        if (privateKey.getEncoded() != null
                && !KeyCodec.sameKey(publicKey, KeyCodec.derivePublic(algorithm, privateKey))) {
            throw new IllegalArgumentException("the private and the public key do not belong together");
        }
        return new SigningKey(new Material(privateKey, null, null, null), verificationKey);
    }

    /**
     * A shared secret, with a random id.
     *
     * @throws IllegalArgumentException if the secret is shorter than the hash, or is an encoded public key
     */
    public static SigningKey hmac(Algorithm algorithm, SecretBytes secret) {
        return new SigningKey(new Material(null, secret, null, null), VerificationKey.hmac(algorithm, secret));
    }

    /** A key in a KMS or HSM whose client answers synchronously. */
    public static SigningKey remote(VerificationKey verificationKey, RemoteSigner signer) {
        return remoteAsync(verificationKey, data -> CompletableFuture.completedFuture(signer.sign(data)));
    }

    /** A key in a KMS or HSM whose client answers asynchronously. */
    public static SigningKey remoteAsync(VerificationKey verificationKey, RemoteSigner.Async signer) {
        return new SigningKey(new Material(null, null, signer, null), verificationKey);
    }

    /** A PEM private key: PKCS#8, or OpenSSL's traditional forms for RSA and EC. */
    public static SigningKey fromPem(Algorithm algorithm, String pem) {
        return fromPrivate(algorithm, KeyCodec.readPrivatePem(requireSign(algorithm), pem, null));
    }

    /** An encrypted PEM private key ({@code ENCRYPTED PRIVATE KEY}). */
    public static SigningKey fromPem(Algorithm algorithm, String pem, char[] password) {
        return fromPrivate(algorithm, KeyCodec.readPrivatePem(requireSign(algorithm), pem, password));
    }

    /**
     * A private key and its certificate from a key store: PKCS12, or PKCS11 for an HSM. Its validity is the certificate's.
     *
     * @param password of the key; null where the store asks for none
     * @throws IllegalArgumentException if the alias has no private key with a certificate, or the password is wrong
     */
    public static SigningKey fromKeyStore(
            Algorithm algorithm, KeyStore store, String alias, char @Nullable [] password) {
        requireSign(algorithm);
        try {
            java.security.Key key = store.getKey(alias, password);
            Certificate certificate = store.getCertificate(alias);
            if (!(key instanceof PrivateKey privateKey) || !(certificate instanceof X509Certificate x509)) {
                throw new IllegalArgumentException("the key store has no private key with a certificate at this alias");
            }
            SigningKey signingKey = of(algorithm, privateKey, x509.getPublicKey());
            return new SigningKey(new Material(privateKey, null, null, store.getProvider()), signingKey.verificationKey)
                    .withValidity(
                            x509.getNotBefore().toInstant(), x509.getNotAfter().toInstant());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key store does not give the key at this alias", e);
        }
    }

    /**
     * Signs {@code data}.
     *
     * @return the signature in the form of JOSE and RFC 9421: for ECDSA r and s, each padded to the field's length
     * @throws IllegalStateException if the key is not active
     * @throws KeyUnavailableException if the key is not yet or no longer valid, or an HSM, KMS or provider fails
     */
    public byte[] sign(byte[] data) {
        return sign(data, 0, data.length, Providers.automatic());
    }

    /** Signs a part of an array, by a provider of the caller's choice. */
    public byte[] sign(byte[] data, int offset, int length, Providers providers) {
        requireActive();
        if (material.remote != null) {
            return join(signRemotely(material.remote, Arrays.copyOfRange(data, offset, offset + length), providers));
        }
        Bound bound = bound(providers);
        byte[] signature = bound.engine.sign(data, offset, length);
        if (!bound.proven) {
            checkOwn(data, offset, length, signature, providers);
            bound.proven = true;
        }
        return signature;
    }

    /**
     * Signs a stream, which is read to its end and not closed, in constant memory. Ed25519 and remote signers need the whole
     * at once, so that whoever bounds the stream bounds the memory.
     *
     * @throws IOException if the stream cannot be read
     */
    public byte[] sign(InputStream data, Providers providers) throws IOException {
        requireActive();
        if (material.remote != null) {
            return join(signRemotely(material.remote, data.readAllBytes(), providers));
        }
        Bound bound = bound(providers);
        if (!bound.proven) {
            // A handle proves itself on a message of its own, since the stream cannot be read twice.
            byte[] probe = id().getBytes(StandardCharsets.US_ASCII);
            sign(probe, 0, probe.length, providers);
        }
        return bound.engine.sign(data);
    }

    /** Signs {@code data} without blocking on a remote signer; a local key has signed when this returns. */
    public CompletionStage<byte[]> signAsync(byte[] data, Providers providers) {
        if (material.remote == null) {
            return CompletableFuture.completedFuture(sign(data, 0, data.length, providers));
        }
        requireActive();
        return signRemotely(material.remote, data.clone(), providers);
    }

    /** The key that checks this one's signatures, with the same id, status and validity. */
    public VerificationKey verificationKey() {
        return verificationKey;
    }

    /** Whether the private key can be written to a keyset file; false for handles and remote keys. */
    public boolean isExportable() {
        return material.secret != null || (material.privateKey != null && material.privateKey.getEncoded() != null);
    }

    /** The private key; empty for a shared secret and a remote key. Its encoding is null for a handle. */
    public Optional<PrivateKey> dangerousPrivateKey() {
        return Optional.ofNullable(material.privateKey);
    }

    /** The shared secret; empty for a private or remote key. */
    public Optional<SecretBytes> dangerousSecret() {
        return Optional.ofNullable(material.secret);
    }

    /**
     * The private key as unencrypted PEM ({@code PRIVATE KEY}).
     *
     * @throws IllegalStateException for shared secrets, handles and remote keys
     */
    public String dangerousToPem() {
        byte[] encoded = material.privateKey == null ? null : material.privateKey.getEncoded();
        if (encoded == null) {
            throw new IllegalStateException("this key has no private encoding");
        }
        return Pem.encode("PRIVATE KEY", encoded);
    }

    @Override
    public String id() {
        return verificationKey.id();
    }

    @Override
    public Algorithm algorithm() {
        return verificationKey.algorithm();
    }

    @Override
    public KeyStatus status() {
        return verificationKey.status();
    }

    @Override
    public Optional<Instant> notBefore() {
        return verificationKey.notBefore();
    }

    @Override
    public Optional<Instant> notAfter() {
        return verificationKey.notAfter();
    }

    @Override
    public SigningKey withId(String id) {
        return with(verificationKey.withId(id));
    }

    @Override
    public SigningKey withStatus(KeyStatus status) {
        return with(verificationKey.withStatus(status));
    }

    @Override
    public SigningKey withValidity(@Nullable Instant notBefore, @Nullable Instant notAfter) {
        return with(verificationKey.withValidity(notBefore, notAfter));
    }

    @Override
    public String toString() {
        return "SigningKey[" + algorithm().joseName() + ", id=" + id() + ", " + status() + "]";
    }

    private SigningKey with(VerificationKey newVerificationKey) {
        SigningKey copy = new SigningKey(material, newVerificationKey);
        copy.engine = engine;
        return copy;
    }

    private void requireActive() {
        if (status() != KeyStatus.ACTIVE) {
            throw new IllegalStateException("the key " + id() + " is not active and does not sign");
        }
        if (!verificationKey.isAlwaysValid() && !verificationKey.isValidAt(Instant.now())) {
            // Whoever verifies would refuse it; the owner is to find out first.
            throw new KeyUnavailableException("the key " + id() + " is not valid at this time");
        }
    }

    private Bound bound(Providers providers) {
        Bound bound = engine;
        if (bound == null || bound.providers != providers) {
            bound = createEngine(providers);
            engine = bound;
        }
        return bound;
    }

    private Bound createEngine(Providers providers) {
        if (material.secret != null) {
            Provider provider = providers.provider(algorithm(), Providers.Operation.SIGN);
            return new Bound(providers, Engine.mac(algorithm(), material.secret, provider), true);
        }
        PrivateKey key = material.privateKey;
        if (key == null) {
            throw new IllegalStateException("a remote key has no engine");
        }
        return new Bound(
                providers, Engine.signing(algorithm(), key, material.home, providers), key.getEncoded() != null);
    }

    private CompletionStage<byte[]> signRemotely(RemoteSigner.Async remote, byte[] data, Providers providers) {
        CompletionStage<byte[]> answer;
        try {
            answer = remote.sign(data.clone());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(unavailable(e));
        }
        if (answer == null) {
            return CompletableFuture.failedFuture(unavailable(null));
        }
        return answer.handle((signature, failure) -> {
            if (failure != null || signature == null) {
                throw unavailable(failure);
            }
            byte[] copy = signature.clone();
            checkOwn(data, 0, data.length, copy, providers);
            return copy;
        });
    }

    private static KeyUnavailableException unavailable(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof KeyUnavailableException known) {
            return known;
        }
        return cause == null
                ? new KeyUnavailableException("the remote signer gave no signature")
                : new KeyUnavailableException("the remote signer failed", cause);
    }

    private void checkOwn(byte[] data, int offset, int length, byte[] signature, Providers providers) {
        // A module that only signs can be pinned too.
        boolean verifies = providers
                .choice(algorithm(), Providers.Operation.VERIFY)
                .provider()
                .isPresent();
        try {
            verificationKey.verify(data, offset, length, signature, verifies ? providers : Providers.automatic());
        } catch (VerificationException e) {
            throw new KeyUnavailableException("the signer's signature does not match the public key of " + id());
        }
    }

    private static byte[] join(CompletionStage<byte[]> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static SigningKey fromPrivate(Algorithm algorithm, PrivateKey privateKey) {
        return of(algorithm, privateKey, KeyCodec.derivePublic(algorithm, privateKey));
    }

    private static Algorithm requireSign(Algorithm algorithm) {
        VerificationKey.requireUse(algorithm, KeyUse.SIGN);
        return algorithm;
    }

    /** Makes a key pair; {@code curve} is needed for ECDH only. */
    static KeyPair generatePair(Algorithm algorithm, @Nullable String curve) {
        try {
            if ("X25519".equals(curve)) {
                return KeyPairGenerator.getInstance("X25519").generateKeyPair();
            }
            KeyPairGenerator generator = algorithm.family == Algorithm.Family.ML_DSA
                    ? KeyPairGenerator.getInstance(algorithm.joseName(), Providers.bouncyCastle())
                    : KeyPairGenerator.getInstance(Engine.keyAlgorithm(algorithm));
            AlgorithmParameterSpec spec = switch (algorithm.family) {
                case ECDSA -> new ECGenParameterSpec(KeyChecks.curve(algorithm));
                case ECDH -> new ECGenParameterSpec(curve);
                case RSA_PKCS1, RSA_PSS, RSA_OAEP ->
                    new RSAKeyGenParameterSpec(GENERATED_RSA_BITS, RSAKeyGenParameterSpec.F4);
                default -> null;
            };
            if (spec != null) {
                generator.initialize(spec);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform cannot generate " + algorithm.joseName() + " keys", e);
        }
    }

    /**
     * Exactly one of the first three is set.
     *
     * @param home the provider that the private key is a handle of, if it is known
     */
    private record Material(
            @Nullable PrivateKey privateKey,
            @Nullable SecretBytes secret,
            RemoteSigner.@Nullable Async remote,
            @Nullable Provider home) {}

    private static final class Bound {
        final Providers providers;
        final Engine engine;
        /** Whether a signature has been seen to match the public key; benign if two threads both check. */
        volatile boolean proven;

        Bound(Providers providers, Engine engine, boolean proven) {
            this.providers = providers;
            this.engine = engine;
            this.proven = proven;
        }
    }
}
