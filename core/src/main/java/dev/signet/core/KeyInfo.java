// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What every key carries beside its material. */
record KeyInfo(
        String id,
        Algorithm algorithm,
        KeyStatus status,
        @Nullable Instant notBefore,
        @Nullable Instant notAfter) {
    private static final int MAX_ID_LENGTH = 256;

    KeyInfo {
        checkId(id);
        if (notBefore != null && notAfter != null && !notBefore.isBefore(notAfter)) {
            throw new IllegalArgumentException("notBefore must lie before notAfter");
        }
    }

    static KeyInfo of(String id, Algorithm algorithm) {
        return new KeyInfo(id, algorithm, KeyStatus.ACTIVE, null, null);
    }

    /** A secret has no thumbprint that would be safe to publish, so its id is random. */
    static String randomId() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    KeyInfo withId(String newId) {
        return new KeyInfo(newId, algorithm, status, notBefore, notAfter);
    }

    KeyInfo withStatus(KeyStatus newStatus) {
        return new KeyInfo(id, algorithm, newStatus, notBefore, notAfter);
    }

    KeyInfo withValidity(@Nullable Instant from, @Nullable Instant until) {
        return new KeyInfo(id, algorithm, status, from, until);
    }

    /** Why the key can't be used for checking now, or null if it can. */
    @Nullable
    Reason unusable(Instant now) {
        if (status == KeyStatus.DISABLED) {
            return Reason.KEY_DISABLED;
        }
        return isValidAt(now) ? null : Reason.KEY_NOT_VALID_NOW;
    }

    void requireUsable(Instant now) {
        Reason reason = unusable(now);
        if (reason != null) {
            throw new VerificationException(reason);
        }
    }

    boolean isValidAt(Instant now) {
        return (notBefore == null || !now.isBefore(notBefore)) && (notAfter == null || now.isBefore(notAfter));
    }

    String describe(String type) {
        return type + "[" + algorithm.joseName() + ", id=" + id + ", " + status + "]";
    }

    private static void checkId(String id) {
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException("a key id has 1 to 256 characters");
        }
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) < 0x20 || id.charAt(i) > 0x7e) {
                throw new IllegalArgumentException("a key id consists of printable ASCII characters");
            }
        }
    }
}
