// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that gets its name only when it is complete; until then {@code .part} stands behind it. Its owner's only. */
public final class PartFile implements AutoCloseable {
    private final Path path;
    private final Path part;
    private final RandomAccessFile file;
    private long length;

    private PartFile(Path path, Path part, RandomAccessFile file, long length) {
        this.path = path;
        this.part = part;
        this.file = file;
        this.length = length;
    }

    public static Path partOf(Path path) {
        return path.resolveSibling(path.getFileName() + ".part");
    }

    public static PartFile create(Path path) throws IOException {
        Inputs.reserve(partOf(path));
        return open(path, 0);
    }

    /** The unfinished file, cut to what a checkpoint vouches for. */
    public static PartFile open(Path path, long length) throws IOException {
        Path part = partOf(path);
        if (!Files.isRegularFile(part) || Files.size(part) < length) {
            throw Failure.input(
                    part + " is shorter than it was at the checkpoint; remove it with the checkpoint, and begin anew");
        }
        RandomAccessFile file = new RandomAccessFile(part.toFile(), "rw");
        try {
            if (file.getChannel().tryLock() == null) {
                throw Failure.input("another run writes " + part);
            }
            file.setLength(length);
            file.seek(length);
            return new PartFile(path, part, file, length);
        } catch (OverlappingFileLockException e) {
            file.close();
            throw Failure.input("another run writes " + part);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    public long length() {
        return length;
    }

    public void write(byte[] bytes, int count) throws IOException {
        file.write(bytes, 0, count);
        length += count;
    }

    /** Appends to the file, which stays open when the stream is closed. */
    public OutputStream stream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                file.write(bytes, offset, count);
                length += count;
            }
        };
    }

    public void sync() throws IOException {
        file.getFD().sync();
    }

    /** Gives the file its name. */
    public void finish() throws IOException {
        file.close();
        Inputs.requireFree(path);
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
