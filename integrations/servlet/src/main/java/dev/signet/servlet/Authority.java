// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import dev.signet.core.InvalidMessageException;
import java.util.Locale;

/**
 * The host and port of a request.
 *
 * @param text as it was received
 * @param host in lower case, an IPv6 address in brackets
 * @param port -1 for the scheme's usual one
 */
record Authority(String text, String host, int port) {
    /**
     * Reads {@code host:port}.
     *
     * @throws InvalidMessageException if the port is none
     */
    static Authority parse(String authority) {
        String text = authority.strip();
        int colon = text.lastIndexOf(':');
        if (colon < 0 || colon < text.lastIndexOf(']')) {
            return new Authority(text, text.toLowerCase(Locale.ROOT), -1);
        }
        String digits = text.substring(colon + 1);
        boolean isPort = digits.length() <= 5;
        for (int i = 0; i < digits.length(); i++) {
            isPort &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        if (!isPort) {
            throw InvalidMessageException.malformed("the authority has a port that is no number");
        }
        int port = digits.isEmpty() ? -1 : Integer.parseInt(digits);
        return new Authority(text, text.substring(0, colon).toLowerCase(Locale.ROOT), port);
    }

    /** Puts together what a container tells apart; some leave out the brackets of an IPv6 address. */
    static Authority of(String name, int port) {
        String host = name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
        return new Authority(port > 0 ? host + ":" + port : host, host.toLowerCase(Locale.ROOT), port > 0 ? port : -1);
    }

    int portOr(String scheme) {
        return port >= 0 ? port : scheme.equals("https") ? 443 : 80;
    }

    boolean isSameAs(Authority other, String scheme) {
        return host.equals(other.host) && portOr(scheme) == other.portOr(scheme);
    }
}
