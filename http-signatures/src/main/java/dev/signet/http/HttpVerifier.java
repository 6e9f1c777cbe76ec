// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityListener;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Audit;
import dev.signet.core.internal.Boundary;
import dev.signet.core.internal.Replays;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signed HTTP messages (RFC 9421) and their bodies (RFC 9530).
 *
 * <pre>{@code
 * HttpVerifier verifier = HttpVerifier.builder(keys).build();
 * try (VerifiedMessage verified = verifier.verify(request, body)) {
 *     seen.add(verified.keyId() + " " + verified.targetUri().orElseThrow());
 *     seen.add(new String(verified.contentStream().readAllBytes(), UTF_8));
 * }
 * }</pre>
 *
 * <p><b>Security properties.</b> Used as it comes, it demands what {@link SignaturePolicy#recommended2026()} says, refuses
 * signatures older than 5 minutes, and accepts no message twice: messages of a key are told apart by their nonce, or by their
 * signature base if they have none. The key decides the algorithm. Everything cheap is checked before any cryptography, with
 * work in proportion to the message's length, and the signature before anything of the body is read. Time and keys are checked
 * again when the body has come; the replay guard is asked last. The result gives only what was covered.
 *
 * <p><b>Once.</b> What its standard has used once, an HTTP request or a DPoP proof, is claimed from a replay guard: one in memory
 * unless {@code replayGuard} gives another, and none only by {@code ignoreReplay}. What its standard lets be shown again, a token
 * or a document, is claimed only if {@code replayGuard} gives a guard.
 *
 * <p>Immutable and thread-safe; build one and keep it.
 */
public final class HttpVerifier {
    private static final ComponentLists NO_LISTS = new ComponentLists();

    private final KeyResolver keys;
    final SecurityPolicy policy;
    final List<SignaturePolicy> signaturePolicies;
    final int atLeast;
    final @Nullable ReplayGuard replayGuard;
    final boolean ignoresReplay;
    final ReplayEntries replayEntries;
    final Audit audit;
    final InstantSource clock;
    private final Duration maxBodyTime;
    final Map<String, FieldType> types;
    final SfLimits sfLimits;
    private final SfLimits signatureLimits;
    final Digester digester;
    final ComponentLists knownLists = new ComponentLists();

    private HttpVerifier(Builder builder) {
        keys = builder.keys;
        policy = builder.policy;
        signaturePolicies = builder.signaturePolicies;
        atLeast = builder.atLeast;
        clock = builder.clock;
        maxBodyTime = builder.maxBodyTime;
        ignoresReplay = builder.ignoreReplay;
        replayGuard = ignoresReplay
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
        return verify(message, inMemory(body), null);
    }

    /**
     * As {@link #verify(HttpMessage, byte[])}, with a last check by the host, which may wait.
     *
     * @throws MessageSecurityException as {@link #verify(HttpMessage, InputStream)}, or what the last check throws
     */
    public VerifiedMessage verify(HttpMessage message, byte[] body, LastCheck lastCheck) {
        return verify(message, inMemory(body), lastCheck);
    }

    private Body inMemory(byte[] body) {
        if (body.length > policy.limits().maxBodyBytes()) {
            throw audit.refused(tooLong(), null);
        }
        return Body.of(body, digester);
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
        return verify(message, new StreamedBody(body, intake()), null);
    }

    /**
     * As {@link #verify(HttpMessage, InputStream)}, with a last check by the host, which may wait.
     *
     * @throws MessageSecurityException as {@link #verify(HttpMessage, InputStream)}, or what the last check throws
     */
    public VerifiedMessage verify(HttpMessage message, InputStream body, LastCheck lastCheck) {
        return verify(message, new StreamedBody(body, intake()), lastCheck);
    }

    /**
     * Verifies a message with its body in memory, on an executor; the array must not be changed.
     *
     * @param blocking runs all steps: key resolver, replay guard and listener may wait on it. Not an event loop
     * @return a stage that fails as {@link #verify(HttpMessage, InputStream)} throws
     */
    public CompletionStage<VerifiedMessage> verifyAsync(HttpMessage message, byte[] body, Executor blocking) {
        if (body.length > policy.limits().maxBodyBytes()) {
            return CompletableFuture.failedFuture(audit.refused(tooLong(), null));
        }
        return AsyncVerification.start(this, message, Body.of(body, digester), null, blocking);
    }

    /**
     * Verifies a message as {@link #verify(HttpMessage, InputStream)} does, by the same steps, without a thread that waits for
     * the body. The publisher is subscribed to once, when a signature holds, or never. Each buffer is asked for when the one before
     * is done with; what fits into memory is taken on the publisher's thread, and a file is written on the executor. A body that is
     * refused, or that no signature covers, is cancelled. The time for the body is watched by a timer, too.
     *
     * <p>The message is asked by one thread at a time. If the stage is cancelled before the verdict, the body is cancelled and
     * nothing is claimed.
     *
     * @param body gives buffers that are not changed afterwards; an error from it is a body that broke off, unless it is a
     *     {@link MessageSecurityException}
     * @param blocking runs the steps: key resolver, replay guard, spool and listener may wait on it. Not an event loop
     * @return a stage that fails as {@link #verify(HttpMessage, InputStream)} throws
     */
    public CompletionStage<VerifiedMessage> verifyAsync(
            HttpMessage message, Flow.Publisher<ByteBuffer> body, Executor blocking) {
        return AsyncVerification.start(this, message, arriving(body, blocking), null, blocking);
    }

    /** As {@link #verifyAsync(HttpMessage, Flow.Publisher, Executor)}, with a last check by the host, on the executor. */
    public CompletionStage<VerifiedMessage> verifyAsync(
            HttpMessage message, Flow.Publisher<ByteBuffer> body, Executor blocking, LastCheck lastCheck) {
        return AsyncVerification.start(this, message, arriving(body, blocking), lastCheck, blocking);
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
        for (Verification.Candidate candidate : candidates(message)) {
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

    /** The policies, and whether replays are ignored. */
    @Override
    public String toString() {
        return "HttpVerifier[" + atLeast + " of " + signaturePolicies + (ignoresReplay ? ", ignoreReplay" : "") + "]";
    }

    /**
     * Tells the listener of a refusal that a host has reached by itself, before or around the verdict, such as of a request
     * whose target it cannot make out.
     *
     * @return the refusal, to be thrown
     */
    public <E extends MessageSecurityException> E refused(E reason) {
        return audit.refused(reason, null);
    }

    private VerifiedMessage verify(HttpMessage message, Body body, @Nullable LastCheck lastCheck) {
        return new Verification(this, message, body, lastCheck).run();
    }

    private ArrivingBody arriving(Flow.Publisher<ByteBuffer> body, Executor executor) {
        return new ArrivingBody(body, intake(), executor);
    }

    private BodyIntake intake() {
        return new BodyIntake(policy.limits(), digester, clock, maxBodyTime);
    }

    Optional<VerificationKey> lookUp(SignatureParameters parameters) {
        String keyId = parameters.keyIdOrNull();
        return keyId == null
                ? Boundary.ask("key resolver", keys::resolveUnnamed)
                : Boundary.ask("key resolver", () -> keys.resolve(keyId));
    }

    // ---- reading the signature fields ------------------------------------------------------------------------------

    List<Verification.Candidate> parse(HttpMessage message, WorkBudget budget) {
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
        List<Verification.Candidate> candidates = new ArrayList<>(inputs.size());
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
            candidates.add(new Verification.Candidate(inputs.key(i), inputs.value(i), parameters, bytes.shared()));
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

    List<Verification.Candidate> candidates(HttpMessage message) {
        return parse(message, WorkBudget.of(1));
    }

    SecurityPolicy policy() {
        return policy;
    }

    /** The bounds within which messages are read, for those who receive them. */
    public Limits limits() {
        return policy.limits();
    }

    InvalidMessageException tooLong() {
        return InvalidMessageException.tooLarge(
                "the body is longer than " + policy.limits().maxBodyBytes() + " bytes");
    }

    static SfLimits sfLimits(Limits limits) {
        return new SfLimits(limits.maxFieldBytes(), limits.maxSignatures() * (limits.maxComponents() * 4 + 16));
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

        /**
         * The verifier.
         *
         * @throws IllegalArgumentException if a replay guard is both given and ignored
         */
        public HttpVerifier build() {
            Replays.requireOneWish(replayGuard, ignoreReplay);
            return new HttpVerifier(this);
        }
    }
}
