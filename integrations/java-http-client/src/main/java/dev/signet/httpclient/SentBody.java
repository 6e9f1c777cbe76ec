// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import dev.signet.core.internal.SpoolFile;
import dev.signet.http.ContentDigest;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.SignatureFields;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a request's body, taken once from their publisher, so that exactly those are signed and sent, however often
 * the client asks. Close it to let go of its file.
 */
final class SentBody implements Closeable {
    static final SentBody NONE = new SentBody(new byte[0], null, 0);

    private final byte[] memory;
    private final @Nullable SpoolFile file;
    private final long length;

    private SentBody(byte[] memory, @Nullable SpoolFile file, long length) {
        this.memory = memory;
        this.file = file;
        this.length = length;
    }

    static SentBody of(byte[] bytes) {
        return new SentBody(bytes, null, bytes.length);
    }

    static SentBody of(SpoolFile file) {
        return new SentBody(new byte[0], file, file.size());
    }

    long length() {
        return length;
    }

    SignatureFields sign(HttpSigner signer, HttpMessage message) throws IOException {
        return file == null ? signer.sign(message, memory) : signer.sign(message, digest(signer, message));
    }

    /** Reads a file before it returns, but never waits for a remote signer. */
    CompletionStage<SignatureFields> signAsync(HttpSigner signer, HttpMessage message) throws IOException {
        return file == null ? signer.signAsync(message, memory) : signer.signAsync(message, digest(signer, message));
    }

    private ContentDigest digest(HttpSigner signer, HttpMessage message) throws IOException {
        try (InputStream in = open()) {
            return signer.digest(message, in, length);
        }
    }

    BodyPublisher publisher() {
        if (file == null) {
            return BodyPublishers.ofByteArray(memory);
        }
        return BodyPublishers.fromPublisher(this::send, length);
    }

    private void send(Flow.Subscriber<? super ByteBuffer> subscriber) {
        try {
            StreamPump.start(subscriber, open(), Function.identity());
        } catch (IOException e) {
            throw new UncheckedIOException("the spooled body is gone", e);
        }
    }

    private InputStream open() throws IOException {
        if (file == null) {
            return InputStream.nullInputStream();
        }
        return file.open();
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
