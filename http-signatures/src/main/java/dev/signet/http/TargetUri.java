// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a request's target URI, each in the one form that signatures use (RFC 9421, 2.2.2 to 2.2.7), whichever form
 * its request target has (RFC 9112, 3.2). Immutable.
 */
public final class TargetUri {
    /** RFC 3986, 3.2.2 and 3.2.3, without percent-encoding, which no host of HTTP needs. */
    private static final boolean[] HOST_CHARACTERS = hostCharacters();

    private final String scheme;
    private final String authority;
    private final String path;
    private final @Nullable String query;

    private TargetUri(String scheme, String authority, String path, @Nullable String query) {
        this.scheme = scheme;
        this.authority = authority;
        this.path = path;
        this.query = query;
    }

    /**
     * The target URI that a request names. Nothing of it is verified.
     *
     * @throws InvalidMessageException if its request target or authority is malformed
     */
    public static TargetUri of(HttpMessage request) {
        String target = request.requestTarget();
        checkTarget(target);
        String scheme = request.scheme().toLowerCase(Locale.ROOT);
        String authority = request.authority();
        if (target.startsWith("/")) {
            return split(scheme, authority, target);
        }
        if (target.equals("*")) {
            // RFC 9112, 3.2.4: the target URI of the asterisk form has neither path nor query.
            return new TargetUri(scheme, normalize(scheme, authority), "", null);
        }
        if (request.method().equals("CONNECT")) {
            return new TargetUri(scheme, normalize(scheme, target), "", null);
        }
        // RFC 9112, 3.2.2: the absolute form is the target URI, and its host wins over the Host field.
        int schemeEnd = target.indexOf("://");
        if (schemeEnd <= 0) {
            throw InvalidMessageException.malformed("the request target has none of the forms of RFC 9112, 3.2");
        }
        int start = schemeEnd + 3;
        int end = start;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        return split(
                target.substring(0, schemeEnd).toLowerCase(Locale.ROOT),
                target.substring(start, end),
                target.substring(end));
    }

    /** In lower case. */
    public String scheme() {
        return scheme;
    }

    /** Host and optional port, in lower case, without the scheme's default port; empty if the request has none. */
    public String authority() {
        return authority;
    }

    String requireAuthority() {
        if (authority.isEmpty()) {
            throw new ComponentException("the request has no authority");
        }
        return authority;
    }

    /** The path, as it came, a slash if it is empty. */
    public String path() {
        return path.isEmpty() ? "/" : path;
    }

    /** The query as it came, without its question mark; empty if there is none. */
    public Optional<String> query() {
        return Optional.ofNullable(query);
    }

    @Nullable
    String rawQuery() {
        return query;
    }

    private static TargetUri split(String scheme, String authority, String target) {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? null : target.substring(question + 1);
        return new TargetUri(scheme, normalize(scheme, authority), path.isEmpty() ? "/" : path, query);
    }

    /**
     * All of it, as the {@code @target-uri} component has it (RFC 9421, 2.2.2); without a host if the request names none.
     */
    public String value() {
        return scheme + "://" + authority + path + (query == null ? "" : "?" + query);
    }

    void appendTo(AsciiBuffer out) {
        out.append(scheme).append("://").append(requireAuthority()).append(path);
        if (query != null) {
            out.append('?').append(query);
        }
    }

    /** Lower case, without the scheme's default port (RFC 9110, 4.2.3). */
    private static String normalize(String scheme, String authority) {
        for (int i = 0; i < authority.length(); i++) {
            char c = authority.charAt(i);
            if (c >= HOST_CHARACTERS.length || !HOST_CHARACTERS[c]) {
                throw InvalidMessageException.malformed("the authority has a character that no host has");
            }
        }
        String lower = authority.toLowerCase(Locale.ROOT);
        int colon = lower.lastIndexOf(':');
        if (colon < 0 || colon < lower.lastIndexOf(']')) {
            return lower;
        }
        String port = lower.substring(colon + 1);
        for (int i = 0; i < port.length(); i++) {
            if (port.charAt(i) < '0' || port.charAt(i) > '9') {
                throw InvalidMessageException.malformed("the authority has a port that is no number");
            }
        }
        boolean isDefault = port.isEmpty()
                || (scheme.equals("https") && port.equals("443"))
                || (scheme.equals("http") && port.equals("80"));
        return isDefault ? lower.substring(0, colon) : lower;
    }

    private static boolean[] hostCharacters() {
        boolean[] allowed = new boolean[0x7f];
        for (char c = '!'; c < 0x7f; c++) {
            allowed[c] = "\"#%/<>?@\\^`{|}".indexOf(c) < 0;
        }
        return allowed;
    }

    private static void checkTarget(String target) {
        if (target.isEmpty()) {
            throw InvalidMessageException.malformed("the request target is empty");
        }
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                throw InvalidMessageException.malformed("the request target has a character that no URI has");
            }
        }
    }

    /** The scheme only. */
    @Override
    public String toString() {
        return "TargetUri[" + scheme + "]";
    }
}
