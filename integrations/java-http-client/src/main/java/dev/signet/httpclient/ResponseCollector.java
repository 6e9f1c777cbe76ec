// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import dev.signet.exchange.BodyCollector;
import dev.signet.exchange.KeptBody;
import dev.signet.exchange.OutboundPipeline;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Takes the body of one exchange's response as it comes, without a thread that waits for it. */
final class ResponseCollector implements BodyHandler<KeptBody> {
    private final OutboundPipeline pipeline;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable BodyCollector last;
    private boolean stopped;

    ResponseCollector(OutboundPipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public BodySubscriber<KeptBody> apply(ResponseInfo info) {
        BodyCollector collector = pipeline.responseCollector();
        BodyCollector unwanted;
        lock.lock();
        try {
            // A client that sends again has another response.
            unwanted = stopped ? collector : last;
            last = collector;
        } finally {
            lock.unlock();
        }
        drop(unwanted);
        return new Subscriber(collector);
    }

    /** Drops what came, and what comes. */
    void stop() {
        BodyCollector unwanted;
        lock.lock();
        try {
            stopped = true;
            unwanted = last;
        } finally {
            lock.unlock();
        }
        drop(unwanted);
    }

    private static void drop(@Nullable BodyCollector collector) {
        if (collector != null) {
            collector.result().cancel(true);
            var closed = collector.result().thenAccept(KeptBody::close);
        }
    }

    private record Subscriber(BodyCollector collector) implements BodySubscriber<KeptBody> {
        @Override
        public CompletionStage<KeptBody> getBody() {
            return collector.result();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            collector.onSubscribe(subscription);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            buffers.forEach(collector::onNext);
        }

        @Override
        public void onError(Throwable failure) {
            collector.onError(failure);
        }

        @Override
        public void onComplete() {
            collector.onComplete();
        }
    }
}
