// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.http.HttpMessage;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request as its client will put it on the wire: its own copy, so that what a host changes later was never signed. Immutable. */
final class SentRequest implements HttpMessage {
    private final String method;
    private final URI uri;
    private final Map<String, List<String>> fields;

    private SentRequest(String method, URI uri, Map<String, List<String>> fields) {
        this.method = method;
        this.uri = uri;
        this.fields = fields;
    }

    /**
     * The request of these parts.
     *
     * @param bodyLength in bytes
     * @throws IllegalArgumentException if it cannot be signed as it will be sent
     */
    static SentRequest of(String method, URI uri, Map<String, List<String>> given, long bodyLength) {
        URI canonical = canonical(uri);
        Map<String, List<String>> fields = new HashMap<>();
        given.forEach((name, values) -> {
            check(name, values);
            fields.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                    .addAll(values);
        });
        List<String> host = List.of(host(canonical));
        requireSame("host", fields.getOrDefault("host", host), host);
        fields.put("host", host);
        List<String> length = List.of(Long.toString(bodyLength));
        requireSame("content-length", fields.getOrDefault("content-length", length), length);
        if (bodyLength > 0 && !fields.containsKey("transfer-encoding")) {
            fields.put("content-length", length);
        }
        fields.replaceAll((name, values) -> List.copyOf(values));
        return new SentRequest(method, canonical, fields);
    }

    /** This with the field lines of a signature behind its own. */
    SentRequest with(Map<String, String> more) {
        Map<String, List<String>> all = new HashMap<>(fields);
        more.forEach((name, value) -> {
            List<String> values = new ArrayList<>(all.getOrDefault(name, List.of()));
            values.add(value);
            all.put(name, List.copyOf(values));
        });
        return new SentRequest(method, uri, all);
    }

    /**
     * The URI in ASCII, with a path, and without fragment and empty query: clients drop an empty query in HTTP/1.1 but not in
     * HTTP/2, write an empty path as {@code *} in OPTIONS over HTTP/2, and give the whole text to a proxy.
     */
    static URI canonical(URI uri) {
        URI ascii = URI.create(uri.toASCIIString());
        String scheme = ascii.getScheme();
        if (scheme == null || ascii.getHost() == null) {
            throw new IllegalArgumentException("an absolute URI with a host is needed");
        }
        if (ascii.getRawUserInfo() != null) {
            throw new IllegalArgumentException("the URI has user information (RFC 9110, 4.2.4)");
        }
        String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        String query = ascii.getRawQuery();
        return URI.create(scheme.toLowerCase(Locale.ROOT)
                + "://"
                + ascii.getRawAuthority()
                + path
                + (query == null || query.isEmpty() ? "" : "?" + query));
    }

    /** As in the Host field: without the scheme's default port. */
    static String host(URI uri) {
        int port = uri.getPort();
        boolean isDefault = port < 0 || port == (uri.getScheme().equals("https") ? 443 : 80);
        return isDefault ? uri.getHost() : uri.getHost() + ":" + port;
    }

    private static void requireSame(String name, List<String> given, List<String> sent) {
        if (!given.equals(sent)) {
            throw new IllegalArgumentException("the field " + name + " is not the one that would be signed");
        }
    }

    private static void check(String name, List<String> values) {
        for (String value : values) {
            for (int i = 0; i < value.length(); i++) {
                if (value.charAt(i) > '~') {
                    // Sent as a question mark in HTTP/1.1 and as another byte in HTTP/2.
                    throw new IllegalArgumentException("the field " + name + " has a character that is not ASCII");
                }
            }
        }
    }

    @Override
    public boolean isRequest() {
        return true;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String scheme() {
        return uri.getScheme();
    }

    @Override
    public String authority() {
        return uri.getRawAuthority();
    }

    @Override
    public String requestTarget() {
        return uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
    }

    @Override
    public int status() {
        throw new IllegalStateException("a request has no status");
    }

    @Override
    public List<String> fieldValues(String name) {
        return fields.getOrDefault(name, List.of());
    }

    @Override
    public Optional<HttpMessage> request() {
        return Optional.empty();
    }
}
