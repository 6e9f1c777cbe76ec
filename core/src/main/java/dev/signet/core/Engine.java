// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import dev.signet.core.Providers.Operation;
import dev.signet.core.internal.base.ObjectPool;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.jcajce.interfaces.MLDSAPrivateKey;
import org.jspecify.annotations.Nullable;

/** One key at one provider, ready to sign or verify: everything that can be done once has been done. */
abstract sealed class Engine {
    private static final int STREAM_BUFFER = 16 << 10;

    abstract byte[] sign(byte[] data, int offset, int length);

    abstract boolean verify(byte[] data, int offset, int length, byte[] signature);

    abstract byte[] sign(InputStream data) throws IOException;

    abstract boolean verify(InputStream data, byte[] signature) throws IOException;

    /** @param home the provider of a key that is a handle, if it is known */
    static Engine signing(Algorithm algorithm, PrivateKey key, @Nullable Provider home, Providers providers) {
        if (key.getEncoded() == null) {
            return handle(algorithm, key, home, providers);
        }
        return signing(algorithm, key, providers.provider(algorithm, Operation.SIGN));
    }

    static Engine signing(Algorithm algorithm, PrivateKey key, Provider provider) {
        String name = signatureName(algorithm, provider);
        return new Jca(algorithm, name, provider, false, () -> {
            PrivateKey translated = translate(algorithm, key, provider);
            return () -> initialised(Signature.getInstance(name, provider), algorithm, translated, null);
        });
    }

    static Engine verifying(Algorithm algorithm, PublicKey key, Providers providers) {
        return verifying(algorithm, key, providers.provider(algorithm, Operation.VERIFY));
    }

    static Engine verifying(Algorithm algorithm, PublicKey key, Provider provider) {
        return verifying(algorithm, key, provider, true);
    }

    /** The same for the self-test itself, which takes every failure of the provider for a refusal. */
    static Engine verifyingInSelfTest(Algorithm algorithm, PublicKey key, Provider provider) {
        return verifying(algorithm, key, provider, false);
    }

    private static Engine verifying(Algorithm algorithm, PublicKey key, Provider provider, boolean doubting) {
        String name = signatureName(algorithm, provider);
        return new Jca(algorithm, name, provider, doubting, () -> {
            PublicKey translated = translate(algorithm, key, provider);
            return () -> initialised(Signature.getInstance(name, provider), algorithm, null, translated);
        });
    }

    static Engine mac(Algorithm algorithm, SecretBytes secret, Provider provider) {
        return new Hmac(algorithm, secret, provider);
    }

    static boolean isOfferedBy(Provider provider, Algorithm algorithm) {
        if (algorithm.family == Algorithm.Family.HMAC) {
            return provider.getService("Mac", macName(algorithm)) != null;
        }
        return algorithm.isSignature()
                && (provider.getService("Signature", jcaName(algorithm)) != null
                        || (algorithm.family == Algorithm.Family.ECDSA
                                && provider.getService("Signature", derName(algorithm)) != null));
    }

    /** The name of the key's algorithm in a JCA key factory or key pair generator. */
    static String keyAlgorithm(Algorithm algorithm) {
        return switch (algorithm.family) {
            case EDDSA -> "Ed25519";
            case ECDSA, ECDH -> "EC";
            case RSA_PKCS1, RSA_PSS, RSA_OAEP -> "RSA";
            case ML_DSA -> algorithm.joseName();
            case HMAC, AES_WRAP, PASSWORD, CONTENT, DERIVATION ->
                throw new IllegalArgumentException("a symmetric algorithm");
        };
    }

    // ---- names -----------------------------------------------------------------------------------------------------

    private static String jcaName(Algorithm algorithm) {
        return switch (algorithm.family) {
            case EDDSA -> "Ed25519";
            case ECDSA -> derName(algorithm) + "inP1363Format";
            case RSA_PKCS1 -> shortHash(algorithm) + "withRSA";
            case RSA_PSS -> "RSASSA-PSS";
            case ML_DSA -> algorithm.joseName();
            default -> throw new IllegalArgumentException(algorithm.joseName() + " is no signature algorithm");
        };
    }

    private static String derName(Algorithm algorithm) {
        return shortHash(algorithm) + "withECDSA";
    }

    private static String macName(Algorithm algorithm) {
        return "Hmac" + shortHash(algorithm);
    }

    private static String shortHash(Algorithm algorithm) {
        return algorithm.hash.replace("-", "");
    }

    private static String signatureName(Algorithm algorithm, Provider provider) {
        String name = jcaName(algorithm);
        return provider.getService("Signature", name) == null && algorithm.family == Algorithm.Family.ECDSA
                ? derName(algorithm)
                : name;
    }

    // ---- keys ------------------------------------------------------------------------------------------------------

