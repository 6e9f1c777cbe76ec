// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a message, without secrets and without field values. Signet makes it, and a
 * {@link SecurityListener} is told it. Immutable.
 */
@CheckReturnValue
public final class SecurityEvent {
    private final Type type;
    private final String format;
    private final String code;
    private final @Nullable KeyName key;
    private final Instant time;

    /** @param key null if it is not known */
    SecurityEvent(Type type, String format, String code, @Nullable Key key, Instant time) {
        this.type = type;
        this.format = format;
        this.code = code;
        this.key = key == null ? null : new KeyName(key.id(), key.algorithm());
        this.time = time;
    }

    /** What happened. */
    public enum Type {
        /** A message was signed. */
        SIGNED,
        /** A message was verified and accepted. */
        VERIFIED,
        /** A message was encrypted. */
        ENCRYPTED,
        /** A message was decrypted. */
        DECRYPTED,
        /** A message was refused. */
        REJECTED,
        /** No verdict was possible. */
        UNAVAILABLE,
        /** A store is half full: it will refuse messages if nothing is done. */
        FILLING
    }

    /** What happened. */
    public Type type() {
        return type;
    }

    /** The message format, such as {@code http}, {@code jws}, {@code jwt} or {@code jwe}. */
    public String format() {
        return format;
    }

    /** {@code ok}, the {@link MessageSecurityException#code()} of the failure, or what a store warns of. */
    public String code() {
        return code;
    }

    /** The key that was used: known to the verifier, and so not of an attacker's choosing. */
    public Optional<KeyName> key() {
        return Optional.ofNullable(key);
    }

    /** When it happened. */
    public Instant time() {
        return time;
    }

    @Override
    public String toString() {
        return "SecurityEvent[" + type + ", " + format + ", " + code + (key == null ? "" : ", " + key) + ", " + time
                + "]";
    }

    /** A key's id and algorithm. Immutable; equal if both are. */
    public static final class KeyName {
        private final String id;
        private final Algorithm algorithm;

        private KeyName(String id, Algorithm algorithm) {
            this.id = id;
            this.algorithm = algorithm;
        }

        /** The id. */
        public String id() {
            return id;
        }

        /** The algorithm. */
        public Algorithm algorithm() {
            return algorithm;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof KeyName that && id.equals(that.id) && algorithm == that.algorithm;
        }

        @Override
        public int hashCode() {
            return 31 * id.hashCode() + algorithm.hashCode();
        }

        @Override
        public String toString() {
            return "KeyName[" + id + ", " + algorithm + "]";
        }
    }
}
