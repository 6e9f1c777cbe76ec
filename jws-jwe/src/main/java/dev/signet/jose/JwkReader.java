// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.Key;
import dev.signet.core.KeyStatus;
import dev.signet.core.KeyUse;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationKey;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;

/**
 * Makes keys of JWKs. {@code alg}, {@code use} and {@code key_ops} must allow what the key is read for; certificates
 * ({@code x5c}) and addresses ({@code x5u}, {@code jku}) are not looked at.
 */
final class JwkReader {
    private static final List<Algorithm> RSA = List.of(
            Algorithm.RS256,
            Algorithm.RS384,
            Algorithm.RS512,
            Algorithm.PS256,
            Algorithm.PS384,
            Algorithm.PS512,
            Algorithm.RSA_OAEP_256,
            Algorithm.RSA_OAEP_384,
            Algorithm.RSA_OAEP_512);
    /** Passwords are not kept in keysets. */
    private static final List<Algorithm> OCT = Arrays.stream(Algorithm.values())
            .filter(a -> a.isSymmetric() && !a.isPasswordBased())
            .toList();

    /** The first is that of a key without {@code alg}. */
    private static final List<Algorithm> ECDH =
            List.of(Algorithm.ECDH_ES_A256KW, Algorithm.ECDH_ES_A192KW, Algorithm.ECDH_ES_A128KW, Algorithm.ECDH_ES);

    private static final List<Algorithm> AKP = List.of(Algorithm.ML_DSA_44, Algorithm.ML_DSA_65, Algorithm.ML_DSA_87);

    private static final Set<String> RSA_PUBLIC = Set.of("kty", "n", "e");
    private static final Set<String> RSA_PRIVATE = Set.of("kty", "n", "e", "d", "p", "q", "dp", "dq", "qi");
    private static final Set<String> EC_PUBLIC = Set.of("kty", "crv", "x", "y");
    private static final Set<String> EC_PRIVATE = Set.of("kty", "crv", "x", "y", "d");

    private JwkReader() {}

    /** @param rsaDefault for RSA keys without {@code alg}; null if they are to be refused */
    static VerificationKey verification(Jwk jwk, @Nullable Algorithm rsaDefault) {
        Algorithm algorithm = algorithm(jwk, Set.of(KeyUse.SIGN), rsaDefault);
        requirePurpose(jwk, "sig", Set.of("verify"));
        return complete(jwk, () -> VerificationKey.of(algorithm, publicKey(jwk, algorithm)));
    }

    static EncryptionKey encryption(Jwk jwk) {
        Algorithm algorithm = algorithm(jwk, Set.of(KeyUse.ENCRYPT), null);
        // The public half of a key agreement may well have no operation at all.
        boolean agreement = ECDH.contains(algorithm);
        requirePurpose(jwk, "enc", agreement ? Set.of("deriveKey", "deriveBits", "") : Set.of("encrypt", "wrapKey"));
        return complete(jwk, () -> EncryptionKey.of(algorithm, publicKey(jwk, algorithm)));
    }

    static SigningKey signing(Jwk jwk) {
        Algorithm algorithm = algorithm(jwk, Set.of(KeyUse.SIGN, KeyUse.MAC), null);
        requirePurpose(jwk, "sig", Set.of("sign"));
        return complete(
                jwk,
                () -> algorithm.isSymmetric()
                        ? SigningKey.hmac(algorithm, secret(jwk))
                        : pair(
                                jwk,
                                algorithm,
                                (privateKey, publicKey) -> SigningKey.of(algorithm, privateKey, publicKey)));
    }

