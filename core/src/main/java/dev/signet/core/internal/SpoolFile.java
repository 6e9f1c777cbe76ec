// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A temporary file for content that is too long for memory. Only its owner can open it, and where the system allows it (POSIX)
 * it has no name from the start on, so that nothing of it stays however the process ends. Elsewhere it goes when it is closed,
 * or when the JVM exits.
 *
 * <p>It is written once, by one thread; streams that read it are independent of each other and of {@link #close}: its space
 * comes free when it and all of them are closed, at their end, or garbage. Not bound to interrupts, as a {@code FileChannel} would be.
 */
final class SpoolFile implements Closeable {
    private final RandomAccessFile file;
    /** Where it could not be removed; null if it has no name. */
    private final @Nullable Path name;
    /** Guards the file's position and what follows. */
    private final ReentrantLock lock = new ReentrantLock();

    private long size;
    private int holds = 1;
    private boolean closed;

    SpoolFile(RandomAccessFile file, @Nullable Path name) {
        this.file = file;
        this.name = name;
    }

    /** An empty file in the folder for temporary files. */
    static SpoolFile create() throws IOException {
        return create(true);
    }

    static SpoolFile create(boolean unlink) throws IOException {
        // Created with access for the owner only where the file system knows owners.
        Path path = Files.createTempFile("signet-spool-", null);
        RandomAccessFile file;
        try {
            file = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(path);
            throw e;
        }
        return new SpoolFile(file, unlink && removed(path) ? null : keptUntilExit(path));
    }

    /** Appends; closing this stream does nothing. */
    OutputStream output() {
        return new Output();
    }

    /** Bytes written so far. */
    long size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    /**
     * All that was written, from its start. The stream can be read on after this file is closed.
     *
     * @throws IOException if this file is closed
     */
    InputStream open() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the spool file is closed");
            }
            holds++;
            return new Input();
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of the content; does nothing the second time. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                release();
            }
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        holds--;
        if (holds > 0) {
            return;
        }
        try {
            file.close();
        } catch (IOException e) {
            // All was read, or nobody wants the rest.
        }
        if (name != null) {
            // What cannot be removed now goes at the exit.
            removed(name);
        }
    }

    private static boolean removed(Path path) {
        try {
            Files.deleteIfExists(path);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path keptUntilExit(Path path) {
        path.toFile().deleteOnExit();
        return path;
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            lock.lock();
            try {
                if (closed) {
                    throw new IOException("the spool file is closed");
                }
                file.seek(size);
                file.write(bytes, offset, length);
                size += length;
            } finally {
                lock.unlock();
            }
        }
    }

    private final class Input extends InputStream {
        private long position;
        private boolean ended;
        private boolean done;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            lock.lock();
            try {
                requireOpen();
                if (length == 0) {
                    return 0;
                }
                int read = -1;
                if (!ended) {
                    file.seek(position);
                    read = file.read(bytes, offset, length);
                }
                if (read < 0) {
                    end();
                } else {
                    position += read;
                }
                return read;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long skip(long n) throws IOException {
            lock.lock();
            try {
                requireOpen();
                long skipped = Math.max(0, Math.min(n, size - position));
                position += skipped;
                return skipped;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int available() throws IOException {
            lock.lock();
            try {
                requireOpen();
                return (int) Math.min(Integer.MAX_VALUE, size - position);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                done = true;
                end();
            } finally {
                lock.unlock();
            }
        }

        /** Many readers do not close what they have read to its end. */
        private void end() {
            if (!ended) {
                ended = true;
                release();
            }
        }

        private void requireOpen() throws IOException {
            if (done) {
                throw new IOException("the stream is closed");
            }
        }
    }
}
