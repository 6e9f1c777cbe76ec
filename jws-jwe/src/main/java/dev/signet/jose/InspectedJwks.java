// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Key;
import dev.signet.core.Keyset;
import dev.signet.core.SecurityPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is in a JWK set or a single JWK, of whatever use, public or private: for tools that show keys, convert them or say why one
 * cannot be used. Services that know what a key is for read it by {@link KeysetFile} or {@link Jwks#parse(byte[])} instead.
 *
 * <p><b>Security properties.</b> The JSON is read as {@link Jwks} reads it, and every key passes the same checks: {@code alg},
 * {@code use}, {@code key_ops}, ids that differ, and those of its type. A key that may be private is read as a private one or not
 * at all. No text here holds a key.
 *
 * <p>Immutable and thread-safe.
 */
@CheckReturnValue
public final class InspectedJwks {
    private final @Nullable Object primary;
    private final boolean isPublicSet;
    private final List<Entry> entries;

    private InspectedJwks(@Nullable Object primary, boolean isPublicSet, List<Entry> entries) {
        this.primary = primary;
        this.isPublicSet = isPublicSet;
        this.entries = List.copyOf(entries);
        Set<String> ids = new HashSet<>();
        for (Entry entry : entries) {
            if (entry.key != null && !ids.add(entry.key.id())) {
                throw InvalidMessageException.malformed(Jwks.place(entry.position) + Jwks.THUMBPRINT_TAKEN);
            }
        }
    }

    static InspectedJwks read(byte[] json, SecurityPolicy policy) {
        Map<String, Object> set = StrictJson.readObject(json, policy.limits());
        boolean isSingle = !set.containsKey("keys") && set.containsKey("kty");
        List<Jwk> jwks = isSingle ? List.of(new Jwk(set)) : Jwks.jwks(set);
        Object primary = set.get(Jwks.PRIMARY);
        if (primary != null && !(primary instanceof String)) {
            throw InvalidMessageException.malformed(Jwks.PRIMARY_NO_STRING);
        }
        List<Entry> entries = new ArrayList<>();
        for (Jwk jwk : jwks) {
            entries.add(new Entry(entries.size(), jwk));
        }
        return new InspectedJwks(primary, !isSingle && !Jwk.mayHoldPrivate(set), entries);
    }

    /** The keys in the order of the set; a single JWK is one at position 0. */
    public List<Entry> entries() {
        return entries;
    }

    /** The id that the set names as its primary key's ({@code signet:primary}); empty for sets of others. */
    public Optional<String> primaryId() {
        return Optional.ofNullable((String) primary);
    }

    /** Whether this is a set, and no single JWK, in which nothing may be private, also not in members that no JWK has. */
    public boolean isPublicSet() {
        return isPublicSet;
    }

    /**
     * The same set, where keys without {@code alg} are of the algorithms that the parties have agreed on. An {@code alg} that is
     * there stays.
     *
     * @param agreed gives the algorithm of a key without {@code alg}, if it is known
     * @throws InvalidMessageException if a key that can be used now has the id of another one
     */
    public InspectedJwks withAlgorithms(Function<Entry, Optional<Algorithm>> agreed) {
        return new InspectedJwks(
                primary,
                isPublicSet,
                entries.stream()
                        .map(entry -> entry.jwk.has("alg")
                                ? entry
                                : agreed.apply(entry).map(entry::with).orElse(entry))
                        .toList());
    }

    /**
     * All keys as a keyset, by the rules of {@link KeysetFile}: of one use, all public or all private, with a primary key.
     *
     * @throws InvalidMessageException if that cannot be, naming the key's position and the member
     */
    public Keyset<Key> keyset() {
        boolean isPrivate = entries.stream().anyMatch(Entry::isPrivate);
        List<Key> keys = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.key == null || entry.isPrivate() != isPrivate) {
                throw InvalidMessageException.malformed(Jwks.place(entry.position)
                        + entry.skipped().map(Jwks.Skipped::reason).orElse("the private key is missing"));
            }
            keys.add(entry.key);
        }
        return Jwks.keyset(primary, keys);
    }

    @Override
    public String toString() {
        return "InspectedJwks" + entries;
    }

    /** One key of a set: what the set says of it, and either the key or why it is left out. */
    public static final class Entry {
        private final int position;
        private final Jwk jwk;
        private final @Nullable Key key;
        private final Jwks.@Nullable Skipped skipped;

        private Entry(int position, Jwk jwk) {
            this.position = position;
            this.jwk = jwk;
            Key read = null;
            Jwks.Skipped left = null;
            try {
                read = jwk.mayBePrivate() ? JwkReader.anyPrivate(jwk) : JwkReader.anyPublic(jwk);
            } catch (JwkException e) {
                left = Jwks.skipped(position, jwk, e);
            }
            key = read;
            skipped = left;
        }

        private Entry with(Algorithm algorithm) {
            return new Entry(position, jwk.withAlgorithm(algorithm.joseName()));
        }

        /** In the set, from 0. */
        public int position() {
            return position;
        }

        /** Its {@code kid} as it stands there, which may hold any character; empty also if it is no string. */
        public Optional<String> keyId() {
            return jwk.text("kid");
        }

        /** Its {@code kty}; empty also if it is no string. */
        public Optional<String> type() {
            return jwk.text("kty");
        }

        /** Its {@code alg}, known here or not; empty also if it is no string. */
        public Optional<String> algorithm() {
            return jwk.text("alg");
        }

        /** Whether it has a member that is private or secret in a key of any type. */
        public boolean isPrivate() {
            return jwk.mayBePrivate();
        }

        /** The key, if it can be used; its type in Java tells what for. */
        public Optional<Key> key() {
            return Optional.ofNullable(key);
        }

        /** Why it cannot be used. */
        public Optional<Jwks.Skipped> skipped() {
            return Optional.ofNullable(skipped);
        }

        @Override
        public String toString() {
            return "keys[" + position + "]: " + (key != null ? key : skipped == null ? "" : skipped.code());
        }
    }
}
