// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import dev.signet.core.internal.base.ObjectPool;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One hash of fixed size an entry, in one queue for each second of expiry. A single lock makes bounds and all-or-none exact;
 * what is done under it is a few look-ups, since hashing comes before and forgetting goes in steps.
 */
final class InMemoryReplayGuard implements ReplayGuard {
    /** How many entries a claim forgets: more than it adds, few enough that none waits for long. */
    private static final int FORGOTTEN_PER_CLAIM = 64;
    /** How many where there is no room otherwise. */
    private static final int FORGOTTEN_FOR_ROOM = 16_384;
    /** Of the hash, so that growing copies a part of the table and not all of it. */
    private static final int PARTS = 256;

    private final int maxEntries;
    private final int maxEntriesPerParty;
    private final InstantSource clock;
    private final SecurityListener listener;
    private final ObjectPool<MessageDigest> digests =
            new ObjectPool<>(() -> Providers.automatic().messageDigest("SHA-256"));

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Id, Id>[] entries = parts();
    private final TreeMap<Long, ArrayDeque<Id>> bySecond = new TreeMap<>();
    private final Map<String, Party> parties = new HashMap<>();
    private int size;
    /** The last second of which entries were forgotten. What ends by then can't be told from a replay any more. */
    private long forgotten = Long.MIN_VALUE;

    private boolean warned;

    InMemoryReplayGuard(int maxEntries, int maxEntriesPerParty, InstantSource clock, SecurityListener listener) {
        if (maxEntries <= 0 || maxEntriesPerParty <= 0 || maxEntriesPerParty > maxEntries) {
            throw new IllegalArgumentException("bounds are positive, and a key's is not above the total");
        }
        this.maxEntries = maxEntries;
        this.maxEntriesPerParty = maxEntriesPerParty;
        this.clock = clock;
        this.listener = listener;
    }

    @Override
    public Claim claim(String keyId, String nonce, Instant expiresAt) {
        return claimAll(List.of(Entry.ofKeyId(keyId).withNonce(nonce, expiresAt)));
    }

    @Override
    public Claim claimAll(List<Entry> claims) {
        Id[] ids = new Id[claims.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id(claims.get(i));
        }
        boolean warn;
        Claim answer;
        lock.lock();
        try {
            answer = claim(claims, ids);
            warn = isFilling();
        } finally {
            lock.unlock();
        }
        if (warn) {
            warn();
        }
        return answer;
    }

    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    // ---- under the lock --------------------------------------------------------------------------------------------

    private Claim claim(List<Entry> claims, Id[] ids) {
        Instant now = clock.instant();
        forget(now.getEpochSecond(), FORGOTTEN_PER_CLAIM);
        for (int i = 0; i < ids.length; i++) {
            if (!claims.get(i).expiresAt().isAfter(now) || ids[i].second <= forgotten) {
                return Claim.EXPIRED;
            }
            Id known = part(ids[i]).get(ids[i]);
            if (known != null && known.second >= now.getEpochSecond()) {
                return Claim.REPLAYED;
            }
            if (known != null) {
                // Its turn to be forgotten has not come yet; its place in the queue stays, and does nothing.
                forgotten = Math.max(forgotten, known.second);
                release(known);
            }
        }
        for (int added = 0; added < ids.length; added++) {
            Claim answer = add(claims.get(added).party(), ids[added], now);
            if (answer != Claim.FIRST) {
                for (int i = 0; i < added; i++) {
                    undo(ids[i]);
                }
                return answer;
            }
        }
        return Claim.FIRST;
    }

