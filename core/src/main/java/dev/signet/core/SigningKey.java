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
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
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
        return generate(algorithm, Providers.automatic());
    }

    /**
     * A fresh key by providers of the caller's choice.
     *
     * @throws IllegalStateException if none of them generates keys of the algorithm
     */
    public static SigningKey generate(Algorithm algorithm, Providers providers) {
        if (algorithm.use() == KeyUse.MAC) {
            return hmac(algorithm, SecretBytes.random(algorithm.length));
        }
        VerificationKey.requireUse(algorithm, KeyUse.SIGN);
        KeyPair pair = generatePair(algorithm, null, providers);
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
        return new SigningKey(new Material(PrivateKeySource.of(privateKey), null, null, null), verificationKey);
    }

    /**
     * A handle to a private key in an HSM, which is fetched anew when it stops working, as it does when its session ends.
     *
     * @param source fetches the handle, and may log in to do so: now, and after a failure, at most once in 100 ms and up to
     *     10 s while that does not help; many threads that fail at once ask once
     * @throws IllegalArgumentException if the public key is weak or of another type than the algorithm
     * @throws UnavailableException if the source fails or gives null
     */
    public static SigningKey handle(Algorithm algorithm, Supplier<? extends PrivateKey> source, PublicKey publicKey) {
        PrivateKeySource keys = PrivateKeySource.of(source);
        SigningKey checked = of(algorithm, keys.current(), publicKey);
        return new SigningKey(new Material(keys, null, null, null), checked.verificationKey);
    }

    /**
     * A shared secret, with a random id.
     *
     * @throws IllegalArgumentException if the secret is shorter than the hash, or is an encoded public key
     */
    public static SigningKey hmac(Algorithm algorithm, SecretBytes secret) {
        return new SigningKey(new Material(null, secret, null, null), VerificationKey.hmac(algorithm, secret));
    }

    /**
     * A key in a KMS or HSM whose client answers synchronously. It is asked on the thread that signs, so that its own time
     * limit and its own answer to an interrupt are the ones that count; for a client that has none, see
     * {@link #remote(VerificationKey, RemoteSigner, ExecutorService, Duration)}.
     */
    public static SigningKey remote(VerificationKey verificationKey, RemoteSigner signer) {
        return remoteAsync(verificationKey, data -> CompletableFuture.completedFuture(signer.sign(data)));
    }

    /**
     * The same for a client that is asked on threads of an executor, and interrupted when it does not answer in time, or when
     * the thread that signs is interrupted.
     */
    public static SigningKey remote(
            VerificationKey verificationKey, RemoteSigner signer, ExecutorService executor, Duration timeout) {
        return remoteAsync(verificationKey, RemoteSigning.on(executor, signer), timeout);
    }

    /** A key in a KMS or HSM whose client answers asynchronously, within 30 seconds. */
    public static SigningKey remoteAsync(VerificationKey verificationKey, RemoteSigner.Async signer) {
        return remoteAsync(verificationKey, signer, RemoteSigning.DEFAULT_TIMEOUT);
    }

    /**
     * The same with another time limit, after which signing fails with {@link UnavailableException} and the client's future
     * is cancelled. It is cancelled, too, when a thread that waits for it is interrupted, and when the stage of a
     * signer that waits for none, such as {@code HttpSigner.signAsync}, is cancelled.
     */
    public static SigningKey remoteAsync(VerificationKey verificationKey, RemoteSigner.Async signer, Duration timeout) {
        return new SigningKey(new Material(null, null, new RemoteSigning(signer, timeout), null), verificationKey);
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
     * <p>A handle into an HSM is fetched anew from the same store when it stops working, as {@link #handle} says. Whoever logs in
     * to the module again does so by its provider or by {@link KeyStore#load} of this very store. The password is kept for that.
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
            PrivateKeySource keys = PrivateKeySource.of(privateKey, store, alias, password);
            return new SigningKey(new Material(keys, null, null, store.getProvider()), signingKey.verificationKey)
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
     * @throws UnavailableException if the key is not yet or no longer valid, or an HSM, KMS or provider fails
     */
    public byte[] sign(byte[] data) {
        return sign(data, 0, data.length, Providers.automatic());
    }

    /** Signs a part of an array, by a provider of the caller's choice. */
    byte[] sign(byte[] data, int offset, int length, Providers providers) {
        requireActive();
        if (material.remote != null) {
            return RemoteSigning.join(
                    signRemotely(material.remote, Arrays.copyOfRange(data, offset, offset + length), providers));
        }
        Bound bound = engine;
        byte[] signature;
        try {
            bound = bound(providers);
            signature = bound.engine.sign(data, offset, length);
        } catch (UnavailableException e) {
            bound = renew(bound, providers, e);
            signature = bound.engine.sign(data, offset, length);
        }
        if (signature == null || !verificationKey.isWellFormed(signature)) {
            throw new UnavailableException(
                    "the provider gave no signature of " + algorithm().joseName());
        }
        if (!bound.proven) {
            checkOwn(data, offset, length, signature, providers);
            bound.prove();
        }
        return signature;
    }

    /**
     * Signs a stream, which is read to its end and not closed, in constant memory. Ed25519 and remote signers need the whole
     * at once, so that whoever bounds the stream bounds the memory.
     *
     * @throws IllegalStateException if the key is not active
     * @throws UnavailableException as {@link #sign(byte[])}; a handle that fails in the middle is not tried again, since the
     *     stream cannot be read again
     * @throws IOException if the stream cannot be read
     */
    byte[] sign(InputStream data, Providers providers) throws IOException {
        requireActive();
        if (material.remote != null) {
            return RemoteSigning.join(signRemotely(material.remote, data.readAllBytes(), providers));
        }
        Bound bound = engine;
        if (bound == null || bound.providers != providers || !bound.proven) {
            // A key proves itself on a message of its own, since the stream cannot be read twice.
            byte[] probe = id().getBytes(StandardCharsets.US_ASCII);
            sign(probe, 0, probe.length, providers);
            bound = bound(providers);
        }
        try {
            return bound.engine.sign(data);
        } catch (UnavailableException e) {
            renewForTheNext(bound, providers, e);
            throw e;
        }
    }

    /**
     * Signs {@code data} without blocking on an asynchronous remote signer; a local key has signed when this returns. Whoever
     * cancels the stage, as a {@link CompletableFuture}, cancels the signer's.
     */
    CompletionStage<byte[]> signAsync(byte[] data, Providers providers) {
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
        return material.secret != null
                || (material.keys != null && material.keys.current().getEncoded() != null);
    }

    /**
     * The private key; empty for a shared secret and a remote key. Its encoding is null for a handle, and a handle is the one
     * that is in use now.
     */
    public Optional<PrivateKey> dangerousPrivateKey() {
        return Optional.ofNullable(material.keys).map(PrivateKeySource::current);
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
        byte[] encoded = material.keys == null ? null : material.keys.current().getEncoded();
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
            throw new UnavailableException("the key " + id() + " is not valid at this time");
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
            return new Bound(providers, Engine.mac(algorithm(), material.secret, provider), null, null);
        }
        PrivateKeySource keys = material.keys;
        if (keys == null) {
            throw new IllegalStateException("a remote key has no engine");
        }
        PrivateKey key = keys.current();
        return new Bound(
                providers,
                Engine.signing(algorithm(), key, material.home, providers),
                key,
                key.getEncoded() == null ? keys : null);
    }

    /**
     * An engine to use after one that failed, with a handle that is fetched anew. Its first signature is verified, as a handle's
     * first one is: what is there now may be another key.
     */
    private Bound renew(@Nullable Bound failed, Providers providers, UnavailableException failure) {
        PrivateKeySource keys = material.keys;
        if (keys == null) {
            throw failure;
        }
        keys.lock().lock();
        try {
            Bound other = engine;
            if (other != null && other != failed && other.providers == providers) {
                return other;
            }
            PrivateKey used = failed == null || failed.key == null ? keys.current() : failed.key;
            PrivateKey key = keys.renew(used, failure);
            Bound fresh = new Bound(providers, Engine.signing(algorithm(), key, material.home, providers), key, keys);
            engine = fresh;
            return fresh;
        } finally {
            keys.lock().unlock();
        }
    }

    private void renewForTheNext(Bound failed, Providers providers, UnavailableException failure) {
        try {
            renew(failed, providers, failure);
        } catch (UnavailableException e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }

    private CompletableFuture<byte[]> signRemotely(RemoteSigning remote, byte[] data, Providers providers) {
        return remote.sign(data.clone(), signature -> checkOwn(data, 0, data.length, signature, providers));
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
            throw new UnavailableException("the signer's signature does not match the public key of " + id());
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
    static KeyPair generatePair(Algorithm algorithm, @Nullable String curve, Providers providers) {
        String name = "X25519".equals(curve) ? "X25519" : Engine.keyAlgorithm(algorithm);
        AlgorithmParameterSpec spec = switch (algorithm.family) {
            case ECDSA -> new ECGenParameterSpec(KeyChecks.curve(algorithm));
            case ECDH -> "X25519".equals(curve) ? null : new ECGenParameterSpec(curve);
            case RSA_PKCS1, RSA_PSS, RSA_OAEP ->
                new RSAKeyGenParameterSpec(GENERATED_RSA_BITS, RSAKeyGenParameterSpec.F4);
            default -> null;
        };
        Exception last = null;
        for (Provider provider : providers.generators(algorithm, name)) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(name, provider);
                if (spec != null) {
                    generator.initialize(spec);
                }
                return generator.generateKeyPair();
            } catch (GeneralSecurityException | RuntimeException e) {
                // The next one may do it.
                last = e;
            }
        }
        throw new IllegalStateException(
                providers.describe() + " cannot generate " + algorithm.joseName() + " keys", last);
    }

    /**
     * Exactly one of the first three is set.
     *
     * @param home the provider that the private key is a handle of, if it is known
     */
    private record Material(
            @Nullable PrivateKeySource keys,
            @Nullable SecretBytes secret,
            @Nullable RemoteSigning remote,
            @Nullable Provider home) {}

    private static final class Bound {
        final Providers providers;
        final Engine engine;
        final @Nullable PrivateKey key;
        private final @Nullable PrivateKeySource unproven;
        /** Whether a signature has been seen to match the public key; benign if two threads both check. */
        volatile boolean proven;

        /** @param unproven told of the first signature that matches; null if none need be seen */
        Bound(Providers providers, Engine engine, @Nullable PrivateKey key, @Nullable PrivateKeySource unproven) {
            this.providers = providers;
            this.engine = engine;
            this.key = key;
            this.unproven = unproven;
            proven = unproven == null;
        }

        void prove() {
            if (unproven != null) {
                unproven.works();
            }
            proven = true;
        }
    }
}
