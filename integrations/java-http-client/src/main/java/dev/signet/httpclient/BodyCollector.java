// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.UnavailableException;
import dev.signet.core.internal.Spool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes all of a body: into memory up to a bound, into a temporary file beyond it. It waits for nothing, and lets whoever gives the
 * body write.
 */
final class BodyCollector implements Flow.Subscriber<ByteBuffer> {
    private final long declaredLength;
    private final Spool spool;
    private final long most;
    private final boolean ofResponse;
    private final Cancellable<KeptBody> result = new Cancellable<>();
    /** Guards what follows: signals come one after another, but a cancellation comes at any time. */
    private final ReentrantLock lock = new ReentrantLock();

    private Flow.@Nullable Subscription subscription;
    private boolean done;

    private BodyCollector(long declaredLength, int maxInMemory, long most, boolean ofResponse) {
        this.declaredLength = declaredLength;
        spool = Spool.upTo(maxInMemory, "bodies");
        this.most = most;
        this.ofResponse = ofResponse;
        result.onStop(() -> fail(new CancellationException()));
    }

    /** Not subscribed yet. */
    static BodyCollector of(BodyPublisher publisher, int maxInMemory) {
        return new BodyCollector(publisher.contentLength(), maxInMemory, Long.MAX_VALUE, false);
    }

    /** For a response, whose length is not known before, within the verifier's limits. */
    static BodyCollector ofResponse(Limits limits) {
        return new BodyCollector(-1, limits.maxBodyBytesInMemory(), limits.maxBodyBytes(), true);
    }

    /** Subscribes, which a publisher over a blocking source answers by giving all before this returns. */
    void subscribeTo(BodyPublisher publisher) {
        if (declaredLength == 0) {
            // The JDK's client does not subscribe in this case either.
            result.complete(KeptBody.NONE);
            return;
        }
        try {
            publisher.subscribe(this);
        } catch (RuntimeException e) {
            onError(e);
        }
    }

    /** If this is cancelled, collecting stops, and what was collected is dropped. */
    Cancellable<KeptBody> result() {
        return result;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        boolean wanted;
        lock.lock();
        try {
            wanted = subscription == null && !done;
            if (wanted) {
                subscription = newSubscription;
            }
        } finally {
            lock.unlock();
        }
        if (wanted) {
            newSubscription.request(Long.MAX_VALUE);
        } else {
            newSubscription.cancel();
        }
    }

    @Override
    public void onNext(ByteBuffer buffer) {
        Exception failure = null;
        lock.lock();
        try {
            if (!done) {
                failure = take(buffer);
            }
        } finally {
            lock.unlock();
        }
        if (failure != null) {
            fail(failure);
        }
    }

    @Override
    public void onError(Throwable failure) {
        Throwable cause =
                failure instanceof UncheckedIOException && failure.getCause() != null ? failure.getCause() : failure;
        fail(
                ofResponse || cause instanceof IOException
                        ? cause
                        : new IOException("the request's body publisher failed: " + cause, cause));
    }

    @Override
    public void onComplete() {
        KeptBody body = null;
        IOException failure = null;
        lock.lock();
        try {
            if (done) {
                return;
            }
            if (declaredLength >= 0 && spool.size() != declaredLength) {
                failure = wrongLength();
            } else {
                body = KeptBody.of(spool);
                done = true;
            }
        } finally {
            lock.unlock();
        }
        if (failure != null) {
            fail(failure);
        } else {
            result.complete(body);
        }
    }

    private @Nullable Exception take(ByteBuffer buffer) {
        int count = buffer.remaining();
        if (count > most - spool.size()) {
            return InvalidMessageException.tooLarge("the body is longer than " + most + " bytes");
        }
        if (declaredLength >= 0 && count > declaredLength - spool.size()) {
            return wrongLength();
        }
        try {
            spool.expect(declaredLength);
            spool.write(buffer);
            return null;
        } catch (UnavailableException e) {
            return e;
        }
    }

    private IOException wrongLength() {
        return new IOException("the request's body publisher declares " + declaredLength + " bytes and gives "
                + (spool.size() < declaredLength ? "another number" : "more"));
    }

    private void fail(Throwable failure) {
        Flow.Subscription given;
        lock.lock();
        try {
            if (done) {
                return;
            }
            done = true;
            given = subscription;
            spool.close();
        } finally {
            lock.unlock();
        }
        if (given != null) {
            given.cancel();
        }
        result.completeExceptionally(failure);
    }
}
