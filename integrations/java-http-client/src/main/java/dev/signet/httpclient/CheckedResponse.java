// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import dev.signet.http.VerifiedMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** A response that was verified, with what the caller's body handler made of its body. */
final class CheckedResponse<T> implements HttpResponse<T> {
    private final HttpResponse<?> received;
    private final T body;
    private final VerifiedMessage verified;

    CheckedResponse(HttpResponse<?> received, T body, VerifiedMessage verified) {
        this.received = received;
        this.body = body;
        this.verified = verified;
    }

    VerifiedMessage verified() {
        return verified;
    }

    @Override
    public int statusCode() {
        return received.statusCode();
    }

    @Override
    public HttpRequest request() {
        return received.request();
    }

    /** Always empty: the wrapped client neither redirects nor authenticates. */
    @Override
    public Optional<HttpResponse<T>> previousResponse() {
        return Optional.empty();
    }

    @Override
    public HttpHeaders headers() {
        return received.headers();
    }

    @Override
    public T body() {
        return body;
    }

    @Override
    public Optional<SSLSession> sslSession() {
        return received.sslSession();
    }

    @Override
    public URI uri() {
        return received.uri();
    }

    @Override
    public HttpClient.Version version() {
        return received.version();
    }

    @Override
    public String toString() {
        return "CheckedResponse[" + statusCode() + "]";
    }
}
