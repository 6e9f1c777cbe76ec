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
    private final String scheme;
    private final String authority;
    private final String requestTarget;
    private final int status;
    private final Map<String, List<String>> fields = new TreeMap<>();
    private final Map<String, List<String>> trailers = new TreeMap<>();
    private @Nullable HttpMessage request;
    private int httpVersion = 1;

    private HttpMessageBuilder(String method, String scheme, String authority, String requestTarget, int status) {
        this.method = method;
        this.scheme = scheme;
        this.authority = authority;
        this.requestTarget = requestTarget;
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
        return request(method, ascii.getScheme(), ascii.getRawAuthority(), target);
    }

    static HttpMessageBuilder request(String method, String scheme, String authority, String requestTarget) {
        if (method.isEmpty()) {
            throw new IllegalArgumentException("a method is needed");
        }
        return new HttpMessageBuilder(method, scheme, authority, requestTarget, 0);
    }

    static HttpMessageBuilder response(int status) {
        if (status < 100 || status > 599) {
            throw new IllegalArgumentException("a status code is between 100 and 599");
        }
        return new HttpMessageBuilder("", "", "", "", status);
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

    /** The message as it is now; the builder may go on. */
    public HttpMessage build() {
        return new Built(
                method,
                scheme,
                authority,
                requestTarget,
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
