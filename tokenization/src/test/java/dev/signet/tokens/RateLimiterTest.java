// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.KeyUnavailableException;
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
        now.set(START.plusSeconds(70));
        limiter.claim("a", 10);
    }

    @Test
    void claim_moreCallersThanRoom_evictsNobodyWhoCounts() {
        RateLimiter limiter = limiter(10, 3);
        for (String caller : new String[] {"a", "b", "c"}) {
            limiter.claim(caller, 10);
        }
        for (int i = 0; i < 100; i++) {
            String stranger = "s" + i;
            assertThatThrownBy(() -> limiter.claim(stranger, 1)).isInstanceOf(KeyUnavailableException.class);
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
