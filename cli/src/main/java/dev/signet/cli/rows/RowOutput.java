// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.PartFile;
import dev.signet.cli.shell.Shell;
import dev.signet.records.RecordReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where rows go, and the reject file: files that can be gone on with after the process was killed, or standard output, for
 * which that cannot be.
 */
final class RowOutput implements AutoCloseable {
    private static final long CHECKPOINT_NANOS = 500_000_000L;

    private final Shell shell;
    private final Map<String, String> job;
    private final @Nullable Path out;
    private final @Nullable Path rejects;
    private @Nullable PartFile outFile;
    private @Nullable PartFile rejectFile;
    private boolean hasCheckpoint;
    private @Nullable RecordReport reached;
    private Checkpoint.Rows resumedRows = Checkpoint.Rows.NONE;
    private String resumedReport = "";
    private long nextCheckpoint = System.nanoTime() + CHECKPOINT_NANOS;

    private RowOutput(Shell shell, Map<String, String> job, @Nullable Path out, @Nullable Path rejects) {
        this.shell = shell;
        this.job = job;
        this.out = out;
        this.rejects = rejects;
    }

    /** Refuses names that are taken, before anything is asked or read. */
    static void requireFree(@Nullable Path out, @Nullable Path rejects, boolean resume) {
        if (out != null) {
            Path checkpoint = checkpointOf(out);
            boolean isUnfinished = Files.exists(checkpoint, LinkOption.NOFOLLOW_LINKS);
            if (isUnfinished && !resume) {
                throw Failure.input("an unfinished run left " + PartFile.partOf(out)
                        + "; go on with it by --resume, or remove it and " + checkpoint);
            }
            if (isUnfinished) {
                return;
            }
            requireFree(out);
        }
        if (rejects != null) {
            requireFree(rejects);
        }
    }

    private static void requireFree(Path path) {
        Inputs.requireFree(path);
        Inputs.requireFree(PartFile.partOf(path));
    }

    static Path checkpointOf(Path out) {
        return out.resolveSibling(out.getFileName() + ".checkpoint");
    }

    /** Opens new files, or those that a checkpoint tells of. */
    static RowOutput open(
            Shell shell, Map<String, String> job, @Nullable Path out, @Nullable Path rejects, @Nullable Checkpoint from)
            throws IOException {
        RowOutput output = new RowOutput(shell, job, out, rejects);
        try {
            if (from != null && out != null) {
                output.outFile = PartFile.open(out, from.outputBytes());
                output.rejectFile = rejects == null ? null : PartFile.open(rejects, from.rejectBytes());
                output.resumedRows = from.rows();
                output.resumedReport = from.report();
                return output;
            }
            if (out != null) {
                // Before the files, so that none is ever there without it; and never in the place of another run's.
                new Checkpoint(job, 0, 0, Checkpoint.Rows.NONE, "", false).create(checkpointOf(out));
                output.hasCheckpoint = true;
                output.outFile = PartFile.create(out);
            }
            output.rejectFile = rejects == null ? null : PartFile.create(rejects);
            return output;
        } catch (IOException | RuntimeException e) {
            if (from == null) {
                output.discard();
            } else {
                output.close();
            }
            throw e;
        }
    }

    /** Where rows go. */
    OutputStream stream() {
        return outFile != null ? outFile.stream() : shell.out();
    }

    void writeReject(byte[] bytes, int count) throws IOException {
        if (rejectFile != null) {
            rejectFile.write(bytes, count);
        }
    }

    /** Whether nobody takes the output any more. */
    boolean isLost() {
        return outFile == null && shell.out().checkError();
    }

    /** Everything up to here has been written. */
    void reached(RecordReport report) throws IOException {
        reached = report;
        if (outFile != null && System.nanoTime() - nextCheckpoint >= 0) {
            checkpoint(false);
        }
    }

    /** Whether this run has written anything. */
    boolean isReached() {
        return reached != null;
    }

    /** How many rows were read by this run and those before it. */
    Checkpoint.Rows rows() {
        return reached == null
                ? resumedRows
                : new Checkpoint.Rows(reached.rows(), reached.rejected(), reached.unmetPointers());
    }

    /** Makes sure that a run can go on from here. */
    void checkpoint(boolean finished) throws IOException {
        if (outFile == null || out == null) {
            return;
        }
        long start = System.nanoTime();
        outFile.sync();
        if (rejectFile != null) {
            rejectFile.sync();
        }
        new Checkpoint(
                        job,
                        outFile.length(),
                        rejectFile == null ? 0 : rejectFile.length(),
                        rows(),
                        reached == null ? resumedReport : reached.save(),
                        finished)
                .write(checkpointOf(out));
        // A slow disk gets them less often, so that they never take more than a tenth of the time.
        long end = System.nanoTime();
        nextCheckpoint = end + Math.max(CHECKPOINT_NANOS, 9 * (end - start));
    }

    /** Gives the files their names. */
    void finish() throws IOException {
        checkpoint(true);
        if (rejectFile != null) {
            rejectFile.finish();
        }
        if (outFile != null && out != null) {
            outFile.finish();
            Files.deleteIfExists(checkpointOf(out));
        }
    }

    /** Finishes a run that was killed while it did so. */
    static void finishRenaming(Path out, @Nullable Path rejects, Checkpoint checkpoint) throws IOException {
        if (rejects != null && Files.exists(PartFile.partOf(rejects))) {
            PartFile.open(rejects, checkpoint.rejectBytes()).finish();
        }
        if (Files.exists(PartFile.partOf(out))) {
            PartFile.open(out, checkpoint.outputBytes()).finish();
        }
        Files.deleteIfExists(checkpointOf(out));
    }

    /** Takes away what no later run could go on with, also if this one went on with it. */
    void discardAll() throws IOException {
        hasCheckpoint = true;
        discard();
    }

    /** Takes away what no later run could go on with. */
    void discard() throws IOException {
        close();
        // Only what this run has made.
        if (out != null && hasCheckpoint) {
            Files.deleteIfExists(checkpointOf(out));
        }
        if (out != null && outFile != null) {
            Files.deleteIfExists(PartFile.partOf(out));
        }
        if (rejects != null && rejectFile != null) {
            Files.deleteIfExists(PartFile.partOf(rejects));
        }
    }

    /** Whether a later run could go on from here. */
    boolean canBeResumed() {
        return outFile != null && rows().read() > 0;
    }

    @Override
    public void close() throws IOException {
        if (outFile != null) {
            outFile.close();
        }
        if (rejectFile != null) {
            rejectFile.close();
        }
    }
}
