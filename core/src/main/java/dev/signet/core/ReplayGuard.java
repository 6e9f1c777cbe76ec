// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/**
 * Remembers which messages were accepted, so that none is accepted twice.
 *
 * <pre>{@code
 * ReplayGuard guard = ReplayGuard.inMemory(5_000_000, 50_000, InstantSource.system());
 * HttpVerifier verifier = HttpVerifier.builder(keys).replayGuard(guard).build();
 * }</pre>
 *
 * <p><b>Security properties.</b> A verifier asks last, after the signature and everything else held, so that an
 * attacker cannot fill the store or use up another's nonce. Entries are kept until the message would be refused as too
 * old anyhow, and an entry that would end at once is refused, since nothing would be remembered of it. {@code
 * ReplayGuardContract} of the testkit holds a guard of one's own to all of this.
 */
@FunctionalInterface
@CheckReturnValue
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
        FULL,
        /** The end of the entry is not in the future, so that it could not be remembered; the message is too old. */
        EXPIRED
    }

    /** What is claimed: one signed message of one key, until when, and at whose expense. Immutable. */
    final class Entry {
        private final String keyId;
        private final String nonce;
        private final Instant expiresAt;
        private final String party;

        private Entry(String keyId, String nonce, Instant expiresAt, String party) {
            this.keyId = Objects.requireNonNull(keyId, "keyId");
            this.nonce = Objects.requireNonNull(nonce, "nonce");
            this.expiresAt = Objects.requireNonNull(expiresAt, "expiresAt");
            this.party = party;
        }

        /**
         * An entry of a key, which takes its room from the key's party. The key is known by its thumbprint, or if it is a shared
         * secret by a MAC of a fixed text: partners choose ids, and verifiers of several partners may ask one guard.
         */
        public static Entry of(VerificationKey key, String nonce, Instant expiresAt) {
            String share = key.party()
                    .map(name -> "party:" + name)
                    .orElseGet(() -> "key:" + key.thumbprint().orElseGet(key::id));
            return new Entry(key.ownName(), nonce, expiresAt, share);
        }

        /**
         * Begins an entry of a key that is known by its id only, and is a party of its own:
         * {@code Entry.ofKeyId(keyId).withNonce(nonce, expiresAt)}.
         */
        public static OfKeyId ofKeyId(String keyId) {
            return new OfKeyId(Objects.requireNonNull(keyId, "keyId"));
        }

        /** The name of the key whose signature held: its thumbprint, or a MAC by a shared secret, or the id that was given. */
        public String keyId() {
            return keyId;
        }

        /** Unique among the key's messages; opaque, at most 256 characters. */
        public String nonce() {
            return nonce;
        }

        /** When the entry may be forgotten. */
        public Instant expiresAt() {
            return expiresAt;
        }

        /**
         * Whose share of the store the entry takes: {@code party:} and the name of the key's party, or {@code key:} and the id
         * of a key that is of none, since a partner who chooses ids must not choose another's share.
         */
        public String party() {
            return party;
        }

        @Override
        public String toString() {
            return "ReplayGuard.Entry[key " + keyId + "]";
        }

        /** A key whose nonce is still to be named. */
        public static final class OfKeyId {
            private final String keyId;

            private OfKeyId(String keyId) {
                this.keyId = keyId;
            }

            /** The entry of a nonce, and when it may be forgotten. */
            public Entry withNonce(String nonce, Instant expiresAt) {
                return new Entry(keyId, nonce, expiresAt, "key:" + keyId);
            }

            @Override
            public String toString() {
                return "ReplayGuard.Entry.OfKeyId[key " + keyId + "]";
            }
        }
    }

    /**
     * Claims a nonce for a key, atomically: of all concurrent claims for one pair, one is answered {@link Claim#FIRST}.
     *
     * @param keyId of the key whose signature held, as {@link Entry#keyId()}: it tells keys apart whatever they are called
     * @param nonce unique among the key's messages; opaque, at most 256 characters
     * @param expiresAt when the entry may be forgotten; {@link Claim#EXPIRED} is the answer if that is not in the future
     * @throws UnavailableException if the store cannot be reached
     */
    Claim claim(String keyId, String nonce, Instant expiresAt);

    /**
     * Claims the nonces of a message with several signatures, all or none: after any other answer than {@link Claim#FIRST}
     * each of them can still be claimed. A guard that serves verifiers of several signatures overrides this; as it stands,
     * entries before the one that is refused stay claimed.
     *
     * @param entries at least one, no two of one key and nonce
     * @throws UnavailableException if the store cannot be reached
     */
    default Claim claimAll(List<Entry> entries) {
        Claim answer = Claim.FIRST;
        for (int i = 0; i < entries.size() && answer == Claim.FIRST; i++) {
            Entry entry = entries.get(i);
            answer = claim(entry.keyId(), entry.nonce(), entry.expiresAt());
        }
        return answer;
    }

    /**
     * In memory, for one process: at most 1,000,000 entries. With messages of at most 5 minutes that is some 3,300 messages a
     * second from all parties together, or 1,600 from a single one; who needs more takes larger bounds, at some 100 bytes an
     * entry.
     *
     * <p>A party may have as many entries as are free: the only one half of the store, each of two a third, each of n one of
     * n + 1 parts. Whoever has more is refused, and whoever has none finds room.
     */
    static ReplayGuard inMemory() {
        return inMemory(1_000_000, 500_000, InstantSource.system());
    }

    /** In memory, with other bounds and another clock. */
    static ReplayGuard inMemory(int maxEntries, int maxEntriesPerKey, InstantSource clock) {
        return inMemory(maxEntries, maxEntriesPerKey, clock, SecurityListener.none());
    }

    /**
     * In memory, with other bounds and another clock, and a listener that is told when half of the store is taken.
     *
     * @param maxEntries in total
     * @param maxEntriesPerKey for one party: the keys of one name, or a key that is of no named party
     */
    static ReplayGuard inMemory(int maxEntries, int maxEntriesPerKey, InstantSource clock, SecurityListener listener) {
        return new InMemoryReplayGuard(maxEntries, maxEntriesPerKey, clock, listener);
    }
}
