// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Base64url without padding (RFC 7515, 2), in the one spelling that every value has. */
final class Base64Url {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private Base64Url() {}

    static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    /** The bytes, or null if the text is padded, has a foreign character, or non-zero bits after the last byte. */
    static byte @Nullable [] decode(String text) {
        if (text.indexOf('=') >= 0) {
            return null;
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            // RFC 4648, 3.5: the JDK ignores the unused bits of the last character.
            return encode(bytes).equals(text) ? bytes : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
