// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.KeyUnavailableException;
import dev.signet.core.KeyUse;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityListener;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Audit;
import dev.signet.core.internal.Replays;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Verifies XML signatures (XML Signature 1.1) and gives back what was signed.
 *
 * <p><b>Security properties.</b> The document is read once, by one parser, and what is given out are the canonical bytes that
 * were digested, so that a wrapped, commented or otherwise doubled element cannot take the place of the signed one. The
 * signature stands where the profile says and covers what it says. Before any cryptography: limits hold, document type
 * declarations are refused, the signature follows its schema, references are {@code ""} or {@code #id}, and transforms are
 * the enveloped signature and one canonicalization; there is no XPath, no XSLT and no fetching. {@code KeyInfo} selects among
 * the keys that are configured and is never a key. The algorithm is the key's.
 *
 * <p>Immutable and thread-safe. Every method throws {@link InvalidMessageException} for what is not XML that is accepted, or
 * over a limit, {@link VerificationException} for what must not be trusted, and {@link KeyUnavailableException} if the keys
 * cannot be reached. Nothing is given out before the verdict.
 */
public final class XmlVerifier {
    private final KeyResolver keys;
    private final SecurityPolicy policy;
    private final XmlEngine engine;
    private final KnownCertificates certificates;
    private final boolean ignoreKeyInfo;
    private final @Nullable Function<VerifiedXml, Instant> created;
    private final @Nullable ReplayGuard guard;
    private final Function<VerifiedXml, String> messageId;
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
            return verify(Content.of(xml, xml.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Verifies a document of any size that the policy allows, in the memory that it allows. The stream is read to its end and
     * not closed; the result is to be closed.
     *
     * @throws IOException if the stream or a temporary file cannot be read or written
     */
    public VerifiedXml verify(InputStream xml) throws IOException {
        Content content;
        try {
            content = Content.of(xml, engine.limits.maxBytes(), engine.limits.maxBytesInMemory());
        } catch (InvalidMessageException e) {
            throw audit.refused(e, null);
        }
        try (content) {
            return verify(content);
        }
    }

    @Override
    public String toString() {
        return "XmlVerifier[" + engine.profile + "]";
    }

    // ---- the verdict -----------------------------------------------------------------------------------------------

    private VerifiedXml verify(Content document) throws IOException {
        VerificationKey[] key = new VerificationKey[1];
        try {
            VerifiedXml verified = verify(document, key);
            try {
                checkFreshness(verified);
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

    private VerifiedXml verify(Content document, VerificationKey[] used) throws IOException {
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
            key.verify(
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
        key.requireUsable(clock.instant());
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
                return certificates
                        .keyId(hints)
                        .flatMap(keys::resolve)
                        .orElseThrow(() -> new VerificationException(Reason.KEY_UNKNOWN));
            }
            String name = hints.name();
            if (name != null) {
                return keys.resolve(name).orElseThrow(() -> new VerificationException(Reason.KEY_UNKNOWN));
            }
        }
        return keys.resolveUnnamed().orElseThrow(() -> new VerificationException(Reason.KEY_UNKNOWN));
    }

    // ---- freshness -------------------------------------------------------------------------------------------------

    private void checkFreshness(VerifiedXml verified) {
        if (created == null) {
            return;
        }
        Instant now = clock.instant();
        Instant made = created.apply(verified);
        if (made.isAfter(now.plus(policy.clockSkew()))) {
            throw new VerificationException(Reason.CREATED_IN_FUTURE);
        }
        Instant until = made.plus(policy.maxAge()).plus(policy.clockSkew());
        if (until.isBefore(now)) {
            throw new VerificationException(Reason.TOO_OLD);
        }
        if (guard != null) {
            Replays.claim(guard, ReplayGuard.Entry.of(verified.key(), messageId.apply(verified), until));
        }
    }

    /** Collects what a verifier needs. */
    public static final class Builder {
        private final KeyResolver keys;
        private final XmlProfile profile;
        private final List<KnownCertificates.Known> certificates = new ArrayList<>();
        private boolean ignoreKeyInfo;
        private boolean instructions;
        private @Nullable Function<VerifiedXml, Instant> created;
        private @Nullable ReplayGuard guard;
        private Function<VerifiedXml, String> messageId = verified -> "";
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
            return this;
        }

        /** Accepts processing instructions, which are signed like everything else and may mean something to others. */
        public Builder allowProcessingInstructions() {
            instructions = true;
            return this;
        }

        /**
         * Refuses messages older than the policy's maximal age.
         *
         * @param created reads the time of its creation from a verified message
         */
        public Builder freshness(Function<VerifiedXml, Instant> created) {
            this.created = created;
            return this;
        }

        /**
         * Refuses a message that was accepted before; needs {@link #freshness}.
         *
         * @param id reads from a verified message what is different in every message of a key
         */
        public Builder replayGuard(ReplayGuard guard, Function<VerifiedXml, String> id) {
            this.guard = guard;
            messageId = id;
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
         * @throws IllegalArgumentException if there is a replay guard without freshness, which would never forget
         */
        public XmlVerifier build() {
            if (guard != null && created == null) {
                throw new IllegalArgumentException("a replay guard needs freshness(…)");
            }
            return new XmlVerifier(this);
        }
    }
}
