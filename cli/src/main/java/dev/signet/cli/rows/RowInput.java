// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The file of rows, or standard input. */
final class RowInput implements AutoCloseable {
    private static final int IDENTIFYING_BYTES = 1 << 16;

    private final String name;
    private final @Nullable Path path;
    private final InputStream in;

    private RowInput(String name, @Nullable Path path, InputStream in) throws IOException {
        this.name = name;
        this.path = path;
        this.in = in;
        in.mark(2);
        byte[] first = in.readNBytes(2);
        in.reset();
        refuseOthers(first);
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

    /** Where a run can begin anew in the middle. */
    boolean isRegularFile() {
        return path != null && Files.isRegularFile(path);
    }

    /** The number of bytes; negative if that is not known. */
    long size() throws IOException {
        return path != null && isRegularFile() ? Files.size(path) : -1;
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
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(first.readNBytes(IDENTIFYING_BYTES));
            return Files.size(path) + "/" + Files.getLastModifiedTime(path).toMillis() + "/"
                    + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
