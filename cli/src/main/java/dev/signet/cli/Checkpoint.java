// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.signet.cli.RowBlock.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * How far a run has come: everything before it is on the disk.
 *
 * @param job what the run depends on, by name, as digests
 * @param input how far the input was read
 * @param outputBytes how long the output was then
 * @param rejectBytes how long the reject file was
 * @param rejected rows that were left out
 * @param finished whether only the renaming is left
 */
record Checkpoint(
        Map<String, String> job, Position input, long outputBytes, long rejectBytes, long rejected, boolean finished) {
    private static final int MAX_BYTES = 1 << 16;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    static Checkpoint read(Path path) {
        try {
            if (Files.size(path) <= MAX_BYTES) {
                Checkpoint read = JSON.readValue(Files.readAllBytes(path), Checkpoint.class);
                if (read.job() != null && read.input() != null && read.outputBytes() >= 0 && read.rejectBytes() >= 0) {
                    return read;
                }
            }
        } catch (IOException e) {
            // Said below.
        }
        throw Failure.input(path + " is no checkpoint that can be read; remove it and begin anew");
    }

    /** Puts it in the place of the last one, at once: after a crash there is the one or the other. */
    void write(Path path) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(next);
        Inputs.reserve(next);
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(this));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
