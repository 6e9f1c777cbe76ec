// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Query parameters as {@code @query-param} sees them: decoded and encoded again (RFC 9421, 2.2.8). */
final class QueryParams {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private QueryParams() {}

    /** The value of the only parameter whose encoded name this is. */
    static String single(String query, String encodedName) {
        String found = null;
        int start = 0;
        while (start <= query.length()) {
            int end = query.indexOf('&', start);
            if (end < 0) {
                end = query.length();
            }
            if (end > start) {
                int equals = query.indexOf('=', start);
                int nameEnd = equals < 0 || equals > end ? end : equals;
                if (reencode(query, start, nameEnd).equals(encodedName)) {
                    if (found != null) {
                        throw new ComponentException("the query parameter comes twice (RFC 9421, 2.2.8)");
                    }
                    found = nameEnd == end ? "" : reencode(query, nameEnd + 1, end);
                }
            }
            start = end + 1;
        }
        if (found == null) {
            throw new ComponentException("the query parameter is absent");
        }
        return found;
    }

    /** Percent-encodes all but letters, digits and {@code *-._} (WHATWG URL, 5.2), a space as {@code %20}. */
    static String encode(byte[] utf8) {
        StringBuilder out = new StringBuilder(utf8.length + 8);
        for (byte b : utf8) {
            char c = (char) (b & 0xff);
            if ((c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '*'
                    || c == '-'
                    || c == '.'
                    || c == '_') {
                out.append(c);
            } else {
                out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
        return out.toString();
    }

    private static String reencode(String query, int start, int end) {
        byte[] decoded = decode(query, start, end);
        return decoded == null ? query.substring(start, end) : encode(decoded);
    }

    /** The bytes behind a part of the query, or null where it stands for itself. */
    private static byte @Nullable [] decode(String query, int start, int end) {
        boolean plain = true;
        for (int i = start; i < end && plain; i++) {
            char c = query.charAt(i);
            plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        }
        if (plain) {
            return null;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(end - start);
        for (int i = start; i < end; i++) {
            char c = query.charAt(i);
            if (c == '%' && i + 2 < end && hex(query.charAt(i + 1)) >= 0 && hex(query.charAt(i + 2)) >= 0) {
                out.write(hex(query.charAt(i + 1)) << 4 | hex(query.charAt(i + 2)));
                i += 2;
            } else {
                out.write(c == '+' ? ' ' : c);
            }
        }
        byte[] bytes = out.toByteArray();
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            // Browsers put U+FFFD here, so that different queries would have one signature.
            throw new ComponentException("a query parameter is not UTF-8");
        }
        return bytes;
    }

    private static int hex(char c) {
        return Character.digit(c, 16);
    }
}
