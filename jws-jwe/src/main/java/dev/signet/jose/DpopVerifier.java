// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
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
import dev.signet.core.internal.Keys;
import dev.signet.core.internal.Replays;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Verifies DPoP proofs (RFC 9449, 4.3): that the sender of an HTTP request holds the private key of the public key inside
 * the proof. Who that is, only an access token that is bound to the key can say.
 *
 * <pre>{@code
 * DpopVerifier verifier = DpopVerifier.builder().build(); // once: it remembers the proofs
 * VerifiedDpop proof = verifier.verify(dpopFields, "POST", target);
 * String holder = proof.key().id(); // of the key to which a token can be bound
 * }</pre>
 *
 * <p><b>Security properties.</b> All checks of section 4.3: one field, type {@code dpop+jwt}, an asymmetric algorithm that
 * the policy accepts, the signature by the key inside, no private key, method and target of this request, a recent {@code
 * iat}, the server's nonce where there is one, and with an access token its hash and its binding to the key. Each proof is
 * accepted once.
 *
 * <p><b>Once.</b> What its standard has used once, an HTTP request or a DPoP proof, is claimed from a replay guard: one in memory
 * unless {@code replayGuard} gives another, and none only by {@code ignoreReplay}. What its standard lets be shown again, a token
 * or a document, is claimed only if {@code replayGuard} gives a guard.
 *
 * <p>Immutable and thread-safe. Errors as those of {@link JwtVerifier}.
 */
@CheckReturnValue
public final class DpopVerifier {
    static final String TYPE = "dpop+jwt";

    private final SecurityPolicy policy;
    private final StrictJson.Reader json;
    private final @Nullable ReplayGuard replayGuard;
    private final boolean ignoresReplay;
    private final @Nullable Predicate<String> nonces;
    private final Duration maxAge;
    private final InstantSource clock;
    private final Audit audit;
    private final RecentTexts<Sender> senders = new RecentTexts<>();

    private DpopVerifier(Builder builder) {
        policy = builder.policy;
        json = StrictJson.reader(policy.limits());
        clock = builder.clock;
        nonces = builder.nonces;
        maxAge = builder.maxAge == null || builder.maxAge.compareTo(policy.maxAge()) > 0
                ? policy.maxAge()
                : builder.maxAge;
        ignoresReplay = builder.ignoreReplay;
        replayGuard = ignoresReplay
                ? null
                : builder.replayGuard != null
                        ? builder.replayGuard
                        : ReplayGuard.inMemory(1_000_000, 500_000, clock, builder.listener);
        audit = new Audit("dpop", builder.listener, clock);
    }

    /** Starts a verifier. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Verifies the proof of a request without an access token, such as that for a token, which is then to be bound to the
     * proof's key ({@link JwtIssuer.Token#boundTo(VerificationKey)}).
     *
     * @param dpopFields the values of all {@code DPoP} header fields of the request
     * @param method of the request
     * @param target URI of the request, as the client saw it; one that names no host is a refusal
     */
    public VerifiedDpop verify(List<String> dpopFields, String method, URI target) {
        return verify(dpopFields, method, target, null, null);
    }

    @Override
    public String toString() {
        return "DpopVerifier[" + policy + (ignoresReplay ? ", ignoreReplay" : "") + "]";
    }

    /** All but what comes last, for a verifier that has more to check. */
    ProofOfPossession.Proven verifyBound(
            List<String> fields, String method, URI target, String accessToken, JsonObject confirmation) {
        try {
            return check(fields, method, target, accessToken, confirmation);
        } catch (MessageSecurityException e) {
            throw audit.refused(e, null);
        }
    }

    private VerifiedDpop verify(
            List<String> fields,
            String method,
            URI target,
            @Nullable String accessToken,
            @Nullable JsonObject confirmation) {
        try {
            Proof proof = check(fields, method, target, accessToken, confirmation);
            if (replayGuard != null) {
                Replays.claim(replayGuard, proof.entry);
                // The guard may have taken long.
                checkTime(proof.claims);
            }
            proof.accepted();
            return new VerifiedDpop(proof.key, proof.claims, method, target);
        } catch (MessageSecurityException e) {
            // The key is of the sender's choosing, so that it names nobody.
            throw audit.refused(e, null);
        }
    }

