// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Keys of one use, of which one is primary: it signs, encrypts or tokenizes, and the others only verify, decrypt or
 * reveal.
 *
 * <pre>{@code
 * SigningKey next = SigningKey.generate(Algorithm.ED25519);
 * Keyset<SigningKey> announced = keyset.add(next); // verifies only; publish this one
 * Keyset<SigningKey> switched = announced.promote(next.id()); // once every verifier has it
 * Keyset<SigningKey> done = switched.drop(oldId); // once the last old message has expired
 * }</pre>
 *
 * <p>Rotation without an outage: {@link #add} the new key (it verifies only), give the verifiers time to learn it,
 * {@link #promote} it (the old primary verifies only from then on), wait until the last message of the old key has run
 * out, and {@link #drop} the old key.
 *
 * <p>Immutable and thread-safe; every change gives a new keyset.
 */
@CheckReturnValue
public final class Keyset<K extends Key> {
    private final List<K> keys;
    private final String primaryId;

    private Keyset(List<K> keys, String primaryId) {
        this.keys = keys;
        this.primaryId = primaryId;
    }

    /**
     * A keyset of one key, which is primary.
     *
     * @throws IllegalArgumentException if the key is not active
     */
    public static <K extends Key> Keyset<K> of(K primary) {
        return of(primary.id(), List.of(primary));
    }

    /**
     * A keyset as it was written down.
     *
     * @throws IllegalArgumentException if two keys share an id, keys have different uses, or the primary key is absent or
     *     not active
     */
    public static <K extends Key> Keyset<K> of(String primaryId, List<K> keys) {
        List<K> copy = List.copyOf(keys);
        long distinct = copy.stream().map(Key::id).distinct().count();
        if (distinct != copy.size()) {
            throw new IllegalArgumentException("two keys of the keyset share an id");
        }
        if (copy.stream().map(k -> k.algorithm().use()).distinct().count() > 1) {
            throw new IllegalArgumentException("the keys of a keyset have one use");
        }
        boolean primaryIsActive =
                copy.stream().anyMatch(k -> k.id().equals(primaryId) && k.status() == KeyStatus.ACTIVE);
        if (!primaryIsActive) {
            throw new IllegalArgumentException("the primary key is absent or not active");
        }
        return new Keyset<>(copy, primaryId);
    }

    /** The verifying halves of a keyset: public keys, or the shared secrets themselves, which must stay secret. */
    public static Keyset<VerificationKey> verificationKeys(Keyset<SigningKey> keyset) {
        return new Keyset<>(
                keyset.keys.stream().map(SigningKey::verificationKey).toList(), keyset.primaryId);
    }

    /** The public halves of a keyset of decryption keys. */
    public static Keyset<EncryptionKey> encryptionKeys(Keyset<DecryptionKey> keyset) {
        return new Keyset<>(
                keyset.keys.stream().map(DecryptionKey::encryptionKey).toList(), keyset.primaryId);
    }

    /** The key that signs, encrypts or tokenizes. */
    public K primary() {
        return require(primaryId);
    }

    /** All keys, in the order in which they were added. */
    public List<K> keys() {
        return keys;
    }

    /** The key of this id, whatever its status. */
    public Optional<K> find(String id) {
        for (K key : keys) {
            if (key.id().equals(id)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    /** What the keys are for. */
    public KeyUse use() {
        return primary().algorithm().use();
    }

    /**
     * This keyset with one more key, which only verifies until it is promoted.
     *
     * @throws IllegalArgumentException if the id is taken or the use differs
     */
    public Keyset<K> add(K key) {
        List<K> more = new ArrayList<>(keys);
        more.add(withStatus(key, KeyStatus.VERIFY_ONLY));
        return of(primaryId, more);
    }

    /**
     * This keyset with another primary key; the former one only verifies from now on.
     *
     * @throws IllegalArgumentException if there is no such key, or it is disabled, not yet or no longer valid
     */
    public Keyset<K> promote(String id) {
        K key = require(id);
        if (key.status() == KeyStatus.DISABLED) {
            throw new IllegalArgumentException("a disabled key cannot become primary");
        }
        if (key.notAfter().filter(end -> !Instant.now().isBefore(end)).isPresent()) {
            throw new IllegalArgumentException("a key that is no longer valid cannot become primary");
        }
        if (key.notBefore().filter(start -> Instant.now().isBefore(start)).isPresent()) {
            throw new IllegalArgumentException("a key that is not yet valid cannot become primary");
        }
        List<K> changed = keys.stream()
                .map(k -> k.id().equals(id)
                        ? withStatus(k, KeyStatus.ACTIVE)
                        : k.id().equals(primaryId) ? withStatus(k, KeyStatus.VERIFY_ONLY) : k)
                .toList();
        return of(id, changed);
    }

    /**
     * This keyset with a key that does nothing any more.
     *
     * @throws IllegalArgumentException if there is no such key, or it is the primary one
     */
    public Keyset<K> disable(String id) {
        return change(id, KeyStatus.DISABLED);
    }

    /** This keyset with a disabled key that verifies again. */
    public Keyset<K> enable(String id) {
        return change(id, KeyStatus.VERIFY_ONLY);
    }

    /**
     * This keyset without a key.
     *
     * @throws IllegalArgumentException if there is no such key, or it is the primary one
     */
    public Keyset<K> drop(String id) {
        requireSecondary(id);
        return of(primaryId, keys.stream().filter(k -> !k.id().equals(id)).toList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Keyset<?> that && primaryId.equals(that.primaryId) && keys.equals(that.keys);
    }

    @Override
    public int hashCode() {
        return Objects.hash(primaryId, keys);
    }

    @Override
    public String toString() {
        return "Keyset[primary=" + primaryId + ", keys=" + keys + "]";
    }

    private Keyset<K> change(String id, KeyStatus status) {
        requireSecondary(id);
        return of(
                primaryId,
                keys.stream()
                        .map(k -> k.id().equals(id) ? withStatus(k, status) : k)
                        .toList());
    }

    private void requireSecondary(String id) {
        require(id);
        if (id.equals(primaryId)) {
            throw new IllegalArgumentException("promote another key first: this one is primary");
        }
    }

    @CanIgnoreReturnValue
    private K require(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("the keyset has no key of this id"));
    }

    @SuppressWarnings("unchecked") // every kind of key returns its own kind
    private static <K extends Key> K withStatus(K key, KeyStatus status) {
        return (K) key.withStatus(status);
    }
}
