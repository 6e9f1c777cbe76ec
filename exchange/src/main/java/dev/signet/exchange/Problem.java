// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.http.AcceptSignature;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answer to a message that was refused: a problem document (RFC 9457) with its status and fields.
 *
 * <p><b>Security properties.</b> It holds codes and the names of fields, components and parameters, and no values. Of a key
 * source that is down it says nothing but that. It forbids caching. Immutable.
 */
public final class Problem {
    private static final String TYPE = "urn:signet:problem:";
    private static final int MAX_DETAIL = 300;
    /** Seconds, where nobody knows when there will be room. */
    private static final long RATE_WAIT = 30;

    private static final long UNAVAILABLE_WAIT = 5;

    private final int status;
    private final String code;
    private final String title;
    private final String detail;
    /** In seconds; 0 if there is nothing to wait for. */
    private final long retryAfter;

    private final List<AcceptSignature> acceptSignature;

    private Problem(
            int status,
            String code,
            String title,
            String detail,
            long retryAfter,
            List<AcceptSignature> acceptSignature) {
        this.status = status;
        this.code = code;
        this.title = title;
        this.detail = detail.length() > MAX_DETAIL ? detail.substring(0, MAX_DETAIL) : detail;
        this.retryAfter = retryAfter;
        this.acceptSignature = acceptSignature;
    }

    /**
     * The answer to a refusal: 400 if the message is malformed, 413 if it is too large, 401 if it must not be trusted; 403 if
     * it is trusted and its sender has no right to what it asks, 429 if a rate or quota is used up; 503 if no verdict can be
     * had. The last two say how long to wait.
     */
    public static Problem of(MessageSecurityException reason) {
        String message = String.valueOf(reason.getMessage());
        if (reason instanceof InvalidMessageException invalid) {
            return invalid.isTooLarge()
                    ? of(413, reason, "the message is over a limit", message)
                    : of(400, reason, "the message is malformed", message);
        }
        if (reason instanceof VerificationException refused) {
            return switch (refused.reason()) {
                // Who is who was settled: another signature would change nothing.
                case PURPOSE_NOT_ALLOWED -> of(403, reason, refused.reason().description(), message);
                case RATE_EXCEEDED, REPLAY_QUOTA_EXCEEDED ->
                    new Problem(
                            429,
                            reason.code(),
                            refused.reason().description(),
                            message,
                            refused.retryAfter().map(Problem::seconds).orElse(RATE_WAIT),
                            List.of());
                default -> of(401, reason, refused.reason().description(), message);
            };
        }
        if (reason instanceof DecryptionException) {
            return of(400, reason, message, message);
        }
        if (reason instanceof UnavailableException) {
            // Its message names what stands behind this server.
            return new Problem(
                    503,
                    reason.code(),
                    "the message cannot be verified at present",
                    "try again later",
                    UNAVAILABLE_WAIT,
                    List.of());
        }
        throw new IllegalArgumentException("a kind of refusal that has no status", reason);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** A URI for this kind of problem. It never changes and leads nowhere. */
    public String type() {
        return TYPE + code;
    }

    /** The {@link MessageSecurityException#code()}. */
    public String code() {
        return code;
    }

    /** The kind of problem in words. */
    public String title() {
        return title;
    }

    /** This problem in words, with names of fields and components. */
    public String detail() {
        return detail;
    }

    /** The response's fields, names in lower case; the length is not among them. */
    public Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("content-type", "application/problem+json");
        fields.put("cache-control", "no-store");
        if (status == 401) {
            // RFC 9110, 15.5.2: a 401 names a scheme; RFC 9421 says by a field of its own what to sign.
            fields.put("www-authenticate", "Signature");
            if (!acceptSignature.isEmpty()) {
                fields.put("accept-signature", AcceptSignature.fieldValue(acceptSignature));
            }
        }
        if (retryAfter > 0) {
            fields.put("retry-after", Long.toString(retryAfter));
        }
        return fields;
    }

    /** The document, in ASCII. */
    public byte[] toJson() {
        StringBuilder json = new StringBuilder(256).append('{');
        append(json, "type", type());
        append(json.append(','), "title", title);
        json.append(",\"status\":").append(status);
        append(json.append(','), "code", code);
        append(json.append(','), "detail", detail);
        return json.append('}').toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "Problem[" + status + " " + code + "]";
    }

    Problem withAcceptSignature(List<AcceptSignature> wanted) {
        return new Problem(status, code, title, detail, retryAfter, List.copyOf(wanted));
    }

    private static Problem of(int status, MessageSecurityException reason, String title, String detail) {
        return new Problem(status, reason.code(), title, detail, 0, List.of());
    }

    /** Rounded up, so that nobody comes too early, at least one (RFC 9110, 10.2.3) and at most a day's. */
    private static long seconds(Duration wait) {
        long whole = Math.min(wait.getSeconds(), 86_400);
        return Math.max(1, wait.getNano() > 0 ? whole + 1 : whole);
    }

    private static void append(StringBuilder json, String name, String value) {
        json.append('"').append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c > '~' || c == '<' || c == '>' || c == '&') {
                // Beyond what JSON demands: a browser that guesses at types must find no markup.
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
