// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.http.HttpMessage.BodyPresence;
import java.util.List;

/**
 * What a message says of its body before it comes (RFC 9112, 6).
 *
 * @param length in bytes, or -1 if it is not declared
 */
record BodyFraming(BodyPresence presence, long length) {
    static final BodyFraming UNKNOWN = new BodyFraming(BodyPresence.UNKNOWN, -1);
    private static final BodyFraming ABSENT = new BodyFraming(BodyPresence.ABSENT, -1);
    private static final BodyFraming CHUNKED = new BodyFraming(BodyPresence.ANNOUNCED, -1);

    /**
     * Reads the framing.
     *
     * @throws InvalidMessageException if Content-Length is no number, or the length can be read in two ways
     */
    static BodyFraming of(HttpMessage message) {
        List<String> lengths = message.fieldValues("content-length");
        long length = lengths.isEmpty() ? -1 : length(lengths);
        BodyPresence presence = message.bodyPresence();
        return switch (presence) {
            case ABSENT -> ABSENT;
            case ANNOUNCED -> length < 0 ? CHUNKED : new BodyFraming(presence, length);
            case UNKNOWN -> length < 0 ? UNKNOWN : new BodyFraming(presence, length);
        };
    }

    /** What the fields alone say. */
    static BodyPresence presence(HttpMessage message) {
        if (!message.isRequest() && hasNone(message)) {
            return BodyPresence.ABSENT;
        }
        List<String> lengths = message.fieldValues("content-length");
        if (!message.fieldValues("transfer-encoding").isEmpty()) {
            if (!lengths.isEmpty()) {
                // RFC 9112, 6.3: whoever looks at one of them only sees another message.
                throw InvalidMessageException.malformed("the message has content-length and transfer-encoding");
            }
            return BodyPresence.ANNOUNCED;
        }
        if (lengths.isEmpty()) {
            return BodyPresence.UNKNOWN;
        }
        if (length(lengths) == 0) {
            return BodyPresence.ABSENT;
        }
        // The answer to a HEAD request declares a length too, and nothing else tells that it is one.
        return message.isRequest() || message.request().isPresent() ? BodyPresence.ANNOUNCED : BodyPresence.UNKNOWN;
    }

    // RFC 9110, 6.4.1
    private static boolean hasNone(HttpMessage response) {
        int status = response.status();
        return status < 200
                || status == 204
                || status == 304
                || response.request()
                        .filter(request -> request.method().equals("HEAD"))
                        .isPresent();
    }

    private static long length(List<String> lines) {
        if (lines.size() > 1) {
            throw InvalidMessageException.malformed("content-length comes several times");
        }
        String line = lines.get(0);
        int start = FieldValues.skipBlanks(line);
        int end = FieldValues.endWithoutBlanks(line);
        if (start >= end) {
            throw InvalidMessageException.malformed("content-length is no number");
        }
        long length = 0;
        for (int i = start; i < end; i++) {
            int digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw InvalidMessageException.malformed("content-length is no number");
            }
            length = length > (Long.MAX_VALUE - 9) / 10 ? Long.MAX_VALUE : 10 * length + digit;
        }
        return length;
    }
}
