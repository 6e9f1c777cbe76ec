// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A request or response as signing and verifying see it, without its body. Integrations implement it over their host's
 * types; {@link #request} and {@link #response} build one by hand.
 *
 * <p>Everything is given as it was received or will be sent: nothing decoded, normalised, trimmed or joined.
 * Implementations need not be thread-safe.
 */
public interface HttpMessage {
    /** What is known of a message's body before any of it is read. */
    enum BodyPresence {
        /** The message has no body, or an empty one. */
        ABSENT,
        /** A body of at least one byte is announced. */
        ANNOUNCED,
        /** A body may follow; only reading tells. */
        UNKNOWN
    }

    /** Whether this is a request; otherwise it is a response. */
    boolean isRequest();

    /** The request method, case-sensitive. Asked of requests only. */
    String method();

    /** The scheme of the target URI, {@code http} or {@code https}. Asked of requests only. */
    String scheme();

    /** Host and optional port, from the Host field or the {@code :authority} pseudo-field. Asked of requests only. */
    String authority();

    /**
     * The request target in any of its forms (RFC 9112, 3.2), such as {@code /path?query}; in HTTP/2 and 3 the {@code :path}
     * pseudo-field. Asked of requests only.
     */
    String requestTarget();

    /** The three-digit status code. Asked of responses only. */
    int status();

    /** The values of a field's lines in order, empty if it is absent. The name is in lower case. */
    List<String> fieldValues(String name);

    /** The values of a trailer field's lines in order. Asked only after the body has been read. */
    default List<String> trailerValues(String name) {
        return List.of();
    }

    /**
     * Whether a body comes, as far as that can be said without reading, waiting, or asking the peer to go on. A verifier
     * refuses a message whose body is otherwise than this says, for instance because somebody read an announced one before.
     *
     * <p>As it stands, Content-Length and Transfer-Encoding announce a body, and without them it is unknown, since HTTP/2 and
     * 3 need neither. A host that knows more says so: a request of HTTP/1.1 without both is {@link BodyPresence#ABSENT}
     * (RFC 9112, 6.3), and so is one whose head ended its stream (RFC 9113, 8.1).
     */
    default BodyPresence bodyPresence() {
        return BodyFraming.presence(this);
    }

    /**
     * The major version of HTTP by which the message came or will be sent: 1, 2 or 3. In HTTP/2 and 3 several cookie lines are
     * parts of one (RFC 9113, 8.2.3); in HTTP/1, which this says as it stands, they are ambiguous.
     */
    default int httpVersion() {
        return 1;
    }

    /** The request that this response answers. */
    default Optional<HttpMessage> request() {
        return Optional.empty();
    }

    /**
     * Starts a request.
     *
     * @param uri absolute, with scheme and host; what is not ASCII is percent-encoded as UTF-8
     * @throws IllegalArgumentException if the URI is not absolute, or has user information
     */
    static HttpMessageBuilder request(String method, URI uri) {
        return HttpMessageBuilder.request(method, uri);
    }

    /**
     * Starts a request from the parts that a connection, a request line and a Host field give: {@link
     * HttpMessageBuilder#scheme}, {@link HttpMessageBuilder#authority} and {@link HttpMessageBuilder#target} follow.
     */
    static HttpMessageBuilder request(String method) {
        return HttpMessageBuilder.request(method);
    }

    /** Starts a response. */
    static HttpMessageBuilder response(int status) {
        return HttpMessageBuilder.response(status);
    }
}
