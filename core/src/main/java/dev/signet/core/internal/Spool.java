// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.UnavailableException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Content of a length that nobody knows before: in memory up to a bound, and beyond it all of it in a temporary file that only
 * its owner reads, and that is gone when it is closed, or with the process.
 *
 * <p>It is written by one thread at a time, and read as often as one likes when all is written. Where the file cannot be
 * written, since the disk is full or the folder is not there, the outcome is one: {@link UnavailableException}, and the spool
 * is closed. What was in memory can be read after {@link #close}; so can streams that are open then.
 */
public final class Spool implements Closeable {
    private static final int CHUNK = 16 << 10;
    private static final int BUFFER = 32 << 10;
    private static final int DIRECT_CHUNK = 8 << 10;
    private static final byte[] NONE = new byte[0];

    private final String what;
    private final int inMemory;
    private final long most;
    private final Files files;
    private byte[] memory;
    private long size;
    private @Nullable SpoolFile file;
    private @Nullable OutputStream out;
    private boolean closed;

    /** Where content comes from: as {@link InputStream#read(byte[], int, int)}. */
    @FunctionalInterface
    public interface Source {
        int read(byte[] into, int offset, int length) throws IOException;
    }

    /** Makes the file. */
    @FunctionalInterface
    interface Files {
        SpoolFile create() throws IOException;
    }

    Spool(String what, int inMemory, long most, Files files, byte[] memory, long size) {
        this.what = what;
        this.inMemory = inMemory;
        this.most = most;
        this.files = files;
        this.memory = memory;
        this.size = size;
    }

    /**
     * An empty one of any size.
     *
     * @param what it is for, in the plural, as errors name it
     * @param inMemory bytes that stay in memory
     */
    public static Spool upTo(int inMemory, String what) {
        return upTo(inMemory, what, Long.MAX_VALUE);
    }

    /** @param most bytes; one more is an {@link InvalidMessageException} of size */
    public static Spool upTo(int inMemory, String what, long most) {
        return new Spool(what, inMemory, most, SpoolFile::create, NONE, 0);
    }

    /** All that there will be, in memory. Not copied: the caller does not change it any more. */
    public static Spool of(byte[] bytes, int length) {
        return new Spool("nothing", length, length, SpoolFile::create, bytes, length);
    }

    // ---- writing ---------------------------------------------------------------------------------------------------

    /** Makes room for what is announced, as far as it stays in memory; a guess is enough. */
    public void expect(long bytes) {
        if (file == null && bytes > memory.length && memory.length < inMemory) {
            memory = Arrays.copyOf(memory, (int) Math.min(bytes, inMemory));
        }
    }

    public void write(byte[] bytes, int offset, int length) {
        if (staysInMemory(length)) {
            grow(length);
            System.arraycopy(bytes, offset, memory, (int) size, length);
        } else {
            append(bytes, offset, length);
        }
        size += length;
    }

    /** Takes all that remains in the buffer. */
    public void write(ByteBuffer buffer) {
        int length = buffer.remaining();
        if (staysInMemory(length)) {
            grow(length);
            buffer.get(memory, (int) size, length);
            size += length;
        } else if (buffer.hasArray()) {
            write(buffer.array(), buffer.arrayOffset() + buffer.position(), length);
            buffer.position(buffer.limit());
        } else {
            byte[] chunk = new byte[Math.min(DIRECT_CHUNK, length)];
            while (buffer.hasRemaining()) {
                int count = Math.min(chunk.length, buffer.remaining());
                buffer.get(chunk, 0, count);
                write(chunk, 0, count);
            }
        }
    }

    /**
     * Takes all of a source, which is not closed; this is, if that fails.
     *
     * @throws IOException from the source only
     */
    public void fill(Source source) throws IOException {
        try {
            while (file == null && size < inMemory) {
                if (size == memory.length) {
                    expect(Math.max(CHUNK, 2 * size));
                }
                int count = source.read(memory, (int) size, memory.length - (int) size);
                if (count < 0) {
                    return;
                }
                requireRoom(count);
                size += count;
            }
            byte[] chunk = new byte[CHUNK];
            for (int count = source.read(chunk, 0, CHUNK); count >= 0; count = source.read(chunk, 0, CHUNK)) {
                write(chunk, 0, count);
            }
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Writes here; to close it does nothing. */
    public OutputStream output() {
        return new Output();
    }

    private boolean staysInMemory(int more) {
        requireRoom(more);
        return file == null && size + more <= inMemory;
    }

    private void requireRoom(int more) {
        if (closed) {
            throw new IllegalStateException("the spool is closed");
        }
        if (more > most - size) {
            close();
            throw InvalidMessageException.tooLarge(what + " of more than " + most + " bytes");
        }
    }

    private void grow(int more) {
        if (size + more > memory.length) {
            expect(2 * (size + more));
        }
    }

    private void append(byte[] bytes, int offset, int length) {
        try {
            OutputStream stream = out;
            if (stream == null) {
                SpoolFile created = files.create();
                file = created;
                stream = created.output();
                out = stream;
                stream.write(memory, 0, (int) size);
                memory = NONE;
            }
            stream.write(bytes, offset, length);
        } catch (IOException e) {
            close();
            throw new UnavailableException("the spool for " + what + " cannot be written", e);
        }
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    /** Bytes written so far. */
    public long size() {
        return size;
    }

    public boolean isInMemory() {
        return file == null;
    }

    /** The bytes in memory, of which {@link #size()} count; not copied. */
    public byte[] buffer() {
        return memory;
    }

    /** The bytes in memory and nothing behind them; not copied where they fill their array. */
    public byte[] trimmed() {
        return size == memory.length ? memory : Arrays.copyOf(memory, Math.toIntExact(size));
    }

    /** All bytes, a copy. */
    public byte[] toBytes() throws IOException {
        SpoolFile spooled = file;
        if (spooled == null) {
            return Arrays.copyOf(memory, Math.toIntExact(size));
        }
        try (InputStream in = spooled.open()) {
            return in.readAllBytes();
        }
    }

    /**
     * All bytes from the first on, buffered.
     *
     * @throws IOException if they were in a file and this is closed
     */
    public InputStream open() throws IOException {
        InputStream stream = openFile();
        return stream == null ? new ByteArrayInputStream(memory, 0, (int) size) : stream;
    }

    /** As {@link #open}; null if all is in memory. */
    public @Nullable InputStream openFile() throws IOException {
        SpoolFile spooled = file;
        return spooled == null ? null : new BufferedInputStream(spooled.open(), BUFFER);
    }

    /** Lets go of the file; does nothing the second time. */
    @Override
    public void close() {
        closed = true;
        SpoolFile spooled = file;
        if (spooled != null) {
            spooled.close();
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) {
            Spool.this.write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            Spool.this.write(bytes, offset, length);
        }
    }
}
