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
import dev.signet.core.internal.Replays;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    private final KeyResolver keys;
    private final SecurityPolicy policy;
    private final List<SignaturePolicy> signaturePolicies;
    private final int atLeast;
    private final @Nullable ReplayGuard replayGuard;
    private final Audit audit;
    private final InstantSource clock;
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
        return verify(message, Body.of(body, digester));
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
        return verify(message, Body.of(body, policy.limits(), digester));
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

    // ---- the way through -------------------------------------------------------------------------------------------

    private VerifiedMessage verify(HttpMessage message, Body body) {
        List<VerifiedSignature> accepted = new ArrayList<>(atLeast);
        try {
            VerifiedMessage verified = verify(message, body, accepted);
            for (VerifiedSignature signature : accepted) {
                audit.accepted(SecurityEvent.Type.VERIFIED, signature.key());
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

    private VerifiedMessage verify(HttpMessage message, Body body, List<VerifiedSignature> accepted) {
        checkDeclaredLength(message);
        List<Candidate> candidates = parse(message);
        if (candidates.isEmpty()) {
            throw new VerificationException(Reason.SIGNATURE_MISSING);
        }
        Instant now = clock.instant();
        List<SignaturePolicy> satisfied = accept(candidates, message, body, now, accepted);
        boolean bodyCovered = digestBody(message, body, accepted);
        for (int i = 0; i < accepted.size(); i++) {
            claim(satisfied.get(i), accepted.get(i), now);
        }
        return new VerifiedMessage(accepted, body, bodyCovered || !body.isPresent());
    }

    /** Satisfies each policy with a signature and a key of its own; gives the policies in the order of the signatures. */
    private List<SignaturePolicy> accept(
            List<Candidate> candidates, HttpMessage message, Body body, Instant now, List<VerifiedSignature> accepted) {
        FieldValues values = new FieldValues(message, types, sfLimits);
        List<SignaturePolicy> satisfied = new ArrayList<>(atLeast);
        Set<String> usedKeys = new HashSet<>();
        VerificationException first = null;
        for (SignaturePolicy wanted : signaturePolicies) {
            for (Candidate candidate : candidates) {
                if (candidate.used || !wanted.selects(candidate.parameters)) {
                    continue;
                }
                try {
                    VerifiedSignature verified = check(candidate, wanted, values, message, body, now, usedKeys);
                    candidate.used = true;
                    usedKeys.add(verified.key().id());
                    accepted.add(verified);
                    satisfied.add(wanted);
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
        return satisfied;
    }

    private VerifiedSignature check(
            Candidate candidate,
            SignaturePolicy wanted,
            FieldValues values,
            HttpMessage message,
            Body body,
            Instant now,
            Set<String> usedKeys) {
        SignatureParameters parameters = candidate.parameters;
        wanted.check(parameters, message, body);
        checkTime(parameters, wanted, now);
        VerificationKey key = resolve(parameters, wanted, now);
        if (usedKeys.contains(key.id())) {
            // Two signatures by one key are one party's word.
            throw new VerificationException(Reason.SIGNATURE_NOT_ACCEPTABLE, "one key signed twice");
        }
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
        if (!parameters.isKnownList() && candidate.input instanceof SfInnerList list) {
            knownLists.add(list.items(), parameters.components());
        }
        return new VerifiedSignature(candidate.label, parameters, key, base);
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
        return keyId == null ? keys.resolveUnnamed() : keys.resolve(keyId);
    }

    /** Compares the digests that an accepted signature covers with the body; every recognised one counts. */
    private boolean digestBody(HttpMessage message, Body body, List<VerifiedSignature> accepted) {
        boolean content = false;
        boolean representation = false;
        for (VerifiedSignature signature : accepted) {
            for (Component component : signature.parameters().components()) {
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

    private void claim(SignaturePolicy wanted, VerifiedSignature signature, Instant now) {
        if (replayGuard == null) {
            return;
        }
        SignatureParameters parameters = signature.parameters();
        Instant end = replayEnd(wanted, parameters, now);
        Replays.claim(replayGuard, ReplayGuard.Entry.of(signature.key(), replayId(wanted, signature), end));
    }

    /** When the message would be refused as too old or expired anyhow. */
    private Instant replayEnd(SignaturePolicy wanted, SignatureParameters parameters, Instant now) {
        if (wanted.replayField() != null) {
            return now.plus(wanted.replayRetention());
        }
        long end = parameters.createdSecond() >= 0
                ? parameters.createdSecond()
                        + wanted.effectiveMaxAge(policy.maxAge()).toSeconds()
                : now.getEpochSecond()
                        + policy.maxAge().toSeconds()
                        + policy.clockSkew().toSeconds();
        if (parameters.expiresSecond() >= 0) {
            end = Math.min(end, parameters.expiresSecond());
        }
        return Instant.ofEpochSecond(end);
    }

    /** What tells two messages of one key apart. The signature itself does not: ECDSA has a second valid form. */
    private String replayId(SignaturePolicy wanted, VerifiedSignature signature) {
        Component field = wanted.replayField();
        if (field != null) {
            String base = signature.signatureBase();
            int start = base.indexOf(field.identifier() + ": ");
            return "f:" + hash(base.substring(start, base.indexOf('\n', start)).getBytes(StandardCharsets.US_ASCII));
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

    /** The bounds within which messages are read, for those who receive them. */
    public Limits limits() {
        return policy.limits();
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
    private void checkDeclaredLength(HttpMessage message) {
        List<String> declared = message.fieldValues("content-length");
        if (declared.isEmpty()) {
            return;
        }
        String length = declared.get(0).trim();
        int digits = length.length();
        for (int i = 0; i < digits; i++) {
            if (length.charAt(i) < '0' || length.charAt(i) > '9') {
                throw InvalidMessageException.malformed("content-length is no number");
            }
        }
        if (digits == 0) {
            throw InvalidMessageException.malformed("content-length is no number");
        }
        // A response to HEAD declares a length and has no body.
        if (message.isRequest()
                && (digits > 18 || Long.parseLong(length) > policy.limits().maxBodyBytes())) {
            throw tooLong();
        }
    }

    private InvalidMessageException tooLong() {
        return InvalidMessageException.tooLarge(
                "the body is longer than " + policy.limits().maxBodyBytes() + " bytes");
    }

    static SfLimits sfLimits(Limits limits) {
        return new SfLimits(limits.maxFieldBytes(), limits.maxSignatures() * (limits.maxComponents() * 4 + 16));
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
