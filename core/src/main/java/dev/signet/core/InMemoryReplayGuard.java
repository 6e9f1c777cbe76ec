// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Entries in a hash map, and in one bucket per second of expiry so that forgetting costs no search and no lock. */
final class InMemoryReplayGuard implements ReplayGuard {
    private final int maxEntries;
    private final int maxEntriesPerKey;
    private final InstantSource clock;
    private final ConcurrentHashMap<Entry, Boolean> entries = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, AtomicInteger> perKey = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Long, Bucket> buckets = new ConcurrentSkipListMap<>();
    private final AtomicInteger size = new AtomicInteger();

    InMemoryReplayGuard(int maxEntries, int maxEntriesPerKey, InstantSource clock) {
        if (maxEntries <= 0 || maxEntriesPerKey <= 0 || maxEntriesPerKey > maxEntries) {
            throw new IllegalArgumentException("bounds are positive, and a key's is not above the total");
        }
        this.maxEntries = maxEntries;
        this.maxEntriesPerKey = maxEntriesPerKey;
        this.clock = clock;
    }

    @Override
    public Claim claim(String keyId, String nonce, Instant expiresAt) {
        forgetBefore(clock.instant().getEpochSecond());
        Entry entry = new Entry(keyId, nonce);
        if (entries.containsKey(entry)) {
            return Claim.REPLAYED;
        }
        // Room is reserved before the entry goes in, so that no race exceeds a bound. A key over its quota takes none,
        // not even for a moment.
        if (!reserve(keyId)) {
            return Claim.QUOTA_EXCEEDED;
        }
        if (!reserve()) {
            releaseQuota(keyId);
            return Claim.FULL;
        }
        if (entries.putIfAbsent(entry, Boolean.TRUE) != null) {
            release(keyId);
            return Claim.REPLAYED;
        }
        long second = expiresAt.getEpochSecond() + 1;
        while (!buckets.computeIfAbsent(second, s -> new Bucket()).add(entry)) {
            // The bucket was emptied between the look-up and the addition; the next look-up makes a new one.
            buckets.computeIfPresent(second, (s, bucket) -> bucket.closed ? null : bucket);
        }
        return Claim.FIRST;
    }

    int size() {
        return size.get();
    }

    private boolean reserve() {
        int taken = size.get();
        while (taken < maxEntries) {
            if (size.compareAndSet(taken, taken + 1)) {
                return true;
            }
            taken = size.get();
        }
        return false;
    }

    private boolean reserve(String keyId) {
        boolean[] reserved = new boolean[1];
        perKey.compute(keyId, (id, count) -> {
            AtomicInteger known = count == null ? new AtomicInteger() : count;
            reserved[0] = known.get() < maxEntriesPerKey;
            if (reserved[0]) {
                known.incrementAndGet();
            }
            return known;
        });
        return reserved[0];
    }

    private void release(String keyId) {
        size.decrementAndGet();
        releaseQuota(keyId);
    }

    private void releaseQuota(String keyId) {
        perKey.computeIfPresent(keyId, (id, count) -> count.decrementAndGet() == 0 ? null : count);
    }

    private void forgetBefore(long now) {
        Map.Entry<Long, Bucket> oldest = buckets.firstEntry();
        while (oldest != null && oldest.getKey() < now) {
            if (buckets.remove(oldest.getKey(), oldest.getValue())) {
                for (Entry entry : oldest.getValue().close()) {
                    entries.remove(entry);
                    release(entry.keyId);
                }
            }
            oldest = buckets.firstEntry();
        }
    }

    private record Entry(String keyId, String nonce) {}

    private static final class Bucket {
        private final List<Entry> entries = new ArrayList<>();
        private volatile boolean closed;

        synchronized boolean add(Entry entry) {
            return !closed && entries.add(entry);
        }

        synchronized Iterable<Entry> close() {
            closed = true;
            return entries;
        }
    }
}