    /** A key that its module never gives away: its provider finds itself when the signature is initialised. */
    private static Engine handle(Algorithm algorithm, PrivateKey key, @Nullable Provider home, Providers providers) {
        List<SignatureFactory> factories = new ArrayList<>();
        if (home != null) {
            factories.add(name -> Signature.getInstance(name, home));
        }
        providers.pinned().forEach(provider -> factories.add(name -> Signature.getInstance(name, provider)));
        if (providers.pinned().isEmpty()) {
            factories.add(Signature::getInstance);
        }
        Exception last = null;
        List<String> names = algorithm.family == Algorithm.Family.ECDSA
                ? List.of(jcaName(algorithm), derName(algorithm))
                : List.of(jcaName(algorithm));
        for (String name : names) {
            for (SignatureFactory factory : factories) {
                try {
                    SignatureSource source = () -> initialised(factory.get(name), algorithm, key, null);
                    source.get();
                    return new Jca(algorithm, name, home, false, () -> source);
                } catch (GeneralSecurityException | RuntimeException e) {
                    last = e;
                }
            }
        }
        throw new UnavailableException(
                "no provider signs " + algorithm.joseName() + " with this key handle",
                last == null ? new NoSuchAlgorithmException(algorithm.joseName()) : last);
    }

    private static PrivateKey translate(Algorithm algorithm, PrivateKey key, Provider provider)
            throws GeneralSecurityException {
        // The platform's ML-DSA (JDK 24) takes the expanded form of RFC 9881, not the seed.
        byte[] encoded = key instanceof MLDSAPrivateKey mlDsa && provider != Providers.bouncyCastle()
                ? mlDsa.getPrivateKey(false).getEncoded()
                : key.getEncoded();
        return keyFactory(algorithm, provider).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    private static PublicKey translate(Algorithm algorithm, PublicKey key, Provider provider)
            throws GeneralSecurityException {
        return keyFactory(algorithm, provider).generatePublic(new X509EncodedKeySpec(key.getEncoded()));
    }

    /** A provider without a factory of its own takes the platform's keys, and may not take those of a third one. */
    private static KeyFactory keyFactory(Algorithm algorithm, Provider provider) throws GeneralSecurityException {
        String name = keyAlgorithm(algorithm);
        if (provider.getService("KeyFactory", name) != null) {
            return KeyFactory.getInstance(name, provider);
        }
        return algorithm.family == Algorithm.Family.ML_DSA
                ? KeyFactory.getInstance(name, Providers.bouncyCastle())
                : KeyCodec.keyFactory(name);
    }

    private static Signature initialised(
            Signature signature, Algorithm algorithm, @Nullable PrivateKey privateKey, @Nullable PublicKey publicKey)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        // The key goes first: PKCS#11 picks its provider by the key, and refuses parameters before that.
        if (privateKey != null) {
            signature.initSign(privateKey);
        } else {
            signature.initVerify(publicKey);
        }
        if (algorithm.family == Algorithm.Family.RSA_PSS) {
            signature.setParameter(pssParameters(algorithm));
            // Some providers apply parameters only at the next initialisation.
            if (privateKey != null) {
                signature.initSign(privateKey);
            } else {
                signature.initVerify(publicKey);
            }
        }
        return signature;
    }

    /** RFC 7518, 3.5 and RFC 9421, 3.3.1: MGF1 with the same digest, and a salt as long as the digest. */
    private static PSSParameterSpec pssParameters(Algorithm algorithm) {
        int salt = Integer.parseInt(algorithm.hash.substring(4)) / 8;
        return new PSSParameterSpec(algorithm.hash, "MGF1", new MGF1ParameterSpec(algorithm.hash), salt, 1);
    }

    @FunctionalInterface
    private interface SignatureFactory {
        Signature get(String name) throws GeneralSecurityException;
    }

    /** Makes objects with one form of the key. */
    @FunctionalInterface
    private interface SignatureSource {
        Signature get() throws GeneralSecurityException;
    }

    /** Brings the key into the provider's form anew. */
    @FunctionalInterface
    private interface KeySource {
        SignatureSource get() throws GeneralSecurityException;
    }

    /** Whatever a provider throws but a verdict: it is down, or does not take the key. */
    private static UnavailableException unavailable(String what, Algorithm algorithm, Exception failure) {
        return failure instanceof UnavailableException known
                ? known
                : new UnavailableException("the provider could not " + what + " with " + algorithm.joseName(), failure);
    }

    /** Feeds a stream to its end, a buffer at a time. What the stream throws is the stream's. */
    private static void feed(InputStream data, Sink sink, String what, Algorithm algorithm) throws IOException {
        byte[] buffer = new byte[STREAM_BUFFER];
        for (int n = data.read(buffer); n >= 0; n = data.read(buffer)) {
            try {
                sink.update(buffer, 0, n);
            } catch (SignatureException | RuntimeException e) {
                throw unavailable(what, algorithm, e);
            }
        }
    }

