// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import dev.signet.http.HttpMessage;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Locale;

/** A request as the JDK's client puts it on the wire, in HTTP/1.1 and HTTP/2 alike. */
final class WireRequest implements HttpMessage {
    private final HttpRequest request;
    private final long bodyLength;

    private WireRequest(HttpRequest request, long bodyLength) {
        this.request = request;
        this.bodyLength = bodyLength;
    }

    /** The message for a request that {@link #prepare} has made. */
    static WireRequest of(HttpRequest prepared, long bodyLength) {
        return new WireRequest(prepared, bodyLength);
    }

    /**
     * A copy of a request without what the client writes differently by protocol version or proxy.
     *
     * @throws IllegalArgumentException if the request cannot be signed as it will be sent
     */
    static HttpRequest.Builder prepare(HttpRequest request) {
        URI uri = canonical(request.uri());
        request.headers().map().forEach((name, values) -> check(name, values, uri));
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(request, (name, value) -> true).uri(uri);
        List<String> cookies = request.headers().allValues("cookie");
        if (cookies.size() > 1) {
            // HTTP/1.1 has one Cookie line (RFC 6265, 5.4), into which the client would join them after they were
            // signed.
            builder.setHeader("Cookie", String.join("; ", cookies));
        }
        return builder;
    }

    /**
     * The URI in ASCII, with a path, and without fragment and empty query: the client drops an empty query in HTTP/1.1 but not in
     * HTTP/2, writes an empty path as {@code *} in OPTIONS over HTTP/2, and gives the whole text to a proxy.
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

    @Override
    public boolean isRequest() {
        return true;
    }

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String scheme() {
        return request.uri().getScheme();
    }

    @Override
    public String authority() {
        return request.uri().getRawAuthority();
    }

    @Override
    public String requestTarget() {
        URI uri = request.uri();
        return uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
    }

    @Override
    public int status() {
        throw new IllegalStateException("a request has no status");
    }

    @Override
    public List<String> fieldValues(String name) {
        // The client writes these itself, and forbids them to callers.
        if (name.equals("host")) {
            return List.of(host(request.uri()));
        }
        if (name.equals("content-length")) {
            return bodyLength > 0 ? List.of(Long.toString(bodyLength)) : List.of();
        }
        return request.headers().allValues(name);
    }

    /** As in the Host field: without the scheme's default port. */
    private static String host(URI uri) {
        int port = uri.getPort();
        boolean isDefault = port < 0 || port == (uri.getScheme().equals("https") ? 443 : 80);
        return isDefault ? uri.getHost() : uri.getHost() + ":" + port;
    }

    private static void check(String name, List<String> values, URI uri) {
        // Both can be set if a system property of the JDK allows it.
        if (name.equalsIgnoreCase("content-length")
                || (name.equalsIgnoreCase("host") && !values.equals(List.of(host(uri))))) {
            throw new IllegalArgumentException("the field " + name + " is not the one that would be signed");
        }
        for (String value : values) {
            for (int i = 0; i < value.length(); i++) {
                if (value.charAt(i) > '~') {
                    // Sent as a question mark in HTTP/1.1 and as another byte in HTTP/2.
                    throw new IllegalArgumentException("the field " + name + " has a character that is not ASCII");
                }
            }
        }
    }
}