    static DecryptionKey decryption(Jwk jwk) {
        Algorithm algorithm = algorithm(jwk, Set.of(KeyUse.ENCRYPT), null);
        boolean agreement = ECDH.contains(algorithm);
        requirePurpose(jwk, "enc", agreement ? Set.of("deriveKey", "deriveBits") : Set.of("decrypt", "unwrapKey"));
        return complete(
                jwk,
                () -> algorithm.isSymmetric()
                        ? DecryptionKey.secret(algorithm, secret(jwk))
                        : pair(
                                jwk,
                                algorithm,
                                (privateKey, publicKey) -> DecryptionKey.of(algorithm, privateKey, publicKey)));
    }

    static TokenizationKey tokenization(Jwk jwk) {
        algorithm(jwk, Set.of(KeyUse.TOKENIZE), null);
        requirePurpose(jwk, "", Set.of("deriveKey", "deriveBits"));
        return complete(jwk, () -> TokenizationKey.of(secret(jwk)));
    }

    /** A private key or secret of whatever use its algorithm has. */
    static Key anyPrivate(Jwk jwk) {
        return switch (use(jwk)) {
            case SIGN, MAC -> signing(jwk);
            case ENCRYPT -> decryption(jwk);
            case TOKENIZE -> tokenization(jwk);
        };
    }

    /** A public key of whatever use its algorithm has. */
    static Key anyPublic(Jwk jwk) {
        return use(jwk) == KeyUse.ENCRYPT ? encryption(jwk) : verification(jwk, null);
    }

    /** What a key is for that does not say it, is found where its algorithm is. */
    private static KeyUse use(Jwk jwk) {
        return jwk.algorithm()
                .flatMap(Algorithm::ofJoseName)
                .map(Algorithm::use)
                .orElseGet(() -> jwk.use().filter("enc"::equals).isPresent() ? KeyUse.ENCRYPT : KeyUse.SIGN);
    }

    // ---- what the key is for
    // -----------------------------------------------------------------------------------------

    private static Algorithm algorithm(Jwk jwk, Set<KeyUse> uses, @Nullable Algorithm rsaDefault) {
        String type = jwk.type();
        List<Algorithm> fitting = fitting(jwk, type);
        String name = jwk.algorithm().orElse(null);
        if (name != null) {
            Algorithm algorithm = named(name, fitting);
            if (!uses.contains(algorithm.use())) {
                throw new JwkException(JwkException.OTHER_PURPOSE, "alg is for " + algorithm.use());
            }
            return algorithm;
        }
        if (type.equals("EC") || type.equals("OKP")) {
            // The curve leaves one algorithm for signatures, and for encryption the strongest is taken.
            return fitting.stream()
                    .filter(a -> uses.contains(a.use()))
                    .findFirst()
                    .orElseThrow(() -> new JwkException(JwkException.OTHER_PURPOSE, "crv is of another use"));
        }
        if (type.equals("RSA") && rsaDefault != null && uses.contains(rsaDefault.use())) {
            return rsaDefault;
        }
        throw new JwkException(JwkException.ALGORITHM_MISSING, "no alg, which kty " + type + " needs");
    }

    private static List<Algorithm> fitting(Jwk jwk, String type) {
        return switch (type) {
            case "RSA" -> RSA;
            case "oct" -> OCT;
            case "AKP" -> AKP;
            case "EC" ->
                switch (jwk.requireString("crv")) {
                    case "P-256" -> withEcdh(Algorithm.ES256);
                    case "P-384" -> withEcdh(Algorithm.ES384);
                    case "P-521" -> withEcdh(Algorithm.ES512);
                    default -> throw new JwkException(JwkException.NOT_SUPPORTED, "crv is not supported");
                };
            case "OKP" ->
                switch (jwk.requireString("crv")) {
                    case "Ed25519" -> List.of(Algorithm.ED25519);
                    case "X25519" -> ECDH;
                    default -> throw new JwkException(JwkException.NOT_SUPPORTED, "crv is not supported");
                };
            default -> throw new JwkException(JwkException.NOT_SUPPORTED, "kty is not supported");
        };
    }

    private static List<Algorithm> withEcdh(Algorithm signature) {
        return Stream.concat(Stream.of(signature), ECDH.stream()).toList();
    }

