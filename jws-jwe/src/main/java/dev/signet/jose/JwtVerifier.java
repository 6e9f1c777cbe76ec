// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
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
import dev.signet.core.internal.Keys;
import dev.signet.core.internal.Lowered;
import dev.signet.core.internal.Replays;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Verifies JSON Web Tokens (RFC 7519) by the practices of RFC 8725.
 *
 * <p><b>Security properties.</b> Issuer, audience and type are each expected or ignored by a named call, and {@link
 * Builder#build()} fails while one is undecided; {@code exp} is required unless ignored. {@code nbf} and {@code iat} are
 * checked where they are present. A token lives no longer than the policy's {@code tokenLifetime}. A token that is bound to
 * a key ({@code cnf}) is refused unless its sender proves to hold that key. The signature is checked as {@link JwsVerifier}
 * says, before any claim is looked at; the token's length before anything.
 *
 * <p><b>Once.</b> What its standard has used once, an HTTP request or a DPoP proof, is claimed from a replay guard: one in memory
 * unless {@code replayGuard} gives another, and none only by {@code ignoreReplay}. What its standard lets be shown again, a token
 * or a document, is claimed only if {@code replayGuard} gives a guard.
 *
 * <p>Immutable and thread-safe. Every method throws {@link InvalidMessageException} for what is no token or over a limit,
 * {@link VerificationException} for what must not be trusted, and {@link UnavailableException} if the keys or the replay
 * guard cannot be reached.
 */
public final class JwtVerifier {
    private static final long MAX_NUMERIC_DATE = 253_402_300_799L;

    /** RFC 7519, 4.1, and RFC 9068, 2.2: strings wherever they are, even if nobody asks for them. */
    private static final List<String> STRINGS = List.of("iss", "sub", "jti", "client_id");

    private final JwsVerifier jws;
    private final SecurityPolicy policy;
    private final StrictJson.Reader json;
    private final @Nullable Set<String> issuers;
    private final @Nullable Set<String> audiences;
    private final @Nullable String subject;
    private final Set<String> requiredClaims;
    private final boolean checkExpiration;
    private final boolean checkNotBefore;
    private final boolean checkIssuedAt;
    private final boolean checkConfirmation;
    private final boolean requireConfirmation;
    private final @Nullable Duration maxAge;
    private final @Nullable ReplayGuard replayGuard;
    private final String lowered;
    private final InstantSource clock;
    private final Audit audit;

    private JwtVerifier(Builder builder) {
        policy = builder.policy;
        clock = builder.clock;
        jws = builder.jws.policy(policy).clock(clock).build();
        json = StrictJson.reader(policy.limits());
        issuers = builder.issuers;
        audiences = builder.audiences;
        subject = builder.subject;
        requiredClaims = Collections.unmodifiableSet(new LinkedHashSet<>(builder.requiredClaims));
        checkExpiration = !builder.ignoreExpiration;
        checkNotBefore = !builder.ignoreNotBefore;
        checkIssuedAt = !builder.ignoreIssuedAt;
        checkConfirmation = !builder.ignoreConfirmation;
        requireConfirmation = builder.requireConfirmation;
        maxAge = builder.maxAge;
        replayGuard = builder.replayGuard;
        lowered = builder.lowered.toString();
        audit = new Audit("jwt", builder.listener, clock);
    }

    /** Starts a verifier with the keys that it trusts. */
    public static Builder builder(KeyResolver keys) {
        return new Builder(keys);
    }

    /**
     * Starts a verifier of OAuth 2.0 access tokens by RFC 9068: of type {@code at+jwt}, with subject, client id, {@code iat}
     * and {@code jti}.
     *
     * @param audience the name of this resource server
     */
    public static Builder accessTokens(KeyResolver keys, String issuer, String audience) {
        return new Builder(keys)
                .expectType("at+jwt")
                .expectIssuer(issuer)
                .expectAudience(audience)
                .requireClaims("sub", "client_id", "iat", "jti");
    }

    /** Verifies a token that needs no proof from its sender; one that is bound to a key is refused. */
    public VerifiedJwt verify(String token) {
        return verifyToken(token, token, null);
    }

    /** Verifies a token that must be bound to the key which its sender has proven to hold. */
    public VerifiedJwt verify(String token, ProofOfPossession proof) {
        return verifyToken(token, token, proof);
    }

    /**
     * Decrypts a nested token (RFC 7519, 5.2) and verifies the one inside.
     *
     * @throws DecryptionException if it cannot be decrypted
     */
    public VerifiedJwt decryptAndVerify(String jwe, JweDecrypter decrypter) {
        return openToken(jwe, decrypter, null);
    }

    /** Decrypts a nested token that must be bound to the key which its sender has proven to hold. */
    public VerifiedJwt decryptAndVerify(String jwe, JweDecrypter decrypter, ProofOfPossession proof) {
        return openToken(jwe, decrypter, proof);
    }

    private VerifiedJwt openToken(String jwe, JweDecrypter decrypter, @Nullable ProofOfPossession proof) {
        String inner;
        try {
            checkLength(jwe);
            inner = JwsVerifier.inner(jwe, decrypter);
        } catch (MessageSecurityException e) {
            throw audit.refused(e, null);
        }
        return verifyToken(inner, jwe, proof);
    }

    private void checkLength(String token) {
        if (token.length() > policy.limits().maxTokenBytes()) {
            throw InvalidMessageException.tooLarge(
                    "a token of more than " + policy.limits().maxTokenBytes() + " bytes");
        }
    }

    /** @param presented what the sender has sent, which a proof refers to */
    private VerifiedJwt verifyToken(String token, String presented, @Nullable ProofOfPossession proof) {
        VerificationKey key = null;
        try {
            checkLength(token);
            VerifiedJws verified = jws.verify(token);
            key = verified.key();
            JsonObject claims = new JsonObject(json.readObject(verified.rawPayload()), Reason.CLAIM_UNEXPECTED);
            checkParties(claims);
            checkTimes(claims, clock.instant().getEpochSecond());
            for (String name : requiredClaims) {
                Object value = claims.get(name);
                if (value == null || value == StrictJson.NULL) {
                    throw missing(name);
                }
            }
            for (String name : STRINGS) {
                claims.string(name);
            }
            ProofOfPossession.Proven proven = checkConfirmation(claims, presented, proof);
            ReplayGuard.Entry once = once(claims, key);
            if (proof != null || once != null) {
                claimLast(claims, key, proven, once);
            }
            proven.accepted();
            audit.accepted(SecurityEvent.Type.VERIFIED, key);
            return new VerifiedJwt(verified, claims);
        } catch (MessageSecurityException e) {
            throw audit.refused(e, key);
        }
    }

    @Override
    public String toString() {
        return "JwtVerifier[issuer=" + issuers + ", audience=" + audiences + lowered + "]";
    }

    // ---- claims ----------------------------------------------------------------------------------------------------

    private void checkParties(JsonObject claims) {
        if (issuers != null) {
            String iss = claims.string("iss").orElseThrow(() -> missing("iss"));
            if (!issuers.contains(iss)) {
                throw unexpected("iss");
            }
        }
        if (audiences != null) {
            List<String> aud = VerifiedJwt.audience(claims);
            if (aud.isEmpty()) {
                throw missing("aud");
            }
            if (Collections.disjoint(aud, audiences)) {
                throw unexpected("aud");
            }
        }
        String sub = claims.string("sub").orElse(null);
        if (subject != null && !subject.equals(sub)) {
            throw sub == null ? missing("sub") : unexpected("sub");
        }
    }

    private void checkTimes(JsonObject claims, long now) {
        long skew = policy.clockSkew().toSeconds();
        long exp = seconds(claims, "exp");
        long nbf = seconds(claims, "nbf");
        long iat = seconds(claims, "iat");
        if (checkIssuedAt && iat > now + skew) {
            throw new VerificationException(Reason.CREATED_IN_FUTURE);
        }
        if (checkExpiration) {
            if (exp < 0) {
                throw missing("exp");
            }
            if (now >= exp + skew) {
                throw new VerificationException(Reason.EXPIRED);
            }
            // A time of issue that lies ahead, where it is ignored, must not make the lifetime look shorter.
            long start = iat < 0 ? now - skew : Math.min(iat, now + skew);
            if (exp - start > policy.tokenLifetime().toSeconds()) {
                throw new VerificationException(Reason.LIFETIME_TOO_LONG);
            }
        }
        if (checkNotBefore && nbf > now + skew) {
            throw new VerificationException(Reason.NOT_YET_VALID);
        }
        if (maxAge != null) {
            if (iat < 0) {
                throw missing("iat");
            }
            if (now - iat > maxAge.toSeconds() + skew) {
                throw new VerificationException(Reason.TOO_OLD);
            }
        }
    }

    /** A NumericDate, or -1 if there is none. */
    private static long seconds(JsonObject claims, String name) {
        Object value = claims.get(name);
        if (value == null) {
            return -1;
        }
        // RFC 7519, 2 allows fractions, which nobody needs and some readers round.
        if (!(value instanceof Long seconds) || seconds < 0 || seconds > MAX_NUMERIC_DATE) {
            throw unexpected(name + " is not a time in whole seconds");
        }
        return seconds;
    }

    private ProofOfPossession.Proven checkConfirmation(
            JsonObject claims, String token, @Nullable ProofOfPossession proof) {
        JsonObject confirmation = claims.object("cnf").orElse(null);
        if (proof != null) {
            if (confirmation == null) {
                // A bound scheme must not be talked down to a bearer token (RFC 9449, 7.1).
                throw new VerificationException(Reason.POSSESSION_NOT_PROVEN, "the token is not bound to a key");
            }
            return proof.check(confirmation, token);
        }
        if (requireConfirmation || (confirmation != null && checkConfirmation)) {
            throw new VerificationException(Reason.POSSESSION_NOT_PROVEN);
        }
        return ProofOfPossession.NOTHING;
    }

    /** What is remembered of a token that is accepted once. */
    private ReplayGuard.@Nullable Entry once(JsonObject claims, VerificationKey key) {
        if (replayGuard == null) {
            return null;
        }
        String jti = claims.string("jti").orElseThrow(() -> missing("jti"));
        if (jti.isEmpty() || jti.length() > policy.limits().maxNonceLength()) {
            throw unexpected("jti");
        }
        // Another verifier that asks the same guard may allow a larger skew. build() sees to it that exp was checked.
        Instant end = Instant.ofEpochSecond(seconds(claims, "exp")).plus(SecurityPolicy.MAX_CLOCK_SKEW);
        return ReplayGuard.Entry.of(key, jti, end);
    }

    /**
     * The last check, so that only a token and a proof are remembered which are good in every other way. The verdict is of
     * the time after it: whoever was asked, here and before, may have taken long.
     */
    private void claimLast(
            JsonObject claims, VerificationKey key, ProofOfPossession.Proven proven, ReplayGuard.@Nullable Entry once) {
        recheck(claims, key, proven);
        ReplayGuard.Entry proof = proven.entry();
        ReplayGuard proofs = proven.guard();
        if (proof == null || proofs == null) {
            claim(replayGuard, once);
        } else {
            boolean together = proofs == replayGuard && once != null && !isSame(proof, once);
            try {
                // The proof first: its sender makes another one for every request, and has the token once.
                Replays.claim(proofs, together && once != null ? List.of(proof, once) : List.of(proof));
            } catch (MessageSecurityException e) {
                proven.refused(e);
                throw e;
            }
            if (!together) {
                claim(replayGuard, once);
            }
        }
        recheck(claims, key, proven);
    }

    private void recheck(JsonObject claims, VerificationKey key, ProofOfPossession.Proven proven) {
        Instant now = clock.instant();
        Keys.requireUsable(key, now);
        checkTimes(claims, now.getEpochSecond());
        proven.recheck();
    }

    private static void claim(@Nullable ReplayGuard guard, ReplayGuard.@Nullable Entry entry) {
        if (guard != null && entry != null) {
            Replays.claim(guard, entry);
        }
    }

    private static boolean isSame(ReplayGuard.Entry one, ReplayGuard.Entry other) {
        return one.keyId().equals(other.keyId()) && one.nonce().equals(other.nonce());
    }

    private static VerificationException missing(String name) {
        return new VerificationException(Reason.CLAIM_MISSING, name);
    }

    private static VerificationException unexpected(String name) {
        return new VerificationException(Reason.CLAIM_UNEXPECTED, name);
    }

    /** Collects what a verifier expects. */
    public static final class Builder {
        private final JwsVerifier.Builder jws;
        private final Set<String> requiredClaims = new LinkedHashSet<>();
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private SecurityListener listener = SecurityListener.none();
        private InstantSource clock = InstantSource.system();
        private @Nullable Set<String> issuers;
        private @Nullable Set<String> audiences;
        private @Nullable String subject;
        private @Nullable Duration maxAge;
        private @Nullable ReplayGuard replayGuard;
        private final Lowered lowered = new Lowered();
        private boolean expectType;
        private boolean ignoreType;
        private boolean ignoreReplay;
        private boolean ignoreIssuer;
        private boolean ignoreAudience;
        private boolean ignoreExpiration;
        private boolean ignoreNotBefore;
        private boolean ignoreIssuedAt;
        private boolean ignoreConfirmation;
        private boolean requireConfirmation;

        private Builder(KeyResolver keys) {
            jws = JwsVerifier.builder(keys);
        }

        /** The only acceptable type ({@code typ}), compared as a media type: {@code JWT}, {@code at+jwt} and so on. */
        public Builder expectType(String typ) {
            jws.expectType(typ);
            expectType = true;
            return this;
        }

        /** Any type, or none: a token made for another purpose may be accepted too. */
        public Builder ignoreType() {
            ignoreType = true;
            lowered.add("ignoreType");
            return this;
        }

        /** The acceptable issuers ({@code iss}), whose keys are all among this verifier's. */
        public Builder expectIssuer(String first, String... more) {
            issuers = setOf(first, more);
            return this;
        }

        /** Any issuer, or none. */
        public Builder ignoreIssuer() {
            ignoreIssuer = true;
            lowered.add("ignoreIssuer");
            return this;
        }

        /** The names of this party, of which {@code aud} must have one. */
        public Builder expectAudience(String first, String... more) {
            audiences = setOf(first, more);
            return this;
        }

        /** Any audience, or none: a token made for another party is accepted too. */
        public Builder ignoreAudience() {
            ignoreAudience = true;
            lowered.add("ignoreAudience");
            return this;
        }

        /** The only acceptable subject ({@code sub}). */
        public Builder expectSubject(String sub) {
            subject = sub;
            return this;
        }

        /** No look at {@code exp}, nor at the token's lifetime: it is good for ever. */
        public Builder ignoreExpiration() {
            ignoreExpiration = true;
            lowered.add("ignoreExpiration");
            return this;
        }

        /** No look at {@code nbf}. */
        public Builder ignoreNotBefore() {
            ignoreNotBefore = true;
            lowered.add("ignoreNotBefore");
            return this;
        }

        /** A token issued in the future ({@code iat}) is accepted too. */
        public Builder ignoreIssuedAt() {
            ignoreIssuedAt = true;
            lowered.add("ignoreIssuedAt");
            return this;
        }

        /** {@code iat} must be there, and no longer ago than this. */
        public Builder maxAge(Duration age) {
            if (age.isNegative() || age.isZero()) {
                throw new IllegalArgumentException("the age is positive");
            }
            maxAge = age;
            return this;
        }

        /**
         * Accepts each token once: {@code jti} must be there and is claimed for as long as the token is good, be it for
         * another verifier with this guard and a larger skew.
         */
        public Builder replayGuard(ReplayGuard guard) {
            replayGuard = guard;
            return this;
        }

        /** Accepts a token as often as it comes, which is so unless a guard is given. */
        public Builder ignoreReplay() {
            ignoreReplay = true;
            lowered.add("ignoreReplay");
            return this;
        }

        /** Claims that must be there, and not be {@code null}. */
        public Builder requireClaims(String... names) {
            requiredClaims.addAll(List.of(names));
            return this;
        }

        /** Headers that must be in the protected header. */
        public Builder requireHeaders(String... names) {
            jws.requireHeaders(names);
            return this;
        }

        /** Every token must be bound to a key and come with a proof ({@link #verify(String, ProofOfPossession)}). */
        public Builder requireProofOfPossession() {
            requireConfirmation = true;
            return this;
        }

        /** Accepts tokens that are bound to a key ({@code cnf}) from anybody who has them. */
        public Builder ignoreConfirmation() {
            ignoreConfirmation = true;
            lowered.add("ignoreConfirmation");
            return this;
        }

        /** Understands a private header, as {@link JwsVerifier.Builder#understand} does. */
        public Builder understand(String name, Predicate<JsonObject> check) {
            jws.understand(name, check);
            return this;
        }

        /** Another policy. */
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
         * @throws IllegalStateException if issuer, audience or type is neither expected nor ignored, or two calls
         *     contradict each other
         * @throws IllegalArgumentException if a replay guard is both given and ignored
         */
        public JwtVerifier build() {
            List<String> open = new ArrayList<>();
            if ((issuers == null) != ignoreIssuer) {
                open.add("expectIssuer(…) or ignoreIssuer()");
            }
            if ((audiences == null) != ignoreAudience) {
                open.add("expectAudience(…) or ignoreAudience()");
            }
            if (expectType == ignoreType) {
                open.add("expectType(…) or ignoreType()");
            }
            if (!open.isEmpty()) {
                throw new IllegalStateException("call exactly one of each: " + String.join("; ", open));
            }
            Replays.requireOneWish(replayGuard, ignoreReplay);
            if (ignoreConfirmation && requireConfirmation) {
                throw new IllegalStateException("a proof of possession is either required or ignored");
            }
            if (ignoreIssuedAt && maxAge != null) {
                throw new IllegalStateException("a token from the future has no age");
            }
            if (ignoreExpiration && replayGuard != null) {
                throw new IllegalStateException("a token that is good for ever cannot be remembered that long");
            }
            return new JwtVerifier(this);
        }

        private static Set<String> setOf(String first, String... more) {
            Set<String> set = new LinkedHashSet<>();
            set.add(first);
            set.addAll(List.of(more));
            return Collections.unmodifiableSet(set);
        }
    }
}