    private Proof check(
            List<String> fields,
            String method,
            URI target,
            @Nullable String accessToken,
            @Nullable JsonObject confirmation) {
        // RFC 9449, 4.3, step 1
        if (fields.size() != 1) {
            throw malformed("exactly one DPoP field is needed");
        }
        String proof = fields.get(0);
        if (proof.length() > policy.limits().maxTokenBytes()) {
            throw InvalidMessageException.tooLarge(
                    "a proof of more than " + policy.limits().maxTokenBytes() + " bytes");
        }
        Compact compact = Compact.parse(proof, policy);
        Sender sender = sender(compact);
        byte[] payload = compact.payload(sender.header);
        Keys.verify(sender.key, compact.text, 0, compact.lastDot, compact.signature(), policy.providers());
        JsonObject claims = new JsonObject(json.readObject(payload), Reason.CLAIM_UNEXPECTED);
        checkRequest(claims, method, target);
        Instant forgetAt = checkTime(claims);
        if (accessToken != null && confirmation != null) {
            checkBinding(claims, accessToken, confirmation, sender.thumbprint);
        }
        String jti = required(claims, "jti");
        if (jti.isEmpty() || jti.length() > policy.limits().maxNonceLength()) {
            throw new VerificationException(Reason.CLAIM_UNEXPECTED, "jti");
        }
        if (nonces != null) {
            checkNonce(claims, nonces);
            checkTime(claims);
        }
        return new Proof(
                claims, sender.key, ReplayGuard.Entry.ofKeyId(sender.thumbprint).withNonce(jti, forgetAt));
    }

    /** A proof that holds, if it was not used before. */
    private final class Proof implements ProofOfPossession.Proven {
        private final JsonObject claims;
        private final VerificationKey key;
        private final ReplayGuard.Entry entry;

        Proof(JsonObject claims, VerificationKey key, ReplayGuard.Entry entry) {
            this.claims = claims;
            this.key = key;
            this.entry = entry;
        }

        @Override
        public @Nullable ReplayGuard guard() {
            return replayGuard;
        }

        @Override
        public ReplayGuard.Entry entry() {
            return entry;
        }

        @Override
        public void recheck() {
            try {
                checkTime(claims);
            } catch (MessageSecurityException e) {
                throw audit.refused(e, null);
            }
        }

        @Override
        public void refused(MessageSecurityException reason) {
            audit.refused(reason, null);
        }

        @Override
        public void accepted() {
            audit.accepted(SecurityEvent.Type.VERIFIED, key);
        }
    }

    // ---- the steps of RFC 9449, 4.3 --------------------------------------------------------------------------------

    private Sender sender(Compact compact) {
        Sender known = senders.get(compact.text, compact.firstDot);
        if (known != null) {
            return known;
        }
        byte[] bytes = Base64Url.decode(compact.text, 0, compact.firstDot);
        if (bytes == null) {
            throw malformed("the header is not base64url without padding");
        }
        ProtectedHeader header = ProtectedHeader.parse(bytes, json, policy.limits(), Set.of());
        // Step 4
        if (header.type == null || !ProtectedHeader.mediaType(header.type).equals(TYPE)) {
            throw new VerificationException(Reason.TYPE_UNEXPECTED);
        }
        Sender sender = sender(header);
        senders.put(compact.text, compact.firstDot, sender);
        return sender;
    }

    /** Steps 5 and 7. */
    private Sender sender(ProtectedHeader header) {
        if (!(header.members.get("jwk") instanceof Map<?, ?> map)) {
            throw malformed("no jwk in the header of the proof");
        }
        @SuppressWarnings("unchecked") // StrictJson makes no other maps
        Jwk jwk = new Jwk((Map<String, Object>) map);
        if (jwk.isPrivate()) {
            throw malformed("a private key or shared secret in the header of the proof");
        }
        try {
            // An RSA key does not say which algorithm it is for; the header may, since it is the key's owner who
            // speaks.
            Algorithm named = Algorithm.ofJoseName(header.alg).orElse(null);
            VerificationKey key = JwkReader.verification(jwk, named);
            JwsVerifier.checkAlgorithm(header.alg, key, policy);
            String thumbprint = key.thumbprint().orElseThrow();
            // A kid in the jwk is the sender's choice, and may be the id of somebody else's key.
            return new Sender(header, key.withId(thumbprint), thumbprint);
        } catch (JwkException e) {
            throw malformed("the proof's jwk: " + e.getMessage());
        }
    }

