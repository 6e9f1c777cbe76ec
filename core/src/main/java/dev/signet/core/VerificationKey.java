// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key that checks signatures or MACs of one algorithm.
 *
 * <p><b>Security properties.</b> Weak keys are refused when this is built: RSA outside 2048 to 16384 bits, with an even
 * exponent or one below 3, or with the ROCA structure; EC points off the algorithm's curve; Ed25519 points that are not
 * of prime order; HMAC secrets shorter than the hash. ECDSA signatures must have the exact length and r and s in [1, n-1];
 * Ed25519 signatures must have S below the group order. MACs are compared in constant time.
 *
 * <p>Immutable and thread-safe.
 */
public final class VerificationKey implements Key {
    /** The order of the Ed25519 base point, little-endian (RFC 8032, 5.1). */
    private static final byte[] ED25519_ORDER = littleEndianOrder();

    /** What no document, token or request begins with, so that its MAC is none of theirs. */
    private static final byte[] OWN_NAME = "\0key of a replay guard's entries".getBytes(StandardCharsets.US_ASCII);

    private final KeyInfo info;
    private final @Nullable PublicKey publicKey;
    private final @Nullable SecretBytes secret;
    private final byte @Nullable [] order;
    private final @Nullable String party;
    private volatile @Nullable Bound engine;
    private volatile @Nullable String thumbprint;
    private volatile @Nullable String ownName;

    private VerificationKey(KeyInfo info, @Nullable PublicKey publicKey, @Nullable SecretBytes secret) {
        this(info, publicKey, secret, null);
    }

    private VerificationKey(
            KeyInfo info, @Nullable PublicKey publicKey, @Nullable SecretBytes secret, @Nullable String party) {
        this.party = party;
        this.info = info;
        this.publicKey = publicKey;
        this.secret = secret;
        order = info.algorithm().family == Algorithm.Family.ECDSA && publicKey instanceof ECPublicKey ec
                ? EcdsaSignatures.order(ec, info.algorithm().length / 2)
                : null;
    }

    /**
     * A public key, whose id is its RFC 7638 thumbprint.
     *
     * @throws IllegalArgumentException if the key is weak or of another type than the algorithm
     */
    public static VerificationKey of(Algorithm algorithm, PublicKey key) {
        requireUse(algorithm, KeyUse.SIGN);
        KeyChecks.checkPublic(algorithm, key);
        return new VerificationKey(KeyInfo.of(Thumbprint.of(algorithm, key), algorithm), key, null);
    }

    /**
     * A shared secret that checks MACs, with a random id.
     *
     * @throws IllegalArgumentException if the secret is shorter than the hash, or is an encoded public key
     */
    public static VerificationKey hmac(Algorithm algorithm, SecretBytes secret) {
        requireUse(algorithm, KeyUse.MAC);
        KeyChecks.checkSecret(algorithm, secret);
        return new VerificationKey(KeyInfo.of(KeyInfo.randomId(), algorithm), null, secret);
    }

    /**
     * The key of a certificate, valid as long as the certificate. The certificate itself is not checked against anything:
     * that the caller configures it is what makes it trusted.
     */
    public static VerificationKey fromCertificate(Algorithm algorithm, X509Certificate certificate) {
        return of(algorithm, certificate.getPublicKey())
                .withValidity(
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant());
    }

    /** A PEM public key ({@code PUBLIC KEY}) or certificate. */
    public static VerificationKey fromPem(Algorithm algorithm, String pem) {
        requireUse(algorithm, KeyUse.SIGN);
        X509Certificate certificate = KeyCodec.readCertificatePem(pem);
        VerificationKey key = of(algorithm, KeyCodec.readPublicPem(algorithm, pem));
        return certificate == null
                ? key
                : key.withValidity(
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant());
    }

    /**
     * Checks a raw signature over {@code data}.
     *
     * @param signature in the form of JOSE and RFC 9421: for ECDSA r and s, each padded to the field's length
     * @throws VerificationException with {@link Reason#SIGNATURE_INVALID} if it does not hold, or with
     *     {@link Reason#KEY_DISABLED} or {@link Reason#KEY_NOT_VALID_NOW} if the key must not be used
     */
    public void verify(byte[] data, byte[] signature) {
        requireUsable(Instant.now());
        verify(data, 0, data.length, signature, Providers.automatic());
    }

    /**
     * Checks a raw signature over a part of an array, by a provider of the caller's choice. The key's status and validity
     * are the caller's to check, by {@link #requireUsable}.
     *
     * @throws VerificationException with {@link Reason#SIGNATURE_INVALID} if it does not hold
     */
    void verify(byte[] data, int offset, int length, byte[] signature, Providers providers) {
        if (!isWellFormed(signature) || !engine(providers).verify(data, offset, length, signature)) {
            throw new VerificationException(Reason.SIGNATURE_INVALID);
        }
    }

    /**
     * Checks a raw signature over a stream, which is read to its end and not closed, in constant memory. Ed25519 needs the
     * whole at once, so that whoever bounds the stream bounds the memory. Nothing read from it may be used before this
     * returns.
     *
     * @throws VerificationException with {@link Reason#SIGNATURE_INVALID} if it does not hold
     * @throws IOException if the stream cannot be read
     */
    void verify(InputStream data, byte[] signature, Providers providers) throws IOException {
        if (!isWellFormed(signature) || !engine(providers).verify(data, signature)) {
            throw new VerificationException(Reason.SIGNATURE_INVALID);
        }
    }

    /**
     * Passes if the key may check messages at {@code now}.
     *
     * @throws VerificationException with {@link Reason#KEY_DISABLED} or {@link Reason#KEY_NOT_VALID_NOW}
     */
    void requireUsable(Instant now) {
        info.requireUsable(now);
    }

