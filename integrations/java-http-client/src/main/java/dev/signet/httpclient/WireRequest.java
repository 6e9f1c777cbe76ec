// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import dev.signet.exchange.OutboundPipeline;
import dev.signet.http.HttpMessage;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;

/** A request as the JDK's client puts it on the wire, in HTTP/1.1 and HTTP/2 alike. */
final class WireRequest {
    private WireRequest() {}

    /** The message for a request that {@link #prepare} has made. */
    static HttpMessage of(HttpRequest prepared, long bodyLength) {
        return OutboundPipeline.request(
                prepared.method(), prepared.uri(), prepared.headers().map(), bodyLength);
    }

    /**
     * A copy of a request without what the client writes differently by protocol version or proxy.
     *
     * @throws IllegalArgumentException if the request cannot be signed as it will be sent
     */
    static HttpRequest.Builder prepare(HttpRequest request) {
        URI uri = OutboundPipeline.canonical(request.uri());
        if (request.headers().firstValue("content-length").isPresent()) {
            // It can be set if a system property of the JDK allows it.
            throw new IllegalArgumentException("the field content-length is the client's to write");
        }
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(request, (name, value) -> true).uri(uri);
        List<String> cookies = request.headers().allValues("cookie");
        if (cookies.size() > 1) {
            // HTTP/1.1 has one Cookie line (RFC 6265, 5.4), into which the client would join them after they were
            // signed.
            builder.setHeader("Cookie", String.join("; ", cookies));
        }
        // Refuses what cannot be signed, before a body is taken.
        of(builder.build(), 0);
        return builder;
    }
}
