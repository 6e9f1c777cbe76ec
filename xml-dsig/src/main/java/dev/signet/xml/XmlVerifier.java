// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.KeyUse;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityListener;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Audit;
import dev.signet.core.internal.Boundary;
import dev.signet.core.internal.Keys;
import dev.signet.core.internal.Lowered;
import dev.signet.core.internal.Replays;
import dev.signet.core.internal.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/**
 * Verifies XML signatures (XML Signature 1.1) and gives back what was signed.
 *
 * <p><b>Security properties.</b> The document is read once, by one parser, and what is given out are the canonical bytes that
 * were digested, so that a wrapped, commented or otherwise doubled element cannot take the place of the signed one. The
 * signature stands where the profile says and covers what it says. Before any cryptography: limits hold, document type
 * declarations are refused, the signature follows its schema, references are {@code ""} or {@code #id}, and transforms are
 * the enveloped signature and one canonicalization; there is no XPath, no XSLT and no fetching. {@code KeyInfo} selects among
 * the keys that are configured and is never a key. The algorithm is the key's. Time is looked at when all has been read and
 * asked, and again when a replay guard has answered, which is asked last. A {@code wsu:Timestamp} that is covered is obeyed:
 * past its {@code wsu:Expires} the message is refused (WS-Security 1.1, 10).
 *
 * <p><b>Once.</b> What its standard has used once, an HTTP request or a DPoP proof, is claimed from a replay guard: one in memory
 * unless {@code replayGuard} gives another, and none only by {@code ignoreReplay}. What its standard lets be shown again, a token
 * or a document, is claimed only if {@code replayGuard} gives a guard.
 *
 * <p>Immutable and thread-safe. Every method throws {@link InvalidMessageException} for what is not XML that is accepted, or
 * over a limit, {@link VerificationException} for what must not be trusted, and {@link UnavailableException} if the keys
 * cannot be reached. Nothing is given out before the verdict.
 */
public final class XmlVerifier {
    private static final QName TIMESTAMP = new QName(XmlProfile.WSU, "Timestamp");
    private static final String EXPIRES = "Expires";
    private final KeyResolver keys;
    private final SecurityPolicy policy;
    private final XmlEngine engine;
    private final KnownCertificates certificates;
    private final boolean ignoreKeyInfo;
    private final @Nullable Function<VerifiedXml, Instant> created;
    private final @Nullable ReplayGuard guard;
    private final Function<VerifiedXml, String> messageId;
    private final boolean ignoreExpiration;
    private final Duration maxAge;
    private final String lowered;
    private final InstantSource clock;
    private final Audit audit;
    /** What the last good message asked for; see {@link Plan}. */
    private volatile Plan plan;

    private XmlVerifier(Builder builder) {
        keys = builder.keys;
        policy = builder.policy;
        engine = new XmlEngine(builder.profile, policy, builder.instructions);
        certificates = new KnownCertificates(builder.certificates);
        ignoreKeyInfo = builder.ignoreKeyInfo;
        created = builder.created;
        guard = builder.guard;
        messageId = builder.messageId;
        ignoreExpiration = builder.ignoreExpiration;
        maxAge = builder.maxAge == null || builder.maxAge.compareTo(policy.maxAge()) > 0
                ? policy.maxAge()
                : builder.maxAge;
        lowered = builder.lowered.toString();
        clock = builder.clock;
        audit = new Audit("xml", builder.listener, clock);
        plan = Plan.common(builder.profile.parts.size());
    }

    /** Starts a verifier with the keys that it trusts, and the kind of document that it accepts. */
    public static Builder builder(KeyResolver keys, XmlProfile profile) {
        return new Builder(keys, profile);
    }

