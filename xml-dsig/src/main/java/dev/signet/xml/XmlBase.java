// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Joins {@code xml:base} values (Canonical XML 1.1, 2.4 and appendix A; RFC 3986, 5.2, with the changes named there). */
final class XmlBase {
    private XmlBase() {}

    /** What {@code reference} means where {@code base} holds; either may be relative. */
    static String join(String base, String reference) {
        Uri b = Uri.parse(base.endsWith("..") ? base + "/" : base);
        Uri r = Uri.parse(reference);
        Uri t = new Uri();
        if (r.scheme != null && !r.scheme.equals(b.scheme)) {
            t.scheme = r.scheme;
            t.authority = r.authority;
            t.path = removeDots(r.path);
            t.query = r.query;
            return t.toString();
        }
        t.scheme = b.scheme;
        if (r.authority != null) {
            t.authority = r.authority;
            t.path = removeDots(r.path);
            t.query = r.query;
            return t.toString();
        }
        t.authority = b.authority;
        if (r.path.isEmpty()) {
            t.path = b.path;
            t.query = r.query != null ? r.query : b.query;
        } else {
            t.path = removeDots(r.path.startsWith("/") ? r.path : merge(b, r.path));
            t.query = r.query;
        }
        return t.toString();
    }

    /** RFC 3986, 5.2.3; a base may be relative here. */
    private static String merge(Uri base, String path) {
        return base.authority != null && base.path.isEmpty()
                ? "/" + path
                : base.path.substring(0, base.path.lastIndexOf('/') + 1) + path;
    }

    /** RFC 3986, 5.2.4; leading {@code ..} of a relative path stay, a trailing one gets a slash, and slashes collapse. */
    private static String removeDots(String path) {
        boolean absolute = path.startsWith("/");
        List<String> kept = new ArrayList<>();
        boolean directory = false;
        for (String segment : path.split("/", -1)) {
            directory = segment.isEmpty() || segment.equals(".") || segment.equals("..");
            if (segment.isEmpty() || segment.equals(".")) {
                continue;
            }
            if (!segment.equals("..")) {
                kept.add(segment);
            } else if (!kept.isEmpty() && !kept.get(kept.size() - 1).equals("..")) {
                kept.remove(kept.size() - 1);
            } else if (!absolute) {
                kept.add(segment);
            }
        }
        String joined = String.join("/", kept);
        return (absolute ? "/" : "") + joined + (directory && !joined.isEmpty() ? "/" : "");
    }

    /** The parts of a URI reference but its fragment (RFC 3986, appendix B). */
    private static final class Uri {
        @Nullable
        String scheme;

        @Nullable
        String authority;

        String path = "";

        @Nullable
        String query;

        static Uri parse(String text) {
            Uri uri = new Uri();
            int fragment = text.indexOf('#');
            String rest = fragment < 0 ? text : text.substring(0, fragment);
            int query = rest.indexOf('?');
            if (query >= 0) {
                uri.query = rest.substring(query + 1);
                rest = rest.substring(0, query);
            }
            int colon = rest.indexOf(':');
            int slash = rest.indexOf('/');
            if (colon > 0 && (slash < 0 || colon < slash)) {
                uri.scheme = rest.substring(0, colon);
                rest = rest.substring(colon + 1);
            }
            if (rest.startsWith("//")) {
                int end = rest.indexOf('/', 2);
                uri.authority = end < 0 ? rest.substring(2) : rest.substring(2, end);
                rest = end < 0 ? "" : rest.substring(end);
            }
            uri.path = rest;
            return uri;
        }

        @Override
        public String toString() {
            return (scheme == null ? "" : scheme + ":")
                    + (authority == null ? "" : "//" + authority)
                    + path
                    + (query == null ? "" : "?" + query);
        }
    }
}
