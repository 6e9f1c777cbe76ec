// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.UnavailableException;
import dev.signet.core.internal.Spool;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes all of a body: into memory up to a bound, into a temporary file beyond it, and refuses it beyond another. It waits for
 * nothing, and lets whoever gives the body write: as a subscriber, or by {@link #output}. Made by {@link OutboundPipeline}.
 * Thread-safe.
 */
public final class BodyCollector implements Flow.Subscriber<ByteBuffer> {
    private final long declaredLength;
    private final Spool spool;
    private final long most;
    private final boolean ofResponse;
    private final CompletableFuture<KeptBody> result = new CompletableFuture<>();
    /** Guards what follows: signals come one after another, but a cancellation comes at any time. */
    private final ReentrantLock lock = new ReentrantLock();

    private Flow.@Nullable Subscription subscription;
    private boolean done;

    private BodyCollector(long declaredLength, int maxInMemory, long most, boolean ofResponse) {
        this.declaredLength = declaredLength;
        spool = Spool.upTo(maxInMemory, "bodies");
        this.most = most;
        this.ofResponse = ofResponse;
        var watched = result.whenComplete((body, failure) -> {
            if (failure != null) {
                fail(failure);
            }
        });
    }

    /** @param declaredLength in bytes; -1 if it is not known */
    static BodyCollector ofRequest(long declaredLength, int maxInMemory) {
        return new BodyCollector(declaredLength, maxInMemory, Long.MAX_VALUE, false);
    }

    /** For a response, whose length is not known before, within the verifier's limits. */
    static BodyCollector ofResponse(Limits limits) {
        return new BodyCollector(-1, limits.maxBodyBytesInMemory(), limits.maxBodyBytes(), true);
    }

    /**
     * Subscribes, which a publisher over a blocking source answers by giving all before this returns. A body of declared length
     * 0 is there at once, and its publisher is not subscribed to.
     */
    public void subscribeTo(Flow.Publisher<? extends ByteBuffer> publisher) {
        if (declaredLength == 0) {
            result.complete(KeptBody.none());
            return;
        }
        try {
            publisher.subscribe(this);
        } catch (RuntimeException e) {
            onError(e);
        }
    }

    /**
     * Takes the body from one who writes it; to close this is to say that it was all, so whoever fails before cancels the {@link
     * #result} and does not close. What cannot be taken fails the result and the write.
     */
    public OutputStream output() {
        return new Output();
    }

    /**
     * All of the body, once it is here: in time, or by {@link IOException} if whoever gave it failed or gave another length than
     * was declared, and by {@link InvalidMessageException} if a response is longer than the verifier takes. If this is cancelled,
     * collecting stops, and what was collected is dropped.
     */
    public CompletableFuture<KeptBody> result() {
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

    private final class Output extends OutputStream {
        private boolean closed;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            if (closed) {
                throw new IOException("the body is complete");
            }
            onNext(ByteBuffer.wrap(bytes, offset, count));
            throwFailure();
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                onComplete();
                throwFailure();
            }
        }

        private void throwFailure() throws IOException {
            if (!result.isCompletedExceptionally()) {
                return;
            }
            try {
                result.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof MessageSecurityException refused) {
                    throw refused;
                }
                throw e.getCause() instanceof IOException broken ? broken : new IOException(e.getCause());
            }
        }
    }

    /** Whether it is complete; nothing of it. */
    @Override
    public String toString() {
        return "BodyCollector[" + (result.isDone() ? "done" : "collecting") + "]";
    }
}
