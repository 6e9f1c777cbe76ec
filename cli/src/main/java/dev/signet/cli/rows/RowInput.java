// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The file of rows, or standard input, behind the byte order mark that it may begin with. */
final class RowInput implements AutoCloseable {
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final int IDENTIFYING_BYTES = 1 << 16;

    private final String name;
    private final @Nullable Path path;
    private final InputStream in;
    private final byte[] mark;

    private RowInput(String name, @Nullable Path path, InputStream in) throws IOException {
        this.name = name;
        this.path = path;
        this.in = in;
        in.mark(MARK.length);
        byte[] first = in.readNBytes(MARK.length);
        boolean isMarked = first.length == MARK.length && MessageDigest.isEqual(first, MARK);
        mark = isMarked ? MARK.clone() : new byte[0];
        if (!isMarked) {
            in.reset();
            refuseOthers(first);
        }
    }

    static RowInput open(Shell shell, String name) throws IOException {
        if (Inputs.isStandardInput(name)) {
            if (!shell.in().take()) {
                throw Failure.input("standard input is named twice");
            }
            return new RowInput(Inputs.display(name), null, new BufferedInputStream(shell.in()));
        }
        Path path = Texts.path(name);
        if (Files.isDirectory(path)) {
            throw Failure.input(name + " is a directory");
        }
        // Not by a channel: a named pipe is fine, too.
        return new RowInput(name, path, new BufferedInputStream(new FileInputStream(path.toFile())));
    }

    private void refuseOthers(byte[] first) {
        if (first.length >= 2) {
            int start = (first[0] & 0xff) << 8 | (first[1] & 0xff);
            if (start == 0x1f8b) {
                throw Failure.input(name + " is compressed by gzip; pipe it in: gunzip -c FILE | signet ... -");
            }
            if (start == 0xfeff || start == 0xfffe || first[0] == 0 || first[1] == 0) {
                throw Failure.input(name + " is no UTF-8; if it is UTF-16, turn it by: iconv -f UTF-16 -t UTF-8");
            }
        }
    }

    InputStream in() {
        return in;
    }

    /** The byte order mark; empty if there is none. */
    byte[] mark() {
        return mark.clone();
    }

    /** Where a run can begin anew in the middle. */
    boolean isRegularFile() {
        return path != null && Files.isRegularFile(path);
    }

    /** The number of bytes; negative if that is not known. */
    long size() throws IOException {
        return path != null && isRegularFile() ? Files.size(path) : -1;
    }

    /** Goes on behind so many bytes of the file, which the digest takes. */
    void skipTo(long position, MessageDigest digest) throws IOException {
        byte[] bytes = new byte[1 << 16];
        long left = position - mark.length;
        while (left > 0) {
            int read = in.read(bytes, 0, (int) Math.min(left, bytes.length));
            if (read < 0) {
                throw new EOFException("the input ends before the checkpoint");
            }
            digest.update(bytes, 0, read);
            left -= read;
        }
    }

    /** For all that is read behind the byte order mark. */
    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * By what the same file is known again before much of it is read. What a run has read is compared as a whole when another
     * one goes on behind it.
     */
    String identity() throws IOException {
        if (path == null || !isRegularFile()) {
            return "";
        }
        try (InputStream first = Files.newInputStream(path)) {
            MessageDigest digest = digest();
            digest.update(first.readNBytes(IDENTIFYING_BYTES));
            return Files.size(path) + "/" + Files.getLastModifiedTime(path).toMillis() + "/"
                    + HexFormat.of().formatHex(digest.digest());
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
