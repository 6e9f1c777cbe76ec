// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import dev.signet.exchange.KeptBody;
import dev.signet.exchange.SignedRequest;
import dev.signet.exchange.VerifiedResponse;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;

/** Shows a body handler only what was verified. */
final class ResponseCheck {
    private ResponseCheck() {}

    /**
     * Verifies a response, then gives its body to the handler; both on the calling thread.
     *
     * @param wanted whether somebody still waits for the response
     */
    static <T> CompletionStage<HttpResponse<T>> check(
            HttpResponse<KeptBody> response, SignedRequest sent, BodyHandler<T> handler, BooleanSupplier wanted) {
        VerifiedResponse verified =
                sent.verify(response.statusCode(), response.headers().map(), response.body());
        BodySubscriber<T> subscriber;
        // The open stream outlives a spool file.
        try (verified) {
            if (!wanted.getAsBoolean()) {
                throw new CancellationException();
            }
            subscriber = handler.apply(new Info(response.statusCode(), response.headers(), response.version()));
            verified.bodyPublisher(Runnable::run).subscribe(new Lists(subscriber));
        }
        return subscriber.getBody().thenApply(value -> new CheckedResponse<>(response, value, verified.verified()));
    }

    private record Info(int statusCode, HttpHeaders headers, HttpClient.Version version) implements ResponseInfo {}

    /** The JDK's subscribers take buffers by the list. */
    private record Lists(BodySubscriber<?> subscriber) implements Flow.Subscriber<ByteBuffer> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(subscription);
        }

        @Override
        public void onNext(ByteBuffer buffer) {
            subscriber.onNext(List.of(buffer));
        }

        @Override
        public void onError(Throwable failure) {
            subscriber.onError(failure);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
        }
    }
}
