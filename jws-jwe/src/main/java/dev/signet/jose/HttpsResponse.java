// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.jose.RemoteJwks.FailureCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One HTTP/1.1 response (RFC 9112) on a connection that carries no other, read with a cap. What is ambiguous is refused: two
 * lengths, folded lines, codings other than {@code chunked}.
 */
final class HttpsResponse {
    private static final int MAX_HEAD_BYTES = 16 << 10;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-9]\\d\\d)(?: .*)?");
    private static final Pattern FIELD_NAME = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,9}");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,7})[ \\t]*(?:;.*)?");

    private final InputStream in;
    private final int maxBytes;
    private final int status;
    private final Map<String, String> fields;
    private int headBytesLeft = MAX_HEAD_BYTES;

    private HttpsResponse(InputStream in, int maxBytes) throws IOException {
        this.in = in;
        this.maxBytes = maxBytes;
        Matcher line = STATUS_LINE.matcher(line());
        if (!line.matches()) {
            throw malformed("no status line of HTTP/1.1");
        }
        this.status = Integer.parseInt(line.group(1));
        this.fields = readFields();
    }

    /** Reads the head; {@code in} should be buffered. */
    static HttpsResponse read(InputStream in, int maxBytes) throws IOException {
        return new HttpsResponse(in, maxBytes);
    }

    int status() {
        return status;
    }

    Optional<String> location() {
        return Optional.ofNullable(fields.get("location"));
    }

    byte[] body() throws IOException {
        String coding = fields.get("content-encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw malformed("a content coding, which was not asked for");
        }
        String transfer = fields.get("transfer-encoding");
        String length = fields.get("content-length");
        if (transfer != null) {
            // RFC 9112, 6.3: both together are how requests and responses are smuggled.
            if (length != null || !transfer.equalsIgnoreCase("chunked")) {
                throw malformed("a transfer coding other than chunked, or a length beside it");
            }
            return chunked();
        }
        if (length != null) {
            if (!LENGTH.matcher(length).matches()) {
                throw malformed("a content length that is no number, or too long a one");
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            copy(body, Integer.parseInt(length));
            return body.toByteArray();
        }
        // The end of the connection ends the body. One cut short is no JSON object, so it does no harm.
        byte[] body = in.readNBytes(maxBytes + 1);
        requireSmall(body.length);
        return body;
    }

    private byte[] chunked() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            Matcher chunk = CHUNK.matcher(line());
            if (!chunk.matches()) {
                throw malformed("no chunk size");
            }
            int size = Integer.parseInt(chunk.group(1), 16);
            if (size == 0) {
                return body.toByteArray(); // trailers are not read: the connection is closed
            }
            copy(body, size);
            if (!line().isEmpty()) {
                throw malformed("a chunk longer than its size");
            }
        }
    }

    private void copy(ByteArrayOutputStream body, int size) throws IOException {
        requireSmall((long) body.size() + size);
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw malformed("the connection ended within the body");
        }
        body.writeBytes(bytes);
    }

    private void requireSmall(long size) throws FetchException {
        if (size > maxBytes) {
            throw new FetchException(FailureCode.TOO_LARGE, "more than " + maxBytes + " bytes");
        }
    }

    private Map<String, String> readFields() throws IOException {
        Map<String, String> read = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 0 || !FIELD_NAME.matcher(line.substring(0, colon)).matches()) {
                throw malformed("a line that is no field");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (read.put(name, value) != null && isSingle(name)) {
                throw malformed("a second " + name);
            }
        }
        return read;
    }

    private static boolean isSingle(String name) {
        return switch (name) {
            case "content-length", "transfer-encoding", "content-encoding", "location" -> true;
            default -> false;
        };
    }

    /** Lines of the head, and between chunks, share one budget, so that neither can go on for ever. */
    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw malformed("the connection ended within a line");
            }
            if (--headBytesLeft < 0) {
                throw new FetchException(
                        FailureCode.TOO_LARGE, "header fields of more than " + MAX_HEAD_BYTES + " bytes");
            }
            if (next == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(next);
        }
    }

    private static FetchException malformed(String what) {
        return new FetchException(FailureCode.RESPONSE_MALFORMED, what);
    }
}
