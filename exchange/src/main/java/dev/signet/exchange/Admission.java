// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.http.HttpMessage;
import dev.signet.http.ReceivedBody;
import dev.signet.http.VerifiedMessage;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * A request that was let in: what is verified of it, who sent it, and what of it the application must not see. Made by {@link
 * InboundPipeline} only. Close it when the request is done, to remove a spooled body. Thread-safe.
 */
public final class Admission implements AutoCloseable {
    private final HttpMessage request;
    private final VerifiedMessage verified;
    private final ReceivedBody body;
    private final String caller;
    private final VisibleFields visible;

    Admission(HttpMessage request, VerifiedMessage verified, ReceivedBody body, String caller, VisibleFields visible) {
        this.request = request;
        this.verified = verified;
        this.body = body;
        this.caller = caller;
        this.visible = visible;
    }

    /** What may be trusted of the request. */
    public VerifiedMessage verified() {
        return verified;
    }

    /** The caller's name: the key's id, or what the pipeline was told to make of the verified request. */
    public String caller() {
        return caller;
    }

    /**
     * The request as it was verified, at its public origin, for signing the response to it. Not all of it is covered: for
     * decisions there is {@link #verified()}.
     */
    public HttpMessage request() {
        return request;
    }

    /**
     * Whether the application must not see a field, since it claims an identity, or is not covered where only covered ones are
     * to be seen; the name's case does not matter.
     */
    public boolean isStripped(String fieldName) {
        return visible.isStripped(fieldName, verified, false);
    }

    /** The same of a trailer field. */
    public boolean isTrailerStripped(String fieldName) {
        return visible.isStripped(fieldName, verified, true);
    }

    /** The body from its start: the verified one, unless the pipeline admits bodies that no signature covers. */
    public InputStream body() {
        return body.open();
    }

    /**
     * The same body, for each subscriber, in chunks as they are asked for.
     *
     * @param executor reads the file of a long body; {@code Runnable::run} reads it on the thread that asks
     */
    public Flow.Publisher<ByteBuffer> bodyPublisher(Executor executor) {
        return subscriber -> StreamPump.start(subscriber, body::open, executor);
    }

    /** The body's length in bytes. */
    public long bodyLength() {
        return body.length();
    }

    /** Removes a spooled body. */
    @Override
    public void close() {
        body.close();
    }

    /** The caller's signatures; no values. */
    @Override
    public String toString() {
        return "Admission[" + verified + "]";
    }
}
