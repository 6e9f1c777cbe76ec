// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened to a message, without secrets and without field values.
 *
 * @param format the message format, such as {@code http}, {@code jws}, {@code jwt} or {@code jwe}
 * @param code {@code ok}, the {@link MessageSecurityException#code()} of the failure, or what a store warns of
 * @param key the key that was used: known to the verifier, and so not of an attacker's choosing
 */
public record SecurityEvent(Type type, String format, String code, Optional<KeyName> key, Instant time) {
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

    /** A key's id and algorithm. */
    public record KeyName(String id, Algorithm algorithm) {}
}
