// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.KeyUnavailableException;
import dev.signet.core.Limits;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityListener;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Audit;
import dev.signet.core.internal.Boundary;
import dev.signet.core.internal.Replays;
import dev.signet.http.HttpMessage.BodyPresence;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signed HTTP messages (RFC 9421) and their bodies (RFC 9530).
 *
 * <p><b>Security properties.</b> Used as it comes, it demands what {@link SignaturePolicy#recommended2026()} says, refuses
 * signatures older than 5 minutes, and accepts no message twice: messages of a key are told apart by their nonce, or by their
 * signature base if they have none. The key decides the algorithm. Everything cheap is checked before any cryptography, the
 * signature before the body is read, and the replay guard is asked last. The result gives only what was covered.
 *
 * <p>Immutable and thread-safe; build one and keep it.
 */
public final class HttpVerifier {
    private static final ComponentLists NO_LISTS = new ComponentLists();
    private static final Consumer<VerifiedMessage> NO_MORE = verified -> {};

    private final KeyResolver keys;
    private final SecurityPolicy policy;
    private final List<SignaturePolicy> signaturePolicies;
    private final int atLeast;
    private final @Nullable ReplayGuard replayGuard;
    private final Audit audit;
    private final InstantSource clock;
    private final Duration maxBodyTime;
    private final Map<String, FieldType> types;
    private final SfLimits sfLimits;
    private final Digester digester;
    private final ComponentLists knownLists = new ComponentLists();

    private HttpVerifier(Builder builder) {
        keys = builder.keys;
        policy = builder.policy;
        signaturePolicies = builder.signaturePolicies;
        atLeast = builder.atLeast;
        clock = builder.clock;
        maxBodyTime = builder.maxBodyTime;
        replayGuard = builder.ignoreReplay
                ? null
                : builder.replayGuard != null
                        ? builder.replayGuard
                        : ReplayGuard.inMemory(1_000_000, 500_000, builder.clock);
        audit = new Audit("http", builder.listener, builder.clock);
        types = Map.copyOf(builder.types);
        sfLimits = sfLimits(policy.limits());
        digester = Digester.of(policy.providers());
    }

    /** Starts a verifier that trusts these keys. */
    public static Builder builder(KeyResolver keys) {
        return new Builder(keys);
    }

    /**
     * Verifies a message without a body.
     *
     * @throws MessageSecurityException as {@link #verify(HttpMessage, InputStream)}
     */
    public VerifiedMessage verify(HttpMessage message) {
        return verify(message, new byte[0]);
    }

    /**
     * Verifies a message with its body in memory; the array must not be changed afterwards.
     *
     * @throws MessageSecurityException as {@link #verify(HttpMessage, InputStream)}
     */
    public VerifiedMessage verify(HttpMessage message, byte[] body) {
        if (body.length > policy.limits().maxBodyBytes()) {
            throw audit.refused(tooLong(), null);
        }
        return verify(message, Body.of(body, digester), NO_MORE);
    }

    /**
     * Verifies a message with its body as a stream. If a signature covers the body's digest, the stream is read to its end, in
     * constant memory, before this returns; otherwise it is left alone but for its first byte.
     *
     * @throws InvalidMessageException if the message is malformed or over a limit of the policy
     * @throws VerificationException if it must not be trusted, with the reason
     * @throws KeyUnavailableException if a key source or the replay guard gives no answer
     */
    public VerifiedMessage verify(HttpMessage message, InputStream body) {
        return verify(message, body, NO_MORE);
    }

    /**
     * As {@link #verify(HttpMessage, InputStream)}, with a last check by the caller. It runs when the message is found good and
     * nothing is claimed or reported yet; what it throws refuses the message, and the body is closed. It may wait and read
     * the body ({@link VerifiedMessage#spooledBody()}): all that depends on time is checked anew behind it.
     */
    VerifiedMessage verify(HttpMessage message, InputStream body, Consumer<VerifiedMessage> lastCheck) {
        return verify(message, Body.of(body, policy.limits(), digester, clock, maxBodyTime), lastCheck);
    }

    /** Tells what differs where a message was refused; see {@link Explanation}. */
    public Explanation explain(HttpMessage message, byte[] body) {
        return new Explainer(this, types, sfLimits).explain(message, body);
    }

    /**
     * Compares this side's signature bases with the one that the signer shows, and tells what differs.
     *
     * @param signerBase as {@link SignatureFields#signatureBase()} gives it
     */
    public Explanation explain(HttpMessage message, byte[] body, String signerBase) {
        return new Explainer(this, types, sfLimits).compare(message, body, signerBase);
    }

    /**
     * The signatures that a message claims to have, by label, before anything is verified.
     *
     * @throws InvalidMessageException if the fields are malformed
     */
    public Map<String, SignatureParameters> unverifiedSignatures(HttpMessage message) {
        Map<String, SignatureParameters> claims = new LinkedHashMap<>();
        for (Candidate candidate : parse(message)) {
            claims.put(candidate.label, candidate.parameters);
        }
        return claims;
    }

    /**
     * This side's signature base for one of a message's signatures, to compare with the signer's. It holds field values.
     *
     * @throws InvalidMessageException if the message is malformed, or a covered component has no value
     * @throws IllegalArgumentException if the message has no such signature
     */
    public String unverifiedSignatureBase(HttpMessage message, String label) {
        SignatureParameters parameters = unverifiedSignatures(message).get(label);
        if (parameters == null) {
            throw new IllegalArgumentException("the message has no signature of this label");
        }
        try {
            return base(message, parameters).toString();
        } catch (ComponentException e) {
            throw InvalidMessageException.malformed(e.rule());
        }
    }

    /** Tells the listener of a refusal from before or around the verdict. */
    <E extends MessageSecurityException> E refused(E reason) {
        return audit.refused(reason, null);
    }

    // ---- the way through -------------------------------------------------------------------------------------------

    private VerifiedMessage verify(HttpMessage message, Body body, Consumer<VerifiedMessage> lastCheck) {
        List<Accepted> accepted = new ArrayList<>(atLeast);
        try {
            VerifiedMessage verified = verify(message, body, lastCheck, accepted);
            for (int i = 0; i < accepted.size(); i++) {
                audit.accepted(SecurityEvent.Type.VERIFIED, accepted.get(i).key());
            }
            return verified;
        } catch (MessageSecurityException e) {
            body.close();
            throw audit.refused(e, accepted.isEmpty() ? null : accepted.get(0).key());
        } catch (RuntimeException e) {
            body.close();
            throw e;
        }
    }

    private VerifiedMessage verify(
            HttpMessage message, Body body, Consumer<VerifiedMessage> lastCheck, List<Accepted> accepted) {
        announce(message, body);
        List<Candidate> candidates = parse(message);
        if (candidates.isEmpty()) {
            throw new VerificationException(Reason.SIGNATURE_MISSING);
        }
        accept(candidates, message, body, clock.instant(), accepted);
        boolean bodyCovered = digestBody(message, body, accepted);
        List<VerifiedSignature> signatures = new ArrayList<>(accepted.size());
        for (int i = 0; i < accepted.size(); i++) {
            signatures.add(accepted.get(i).signature);
        }
        VerifiedMessage verified = new VerifiedMessage(signatures, body, bodyCovered || !body.isPresent());
        lastCheck.accept(verified);
        conclude(accepted);
        return verified;
    }

    /**
     * The verdict, at its own time: key sources, the body and the last check may have taken long. The claim is the last act,
     * so that nothing is used up by a message that is refused; only a guard that took too long itself can still undo it.
     */
    private void conclude(List<Accepted> accepted) {
        Instant now = clock.instant();
        checkTime(accepted, now);
        if (replayGuard == null) {
            return;
        }
        List<ReplayGuard.Entry> entries = new ArrayList<>(accepted.size());
        for (int i = 0; i < accepted.size(); i++) {
            entries.add(entry(accepted.get(i), now));
        }
        Replays.claim(replayGuard, entries);
        checkTime(accepted, clock.instant());
    }

    private void checkTime(List<Accepted> accepted, Instant now) {
        for (int i = 0; i < accepted.size(); i++) {
            Accepted one = accepted.get(i);
            checkTime(one.signature.parameters(), one.policy, now);
            one.key().requireUsable(now);
        }
    }

    /** Satisfies each policy with a signature and a party of its own. */
    private void accept(
            List<Candidate> candidates, HttpMessage message, Body body, Instant now, List<Accepted> accepted) {
        FieldValues values = new FieldValues(message, types, sfLimits);
        VerificationException first = null;
        for (SignaturePolicy wanted : signaturePolicies) {
            for (Candidate candidate : candidates) {
                if (candidate.used || !wanted.selects(candidate.parameters)) {
                    continue;
                }
                try {
                    VerifiedSignature verified = check(candidate, wanted, values, message, body, now, accepted);
                    candidate.used = true;
                    accepted.add(new Accepted(wanted, verified));
                    break;
                } catch (VerificationException e) {
                    first = first == null ? e : first;
                }
            }
        }
        if (accepted.size() < atLeast) {
            accepted.clear();
            throw first != null ? first : new VerificationException(Reason.SIGNATURE_NOT_ACCEPTABLE);
        }
    }

    private VerifiedSignature check(
            Candidate candidate,
            SignaturePolicy wanted,
            FieldValues values,
            HttpMessage message,
            Body body,
            Instant now,
            List<Accepted> accepted) {
        SignatureParameters parameters = candidate.parameters;
        wanted.check(parameters, message, body.presence());
        checkTime(parameters, wanted, now);
        VerificationKey key = resolve(parameters, wanted, now);
        requireOtherParty(key, accepted);
        if (coversTrailers(parameters)) {
            // Trailers come after the body, which is so read before the signature is known to hold; at least all else
            // is.
            body.consume(null);
        }
        SignatureBase base;
        try {
            base = SignatureBase.of(values, parameters);
        } catch (ComponentException e) {
            throw new VerificationException(Reason.COMPONENT_UNAVAILABLE, e.rule());
        }
        key.verify(base.array(), 0, base.length(), candidate.signature, policy.providers());
        if (body.presence() == BodyPresence.UNKNOWN) {
            // Only now may anything be asked of the peer.
            wanted.check(parameters, message, body.isPresent() ? BodyPresence.ANNOUNCED : BodyPresence.ABSENT);
        }
        if (!parameters.isKnownList() && candidate.input instanceof SfInnerList list) {
            knownLists.add(list.items(), parameters.components());
        }
        return new VerifiedSignature(candidate.label, parameters, key, base);
    }

    /** Two signatures by one party are one party's word, be it by an old and a new key, or by one key of two names. */
    private static void requireOtherParty(VerificationKey key, List<Accepted> accepted) {
        for (int i = 0; i < accepted.size(); i++) {
            VerificationKey other = accepted.get(i).key();
            if (key.id().equals(other.id()) || key.isOfSamePartyAs(other)) {
                throw new VerificationException(Reason.SIGNATURE_NOT_ACCEPTABLE, "one party signed twice");
            }
        }
    }

    private void checkTime(SignatureParameters parameters, SignaturePolicy wanted, Instant now) {
        long second = now.getEpochSecond();
        long skew = policy.clockSkew().toSeconds();
        long maxAge = wanted.effectiveMaxAge(policy.maxAge()).toSeconds();
        long created = parameters.createdSecond();
        if (created >= 0) {
            if (created > second + skew) {
                throw new VerificationException(Reason.CREATED_IN_FUTURE);
            }
            if (second - created > maxAge) {
                throw new VerificationException(Reason.TOO_OLD);
            }
        }
        long expires = parameters.expiresSecond();
        if (expires >= 0) {
            if (expires < second) {
                throw new VerificationException(Reason.EXPIRED);
            }
            if (created < 0 && expires - second > maxAge + skew) {
                throw new VerificationException(Reason.LIFETIME_TOO_LONG);
            }
        }
    }

    private VerificationKey resolve(SignatureParameters parameters, SignaturePolicy wanted, Instant now) {
        VerificationKey key = lookUp(parameters).orElseThrow(() -> new VerificationException(Reason.KEY_UNKNOWN));
        key.requireUsable(now);
        if (!policy.algorithms().contains(key.algorithm()) || !wanted.accepts(key.algorithm())) {
            throw new VerificationException(
                    Reason.ALGORITHM_NOT_ALLOWED, key.algorithm().joseName());
        }
        String alg = parameters.algOrNull();
        if (alg != null && !alg.equals(key.algorithm().httpName().orElse(null))) {
            throw new VerificationException(Reason.ALGORITHM_MISMATCH);
        }
        if (wanted.isThumbprintRequired() && !key.thumbprint().equals(parameters.keyId())) {
            throw new VerificationException(Reason.PARAMETER_UNEXPECTED, "keyid is not the key's thumbprint");
        }
        return key;
    }

    Optional<VerificationKey> lookUp(SignatureParameters parameters) {
        String keyId = parameters.keyIdOrNull();
        return keyId == null
                ? Boundary.ask("key resolver", keys::resolveUnnamed)
                : Boundary.ask("key resolver", () -> keys.resolve(keyId));
    }

    /** Compares the digests that an accepted signature covers with the body; every recognised one counts. */
    private boolean digestBody(HttpMessage message, Body body, List<Accepted> accepted) {
        boolean content = false;
        boolean representation = false;
        for (Accepted one : accepted) {
            for (Component component : one.signature.parameters().components()) {
                content |= SignaturePolicy.bindsBody(component);
                representation |= component.name().equals("repr-digest") && !component.isOfRequest();
            }
        }
        Limits limits = policy.limits();
        // RFC 9530, 3: content and representation are the same only without a content coding and a range.
        if (representation && isWholeRepresentation(message)) {
            body.consume(null);
            body.consume(ContentDigest.parse("repr-digest", message.fieldValues("repr-digest"), limits));
        }
        if (content && !body.matches(message.fieldValues("content-digest"))) {
            body.consume(ContentDigest.parse("content-digest", message.fieldValues("content-digest"), limits));
        }
        return content;
    }

    private static boolean isWholeRepresentation(HttpMessage message) {
        boolean whole = message.fieldValues("content-encoding").isEmpty()
                && message.fieldValues("content-range").isEmpty();
        return message.isRequest()
                ? whole
                : whole
                        && message.status() == 200
                        && message.request()
                                .filter(request -> request.method().equals("HEAD"))
                                .isEmpty();
    }

    private ReplayGuard.Entry entry(Accepted accepted, Instant now) {
        return ReplayGuard.Entry.of(accepted.key(), replayId(accepted), replayEnd(accepted, now));
    }

    /** When the message would be refused as too old or expired anyhow, or later if the policy's field is kept for longer. */
    private Instant replayEnd(Accepted accepted, Instant now) {
        SignatureParameters parameters = accepted.signature.parameters();
        Duration maxAge = accepted.policy.effectiveMaxAge(policy.maxAge());
        // A signature counts through the whole of its last second.
        long end = parameters.createdSecond() >= 0
                ? parameters.createdSecond() + maxAge.toSeconds() + 1
                : now.getEpochSecond()
                        + policy.maxAge().toSeconds()
                        + policy.clockSkew().toSeconds()
                        + 1;
        if (parameters.expiresSecond() >= 0) {
            end = Math.min(end, parameters.expiresSecond() + 1);
        }
        Instant known = Instant.ofEpochSecond(end);
        if (accepted.policy.replayField() == null) {
            return known;
        }
        Instant kept = now.plus(accepted.policy.replayRetention());
        return kept.isAfter(known) ? kept : known;
    }

    /** What tells two messages of one key apart. The signature itself does not: ECDSA has a second valid form. */
    private String replayId(Accepted accepted) {
        VerifiedSignature signature = accepted.signature;
        Component field = accepted.policy.replayField();
        if (field != null) {
            return "f:" + hash(signature.baseLine(field).getBytes(StandardCharsets.US_ASCII));
        }
        String nonce = signature.parameters().nonceOrNull();
        if (nonce != null) {
            return nonce;
        }
        return "b:" + hash(signature.signatureBase().getBytes(StandardCharsets.US_ASCII));
    }

    private String hash(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digester.digest(DigestAlgorithm.SHA_256, bytes));
    }

    // ---- reading the signature fields ------------------------------------------------------------------------------

    private List<Candidate> parse(HttpMessage message) {
        SfDictionary inputs = dictionary("signature-input", message.fieldValues("signature-input"), knownLists);
        SfDictionary signatures = dictionary("signature", message.fieldValues("signature"), NO_LISTS);
        Limits limits = policy.limits();
        if (inputs.size() > limits.maxSignatures()) {
            throw InvalidMessageException.tooLarge("the message has more signatures than the policy allows");
        }
        if (inputs.size() != signatures.size()) {
            throw InvalidMessageException.malformed(
                    "the labels of signature-input and signature differ (RFC 9421, 4.2)");
        }
        List<Candidate> candidates = new ArrayList<>(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            SfMember signature = signatures.get(inputs.key(i));
            if (signature == null) {
                throw InvalidMessageException.malformed(
                        "the labels of signature-input and signature differ (RFC 9421, 4.2)");
            }
            if (!(signature instanceof SfItem item) || !(item.value() instanceof SfValue.SfBytes bytes)) {
                throw InvalidMessageException.malformed("field signature: a signature is a byte sequence");
            }
            candidates.add(
                    new Candidate(inputs.key(i), inputs.value(i), parse(inputs.value(i), limits), bytes.shared()));
        }
        return candidates;
    }

    private SignatureParameters parse(SfMember input, Limits limits) {
        SignatureParameters parameters;
        try {
            parameters = SignatureParameters.parse(input, knownLists);
        } catch (ComponentException e) {
            throw InvalidMessageException.malformed("field signature-input: " + e.rule());
        }
        if (parameters.components().size() > limits.maxComponents()) {
            throw InvalidMessageException.tooLarge("a signature covers more components than the policy allows");
        }
        if (length(parameters.keyIdOrNull()) > limits.maxKeyIdLength()
                || length(parameters.nonceOrNull()) > limits.maxNonceLength()) {
            throw InvalidMessageException.tooLarge("keyid or nonce is longer than the policy allows");
        }
        return parameters;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private SfDictionary dictionary(String field, List<String> lines, ComponentLists known) {
        try {
            SfDictionary dictionary = StructuredFields.parseDictionary(lines, sfLimits, known);
            if (dictionary.hasDuplicates()) {
                throw InvalidMessageException.malformed("field " + field + ": a label comes twice");
            }
            return dictionary;
        } catch (SfException e) {
            throw FieldValues.invalid(field, e);
        }
    }

    SignatureBase base(HttpMessage message, SignatureParameters parameters) {
        return SignatureBase.of(new FieldValues(message, types, sfLimits), parameters);
    }

    List<Candidate> candidates(HttpMessage message) {
        return parse(message);
    }

    SecurityPolicy policy() {
        return policy;
    }

    private static boolean coversTrailers(SignatureParameters parameters) {
        for (Component component : parameters.components()) {
            if (component.isTrailer()) {
                return true;
            }
        }
        return false;
    }

    /** A body that says it is too long is not read at all. */
    private void announce(HttpMessage message, Body body) {
        BodyFraming framing = BodyFraming.of(message);
        if (framing.length() > policy.limits().maxBodyBytes()) {
            throw tooLong();
        }
        body.announce(framing);
    }

    private InvalidMessageException tooLong() {
        return InvalidMessageException.tooLarge(
                "the body is longer than " + policy.limits().maxBodyBytes() + " bytes");
    }

    static SfLimits sfLimits(Limits limits) {
        return new SfLimits(limits.maxFieldBytes(), limits.maxSignatures() * (limits.maxComponents() * 4 + 16));
    }

    /** A signature that holds, and the policy that it satisfies. */
    private record Accepted(SignaturePolicy policy, VerifiedSignature signature) {
        VerificationKey key() {
            return signature.key();
        }
    }

    /** A signature that a message claims to have. */
    static final class Candidate {
        final String label;
        final SfMember input;
        final SignatureParameters parameters;
        final byte[] signature;
        private boolean used;

        Candidate(String label, SfMember input, SignatureParameters parameters, byte[] signature) {
            this.label = label;
            this.input = input;
            this.parameters = parameters;
            this.signature = signature;
        }
    }

    /** Collects what is optional. Not thread-safe. */
    public static final class Builder {
        private final KeyResolver keys;
        private final Map<String, FieldType> types = new LinkedHashMap<>(FieldType.KNOWN);
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private List<SignaturePolicy> signaturePolicies = List.of(SignaturePolicy.recommended2026());
        private int atLeast = 1;
        private @Nullable ReplayGuard replayGuard;
        private boolean ignoreReplay;
        private SecurityListener listener = SecurityListener.none();
        private InstantSource clock = InstantSource.system();
        private Duration maxBodyTime = Duration.ofSeconds(60);

        private Builder(KeyResolver keys) {
            this.keys = keys;
        }

        /** Another security policy. */
        public Builder policy(SecurityPolicy newPolicy) {
            policy = newPolicy;
            return this;
        }

        /** What the one signature that is needed must be like; {@link SignaturePolicy#recommended2026()} by default. */
        public Builder signature(SignaturePolicy wanted) {
            return signatures(1, wanted);
        }

        /**
         * Needs several signatures: at least so many of these policies must be satisfied, each by another signature and
         * another key.
         */
        public Builder signatures(int atLeastSatisfied, SignaturePolicy... wanted) {
            if (atLeastSatisfied < 1 || atLeastSatisfied > wanted.length) {
                throw new IllegalArgumentException("at least one signature is needed, and at most one for each policy");
            }
            atLeast = atLeastSatisfied;
            signaturePolicies = List.of(wanted);
            return this;
        }

        /** Remembers accepted messages elsewhere than in this process's memory. */
        public Builder replayGuard(ReplayGuard guard) {
            replayGuard = guard;
            return this;
        }

        /** Accepts a message as often as it comes, as for responses and for requests without effect. */
        public Builder ignoreReplay() {
            ignoreReplay = true;
            return this;
        }

        /** Names the structured type of a field, for {@link Component#sf()}. */
        public Builder structuredField(String name, FieldType type) {
            types.put(Component.field(name).name(), type);
            return this;
        }

        /** Is told of each verdict. */
        public Builder listener(SecurityListener newListener) {
            listener = newListener;
            return this;
        }

        /**
         * How long a body may take from its first byte asked for to its end, 60 seconds by default; a slower one is refused as
         * malformed. It is measured between reads: the host bounds how long one of them may wait.
         */
        public Builder maxBodyTime(Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("the time for a body is positive");
            }
            maxBodyTime = time;
            return this;
        }

        /** Another clock. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /** The verifier. */
        public HttpVerifier build() {
            if (ignoreReplay && replayGuard != null) {
                throw new IllegalArgumentException("a replay guard is set and ignored at once");
            }
            return new HttpVerifier(this);
        }
    }
}