    @FunctionalInterface
    private interface Sink {
        void update(byte[] data, int offset, int length) throws SignatureException;
    }

    // ---- the two kinds ---------------------------------------------------------------------------------------------

    /**
     * Signatures. What a provider throws while it gets its object, its key or the data ready has nothing to do with the
     * signature that came with a message: it is down. A {@link SignatureException} of {@code verify} is a verdict. Any other
     * exception of it may be either: some providers throw at a malformed signature, which is a stranger's to send, and all do
     * when their module is gone. So the same is asked once more of a fresh object with a fresh form of the key; if that throws
     * too, a known answer tells: a provider that still accepts a good signature of another key works, and what it chokes on is
     * this signature, which is refused. Nothing that a stranger sends decides the known answer, so he gets refusals and no
     * alarms, for the price of three verifications.
     */
    private static final class Jca extends Engine {
        private static final byte[] NOTHING = new byte[0];
        private static final String SIGN = "sign";
        private static final String VERIFY = "verify";
        /** How long a provider that failed its known answer is not doubted further. */
        private static final long REST_NANOS = 1_000_000_000L;

        private final Algorithm algorithm;
        private final boolean der;
        private final @Nullable Provider provider;
        private final boolean doubting;
        private final KeySource keys;
        private volatile ObjectPool<Signature> pool;
        private volatile long downSince;
        private volatile boolean down;

        Jca(Algorithm algorithm, String name, @Nullable Provider provider, boolean doubting, KeySource keys) {
            this.algorithm = algorithm;
            this.provider = provider;
            this.doubting = doubting;
            this.keys = keys;
            der = algorithm.family == Algorithm.Family.ECDSA && name.equals(derName(algorithm));
            // A key that the provider refuses is found here, not in the middle of a message.
            pool = freshPool();
        }

        private ObjectPool<Signature> freshPool() {
            try {
                SignatureSource source = keys.get();
                ObjectPool<Signature> fresh = new ObjectPool<>(() -> {
                    try {
                        return source.get();
                    } catch (GeneralSecurityException | RuntimeException e) {
                        throw unavailable("be initialised", algorithm, e);
                    }
                });
                fresh.giveBack(fresh.borrow());
                return fresh;
            } catch (GeneralSecurityException | RuntimeException e) {
                throw unavailable("use the key", algorithm, e);
            }
        }

        @Override
        byte[] sign(byte[] data, int offset, int length) {
            ObjectPool<Signature> objects = pool;
            Signature signature = objects.borrow();
            byte[] result;
            try {
                signature.update(data, offset, length);
                result = signature.sign();
            } catch (SignatureException | RuntimeException e) {
                // HSMs fail by ProviderException.
                throw unavailable(SIGN, algorithm, e);
            }
            objects.giveBack(signature);
            return der ? EcdsaSignatures.fromDer(algorithm, result) : result;
        }

        @Override
        byte[] sign(InputStream data) throws IOException {
            ObjectPool<Signature> objects = pool;
            Signature signature = objects.borrow();
            feed(data, signature::update, SIGN, algorithm);
            byte[] result;
            try {
                result = signature.sign();
            } catch (SignatureException | RuntimeException e) {
                throw unavailable(SIGN, algorithm, e);
            }
            objects.giveBack(signature);
            return der ? EcdsaSignatures.fromDer(algorithm, result) : result;
        }

        @Override
        boolean verify(byte[] data, int offset, int length, byte[] rawSignature) {
            byte[] encoded = der ? EcdsaSignatures.toDer(rawSignature) : rawSignature;
            try {
                return judge(pool, data, offset, length, encoded);
            } catch (SignatureException | RuntimeException e) {
                if (!doubting) {
                    return false;
                }
                return judgeAnew(data, offset, length, encoded, e);
            }
        }

        /** @throws SignatureException if the data could not be taken, which is no verdict */
        private static boolean judge(ObjectPool<Signature> objects, byte[] data, int offset, int length, byte[] encoded)
                throws SignatureException {
            Signature signature = objects.borrow();
            signature.update(data, offset, length);
            boolean holds;
            try {
                holds = signature.verify(encoded);
            } catch (SignatureException e) {
                // Malformed for this provider: not a valid signature, and the object's state is unknown.
                return false;
            }
            objects.giveBack(signature);
            return holds;
        }

        private boolean judgeAnew(byte[] data, int offset, int length, byte[] encoded, Exception failure) {
            ObjectPool<Signature> fresh = freshPoolFor(failure);
            boolean holds;
            try {
                holds = judge(fresh, data, offset, length, encoded);
            } catch (SignatureException | RuntimeException e) {
                requireKnownAnswer(e);
                return false;
            }
            // What failed was the object or its form of the key.
            pool = fresh;
            return holds;
        }

