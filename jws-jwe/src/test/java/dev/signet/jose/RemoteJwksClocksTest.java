// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.signet.core.Algorithm;
import dev.signet.core.Keyset;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationKey;
import dev.signet.jose.RemoteJwks.FailureCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Withdrawn keys end and nobody is locked out, whichever way the clock jumps; and whose a fetch is. */
@Timeout(60)
class RemoteJwksClocksTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration LIFE = Duration.ofMinutes(15);
    private static final Duration OUTAGE = Duration.ofHours(4);
    private static final String OLD = RfcKeys.EC_PUBLIC + ",\"alg\":\"ES256\",\"kid\":\"old\"";
    private static final String NEW = RfcKeys.ED25519_PUBLIC + ",\"kid\":\"new\"";

    private static KeyServer.Identity identity;

    private final AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-11-01T12:00:00Z"));
    private final AtomicLong ticks = new AtomicLong(Long.MAX_VALUE - 5);
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

    // ---- clocks
    // ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT12H", "P365D", "P20000D"})
    void resolve_setFetchedWhileTheClockWasAhead_isRenewedWhenItIsCorrected(String ahead) {
        keys.refresh();
        wall.updateAndGet(now -> now.minus(Duration.parse(ahead)));
        server.serves(RfcKeys.set(NEW));
        assertThat(keys.resolve("old")).as("withdrawn").isEmpty();
        assertThat(keys.resolve("new")).isPresent();
        assertThat(server.count()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1S", "PT-20S", "PT-29S"})
    void resolve_clockSetBackByLittle_causesNoFetchAndNoLongerLife(String jump) {
        keys.refresh();
        wall.updateAndGet(now -> now.plus(Duration.parse(jump)));
        assertThat(keys.resolve("old")).isPresent();
        assertThat(server.count()).isOne();
        server.serves(RfcKeys.set(NEW));
        run(LIFE);
        assertThat(keys.resolve("old")).as("by the running clock").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "P365D", "PT-1H", "P-365D"})
    void resolve_clockThatJumps_locksNobodyOut(String jump) {
        keys.refresh();
        for (int i = 0; i < 5; i++) {
            wall.updateAndGet(now -> now.plus(Duration.parse(jump)));
            assertThat(keys.resolve("old")).isPresent();
            run(INTERVAL);
            assertThat(keys.resolve("old")).isPresent();
        }
    }

    @Test
    void resolve_clockSetBackDuringAnOutage_servesForTheToleratedTimeByTheRunningClock() {
        keys.refresh();
        server.answers(KeyServer.answer(500, new byte[0]));
        wall.updateAndGet(now -> now.minus(Duration.ofDays(2)));
        assertThat(keys.resolve("old")).isPresent();
        assertThat(keys.state().consecutiveFailures()).isOne();
        run(LIFE.plus(OUTAGE).minusSeconds(1));
        assertThat(keys.resolve("old")).isPresent();
        run(Duration.ofSeconds(1));
        assertThat(keys.state().keyIds()).isEmpty();
        eventually(() -> !isServed("old"));
    }

    @Test
    void resolve_wallClockThatStands_ageGoesOnAndSoDoTheRequests() {
        keys.refresh();
        server.serves(RfcKeys.set(OLD, NEW));
        run(INTERVAL);
        assertThat(keys.resolve("new")).isPresent();
        server.serves(RfcKeys.set(OLD));
        run(LIFE);
        assertThat(keys.resolve("new")).isEmpty();
    }

    @Test
    void resolve_runningClockThatStood_whileTheMachineSlept() {
        keys.refresh();
        server.serves(RfcKeys.set(NEW));
        wall.updateAndGet(now -> now.plus(LIFE));
        assertThat(keys.resolve("old")).isEmpty();
    }

    // ---- whose a fetch is
    // --------------------------------------------------------------------------------------------

    @Test
    void resolve_oneInterruptedCaller_endsNobodyElsesFetch() throws Exception {
        CountDownLatch asked = hang(RfcKeys.set(OLD));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread first = new Thread(() -> {
            try {
                keys.resolve("old");
            } catch (UnavailableException e) {
                thrown.set(Thread.currentThread().isInterrupted() ? e : new AssertionError("the flag is lost"));
            }
        });
        first.start();
        assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
        List<Future<Boolean>> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(callers.submit(() -> keys.resolve("old").isPresent()));
        }
        first.interrupt();
        first.join(5_000);
        assertThat(thrown.get()).isInstanceOf(UnavailableException.class).hasMessageContaining("interrupted");
        assertThat(keys.state().lastFailure()).isEmpty();
        released.countDown();
        for (Future<Boolean> other : others) {
            assertThat(other.get(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(server.count()).isOne();
        assertThat(keys.state().consecutiveFailures()).isZero();
    }

    @Test
    void resolve_interruptedWhileASetIsRenewed_isNoAnswerFromTheOldOne() throws Exception {
        keys.refresh();
        run(LIFE);
        hang(RfcKeys.set(NEW));
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> keys.resolve("old"));
        assertThat(Thread.interrupted()).isTrue();
        released.countDown();
        assertThat(keys.resolve("old")).isEmpty();
        assertThat(server.count()).isEqualTo(2);
    }

    @Test
    void close_whileACallerWaits_endsTheRequestAndTheWaiting() throws Exception {
        CountDownLatch asked = hang(RfcKeys.set(OLD));
        Future<Boolean> caller = callers.submit(() -> keys.resolve("old").isPresent());
        assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
        keys.close();
        // The server has not answered yet, and will not before the end of this test.
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> caller.get(9, TimeUnit.SECONDS))
                .havingCause()
                .isInstanceOf(UnavailableException.class)
                .withMessageContaining("closed");
        eventually(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("signet-jwk-set")));
        assertThat(keys.state().keyIds()).isEmpty();
    }

    @Test
    void close_whileASetIsServed_isServedNoLonger() {
        keys.refresh();
        keys.close();
        assertThat(keys.state().keyIds()).isEmpty();
        assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> keys.resolve("old"));
    }

    @Test
    void resolve_afterAFailedFetch_codeIsTheServersFault() {
        server.answers(KeyServer.answer(500, new byte[0]));
        assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> keys.resolve("old"));
        assertThat(keys.state().lastFailure().orElseThrow().code()).isEqualTo(FailureCode.STATUS_NOT_200);
    }

    // ---- whose the keys are, and how many
    // ----------------------------------------------------------------------------

    @Test
    void resolve_namedParty_holdsAllKeysOfTheSet() {
        SigningKey first = SigningKey.generate(Algorithm.ES256).withId("first");
        SigningKey second = SigningKey.generate(Algorithm.ES256).withId("second");
        server.serves(
                Jwks.toPublicJson(Keyset.of("first", List.of(first.verificationKey(), second.verificationKey()))));
        String both = Tokens.general(token(first), token(second));
        try (RemoteJwks bank = builder().party("bank").build()) {
            assertThat(bank.resolve("first").flatMap(VerificationKey::party)).contains("bank");
            Tokens.assertRefused(
                    Reason.SIGNATURE_NOT_ACCEPTABLE,
                    () -> JwsVerifier.builder(bank).signatures(2).build().verifyJson(both));
        }
        assertThat(JwsVerifier.builder(keys)
                        .signatures(2)
                        .build()
                        .verifyJson(both)
                        .signatures())
                .hasSize(2);
        assertThatIllegalArgumentException().isThrownBy(() -> builder().party(""));
    }

    @Test
    void resolve_setOfManyKeys_isReadUpToTheLimitOfMembers() {
        try (RemoteJwks many = builder().maxBytes(1 << 20).build()) {
            server.serves(manyKeys(1_400));
            assertThat(many.resolve("k0")).isPresent();
            run(INTERVAL);
            server.serves(manyKeys(1_500));
            assertThatExceptionOfType(UnavailableException.class).isThrownBy(many::refresh);
            assertThat(many.state().lastFailure().orElseThrow().code()).isEqualTo(FailureCode.SET_REFUSED);
        }
    }

    // ---- helpers
    // -----------------------------------------------------------------------------------------------------

    private static byte[] manyKeys(int count) {
        return RfcKeys.utf8(IntStream.range(0, count)
                .mapToObj(i ->
                        "{" + RfcKeys.ED25519_PUBLIC + ",\"use\":\"sig\",\"alg\":\"Ed25519\",\"kid\":\"k" + i + "\"}")
                .collect(Collectors.joining(",", "{\"keys\":[", "]}")));
    }

    private static String token(SigningKey key) {
        return Forge.token("{'alg':'ES256','kid':'" + key.id() + "'}", "payload", key);
    }

    private RemoteJwks.Builder builder() {
        return RemoteJwks.builder(server.uri())
                .allowPrivateAddresses()
                .sslContext(identity.client())
                .ticks(ticks::get)
                .clock(wall::get);
    }

    /** Only the clock runs that cannot be set; its numbers may overflow. */
    private void run(Duration time) {
        ticks.addAndGet(time.toNanos());
    }

    private CountDownLatch hang(byte[] json) {
        CountDownLatch asked = new CountDownLatch(1);
        server.answers(exchange -> {
            asked.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            KeyServer.write(exchange, 200, json);
        });
        return asked;
    }

    private boolean isServed(String id) {
        try {
            return keys.resolve(id).isPresent();
        } catch (UnavailableException e) {
            return false;
        }
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
