// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.ReplayGuard.Claim;
import java.lang.reflect.Field;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class InMemoryReplayGuardTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final InstantSource clock = now::get;
    private final Instant later = START.plusSeconds(300);

    @Test
    void claim_sameNonceAgain_isAReplay() {
        ReplayGuard guard = ReplayGuard.inMemory(10, 10, clock);
        assertThat(guard.claim("key", "nonce", later)).isEqualTo(Claim.FIRST);
        assertThat(guard.claim("key", "nonce", later)).isEqualTo(Claim.REPLAYED);
        assertThat(guard.claim("key", "nonce", later.plusSeconds(1000))).isEqualTo(Claim.REPLAYED);
    }

    @Test
    void claim_otherKeyOrNonce_isFresh() {
        ReplayGuard guard = ReplayGuard.inMemory(10, 10, clock);
        assertThat(guard.claim("key", "nonce", later)).isEqualTo(Claim.FIRST);
        assertThat(guard.claim("other", "nonce", later)).isEqualTo(Claim.FIRST);
        assertThat(guard.claim("key", "Nonce", later)).isEqualTo(Claim.FIRST);
        // Pairs whose concatenations are equal are different pairs.
        assertThat(guard.claim("keyn", "once", later)).isEqualTo(Claim.FIRST);
        assertThat(guard.claim("", "keynonce", later)).isEqualTo(Claim.FIRST);
    }

    @Test
    void claim_untilItsExpiry_isAReplay() {
        ReplayGuard guard = ReplayGuard.inMemory(10, 10, clock);
        guard.claim("key", "nonce", later);
        for (Instant time : new Instant[] {START, later.minusSeconds(1), later.minusNanos(1)}) {
            now.set(time);
            assertThat(guard.claim("key", "nonce", later)).as("at %s", time).isEqualTo(Claim.REPLAYED);
        }
        for (Instant time : new Instant[] {later, later.plusMillis(999), later.plusSeconds(1_000)}) {
            now.set(time);
            assertThat(guard.claim("key", "nonce", later)).as("at %s", time).isEqualTo(Claim.EXPIRED);
        }
    }

    @Test
    void claim_afterItsExpiry_isForgotten() {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(10, 10, clock, SecurityListener.none());
        guard.claim("key", "nonce", later);
        now.set(later.plusSeconds(3));
        assertThat(guard.claim("other", "nonce", later.plusSeconds(300))).isEqualTo(Claim.FIRST);
        assertThat(guard.size()).isEqualTo(1);
        assertThat(guard.claim("key", "nonce", later.plusSeconds(300))).isEqualTo(Claim.FIRST);
    }

    @Test
    void claim_clockThatGoesBack_doesNotForgetEarlier() {
        ReplayGuard guard = ReplayGuard.inMemory(10, 10, clock);
        guard.claim("key", "nonce", later);
        now.set(START.minusSeconds(1000));
        assertThat(guard.claim("key", "nonce", later)).isEqualTo(Claim.REPLAYED);
    }

    @Test
    void claim_fullStore_failsClosedUntilEntriesExpire() {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(3, 3, clock, SecurityListener.none());
        for (int i = 0; i < 3; i++) {
            assertThat(guard.claim("key" + i, "n", later)).isEqualTo(Claim.FIRST);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(guard.claim("another", "n", later)).isEqualTo(Claim.FULL);
            // A known replay is still told from a fresh message.
            assertThat(guard.claim("key0", "n", later)).isEqualTo(Claim.REPLAYED);
        }
        assertThat(guard.size()).isEqualTo(3);
        now.set(later.plusSeconds(3));
        assertThat(guard.claim("another", "n", later.plusSeconds(300))).isEqualTo(Claim.FIRST);
        assertThat(guard.size()).isEqualTo(1);
    }

    @Test
    void claim_quotaOfOneKey_leavesTheOthersAlone() {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(10, 2, clock, SecurityListener.none());
        assertThat(guard.claim("greedy", "1", later)).isEqualTo(Claim.FIRST);
        assertThat(guard.claim("greedy", "2", later)).isEqualTo(Claim.FIRST);
        for (int i = 0; i < 20; i++) {
            assertThat(guard.claim("greedy", "x" + i, later)).isEqualTo(Claim.QUOTA_EXCEEDED);
        }
        assertThat(guard.claim("greedy", "1", later)).isEqualTo(Claim.REPLAYED);
        assertThat(guard.claim("modest", "1", later)).isEqualTo(Claim.FIRST);
        assertThat(guard.size()).isEqualTo(3);
        now.set(later.plusSeconds(3));
        assertThat(guard.claim("greedy", "3", later.plusSeconds(300))).isEqualTo(Claim.FIRST);
    }

    @Test
    void inMemory_senselessBounds_areRejected() {
        int[][] bounds = {{0, 1}, {1, 0}, {-1, 1}, {1, -1}, {1, 2}};
        for (int[] bound : bounds) {
            assertThatThrownBy(() -> ReplayGuard.inMemory(bound[0], bound[1], clock))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void claim_manyThreadsWithOneNonce_oneIsFirst() throws Exception {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(100_000, 100_000, clock, SecurityListener.none());
        int nonces = 2_000;
        AtomicInteger[] firsts =
                IntStream.range(0, nonces).mapToObj(i -> new AtomicInteger()).toArray(AtomicInteger[]::new);
        AtomicInteger arrived = new AtomicInteger();
        inThreads(8, thread -> {
            for (int i = 0; i < nonces; i++) {
                // All start each round together, or the first would be done before the others look.
                arrived.incrementAndGet();
                while (arrived.get() < 8 * (i + 1)) {
                    Thread.yield();
                }
                Claim claim = guard.claim("key", "n" + i, later);
                if (claim == Claim.FIRST) {
                    firsts[i].incrementAndGet();
                } else {
                    assertThat(claim).isEqualTo(Claim.REPLAYED);
                }
            }
        });
        assertThat(firsts).allMatch(count -> count.get() == 1);
        assertThat(guard.size()).isEqualTo(nonces);
    }

    @RepeatedTest(20)
    void claim_manyThreadsAtTheBounds_neverExceedThem() throws Exception {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(1_000, 300, clock, SecurityListener.none());
        AtomicInteger firsts = new AtomicInteger();
        inThreads(8, thread -> {
            for (int i = 0; i < 1_000; i++) {
                if (guard.claim("key" + thread % 4, thread + "-" + i, later) == Claim.FIRST) {
                    firsts.incrementAndGet();
                }
                assertThat(guard.size()).isLessThanOrEqualTo(1_000);
            }
        });
        assertThat(firsts.get()).isBetween(795, 999);
        assertThat(guard.size()).isEqualTo(firsts.get());
        assertThat(guard.claim("fifth", "n", later)).isEqualTo(Claim.FIRST);
    }

    @Test
    void claim_twoKeysThatTakeAllTheyCan_leaveRoomForOthers() {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(900, 900, clock, SecurityListener.none());
        int[] taken = new int[2];
        for (int i = 0; i < 2_000; i++) {
            for (int key = 0; key < 2; key++) {
                taken[key] += guard.claim("greedy" + key, "n" + i, later) == Claim.FIRST ? 1 : 0;
            }
        }
        assertThat(taken[0]).isBetween(299, 301);
        assertThat(taken[1]).isBetween(299, 301);
        assertThat(guard.claim("greedy0", "more", later)).isEqualTo(Claim.QUOTA_EXCEEDED);
        for (int i = 0; i < 100; i++) {
            assertThat(guard.claim("modest", "n" + i, later)).isEqualTo(Claim.FIRST);
            assertThat(guard.claim("modest" + i, "n", later)).isEqualTo(Claim.FIRST);
        }
    }

    @Test
    void claim_keysOfOneParty_shareItsRoom() {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(100, 20, clock, SecurityListener.none());
        VerificationKey former = hmac("former").withParty("acme");
        VerificationKey current = hmac("current").withParty("acme");
        int taken = 0;
        for (int i = 0; i < 50; i++) {
            for (VerificationKey key : List.of(former, current)) {
                taken += guard.claimAll(List.of(ReplayGuard.Entry.of(key, "n" + i, later))) == Claim.FIRST ? 1 : 0;
            }
        }
        assertThat(taken).isEqualTo(20);
        assertThat(guard.claimAll(List.of(ReplayGuard.Entry.of(hmac("other").withParty("other"), "n", later))))
                .isEqualTo(Claim.FIRST);
    }

    @Test
    void claim_secretsOfOneId_areTwoKeys_andOneSecretOfTwoIdsIsOne() {
        ReplayGuard guard = ReplayGuard.inMemory();
        Instant later = Instant.now().plusSeconds(60);
        VerificationKey first = secret((byte) 1).withId("partner");
        VerificationKey second = secret((byte) 2).withId("partner");
        assertThat(guard.claimAll(List.of(ReplayGuard.Entry.of(first, "n", later))))
                .isEqualTo(Claim.FIRST);
        assertThat(guard.claimAll(List.of(ReplayGuard.Entry.of(second, "n", later))))
                .isEqualTo(Claim.FIRST);
        assertThat(guard.claimAll(List.of(ReplayGuard.Entry.of(first.withId("renamed"), "n", later))))
                .isEqualTo(Claim.REPLAYED);
        assertThat(guard.claimAll(List.of(ReplayGuard.Entry.of(secret((byte) 1).withParty("acme"), "n", later))))
                .isEqualTo(Claim.REPLAYED);
        assertThat(ReplayGuard.Entry.of(first, "n", later).keyId()).isNotEqualTo("partner");
        assertThat(ReplayGuard.Entry.of(first, "n", later).party()).isEqualTo("key:partner");
        assertThat(ReplayGuard.Entry.of(first.withParty("acme"), "n", later).party())
                .isEqualTo("party:acme");
    }

    private static VerificationKey secret(byte each) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (each * 31 + i);
        }
        return VerificationKey.hmac(Algorithm.HS256, SecretBytes.copyOf(bytes));
    }

    @Test
    void claim_keysOfOneId_areTwoKeys() {
        ReplayGuard guard = ReplayGuard.inMemory(10, 10, clock);
        VerificationKey honest =
                SigningKey.generate(Algorithm.ED25519).verificationKey().withId("1");
        VerificationKey other =
                SigningKey.generate(Algorithm.ED25519).verificationKey().withId("1");
        assertThat(guard.claimAll(List.of(ReplayGuard.Entry.of(other, "n", later))))
                .isEqualTo(Claim.FIRST);
        assertThat(guard.claimAll(List.of(ReplayGuard.Entry.of(honest, "n", later))))
                .isEqualTo(Claim.FIRST);
        assertThat(guard.claimAll(List.of(ReplayGuard.Entry.of(honest.withId("2"), "n", later))))
                .isEqualTo(Claim.REPLAYED);
    }

    @Test
    void claim_keyWhoseIdIsAnothersName_takesNothingOfIt() {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(100, 20, clock, SecurityListener.none());
        for (int i = 0; i < 50; i++) {
            guard.claimAll(List.of(ReplayGuard.Entry.of(hmac("acme"), "n" + i, later)));
        }
        VerificationKey ofAcme = hmac("key-1").withParty("acme");
        assertThat(guard.claimAll(List.of(ReplayGuard.Entry.of(ofAcme, "n", later))))
                .isEqualTo(Claim.FIRST);
    }

    @Test
    void claim_endThatIsNotInTheFuture_isRefusedAndRemembersNothing() {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(10, 10, clock, SecurityListener.none());
        for (Instant end : new Instant[] {START, START.minusNanos(1), START.minusSeconds(300), Instant.MIN}) {
            assertThat(guard.claim("key", "nonce", end)).as("ends %s", end).isEqualTo(Claim.EXPIRED);
        }
        assertThat(guard.size()).isZero();
        assertThat(guard.claim("key", "nonce", START.plusNanos(1))).isEqualTo(Claim.FIRST);
    }

    @Test
    void claimAll_oneOfThemRefused_claimsNone() {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(10, 2, clock, SecurityListener.none());
        guard.claim("used", "n", later);
        guard.claim("full", "1", later);
        guard.claim("full", "2", later);
        ReplayGuard.Entry fresh = ReplayGuard.Entry.ofKeyId("fresh").withNonce("n", later);
        assertThat(guard.claimAll(
                        List.of(fresh, ReplayGuard.Entry.ofKeyId("used").withNonce("n", later))))
                .isEqualTo(Claim.REPLAYED);
        assertThat(guard.claimAll(
                        List.of(fresh, ReplayGuard.Entry.ofKeyId("full").withNonce("3", later))))
                .isEqualTo(Claim.QUOTA_EXCEEDED);
        assertThat(guard.claimAll(
                        List.of(fresh, ReplayGuard.Entry.ofKeyId("ended").withNonce("n", START))))
                .isEqualTo(Claim.EXPIRED);
        assertThat(guard.claimAll(List.of(fresh, fresh))).isEqualTo(Claim.REPLAYED);
        assertThat(guard.size()).isEqualTo(3);
        assertThat(guard.claimAll(List.of(fresh))).isEqualTo(Claim.FIRST);
    }

    @Test
    void claim_clockThatWasAheadOnce_makesNoReplayFresh() {
        ReplayGuard guard = ReplayGuard.inMemory(10, 10, clock);
        guard.claim("key", "nonce", later);
        now.set(START.plusSeconds(3_600));
        guard.claim("other", "nonce", now.get().plusSeconds(300));
        now.set(START);
        assertThat(guard.claim("key", "nonce", later)).isEqualTo(Claim.EXPIRED);
        // Others go on.
        assertThat(guard.claim("key", "next", later.plusSeconds(10))).isEqualTo(Claim.FIRST);
    }

    @Test
    void claim_afterAPause_forgetsInSteps() {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(100_000, 100_000, clock, SecurityListener.none());
        for (int i = 0; i < 20_000; i++) {
            guard.claim("key", "n" + i, later);
        }
        now.set(later.plusSeconds(3));
        Instant end = now.get().plusSeconds(300);
        assertThat(guard.claim("key", "n0", end)).isEqualTo(Claim.FIRST);
        assertThat(guard.size()).isBetween(19_000, 19_999);
        // What has ended and was not forgotten yet is no replay.
        assertThat(guard.claim("key", "n19999", end)).isEqualTo(Claim.FIRST);
        for (int i = 0; i < 400; i++) {
            guard.claim("key", "later" + i, end);
        }
        assertThat(guard.size()).isEqualTo(402);
        assertThat(guard.claim("key", "n0", end)).isEqualTo(Claim.REPLAYED);
        assertThat(guard.claim("key", "n19999", end)).isEqualTo(Claim.REPLAYED);
    }

    @Test
    void claim_fullOfWhatHasEnded_makesRoom() {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(2_000, 2_000, clock, SecurityListener.none());
        for (int i = 0; i < 3_000; i++) {
            guard.claim("key", "n" + i, later);
            guard.claim("other", "n" + i, later);
        }
        now.set(later.plusSeconds(3));
        assertThat(guard.claim("key", "fresh", now.get().plusSeconds(300))).isEqualTo(Claim.FIRST);
    }

    @Test
    void claim_halfOfTheStoreTaken_isToldOnce() {
        List<SecurityEvent> events = new ArrayList<>();
        ReplayGuard guard = ReplayGuard.inMemory(100, 50, clock, event -> {
            events.add(event);
            throw new IllegalStateException("a listener that fails");
        });
        for (int i = 0; i < 50; i++) {
            guard.claim("one", "n" + i, later);
        }
        assertThat(events).isEmpty();
        for (int i = 0; i < 20; i++) {
            assertThat(guard.claim("two", "n" + i, later)).isEqualTo(Claim.FIRST);
        }
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(SecurityEvent.Type.FILLING);
            assertThat(event.code()).isEqualTo("replay-store-half-full");
        });
        now.set(later.plusSeconds(3));
        Instant end = now.get().plusSeconds(300);
        for (int i = 0; i < 50; i++) {
            guard.claim("one", "n" + i, end);
            guard.claim("two", "n" + i, end);
        }
        assertThat(events).hasSize(2);
    }

    @Test
    void claim_longNonces_takeNoMoreRoomThanShortOnes() {
        // Kept are hashes: nothing reachable from the guard grows with the nonce.
        String kept = "n".repeat(200);
        ReplayGuard guard = ReplayGuard.inMemory(10, 10, clock);
        guard.claim("key", kept + "1", later);
        assertThat(guard.claim("key", kept + "1", later)).isEqualTo(Claim.REPLAYED);
        assertThat(guard.claim("key", kept + "2", later)).isEqualTo(Claim.FIRST);
        assertThat(stringsReachableFrom(guard)).noneMatch(text -> text.contains("nnnn"));
    }

    @Test
    void claim_whileEntriesExpire_losesNoneAndLeaksNone() throws Exception {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(1_000_000, 1_000_000, clock, SecurityListener.none());
        AtomicInteger ticks = new AtomicInteger();
        inThreads(8, thread -> {
            for (int i = 0; i < 5_000; i++) {
                Instant time = START.plusMillis(ticks.incrementAndGet());
                now.set(time);
                guard.claim("brief", thread + "-" + i, time.plusSeconds(1));
                String nonce = thread + "-" + i;
                Instant end = START.plusSeconds(50_000 + i);
                assertThat(guard.claim("key", nonce, end)).isEqualTo(Claim.FIRST);
                assertThat(guard.claim("key", nonce, end)).isEqualTo(Claim.REPLAYED);
            }
        });
        now.set(START.plusSeconds(100_000));
        for (int i = 0; i < 2_000; i++) {
            assertThat(guard.claim("key", "last" + i, START.plusSeconds(200_000)))
                    .isEqualTo(Claim.FIRST);
        }
        assertThat(guard.size()).isEqualTo(2_000);
    }

    private static VerificationKey hmac(String id) {
        return SigningKey.generate(Algorithm.HS256).verificationKey().withId(id);
    }

    private static List<String> stringsReachableFrom(Object root) {
        List<String> found = new ArrayList<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            Object object = open.pop();
            if (!seen.add(object)) {
                continue;
            }
            if (object instanceof String text) {
                found.add(text);
            } else if (object instanceof Map<?, ?> map) {
                open.addAll(map.keySet());
                open.addAll(map.values());
            } else if (object instanceof Collection<?> collection) {
                open.addAll(collection);
            } else if (object instanceof Object[] array) {
                Arrays.stream(array).filter(Objects::nonNull).forEach(open::push);
            } else if (object.getClass().getName().startsWith("dev.signet.core.InMemoryReplayGuard")) {
                for (Field field : object.getClass().getDeclaredFields()) {
                    try {
                        field.setAccessible(true);
                        Object value = field.get(object);
                        if (value != null && !field.getType().isPrimitive()) {
                            open.push(value);
                        }
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        }
        return found;
    }

    private interface Work {
        void run(int thread);
    }

    private static void inThreads(int count, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(count);
        try {
            var futures = IntStream.range(0, count)
                    .<Future<?>>mapToObj(thread -> pool.submit(() -> work.run(thread)))
                    .toList();
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
