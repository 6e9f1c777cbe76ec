// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.internal.SpoolFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes in memory, or in a temporary file, which is gone on closing and, where the system allows it, has no name. */
final class Content implements AutoCloseable {
    private static final int BUFFER = 32 << 10;

    private final byte[] bytes;
    private final long length;
    private final @Nullable SpoolFile file;

    private Content(byte[] bytes, long length, @Nullable SpoolFile file) {
        this.bytes = bytes;
        this.length = length;
        this.file = file;
    }

    /** Not copied: the caller does not change them any more. */
    static Content of(byte[] bytes, int length) {
        return new Content(bytes, length, null);
    }

    static Content of(SpoolFile file) {
        return new Content(new byte[0], file.size(), file);
    }

    /**
     * All of a stream, which is not closed.
     *
     * @throws InvalidMessageException if it is longer than {@code limit}
     */
    static Content of(InputStream in, long limit, int inMemory) throws IOException {
        byte[] start = in.readNBytes(limit < inMemory ? (int) limit + 1 : inMemory);
        if (start.length > limit) {
            throw tooLarge(limit);
        }
        int more = in.read();
        if (more < 0) {
            return of(start, start.length);
        }
        SpoolFile file = SpoolFile.create();
        try {
            OutputStream out = file.output();
            out.write(start);
            out.write(more);
            long total = start.length + 1L;
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                total += n;
                if (total > limit) {
                    throw tooLarge(limit);
                }
                out.write(buffer, 0, n);
            }
            if (total > limit) {
                throw tooLarge(limit);
            }
            return of(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    long length() {
        return length;
    }

    boolean isInMemory() {
        return file == null;
    }

    /** The bytes in memory, of which {@link #length()} count; not copied. */
    byte[] buffer() {
        return bytes;
    }

    byte[] toBytes() throws IOException {
        if (file == null) {
            return Arrays.copyOf(bytes, (int) length);
        }
        try (InputStream in = file.open()) {
            return in.readAllBytes();
        }
    }

    InputStream open() throws IOException {
        return file == null
                ? new ByteArrayInputStream(bytes, 0, (int) length)
                : new BufferedInputStream(file.open(), BUFFER);
    }

    /** Opens it as XML; {@code stream} is what to close afterwards. */
    StrictReader read(StrictReader.Factory factory, @Nullable InputStream stream) throws IOException {
        return stream == null ? factory.open(bytes, 0, (int) length) : factory.open(stream);
    }

    /** A stream to read the file by; null if all is in memory. */
    @Nullable
    InputStream openFile() throws IOException {
        return file == null ? null : open();
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }

    private static InvalidMessageException tooLarge(long limit) {
        return InvalidMessageException.tooLarge("XML of more than " + limit + " bytes");
    }
}
