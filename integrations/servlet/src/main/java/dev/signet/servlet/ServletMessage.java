// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import dev.signet.core.InvalidMessageException;
import dev.signet.http.HttpMessage;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;

/** A servlet request as it came over the wire, as far as the container shows it. */
final class ServletMessage implements HttpMessage {
    private final HttpServletRequest request;

    ServletMessage(HttpServletRequest request) {
        this.request = request;
    }

    @Override
    public boolean isRequest() {
        return true;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    /** By the connection: some containers take the scheme from a request line in absolute form. */
    @Override
    public String scheme() {
        return request.isSecure() ? "https" : "http";
    }

    @Override
    public String authority() {
        List<String> hosts = fieldValues("host");
        if (hosts.size() > 1) {
            // RFC 9112, 3.2
            throw InvalidMessageException.malformed("the request has several host fields");
        }
        if (!hosts.isEmpty()) {
            return hosts.get(0).trim();
        }
        if (request.getProtocol().startsWith("HTTP/1")) {
            return "";
        }
        // In HTTP/2 and 3 the authority is a pseudo-field, which containers show in this form only.
        int port = request.getServerPort();
        return port > 0 ? request.getServerName() + ":" + port : request.getServerName();
    }

    /** Path and query neither decoded nor normalised. */
    @Override
    public String requestTarget() {
        String query = request.getQueryString();
        return query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
    }

    @Override
    public int status() {
        throw new IllegalStateException("a request has no status");
    }

    @Override
    public List<String> fieldValues(String name) {
        Enumeration<String> values = request.getHeaders(name);
        return values == null ? List.of() : Collections.list(values);
    }

    @Override
    public List<String> trailerValues(String name) {
        Map<String, String> trailers = request.isTrailerFieldsReady() ? request.getTrailerFields() : Map.of();
        String value = trailers.get(name);
        return value == null ? List.of() : List.of(value);
    }
}
