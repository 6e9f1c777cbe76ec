// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.core.InvalidMessageException;
import dev.signet.http.HttpMessage;
import dev.signet.http.TargetUri;
import java.net.URI;
import java.util.Locale;

/** Scheme and authority, in the form that signatures use. */
record Origin(String scheme, String authority) {
    /**
     * The origin of these parts.
     *
     * @throws InvalidMessageException if the authority is none
     */
    static Origin of(String scheme, String host) {
        return of(HttpMessage.request("GET")
                .scheme(scheme)
                .authority(host)
                .target("/")
                .build());
    }

    /**
     * Where a request goes.
     *
     * @throws InvalidMessageException if its target is malformed
     */
    static Origin of(HttpMessage request) {
        TargetUri uri = TargetUri.of(request);
        return new Origin(uri.scheme(), uri.authority());
    }

    /**
     * An origin that somebody has written down, such as {@code https://api.example.com}.
     *
     * @throws IllegalArgumentException if the URI is not absolute http or https, or has more than scheme, host and port
     */
    static Origin of(URI origin) {
        String scheme = origin.getScheme() == null ? "" : origin.getScheme().toLowerCase(Locale.ROOT);
        String path = origin.getRawPath();
        boolean isOrigin = (scheme.equals("http") || scheme.equals("https"))
                && origin.getRawAuthority() != null
                && (path == null || path.isEmpty() || path.equals("/"))
                && origin.getRawQuery() == null
                && origin.getRawFragment() == null;
        if (!isOrigin) {
            throw new IllegalArgumentException("an origin such as https://api.example.com is needed");
        }
        try {
            return of(scheme, origin.getRawAuthority());
        } catch (InvalidMessageException e) {
            throw new IllegalArgumentException("the origin's authority is none: " + e.getMessage(), e);
        }
    }
}
