// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of one JWK (RFC 7517, 4), read strictly, without yet making a key of them. */
final class Jwk {
    static final String STATUS = "signet:status";

    /** What no public key has (RFC 7518, 6.2.2, 6.3.2 and 6.4.1; RFC 8037, 2; RFC 9964, 3). */
    private static final Map<String, Set<String>> PRIVATE_MEMBERS = Map.of(
            "RSA", Set.of("d", "p", "q", "dp", "dq", "qi", "oth"),
            "EC", Set.of("d"),
            "OKP", Set.of("d"),
            "oct", Set.of("k"),
            "AKP", Set.of("priv"));

    private final Map<String, Object> members;

    Jwk(Map<String, Object> members) {
        this.members = members;
    }

    String type() {
        return requireString("kty");
    }

    /** Whether a holder of this JWK could sign or decrypt; for an unknown {@code kty} nobody can say. */
    boolean isPrivate() {
        Object type = members.get("kty");
        return "oct".equals(type)
                || (type instanceof String known
                        && PRIVATE_MEMBERS.getOrDefault(known, Set.of()).stream()
                                .anyMatch(members::containsKey));
    }

    /** The same for tools that take keys of any kind: also of an unknown {@code kty}, and whatever the member is there. */
    boolean mayBePrivate() {
        return mayBePrivate(members);
    }

    /** Whether such a member is anywhere in a value. */
    static boolean mayHoldPrivate(Object value) {
        return value instanceof Map<?, ?> map
                ? mayBePrivate(map) || map.values().stream().anyMatch(Jwk::mayHoldPrivate)
                : value instanceof List<?> list && list.stream().anyMatch(Jwk::mayHoldPrivate);
    }

    private static boolean mayBePrivate(Map<?, ?> members) {
        return "oct".equals(members.get("kty"))
                || PRIVATE_MEMBERS.values().stream().flatMap(Set::stream).anyMatch(members::containsKey);
    }

    Optional<String> id() {
        return string("kid");
    }

    Optional<String> algorithm() {
        return string("alg");
    }

    Optional<String> use() {
        return string("use");
    }

    Optional<String> status() {
        return string(STATUS);
    }

    /** RFC 7517, 4.3: an array of strings without duplicates. */
    Optional<Set<String>> operations() {
        Object value = members.get("key_ops");
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof List<?> list)) {
            throw new JwkException("key_ops is not an array");
        }
        Set<String> operations = new HashSet<>();
        for (Object element : list) {
            if (!(element instanceof String operation) || !operations.add(operation)) {
                throw new JwkException("key_ops is not an array of different strings");
            }
        }
        return Optional.of(operations);
    }

    /** A NumericDate (RFC 7519, 2) in whole seconds, or null. */
    @Nullable
    Instant instant(String name) {
        Object value = members.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Long seconds) || seconds < 0) {
            throw new JwkException(name + " is not a whole number of seconds since 1970");
        }
        try {
            return Instant.ofEpochSecond(seconds);
        } catch (DateTimeException e) {
            throw new JwkException(name + " is out of range");
        }
    }

    Optional<String> string(String name) {
        Object value = members.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String text)) {
            throw new JwkException(name + " is not a string");
        }
        return Optional.of(text);
    }

    /** A member that is a string; empty if it is anything else. */
    Optional<String> text(String name) {
        return members.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    String requireString(String name) {
        return string(name).orElseThrow(() -> new JwkException("no " + name));
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    byte[] bytes(String name) {
        byte[] bytes = Base64Url.decode(requireString(name));
        if (bytes == null) {
            throw new JwkException(name + " is not base64url without padding");
        }
        return bytes;
    }

    byte[] bytes(String name, int length) {
        byte[] bytes = bytes(name);
        if (bytes.length != length) {
            throw new JwkException(name + " does not have " + length + " bytes");
        }
        return bytes;
    }

    /** RFC 7518, 2: Base64urlUInt has the fewest bytes possible. */
    void requireUnsigned(String name) {
        byte[] bytes = bytes(name);
        if (bytes.length == 0 || bytes[0] == 0) {
            throw new JwkException(name + " is not a positive integer in the fewest bytes");
        }
    }

    Jwk withAlgorithm(String name) {
        Map<String, Object> copy = new HashMap<>(members);
        copy.put("alg", name);
        return new Jwk(copy);
    }

    /** These members only, for a parser that is not to see the others. */
    Map<String, Object> only(Set<String> names) {
        Map<String, Object> copy = new HashMap<>(members);
        copy.keySet().retainAll(names);
        return copy;
    }
}

/** Why a JWK cannot be used; the message names members, never values. The codes are those of {@link Jwks.Skipped}. */
final class JwkException extends RuntimeException {
    static final String ALGORITHM_MISSING = "algorithm-missing";
    static final String NOT_SUPPORTED = "not-supported";
    static final String OTHER_PURPOSE = "other-purpose";
    static final String REFUSED = "refused";
    private static final String MALFORMED = "malformed";
    private static final long serialVersionUID = 1L;

    private final String code;

    /** A member is absent or wrong. */
    JwkException(String message) {
        this(MALFORMED, message);
    }

    JwkException(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    String code() {
        return code;
    }
}
