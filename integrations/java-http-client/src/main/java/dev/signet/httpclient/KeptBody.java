// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import dev.signet.core.internal.Spool;
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

/**
 * All bytes of a body. Those of a request are taken once from their publisher, so that exactly those are signed and sent,
 * however often the client asks; those of a response are taken as they come, so that no thread waits for them. Close it to let
 * go of its file.
 */
final class KeptBody implements Closeable {
    static final KeptBody NONE = of(Spool.of(new byte[0], 0));

    private final byte[] memory;
    private final Spool spool;

    private KeptBody(byte[] memory, Spool spool) {
        this.memory = memory;
        this.spool = spool;
    }

    static KeptBody of(Spool spool) {
        return new KeptBody(spool.isInMemory() ? spool.trimmed() : new byte[0], spool);
    }

    long length() {
        return spool.size();
    }

    SignatureFields sign(HttpSigner signer, HttpMessage message) throws IOException {
        return spool.isInMemory() ? signer.sign(message, memory) : signer.sign(message, digest(signer, message));
    }

    /** Reads a file before it returns, but never waits for a remote signer. */
    CompletionStage<SignatureFields> signAsync(HttpSigner signer, HttpMessage message) throws IOException {
        return spool.isInMemory()
                ? signer.signAsync(message, memory)
                : signer.signAsync(message, digest(signer, message));
    }

    private ContentDigest digest(HttpSigner signer, HttpMessage message) throws IOException {
        try (InputStream in = spool.open()) {
            return signer.digest(message, in, length());
        }
    }

    VerifiedMessage verify(HttpVerifier verifier, HttpMessage message) throws IOException {
        if (spool.isInMemory()) {
            return verifier.verify(message, memory);
        }
        try (InputStream in = spool.open()) {
            return verifier.verify(message, in);
        }
    }

    BodyPublisher publisher() {
        if (spool.isInMemory()) {
            return BodyPublishers.ofByteArray(memory);
        }
        return BodyPublishers.fromPublisher(this::send, length());
    }

    private void send(Flow.Subscriber<? super ByteBuffer> subscriber) {
        try {
            StreamPump.start(subscriber, spool.open(), Function.identity());
        } catch (IOException e) {
            throw new UncheckedIOException("the spooled body is gone", e);
        }
    }

    @Override
    public void close() {
        spool.close();
    }
}
