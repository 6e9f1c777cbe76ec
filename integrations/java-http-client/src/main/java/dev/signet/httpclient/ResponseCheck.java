// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import dev.signet.http.Component;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpVerifier;
import dev.signet.http.VerifiedMessage;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Verifies responses, and shows a body handler only what was verified. */
final class ResponseCheck {
    private final HttpVerifier verifier;

    ResponseCheck(HttpVerifier verifier) {
        this.verifier = verifier;
    }

    /** Reads the body to its end and verifies it, then gives it to the handler; both on the calling thread. */
    <T> CompletionStage<HttpResponse<T>> check(
            HttpResponse<InputStream> response, HttpMessage request, BodyHandler<T> handler) throws IOException {
        VerifiedMessage verified = verify(response, new WireResponse(response, request));
        InputStream body = verified.body();
        // The open stream outlives a spool file, which nobody else would remove.
        verified.close();
        BodySubscriber<T> subscriber;
        try {
            subscriber = handler.apply(new Info(response.statusCode(), response.headers(), response.version()));
        } catch (RuntimeException e) {
            body.close();
            throw e;
        }
        StreamPump.<List<ByteBuffer>>start(subscriber, body, List::of);
        return subscriber.getBody().thenApply(value -> new VerifiedResponse<>(response, value, verified));
    }

    private VerifiedMessage verify(HttpResponse<InputStream> response, HttpMessage message) throws IOException {
        try (WatchedStream in = new WatchedStream(response.body())) {
            try {
                VerifiedMessage verified = verifier.verify(message, in);
                if (!verified.isBodyCovered()) {
                    verified.close();
                    throw new VerificationException(
                            Reason.COMPONENT_NOT_COVERED, Component.CONTENT_DIGEST.identifier());
                }
                return verified;
            } catch (MessageSecurityException e) {
                IOException broken = in.failure;
                if (broken != null) {
                    throw new IOException(broken.getMessage(), broken);
                }
                throw e;
            }
        }
    }

    /** Tells a connection that broke from a message that is malformed. */
    private static final class WatchedStream extends FilterInputStream {
        private @Nullable IOException failure;

        WatchedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return in.read(buffer, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }

    private record Info(int statusCode, HttpHeaders headers, HttpClient.Version version) implements ResponseInfo {}

    /** A response as the verifier sees it. */
    private record WireResponse(HttpResponse<?> response, HttpMessage answered) implements HttpMessage {
        @Override
        public boolean isRequest() {
            return false;
        }

        @Override
        public String method() {
            throw ofRequest();
        }

        @Override
        public String scheme() {
            throw ofRequest();
        }

        @Override
        public String authority() {
            throw ofRequest();
        }

        @Override
        public String requestTarget() {
            throw ofRequest();
        }

        @Override
        public int status() {
            return response.statusCode();
        }

        @Override
        public List<String> fieldValues(String name) {
            return response.headers().allValues(name);
        }

        @Override
        public Optional<HttpMessage> request() {
            return Optional.of(answered);
        }

        private static IllegalStateException ofRequest() {
            return new IllegalStateException("a response has this of its request only");
        }
    }
}
