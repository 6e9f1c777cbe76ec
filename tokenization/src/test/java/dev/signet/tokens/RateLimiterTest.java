// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    @Test
    void claim_overTheLimit_isRefusedAndTakesNothing() {
        RateLimiter limiter = limiter(10, 5);
        limiter.claim("a", 7);
        assertExceeded(limiter, "a", 4);
        limiter.claim("a", 3);
        assertExceeded(limiter, "a", 1);
        assertExceeded(limiter, "b", 11);
        assertExceeded(limiter, "b", Long.MAX_VALUE);
        limiter.claim("b", 10);
    }

    /** The wait that is told suffices, and a slot less would not. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 10})
    void claim_overTheLimit_tellsWhenThereIsRoom(int values) {
        RateLimiter limiter = limiter(10, 5);
        limiter.claim("a", 3);
        now.set(START.plusSeconds(20));
        limiter.claim("a", 4);
        now.set(START.plusSeconds(40));
        limiter.claim("a", 3);
        Duration wait = waitFor(limiter, values);
        assertThat(wait).isBetween(Duration.ofSeconds(20), WINDOW.plusSeconds(2));
        Instant refused = now.get();
        now.set(refused.plus(wait).minus(WINDOW.dividedBy(32)));
        assertExceeded(limiter, "a", values);
        now.set(refused.plus(wait));
        limiter.claim("a", values);
    }

    @Test
    void claim_moreThanTheLimit_tellsNoWait() {
        RateLimiter limiter = limiter(10, 5);
        limiter.claim("a", 1);
        assertThatThrownBy(() -> limiter.claim("a", 11))
                .isInstanceOfSatisfying(
                        VerificationException.class,
                        e -> assertThat(e.retryAfter()).isEmpty());
    }

    private static Duration waitFor(RateLimiter limiter, int values) {
        Duration[] wait = new Duration[1];
        assertThatThrownBy(() -> limiter.claim("a", values))
                .isInstanceOfSatisfying(
                        VerificationException.class,
                        e -> wait[0] = e.retryAfter().orElseThrow());
        return wait[0];
    }

    @Test
    void claim_anyWindow_holdsNoMoreThanTheLimit() {
        RateLimiter limiter = limiter(100, 5);
        Random random = new Random(4);
        ArrayDeque<Instant> granted = new ArrayDeque<>();
        int total = 0;
        for (int i = 0; i < 50_000; i++) {
            now.set(now.get().plusMillis(random.nextInt(400)));
            while (!granted.isEmpty() && !granted.peek().isAfter(now.get().minus(WINDOW))) {
                granted.remove();
            }
            try {
                limiter.claim("a", 1);
                granted.add(now.get());
                total++;
            } catch (VerificationException e) {
                continue;
            }
            assertThat(granted.size()).isLessThanOrEqualTo(100);
        }
        // And not much less than the limit is granted over the whole time.
        long windows = Duration.between(START, now.get()).toMinutes();
        assertThat(total).isGreaterThan((int) (windows * 100 * 0.9));
    }

    @Test
    void claim_clockThatGoesBack_forgetsNothing() {
        RateLimiter limiter = limiter(10, 5);
        limiter.claim("a", 10);
        now.set(START.minusSeconds(3600));
        assertExceeded(limiter, "a", 1);
        now.set(START.plusSeconds(30));
        assertExceeded(limiter, "a", 1);
        // Its last step was one of an hour, so that a window begins there.
        now.set(START.plusSeconds(100));
        limiter.claim("a", 10);
    }

    @Test
    void claim_callerThatComesSeldom_doesNotWaitForEverAfterAStepBack() {
        RateLimiter limiter = limiter(10, 5);
        now.set(START.plusSeconds(3_600));
        limiter.claim("a", 10);
        now.set(START);
        assertExceeded(limiter, "a", 1);
        now.set(START.plusSeconds(86_400));
        assertExceeded(limiter, "a", 1);
        now.set(START.plusSeconds(2 * 86_400));
        limiter.claim("a", 10);
    }

    @ParameterizedTest
    @ValueSource(longs = {3_600, 10L * 365 * 86_400})
    void claim_clockThatWasAheadOnce_locksNobodyOutAndForgetsNothing(long ahead) {
        RateLimiter limiter = limiter(10, 5);
        limiter.claim("a", 7);
        now.set(START.plusSeconds(ahead));
        limiter.claim("a", 2);
        now.set(START.plusSeconds(1));
        // 7 and 2 count for one new window.
        limiter.claim("a", 1);
        assertExceeded(limiter, "a", 1);
        now.set(START.plusSeconds(40));
        assertExceeded(limiter, "a", 1);
        now.set(START.plusSeconds(70));
        limiter.claim("a", 10);
        assertExceeded(limiter, "a", 1);
    }

    @Test
    void claim_clockThatGoesAheadAndBackAgainAndAgain_grantsNoShareEachTime() {
        RateLimiter limiter = limiter(10, 5);
        int granted = 0;
        for (int i = 0; i < 100; i++) {
            now.set(START.plusMillis(10L * i).plusSeconds(i % 2 * 3_600));
            for (int n = 0; n < 10; n++) {
                try {
                    limiter.claim("a", 1);
                    granted++;
                } catch (VerificationException e) {
                    // Counted by what was granted.
                }
            }
        }
        // The first step ahead may be time that has passed; that the clock cannot be trusted shows when it comes back.
        assertThat(granted).isEqualTo(20);
    }

    @Test
    void claim_clockThatWentBackByMoreThanTheWindow_waitsOneWindowOnly() {
        RateLimiter limiter = limiter(10, 5);
        limiter.claim("a", 10);
        now.set(START.minusSeconds(86_400));
        assertExceeded(limiter, "a", 1);
        now.set(START.minusSeconds(86_400).plusSeconds(70));
        limiter.claim("a", 10);
    }

    @Test
    void claim_fullLimiterAfterAClockThatWasAhead_findsRoomAgain() {
        RateLimiter limiter = limiter(10, 2);
        limiter.claim("a", 1);
        limiter.claim("b", 1);
        now.set(START.plusSeconds(10L * 365 * 86_400));
        limiter.claim("c", 1);
        now.set(START.plusSeconds(1));
        limiter.claim("d", 1);
        now.set(START.plusSeconds(200));
        limiter.claim("e", 1);
        now.set(START.plusSeconds(300));
        limiter.claim("f", 1);
    }

    @Test
    void count_whatWasRevealedBefore_leavesItsWindowInTime() {
        RateLimiter limiter = limiter(10, 5);
        limiter.count("a", 100, START.minusSeconds(500));
        limiter.count("a", 6, START.minusSeconds(30));
        limiter.count("a", 3, START.plusSeconds(5_000));
        limiter.claim("a", 1);
        assertExceeded(limiter, "a", 1);
        now.set(START.plusSeconds(40));
        limiter.claim("a", 6);
        assertExceeded(limiter, "a", 1);
        now.set(START.plusSeconds(110));
        limiter.claim("a", 10);
        limiter.count("b", Long.MAX_VALUE, now.get());
        limiter.count("b", Long.MAX_VALUE, now.get());
        assertExceeded(limiter, "b", 1);
    }

    @Test
    void claim_clockThatFails_isUnavailable() {
        RateLimiter limiter = new RateLimiter(10, WINDOW, 5, () -> {
            throw new IllegalStateException("no time");
        });
        assertThatThrownBy(() -> limiter.claim("a", 1)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void claim_moreCallersThanRoom_evictsNobodyWhoCounts() {
        RateLimiter limiter = limiter(10, 3);
        for (String caller : new String[] {"a", "b", "c"}) {
            limiter.claim(caller, 10);
        }
        for (int i = 0; i < 100; i++) {
            String stranger = "s" + i;
            assertThatThrownBy(() -> limiter.claim(stranger, 1)).isInstanceOf(UnavailableException.class);
        }
        assertThat(limiter.size()).isEqualTo(3);
        assertExceeded(limiter, "a", 1);
        now.set(START.plusSeconds(70));
        limiter.claim("s", 1);
        assertThat(limiter.size()).isEqualTo(1);
        limiter.claim("a", 10);
        assertExceeded(limiter, "a", 1);
    }

    @Test
    void claim_callerThatIsStillActive_survivesTheSweep() {
        RateLimiter limiter = limiter(10, 2);
        limiter.claim("idle", 1);
        now.set(START.plusSeconds(50));
        limiter.claim("active", 10);
        now.set(START.plusSeconds(70));
        limiter.claim("new", 1);
        assertExceeded(limiter, "active", 1);
    }

    @Test
    void claim_manyThreads_neverExceedTheLimit() throws Exception {
        RateLimiter limiter = limiter(1_000, 10);
        AtomicInteger granted = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            var futures = IntStream.range(0, 8)
                    .<Future<?>>mapToObj(thread -> pool.submit(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            try {
                                limiter.claim("a", 1);
                                granted.incrementAndGet();
                            } catch (VerificationException e) {
                                // Counted by what was granted.
                            }
                        }
                    }))
                    .toList();
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(granted).hasValue(1_000);
    }

    @Test
    void rate_aboveTheDefault_needsTheWordAllow() {
        RevealPolicy.Builder builder = RevealPolicy.builder();
        assertThatCode(() -> builder.rate(1_000, WINDOW)).doesNotThrowAnyException();
        assertThatCode(() -> builder.rate(1_000, Duration.ofDays(1))).doesNotThrowAnyException();
        assertThatCode(() -> builder.rate(500, Duration.ofSeconds(30))).doesNotThrowAnyException();
        assertThatThrownBy(() -> builder.rate(1_001, WINDOW)).isInstanceOf(IllegalArgumentException.class);
        // The same rate on average, but in one burst.
        assertThatThrownBy(() -> builder.rate(60_000, Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.rate(501, Duration.ofSeconds(30)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> builder.allowRate(60_000, Duration.ofHours(1))).doesNotThrowAnyException();
        assertThatThrownBy(() -> builder.allowRate(0, WINDOW)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.allowRate(1, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void build_withoutARate_allowsAThousandAMinute() {
        RateLimiter limiter = RevealPolicy.builder().build().limiter(now::get);
        limiter.claim("a", 1_000);
        assertExceeded(limiter, "a", 1);
    }

    private RateLimiter limiter(long limit, int callers) {
        return new RateLimiter(limit, WINDOW, callers, now::get);
    }

    private static void assertExceeded(RateLimiter limiter, String caller, long values) {
        assertThatThrownBy(() -> limiter.claim(caller, values)).isInstanceOf(VerificationException.class);
    }
}