    private static Algorithm named(String name, List<Algorithm> fitting) {
        // RFC 9864, 4.1.2: the old name of Ed25519, and of Ed448 too, which the curve excludes.
        String canonical = name.equals("EdDSA") ? Algorithm.ED25519.joseName() : name;
        Algorithm algorithm = Algorithm.ofJoseName(canonical)
                .orElseThrow(() -> new JwkException(JwkException.NOT_SUPPORTED, "alg is not supported"));
        if (!fitting.contains(algorithm)) {
            throw new JwkException("alg does not fit kty and crv");
        }
        return algorithm;
    }

    /**
     * RFC 7517, 4.2 and 4.3.
     *
     * @param operations of which one must be present if any is named; the empty string stands for none named
     */
    private static void requirePurpose(Jwk jwk, String use, Set<String> operations) {
        String actual = jwk.use().orElse(null);
        if (actual != null && !actual.equals(use)) {
            throw new JwkException(JwkException.OTHER_PURPOSE, "use is for another purpose");
        }
        Set<String> allowed = jwk.operations().orElse(null);
        if (allowed != null
                && Collections.disjoint(allowed, operations)
                && !(allowed.isEmpty() && operations.contains(""))) {
            throw new JwkException(JwkException.OTHER_PURPOSE, "key_ops is for another purpose");
        }
    }

    // ---- material
    // ----------------------------------------------------------------------------------------------------

    private static PublicKey publicKey(Jwk jwk, Algorithm algorithm) {
        try {
            return switch (jwk.type()) {
                case "RSA" -> {
                    jwk.requireUnsigned("n");
                    jwk.requireUnsigned("e");
                    yield RSAKey.parse(jwk.only(RSA_PUBLIC)).toRSAPublicKey();
                }
                case "EC" -> {
                    requireCoordinates(jwk, "x", "y");
                    yield ECKey.parse(jwk.only(EC_PUBLIC)).toECPublicKey();
                }
                case "OKP" -> {
                    byte[] encoded = spki(Octets.curveOid(jwk), jwk.bytes("x", Octets.OKP_BYTES));
                    yield KeyFactory.getInstance(jwk.requireString("crv"))
                            .generatePublic(new X509EncodedKeySpec(encoded));
                }
                case "AKP" -> {
                    byte[] encoded = spki(Octets.mlDsaOid(algorithm), jwk.bytes("pub"));
                    yield KeyFactory.getInstance(algorithm.joseName(), Octets.bouncyCastle())
                            .generatePublic(new X509EncodedKeySpec(encoded));
                }
                default -> throw new JwkException("kty has no public keys");
            };
        } catch (JwkException e) {
            throw e;
        } catch (ParseException | JOSEException | GeneralSecurityException | IOException | RuntimeException e) {
            // Nimbus and the JCA may quote values, so their messages stay behind.
            throw new JwkException("the members make no valid public key");
        }
    }

    private static <K> K pair(Jwk jwk, Algorithm algorithm, BiFunction<PrivateKey, PublicKey, K> make) {
        if (!jwk.isPrivate()) {
            throw new JwkException("the private key is missing");
        }
        return make.apply(privateKey(jwk, algorithm), publicKey(jwk, algorithm));
    }

