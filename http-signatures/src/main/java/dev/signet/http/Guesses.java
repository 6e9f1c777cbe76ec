// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What proxies and frameworks do to the parts of a message, backwards: from the value here to values that were signed. */
final class Guesses {
    private static final String HOST = "a proxy rewrote the host; set the public origin at the verifier";
    private static final String PORT = "one side wrote the port and the other did not";
    private static final String SCHEME =
            "TLS ends in front of this server, which sees plain HTTP; set the public origin";
    private static final String ENCODING = "the path or query was decoded or encoded again on the way";
    private static final String PREFIX = "a proxy added or removed a part of the path";

    private Guesses() {}

    static void derived(Map<String, String> guesses, Component component, String here, HttpMessage request) {
        switch (component.name()) {
            case "@method" -> {
                guesses.put(here.toUpperCase(Locale.ROOT), "the method's case was changed");
                guesses.put(here.toLowerCase(Locale.ROOT), "the method's case was changed; methods are case-sensitive");
                for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")) {
                    guesses.put(method, "the method was changed, by an override or a redirect");
                }
            }
            case "@scheme" -> {
                guesses.put("https", SCHEME);
                guesses.put("http", "the signer used plain HTTP");
            }
            case "@authority" -> authorities(guesses, here, request);
            case "@target-uri" -> targetUris(guesses, here, request);
            case "@path" -> paths(guesses, here, request);
            case "@query" -> queries(guesses, here);
            case "@request-target" -> {
                int question = here.indexOf('?');
                String path = question < 0 ? here : here.substring(0, question);
                String query = question < 0 ? "" : here.substring(question);
                Map<String, String> changed = new LinkedHashMap<>();
                paths(changed, path, request);
                changed.forEach((value, cause) -> guesses.put(value + query, cause));
                changed.clear();
                queries(changed, query.isEmpty() ? "?" : query);
                changed.forEach((value, cause) -> guesses.put(path + (value.equals("?") ? "" : value), cause));
            }
            default -> {
                guesses.put(here.replace("%20", "+"), "a space was written as + and is %20 in a signature");
                guesses.put(decoded(here), "the signer did not percent-encode the parameter");
            }
        }
    }

    static void field(Map<String, String> guesses, Component component, String here, HttpMessage message, byte[] body) {
        String folded = "the field's lines or white space were re-written on the way";
        guesses.put(here.replace(", ", ","), folded);
        guesses.put(here.replaceAll(",(?! )", ", "), folded);
        guesses.put(here.replaceAll("[ \t]+", " "), folded);
        guesses.put(here.replace("; ", ";"), folded);
        guesses.put(here.replaceAll(";(?! )", "; "), folded);
        guesses.put(here.toLowerCase(Locale.ROOT), "the value's case was changed");
        List<String> lines = message.fieldValues(component.name());
        if (lines.size() > 1) {
            guesses.put(lines.get(0).trim(), "a second line of the field was added on the way");
            guesses.put(lines.get(lines.size() - 1).trim(), "a first line of the field was added on the way");
        }
        switch (component.name()) {
            case "content-type" -> {
                int parameter = here.indexOf(';');
                if (parameter > 0) {
                    guesses.put(
                            here.substring(0, parameter).trim(), "a parameter such as charset was added on the way");
                }
                for (String charset :
                        List.of("; charset=utf-8", ";charset=utf-8", "; charset=UTF-8", ";charset=UTF-8")) {
                    guesses.put(here + charset, "the charset parameter was removed on the way");
                }
            }
            case "content-length" ->
                guesses.put(Integer.toString(body.length), "content-length does not match the body as received");
            case "content-digest" -> {
                for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
                    guesses.put(
                            ContentDigest.of(algorithm, body).fieldValue(),
                            "the field was changed; the body is as it was signed");
                }
            }
            case "host" -> authorities(guesses, here, message);
            default -> {}
        }
    }

    private static void authorities(Map<String, String> guesses, String here, HttpMessage request) {
        int colon = here.lastIndexOf(':');
        String host = colon > here.lastIndexOf(']') ? here.substring(0, colon) : here;
        for (String name : List.of("x-forwarded-host", "x-original-host")) {
            for (String line : request.fieldValues(name)) {
                for (String value : line.split(",")) {
                    guesses.put(value.trim().toLowerCase(Locale.ROOT), HOST);
                }
            }
        }
        for (String line : request.fieldValues("forwarded")) {
            for (String pair : line.split("[;,]")) {
                if (pair.trim().toLowerCase(Locale.ROOT).startsWith("host=")) {
                    guesses.put(pair.trim().substring(5).replace("\"", "").toLowerCase(Locale.ROOT), HOST);
                }
            }
        }
        for (String value : request.fieldValues("host")) {
            guesses.put(value.trim(), "the host's case or default port is not normalised on one side");
        }
        guesses.put(host, PORT);
        for (String port : List.of(":443", ":80", ":8080", ":8443")) {
            guesses.put(host + port, PORT);
        }
    }

    private static void targetUris(Map<String, String> guesses, String here, HttpMessage request) {
        int schemeEnd = here.indexOf("://");
        if (schemeEnd < 0) {
            return;
        }
        String scheme = here.substring(0, schemeEnd);
        int authorityStart = schemeEnd + 3;
        int pathStart = here.indexOf('/', authorityStart);
        pathStart = pathStart < 0 ? here.length() : pathStart;
        String authority = here.substring(authorityStart, pathStart);
        int queryStart = here.indexOf('?', pathStart);
        String path = queryStart < 0 ? here.substring(pathStart) : here.substring(pathStart, queryStart);
        String query = queryStart < 0 ? "" : here.substring(queryStart);
        String other = scheme.equals("https") ? "http" : "https";
        guesses.put(other + "://" + authority + path + query, SCHEME);
        Map<String, String> changed = new LinkedHashMap<>();
        authorities(changed, authority, request);
        changed.forEach((value, cause) -> {
            guesses.put(scheme + "://" + value + path + query, cause);
            guesses.put(other + "://" + value + path + query, cause.equals(HOST) ? HOST : SCHEME);
        });
        changed.clear();
        paths(changed, path, request);
        changed.forEach((value, cause) -> guesses.put(scheme + "://" + authority + value + query, cause));
        changed.clear();
        queries(changed, query.isEmpty() ? "?" : query);
        changed.forEach((value, cause) ->
                guesses.put(scheme + "://" + authority + path + (value.equals("?") ? "" : value), cause));
    }

    private static void paths(Map<String, String> guesses, String here, HttpMessage request) {
        encodings(guesses, here);
        guesses.put(
                here.endsWith("/") ? here.substring(0, here.length() - 1) : here + "/",
                "a final slash was added or removed");
        guesses.put(here.replaceAll("/+", "/"), "empty path segments were removed");
        for (String line : request.fieldValues("x-forwarded-prefix")) {
            guesses.put(line.trim() + here, PREFIX);
        }
        for (String name : List.of("x-original-uri", "x-original-url", "x-envoy-original-path", "x-rewrite-url")) {
            for (String line : request.fieldValues(name)) {
                int question = line.indexOf('?');
                guesses.put(
                        question < 0 ? line.trim() : line.substring(0, question).trim(), PREFIX);
            }
        }
    }

    private static void queries(Map<String, String> guesses, String here) {
        encodings(guesses, here);
        guesses.put(here.replace("+", "%20"), ENCODING);
        guesses.put(here.replace("%20", "+"), ENCODING);
        guesses.put("?", "a query was added on the way");
        if (here.length() > 1) {
            guesses.put(here.substring(1), "the signer left the question mark out (RFC 9421, 2.2.7)");
            int last = here.lastIndexOf('&');
            if (last > 0) {
                guesses.put(here.substring(0, last), "a query parameter was added on the way");
            }
        }
        guesses.put("", "the signer left the question mark out (RFC 9421, 2.2.7)");
    }

    private static void encodings(Map<String, String> guesses, String here) {
        guesses.put(decoded(here), ENCODING);
        guesses.put(hexCase(here, true), ENCODING);
        guesses.put(hexCase(here, false), ENCODING);
        guesses.put(here.replace("%2B", "+"), ENCODING);
        guesses.put(here.replace(":", "%3A"), ENCODING);
        guesses.put(here.replace("%3A", ":"), ENCODING);
        guesses.put(here.replace(",", "%2C"), ENCODING);
        guesses.put(here.replace("%2C", ","), ENCODING);
        guesses.put(here.replace("~", "%7E"), ENCODING);
        guesses.put(here.replace("%7E", "~"), ENCODING);
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    private static String hexCase(String value, boolean upper) {
        StringBuilder out = new StringBuilder(value);
        for (int i = 0; i + 2 < out.length(); i++) {
            if (out.charAt(i) == '%') {
                String hex = out.substring(i + 1, i + 3);
                out.replace(i + 1, i + 3, upper ? hex.toUpperCase(Locale.ROOT) : hex.toLowerCase(Locale.ROOT));
            }
        }
        return out.toString();
    }
}
