// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.UnavailableException;
import dev.signet.core.internal.SpoolFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes all of a body: into memory up to a bound, into a temporary file beyond it. It waits for nothing, and lets whoever gives the
 * body write.
 */
final class BodyCollector implements Flow.Subscriber<ByteBuffer> {
    private static final int CHUNK = 8 << 10;

    private final long declaredLength;
    private final int maxInMemory;
    private final long most;
    private final boolean ofResponse;
    private final Cancellable<KeptBody> result = new Cancellable<>();
    /** Guards what follows: signals come one after another, but a cancellation comes at any time. */
    private final ReentrantLock lock = new ReentrantLock();

    private Flow.@Nullable Subscription subscription;
    private byte[] memory = new byte[0];
    private long length;
    private @Nullable SpoolFile file;
    private @Nullable OutputStream out;
    private boolean done;

    private BodyCollector(long declaredLength, int maxInMemory, long most, boolean ofResponse) {
        this.declaredLength = declaredLength;
        this.maxInMemory = maxInMemory;
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
            if (declaredLength >= 0 && length != declaredLength) {
                failure = wrongLength();
            } else {
                body = finished();
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
        if (count > most - length) {
            return InvalidMessageException.tooLarge("the body is longer than " + most + " bytes");
        }
        if (declaredLength >= 0 && count > declaredLength - length) {
            return wrongLength();
        }
        try {
            if (out == null && length + count > maxInMemory) {
                spool();
            }
            if (out != null) {
                write(buffer, out);
            } else {
                int used = (int) length;
                if (used + count > memory.length) {
                    int wanted = declaredLength > 0 ? (int) Math.min(declaredLength, maxInMemory) : 2 * (used + count);
                    memory = Arrays.copyOf(memory, Math.max(used + count, Math.min(wanted, maxInMemory)));
                }
                buffer.get(memory, used, count);
            }
            length += count;
            return null;
        } catch (IOException e) {
            return ofResponse ? new UnavailableException("the spool for bodies cannot be written", e) : e;
        }
    }

    private void spool() throws IOException {
        SpoolFile spool = SpoolFile.create();
        file = spool;
        OutputStream opened = spool.output();
        out = opened;
        opened.write(memory, 0, (int) length);
        memory = new byte[0];
    }

    private static void write(ByteBuffer buffer, OutputStream out) throws IOException {
        if (buffer.hasArray()) {
            out.write(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
            buffer.position(buffer.limit());
            return;
        }
        byte[] chunk = new byte[Math.min(CHUNK, buffer.remaining())];
        while (buffer.hasRemaining()) {
            int count = Math.min(chunk.length, buffer.remaining());
            buffer.get(chunk, 0, count);
            out.write(chunk, 0, count);
        }
    }

    private KeptBody finished() {
        if (file != null) {
            return KeptBody.of(file);
        }
        return KeptBody.of(length == memory.length ? memory : Arrays.copyOf(memory, (int) length));
    }

    private IOException wrongLength() {
        return new IOException("the request's body publisher declares " + declaredLength + " bytes and gives "
                + (length < declaredLength ? "another number" : "more"));
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
            memory = new byte[0];
            if (file != null) {
                file.close();
            }
        } finally {
            lock.unlock();
        }
        if (given != null) {
            given.cancel();
        }
        result.completeExceptionally(failure);
    }
}
