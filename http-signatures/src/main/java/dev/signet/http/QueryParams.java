// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Query parameters as {@code @query-param} sees them: decoded and encoded again (RFC 9421, 2.2.8). Parsed once, whatever
 * number of them is covered.
 */
final class QueryParams {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    /** Where a parameter that is not the only one of its name stands. */
    private static final long TWICE = -1;

    private final String query;

    /** For each encoded name, where its value stands: start and end. */
    private final Map<String, Long> places = new HashMap<>();

    private QueryParams(String query) {
        this.query = query;
    }

    /**
     * Reads the names of a query's parameters.
     *
     * @throws ComponentException if one is malformed, so that others may take it for another name
     */
    static QueryParams parse(String query, WorkBudget budget) {
        QueryParams params = new QueryParams(query);
        int most = 1;
        for (int i = 0; i < query.length(); i++) {
            most += query.charAt(i) == '&' ? 1 : 0;
        }
        // Done once for a message, so that its length bounds it; an honest query may have many short parameters.
        budget.spend(query.length() + (long) WorkBudget.ENTRY / 2 * most);
        int start = 0;
        while (start <= query.length()) {
            int end = query.indexOf('&', start);
            if (end < 0) {
                end = query.length();
            }
            if (end > start) {
                params.add(start, end);
            }
            start = end + 1;
        }
        return params;
    }

    private void add(int start, int end) {
        int nameEnd = start;
        while (nameEnd < end && query.charAt(nameEnd) != '=') {
            nameEnd++;
        }
        long place = (long) Math.min(nameEnd + 1, end) << 32 | end;
        places.merge(reencode(query, start, nameEnd), place, (one, other) -> TWICE);
    }

    /** The value of the only parameter whose encoded name this is. */
    String single(String encodedName) {
        Long place = places.get(encodedName);
        if (place == null) {
            throw new ComponentException("the query parameter is absent");
        }
        if (place == TWICE) {
            throw new ComponentException("the query parameter comes twice (RFC 9421, 2.2.8)");
        }
        return reencode(query, (int) (place >> 32), place.intValue());
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
            if (c == '%') {
                int high = i + 2 < end ? hex(query.charAt(i + 1)) : -1;
                int low = i + 2 < end ? hex(query.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    // Whether it stands for itself or for nothing is each reader's own idea.
                    throw new ComponentException("a query parameter has a malformed percent-encoding");
                }
                out.write(high << 4 | low);
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
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }
}
