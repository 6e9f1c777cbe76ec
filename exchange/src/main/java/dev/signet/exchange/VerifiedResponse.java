// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.http.VerifiedMessage;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * A response that answers the attempt it was verified for, with its body. Made by {@link SignedRequest} only. Close it to remove a
 * spooled body; what was opened before can be read on. Thread-safe.
 */
public final class VerifiedResponse implements AutoCloseable {
    private final VerifiedMessage verified;

    VerifiedResponse(VerifiedMessage verified) {
        this.verified = verified;
    }

    /** What may be trusted of the response. */
    public VerifiedMessage verified() {
        return verified;
    }

    /** The verified body from its start. */
    public InputStream body() {
        return verified.contentStream();
    }

    /**
     * The verified body from its start, for each subscriber, in chunks as they are asked for.
     *
     * @param executor reads the file of a long body; {@code Runnable::run} reads it on the thread that asks
     */
    public Flow.Publisher<ByteBuffer> bodyPublisher(Executor executor) {
        return subscriber -> StreamPump.start(subscriber, verified::contentStream, executor);
    }

    /** Removes a spooled body. */
    @Override
    public void close() {
        verified.close();
    }

    /** The signatures; no values. */
    @Override
    public String toString() {
        return "VerifiedResponse[" + verified + "]";
    }
}
