// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * How far a run has come: everything before it is on the disk.
 *
 * @param job what the run depends on, by name, as digests
 * @param outputBytes how long the output was then
 * @param rejectBytes how long the reject file was
 * @param rows their numbers
 * @param report what became of all of them, as it was saved; empty if nothing was read
 * @param finished whether only the renaming is left
 */
record Checkpoint(
        Map<String, String> job, long outputBytes, long rejectBytes, Rows rows, String report, boolean finished) {
    private static final int MAX_BYTES = 1 << 16;

    /** Of all that were read, those that were left out, and the pointers that led to nothing. */
    record Rows(long read, long rejected, List<String> unmet) {
        static final Rows NONE = new Rows(0, 0, List.of());
    }

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    static Checkpoint read(Path path) {
        try {
            if (Files.size(path) <= MAX_BYTES) {
                Checkpoint read = JSON.readValue(Files.readAllBytes(path), Checkpoint.class);
                if (read.job() != null
                        && read.rows() != null
                        && read.rows().unmet() != null
                        && read.report() != null
                        && read.outputBytes() >= 0
                        && read.rejectBytes() >= 0) {
                    return read;
                }
            }
        } catch (IOException e) {
            // Said below.
        }
        throw Failure.input(path + " is no checkpoint that can be read; remove it and begin anew");
    }

    /** Makes the first one, at once and where none may be yet: another run's stays as it is. */
    void create(Path path) throws IOException {
        Path own = path.resolveSibling(path.getFileName() + "." + UUID.randomUUID() + ".new");
        Inputs.reserve(own);
        try {
            fill(own);
            // A link, since a renaming would take the place of what stands there.
            Files.createLink(path, own);
        } catch (FileAlreadyExistsException e) {
            throw Failure.input(path + " exists already and is not overwritten");
        } catch (UnsupportedOperationException | FileSystemException e) {
            // A file system without links. What a crash leaves in between is no checkpoint, and is said to be none.
            Inputs.reserve(path);
            fill(path);
        } finally {
            Files.deleteIfExists(own);
        }
    }

    /** Puts it in the place of the last one, at once: after a crash there is the one or the other. */
    void write(Path path) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(next);
        Inputs.reserve(next);
        fill(next);
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void fill(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(this));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
