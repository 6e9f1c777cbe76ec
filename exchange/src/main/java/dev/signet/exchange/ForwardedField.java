// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.core.InvalidMessageException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads a Forwarded field (RFC 7239, 4), all of it, and keeps the last element: the nearest proxy's word. */
final class ForwardedField {
    private final String text;
    private int at;

    private ForwardedField(String text) {
        this.text = text;
    }

    /** The last element's parameters, names in lower case; empty if the field is absent. */
    static Map<String, String> last(List<String> lines) {
        Map<String, String> last = Map.of();
        for (String line : lines) {
            // Read from the left, a quote that a client left open swallows what the proxy added and ends in an error.
            last = new ForwardedField(line).lastElement();
        }
        return last;
    }

    private Map<String, String> lastElement() {
        Map<String, String> element = element();
        while (at < text.length()) {
            expect(',');
            element = element();
        }
        return element;
    }

    private Map<String, String> element() {
        Map<String, String> pairs = new HashMap<>();
        skipBlanks();
        while (at < text.length() && text.charAt(at) != ',') {
            if (text.charAt(at) != ';') {
                String name = token().toLowerCase(Locale.ROOT);
                expect('=');
                String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
                if (pairs.put(name, value) != null) {
                    throw malformed("a parameter comes twice in an element");
                }
                skipBlanks();
            }
            if (at < text.length() && text.charAt(at) != ',') {
                expect(';');
                skipBlanks();
            }
        }
        if (pairs.isEmpty()) {
            throw malformed("an element is empty");
        }
        return pairs;
    }

    private String token() {
        int start = at;
        while (at < text.length() && isTokenChar(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw malformed("a token is missing");
        }
        return text.substring(start, at);
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                at++;
            }
            if (at < text.length()) {
                value.append(text.charAt(at++));
            }
        }
        expect('"');
        return value.toString();
    }

    private void expect(char c) {
        if (at >= text.length() || text.charAt(at) != c) {
            throw malformed("'" + c + "' is missing");
        }
        at++;
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private InvalidMessageException malformed(String what) {
        return InvalidMessageException.malformed("field forwarded: " + what + " at character " + at);
    }

    // RFC 9110, 5.6.2
    private static boolean isTokenChar(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
