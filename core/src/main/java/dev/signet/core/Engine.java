// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import dev.signet.core.Providers.Operation;
import dev.signet.core.internal.ObjectPool;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
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
        PrivateKey translated = translate(algorithm, key, provider);
        String name = signatureName(algorithm, provider);
        return new Jca(algorithm, name, new Initialised(() -> signature(name, provider), algorithm, translated, null));
    }

    static Engine verifying(Algorithm algorithm, PublicKey key, Providers providers) {
        return verifying(algorithm, key, providers.provider(algorithm, Operation.VERIFY));
    }

    static Engine verifying(Algorithm algorithm, PublicKey key, Provider provider) {
        PublicKey translated = translate(algorithm, key, provider);
        String name = signatureName(algorithm, provider);
        return new Jca(algorithm, name, new Initialised(() -> signature(name, provider), algorithm, null, translated));
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
        GeneralSecurityException last = null;
        List<String> names = algorithm.family == Algorithm.Family.ECDSA
                ? List.of(jcaName(algorithm), derName(algorithm))
                : List.of(jcaName(algorithm));
        for (String name : names) {
            for (SignatureFactory factory : factories) {
                try {
                    initialise(factory.get(name), algorithm, key, null);
                    return new Jca(algorithm, name, new Initialised(() -> factory.get(name), algorithm, key, null));
                } catch (GeneralSecurityException e) {
                    last = e;
                }
            }
        }
        throw new IllegalStateException("no provider signs " + algorithm.joseName() + " with this key handle", last);
    }

    private static PrivateKey translate(Algorithm algorithm, PrivateKey key, Provider provider) {
        try {
            // The platform's ML-DSA (JDK 24) takes the expanded form of RFC 9881, not the seed.
            byte[] encoded = key instanceof MLDSAPrivateKey mlDsa && provider != Providers.bouncyCastle()
                    ? mlDsa.getPrivateKey(false).getEncoded()
                    : key.getEncoded();
            return keyFactory(algorithm, provider).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(provider.getName() + " does not take this key", e);
        }
    }

    private static PublicKey translate(Algorithm algorithm, PublicKey key, Provider provider) {
        try {
            return keyFactory(algorithm, provider).generatePublic(new X509EncodedKeySpec(key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(provider.getName() + " does not take this key", e);
        }
    }

    /** A provider without a factory of its own takes the platform's keys, and may not take those of a third one. */
    private static KeyFactory keyFactory(Algorithm algorithm, Provider provider) throws GeneralSecurityException {
        String name = keyAlgorithm(algorithm);
        if (provider.getService("KeyFactory", name) != null) {
            return KeyFactory.getInstance(name, provider);
        }
        return algorithm.family == Algorithm.Family.ML_DSA
                ? KeyFactory.getInstance(name, Providers.bouncyCastle())
                : KeyFactory.getInstance(name);
    }

    private static Signature signature(String name, Provider provider) throws GeneralSecurityException {
        return Signature.getInstance(name, provider);
    }

    private static void initialise(
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

    @FunctionalInterface
    private interface SignatureSource {
        Signature get() throws GeneralSecurityException;
    }

    private record Initialised(
            SignatureSource source,
            Algorithm algorithm,
            @Nullable PrivateKey privateKey,
            @Nullable PublicKey publicKey) {
        Signature create() {
            try {
                Signature signature = source.get();
                initialise(signature, algorithm, privateKey, publicKey);
                return signature;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the provider refuses the key for " + algorithm.joseName(), e);
            }
        }
    }

    /** Feeds a stream to its end, a buffer at a time. */
    private static <E extends Exception> void feed(InputStream data, Sink<E> sink) throws IOException, E {
        byte[] buffer = new byte[STREAM_BUFFER];
        for (int n = data.read(buffer); n >= 0; n = data.read(buffer)) {
            sink.update(buffer, 0, n);
        }
    }

    @FunctionalInterface
    private interface Sink<E extends Exception> {
        void update(byte[] data, int offset, int length) throws E;
    }

    // ---- the two kinds ---------------------------------------------------------------------------------------------

    private static final class Jca extends Engine {
        private final Algorithm algorithm;
        private final boolean der;
        private final ObjectPool<Signature> pool;

        Jca(Algorithm algorithm, String name, Initialised initialised) {
            this.algorithm = algorithm;
            der = algorithm.family == Algorithm.Family.ECDSA && name.equals(derName(algorithm));
            pool = new ObjectPool<>(initialised::create);
            // A key that the provider refuses is found here, not in the middle of a message.
            pool.giveBack(pool.borrow());
        }

        @Override
        byte[] sign(byte[] data, int offset, int length) {
            Signature signature = pool.borrow();
            byte[] result;
            try {
                signature.update(data, offset, length);
                result = signature.sign();
            } catch (SignatureException | RuntimeException e) {
                // HSMs fail by ProviderException.
                throw new KeyUnavailableException("the provider could not sign with " + algorithm.joseName(), e);
            }
            pool.giveBack(signature);
            return der ? EcdsaSignatures.fromDer(algorithm, result) : result;
        }

        @Override
        byte[] sign(InputStream data) throws IOException {
            Signature signature = pool.borrow();
            byte[] result;
            try {
                feed(data, signature::update);
                result = signature.sign();
            } catch (SignatureException | ProviderException e) {
                throw new KeyUnavailableException("the provider could not sign with " + algorithm.joseName(), e);
            }
            pool.giveBack(signature);
            return der ? EcdsaSignatures.fromDer(algorithm, result) : result;
        }

        @Override
        boolean verify(InputStream data, byte[] rawSignature) throws IOException {
            byte[] encoded = der ? EcdsaSignatures.toDer(rawSignature) : rawSignature;
            Signature signature = pool.borrow();
            boolean holds;
            try {
                feed(data, signature::update);
            } catch (SignatureException e) {
                return false;
            }
            try {
                holds = signature.verify(encoded);
            } catch (SignatureException | RuntimeException e) {
                return false;
            }
            pool.giveBack(signature);
            return holds;
        }

        @Override
        boolean verify(byte[] data, int offset, int length, byte[] rawSignature) {
            byte[] encoded = der ? EcdsaSignatures.toDer(rawSignature) : rawSignature;
            Signature signature = pool.borrow();
            boolean holds;
            try {
                signature.update(data, offset, length);
                holds = signature.verify(encoded);
            } catch (SignatureException | RuntimeException e) {
                // Malformed for this provider: not a valid signature, and the object's state is unknown.
                return false;
            }
            pool.giveBack(signature);
            return holds;
        }
    }

    private static final class Hmac extends Engine {
        private final SecretBytes secret;
        private final ObjectPool<Mac> pool;

        Hmac(Algorithm algorithm, SecretBytes secret, Provider provider) {
            this.secret = secret;
            String name = macName(algorithm);
            pool = new ObjectPool<>(() -> {
                try {
                    Mac mac = Mac.getInstance(name, provider);
                    mac.init(new SecretKeySpec(secret.live(), name));
                    return mac;
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("the provider refuses the key for " + algorithm.joseName(), e);
                }
            });
            pool.giveBack(pool.borrow());
        }

        @Override
        byte[] sign(byte[] data, int offset, int length) {
            // A pooled object would outlive a destroyed secret.
            secret.live();
            Mac mac = pool.borrow();
            mac.update(data, offset, length);
            byte[] result = mac.doFinal();
            pool.giveBack(mac);
            return result;
        }

        @Override
        byte[] sign(InputStream data) throws IOException {
            secret.live();
            Mac mac = pool.borrow();
            feed(data, mac::update);
            byte[] result = mac.doFinal();
            pool.giveBack(mac);
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
