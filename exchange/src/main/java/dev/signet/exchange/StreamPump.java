// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives a stream to a subscriber as it asks for it, on an executor, which may be the thread that asks. Unlike the JDK's publisher over a stream it closes
 * the stream when the subscriber cancels, and with it the last hold on a spool file.
 */
final class StreamPump implements Flow.Subscription {
    private static final int CHUNK = 16 << 10;
    private static final Flow.Subscription NOTHING = new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    };

    /** Where the stream comes from, once somebody subscribes. */
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private final InputStream in;
    private final Executor executor;
    private final AtomicLong demand = new AtomicLong();
    /** Above zero while a thread drains; others leave their wish behind. */
    private final AtomicInteger draining = new AtomicInteger();

    private volatile boolean invalidRequest;
    private volatile boolean cancelled;
    /** Touched by the draining thread only. */
    private boolean done;

    private StreamPump(Flow.Subscriber<? super ByteBuffer> subscriber, InputStream in, Executor executor) {
        this.subscriber = subscriber;
        this.in = in;
        this.executor = executor;
    }

    /** Subscribes; the stream is closed when the subscriber has had all of it, or cancels. */
    static void start(Flow.Subscriber<? super ByteBuffer> subscriber, Source source, Executor executor) {
        Objects.requireNonNull(subscriber, "subscriber");
        InputStream in;
        try {
            in = source.open();
        } catch (IOException | RuntimeException e) {
            subscriber.onSubscribe(NOTHING);
            subscriber.onError(e);
            return;
        }
        StreamPump pump = new StreamPump(subscriber, in, executor);
        // Demand that is made meanwhile is met afterwards: nothing comes before onSubscribe has returned.
        pump.draining.incrementAndGet();
        subscriber.onSubscribe(pump);
        pump.schedule();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            invalidRequest = true;
        } else {
            demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
        }
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
        drain();
    }

    private void drain() {
        if (draining.getAndIncrement() == 0) {
            schedule();
        }
    }

    /** By the one who has taken the right to drain. */
    private void schedule() {
        try {
            executor.execute(this::drainUntilIdle);
        } catch (RejectedExecutionException e) {
            boolean isTold = done || cancelled;
            finish();
            if (!isTold) {
                subscriber.onError(e);
            }
        }
    }

    private void drainUntilIdle() {
        int seen = draining.get();
        do {
            while (!done && step()) {
                // Each step gives one chunk.
            }
            seen = draining.addAndGet(-seen);
        } while (seen != 0);
    }

    private boolean step() {
        if (cancelled) {
            finish();
            return false;
        }
        if (invalidRequest) {
            finish();
            subscriber.onError(new IllegalArgumentException("a positive number is asked for (Flow.Subscription)"));
            return false;
        }
        if (demand.get() == 0) {
            return false;
        }
        byte[] chunk = new byte[CHUNK];
        int read;
        try {
            read = in.readNBytes(chunk, 0, CHUNK);
        } catch (IOException | RuntimeException e) {
            finish();
            subscriber.onError(e);
            return false;
        }
        if (read == 0) {
            finish();
            subscriber.onComplete();
            return false;
        }
        if (demand.get() != Long.MAX_VALUE) {
            demand.decrementAndGet();
        }
        subscriber.onNext(ByteBuffer.wrap(chunk, 0, read));
        return true;
    }

    private void finish() {
        done = true;
        try {
            in.close();
        } catch (IOException e) {
            // All was read, or nobody wants the rest.
        }
    }
}
