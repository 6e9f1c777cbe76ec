// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ids that a fetch did not bring, remembered for a while. Bounded: when it is full, others are not remembered, so that an
 * attacker who fills it gains no more than without it. Thread-safe, and never waits.
 */
final class MissingIds {
    /** A few more when many threads come at once. */
    static final int MAX = 1_000;

    private final Map<String, Instant> until = new ConcurrentHashMap<>();
    private final Duration memory;

    MissingIds(Duration memory) {
        this.memory = memory;
    }

    boolean contains(String id, Instant now) {
        Instant end = until.get(id);
        return end != null && now.isBefore(end);
    }

    void add(String id, Instant now) {
        if (until.size() >= MAX) {
            until.values().removeIf(end -> !now.isBefore(end));
        }
        if (until.size() < MAX) {
            until.put(id, now.plus(memory));
        }
    }

    int size() {
        return until.size();
    }
}
