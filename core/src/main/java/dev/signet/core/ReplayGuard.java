// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Remembers which messages were accepted, so that none is accepted twice.
 *
 * <p>A verifier asks after the signature and everything else held, so that an attacker cannot fill the store or use up
 * another's nonce. Entries are kept until the message would be refused as too old anyhow.
 */
@FunctionalInterface
public interface ReplayGuard {
    /** The answer to a claim. */
    enum Claim {
        /** Nobody claimed this before: the message is fresh. */
        FIRST,
        /** The message was accepted before. */
        REPLAYED,
        /** The key has too many entries. */
        QUOTA_EXCEEDED,
        /** The store is full; the message must be refused. */
        FULL
    }

    /**
     * Claims a nonce for a key, atomically: of all concurrent claims for one pair, one is answered {@link Claim#FIRST}.
     *
     * @param keyId of the key whose signature held
     * @param nonce unique among the key's messages; opaque, at most 256 characters
     * @param expiresAt when the entry may be forgotten
     * @throws KeyUnavailableException if the store cannot be reached
     */
    Claim claim(String keyId, String nonce, Instant expiresAt);

    /**
     * In memory, for one process: at most 1,000,000 entries, of which 500,000 for one key. With messages of at most 5 minutes
     * that is some 1,600 a second for a key; a busier one needs larger bounds, at some 150 bytes an entry.
     */
    static ReplayGuard inMemory() {
        return inMemory(1_000_000, 500_000, InstantSource.system());
    }

    /** In memory, with other bounds and another clock. */
    static ReplayGuard inMemory(int maxEntries, int maxEntriesPerKey, InstantSource clock) {
        return new InMemoryReplayGuard(maxEntries, maxEntriesPerKey, clock);
    }
}