    /** Steps 8 and 9. */
    private static void checkRequest(JsonObject claims, String method, URI target) {
        if (!required(claims, "htm").equals(method)) {
            throw new VerificationException(Reason.CLAIM_UNEXPECTED, "htm");
        }
        URI claimed;
        try {
            claimed = new URI(required(claims, "htu"));
        } catch (URISyntaxException e) {
            throw new VerificationException(Reason.CLAIM_UNEXPECTED, "htu");
        }
        if (target.getScheme() == null || target.getHost() == null) {
            // The target is made of what the client sent, such as a Host field with a name that is none.
            throw malformed("the target of the request is no absolute URI with a host");
        }
        // Nobody sends user information (RFC 9110, 4.2.4), so that whoever signs it means something else.
        if (claimed.getScheme() == null
                || claimed.getHost() == null
                || claimed.getRawUserInfo() != null
                || !DpopTarget.of(claimed).equals(DpopTarget.of(target))) {
            throw new VerificationException(Reason.CLAIM_UNEXPECTED, "htu");
        }
    }

    /** Step 11. */
    @CanIgnoreReturnValue
    private Instant checkTime(JsonObject claims) {
        Instant iat = claims.instant("iat").orElseThrow(() -> missing("iat"));
        Instant now = clock.instant();
        if (iat.isAfter(now.plus(policy.clockSkew()))) {
            throw new VerificationException(Reason.CREATED_IN_FUTURE);
        }
        if (now.isAfter(iat.plus(maxAge))) {
            throw new VerificationException(Reason.TOO_OLD);
        }
        // Another verifier that asks the same guard may allow the policy's whole age.
        return iat.plus(policy.maxAge()).plus(policy.clockSkew());
    }

    /** Step 10. */
    private static void checkNonce(JsonObject claims, Predicate<String> isOurs) {
        // No nonce at all is how a client asks for its first one.
        String nonce = claims.string("nonce").orElse(null);
        if (nonce == null || !Boundary.ask("check of the nonce", () -> isOurs.test(nonce))) {
            throw new VerificationException(Reason.NONCE_UNEXPECTED);
        }
    }

    /** Step 12. */
    private static void checkBinding(
            JsonObject claims, String accessToken, JsonObject confirmation, String thumbprint) {
        String ath = Thumbprints.sha256(accessToken.getBytes(StandardCharsets.US_ASCII));
        if (!MessageDigest.isEqual(
                ath.getBytes(StandardCharsets.US_ASCII), required(claims, "ath").getBytes(StandardCharsets.UTF_8))) {
            throw new VerificationException(Reason.CLAIM_UNEXPECTED, "ath");
        }
        ProofOfPossession.requireOnly(confirmation, "jkt", thumbprint);
    }

    private static String required(JsonObject claims, String name) {
        return claims.string(name).orElseThrow(() -> missing(name));
    }

    private static VerificationException missing(String name) {
        return new VerificationException(Reason.CLAIM_MISSING, name);
    }

    private static InvalidMessageException malformed(String what) {
        return InvalidMessageException.malformed("DPoP: " + what);
    }

    /** A header of a proof, with the key in it; a client's proofs all have the same one. */
    private record Sender(ProtectedHeader header, VerificationKey key, String thumbprint) {}

    /** Collects what a verifier needs. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private SecurityListener listener = SecurityListener.none();
        private InstantSource clock = InstantSource.system();
        private @Nullable ReplayGuard replayGuard;
        private @Nullable Predicate<String> nonces;
        private @Nullable Duration maxAge;
        private boolean ignoreReplay;

        private Builder() {}

        /** Remembers proofs elsewhere, where several processes serve one target. */
        public Builder replayGuard(ReplayGuard guard) {
            replayGuard = guard;
            return this;
        }

        /** Accepts a proof as often as it comes, until it is too old. */
        public Builder ignoreReplay() {
            ignoreReplay = true;
            return this;
        }

        /**
         * Every proof must have a nonce that this server has given out (RFC 9449, 8). A refusal with {@link
         * Reason#NONCE_UNEXPECTED} is to be answered with {@code use_dpop_nonce} and a fresh one.
         */
        public Builder nonces(Predicate<String> isOurs) {
            nonces = isOurs;
            return this;
        }

        /** Accepts proofs of at most this age, instead of the policy's; longer ages are cut to the latter. */
        public Builder maxAge(Duration age) {
            if (age.isNegative() || age.isZero()) {
                throw new IllegalArgumentException("the age is positive");
            }
            maxAge = age;
            return this;
        }

        /** Another policy; its {@code maxAge} is how old a proof may be. */
        public Builder policy(SecurityPolicy newPolicy) {
            policy = newPolicy;
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

        /**
         * Makes the verifier.
         *
         * @throws IllegalArgumentException if a replay guard is both given and ignored
         */
        @CheckReturnValue
        public DpopVerifier build() {
            Replays.requireOneWish(replayGuard, ignoreReplay);
            return new DpopVerifier(this);
        }
    }
}
