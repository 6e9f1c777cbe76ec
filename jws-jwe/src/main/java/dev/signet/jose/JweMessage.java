// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.InvalidMessageException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JWE that has been taken apart, and whose headers keep the rules that need no key (RFC 7516, 4 and 5.2).
 *
 * @param protectedHeader the members that the tag covers
 * @param authenticated what the tag covers beside the ciphertext (RFC 7516, 5.1, step 14)
 * @param additionalData the {@code aad} of a JSON form
 */
record JweMessage(
        Map<String, Object> protectedHeader,
        List<Recipient> recipients,
        byte[] iv,
        byte[] ciphertext,
        byte[] tag,
        byte[] authenticated,
        byte @Nullable [] additionalData) {
    /** @param header the protected and the other members together (RFC 7516, 4) */
    record Recipient(Map<String, Object> header, byte[] encryptedKey) {
        String algorithm() {
            return string(header, "alg");
        }

        @Nullable
        String keyId() {
            return header.containsKey("kid") ? string(header, "kid") : null;
        }
    }

    String contentEncryption() {
        return string(protectedHeader, "enc");
    }

    boolean isCompressed() {
        return protectedHeader.containsKey("zip");
    }

    /** Whether a header says that the content is a JWS, JWE or JWT. */
    boolean isNested() {
        return isNested(protectedHeader.get("cty")) || recipients.stream().anyMatch(r -> isNested(r.header.get("cty")));
    }

    /** RFC 7515, 4.1.10: a type without a slash stands for one of {@code application}; case is of no account. */
    static boolean isNested(@Nullable Object contentType) {
        if (!(contentType instanceof String text)) {
            return false;
        }
        String type = text.toLowerCase(Locale.ROOT).strip();
        int parameters = type.indexOf(';');
        String name = parameters < 0 ? type : type.substring(0, parameters).strip();
        return switch (name.startsWith("application/") ? name.substring("application/".length()) : name) {
            case "jwt", "jose", "jose+json" -> true;
            default -> false;
        };
    }

    static String string(Map<String, Object> header, String name) {
        if (header.get(name) instanceof String text) {
            return text;
        }
        throw InvalidMessageException.malformed("JWE: " + name + " is absent or not a string");
    }
}
