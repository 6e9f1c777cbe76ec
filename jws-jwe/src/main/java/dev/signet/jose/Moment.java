// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A point in time by two clocks: the one on the wall, which can be set, and one that only runs, but may stand still while
 * the machine sleeps. What has passed is what the larger of both says.
 *
 * @param ticks nanoseconds of {@link System#nanoTime}
 */
record Moment(Instant wall, long ticks) {
    static Moment now(InstantSource clock, LongSupplier ticks) {
        return new Moment(clock.instant(), ticks.getAsLong());
    }

    /** What has passed at least; a clock that was set back, or ahead, lets it seem longer and never shorter. */
    Duration until(Moment now) {
        return longer(running(now), Duration.between(wall, now.wall).abs());
    }

    /**
     * The age of what was made at this moment. If the wall clock was set back since by more than a tolerance, this is at
     * least {@code suspect}: nobody can say how long ago that was.
     */
    Duration age(Moment now, Duration tolerance, Duration suspect) {
        Duration passed = Duration.between(wall, now.wall);
        return longer(running(now), passed.compareTo(tolerance.negated()) < 0 ? suspect : passed);
    }

    private Duration running(Moment now) {
        return Duration.ofNanos(now.ticks - ticks);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
