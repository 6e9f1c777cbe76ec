// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import dev.signet.core.internal.SpoolFile;
import dev.signet.http.ContentDigest;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignatureFields;
import dev.signet.http.VerifiedMessage;
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
 * All bytes of a body. Those of a request are taken once from their publisher, so that exactly those are signed and sent,
 * however often the client asks; those of a response are taken as they come, so that no thread waits for them. Close it to let
 * go of its file.
 */
final class KeptBody implements Closeable {
    static final KeptBody NONE = new KeptBody(new byte[0], null, 0);

    private final byte[] memory;
    private final @Nullable SpoolFile file;
    private final long length;

    private KeptBody(byte[] memory, @Nullable SpoolFile file, long length) {
        this.memory = memory;
        this.file = file;
        this.length = length;
    }

    static KeptBody of(byte[] bytes) {
        return new KeptBody(bytes, null, bytes.length);
    }

    static KeptBody of(SpoolFile file) {
        return new KeptBody(new byte[0], file, file.size());
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

    VerifiedMessage verify(HttpVerifier verifier, HttpMessage message) throws IOException {
        if (file == null) {
            return verifier.verify(message, memory);
        }
        try (InputStream in = file.open()) {
            return verifier.verify(message, in);
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
