// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.UnavailableException;
import dev.signet.core.internal.SpoolFile;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What becomes of a body's bytes, whether they are read or given: bounded, timed, digested, and kept. Not thread-safe. */
final class BodyIntake implements Closeable {
    private static final int CHUNK = 16 << 10;

    private final Limits limits;
    private final Digester digester;
    private final InstantSource clock;
    private final Duration maxTime;
    private @Nullable Instant latest;
    private ContentDigest.@Nullable Computation computation;
    private byte[] memory = new byte[0];
    private int length;
    private byte[] chunk = new byte[0];
    private long size;
    private @Nullable SpoolFile file;
    private @Nullable OutputStream out;

    /** @param maxTime from the first byte asked for to the end, by the clock */
    BodyIntake(Limits limits, Digester digester, InstantSource clock, Duration maxTime) {
        this.limits = limits;
        this.digester = digester;
        this.clock = clock;
        this.maxTime = maxTime;
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

    /** Where the next bytes are to be put, from {@link #position} on. */
    byte[] room() {
        int most = limits.maxBodyBytesInMemory();
        if (file == null && length < most) {
            if (length == memory.length) {
                memory = Arrays.copyOf(memory, Math.min(most, Math.max(CHUNK, 2 * length)));
            }
            return memory;
        }
        if (chunk.length == 0) {
            chunk = new byte[CHUNK];
        }
        return chunk;
    }

    int position() {
        return isRoomInMemory() ? length : 0;
    }

    /** Whether so many more bytes would be written to a file. */
    boolean needsFile(int more) {
        return file != null || more > limits.maxBodyBytesInMemory() - length;
    }

    /** Takes what was put into the {@linkplain #room room}. */
    void took(int count) {
        boolean inMemory = isRoomInMemory();
        Objects.requireNonNull(computation).update(inMemory ? memory : chunk, position(), count);
        if (inMemory) {
            length += count;
        } else {
            write(count);
        }
        size += count;
    }

    private boolean isRoomInMemory() {
        return file == null && length < limits.maxBodyBytesInMemory();
    }

    private void write(int count) {
        try {
            OutputStream opened = out;
            if (opened == null) {
                SpoolFile spool = SpoolFile.create();
                file = spool;
                opened = spool.output();
                out = opened;
                opened.write(memory, 0, length);
                memory = new byte[0];
            }
            opened.write(chunk, 0, count);
        } catch (IOException e) {
            close();
            throw new UnavailableException("the spool for bodies cannot be written", e);
        }
    }

    ContentDigest digest() {
        return Objects.requireNonNull(computation).digest();
    }

    long size() {
        return size;
    }

    InputStream open() {
        SpoolFile spool = file;
        if (spool == null) {
            return new ByteArrayInputStream(memory, 0, length);
        }
        try {
            return spool.open();
        } catch (IOException e) {
            throw new UncheckedIOException("the spooled body is gone", e);
        }
    }

    byte[] bytes() {
        if (file == null) {
            return Arrays.copyOf(memory, length);
        }
        throw new IllegalStateException(
                "the body is longer than " + limits.maxBodyBytesInMemory() + " bytes; read it as a stream");
    }

    @Override
    public void close() {
        SpoolFile spool = file;
        if (spool != null) {
            spool.close();
        }
    }
}