    /** Verifies a document in UTF-8, US-ASCII or ISO-8859-1. */
    public VerifiedXml verify(byte[] xml) {
        try {
            return verify(Spool.of(xml, xml.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Verifies a document of any size that the policy allows, in the memory that it allows. The stream is read to its end and
     * not closed; the result is to be closed.
     *
     * @throws IOException if the stream, or a temporary file again, cannot be read
     * @throws UnavailableException also if a temporary file cannot be written
     */
    public VerifiedXml verify(InputStream xml) throws IOException {
        try (Spool content = engine.spool()) {
            try {
                content.fill(xml::read);
            } catch (MessageSecurityException e) {
                throw audit.refused(e, null);
            }
            return verify(content);
        }
    }

    @Override
    public String toString() {
        return "XmlVerifier[" + engine.profile + lowered + "]";
    }

    // ---- the verdict -----------------------------------------------------------------------------------------------

    private VerifiedXml verify(Spool document) throws IOException {
        VerificationKey[] key = new VerificationKey[1];
        try {
            VerifiedXml verified = verify(document, key);
            try {
                decide(verified);
            } catch (RuntimeException | Error e) {
                verified.close();
                throw e;
            }
            audit.accepted(SecurityEvent.Type.VERIFIED, verified.key());
            return verified;
        } catch (MessageSecurityException e) {
            throw audit.refused(e, key[0]);
        }
    }

    private VerifiedXml verify(Spool document, VerificationKey[] used) throws IOException {
        Plan guess = plan;
        DocumentPass pass = engine.run(document, guess, null);
        try {
            Reference[] covering = new Reference[engine.profile.parts.size()];
            Plan asked = pass.asked(covering);
            VerificationKey key = key(pass.signature());
            used[0] = key;
            if (!pass.serves(asked)) {
                pass.close();
                pass = engine.run(document, asked, null);
                covering = new Reference[covering.length];
                // The second pass stands for itself: it is held against what it read.
                if (!pass.serves(pass.asked(covering))) {
                    throw new VerificationException(Reason.DIGEST_MISMATCH);
                }
            }
            checkDigests(pass, covering);
            CanonicalOutput signedInfo = pass.signedInfo();
            Keys.verify(
                    key,
                    signedInfo.buffer(),
                    0,
                    signedInfo.length(),
                    pass.signature().signatureValue(),
                    policy.providers());
            pass.keepNames();
            if (!guess.equals(asked)) {
                plan = asked;
            }
            return take(pass, covering, key);
        } finally {
            pass.close();
        }
    }

    private void checkDigests(DocumentPass pass, @Nullable Reference[] covering) throws IOException {
        for (int i = 0; i < covering.length; i++) {
            Reference reference = covering[i];
            if (reference == null) {
                continue;
            }
            byte[] actual = pass.output(i).digest(engine.digests(reference.digest()));
            if (!MessageDigest.isEqual(actual, reference.value())) {
                throw new VerificationException(
                        Reason.DIGEST_MISMATCH,
                        engine.profile.parts.get(i).name().getLocalPart());
            }
        }
    }

    private VerifiedXml take(DocumentPass pass, @Nullable Reference[] covering, VerificationKey key) {
        List<VerifiedXml.Part> parts = new ArrayList<>(covering.length);
        for (int i = 0; i < covering.length; i++) {
            if (covering[i] != null) {
                parts.add(new VerifiedXml.Part(
                        engine.profile.parts.get(i),
                        pass.take(i),
                        engine.verifiedReaders,
                        engine.profile.enveloping ? 1 : 0));
            }
        }
        return new VerifiedXml(key, List.copyOf(parts));
    }

    // ---- the key ---------------------------------------------------------------------------------------------------

    private VerificationKey key(SignatureReader signature) {
        VerificationKey key = find(signature.hints());
        Algorithm algorithm = key.algorithm();
        if (!signature.signatureMethod().equals(algorithm.xmlUri().orElse(null))) {
            throw new VerificationException(Reason.ALGORITHM_MISMATCH);
        }
        if (!policy.algorithms().contains(algorithm)) {
            throw new VerificationException(Reason.ALGORITHM_NOT_ALLOWED, algorithm.joseName());
        }
        int truncated = signature.hmacOutputLength();
        if (truncated >= 0 && (algorithm.use() != KeyUse.MAC || truncated != macBits(algorithm))) {
            // CVE-2009-0217: the length of a MAC is not the message's to choose.
            throw new VerificationException(Reason.PARAMETER_FORBIDDEN, "HMACOutputLength");
        }
        Keys.requireUsable(key, clock.instant());
        return key;
    }

    private static int macBits(Algorithm algorithm) {
        return switch (algorithm) {
            case HS256 -> 256;
            case HS384 -> 384;
            default -> 512;
        };
    }

    private VerificationKey find(KeyHints hints) {
        if (!ignoreKeyInfo) {
            if (!certificates.isEmpty() && hints.hasX509()) {
                return found(certificates.keyId(hints).flatMap(id -> ask(() -> keys.resolve(id))));
            }
            String name = hints.name();
            if (name != null) {
                return found(ask(() -> keys.resolve(name)));
            }
        }
        return found(ask(keys::resolveUnnamed));
    }

    private static Optional<VerificationKey> ask(Supplier<Optional<VerificationKey>> resolver) {
        return Boundary.ask("key resolver", resolver);
    }

    private static VerificationKey found(Optional<VerificationKey> key) {
        return key.orElseThrow(() -> new VerificationException(Reason.KEY_UNKNOWN));
    }

    // ---- time ------------------------------------------------------------------------------------------------------

    /** All that takes time comes before the clock, and the replay guard last: what it has seen, it will not see again. */
    private void decide(VerifiedXml verified) {
        Instant expires = ignoreExpiration ? null : expires(verified);
        Instant made = created == null ? null : read("creation time", created, verified);
        if (made == null || guard == null) {
            checkTime(verified.key(), made, expires);
            return;
        }
        String id = read("message id", messageId, verified);
        if (id.isEmpty() || id.length() > policy.limits().maxNonceLength()) {
            throw new VerificationException(Reason.PARAMETER_UNEXPECTED, "message id");
        }
        checkTime(verified.key(), made, expires);
        // Another verifier that asks the same guard may allow a larger skew.
        Instant until = made.plus(policy.maxAge()).plus(SecurityPolicy.MAX_CLOCK_SKEW);
        Replays.claim(guard, ReplayGuard.Entry.of(verified.key(), id, until));
        checkTime(verified.key(), made, expires);
    }

    private void checkTime(VerificationKey key, @Nullable Instant made, @Nullable Instant expires) {
        Instant now = clock.instant();
        Keys.requireUsable(key, now);
        if (expires != null && !now.isBefore(expires.plus(policy.clockSkew()))) {
            throw new VerificationException(Reason.EXPIRED);
        }
        if (made == null) {
            return;
        }
        if (made.isAfter(now.plus(policy.clockSkew()))) {
            throw new VerificationException(Reason.CREATED_IN_FUTURE);
        }
        if (made.plus(maxAge).plus(policy.clockSkew()).isBefore(now)) {
            throw new VerificationException(Reason.TOO_OLD);
        }
    }

    /** The end of the time stamp that the signature covers, if it covers one that has an end. */
    private static @Nullable Instant expires(VerifiedXml verified) {
        for (VerifiedXml.Part part : verified.parts()) {
            if (part.name().equals(TIMESTAMP)) {
                return part.texts(EXPIRES).isEmpty() ? null : part.instant(EXPIRES);
            }
        }
        return null;
    }

    /** What a callback reads: what the message does not have is the message's fault, what else fails is not. */
    private static <T> T read(String what, Function<VerifiedXml, T> callback, VerifiedXml verified) {
        return Boundary.ask("reader of the " + what, () -> {
                    try {
                        return Optional.ofNullable(callback.apply(verified));
                    } catch (VerifiedXml.NotCovered e) {
                        throw new VerificationException(Reason.COMPONENT_NOT_COVERED, what);
                    }
                })
                .orElseThrow(() -> new VerificationException(Reason.PARAMETER_MISSING, what));
    }

    /** Collects what a verifier needs. */
    public static final class Builder {
        private final KeyResolver keys;
        private final XmlProfile profile;
        private final List<KnownCertificates.Known> certificates = new ArrayList<>();
        private final Lowered lowered = new Lowered();
        private boolean ignoreKeyInfo;
        private boolean instructions;
        private @Nullable Function<VerifiedXml, Instant> created;
        private @Nullable ReplayGuard guard;
        private Function<VerifiedXml, String> messageId = verified -> "";
        private @Nullable Duration maxAge;
        private boolean ignoreReplay;
        private boolean ignoreExpiration;
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private SecurityListener listener = SecurityListener.none();
        private InstantSource clock = InstantSource.system();

        private Builder(KeyResolver keys, XmlProfile profile) {
            this.keys = keys;
            this.profile = profile;
        }

        /**
         * The certificate of a configured key: a message that carries it, or names it by issuer and serial number or by
         * subject key identifier, means the key of this id. The certificate is only compared. Once one is given, messages
         * that carry another are refused.
         */
        public Builder certificate(String keyId, X509Certificate certificate) {
            certificates.add(new KnownCertificates.Known(keyId, certificate));
            return this;
        }

        /** Uses the resolver's only key, whatever the message calls it. */
        public Builder ignoreKeyInfo() {
            ignoreKeyInfo = true;
            lowered.add("ignoreKeyInfo");
            return this;
        }

        /** Accepts processing instructions, which are signed like everything else and may mean something to others. */
        public Builder allowProcessingInstructions() {
            instructions = true;
            lowered.add("allowProcessingInstructions");
            return this;
        }

        /**
         * Refuses messages older than {@link #maxAge}, or the policy's maximal age without it.
         *
         * @param created reads the time of its creation from a verified message. Null, or a part that the signature does not
         *     cover, refuses the message; what else it throws is a {@link UnavailableException}
         */
        public Builder createdAt(Function<VerifiedXml, Instant> created) {
            this.created = created;
            return this;
        }

        /** Accepts messages of at most this age, instead of the policy's; longer ages are cut to the latter. Needs {@link #createdAt}. */
        public Builder maxAge(Duration age) {
            if (age.isNegative() || age.isZero()) {
                throw new IllegalArgumentException("the age is positive");
            }
            maxAge = age;
            return this;
        }

        /**
         * Refuses a message that was accepted before; needs {@link #createdAt}. Verifiers with one guard have one policy's {@code
         * maxAge}, too.
         *
         * @param id reads from a verified message what is different in every message of a key, as {@link #createdAt} does; it
         *     must have a character and not more than the policy's nonces
         */
        public Builder replayGuard(ReplayGuard guard, Function<VerifiedXml, String> id) {
            this.guard = guard;
            messageId = id;
            return this;
        }

        /** Accepts a document as often as it comes, which is so unless a guard is given. */
        public Builder ignoreReplay() {
            ignoreReplay = true;
            lowered.add("ignoreReplay");
            return this;
        }

        /** Accepts messages whose covered {@code wsu:Timestamp} has expired, from partners whose clocks are that wrong. */
        public Builder ignoreExpiration() {
            ignoreExpiration = true;
            lowered.add("ignoreExpiration");
            return this;
        }

        /** Another policy than the recommended one. */
        public Builder policy(SecurityPolicy policy) {
            this.policy = policy;
            return this;
        }

        /** Hears of every verdict. */
        public Builder listener(SecurityListener listener) {
            this.listener = listener;
            return this;
        }

        /** Another clock than the system's. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /**
         * The verifier.
         *
         * @throws IllegalArgumentException if there is a replay guard, which would never forget, or a maximal age without {@link
         *     #createdAt}, or if a guard is both given and ignored
         */
        public XmlVerifier build() {
            Replays.requireOneWish(guard, ignoreReplay);
            if (created == null && (guard != null || maxAge != null)) {
                throw new IllegalArgumentException(
                        (guard != null ? "a replay guard" : "maxAge(…)") + " needs createdAt(…)");
            }
            return new XmlVerifier(this);
        }
    }
}
