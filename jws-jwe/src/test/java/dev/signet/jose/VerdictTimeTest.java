// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.testkit.MovingClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A verdict is right at the time at which it is given, whoever was asked before and however long that took. */
class VerdictTimeTest {
    private static final Instant START = Instant.ofEpochSecond(1_800_000_000);
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ES256).withId("k");
    private static final SigningKey HOLDER = SigningKey.generate(Algorithm.ES256);
    private static final byte[] PAYLOAD = RfcKeys.utf8("payload");
    private static final URI TARGET = URI.create("https://api.example/pay");
    private static final Set<Reason> OUT_OF_TIME = EnumSet.of(
            Reason.EXPIRED, Reason.TOO_OLD, Reason.KEY_NOT_VALID_NOW, Reason.CREATED_IN_FUTURE, Reason.NOT_YET_VALID);

    private final List<SecurityEvent> events = new ArrayList<>();

    // ---- sweeps
    // ------------------------------------------------------------------------------------------------------

    @Test
    void verifyJwt_whateverTakesLong_isNotExcused() {
        String token = token(",'exp':" + (START.getEpochSecond() + 300));
        int runs = MovingClock.sweep(
                START,
                Duration.ofSeconds(331),
                clock -> verdict(clock, () -> jwt(clock, plain()).verify(token)));
        assertThat(runs).as("key, header, and twice the guard").isEqualTo(4);
    }

    @Test
    void verifyJwt_maxAgeOverWhileSomebodyIsAsked_isTooOld() {
        long iat = START.getEpochSecond();
        String token = token(",'iat':" + iat + ",'exp':" + (iat + 3_000));
        MovingClock.sweep(
                START,
                Duration.ofSeconds(91),
                clock -> verdict(clock, () -> jwt(clock, plain()).verify(token)));
    }

    @Test
    void verifyJwt_keyThatEndsWhileSomebodyIsAsked_isNotValid() {
        String token = token(",'exp':" + (START.getEpochSecond() + 300));
        VerificationKey ending = plain().withValidity(null, START.plusSeconds(5));
        MovingClock.sweep(
                START,
                Duration.ofSeconds(5),
                clock -> verdict(clock, () -> jwt(clock, ending).verify(token)));
    }

    @Test
    void verifyDpop_whateverTakesLong_isNotExcused() {
        String proof = proof("");
        int runs = MovingClock.sweep(
                START,
                Duration.ofHours(1),
                clock -> verdict(clock, () -> dpop(clock).verify(List.of(proof), "POST", TARGET)));
        assertThat(runs).as("nonce, and twice the guard").isEqualTo(3);
    }

    @Test
    void verifyBoundJwt_whateverTakesLong_isNotExcused() {
        String jkt = HOLDER.verificationKey().thumbprint().orElseThrow();
        String token = token(",'cnf':{'jkt':'" + jkt + "'},'exp':" + (START.getEpochSecond() + 300));
        String proof = proof(",'ath':'" + Thumbprints.sha256(RfcKeys.utf8(token)) + "'");
        int runs = MovingClock.sweep(
                START,
                Duration.ofHours(1),
                clock -> verdict(
                        clock,
                        () -> jwt(clock, plain())
                                .verify(token, ProofOfPossession.dpop(dpop(clock), List.of(proof), "POST", TARGET))));
        assertThat(runs).as("key, header, nonce, and twice each guard").isEqualTo(7);
    }

    @Test
    void verifyJws_keyThatEndsWhileSomebodyIsAsked_isNotValid() {
        VerificationKey ending = plain().withValidity(null, START.plusSeconds(5));
        String compact = Forge.token("{'alg':'ES256','kid':'k','private':1}", "payload", KEY);
        String[] parts = compact.split("\\.");
        String detached = parts[0] + ".." + parts[2];
        for (Consumer<Verifying> way : List.<Consumer<Verifying>>of(
                v -> v.verifier.verify(compact),
                v -> v.verifier.verifyJson(Tokens.flattened(compact, "")),
                v -> v.verifier.verifyDetached(
                        detached, header -> v.clock.callback(ignored -> PAYLOAD).apply(header)),
                v -> {
                    try {
                        v.verifier.verifyDetached(detached, v.clock.body(new ByteArrayInputStream(PAYLOAD)));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })) {
            int runs = MovingClock.sweep(
                    START,
                    Duration.ofSeconds(5),
                    clock -> verdict(clock, () -> way.accept(new Verifying(jws(clock, ending), clock))));
            assertThat(runs).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void verifyJws_keyOfTheFirstOfTwoSignaturesEnds_whileTheSecondIsAskedFor() {
        SigningKey other = SigningKey.generate(Algorithm.ES256).withId("other");
        String json = Tokens.general(
                Forge.token("{'alg':'ES256','kid':'k'}", "payload", KEY),
                Forge.token("{'alg':'ES256','kid':'other'}", "payload", other));
        KeyResolver keys = KeyResolver.of(plain().withValidity(null, START.plusSeconds(5)), other.verificationKey());
        MovingClock.sweep(
                START,
                Duration.ofSeconds(5),
                clock -> verdict(
                        clock,
                        () -> JwsVerifier.builder(clock.keys(keys))
                                .signatures(2)
                                .listener(events::add)
                                .clock(clock)
                                .build()
                                .verifyJson(json)));
    }

    // ---- last and together
    // -------------------------------------------------------------------------------------------

    @Test
    void verifyBoundJwt_refusedForAnotherReason_usesUpNeitherTokenNorProof() {
        String jkt = HOLDER.verificationKey().thumbprint().orElseThrow();
        String token = token(",'cnf':{'jkt':'" + jkt + "'},'exp':" + (START.getEpochSecond() + 300));
        String proof = proof(",'ath':'" + Thumbprints.sha256(RfcKeys.utf8(token)) + "'");
        AllOrNone guard = new AllOrNone();
        DpopVerifier dpop = DpopVerifier.builder()
                .replayGuard(guard)
                .clock(() -> START)
                .listener(events::add)
                .build();
        JwtVerifier verifier = expecting(KeyResolver.of(plain()))
                .replayGuard(guard)
                .clock(() -> START)
                .build();
        // The token's id is taken, as if it had come before.
        guard.claim(plain().thumbprint().orElseThrow(), "jwt-id", START.plusSeconds(60));
        ProofOfPossession proven = ProofOfPossession.dpop(dpop, List.of(proof), "POST", TARGET);
        Forge.assertRejected(Reason.REPLAYED, () -> verifier.verify(token, proven));
        assertThat(events).extracting(SecurityEvent::type).containsExactly(SecurityEvent.Type.REJECTED);
        assertThat(guard.claim(jkt, "proof-id", START.plusSeconds(60)))
                .as("the proof was not used up")
                .isEqualTo(ReplayGuard.Claim.FIRST);
    }

    // ---- what others throw
    // -------------------------------------------------------------------------------------------

    @Test
    void verify_callbacksThatFail_areRefusalsThatTheAuditSees() {
        String compact = Forge.token("{'alg':'ES256','kid':'k','private':1}", "payload", KEY);
        String[] parts = compact.split("\\.");
        String detached = parts[0] + ".." + parts[2];
        KeyResolver keys = KeyResolver.of(plain());
        String token = token(",'exp':" + (START.getEpochSecond() + 300));
        List<Runnable> failing = List.of(
                () -> JwsVerifier.builder(id -> {
                            throw new IllegalStateException("jdbc:keys://10.1.2.3");
                        })
                        .listener(events::add)
                        .build()
                        .verify(compact),
                () -> JwsVerifier.builder(id -> null)
                        .listener(events::add)
                        .build()
                        .verify(compact),
                () -> JwsVerifier.builder(keys)
                        .listener(events::add)
                        .understand("private", header -> {
                            throw new IllegalArgumentException("jdbc:keys://10.1.2.3");
                        })
                        .build()
                        .verify(compact),
                () -> JwsVerifier.builder(keys).listener(events::add).build().verifyDetached(detached, header -> {
                    throw new IllegalArgumentException("jdbc:keys://10.1.2.3");
                }),
                () -> JwsVerifier.builder(keys).listener(events::add).build().verifyDetached(detached, header -> null),
                () -> expecting(keys)
                        .listener(events::add)
                        .clock(() -> START)
                        .replayGuard((key, nonce, end) -> {
                            throw new IllegalStateException("jdbc:keys://10.1.2.3");
                        })
                        .build()
                        .verify(token),
                () -> DpopVerifier.builder()
                        .listener(events::add)
                        .clock(() -> START)
                        .nonces(nonce -> {
                            throw new IllegalStateException("jdbc:keys://10.1.2.3");
                        })
                        .build()
                        .verify(List.of(proof("")), "POST", TARGET));
        for (Runnable call : failing) {
            events.clear();
            assertThatThrownBy(call::run)
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageNotContaining("10.1.2.3");
            assertThat(events).extracting(SecurityEvent::type).containsExactly(SecurityEvent.Type.UNAVAILABLE);
        }
    }

    @Test
    void verifyDetached_arrayOfTheCallerChangedLater_isNotTheVerifiedPayload() {
        String compact = Forge.token("{'alg':'ES256','kid':'k'}", "payload", KEY);
        String[] parts = compact.split("\\.");
        byte[] array = PAYLOAD.clone();
        VerifiedJws verified = JwsVerifier.builder(KeyResolver.of(plain()))
                .build()
                .verifyDetached(parts[0] + ".." + parts[2], header -> array);
        array[0] = 'X';
        assertThat(verified.contentText()).isEqualTo("payload");
    }

    // ---- helpers
    // -----------------------------------------------------------------------------------------------------

    /** A guard that claims all entries or none. */
    private static final class AllOrNone implements ReplayGuard {
        private final Set<String> taken = new HashSet<>();

        @Override
        public Claim claim(String keyId, String nonce, Instant expiresAt) {
            return taken.add(keyId + " " + nonce) ? Claim.FIRST : Claim.REPLAYED;
        }

        @Override
        public Claim claimAll(List<Entry> entries) {
            boolean fresh = entries.stream().noneMatch(e -> taken.contains(e.keyId() + " " + e.nonce()));
            entries.stream().filter(e -> fresh).forEach(e -> claim(e.keyId(), e.nonce(), e.expiresAt()));
            return fresh ? Claim.FIRST : Claim.REPLAYED;
        }
    }

    private record Verifying(JwsVerifier verifier, MovingClock clock) {}

    /** Accepted only if nothing took long, and an event that says what the verdict was. */
    private void verdict(MovingClock clock, Runnable verifying) {
        events.clear();
        MessageSecurityException refused = null;
        try {
            verifying.run();
        } catch (MessageSecurityException e) {
            refused = e;
        }
        if (clock.hasJumped()) {
            assertThat(refused)
                    .as("out of time")
                    .isInstanceOfSatisfying(
                            VerificationException.class,
                            e -> assertThat(e.reason()).isIn(OUT_OF_TIME));
            assertThat(events).isNotEmpty().noneMatch(e -> e.type() == SecurityEvent.Type.VERIFIED);
        } else {
            assertThat(refused).isNull();
            assertThat(events).isNotEmpty().allMatch(e -> e.type() == SecurityEvent.Type.VERIFIED);
        }
    }

    private static VerificationKey plain() {
        return KEY.verificationKey();
    }

    private static JwtVerifier.Builder expecting(KeyResolver keys) {
        return JwtVerifier.builder(keys).expectIssuer("i").expectAudience("a").expectType("JWT");
    }

    private JwtVerifier jwt(MovingClock clock, VerificationKey key) {
        return expecting(clock.keys(KeyResolver.of(key)))
                .replayGuard(clock.guard(ReplayGuard.inMemory(100, 50, clock)))
                .understand(
                        "private",
                        header -> clock.<JsonObject, Boolean>callback(ignored -> true)
                                .apply(header))
                .maxAge(Duration.ofSeconds(60))
                .listener(events::add)
                .clock(clock)
                .build();
    }

    private DpopVerifier dpop(MovingClock clock) {
        return DpopVerifier.builder()
                .replayGuard(clock.guard(ReplayGuard.inMemory(100, 50, clock)))
                .nonces(nonce -> clock.<String, Boolean>callback("ours"::equals).apply(nonce))
                .listener(events::add)
                .clock(clock)
                .build();
    }

    private JwsVerifier jws(MovingClock clock, VerificationKey key) {
        return JwsVerifier.builder(clock.keys(KeyResolver.of(key)))
                .understand(
                        "private",
                        header -> clock.<JsonObject, Boolean>callback(ignored -> true)
                                .apply(header))
                .listener(events::add)
                .clock(clock)
                .build();
    }

    private static String token(String more) {
        String iat = more.contains("'iat'") ? "" : ",'iat':" + START.getEpochSecond();
        return Forge.token(
                "{'alg':'ES256','kid':'k','typ':'JWT','private':1}",
                "{'iss':'i','aud':'a','jti':'jwt-id'" + iat + more + "}",
                KEY);
    }

    private static String proof(String more) {
        String jwk =
                new String(JsonText.write(JwkWriter.publicMembers(HOLDER.verificationKey())), StandardCharsets.UTF_8);
        return Forge.token(
                "{'typ':'dpop+jwt','alg':'ES256','jwk':" + jwk + "}",
                "{'jti':'proof-id','htm':'POST','htu':'https://api.example/pay','nonce':'ours','iat':"
                        + START.getEpochSecond() + more + "}",
                HOLDER);
    }
}
