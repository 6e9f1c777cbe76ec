// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the key that a message names. The name is an attacker's until the signature holds: implementations look it up
 * among keys they trust, and never use it as a path, query or address.
 *
 * <pre>{@code
 * KeyResolver keys = KeyResolver.of(clientKey, partnerKey); // as every verifier takes it
 * Optional<VerificationKey> named = keys.resolve("client-7"); // empty for an id that is not known
 * }</pre>
 */
@FunctionalInterface
@CheckReturnValue
public interface KeyResolver {
    /**
     * The key of this id, or empty if there is none. Another key than the one named is never tried.
     *
     * @throws UnavailableException if the source of keys is down, which is not the same as an unknown key
     */
    Optional<VerificationKey> resolve(String keyId);

    /** The key for messages that name none: empty unless the resolver has exactly one key for them. */
    default Optional<VerificationKey> resolveUnnamed() {
        return Optional.empty();
    }

    /** These keys; a single one also serves messages that name none. */
    static KeyResolver of(VerificationKey... keys) {
        return FixedKeyResolver.of(List.of(keys));
    }

    /** The keys of a keyset, whether it holds the public or the private halves. */
    static KeyResolver of(Keyset<?> keyset) {
        return FixedKeyResolver.of(keyset.keys().stream()
                .map(key -> {
                    if (key instanceof VerificationKey verification) {
                        return verification;
                    }
                    if (key instanceof SigningKey signing) {
                        return signing.verificationKey();
                    }
                    throw new IllegalArgumentException("a keyset for " + keyset.use() + " verifies nothing");
                })
                .toList());
    }
}

/** A fixed set of keys by id. */
final class FixedKeyResolver implements KeyResolver {
    private final Map<String, VerificationKey> keys;

    private FixedKeyResolver(Map<String, VerificationKey> keys) {
        this.keys = keys;
    }

    static FixedKeyResolver of(List<VerificationKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("at least one key is needed");
        }
        Map<String, VerificationKey> byId = new HashMap<>();
        for (VerificationKey key : keys) {
            if (byId.put(key.id(), key) != null) {
                throw new IllegalArgumentException("two keys share an id");
            }
        }
        return new FixedKeyResolver(Map.copyOf(byId));
    }

    @Override
    public Optional<VerificationKey> resolve(String keyId) {
        return Optional.ofNullable(keys.get(keyId));
    }

    @Override
    public Optional<VerificationKey> resolveUnnamed() {
        return keys.size() == 1 ? Optional.of(keys.values().iterator().next()) : Optional.empty();
    }
}
