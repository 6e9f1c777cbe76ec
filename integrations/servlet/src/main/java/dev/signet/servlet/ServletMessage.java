// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import dev.signet.core.InvalidMessageException;
import dev.signet.http.HttpMessage;
import jakarta.servlet.ServletConnection;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A servlet request as it came over the wire, as far as the container shows it. What a container says twice, it must say
 * alike: the signature must be over what the container acts by.
 */
final class ServletMessage implements HttpMessage {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data";

    private static final String CIPHER_SUITE = "jakarta.servlet.request.cipher_suite";

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

    /**
     * By the connection. {@code isSecure()} is the sender's word where a request has {@code :scheme}, or a target in absolute
     * form; that TLS ends before this server is for a public origin to say.
     */
    @Override
    public String scheme() {
        return isOverTls() ? "https" : "http";
    }

    private boolean isOverTls() {
        if (httpVersion() > 1) {
            // Jakarta Servlet 6.0, 3.10. Not all containers keep even the connection from the sender's word here.
            return request.getAttribute(CIPHER_SUITE) != null;
        }
        try {
            ServletConnection connection = request.getServletConnection();
            return connection == null ? request.isSecure() : connection.isSecure();
        } catch (UnsupportedOperationException e) {
            // A request that came over no connection, as in some test frameworks.
            return request.isSecure();
        }
    }

    /** In HTTP/1 the Host field, otherwise the pseudo-field, which containers show as the server's name and port. */
    @Override
    public String authority() {
        List<String> hosts = fieldValues("host");
        if (hosts.size() > 1) {
            // RFC 9112, 3.2
            throw InvalidMessageException.malformed("the request has several host fields");
        }
        Authority field = hosts.isEmpty() ? null : Authority.parse(hosts.get(0));
        if (httpVersion() == 1) {
            requireSameHost(field);
            return field == null ? "" : field.text();
        }
        Authority routed = Authority.of(request.getServerName(), request.getServerPort());
        if (field != null && !field.isSameAs(routed, scheme())) {
            // RFC 9113, 8.3.1: servers that look at one of them only would not act on the same request.
            throw InvalidMessageException.malformed("the host field is not the request's authority (RFC 9113, 8.3.1)");
        }
        return routed.text();
    }

    /**
     * The server may go by another name than the Host field's: that of a target in absolute form, or of a forwarding field. The
     * port may differ, since nothing is chosen by it, and servers guess it behind a proxy.
     */
    private void requireSameHost(@Nullable Authority field) {
        StringBuffer url = request.getRequestURL();
        int start = url == null ? -1 : url.indexOf("://");
        if (field == null || start < 0) {
            return;
        }
        int end = url.indexOf("/", start + 3);
        Authority used = Authority.parse(url.substring(start + 3, end < 0 ? url.length() : end));
        if (!used.host().equals(field.host())) {
            throw InvalidMessageException.malformed("the host field is not the request's authority (RFC 9112, 3.2.2)");
        }
    }

    /** Path and query neither decoded nor normalised. */
    @Override
    public String requestTarget() {
        String uri = request.getRequestURI();
        if (uri == null || !(uri.startsWith("/") || uri.equals("*") || method().equals("CONNECT"))) {
            throw InvalidMessageException.malformed("the request target has no path");
        }
        String query = request.getQueryString();
        return query == null ? uri : uri + "?" + query;
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

    /** Without fields that announce one, HTTP/1 has no body, and a form of later versions has one that somebody took. */
    @Override
    public BodyPresence bodyPresence() {
        BodyPresence presence = HttpMessage.super.bodyPresence();
        if (presence != BodyPresence.UNKNOWN) {
            return presence;
        }
        if (httpVersion() == 1) {
            // RFC 9112, 6.3
            return BodyPresence.ABSENT;
        }
        String type = request.getContentType();
        String lower = type == null ? "" : type.toLowerCase(Locale.ROOT);
        boolean isForm = lower.startsWith(MULTIPART) || (lower.startsWith(FORM) && !method().equals("GET"));
        // Whoever read it before, as the parameters' reader does, left parameters that nobody verified.
        return isForm ? BodyPresence.ANNOUNCED : BodyPresence.UNKNOWN;
    }

    @Override
    public int httpVersion() {
        String protocol = request.getProtocol();
        return protocol != null && (protocol.startsWith("HTTP/2") || protocol.startsWith("HTTP/3"))
                ? protocol.charAt(5) - '0'
                : 1;
    }
}