    private static PrivateKey privateKey(Jwk jwk, Algorithm algorithm) {
        try {
            return switch (jwk.type()) {
                case "RSA" -> {
                    if (jwk.has("oth")) {
                        throw new JwkException(
                                JwkException.NOT_SUPPORTED, "RSA keys of more than two primes are not supported");
                    }
                    RSA_PRIVATE.stream().filter(name -> !name.equals("kty")).forEach(jwk::requireUnsigned);
                    yield RSAKey.parse(jwk.only(RSA_PRIVATE)).toRSAPrivateKey();
                }
                case "EC" -> {
                    requireCoordinates(jwk, "x", "y", "d");
                    yield ECKey.parse(jwk.only(EC_PRIVATE)).toECPrivateKey();
                }
                case "OKP" -> {
                    byte[] scalar = jwk.bytes("d", Octets.OKP_BYTES);
                    byte[] encoded = pkcs8(Octets.curveOid(jwk), new DEROctetString(scalar));
                    yield privateKey(KeyFactory.getInstance(jwk.requireString("crv")), encoded, scalar);
                }
                case "AKP" -> {
                    // RFC 9881, 6: the seed form of an ML-DSA private key.
                    byte[] seed = jwk.bytes("priv", Octets.SEED_BYTES);
                    byte[] encoded =
                            pkcs8(Octets.mlDsaOid(algorithm), new DERTaggedObject(false, 0, new DEROctetString(seed)));
                    yield privateKey(
                            KeyFactory.getInstance(algorithm.joseName(), Octets.bouncyCastle()), encoded, seed);
                }
                default -> throw new JwkException("kty has no private keys");
            };
        } catch (JwkException e) {
            throw e;
        } catch (ParseException | JOSEException | GeneralSecurityException | IOException | RuntimeException e) {
            throw new JwkException("the members make no valid private key");
        }
    }

    private static PrivateKey privateKey(KeyFactory factory, byte[] encoded, byte[] secret)
            throws GeneralSecurityException {
        try {
            return factory.generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } finally {
            Arrays.fill(encoded, (byte) 0);
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static SecretBytes secret(Jwk jwk) {
        byte[] bytes = jwk.bytes("k");
        try {
            return SecretBytes.copyOf(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** RFC 7518, 6.2.1.2 and 6.2.2.1: exactly as long as the field. */
    private static void requireCoordinates(Jwk jwk, String... names) {
        int length = switch (jwk.requireString("crv")) {
            case "P-256" -> 32;
            case "P-384" -> 48;
            default -> 66;
        };
        for (String name : names) {
            jwk.bytes(name, length);
        }
    }

    private static byte[] spki(ASN1ObjectIdentifier oid, byte[] key) throws IOException {
        return new SubjectPublicKeyInfo(new AlgorithmIdentifier(oid), key).getEncoded();
    }

    private static byte[] pkcs8(ASN1ObjectIdentifier oid, ASN1Encodable key) throws IOException {
        return new PrivateKeyInfo(new AlgorithmIdentifier(oid), key).getEncoded();
    }

    // ---- what travels with the key
    // -----------------------------------------------------------------------------------

    @SuppressWarnings("unchecked") // every kind of key returns its own kind
    private static <K extends Key> K complete(Jwk jwk, Supplier<K> make) {
        for (String thumbprint : List.of("x5t", "x5t#S256")) {
            if (jwk.has(thumbprint)) {
                jwk.bytes(thumbprint);
            }
        }
        try {
            Key key = make.get();
            String id = jwk.id().orElse(null);
            if (id == null && key.algorithm().isSymmetric()) {
                // RFC 7638, 7: the thumbprint of a secret helps to guess it.
                throw new JwkException("no kid, which kty oct needs");
            }
            if (id != null) {
                key = key.withId(id);
            }
            return (K) key.withStatus(status(jwk)).withValidity(jwk.instant("nbf"), jwk.instant("exp"));
        } catch (IllegalArgumentException e) {
            // core says what is weak or inconsistent, without values.
            throw new JwkException(JwkException.REFUSED, String.valueOf(e.getMessage()));
        }
    }

    private static KeyStatus status(Jwk jwk) {
        String name = jwk.status().orElse(null);
        if (name == null) {
            return KeyStatus.ACTIVE;
        }
        return Arrays.stream(KeyStatus.values())
                .filter(status -> JwkWriter.name(status).equals(name))
                .findFirst()
                .orElseThrow(() -> new JwkException(Jwk.STATUS + " is unknown"));
    }
}
