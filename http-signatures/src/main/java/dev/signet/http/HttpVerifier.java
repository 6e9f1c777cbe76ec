// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
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
import dev.signet.core.internal.Replays;
import dev.signet.http.HttpMessage.BodyPresence;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signed HTTP messages (RFC 9421) and their bodies (RFC 9530).
 *
 * <p><b>Security properties.</b> Used as it comes, it demands what {@link SignaturePolicy#recommended2026()} says, refuses
 * signatures older than 5 minutes, and accepts no message twice: messages of a key are told apart by their nonce, or by their
 * signature base if they have none. The key decides the algorithm. Everything cheap is checked before any cryptography, with
 * work in proportion to the message's length, and the signature before anything of the body is read. Time and keys are checked
 * again when the body has come; the replay guard is asked last. The result gives only what was covered.
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
    private final ReplayEntries replayEntries;
    private final Audit audit;
    private final InstantSource clock;
    private final Duration maxBodyTime;
    private final Map<String, FieldType> types;
    private final SfLimits sfLimits;
    private final SfLimits signatureLimits;
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
                        : ReplayGuard.inMemory(1_000_000, 500_000, builder.clock, builder.listener);
        audit = new Audit("http", builder.listener, builder.clock);
        types = Map.copyOf(builder.types);
        sfLimits = sfLimits(policy.limits());
        // A label each, and a parameter that somebody may add.
        signatureLimits = new SfLimits(
                policy.limits().maxFieldBytes(), 2 * policy.limits().maxSignatures());
        digester = Digester.of(policy.providers());
        replayEntries = new ReplayEntries(signaturePolicies, policy, digester);
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
     * constant memory, before this returns; otherwise it is left alone but for its first byte. Before a signature holds, nothing
     * of it is read at all, unless the policy takes trailers.
     *
     * @throws InvalidMessageException if the message is malformed or over a limit of the policy
     * @throws VerificationException if it must not be trusted, with the reason
     * @throws UnavailableException if a key source or the replay guard gives no answer
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
        return new Explainer(this, types, policy).explain(message, body);
    }

    /**
     * Compares this side's signature bases with the one that the signer shows, and tells what differs.
     *
     * @param signerBase as {@link SignatureFields#signatureBase()} gives it
     */
    public Explanation explain(HttpMessage message, byte[] body, String signerBase) {
        return new Explainer(this, types, policy).compare(message, body, signerBase);
    }

    /**
     * The signatures that a message claims to have, by label, before anything is verified.
     *
     * @throws InvalidMessageException if the fields are malformed
     */
    public Map<String, SignatureParameters> unverifiedSignatures(HttpMessage message) {
        Map<String, SignatureParameters> claims = new LinkedHashMap<>();
        for (Candidate candidate : candidates(message)) {
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
        } catch (RuntimeException | Error e) {
            body.close();
            throw e;
        }
    }

    private VerifiedMessage verify(
            HttpMessage message, Body body, Consumer<VerifiedMessage> lastCheck, List<Accepted> accepted) {
        List<Accepted> besides = accept(message, body, WorkBudget.of(atLeast), accepted);
        boolean bodyCovered = digestBody(message, body, accepted);
        List<VerifiedSignature> signatures = new ArrayList<>(accepted.size());
        for (int i = 0; i < accepted.size(); i++) {
            signatures.add(accepted.get(i).signature);
        }
        boolean isEmpty = !bodyCovered && !body.isPresent();
        if (isEmpty) {
            body.requireUnannounced(BodyFraming.of(message));
        }
        VerifiedMessage verified = new VerifiedMessage(signatures, body, bodyCovered || isEmpty);
        lastCheck.accept(verified);
        conclude(accepted, besides);
        return verified;
    }

    /**
     * The verdict, at its own time: key sources, the body and the last check may have taken long. The claim is the last act,
     * so that nothing is used up by a message that is refused; only a guard that took too long itself can still undo it.
     */
    private void conclude(List<Accepted> accepted, List<Accepted> besides) {
        Instant now = clock.instant();
        checkTime(accepted, now);
        if (replayGuard == null) {
            return;
        }
        Replays.claim(replayGuard, replayEntries.of(accepted, besides, now));
        checkTime(accepted, clock.instant());
    }

    private void checkTime(List<Accepted> accepted, Instant now) {
        for (int i = 0; i < accepted.size(); i++) {
            Accepted one = accepted.get(i);
            checkTime(one.signature.parameters(), one.policy, now);
            Keys.requireUsable(one.key(), now);
        }
    }

    /**
     * Everything up to the first good signatures, which is what a stranger can make a verifier do, and what holds besides
     * them.
     */
    List<Accepted> accept(HttpMessage message, Body body, WorkBudget budget, List<Accepted> accepted) {
        announce(message, body);
        List<Candidate> candidates = parse(message, budget);
        if (candidates.isEmpty()) {
            throw new VerificationException(Reason.SIGNATURE_MISSING);
        }
        FieldValues values = new FieldValues(message, types, sfLimits, budget);
        accept(candidates, message, body, values, accepted);
        return replayGuard == null || candidates.size() == accepted.size()
                ? List.of()
                : besides(candidates, body, values);
    }

    /**
     * Satisfies each policy with a signature and a party of its own. Each signature is judged once, and one that does not hold
     * uses up the policy that selects it: so a stranger causes no more cryptography than there are policies.
     */
    private void accept(
            List<Candidate> candidates, HttpMessage message, Body body, FieldValues values, List<Accepted> accepted) {
        VerificationException first = null;
        for (SignaturePolicy wanted : signaturePolicies) {
            for (int i = 0; i < candidates.size(); i++) {
                Candidate candidate = candidates.get(i);
                if (candidate.isSpent || !wanted.selects(candidate.parameters)) {
                    continue;
                }
                try {
                    requireFit(candidate, wanted, message, body, accepted);
                    judge(candidate, values, body);
                    // Only behind a good signature may anything be asked of the peer.
                    if (body.presence() == BodyPresence.UNKNOWN) {
                        body.isPresent();
                        wanted.check(candidate.parameters, message, body.presence(), policy);
                    }
                    accepted.add(new Accepted(wanted, candidate.verified()));
                    candidate.isSpent = true;
                    break;
                } catch (VerificationException e) {
                    first = first == null ? e : first;
                    if (candidate.isSpent) {
                        break;
                    }
                }
            }
        }
        if (accepted.size() < atLeast) {
            accepted.clear();
            throw first != null ? first : new VerificationException(Reason.SIGNATURE_NOT_ACCEPTABLE);
        }
    }

    /**
     * The signatures that hold besides the accepted ones: the message without the latter would be accepted for them, and so
     * they are taken as used up, too. They count for nothing else. It takes a good signature to get here.
     */
    private List<Accepted> besides(List<Candidate> candidates, Body body, FieldValues values) {
        List<Accepted> besides = new ArrayList<>();
        for (Candidate candidate : candidates) {
            for (SignaturePolicy wanted : signaturePolicies) {
                if (!candidate.isSpent
                        && wanted.selects(candidate.parameters)
                        && holds(candidate, wanted, body, values)) {
                    besides.add(new Accepted(wanted, candidate.verified()));
                }
            }
        }
        return besides;
    }

    private boolean holds(Candidate candidate, SignaturePolicy wanted, Body body, FieldValues values) {
        Component field = wanted.replayField();
        if (candidate.trailer != null && !wanted.takesTrailers()
                || field != null && !candidate.parameters.components().contains(field)) {
            return false;
        }
        try {
            checkTime(candidate.parameters, wanted, whenItMayCount(candidate.parameters, wanted));
            // Whether the key may be used is not asked: one that is not valid yet, or disabled, may be so later.
            resolve(candidate, wanted, null);
            judge(candidate, values, body);
            return true;
        } catch (VerificationException e) {
            return false;
        } catch (InvalidMessageException e) {
            if (candidate.trailer != null) {
                // It may be the body that is none.
                throw e;
            }
            return false;
        }
    }

    /** Now, or when a signature was made by a clock that is ahead by less than messages live. */
    private Instant whenItMayCount(SignatureParameters parameters, SignaturePolicy wanted) {
        Instant now = clock.instant();
        Duration ahead = policy.clockSkew().plus(wanted.effectiveMaxAge(policy.maxAge()));
        long created = parameters.createdSecond();
        return created > now.getEpochSecond() && created <= now.plus(ahead).getEpochSecond()
                ? Instant.ofEpochSecond(created)
                : now;
    }

    /** Whether a signature is one that the policy accepts, if only it holds; nothing here costs more than a key look-up. */
    private void requireFit(
            Candidate candidate, SignaturePolicy wanted, HttpMessage message, Body body, List<Accepted> accepted) {
        SignatureParameters parameters = candidate.parameters;
        wanted.check(parameters, message, body.presence(), policy);
        Component trailer = candidate.trailer;
        if (trailer != null && !wanted.takesTrailers()) {
            throw new VerificationException(Reason.COMPONENT_FORBIDDEN, trailer.identifier());
        }
        Instant now = clock.instant();
        checkTime(parameters, wanted, now);
        requireOtherParty(resolve(candidate, wanted, now), accepted);
    }

    /** Passes if the signature holds. */
    private void judge(Candidate candidate, FieldValues values, Body body) {
        if (candidate.verified != null) {
            return;
        }
        candidate.isSpent = true;
        long before = values.budget().spent();
        VerificationKey key = candidate.key();
        SignatureParameters parameters = candidate.parameters;
        if (candidate.trailer != null) {
            body.consume(null);
        }
        SignatureBase base;
        try {
            base = SignatureBase.of(values, parameters);
        } catch (ComponentException e) {
            throw new VerificationException(Reason.COMPONENT_UNAVAILABLE, e.rule());
        }
        values.budget().spend(base.length());
        Keys.verify(key, base.array(), 0, base.length(), candidate.signature, policy.providers());
        candidate.isSpent = false;
        values.budget().settle(before);
        candidate.verified = new VerifiedSignature(candidate.label, parameters, key, base);
        if (!parameters.isKnownList() && candidate.input instanceof SfInnerList list) {
            knownLists.add(list.items(), parameters.components());
        }
    }

    /** Two signatures by one party are one party's word, be it by an old and a new key, or by one key of two names. */
    private static void requireOtherParty(VerificationKey key, List<Accepted> accepted) {
        for (int i = 0; i < accepted.size(); i++) {
            VerificationKey other = accepted.get(i).key();
            if (key.id().equals(other.id()) || Keys.isOfSameParty(key, other)) {
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

    /** @param now null where it does not matter whether the key may be used at present */
    private VerificationKey resolve(Candidate candidate, SignaturePolicy wanted, @Nullable Instant now) {
        SignatureParameters parameters = candidate.parameters;
        Optional<VerificationKey> found = candidate.found;
        if (found == null) {
            found = lookUp(parameters);
            candidate.found = found;
        }
        VerificationKey key = found.orElseThrow(() -> new VerificationException(Reason.KEY_UNKNOWN));
        if (now != null) {
            Keys.requireUsable(key, now);
        }
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
            body.consume(ContentDigest.parse("repr-digest", message.fieldValues("repr-digest"), limits, digester));
        }
        if (content && !body.matches(message.fieldValues("content-digest"))) {
            body.consume(
                    ContentDigest.parse("content-digest", message.fieldValues("content-digest"), limits, digester));
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

    // ---- reading the signature fields ------------------------------------------------------------------------------

    private List<Candidate> parse(HttpMessage message, WorkBudget budget) {
        SfDictionary inputs = dictionary("signature-input", message, sfLimits, knownLists, budget);
        SfDictionary signatures = dictionary("signature", message, signatureLimits, NO_LISTS, budget);
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
            SignatureParameters parameters = parse(inputs.value(i), limits);
            budget.spend((long) WorkBudget.ENTRY * parameters.components().size());
            candidates.add(new Candidate(inputs.key(i), inputs.value(i), parameters, bytes.shared()));
        }
        if (candidates.size() > 1) {
            // Last, so that a signature over the head alone is judged before the body is read.
            candidates.sort(Comparator.comparing(candidate -> candidate.trailer != null));
        }
        return candidates;
    }

    private SignatureParameters parse(SfMember input, Limits limits) {
        SignatureParameters parameters;
        try {
            parameters = SignatureParameters.parse(input, knownLists, limits.maxComponents());
        } catch (ComponentException e) {
            throw InvalidMessageException.malformed("field signature-input: " + e.rule());
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

    private static SfDictionary dictionary(
            String field, HttpMessage message, SfLimits limits, ComponentLists known, WorkBudget budget) {
        List<String> lines = message.fieldValues(field);
        long length = 0;
        for (int i = 0; i < lines.size(); i++) {
            length += lines.get(i).length() + 2L;
        }
        budget.meet(length, WorkBudget.PARSED);
        budget.spend(2 * length);
        try {
            SfDictionary dictionary = StructuredFields.parseDictionary(lines, limits, known);
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
        return parse(message, WorkBudget.of(1));
    }

    SecurityPolicy policy() {
        return policy;
    }

    /** The bounds within which messages are read, for those who receive them. */
    public Limits limits() {
        return policy.limits();
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
    record Accepted(SignaturePolicy policy, VerifiedSignature signature) {
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
        /** The first component that comes after the body, or null. */
        private final @Nullable Component trailer;

        private @Nullable Optional<VerificationKey> found;
        private @Nullable VerifiedSignature verified;
        /** Whether it satisfies a policy already, or does not hold. */
        private boolean isSpent;

        Candidate(String label, SfMember input, SignatureParameters parameters, byte[] signature) {
            this.label = label;
            this.input = input;
            this.parameters = parameters;
            this.signature = signature;
            trailer = trailer(parameters);
        }

        private VerificationKey key() {
            return Objects.requireNonNull(found).orElseThrow();
        }

        private VerifiedSignature verified() {
            return Objects.requireNonNull(verified);
        }

        private static @Nullable Component trailer(SignatureParameters parameters) {
            List<Component> components = parameters.components();
            for (int i = 0; i < components.size(); i++) {
                Component component = components.get(i);
                if (component.isTrailer() && !component.isOfRequest()) {
                    return component;
                }
            }
            return null;
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
         * Needs several signatures: at least so many of these policies must be satisfied, each by another signature of
         * another party ({@link VerificationKey#withParty}). A signature that a policy selects and that does not hold
         * leaves that policy unsatisfied.
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
