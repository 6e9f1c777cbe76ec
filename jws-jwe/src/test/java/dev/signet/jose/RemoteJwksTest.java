// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import dev.signet.core.Algorithm;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationKey;
import dev.signet.jose.RemoteJwks.FailureCode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a set is fetched, which set serves, and who waits for it. */
@Timeout(60)
class RemoteJwksTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration LIFE = Duration.ofMinutes(15);
    private static final Duration OUTAGE = Duration.ofHours(4);
    private static final String OLD = RfcKeys.EC_PUBLIC + ",\"alg\":\"ES256\",\"kid\":\"old\"";
    private static final String NEW = RfcKeys.ED25519_PUBLIC + ",\"kid\":\"new\"";

    private static KeyServer.Identity identity;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-01T12:00:00Z"));
    private final CountDownLatch released = new CountDownLatch(1);
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private KeyServer server;
    private RemoteJwks keys;

    @BeforeAll
    static void makeIdentity() throws Exception {
        identity = KeyServer.Identity.create();
    }

    @BeforeEach
    void start() throws Exception {
        server = new KeyServer(identity).serves(RfcKeys.set(OLD));
        keys = builder().build();
    }

    @AfterEach
    void stop() {
        released.countDown();
        keys.close();
        server.close();
        callers.shutdownNow();
    }

    // ---- serving
    // -----------------------------------------------------------------------------------------------------

    @Test
    void resolve_publishedKey_isFetchedOnceAndServed() {
        assertThat(server.count()).as("build() does not fetch").isZero();
        assertThat(keys.resolve("old")).map(VerificationKey::id).contains("old");
        assertThat(keys.resolve("old")).isPresent();
        assertThat(server.count()).isOne();
    }

    @Test
    void resolveUnnamed_severalKeys_isEmpty() {
        assertThat(keys.resolveUnnamed()).isPresent();
        server.serves(RfcKeys.set(OLD, NEW));
        pass(LIFE);
        assertThat(keys.resolveUnnamed()).isEmpty();
    }

    @Test
    void resolve_rsaKeyWithoutAlg_needsTheAgreedAlgorithm() {
        server.serves(RfcKeys.set(RfcKeys.RSA_PUBLIC + ",\"kid\":\"rsa\""));
        assertThat(keys.resolve("rsa")).isEmpty();
        assertThat(keys.state().skipped()).hasSize(1);
        try (RemoteJwks agreed = builder().rsaAlgorithm(Algorithm.PS256).build()) {
            assertThat(agreed.resolve("rsa").orElseThrow().algorithm()).isEqualTo(Algorithm.PS256);
        }
    }

    // ---- unknown ids
    // -------------------------------------------------------------------------------------------------

    @Test
    void resolve_unknownKeyFlood_fetchesOncePerInterval() {
        keys.refresh();
        for (int interval = 1; interval <= 3; interval++) {
            flood(300, "before-" + interval);
            assertThat(server.count()).isEqualTo(interval);
            pass(INTERVAL);
            flood(300, "after-" + interval);
            assertThat(server.count()).isEqualTo(interval + 1);
        }
        assertThat(keys.resolve("old")).isPresent();
    }

    @Test
    void resolve_floodWhileTheSourceHangs_neverHoldsKnownKeys() throws Exception {
        keys.refresh();
        pass(INTERVAL);
        CountDownLatch asked = hang(RfcKeys.set(OLD));
        List<Future<Optional<VerificationKey>>> flood = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String id = "unknown-" + i;
            flood.add(callers.submit(() -> keys.resolve(id)));
        }
        assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
        // 32 wait; the others are told at once that nothing can be said.
        eventually(() -> flood.stream().filter(Future::isDone).count() == 68);
        for (int i = 0; i < 1_000; i++) {
            assertThat(keys.resolve("old")).isPresent();
        }
        assertThat(flood.stream().filter(Future::isDone))
                .hasSize(68)
                .allSatisfy(call -> assertThatThrownBy(call::get).hasCauseInstanceOf(UnavailableException.class));
        released.countDown();
        eventually(() -> flood.stream().allMatch(Future::isDone));
        assertThat(server.count()).isEqualTo(2);
    }

    @Test
    void resolve_newKeyForManyCallersAtOnce_isOneFetch() throws Exception {
        keys.refresh();
        pass(INTERVAL);
        CountDownLatch asked = hang(RfcKeys.set(OLD, NEW));
        List<Future<Optional<VerificationKey>>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(callers.submit(() -> keys.resolve("new")));
        }
        assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
        released.countDown();
        for (Future<Optional<VerificationKey>> call : calls) {
            assertThat(call.get(10, TimeUnit.SECONDS)).isPresent();
        }
        assertThat(server.count()).isEqualTo(2);
    }

    @Test
    void resolve_sameMissingIdAgain_doesNotWaitForTheFetchThatItCauses() throws Exception {
        keys.refresh();
        pass(INTERVAL);
        assertThat(keys.resolve("nobody")).isEmpty();
        assertThat(server.count()).isEqualTo(2);
        pass(INTERVAL);
        CountDownLatch asked = hang(RfcKeys.set(OLD));
        assertThat(keys.resolve("nobody")).isEmpty();
        assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(keys.resolve("nobody")).isEmpty();
        assertThat(server.count()).isEqualTo(3);
    }

    @Test
    void resolve_idThatAStrangerGuessedBeforeItsTime_isKnownOneIntervalAfterItIsPublished() {
        keys.refresh();
        pass(INTERVAL);
        assertThat(keys.resolve("new")).as("the stranger's guess").isEmpty();
        server.serves(RfcKeys.set(OLD, NEW));
        pass(INTERVAL);
        eventually(() -> keys.resolve("new").isPresent());
        assertThat(server.count()).isEqualTo(3);
    }

    @Test
    void missingIds_afterAFlood_areBounded() {
        MissingIds missing = new MissingIds();
        for (int i = 0; i < 5 * MissingIds.MAX; i++) {
            missing.add("id-" + i);
        }
        assertThat(missing.size()).isEqualTo(MissingIds.MAX);
        assertThat(missing.contains("id-0")).isTrue();
    }

    @Test
    void resolve_overlongKeyId_isUnknownWithoutAFetch() {
        server.answers(KeyServer.answer(500, new byte[0]));
        assertThat(keys.resolve("x".repeat(257))).isEmpty();
        assertThat(server.count()).isZero();
    }

    // ---- outages
    // -----------------------------------------------------------------------------------------------------

    @Test
    void resolve_sourceThatNeverAnswered_isUnavailableAndNotUnknown() {
        server.answers(KeyServer.answer(503, new byte[0]));
        for (int i = 0; i < 50; i++) {
            assertUnavailable("old", FailureCode.STATUS_NOT_200);
        }
        assertThat(server.count())
                .as("also a source that is down is asked once per interval")
                .isOne();
        server.serves(RfcKeys.set(OLD));
        pass(INTERVAL);
        assertThat(keys.resolve("old")).isPresent();
    }

    @Test
    void resolve_outage_lastGoodSetServesForItsTimeAndNoLonger() {
        keys.refresh();
        server.answers(KeyServer.answer(500, new byte[0]));
        pass(LIFE);
        assertThat(keys.resolve("old")).isPresent();
        pass(OUTAGE.minusSeconds(1));
        assertThat(keys.resolve("old")).isPresent();
        assertThat(keys.state().consecutiveFailures()).isPositive();
        pass(Duration.ofSeconds(1));
        assertThat(keys.state().keyIds()).isEmpty();
        eventually(() -> !keyIsServed());
        server.serves(RfcKeys.set(OLD));
        pass(INTERVAL);
        assertThat(keys.resolve("old")).isPresent();
    }

    @Test
    void resolve_outageKnown_readersDoNotWaitForTheNextAttempt() throws Exception {
        keys.refresh();
        server.answers(KeyServer.answer(500, new byte[0]));
        pass(LIFE);
        assertThat(keys.resolve("old")).isPresent();
        pass(INTERVAL);
        CountDownLatch asked = hang(RfcKeys.set(OLD));
        assertThat(keys.resolve("old")).isPresent();
        assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(keys.resolve("old")).isPresent();
        assertThat(server.count()).isEqualTo(3);
    }

    @Test
    void resolve_unknownIdDuringAnOutage_isUnavailable() {
        keys.refresh();
        server.answers(KeyServer.answer(500, new byte[0]));
        pass(INTERVAL);
        assertUnavailable("new", FailureCode.STATUS_NOT_200);
        assertUnavailable("new", FailureCode.STATUS_NOT_200);
        assertThat(server.count()).isEqualTo(2);
    }

    @Test
    void resolve_setThatJwksRefuses_doesNotReplaceTheGoodOne() {
        keys.refresh();
        List<byte[]> refused = List.of(
                RfcKeys.set(OLD, RfcKeys.EC_PRIVATE + ",\"kid\":\"private\""),
                RfcKeys.set(OLD, RfcKeys.OCT + ",\"kid\":\"secret\""),
                RfcKeys.set(NEW, NEW),
                RfcKeys.utf8("{\"keys\":[],\"keys\":[]}"),
                RfcKeys.utf8("<html>sign in</html>"),
                new byte[0]);
        for (byte[] json : refused) {
            server.serves(json);
            pass(INTERVAL);
            assertThatExceptionOfType(UnavailableException.class).isThrownBy(keys::refresh);
            assertThat(keys.state().lastFailure().orElseThrow().code()).isEqualTo(FailureCode.SET_REFUSED);
            assertThat(keys.state().keyIds()).containsExactly("old");
        }
        assertThat(keys.resolve("old")).isPresent();
    }

    // ---- freshness
    // ---------------------------------------------------------------------------------------------------

    @Test
    void resolve_beforeTheLifeEnds_isRenewedInTheBackground() throws Exception {
        keys.refresh();
        pass(LIFE.minus(LIFE.dividedBy(3)));
        CountDownLatch asked = hang(RfcKeys.set(OLD, NEW));
        for (int i = 0; i < 100; i++) {
            assertThat(keys.resolve("old")).isPresent();
        }
        assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(keys.state().keyIds()).containsExactly("old");
        released.countDown();
        eventually(() -> keys.state().keyIds().equals(List.of("old", "new")));
        assertThat(server.count()).isEqualTo(2);
    }

    @Test
    void resolve_withdrawnKeyAfterAnIdleTime_isNotServed() {
        keys.refresh();
        server.serves(RfcKeys.set(NEW));
        pass(LIFE);
        assertThat(keys.resolve("old")).isEmpty();
        assertThat(keys.resolve("new")).isPresent();
    }

    @Test
    void resolve_clockSetBack_fetchesAgain() {
        keys.refresh();
        server.serves(RfcKeys.set(OLD, NEW));
        now.set(now.get().minus(Duration.ofDays(30)));
        assertThat(keys.resolve("new")).isPresent();
    }

    // ---- refresh, state, close
    // ---------------------------------------------------------------------------------------

    @Test
    void refresh_sourceDown_failsEarly() {
        server.answers(KeyServer.answer(404, new byte[0]));
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(keys::refresh)
                .withMessage("JWK set of localhost: STATUS_NOT_200");
        assertThatExceptionOfType(UnavailableException.class).isThrownBy(keys::refresh);
        assertThat(server.count()).isOne();
    }

    @Test
    void refresh_withinTheInterval_doesNotFetch() {
        keys.refresh();
        keys.refresh();
        assertThat(server.count()).isOne();
    }

    @Test
    void state_afterSuccessAndFailure_tellsBoth() {
        assertThat(keys.state())
                .isEqualTo(new RemoteJwks.State(Optional.empty(), Optional.empty(), 0, List.of(), List.of()));
        Instant first = now.get();
        server.serves(RfcKeys.set(OLD, RfcKeys.RSA_PUBLIC));
        keys.refresh();
        server.answers(KeyServer.answer(500, new byte[0]));
        pass(INTERVAL);
        assertThatExceptionOfType(UnavailableException.class).isThrownBy(keys::refresh);
        RemoteJwks.State state = keys.state();
        assertThat(state.lastSuccess()).contains(first);
        assertThat(state.lastFailure()).contains(new RemoteJwks.Failure(FailureCode.STATUS_NOT_200, now.get()));
        assertThat(state.consecutiveFailures()).isOne();
        assertThat(state.keyIds()).containsExactly("old");
        assertThat(state.skipped()).hasSize(1);
        assertThat(state.toString()).doesNotContain("t0p", "private-path");
    }

    @Test
    void toString_andErrors_keepTheAddressToThemselves() {
        server.answers(KeyServer.answer(500, RfcKeys.utf8("secret")));
        assertThatThrownBy(() -> keys.resolve("a")).satisfies(thrown -> {
            StringBuilder all = new StringBuilder();
            for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                all.append(cause);
            }
            assertThat(all.toString()).contains("localhost").doesNotContain("t0p", "private-path", "secret");
        });
        assertThat(keys)
                .hasToString("RemoteJwks[host=localhost, keys=0, " + SecurityPolicy.recommended2026()
                        + ", allowPrivateAddresses]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteJwks.builder(URI.create("https://user:t0p@keys.example/")))
                .satisfies(thrown -> assertThat(thrown.toString()).doesNotContain("t0p"));
    }

    @Test
    void close_thenResolve_isUnavailable() {
        keys.refresh();
        keys.close();
        keys.close();
        assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> keys.resolve("old"));
        assertThatExceptionOfType(UnavailableException.class).isThrownBy(keys::resolveUnnamed);
        assertThatExceptionOfType(UnavailableException.class).isThrownBy(keys::refresh);
        assertThat(server.count()).isOne();
    }

    // ---- building
    // ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://keys.example/jwks.json",
                "file:///etc/passwd",
                "jar:https://keys.example/a.jar!/b",
                "ftp://keys.example/",
                "/jwks.json",
                "https:opaque",
                "https:///jwks.json",
                "https://user@keys.example/",
                "https://user:password@keys.example/",
                "https://@keys.example/",
                "https://keys.example/#fragment",
                "https://keys.example/#",
                "https://keys.example./",
                "https://under_score/",
                "https://keys.example:0/",
                "https://keys.example:65536/"
            })
    void builder_unusableAddress_isRejected(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> RemoteJwks.builder(URI.create(address)));
    }

    @Test
    void builder_valuesOutOfBounds_areRejected() {
        Duration second = Duration.ofSeconds(1);
        List<Runnable> mistakes = List.of(
                () -> builder().timeToLive(Duration.ofSeconds(59)),
                () -> builder().timeToLive(Duration.ofHours(25)),
                () -> builder().outageTolerance(Duration.ofDays(8)),
                () -> builder().outageTolerance(second.negated()),
                () -> builder().minRefreshInterval(Duration.ZERO),
                () -> builder().minRefreshInterval(Duration.ofHours(2)),
                () -> builder().refreshAhead(second.negated()),
                () -> builder().timeouts(Duration.ZERO, second, second),
                () -> builder().timeouts(second, Duration.ZERO, second),
                () -> builder().timeouts(second, second, Duration.ofMinutes(2)),
                () -> builder().maxBytes(0),
                () -> builder().maxBytes((1 << 20) + 1).build(),
                () -> builder().rsaAlgorithm(Algorithm.ES256),
                () -> builder().refreshAhead(LIFE).build(),
                () -> builder().minRefreshInterval(Duration.ofMinutes(20)).build());
        assertThat(mistakes)
                .allSatisfy(mistake -> assertThatIllegalArgumentException().isThrownBy(mistake::run));
    }

    // ---- helpers
    // -----------------------------------------------------------------------------------------------------

    private RemoteJwks.Builder builder() {
        return RemoteJwks.builder(server.uri())
                .allowPrivateAddresses()
                .sslContext(identity.client())
                .clock(now::get);
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private void flood(int ids, String prefix) {
        for (int i = 0; i < ids; i++) {
            assertThat(keys.resolve(prefix + i)).isEmpty();
        }
    }

    /** The server answers when {@link #released}; the latch tells that it was asked. */
    private CountDownLatch hang(byte[] json) {
        CountDownLatch asked = new CountDownLatch(1);
        HttpHandler answer = KeyServer.answer(200, json);
        server.answers(exchange -> {
            asked.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answer.handle(exchange);
        });
        return asked;
    }

    private boolean keyIsServed() {
        try {
            return keys.resolve("old").isPresent();
        } catch (UnavailableException e) {
            return false;
        }
    }

    private void assertUnavailable(String id, FailureCode code) {
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> keys.resolve(id))
                .withMessage("JWK set of localhost: " + code);
        assertThat(keys.state().lastFailure().orElseThrow().code()).isEqualTo(code);
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
