// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import java.util.Arrays;
import java.util.Base64;

/** Base64 in XML (XML Schema, {@code base64Binary}): white space anywhere, otherwise one spelling for each value. */
final class Base64Text {
    private Base64Text() {}

    /** @throws InvalidMessageException for other characters, missing padding or set bits in it */
    static byte[] decode(CharSequence text, String what) {
        byte[] compact = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
                continue;
            }
            if (c >= 0x80) {
                throw malformed(what);
            }
            compact[length++] = (byte) c;
        }
        if (length == 0 || length % 4 != 0) {
            throw malformed(what);
        }
        try {
            byte[] last = new byte[4];
            System.arraycopy(compact, length - 4, last, 0, 4);
            byte[] again = Base64.getEncoder().encode(Base64.getDecoder().decode(last));
            for (int i = 0; i < 4; i++) {
                if (again[i] != last[i]) {
                    throw malformed(what);
                }
            }
            return Base64.getDecoder().decode(Arrays.copyOf(compact, length));
        } catch (IllegalArgumentException e) {
            throw malformed(what);
        }
    }

    static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static InvalidMessageException malformed(String what) {
        return InvalidMessageException.malformed(what + " is not Base64");
    }
}
