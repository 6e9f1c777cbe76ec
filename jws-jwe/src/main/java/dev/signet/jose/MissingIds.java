// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ids that one set lacks although it was fetched for them. They are forgotten with the set. Bounded: when it is full, others
 * are not remembered, so that an attacker who fills it gains no more than without it. Thread-safe, and never waits.
 */
final class MissingIds {
    /** A few more when many threads come at once. */
    static final int MAX = 1_000;

    private final Set<String> ids = ConcurrentHashMap.newKeySet();

    boolean contains(String id) {
        return ids.contains(id);
    }

    void add(String id) {
        if (ids.size() < MAX) {
            ids.add(id);
        }
    }

    int size() {
        return ids.size();
    }
}
