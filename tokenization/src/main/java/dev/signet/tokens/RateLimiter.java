// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.Reason;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.core.internal.Boundary;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the values of each caller over a sliding window, in slots, so that no window of that length holds more than the
 * limit, wherever it begins.
 *
 * <p>The clock may be wrong. After a step ahead of more than a window, what was counted before it is put aside; if the clock comes
 * back, it counts together with all since for one new window. A step back of more than a window begins one new window with all
 * that was counted. So nobody waits longer than that, whatever year the clock was in, and going ahead and back forgets nothing.
 *
 * <p>Bounded: a caller is forgotten only when all its values have left the window, never to make room. If no room is left, a
 * new caller is refused.
 */
final class RateLimiter {
    static final int MAX_CALLERS = 100_000;

    private static final int SLOTS = 32;

    private final long limit;
    private final Duration slotLength;
    private final int maxCallers;
    private final InstantSource clock;
    private final ConcurrentHashMap<String, Counts> callers = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong swept = new AtomicLong(Long.MIN_VALUE);

    RateLimiter(long limit, Duration window, int maxCallers, InstantSource clock) {
        this.limit = limit;
        // Rounded up: slots that together are shorter than the window would forget too early.
        this.slotLength = window.plusNanos(SLOTS - 1).dividedBy(SLOTS);
        this.maxCallers = maxCallers;
        this.clock = clock;
    }

    /**
     * Takes room for values, all or none.
     *
     * @throws VerificationException with {@link Reason#RATE_EXCEEDED} if the caller has none left
     * @throws UnavailableException if too many callers are active
     */
    void claim(String caller, long values) {
        Instant time = Boundary.ask("clock", clock::instant);
        long now = slot(time);
        Claim claim = tryClaim(caller, values, now);
        if (claim == Claim.FULL && sweep(now)) {
            claim = tryClaim(caller, values, now);
        }
        switch (claim) {
            case TAKEN -> {}
            case EXCEEDED -> throw exceeded(caller, values, time);
            case FULL -> throw new UnavailableException("the rate limiter is full");
        }
    }

    /** With the wait until there is room, as far as nobody else takes it; without one if there never will be. */
    private VerificationException exceeded(String caller, long values, Instant time) {
        long[] room = {-1};
        callers.computeIfPresent(caller, (name, counts) -> {
            room[0] = counts.roomAt(values, limit);
            return counts;
        });
        if (room[0] < 0) {
            return new VerificationException(Reason.RATE_EXCEEDED);
        }
        Duration wait = Duration.between(time, Instant.EPOCH.plus(slotLength.multipliedBy(room[0])));
        return new VerificationException(Reason.RATE_EXCEEDED, wait.isNegative() ? Duration.ZERO : wait);
    }

    /** Counts values that were revealed before, beyond the limit too; older events come first. */
    void count(String caller, long values, Instant time) {
        Instant now = Boundary.ask("clock", clock::instant);
        // What the clock says is still to come was counted by a clock that was ahead: it stays for a window from now.
        long at = slot(time.isAfter(now) ? now : time);
        if (slot(now) - at > SLOTS) {
            return;
        }
        callers.compute(caller, (name, known) -> {
            if (known == null && !reserve()) {
                throw new UnavailableException("the rate limiter is full");
            }
            Counts counts = known == null ? new Counts(at) : known;
            counts.add(Math.min(values, limit), at, Long.MAX_VALUE);
            return counts;
        });
    }

    int size() {
        return size.get();
    }

    private enum Claim {
        TAKEN,
        EXCEEDED,
        FULL
    }

    private Claim tryClaim(String caller, long values, long now) {
        if (values > limit) {
            return Claim.EXCEEDED;
        }
        Claim[] claim = new Claim[1];
        callers.compute(caller, (name, known) -> {
            if (known == null && !reserve()) {
                claim[0] = Claim.FULL;
                return null;
            }
            Counts counts = known == null ? new Counts(now) : known;
            claim[0] = counts.add(values, now, limit) ? Claim.TAKEN : Claim.EXCEEDED;
            return counts;
        });
        return claim[0];
    }

    private boolean reserve() {
        if (size.incrementAndGet() <= maxCallers) {
            return true;
        }
        size.decrementAndGet();
        return false;
    }

    /** Forgets idle callers, once in a slot, so that a crowd at a full limiter does not search it again and again. */
    private boolean sweep(long now) {
        long last = swept.get();
        // Not by order: a clock that was ahead once would end all sweeping until then.
        if (last == now || !swept.compareAndSet(last, now)) {
            return false;
        }
        for (Map.Entry<String, Counts> entry : callers.entrySet()) {
            callers.computeIfPresent(entry.getKey(), (name, counts) -> {
                if (!counts.isIdle(now)) {
                    return counts;
                }
                size.decrementAndGet();
                return null;
            });
        }
        return true;
    }

    private long slot(Instant now) {
        return Duration.between(Instant.EPOCH, now).dividedBy(slotLength);
    }

    /** One caller; guarded by the map, which runs one computation a key at a time. */
    private static final class Counts {
        /** One more than make the window: the oldest slot is only partly outside of it. */
        private final long[] slots = new long[SLOTS + 1];

        private long newest;
        private long total;
        /** What was counted before steps ahead that may have been jumps, and its last slot. */
        private long aside;

        private long asideNewest;
        /** The slot from which the clock came back: a step to there is no time that has passed. */
        private long backFrom = Long.MAX_VALUE;

        Counts(long now) {
            newest = now;
        }

        boolean add(long values, long now, long limit) {
            advance(now);
            if (values > limit - total) {
                return false;
            }
            total += values;
            slots[index(newest)] += values;
            return true;
        }

        /** The slot from which on there is room for so many values; -1 if there never is. */
        long roomAt(long values, long limit) {
            long left = total;
            for (int i = 0; i <= slots.length && values <= limit; i++) {
                if (values <= limit - left) {
                    return newest + i;
                }
                left -= slots[index(newest + i + 1)];
            }
            return -1;
        }

        boolean isIdle(long now) {
            advance(now);
            return total == 0;
        }

        private void advance(long now) {
            long step = now - newest;
            if (step >= slots.length) {
                stepAhead(now);
            } else if (step <= -slots.length) {
                stepBack(now);
            } else {
                for (long i = 1; i <= step; i++) {
                    int next = index(newest + i);
                    total -= slots[next];
                    slots[next] = 0;
                }
                // A small step back forgets nothing: what comes counts as if at the newest time.
                newest = Math.max(newest, now);
            }
        }

        private void stepAhead(long now) {
            if (now >= backFrom - SLOTS) {
                // A clock that has just come back goes again. Once only: a caller that comes seldom must not wait for
                // ever.
                restart(now, total);
                backFrom = Long.MAX_VALUE;
                return;
            }
            aside += total;
            asideNewest = newest;
            restart(now, 0);
        }

        private void stepBack(long now) {
            boolean isBackBeforeTheStepAhead = now <= asideNewest + SLOTS;
            backFrom = newest;
            restart(now, total + (isBackBeforeTheStepAhead ? aside : 0));
            aside = 0;
        }

        /** A new window, with this much in it from its beginning. */
        private void restart(long now, long kept) {
            Arrays.fill(slots, 0);
            newest = now;
            slots[index(now)] = kept;
            total = kept;
        }

        private int index(long slot) {
            return Math.floorMod(slot, slots.length);
        }
    }
}
