// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The target of a request as DPoP compares it: without query and fragment, in one spelling (RFC 9449, 4.3). */
final class DpopTarget {
    private static final String UNRESERVED_MARKS = "-._~";

    private DpopTarget() {}

    /**
     * Normalized by syntax and scheme (RFC 3986, 6.2.2 and 6.2.3).
     *
     * @throws IllegalArgumentException if the URI is not absolute or names no host
     */
    static String of(URI uri) {
        if (uri.getScheme() == null || uri.getHost() == null) {
            throw new IllegalArgumentException("the target is an absolute URI");
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int port = uri.getPort();
        boolean usual = port < 0 || (scheme.equals("https") && port == 443) || (scheme.equals("http") && port == 80);
        String authority = uri.getHost().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port);
        return scheme + "://" + authority + withoutDots(withoutNeedlessEscapes(uri.getRawPath()));
    }

    /** RFC 3986, 6.2.2.1 and 6.2.2.2: escapes in upper case, and none for what needs none. */
    private static String withoutNeedlessEscapes(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder text = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '%') {
                text.append(c);
                continue;
            }
            // URI lets only whole escapes through.
            String digits = path.substring(i + 1, i + 3);
            char escaped = (char) Integer.parseInt(digits, 16);
            if (isUnreserved(escaped)) {
                text.append(escaped);
            } else {
                text.append('%').append(digits.toUpperCase(Locale.ROOT));
            }
            i += 2;
        }
        return text.toString();
    }

    /** RFC 3986, 5.2.4, for a path that is empty or starts with a slash; empty segments stay, as they mean something. */
    private static String withoutDots(String path) {
        if (path.isEmpty()) {
            return "/";
        }
        if (!path.contains("/.")) {
            return path;
        }
        List<String> kept = new ArrayList<>();
        String[] segments = path.split("/", -1);
        for (int i = 1; i < segments.length; i++) {
            boolean up = segments[i].equals("..");
            if (up && !kept.isEmpty()) {
                kept.remove(kept.size() - 1);
            }
            if (!up && !segments[i].equals(".")) {
                kept.add(segments[i]);
            } else if (i == segments.length - 1) {
                kept.add("");
            }
        }
        return "/" + String.join("/", kept);
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || UNRESERVED_MARKS.indexOf(c) >= 0;
    }
}
