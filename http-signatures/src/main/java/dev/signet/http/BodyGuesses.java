// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.VerificationException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Finds out what was done to a body, by trying which one its digest is of. */
final class BodyGuesses {
    private static final int MAX_BYTES = 16 << 20;
    private static final Set<String> CODINGS = Set.of("gzip", "x-gzip", "deflate", "br", "zstd", "compress");
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final ContentDigest digest;
    private final byte[] body;
    private @Nullable String found;

    private BodyGuesses(ContentDigest digest, byte[] body) {
        this.digest = digest;
        this.body = body;
    }

    /**
     * What was done to a body that does not match its digest.
     *
     * @param digest the one that was signed
     */
    static String cause(ContentDigest digest, byte[] body, HttpMessage message) {
        String coding = coding(message);
        if (body.length == 0) {
            return "the body is gone: there is none here";
        }
        BodyGuesses guesses = new BodyGuesses(digest, body);
        guesses.compression(coding);
        guesses.lineBreaks();
        guesses.text();
        if (guesses.found != null) {
            return guesses.found;
        }
        return "the body was changed after it was signed, and by more than line breaks, blanks, a byte order mark, a "
                + "character set or the layout of JSON"
                + (coding.isEmpty()
                        ? ""
                        : "; its Content-Encoding says " + coding
                                + (coding.equals("gzip") || coding.equals("x-gzip") || coding.equals("deflate")
                                        ? ", but what is inside is not what was signed either"
                                        : ", which cannot be undone here: it may have been compressed after it was signed"));
    }

    private void compression(String coding) {
        String cause = coding.isEmpty()
                ? "the body was compressed after it was signed"
                : "the body was compressed after it was signed (its Content-Encoding says " + coding + ")";
        if (body.length > 2 && (body[0] & 0xff) == 0x1f && (body[1] & 0xff) == 0x8b) {
            attempt(inflated(0), cause);
        } else if (coding.equals("deflate")) {
            // RFC 9110, 8.4.1.2: zlib's format; some send the bare one.
            attempt(inflated(1), cause);
            attempt(inflated(2), cause);
        }
    }

    private void lineBreaks() {
        String added = "line breaks were added at the end of the body";
        int end = body.length;
        while (end > 0 && (body[end - 1] == '\n' || body[end - 1] == '\r')) {
            end--;
            attempt(Arrays.copyOf(body, end), added);
            if (body.length - end > 4) {
                break;
            }
        }
        for (String more : List.of("\n", "\r\n")) {
            attempt(with(body, more), "a line break at the end of the body was taken away");
        }
        String text = latin1(body);
        String lf = text.replace("\r\n", "\n");
        String changed = "the line breaks of the body were changed (LF, CRLF)";
        attempt(bytes(lf), changed);
        attempt(bytes(lf.replace("\n", "\r\n")), changed);
    }

    private void text() {
        if (startsWithMark()) {
            attempt(Arrays.copyOfRange(body, MARK.length, body.length), "a byte order mark was added to the body");
        } else {
            byte[] marked = Arrays.copyOf(MARK, MARK.length + body.length);
            System.arraycopy(body, 0, marked, MARK.length, body.length);
            attempt(marked, "a byte order mark was taken from the body");
        }
        attempt(bytes(latin1(body).strip()), "blanks were added around the body");
        String charset = "the body's character set was changed (ISO-8859-1, UTF-8)";
        attempt(latin1(body).getBytes(StandardCharsets.UTF_8), charset);
        attempt(new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.ISO_8859_1), charset);
        attempt(compactJson(), "the JSON of the body was laid out anew, with blanks and line breaks");
    }

    private void attempt(byte @Nullable [] guess, String cause) {
        if (found != null || guess == null) {
            return;
        }
        try {
            digest.verify(guess);
            found = cause;
        } catch (VerificationException e) {
            // Not that.
        }
    }

    /** @param form 0 for gzip, 1 for zlib, 2 for bare deflate */
    private byte @Nullable [] inflated(int form) {
        Inflater bare = new Inflater(true);
        try (InputStream in = form == 0
                ? new GZIPInputStream(new ByteArrayInputStream(body))
                : form == 1
                        ? new InflaterInputStream(new ByteArrayInputStream(body))
                        : new InflaterInputStream(new ByteArrayInputStream(body), bare)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            return content.length > MAX_BYTES ? null : content;
        } catch (IOException e) {
            return null;
        } finally {
            bare.end();
        }
    }

    /** Without the blanks between tokens; what is no JSON becomes something that nobody signed. */
    private byte[] compactJson() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length);
        boolean inString = false;
        for (int i = 0; i < body.length; i++) {
            byte b = body[i];
            if (inString && b == '\\' && i + 1 < body.length) {
                out.write(b);
                b = body[++i];
            } else if (b == '"') {
                inString = !inString;
            } else if (!inString && (b == ' ' || b == '\t' || b == '\n' || b == '\r')) {
                continue;
            }
            out.write(b);
        }
        return out.toByteArray();
    }

    private boolean startsWithMark() {
        return body.length >= MARK.length && Arrays.mismatch(body, 0, MARK.length, MARK, 0, MARK.length) < 0;
    }

    /** A coding by its registered name; another one by none, since messages do not show values. */
    private static String coding(HttpMessage message) {
        String value =
                String.join(",", message.fieldValues("content-encoding")).trim().toLowerCase(Locale.ROOT);
        return value.isEmpty() || value.equals("identity") ? "" : CODINGS.contains(value) ? value : "something else";
    }

    private static byte[] with(byte[] start, String end) {
        byte[] whole = Arrays.copyOf(start, start.length + end.length());
        System.arraycopy(bytes(end), 0, whole, start.length, end.length());
        return whole;
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
