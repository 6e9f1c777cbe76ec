// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SecurityEvent;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Keys;
import dev.signet.core.internal.Replays;
import dev.signet.http.HttpMessage.BodyPresence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The steps by which one message is verified, whether somebody waits for its body or not: before the body its framing, its
 * signatures and their keys; then the body's digests; then what the caller asks, the time once more, and the replay guard.
 *
 * <p>A step that needs what has not come of the body ends in {@link BodyAwaited}. {@link #run} then goes on where it stopped:
 * no signature is judged twice, and no key looked up again. Not thread-safe, but may go from thread to thread.
 */
final class Verification {
    private final HttpVerifier verifier;
    private final HttpMessage message;
    private final Body body;
    private final @Nullable LastCheck lastCheck;
    private final WorkBudget budget;
    private final FieldValues values;
    private final List<Accepted> accepted;
    private List<Candidate> candidates = List.of();
    /** How far the signatures have been judged. */
    private int policyAt;

    private int candidateAt;
    private @Nullable VerificationException first;
    private @Nullable List<Accepted> besides;
    private @Nullable VerifiedMessage verified;
    private volatile boolean abandoned;

    Verification(HttpVerifier verifier, HttpMessage message, Body body, @Nullable LastCheck lastCheck) {
        this(verifier, message, body, lastCheck, WorkBudget.of(verifier.atLeast));
    }

    Verification(
            HttpVerifier verifier, HttpMessage message, Body body, @Nullable LastCheck lastCheck, WorkBudget budget) {
        this.verifier = verifier;
        this.message = message;
        this.body = body;
        this.lastCheck = lastCheck;
        this.budget = budget;
        values = new FieldValues(message, verifier.types, verifier.sfLimits, budget);
        accepted = new ArrayList<>(verifier.atLeast);
    }

    /**
     * Verifies, or goes on with it, and tells the listener of the verdict.
     *
     * @throws BodyAwaited if this is to be called again when more of the body has come
     */
    VerifiedMessage run() {
        try {
            VerifiedMessage found = proceed();
            for (int i = 0; i < accepted.size(); i++) {
                verifier.audit.accepted(
                        SecurityEvent.Type.VERIFIED, accepted.get(i).key());
            }
            return found;
        } catch (BodyAwaited e) {
            throw e;
        } catch (MessageSecurityException e) {
            body.close();
            throw verifier.audit.refused(
                    e, accepted.isEmpty() ? null : accepted.get(0).key());
        } catch (RuntimeException | Error e) {
            body.close();
            throw e;
        }
    }

    /** Nobody waits for the verdict any more: nothing is to be claimed for it. */
    void abandon() {
        abandoned = true;
    }

    private VerifiedMessage proceed() {
        if (besides == null) {
            besides = accept();
        }
        VerifiedMessage found = verified;
        if (found == null) {
            found = withBody();
            verified = found;
            if (lastCheck != null) {
                lastCheck.beforeBody(found);
            }
        }
        if (lastCheck != null) {
            if (body.isPresent()) {
                body.consume(null);
            }
            lastCheck.check(found, new ReceivedBody(body));
        }
        if (abandoned) {
            throw new CancellationException();
        }
        conclude(besides);
        return found;
    }

    // ---- before the body -------------------------------------------------------------------------------------------

    /**
     * Everything up to the first good signatures, which is what a stranger can make a verifier do, and what holds besides
     * them.
     */
    List<Accepted> accept() {
        if (candidates.isEmpty()) {
            announce();
            candidates = verifier.parse(message, budget);
        }
        if (candidates.isEmpty()) {
            throw new VerificationException(Reason.SIGNATURE_MISSING);
        }
        satisfyPolicies();
        return verifier.replayGuard == null || candidates.size() == accepted.size() ? List.of() : besides();
    }

    /** A body that says it is too long is not read at all. */
    private void announce() {
        BodyFraming framing = BodyFraming.of(message);
        if (framing.length() > verifier.policy.limits().maxBodyBytes()) {
            throw verifier.tooLong();
        }
        body.announce(framing);
    }

    /**
     * Satisfies each policy with a signature and a party of its own. Each signature is judged once, and one that does not hold
     * uses up the policy that selects it: so a stranger causes no more cryptography than there are policies.
     */
    private void satisfyPolicies() {
        for (; policyAt < verifier.signaturePolicies.size(); policyAt++, candidateAt = 0) {
            SignaturePolicy wanted = verifier.signaturePolicies.get(policyAt);
            for (; candidateAt < candidates.size(); candidateAt++) {
                Candidate candidate = candidates.get(candidateAt);
                if (candidate.isSpent || !wanted.selects(candidate.parameters)) {
                    continue;
                }
                try {
                    requireFit(candidate, wanted);
                    judge(candidate);
                    // Only behind a good signature may anything be asked of the peer.
                    if (body.presence() == BodyPresence.UNKNOWN) {
                        body.isPresent();
                        wanted.check(candidate.parameters, message, body.presence(), verifier.policy);
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
        if (accepted.size() < verifier.atLeast) {
            accepted.clear();
            throw first != null ? first : new VerificationException(Reason.SIGNATURE_NOT_ACCEPTABLE);
        }
    }

    /**
     * The signatures that hold besides the accepted ones: the message without the latter would be accepted for them, and so
     * they are taken as used up, too. They count for nothing else. It takes a good signature to get here.
     */
    private List<Accepted> besides() {
        List<Accepted> found = new ArrayList<>();
        for (Candidate candidate : candidates) {
            for (SignaturePolicy wanted : verifier.signaturePolicies) {
                if (!candidate.isSpent && wanted.selects(candidate.parameters) && holds(candidate, wanted)) {
                    found.add(new Accepted(wanted, candidate.verified()));
                }
            }
        }
        return found;
    }

    private boolean holds(Candidate candidate, SignaturePolicy wanted) {
        Component field = wanted.replayField();
        if (candidate.trailer != null && !wanted.takesTrailers()
                || field != null && !candidate.parameters.components().contains(field)) {
            return false;
        }
        try {
            checkTime(candidate.parameters, wanted, whenItMayCount(candidate.parameters, wanted));
            // Whether the key may be used is not asked: one that is not valid yet, or disabled, may be so later.
            resolve(candidate, wanted, null);
            judge(candidate);
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
        Instant now = verifier.clock.instant();
        Duration ahead = verifier.policy.clockSkew().plus(wanted.effectiveMaxAge(verifier.policy.maxAge()));
        long created = parameters.createdSecond();
        return created > now.getEpochSecond() && created <= now.plus(ahead).getEpochSecond()
                ? Instant.ofEpochSecond(created)
                : now;
    }

    /** Whether a signature is one that the policy accepts, if only it holds; nothing here costs more than a key look-up. */
    private void requireFit(Candidate candidate, SignaturePolicy wanted) {
        SignatureParameters parameters = candidate.parameters;
        wanted.check(parameters, message, body.presence(), verifier.policy);
        Component trailer = candidate.trailer;
        if (trailer != null && !wanted.takesTrailers()) {
            throw new VerificationException(Reason.COMPONENT_FORBIDDEN, trailer.identifier());
        }
        Instant now = verifier.clock.instant();
        checkTime(parameters, wanted, now);
        requireOtherParty(resolve(candidate, wanted, now));
    }

    /** Passes if the signature holds. */
    private void judge(Candidate candidate) {
        if (candidate.verified != null) {
            return;
        }
        if (candidate.trailer != null) {
            body.consume(null);
        }
        candidate.isSpent = true;
        long before = values.budget().spent();
        VerificationKey key = candidate.key();
        SignatureParameters parameters = candidate.parameters;
        SignatureBase base;
        try {
            base = SignatureBase.of(values, parameters);
        } catch (ComponentException e) {
            throw new VerificationException(Reason.COMPONENT_UNAVAILABLE, e.rule());
        }
        values.budget().spend(base.length());
        Keys.verify(key, base.array(), 0, base.length(), candidate.signature, verifier.policy.providers());
        candidate.isSpent = false;
        values.budget().settle(before);
        candidate.verified = new VerifiedSignature(candidate.label, parameters, key, base);
        if (!parameters.isKnownList() && candidate.input instanceof SfInnerList list) {
            verifier.knownLists.add(list.items(), parameters.components());
        }
    }

    /** Two signatures by one party are one party's word, be it by an old and a new key, or by one key of two names. */
    private void requireOtherParty(VerificationKey key) {
        for (int i = 0; i < accepted.size(); i++) {
            VerificationKey other = accepted.get(i).key();
            if (key.id().equals(other.id()) || Keys.isOfSameParty(key, other)) {
                throw new VerificationException(Reason.SIGNATURE_NOT_ACCEPTABLE, "one party signed twice");
            }
        }
    }

    private void checkTime(SignatureParameters parameters, SignaturePolicy wanted, Instant now) {
        long second = now.getEpochSecond();
        long skew = verifier.policy.clockSkew().toSeconds();
        long maxAge = wanted.effectiveMaxAge(verifier.policy.maxAge()).toSeconds();
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
            found = verifier.lookUp(parameters);
            candidate.found = found;
        }
        VerificationKey key = found.orElseThrow(() -> new VerificationException(Reason.KEY_UNKNOWN));
        if (now != null) {
            Keys.requireUsable(key, now);
        }
        if (!verifier.policy.algorithms().contains(key.algorithm()) || !wanted.accepts(key.algorithm())) {
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

    // ---- the body --------------------------------------------------------------------------------------------------

    private VerifiedMessage withBody() {
        boolean bodyCovered = digestBody();
        List<VerifiedSignature> signatures = new ArrayList<>(accepted.size());
        for (int i = 0; i < accepted.size(); i++) {
            signatures.add(accepted.get(i).signature);
        }
        boolean isEmpty = !bodyCovered && !body.isPresent();
        if (isEmpty) {
            body.requireUnannounced(BodyFraming.of(message));
        }
        return new VerifiedMessage(signatures, body, bodyCovered || isEmpty);
    }

    /** Compares the digests that an accepted signature covers with the body; every recognised one counts. */
    private boolean digestBody() {
        boolean content = false;
        boolean representation = false;
        for (Accepted one : accepted) {
            for (Component component : one.signature.parameters().components()) {
                content |= SignaturePolicy.bindsBody(component);
                representation |= component.name().equals("repr-digest") && !component.isOfRequest();
            }
        }
        Limits limits = verifier.policy.limits();
        // RFC 9530, 3: content and representation are the same only without a content coding and a range.
        if (representation && isWholeRepresentation()) {
            body.consume(null);
            body.consume(
                    ContentDigest.parse("repr-digest", message.fieldValues("repr-digest"), limits, verifier.digester));
        }
        if (content && !body.matches(message.fieldValues("content-digest"))) {
            body.consume(ContentDigest.parse(
                    "content-digest", message.fieldValues("content-digest"), limits, verifier.digester));
        }
        return content;
    }

    private boolean isWholeRepresentation() {
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

    // ---- the verdict -----------------------------------------------------------------------------------------------

    /**
     * The verdict, at its own time: key sources, the body and the last check may have taken long. The claim is the last act,
     * so that nothing is used up by a message that is refused; only a guard that took too long itself can still undo it.
     */
    private void conclude(List<Accepted> alsoUsed) {
        Instant now = verifier.clock.instant();
        checkTime(now);
        if (verifier.replayGuard == null) {
            return;
        }
        Replays.claim(verifier.replayGuard, verifier.replayEntries.of(accepted, alsoUsed, now));
        checkTime(verifier.clock.instant());
    }

    private void checkTime(Instant now) {
        for (int i = 0; i < accepted.size(); i++) {
            Accepted one = accepted.get(i);
            checkTime(one.signature.parameters(), one.policy, now);
            Keys.requireUsable(one.key(), now);
        }
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
        final @Nullable Component trailer;

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
}
