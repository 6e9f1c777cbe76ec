// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a result goes: standard output, or a new file that gets its name only when it is complete. */
public final class OutputOption {
    private static final int BUFFER = 64 << 10;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to write, a new file; standard output by default.")
    private @Nullable String out;

    /** Writes a result to a stream, which it does not close. */
    @FunctionalInterface
    public interface Writing {
        void to(OutputStream stream) throws IOException;
    }

    /** Refuses a name that is taken, before anything is read. */
    public void requireFree() {
        if (out != null) {
            Path path = Inputs.output("--out", out);
            Inputs.requireFree(path);
            Path part = PartFile.partOf(path);
            if (Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
                throw Failure.input(part + " exists already: a run that was killed left it, or one is writing it now; "
                        + "if none is, remove it");
            }
        }
    }

    /** @throws IOException if it, or what it is made from, cannot be written or read; nothing is left then */
    public void write(Shell shell, Writing writing) throws IOException {
        if (out == null) {
            // What cannot be written is told at the end of the process.
            OutputStream content = shell.content();
            writing.to(content);
            content.flush();
            return;
        }
        Path path = Texts.path(out);
        PartFile part = PartFile.create(path);
        boolean complete = false;
        try (part) {
            OutputStream stream = new BufferedOutputStream(part.stream(), BUFFER);
            writing.to(stream);
            stream.flush();
            part.sync();
            part.finish();
            complete = true;
        } finally {
            if (!complete) {
                Files.deleteIfExists(PartFile.partOf(path));
            }
        }
    }

    public void write(Shell shell, byte[] result) throws IOException {
        write(shell, stream -> stream.write(result));
    }
}
