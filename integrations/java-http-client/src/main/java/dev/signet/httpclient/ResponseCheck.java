// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import dev.signet.http.Component;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpVerifier;
import dev.signet.http.VerifiedMessage;
import dev.signet.http.VerifiedSignature;
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
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** Verifies responses, and shows a body handler only what was verified. */
final class ResponseCheck {
    private final HttpVerifier verifier;
    private final boolean allowUnbound;

    ResponseCheck(HttpVerifier verifier, boolean allowUnbound) {
        this.verifier = verifier;
        this.allowUnbound = allowUnbound;
    }

    ResponseCollector collector() {
        return new ResponseCollector(verifier.limits());
    }

    /**
     * Verifies a response, then gives its body to the handler; both on the calling thread.
     *
     * @param label of the signature that the request was sent with
     * @param wanted whether somebody still waits for the response
     */
    <T> CompletionStage<HttpResponse<T>> check(
            HttpResponse<KeptBody> response,
            HttpMessage request,
            String label,
            BodyHandler<T> handler,
            BooleanSupplier wanted)
            throws IOException {
        InputStream body;
        VerifiedMessage verified = response.body().verify(verifier, new WireResponse(response, request));
        // The open stream outlives a spool file.
        try (verified) {
            if (!verified.isBodyCovered()) {
                throw new VerificationException(Reason.COMPONENT_NOT_COVERED, Component.CONTENT_DIGEST.identifier());
            }
            if (!allowUnbound) {
                requireBinding(verified, label);
            }
            body = verified.contentStream();
        }
        BodySubscriber<T> subscriber;
        try {
            if (!wanted.getAsBoolean()) {
                throw new CancellationException();
            }
            subscriber = handler.apply(new Info(response.statusCode(), response.headers(), response.version()));
        } catch (RuntimeException e) {
            body.close();
            throw e;
        }
        StreamPump.<List<ByteBuffer>>start(subscriber, body, List::of);
        return subscriber.getBody().thenApply(value -> new VerifiedResponse<>(response, value, verified));
    }

    /** Each signature counts: one that is not tied to this request may have been taken from another response. */
    private static void requireBinding(VerifiedMessage verified, String label) {
        Component wanted = Component.field("signature").key(label).req();
        for (VerifiedSignature signature : verified.signatures()) {
            List<Component> covered = signature.parameters().components();
            if (!covered.contains(wanted)
                    && !covered.contains(Component.field("signature").req())) {
                throw new VerificationException(Reason.COMPONENT_NOT_COVERED, wanted.identifier());
            }
        }
    }

    private record Info(int statusCode, HttpHeaders headers, HttpClient.Version version) implements ResponseInfo {}

    /** A response as the verifier sees it. */
    private record WireResponse(HttpResponse<KeptBody> response, HttpMessage answered) implements HttpMessage {
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

        /** The body is here, and nobody read of it before: chunks without a byte are none. */
        @Override
        public BodyPresence bodyPresence() {
            BodyPresence presence = HttpMessage.super.bodyPresence();
            return presence == BodyPresence.ANNOUNCED
                            && response.body().length() == 0
                            && !fieldValues("transfer-encoding").isEmpty()
                    ? BodyPresence.ABSENT
                    : presence;
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
