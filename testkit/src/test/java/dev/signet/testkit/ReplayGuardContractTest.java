// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.ReplayGuard;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ReplayGuardContractTest {
    @Test
    void check_guardInMemory_passes() throws Exception {
        ReplayGuardContract contract = ReplayGuardContract.of(clock -> ReplayGuard.inMemory(1_000_000, 500_000, clock));
        contract.check();
        contract.checkMovingClock();
    }

    @Test
    void check_guardThatAcceptsAll_fails() {
        assertFails(clock -> (key, nonce, end) -> ReplayGuard.Claim.FIRST, "a second claim is REPLAYED");
    }

    @Test
    void check_guardThatTakesWhatHasEnded_fails() {
        assertFails(clock -> stored(":", (end, now) -> true), "an end that is not in the future is EXPIRED");
    }

    @Test
    void check_guardThatJoinsPairsWithoutCare_fails() {
        assertFails(clock -> stored("", Instant::isAfter), "joined pairs stay apart");
    }

    @Test
    void check_guardThatClaimsOneAfterTheOther_fails() {
        assertFails(clock -> stored(null, Instant::isAfter), "the fresh one can still be claimed");
    }

    @Test
    void check_guardThatLooksBeforeItLeaps_fails() {
        assertFails(
                clock -> {
                    Map<String, Instant> entries = new ConcurrentHashMap<>();
                    return (key, nonce, end) -> {
                        if (!end.isAfter(Instant.now())) {
                            return ReplayGuard.Claim.EXPIRED;
                        }
                        String entry = key.length() + ":" + key + nonce;
                        if (entries.containsKey(entry)) {
                            return ReplayGuard.Claim.REPLAYED;
                        }
                        Thread.yield();
                        entries.put(entry, end);
                        return ReplayGuard.Claim.FIRST;
                    };
                },
                "");
    }

    @Test
    void checkMovingClock_guardThatForgetsByTheClockAlone_fails() {
        ReplayGuardContract contract = ReplayGuardContract.of(clock -> {
            Map<String, Instant> entries = new ConcurrentHashMap<>();
            return (key, nonce, end) -> {
                entries.values().removeIf(until -> until.isBefore(clock.instant()));
                if (!end.isAfter(clock.instant())) {
                    return ReplayGuard.Claim.EXPIRED;
                }
                return entries.putIfAbsent(key.length() + ":" + key + nonce, end) == null
                        ? ReplayGuard.Claim.FIRST
                        : ReplayGuard.Claim.REPLAYED;
            };
        });
        assertThatThrownBy(contract::checkMovingClock)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("and back makes a replay FIRST");
    }

    /** A guard on a map; {@code separator} null joins pairs with care. */
    private static ReplayGuard stored(
            @org.jspecify.annotations.Nullable String separator,
            java.util.function.BiPredicate<Instant, Instant> acceptable) {
        Map<String, Instant> entries = new ConcurrentHashMap<>();
        return (key, nonce, end) -> {
            if (!acceptable.test(end, Instant.now())) {
                return ReplayGuard.Claim.EXPIRED;
            }
            String entry = separator == null ? key.length() + ":" + key + nonce : key + separator + nonce;
            return entries.putIfAbsent(entry, end) == null ? ReplayGuard.Claim.FIRST : ReplayGuard.Claim.REPLAYED;
        };
    }

    private static void assertFails(Function<InstantSource, ReplayGuard> factory, String clause) {
        assertThatThrownBy(ReplayGuardContract.of(factory)::check)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(clause);
    }
}