    private Claim add(String name, Id id, Instant now) {
        Party known = parties.get(name);
        Party party = known == null ? new Party(name) : known;
        if (!hasRoom(party)) {
            forget(now.getEpochSecond(), FORGOTTEN_FOR_ROOM);
        }
        if (!hasRoom(party)) {
            // While anything is free, a party with fewer entries would find room.
            return size < maxEntries || party.entries >= maxEntriesPerParty ? Claim.QUOTA_EXCEEDED : Claim.FULL;
        }
        if (part(id).putIfAbsent(id, id) != null) {
            return Claim.REPLAYED;
        }
        id.party = party;
        bySecond.computeIfAbsent(id.second, second -> new ArrayDeque<>()).add(id);
        size++;
        if (party.entries++ == 0) {
            parties.put(name, party);
        }
        return Claim.FIRST;
    }

    /**
     * A party may have as many entries as are free: one alone half of the store, two a third each, and so on. So there is
     * always room for a party that has none, however many others take all they can get.
     */
    private boolean hasRoom(Party party) {
        return party.entries < maxEntriesPerParty && party.entries < maxEntries - size;
    }

    private void undo(Id id) {
        ArrayDeque<Id> queue = bySecond.get(id.second);
        if (queue != null) {
            queue.removeLast();
            if (queue.isEmpty()) {
                bySecond.remove(id.second);
            }
        }
        release(id);
    }

    private void forget(long now, int atMost) {
        int left = atMost;
        Map.Entry<Long, ArrayDeque<Id>> oldest = bySecond.firstEntry();
        while (left > 0 && oldest != null && oldest.getKey() < now) {
            forgotten = Math.max(forgotten, oldest.getKey());
            ArrayDeque<Id> queue = oldest.getValue();
            for (; left > 0 && !queue.isEmpty(); left--) {
                release(queue.removeFirst());
            }
            if (queue.isEmpty()) {
                bySecond.remove(oldest.getKey());
                oldest = bySecond.firstEntry();
            }
        }
    }

    private void release(Id id) {
        if (id.released) {
            return;
        }
        id.released = true;
        part(id).remove(id);
        size--;
        Party party = id.party;
        if (party != null && --party.entries == 0) {
            parties.remove(party.name);
        }
    }

    private boolean isFilling() {
        if (size < maxEntries / 4) {
            warned = false;
        }
        boolean filling = !warned && size > maxEntries / 2;
        warned |= filling;
        return filling;
    }

    // ---- outside of it ---------------------------------------------------------------------------------------------

    private void warn() {
        try {
            listener.onEvent(new SecurityEvent(
                    SecurityEvent.Type.FILLING, "replay-guard", "replay-store-half-full", null, clock.instant()));
        } catch (RuntimeException e) {
            // The answer stands, whatever becomes of the note about the store.
        }
    }

    /** 128 bits of SHA-256: who could find a second message with another's hash could forge the messages. */
    private Id id(Entry entry) {
        byte[] keyId = entry.keyId().getBytes(StandardCharsets.UTF_8);
        MessageDigest digest = digests.borrow();
        digest.update((byte) (keyId.length >>> 8));
        digest.update((byte) keyId.length);
        digest.update(keyId);
        ByteBuffer hash = ByteBuffer.wrap(digest.digest(entry.nonce().getBytes(StandardCharsets.UTF_8)));
        digests.giveBack(digest);
        return new Id(hash.getLong(), hash.getLong(), entry.expiresAt().getEpochSecond() + 1);
    }

    private Map<Id, Id> part(Id id) {
        return entries[(int) id.high & PARTS - 1];
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Map<Id, Id>[] parts() {
        Map<Id, Id>[] parts = new Map[PARTS];
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new HashMap<>();
        }
        return parts;
    }

    /** How much of the store somebody takes. */
    private static final class Party {
        private final String name;
        private int entries;

        private Party(String name) {
            this.name = name;
        }
    }

    private static final class Id {
        private final long high;
        private final long low;
        /** After the end, so that an entry outlives it. */
        private final long second;

        private @Nullable Party party;
        private boolean released;

        private Id(long high, long low, long second) {
            this.high = high;
            this.low = low;
            this.second = second;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Id that && high == that.high && low == that.low;
        }

        @Override
        public int hashCode() {
            return (int) (low ^ low >>> 32);
        }
    }
}