    /** The public key; empty for a shared secret. */
    public Optional<PublicKey> publicKey() {
        return Optional.ofNullable(publicKey);
    }

    /** The RFC 7638 thumbprint with SHA-256, in base64url; empty for a shared secret, which has none to publish. */
    public Optional<String> thumbprint() {
        String known = thumbprint;
        if (known == null && publicKey != null) {
            known = Thumbprint.of(info.algorithm(), publicKey);
            thumbprint = known;
        }
        return Optional.ofNullable(known);
    }

    /**
     * What the key is called by what it is, since its id is a partner's to choose and a hint in a message a stranger's to change:
     * the thumbprint, or of a shared secret the MAC of a fixed text, which tells nothing of the secret.
     */
    String ownName() {
        if (secret == null) {
            return thumbprint().orElseThrow();
        }
        String known = ownName;
        if (known == null) {
            Bound bound = engine;
            Engine mac = bound == null ? engine(Providers.automatic()) : bound.engine;
            byte[] tag = mac.sign(OWN_NAME, 0, OWN_NAME.length);
            known = Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
            ownName = known;
        }
        return known;
    }

    /**
     * The public key as PEM ({@code PUBLIC KEY}).
     *
     * @throws IllegalStateException for a shared secret
     */
    public String toPem() {
        return Pem.encode("PUBLIC KEY", requirePublic().getEncoded());
    }

    /** The shared secret; empty for a public key. */
    public Optional<SecretBytes> dangerousSecret() {
        return Optional.ofNullable(secret);
    }

    /** The name of who holds this key, if it was given one. */
    public Optional<String> party() {
        return Optional.ofNullable(party);
    }

    /**
     * This key as one of a named party's. Where several signatures are demanded, those of one party count as one, whatever
     * keys made them; and all keys of a party share its room in a replay store.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    public VerificationKey withParty(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of a party is not empty");
        }
        VerificationKey copy = new VerificationKey(info, publicKey, secret, name);
        copy.engine = engine;
        copy.thumbprint = thumbprint;
        copy.ownName = ownName;
        return copy;
    }

    /** Whether both keys are held by one party: they have the same party's name, or are one key under two ids. */
    boolean isOfSamePartyAs(VerificationKey other) {
        if (party != null && party.equals(other.party)) {
            return true;
        }
        if (secret != null && other.secret != null) {
            return secret.equals(other.secret);
        }
        return publicKey != null && other.publicKey != null && thumbprint().equals(other.thumbprint());
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
    public VerificationKey withId(String id) {
        return with(info.withId(id));
    }

    @Override
    public VerificationKey withStatus(KeyStatus status) {
        return with(info.withStatus(status));
    }

    @Override
    public VerificationKey withValidity(@Nullable Instant notBefore, @Nullable Instant notAfter) {
        return with(info.withValidity(notBefore, notAfter));
    }

    @Override
    public String toString() {
        return info.describe("VerificationKey");
    }

    boolean isAlwaysValid() {
        return info.notBefore() == null && info.notAfter() == null;
    }

    boolean isValidAt(Instant now) {
        return info.isValidAt(now);
    }

    VerificationKey with(KeyInfo newInfo) {
        VerificationKey copy = new VerificationKey(newInfo, publicKey, secret, party);
        copy.engine = engine;
        copy.thumbprint = thumbprint;
        copy.ownName = ownName;
        return copy;
    }

    /** Whether a signature has the form that the algorithm demands; one that has not is none, whoever made it. */
    boolean isWellFormed(byte[] signature) {
        Algorithm algorithm = info.algorithm();
        return switch (algorithm.family) {
            case ECDSA -> order != null && EcdsaSignatures.inRange(signature, order);
            case EDDSA -> signature.length == algorithm.length && isBelowOrder(signature);
            case RSA_PKCS1, RSA_PSS -> signature.length == rsaLength();
            default -> signature.length == algorithm.length;
        };
    }

    private int rsaLength() {
        return publicKey instanceof RSAPublicKey rsa ? (rsa.getModulus().bitLength() + 7) / 8 : -1;
    }

    /** S at or above the order would make a second valid signature out of each one (RFC 8032, 5.1.7). */
    private static boolean isBelowOrder(byte[] signature) {
        for (int i = 31; i >= 0; i--) {
            int s = signature[32 + i] & 0xff;
            int l = ED25519_ORDER[i] & 0xff;
            if (s != l) {
                return s < l;
            }
        }
        return false;
    }

    private Engine engine(Providers providers) {
        Bound bound = engine;
        if (bound == null || bound.providers != providers) {
            bound = new Bound(providers, createEngine(providers));
            engine = bound;
        }
        return bound.engine;
    }

    private Engine createEngine(Providers providers) {
        return secret == null
                ? Engine.verifying(info.algorithm(), requirePublic(), providers)
                : Engine.mac(
                        info.algorithm(), secret, providers.provider(info.algorithm(), Providers.Operation.VERIFY));
    }

    private PublicKey requirePublic() {
        if (publicKey == null) {
            throw new IllegalStateException("a shared secret has no public key");
        }
        return publicKey;
    }

    static void requireUse(Algorithm algorithm, KeyUse use) {
        if (algorithm.use() != use) {
            throw new IllegalArgumentException(algorithm.joseName() + " is not for " + use);
        }
    }

    private static byte[] littleEndianOrder() {
        // 2^252 + 27742317777372353535851937790883648493
        byte[] big = new BigInteger("27742317777372353535851937790883648493")
                .add(BigInteger.ONE.shiftLeft(252))
                .toByteArray();
        byte[] little = new byte[32];
        for (int i = 0; i < 32; i++) {
            little[i] = big[31 - i];
        }
        return little;
    }

    private record Bound(Providers providers, Engine engine) {}
}
