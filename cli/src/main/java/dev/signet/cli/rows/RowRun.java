// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.rows.BlockPipeline.Done;
import dev.signet.cli.rows.RowBlock.Position;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.PartFile;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One run over a file of rows, from its beginning or from where another one was stopped. */
final class RowRun {
    private final Shell shell;
    private final RowOptions options;
    private final FilePolicy policy;
    private final String task;

    /** @param task what the run does, as the progress bar calls it */
    RowRun(Shell shell, RowOptions options, FilePolicy policy, String task) {
        this.shell = shell;
        this.options = options;
        this.policy = policy;
        this.task = task;
    }

    /** Runs, and gives the exit code. */
    int run(List<FieldPlan> plans, Map<String, String> job) {
        try (RowInput input = RowInput.open(shell, options.input())) {
            job.put("input", input.identity());
            job.put("options", options.fingerprint());
            Path out = options.out();
            Path rejects = options.rejects();
            Checkpoint from =
                    out != null && Files.exists(RowOutput.checkpointOf(out)) ? resumed(input, out, job) : null;
            if (from != null && from.finished() && out != null) {
                RowOutput.finishRenaming(out, rejects, from);
                return exitCode(from.rejected(), new RowTally(plans, from.tally()));
            }
            Rows rows = rows(plans, input);
            try (RowOutput output = RowOutput.open(shell, job, out, rejects, from)) {
                return run(plans, rows, input, output, from);
            }
        } catch (OpenQuote e) {
            throw e.failure(Inputs.display(options.input()));
        } catch (IOException e) {
            throw Failure.input("cannot go on: " + describe(e));
        }
    }

    private Checkpoint resumed(RowInput input, Path out, Map<String, String> job) {
        if (!input.isRegularFile()) {
            throw Failure.input("--resume needs a file as input, not " + options.input());
        }
        Checkpoint from = Checkpoint.read(RowOutput.checkpointOf(out));
        for (Map.Entry<String, String> part : job.entrySet()) {
            if (!part.getValue().equals(from.job().get(part.getKey()))) {
                throw changed(part.getKey());
            }
        }
        return from;
    }

    private Failure changed(String part) {
        Path out = Objects.requireNonNull(options.out());
        return Failure.input("cannot resume: the " + part
                + (part.endsWith("s") ? " are" : " is")
                + " not what the unfinished run had; undo that, or remove "
                + PartFile.partOf(out) + " and " + RowOutput.checkpointOf(out) + " and begin anew");
    }

    // ---- formats ---------------------------------------------------------------------------------------------------

    /** A format, with the reader that is behind the header, and the header. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Rows(
            RowFormat format,
            BlockReader reader,
            byte[] header,
            @Nullable RowBlock headerBlock) {}

    private Rows rows(List<FieldPlan> plans, RowInput input) throws IOException {
        byte[] mark = input.mark();
        // Only a file can be gone on with.
        MessageDigest digest = options.out() != null && input.isRegularFile() ? RowInput.digest() : null;
        if (policy.isJson()) {
            Position start = new Position(mark.length, 0, 0);
            return new Rows(new JsonRows(plans), BlockReader.ofLines(input.in(), start, digest), mark, null);
        }
        byte delimiter = options.delimiter();
        // The header is the row before the first.
        BlockReader reader = BlockReader.ofCsv(input.in(), delimiter, new Position(mark.length, -1, 0), digest);
        String name = Inputs.display(options.input());
        RowBlock first = reader.next(1);
        if (first == null) {
            throw Failure.input(name + " is empty: there is not even a header line");
        }
        CsvRows format = new CsvRows(plans, delimiter, CsvRows.Header.parse(first, delimiter, name), name);
        byte[] line = format.headerLine();
        ByteBuilder header = new ByteBuilder(mark.length + line.length);
        header.add(mark, 0, mark.length).add(line, 0, line.length);
        return new Rows(format, reader, header.array(), first);
    }

    // ---- running ---------------------------------------------------------------------------------------------------

    private int run(List<FieldPlan> plans, Rows rows, RowInput input, RowOutput output, @Nullable Checkpoint from)
            throws IOException {
        RejectReport report = new RejectReport(shell, output, options.rejects() != null, options.keepsRejectedRows());
        if (from == null || from.input().bytes() == 0) {
            report.begin();
            output.write(rows.header(), rows.header().length);
            RowTally tally = new RowTally(plans, null);
            if (rows.headerBlock() != null) {
                tally.header(rows.headerBlock());
                output.reached(rows.headerBlock(), tally);
            }
            return run(rows.format(), rows.reader(), input.size(), 0, output, report, tally);
        }
        try (RowInput rest = RowInput.open(shell, options.input())) {
            MessageDigest digest = RowInput.digest();
            rest.skipTo(from.input().bytes(), digest);
            requireRead(from, digest);
            BlockReader reader = policy.isJson()
                    ? BlockReader.ofLines(rest.in(), from.input(), digest)
                    : BlockReader.ofCsv(rest.in(), options.delimiter(), from.input(), digest);
            RowTally tally = new RowTally(plans, from.tally());
            return run(rows.format(), reader, rest.size(), from.input().rows(), output, report, tally);
        }
    }

    /** What was read before must be what stands there now, whatever size and time say. */
    private void requireRead(Checkpoint from, MessageDigest digest) {
        try {
            MessageDigest copy = (MessageDigest) digest.clone();
            if (!HexFormat.of().formatHex(copy.digest()).equals(from.inputDigest())) {
                throw changed("input");
            }
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's digests can be cloned", e);
        }
    }

