// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.internal.Spool;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What becomes of a body's bytes, whether they are read or given: bounded, timed, digested, and kept. Not thread-safe. */
final class BodyIntake implements Closeable {
    private static final int CHUNK = 8 << 10;

    private final Limits limits;
    private final Digester digester;
    private final InstantSource clock;
    private final Duration maxTime;
    private final Spool spool;
    private @Nullable Instant latest;
    private ContentDigest.@Nullable Computation computation;

    /** @param maxTime from the first byte asked for to the end, by the clock */
    BodyIntake(Limits limits, Digester digester, InstantSource clock, Duration maxTime) {
        this.limits = limits;
        this.digester = digester;
        this.clock = clock;
        this.maxTime = maxTime;
        spool = Spool.upTo(limits.maxBodyBytesInMemory(), "bodies");
    }

    Duration maxTime() {
        return maxTime;
    }

    /** The time for the body begins, unless it has. */
    void startTime() {
        if (latest == null) {
            latest = clock.instant().plus(maxTime);
        }
    }

    /** To be asked whenever something has come. */
    void checkTime() {
        Instant end = latest;
        if (end != null && clock.instant().isAfter(end)) {
            throw tooSlow();
        }
    }

    InvalidMessageException tooSlow() {
        return InvalidMessageException.malformed("the body took longer than " + maxTime.toSeconds() + " seconds");
    }

    /** Says which digests are wanted, before the first byte. */
    void begin(Set<DigestAlgorithm> algorithms) {
        computation = new ContentDigest.Computation(algorithms, limits.maxBodyBytes(), digester);
    }

    /** Takes all that a source gives. */
    void takeAll(Spool.Source source) throws IOException {
        ContentDigest.Computation running = Objects.requireNonNull(computation);
        spool.fill((into, offset, length) -> {
            int read = source.read(into, offset, length);
            if (read > 0) {
                running.update(into, offset, read);
            }
            return read;
        });
    }

    /** Takes all that remains in a buffer. */
    void take(ByteBuffer buffer) {
        ContentDigest.Computation running = Objects.requireNonNull(computation);
        if (buffer.hasArray()) {
            running.update(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
            spool.write(buffer);
            return;
        }
        byte[] chunk = new byte[Math.min(CHUNK, buffer.remaining())];
        while (buffer.hasRemaining()) {
            int count = Math.min(chunk.length, buffer.remaining());
            buffer.get(chunk, 0, count);
            running.update(chunk, 0, count);
            spool.write(chunk, 0, count);
        }
    }

    /** Whether so many more bytes would be written to a file. */
    boolean needsFile(int more) {
        return !spool.isInMemory() || more > limits.maxBodyBytesInMemory() - spool.size();
    }

    ContentDigest digest() {
        return Objects.requireNonNull(computation).digest();
    }

    long size() {
        return spool.size();
    }

    InputStream open() {
        try {
            return spool.open();
        } catch (IOException e) {
            throw new UncheckedIOException("the spooled body is gone", e);
        }
    }

    byte[] bytes() {
        if (spool.isInMemory()) {
            return Arrays.copyOf(spool.buffer(), (int) spool.size());
        }
        throw new IllegalStateException(
                "the body is longer than " + limits.maxBodyBytesInMemory() + " bytes; read it as a stream");
    }

    @Override
    public void close() {
        spool.close();
    }
}
