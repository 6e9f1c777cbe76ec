// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** Gives a stream's bytes as they are asked for, on the thread that asks: a few first, then more and more. */
final class TestBody implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private final InputStream in;
    private final AtomicLong demand = new AtomicLong();
    private int size = 1;
    private boolean done;

    TestBody(Flow.Subscriber<? super ByteBuffer> subscriber, InputStream in) {
        this.subscriber = subscriber;
        this.in = in;
    }

    void start() {
        subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        if (demand.getAndAdd(n) > 0) {
            return;
        }
        do {
            step();
        } while (demand.decrementAndGet() > 0);
    }

    private void step() {
        if (done) {
            return;
        }
        byte[] chunk = new byte[size];
        int read;
        try {
            read = in.read(chunk, 0, size);
        } catch (IOException e) {
            done = true;
            subscriber.onError(e);
            return;
        }
        if (read < 0) {
            done = true;
            subscriber.onComplete();
            return;
        }
        size = Math.min(16 << 10, 4 * size);
        subscriber.onNext(ByteBuffer.wrap(Arrays.copyOf(chunk, read)));
    }

    @Override
    public void cancel() {
        done = true;
    }
}
