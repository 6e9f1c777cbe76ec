// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.ReplayGuard.Claim;
import java.time.Instant;
import java.time.InstantSource;
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
        for (Instant time : new Instant[] {later.minusSeconds(1), later.minusNanos(1), later, later.plusMillis(999)}) {
            now.set(time);
            assertThat(guard.claim("key", "nonce", later)).as("at %s", time).isEqualTo(Claim.REPLAYED);
        }
    }

    @Test
    void claim_afterItsExpiry_isForgotten() {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(10, 10, clock);
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
        InMemoryReplayGuard guard = new InMemoryReplayGuard(3, 3, clock);
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
        InMemoryReplayGuard guard = new InMemoryReplayGuard(10, 2, clock);
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
        InMemoryReplayGuard guard = new InMemoryReplayGuard(100_000, 100_000, clock);
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
        InMemoryReplayGuard guard = new InMemoryReplayGuard(1_000, 300, clock);
        AtomicInteger firsts = new AtomicInteger();
        inThreads(8, thread -> {
            for (int i = 0; i < 1_000; i++) {
                if (guard.claim("key" + thread % 4, thread + "-" + i, later) == Claim.FIRST) {
                    firsts.incrementAndGet();
                }
                assertThat(guard.size()).isLessThanOrEqualTo(1_000);
            }
        });
        assertThat(firsts).hasValue(1_000);
        assertThat(guard.size()).isEqualTo(1_000);
    }

    @Test
    void claim_whileEntriesExpire_losesNoneAndLeaksNone() throws Exception {
        InMemoryReplayGuard guard = new InMemoryReplayGuard(1_000_000, 1_000_000, clock);
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
        assertThat(guard.claim("key", "last", START.plusSeconds(200_000))).isEqualTo(Claim.FIRST);
        assertThat(guard.size()).isEqualTo(1);
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
