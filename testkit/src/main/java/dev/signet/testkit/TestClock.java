// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is moved. Thread-safe. */
public final class TestClock implements InstantSource {
    private volatile Instant now;

    private TestClock(Instant start) {
        now = start;
    }

    /** A clock that stands at this instant. */
    public static TestClock at(Instant start) {
        return new TestClock(start);
    }

    /** A clock that stands at this second since 1970. */
    public static TestClock at(long epochSecond) {
        return new TestClock(Instant.ofEpochSecond(epochSecond));
    }

    /** Moves the clock, back too if the duration is negative. */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
