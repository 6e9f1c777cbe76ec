// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.core.UnavailableException;
import dev.signet.core.internal.SpoolFile;
import dev.signet.http.ContentDigest;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.LastCheck;
import dev.signet.http.SignatureFields;
import dev.signet.http.VerifiedMessage;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * All bytes of a body, in memory or in a temporary file that only this process reads. What a client gave once can be had from
 * here as often as it sends, so that each attempt is signed over, and sends, the same bytes. Immutable and thread-safe. Close it
 * to let go of its file; what was opened before can be read on.
 */
public final class KeptBody implements Closeable {
    static final KeptBody NONE = new KeptBody(new byte[0], null, 0);

    private final byte[] memory;
    private final @Nullable SpoolFile file;
    private final long length;

    private KeptBody(byte[] memory, @Nullable SpoolFile file, long length) {
        this.memory = memory;
        this.file = file;
        this.length = length;
    }

    /** No body, or an empty one. */
    public static KeptBody none() {
        return NONE;
    }

    /** A copy of these bytes, in memory. */
    public static KeptBody of(byte[] bytes) {
        return ofShared(bytes.clone());
    }

    static KeptBody ofShared(byte[] bytes) {
        return bytes.length == 0 ? NONE : new KeptBody(bytes, null, bytes.length);
    }

    static KeptBody of(SpoolFile file) {
        return new KeptBody(new byte[0], file, file.size());
    }

    /** In bytes. */
    public long length() {
        return length;
    }

    /**
     * The body from its start.
     *
     * @throws IOException if this is closed
     */
    public InputStream open() throws IOException {
        return file == null ? new ByteArrayInputStream(memory) : file.open();
    }

    /** Writes all of it. */
    public void writeTo(OutputStream out) throws IOException {
        if (file == null) {
            out.write(memory);
            return;
        }
        try (InputStream in = file.open()) {
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
        return file == null ? signer.sign(message, memory) : signer.sign(message, digest(signer, message));
    }

    /** Reads a file before it returns, but never waits for a remote signer. */
    CompletionStage<SignatureFields> signAsync(HttpSigner signer, HttpMessage message) {
        try {
            return file == null
                    ? signer.signAsync(message, memory)
                    : signer.signAsync(message, digest(signer, message));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private ContentDigest digest(HttpSigner signer, HttpMessage message) {
        try (InputStream in = open()) {
            return signer.digest(message, in, length);
        } catch (IOException e) {
            throw new UnavailableException("the spool for bodies cannot be read", e);
        }
    }

    VerifiedMessage verify(HttpVerifier verifier, HttpMessage message, LastCheck lastCheck) {
        if (file == null) {
            return verifier.verify(message, memory, lastCheck);
        }
        try (InputStream in = file.open()) {
            return verifier.verify(message, in, lastCheck);
        } catch (IOException e) {
            throw new UnavailableException("the spool for bodies cannot be read", e);
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }

    /** The length only. */
    @Override
    public String toString() {
        return "KeptBody[" + length + " bytes]";
    }
}
