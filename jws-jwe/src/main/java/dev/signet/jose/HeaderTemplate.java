// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a signer writes into every protected header: members that never change, which are encoded once, and members that
 * are asked for anew each time.
 */
final class HeaderTemplate {
    /** The names that RFC 7515, 4.1 and RFC 7516, 4.1 define, RFC 7518 for its algorithms, and RFC 7797. */
    static final Set<String> REGISTERED = Set.of(
            "alg",
            "jku",
            "jwk",
            "kid",
            "x5u",
            "x5c",
            "x5t",
            "x5t#S256",
            "typ",
            "cty",
            "crit",
            "enc",
            "zip",
            "epk",
            "apu",
            "apv",
            "iv",
            "tag",
            "p2s",
            "p2c",
            "b64");

    private final Map<String, Object> fixed;
    private final Map<String, Supplier<?>> varying;
    private final byte @Nullable [] encoded;

    private HeaderTemplate(Map<String, Object> fixed, Map<String, Supplier<?>> varying) {
        this.fixed = fixed;
        this.varying = varying;
        encoded = varying.isEmpty() ? encode(fixed) : null;
    }

    /** The header in base64url, followed by a full stop. Not to be changed. */
    byte[] prefix() {
        if (encoded != null) {
            return encoded;
        }
        Map<String, Object> members = new LinkedHashMap<>(fixed);
        varying.forEach((name, value) -> members.put(name, JsonText.copyOf(name, value.get())));
        return encode(members);
    }

    private static byte[] encode(Map<String, Object> members) {
        return (Base64Url.encode(JsonText.write(members)) + ".").getBytes(StandardCharsets.US_ASCII);
    }

    /** Collects the members, in the order in which they will be written. */
    static final class Builder {
        private final Map<String, Object> fixed = new LinkedHashMap<>();
        private final Map<String, Supplier<?>> varying = new LinkedHashMap<>();
        private final List<Object> critical = new ArrayList<>();

        /** The same members so far, to go on with. */
        Builder copy() {
            Builder copy = new Builder();
            copy.fixed.putAll(fixed);
            copy.varying.putAll(varying);
            copy.critical.addAll(critical);
            return copy;
        }

        /** A member that the format defines; null removes it. */
        void registered(String name, @Nullable Object value) {
            if (value == null) {
                fixed.remove(name);
            } else {
                fixed.put(name, JsonText.copyOf(name, value));
            }
        }

        void extension(String name, Object value) {
            requireNew(name);
            fixed.put(name, JsonText.copyOf(name, value));
        }

        void extension(String name, Supplier<?> value) {
            requireNew(name);
            varying.put(name, value);
        }

        void critical(String name) {
            critical.add(name);
        }

        HeaderTemplate build() {
            Map<String, Object> members = new LinkedHashMap<>(fixed);
            if (!critical.isEmpty()) {
                members.put("crit", List.copyOf(critical));
            }
            return new HeaderTemplate(members, new LinkedHashMap<>(varying));
        }

        private void requireNew(String name) {
            if (REGISTERED.contains(name)) {
                throw new IllegalArgumentException(name + " is defined by the format and has its own method, or none");
            }
            if (fixed.containsKey(name) || varying.containsKey(name)) {
                throw new IllegalArgumentException(name + " is set twice");
            }
        }
    }
}