    private int run(
            RowFormat format,
            BlockReader reader,
            long size,
            long firstRow,
            RowOutput output,
            RejectReport report,
            RowTally tally)
            throws IOException {
        // Until the last word is said, since the process may end then.
        try (StopSignal stop = new StopSignal()) {
            RowProgress progress = new RowProgress(shell, task, size, firstRow);
            boolean isComplete = finish(format, reader, output, report, progress, stop, tally);
            String summary = progress.summary(output.rejected());
            shell.err().println(isComplete ? task + ": " + summary : "stopped: " + summary + hint(output));
            tally.words(output.position().lines()).forEach(shell.err()::println);
            return isComplete ? exitCode(output.rejected(), tally) : ExitCode.FAILED;
        } catch (OpenQuote e) {
            // The input has to be mended, so that no later run could go on.
            output.discardAll();
            throw e;
        } catch (IOException | RuntimeException e) {
            throw stopped(output, e);
        }
    }

    private int exitCode(long rejected, RowTally tally) {
        for (String pointer : tally.unmet()) {
            shell.warn(pointer + " leads to nothing in any row: what it was to name may have gone out as it was");
        }
        return rejected > 0 || !tally.unmet().isEmpty() ? ExitCode.REFUSED : ExitCode.OK;
    }

    /** Whether everything was written. */
    private static boolean finish(
            RowFormat format,
            BlockReader reader,
            RowOutput output,
            RejectReport report,
            RowProgress progress,
            StopSignal stop,
            RowTally tally)
            throws IOException {
        try (progress) {
            boolean isComplete = work(format, reader, output, report, progress, stop, tally);
            if (isComplete) {
                output.finish();
            } else if (output.canBeResumed()) {
                output.checkpoint(false);
            }
            return isComplete;
        }
    }

    private static boolean work(
            RowFormat format,
            BlockReader reader,
            RowOutput output,
            RejectReport report,
            RowProgress progress,
            StopSignal stop,
            RowTally tally)
            throws IOException {
        boolean[] isCut = new boolean[1];
        new BlockPipeline(format, done -> {
                    take(done, output, report, progress, tally);
                    isCut[0] = stop.isStopping() || output.isLost();
                    return !isCut[0];
                })
                .run(reader);
        return !isCut[0];
    }

    private static void take(Done done, RowOutput output, RejectReport report, RowProgress progress, RowTally tally)
            throws IOException {
        RowBlock block = done.cells().block();
        output.write(done.output().array(), done.output().length());
        tally.add(done.cells(), report);
        output.reached(block, tally);
        progress.reached(block.after().bytes(), block.after().rows(), output.rejected());
    }

    // ---- ends ------------------------------------------------------------------------------------------------------

    /** Keeps what has been done, where a later run can go on with it. */
    private Failure stopped(RowOutput output, Exception e) throws IOException {
        String hint = hint(output);
        if (output.canBeResumed()) {
            try {
                output.checkpoint(false);
            } catch (IOException ignored) {
                // Then the last one counts.
            }
        } else {
            output.discard();
        }
        if (e instanceof Failure failure) {
            return failure.with(hint);
        }
        if (e instanceof VerificationException refusal) {
            return Failure.refused("refused: " + refusal.code() + ": " + refusal.getMessage() + hint);
        }
        if (e instanceof UnavailableException unavailable) {
            return Failure.input(String.valueOf(unavailable.getMessage()) + hint);
        }
        if (e instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        return Failure.input("cannot go on: " + describe((IOException) e) + hint);
    }

    private static String hint(RowOutput output) {
        return output.canBeResumed() ? " (--resume goes on from there)" : "";
    }

    private static String describe(IOException e) {
        String file = e instanceof FileSystemException known && known.getFile() != null ? known.getFile() + ": " : "";
        return file + Texts.cause(e);
    }
}
