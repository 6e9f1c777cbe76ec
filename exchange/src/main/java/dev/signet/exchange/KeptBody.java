// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.core.UnavailableException;
import dev.signet.core.internal.Spool;
import dev.signet.http.ContentDigest;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.LastCheck;
import dev.signet.http.SignatureFields;
import dev.signet.http.VerifiedMessage;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * All bytes of a body, in memory or in a temporary file that only this process reads. What a client gave once can be had from
 * here as often as it sends, so that each attempt is signed over, and sends, the same bytes. Immutable and thread-safe. Close it
 * to let go of its file; what was opened before can be read on.
 */
public final class KeptBody implements Closeable {
    private static final KeptBody NONE = of(Spool.of(new byte[0], 0));

    /** Nothing, if the body is in a file. */
    private final byte[] memory;

    private final Spool spool;

    private KeptBody(byte[] memory, Spool spool) {
        this.memory = memory;
        this.spool = spool;
    }

    /** No body, or an empty one. */
    public static KeptBody none() {
        return NONE;
    }

    /** A copy of these bytes, in memory. */
    public static KeptBody of(byte[] bytes) {
        return of(Spool.of(bytes.clone(), bytes.length));
    }

    static KeptBody of(Spool spool) {
        return new KeptBody(spool.isInMemory() ? spool.trimmed() : new byte[0], spool);
    }

    /** In bytes. */
    public long length() {
        return spool.size();
    }

    /**
     * The body from its start.
     *
     * @throws IOException if this is closed
     */
    public InputStream open() throws IOException {
        return spool.open();
    }

    /** Writes all of it. */
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream in = spool.open()) {
            in.transferTo(out);
        }
    }

    /**
     * The body from its start, for each subscriber, in chunks as they are asked for. A subscription ends by an {@link
     * IOException} if this is closed.
     *
     * @param executor reads the file; {@code Runnable::run} reads it on the thread that asks
     */
    public Flow.Publisher<ByteBuffer> publisher(Executor executor) {
        return subscriber -> StreamPump.start(subscriber, this::open, executor);
    }

    // ---- signed and verified ---------------------------------------------------------------------------------------

    SignatureFields sign(HttpSigner signer, HttpMessage message) {
        return spool.isInMemory() ? signer.sign(message, memory) : signer.sign(message, digest(signer, message));
    }

    /** Reads a file before it returns, but never waits for a remote signer. */
    CompletionStage<SignatureFields> signAsync(HttpSigner signer, HttpMessage message) {
        try {
            return spool.isInMemory()
                    ? signer.signAsync(message, memory)
                    : signer.signAsync(message, digest(signer, message));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private ContentDigest digest(HttpSigner signer, HttpMessage message) {
        try (InputStream in = open()) {
            return signer.digest(message, in, length());
        } catch (IOException e) {
            throw new UnavailableException("the spool for bodies cannot be read", e);
        }
    }

    VerifiedMessage verify(HttpVerifier verifier, HttpMessage message, LastCheck lastCheck) {
        if (spool.isInMemory()) {
            return verifier.verify(message, memory, lastCheck);
        }
        try (InputStream in = spool.open()) {
            return verifier.verify(message, in, lastCheck);
        } catch (IOException e) {
            throw new UnavailableException("the spool for bodies cannot be read", e);
        }
    }

    @Override
    public void close() {
        spool.close();
    }

    /** The length only. */
    @Override
    public String toString() {
        return "KeptBody[" + length() + " bytes]";
    }
}
