// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.http;

import dev.signet.cli.shell.Failure;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.SignatureFields;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 message as a file holds it (RFC 9112), with lines that end in CRLF or LF. What two parties could read in two
 * ways is refused.
 */
public final class RawMessage {
    private static final Pattern REQUEST_LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\\x21-\\x7e]+) HTTP/[0-9](?:\\.[0-9])?");
    private static final Pattern STATUS_LINE =
            Pattern.compile("HTTP/[0-9](?:\\.[0-9])? ([1-5][0-9]{2})(?: [\\t\\x20-\\x7e\\x80-\\xff]*)?");
    private static final Pattern FIELD_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Map<String, String> USUAL_CASE =
            Map.of("content-digest", "Content-Digest", "signature-input", "Signature-Input", "signature", "Signature");

    /** A field line; a folded one is unfolded (RFC 9112, 5.2). */
    private record Field(String name, String value) {}

    private final byte[] bytes;
    private final List<Field> fields = new ArrayList<>();
    private final List<Field> trailers = new ArrayList<>();
    private String method = "";
    private String target = "";
    private int status;
    private int fieldsEnd;
    private byte[] body = new byte[0];
    private boolean allowUndeclaredBody;
    private int surplus;

    private int position;
    private int line;

    private RawMessage(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads a message. Its body ends by Content-Length, by its chunks, or at the end of the bytes.
     *
     * @param answersHead whether this is the response to a HEAD request, which declares a body and has none
     * @throws Failure naming the line and the rule that is broken
     */
    static RawMessage parse(byte[] bytes, boolean answersHead) {
        return parse(bytes, answersHead, false);
    }

    /** @param allowUndeclaredBody whether what follows a request that declares no body is its body, against RFC 9112, 6.3 */
    static RawMessage parse(byte[] bytes, boolean answersHead, boolean allowUndeclaredBody) {
        RawMessage message = new RawMessage(bytes);
        message.allowUndeclaredBody = allowUndeclaredBody;
        message.readStartLine();
        message.fieldsEnd = message.readFields(message.fields);
        message.readBody(answersHead);
        return message;
    }

    boolean isRequest() {
        return status == 0;
    }

    String method() {
        return method;
    }

    byte[] body() {
        return body.clone();
    }

    /** The number of bytes of line breaks behind the message, which are not its. */
    int surplus() {
        return surplus;
    }

    /**
     * The message as the library sees it.
     *
     * @param scheme of the target URI, which the message does not tell
     * @param request that this response answers
     */
    HttpMessage message(String scheme, @Nullable HttpMessage request) {
        HttpMessageBuilder builder = isRequest()
                ? HttpMessage.request(method)
                        .scheme(scheme)
                        .authority(host().orElse(""))
                        .target(target)
                : HttpMessage.response(status);
        fields.forEach(field -> builder.field(field.name(), field.value()));
        trailers.forEach(field -> builder.trailer(field.name(), field.value()));
        if (request != null) {
            builder.answering(request);
        }
        return builder.build();
    }

    /** The message's bytes with the fields of a signature after its own. */
    byte[] with(SignatureFields signature) {
        int firstEnd = 0;
        while (firstEnd < bytes.length && bytes[firstEnd] != '\n') {
            firstEnd++;
        }
        boolean crlf = firstEnd > 0 && firstEnd < bytes.length && bytes[firstEnd - 1] == '\r';
        String end = crlf ? "\r\n" : "\n";
        StringBuilder added = new StringBuilder();
        if (fieldsEnd > 0 && bytes[fieldsEnd - 1] != '\n') {
            added.append(end);
        }
        signature.forEach((name, value) ->
                added.append(usualCase(name)).append(": ").append(value).append(end));
        if (fieldsEnd == bytes.length) {
            added.append(end);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, fieldsEnd);
        out.writeBytes(added.toString().getBytes(StandardCharsets.US_ASCII));
        out.write(bytes, fieldsEnd, bytes.length - fieldsEnd);
        return out.toByteArray();
    }

    /** A field name as HTTP/1.1 messages usually write it. */
    public static String usualCase(String name) {
        return USUAL_CASE.getOrDefault(name, name);
    }

    // ---- start line and fields -------------------------------------------------------------------------------------

    private void readStartLine() {
        String text = readLine();
        if (text == null || text.isEmpty()) {
            throw malformed("no request line or status line");
        }
        Matcher request = REQUEST_LINE.matcher(text);
        if (request.matches()) {
            method = request.group(1);
            target = request.group(2);
            return;
        }
        Matcher response = STATUS_LINE.matcher(text);
        if (!response.matches()) {
            throw malformed("neither a request line (GET /path HTTP/1.1) nor a status line (HTTP/1.1 200 OK)");
        }
        status = Integer.parseInt(response.group(1));
    }

    /** Reads up to and with the empty line; gives the place where that begins, or the end of the bytes. */
    private int readFields(List<Field> into) {
        while (true) {
            int start = position;
            String text = readLine();
            if (text == null || text.isEmpty()) {
                return start;
            }
            if (text.charAt(0) == ' ' || text.charAt(0) == '\t') {
                fold(into, text);
                continue;
            }
            int colon = text.indexOf(':');
            if (colon < 0) {
                throw malformed("a field line without a colon");
            }
            String name = text.substring(0, colon);
            // RFC 9112, 5.1: white space before the colon has led to smuggling.
            if (!FIELD_NAME.matcher(name).matches()) {
                throw malformed("not a field name before the colon");
            }
            into.add(new Field(name.toLowerCase(Locale.ROOT), checked(text.substring(colon + 1))));
        }
    }

    private void fold(List<Field> into, String text) {
        if (into.isEmpty()) {
            throw malformed("white space before the first field");
        }
        Field last = into.remove(into.size() - 1);
        String more = checked(text);
        // RFC 9112, 5.2: a line break that folds is blanks.
        into.add(new Field(
                last.name(),
                last.value().isEmpty() || more.isEmpty() ? last.value() + more : last.value() + " " + more));
    }

    private String checked(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw malformed("a control character in a field value");
            }
        }
        int start = 0;
        int end = value.length();
        while (start < end && isBlank(value.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(start, end);
    }

    private Optional<String> host() {
        List<String> hosts = values(fields, "host");
        if (hosts.size() > 1) {
            throw Failure.input("the message has " + hosts.size() + " Host fields (RFC 9112, 3.2)");
        }
        return hosts.stream().findFirst();
    }

    // ---- body ------------------------------------------------------------------------------------------------------

    private void readBody(boolean answersHead) {
        List<String> lengths = values(fields, "content-length");
        List<String> codings = values(fields, "transfer-encoding");
        if (!lengths.isEmpty() && !codings.isEmpty()) {
            throw Failure.input("the message has Content-Length and Transfer-Encoding (RFC 9112, 6.3)");
        }
        if (answersHead || (status >= 100 && status < 200) || status == 204 || status == 304) {
            requireEnd();
        } else if (!codings.isEmpty()) {
            if (codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
                throw Failure.input("no transfer coding but chunked is understood");
            }
            body = readChunks();
            requireEnd();
        } else if (!lengths.isEmpty()) {
            body = take(contentLength(lengths), "the body");
            requireEnd();
        } else if (isRequest() && !allowUndeclaredBody) {
            // RFC 9112, 6.3, step 7: it has no body, and a server takes what follows for the next request.
            requireEnd(" (RFC 9112, 6.3: a request without Content-Length and Transfer-Encoding has no body)");
        } else {
            body = take(bytes.length - position, "the body");
        }
    }

    private static long contentLength(List<String> lengths) {
        if (lengths.size() > 1) {
            throw Failure.input("the message has " + lengths.size() + " Content-Length fields (RFC 9112, 6.3)");
        }
        if (!lengths.get(0).matches("[0-9]{1,18}")) {
            throw Failure.input("Content-Length is no number");
        }
        return Long.parseLong(lengths.get(0));
    }

    /** RFC 9112, 7.1. */
    private byte[] readChunks() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (true) {
            String text = readLine();
            if (text == null) {
                throw malformed("the last chunk is missing");
            }
            int semicolon = text.indexOf(';');
            String size = (semicolon < 0 ? text : text.substring(0, semicolon)).strip();
            if (!size.matches("[0-9A-Fa-f]{1,8}")) {
                throw malformed("not the size of a chunk");
            }
            long length = Long.parseLong(size, 16);
            if (length == 0) {
                readFields(trailers);
                return out.toByteArray();
            }
            out.writeBytes(take(length, "a chunk"));
            String end = readLine();
            if (end == null || !end.isEmpty()) {
                throw malformed("a chunk is longer than it says");
            }
        }
    }

    private byte[] take(long length, String what) {
        int present = bytes.length - position;
        if (length > present) {
            throw Failure.input(what + " has " + present + " of " + length + " bytes");
        }
        byte[] taken = Arrays.copyOfRange(bytes, position, position + (int) length);
        position += (int) length;
        return taken;
    }

    /** Editors end a file with a line break, which is not the body's. */
    private void requireEnd(String rule) {
        for (int i = position; i < bytes.length; i++) {
            if (bytes[i] != '\r' && bytes[i] != '\n') {
                throw Failure.input((bytes.length - position) + " bytes follow the end of the message" + rule);
            }
        }
        surplus = bytes.length - position;
    }

    private void requireEnd() {
        requireEnd("");
    }

    // ---- lines -----------------------------------------------------------------------------------------------------

    /** The next line without its end, or null if there is none. */
    private @Nullable String readLine() {
        line++;
        if (position == bytes.length) {
            return null;
        }
        int end = position;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        int next = Math.min(bytes.length, end + 1);
        int textEnd = end < bytes.length && end > position && bytes[end - 1] == '\r' ? end - 1 : end;
        String text = new String(bytes, position, textEnd - position, StandardCharsets.ISO_8859_1);
        if (text.indexOf('\r') >= 0) {
            throw malformed("a CR that ends no line (RFC 9112, 2.2)");
        }
        position = next;
        return text;
    }

    private Failure malformed(String what) {
        return Failure.input("line " + line + ": " + what);
    }

    private static List<String> values(List<Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Field::value)
                .toList();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
