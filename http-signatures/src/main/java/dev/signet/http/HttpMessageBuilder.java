// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds an {@link HttpMessage} by hand. Not thread-safe; what it builds is immutable. */
public final class HttpMessageBuilder {
    private final String method;
    private final int status;
    private final Map<String, List<String>> fields = new TreeMap<>();
    private final Map<String, List<String>> trailers = new TreeMap<>();
    private @Nullable String scheme;
    private @Nullable String requestTarget;
    private String authority = "";
    private @Nullable HttpMessage request;
    private int httpVersion = 1;

    private HttpMessageBuilder(String method, int status) {
        this.method = method;
        this.status = status;
    }

    static HttpMessageBuilder request(String method, URI uri) {
        URI ascii = URI.create(uri.toASCIIString());
        if (!ascii.isAbsolute() || ascii.getRawAuthority() == null) {
            throw new IllegalArgumentException("an absolute URI with a host is needed");
        }
        if (ascii.getRawUserInfo() != null) {
            throw new IllegalArgumentException("the URI has user information (RFC 9110, 4.2.4)");
        }
        String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        String target = ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
        return request(method)
                .scheme(ascii.getScheme())
                .authority(ascii.getRawAuthority())
                .target(target);
    }

    static HttpMessageBuilder request(String method) {
        if (method.isEmpty()) {
            throw new IllegalArgumentException("a method is needed");
        }
        return new HttpMessageBuilder(method, 0);
    }

    static HttpMessageBuilder response(int status) {
        if (status < 100 || status > 599) {
            throw new IllegalArgumentException("a status code is between 100 and 599");
        }
        return new HttpMessageBuilder("", status);
    }

    /** The scheme of a request's target URI, {@code http} or {@code https}. */
    public HttpMessageBuilder scheme(String newScheme) {
        requireRequest();
        scheme = newScheme;
        return this;
    }

    /** A request's host and optional port, as in its Host field or {@code :authority}; without it the request has none. */
    public HttpMessageBuilder authority(String newAuthority) {
        requireRequest();
        authority = newAuthority;
        return this;
    }

    /** A request's target as it stands in the request line or {@code :path}, such as {@code /path?query}. */
    public HttpMessageBuilder target(String newTarget) {
        requireRequest();
        requestTarget = newTarget;
        return this;
    }

    private void requireRequest() {
        if (status != 0) {
            throw new IllegalStateException("only a request has a scheme, an authority and a target");
        }
    }

    /** Adds a field line; the name's case does not matter. */
    public HttpMessageBuilder field(String name, String value) {
        add(fields, name, value);
        return this;
    }

    /** Adds the field lines of a signature. */
    public HttpMessageBuilder fields(SignatureFields signature) {
        signature.forEach(this::field);
        return this;
    }

    /** Adds a trailer field line. */
    public HttpMessageBuilder trailer(String name, String value) {
        add(trailers, name, value);
        return this;
    }

    /** The major version of HTTP, 1 by default; see {@link HttpMessage#httpVersion()}. */
    public HttpMessageBuilder httpVersion(int major) {
        if (major < 1 || major > 3) {
            throw new IllegalArgumentException("HTTP has the major versions 1, 2 and 3");
        }
        httpVersion = major;
        return this;
    }

    /** Names the request that this response answers. */
    public HttpMessageBuilder answering(HttpMessage answered) {
        if (status == 0 || !answered.isRequest()) {
            throw new IllegalStateException("a response answers a request");
        }
        request = answered;
        return this;
    }

    /**
     * The message as it is now; the builder may go on.
     *
     * @throws IllegalStateException if it is a request without scheme or target
     */
    public HttpMessage build() {
        if (status == 0 && (scheme == null || requestTarget == null)) {
            throw new IllegalStateException("a request needs a scheme and a target");
        }
        return new Built(
                method,
                scheme == null ? "" : scheme,
                authority,
                requestTarget == null ? "" : requestTarget,
                status,
                copy(fields),
                copy(trailers),
                httpVersion,
                Optional.ofNullable(request));
    }

    private static void add(Map<String, List<String>> map, String name, String value) {
        map.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                .add(value);
    }

    private static Map<String, List<String>> copy(Map<String, List<String>> map) {
        Map<String, List<String>> copy = new java.util.HashMap<>();
        map.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        return copy;
    }

    private record Built(
            String method,
            String scheme,
            String authority,
            String requestTarget,
            int status,
            Map<String, List<String>> fields,
            Map<String, List<String>> trailers,
            int httpVersion,
            Optional<HttpMessage> request)
            implements HttpMessage {
        @Override
        public boolean isRequest() {
            return status == 0;
        }

        @Override
        public List<String> fieldValues(String name) {
            return fields.getOrDefault(name, List.of());
        }

        @Override
        public List<String> trailerValues(String name) {
            return trailers.getOrDefault(name, List.of());
        }

        @Override
        public String toString() {
            return isRequest() ? "HttpMessage[request]" : "HttpMessage[response " + status + "]";
        }
    }
}