        @Override
        boolean verify(InputStream data, byte[] rawSignature) throws IOException {
            byte[] encoded = der ? EcdsaSignatures.toDer(rawSignature) : rawSignature;
            ObjectPool<Signature> objects = pool;
            Signature signature;
            try {
                signature = objects.borrow();
                feed(data, signature::update, VERIFY, algorithm);
            } catch (UnavailableException e) {
                renewAfter(e);
                throw e;
            }
            boolean holds;
            try {
                holds = signature.verify(encoded);
            } catch (SignatureException e) {
                return false;
            } catch (RuntimeException e) {
                return blame(encoded, e);
            }
            objects.giveBack(signature);
            return holds;
        }

        /** A stream is not there twice, so that only the signature can be tried again, and over nothing. */
        private boolean blame(byte[] encoded, RuntimeException failure) {
            ObjectPool<Signature> fresh = freshPoolFor(failure);
            try {
                judge(fresh, NOTHING, 0, 0, encoded);
            } catch (SignatureException | RuntimeException e) {
                requireKnownAnswer(e);
                return false;
            }
            pool = fresh;
            throw unavailable(VERIFY, algorithm, failure);
        }

        private void renewAfter(UnavailableException failure) {
            try {
                pool = freshPoolFor(failure);
            } catch (UnavailableException e) {
                if (e != failure) {
                    failure.addSuppressed(e);
                }
            }
        }

        private ObjectPool<Signature> freshPoolFor(Exception failure) {
            if (down && System.nanoTime() - downSince < REST_NANOS) {
                throw unavailable(VERIFY, algorithm, failure);
            }
            try {
                return freshPool();
            } catch (UnavailableException e) {
                rest();
                throw e;
            }
        }

        private void requireKnownAnswer(Exception failure) {
            if (provider == null || !SelfTest.verifies(algorithm, provider)) {
                rest();
                throw unavailable(VERIFY, algorithm, failure);
            }
            down = false;
        }

        private void rest() {
            downSince = System.nanoTime();
            down = true;
        }
    }

    private static final class Hmac extends Engine {
        private static final String MAC = "make a MAC";

        private final Algorithm algorithm;
        private final SecretBytes secret;
        private final String name;
        private final Provider provider;
        private volatile ObjectPool<Mac> pool;

        Hmac(Algorithm algorithm, SecretBytes secret, Provider provider) {
            this.algorithm = algorithm;
            this.secret = secret;
            this.provider = provider;
            name = macName(algorithm);
            pool = new ObjectPool<>(this::create);
            pool.giveBack(pool.borrow());
        }

        private Mac create() {
            SecretKeySpec key = secret.toKey(name);
            try {
                Mac mac = Mac.getInstance(name, provider);
                mac.init(key);
                return mac;
            } catch (GeneralSecurityException | RuntimeException e) {
                throw unavailable("use the key", algorithm, e);
            }
        }

        @Override
        byte[] sign(byte[] data, int offset, int length) {
            // A pooled object would outlive a destroyed secret.
            secret.requireLive();
            ObjectPool<Mac> objects = pool;
            Mac mac = objects.borrow();
            byte[] result;
            try {
                mac.update(data, offset, length);
                result = mac.doFinal();
            } catch (RuntimeException e) {
                return signAnew(data, offset, length);
            }
            objects.giveBack(mac);
            return result;
        }

        /** After a failure the other pooled objects are no better than the one that failed. */
        private byte[] signAnew(byte[] data, int offset, int length) {
            ObjectPool<Mac> fresh = new ObjectPool<>(this::create);
            Mac mac = fresh.borrow();
            byte[] result;
            try {
                mac.update(data, offset, length);
                result = mac.doFinal();
            } catch (RuntimeException e) {
                throw unavailable(MAC, algorithm, e);
            }
            fresh.giveBack(mac);
            pool = fresh;
            return result;
        }

        @Override
        byte[] sign(InputStream data) throws IOException {
            secret.requireLive();
            ObjectPool<Mac> objects = pool;
            Mac mac = objects.borrow();
            feed(data, mac::update, MAC, algorithm);
            byte[] result;
            try {
                result = mac.doFinal();
            } catch (RuntimeException e) {
                pool = new ObjectPool<>(this::create);
                throw unavailable(MAC, algorithm, e);
            }
            objects.giveBack(mac);
            return result;
        }

        @Override
        boolean verify(InputStream data, byte[] tag) throws IOException {
            return MessageDigest.isEqual(sign(data), tag);
        }

        @Override
        boolean verify(byte[] data, int offset, int length, byte[] tag) {
            return MessageDigest.isEqual(sign(data, offset, length), tag);
        }
    }
}
