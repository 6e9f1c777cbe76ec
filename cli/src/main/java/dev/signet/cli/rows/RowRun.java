// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.PartFile;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Reason;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.records.RecordBlock;
import dev.signet.records.RecordFiles;
import dev.signet.records.RecordReport;
import dev.signet.records.RecordSink;
import dev.signet.records.RejectedRow;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run over a file of rows, from its beginning or from where another one was stopped. */
final class RowRun {
    private final Shell shell;
    private final RowOptions options;
    private final String task;

    /** @param task what the run does, as the progress bar calls it */
    RowRun(Shell shell, RowOptions options, String task) {
        this.shell = shell;
        this.options = options;
        this.task = task;
    }

    /** Makes what needs a policy that can be obeyed and a purpose that is granted. */
    static <T> T mistakesNamed(Supplier<T> making) {
        try {
            return making.get();
        } catch (IllegalArgumentException e) {
            throw Failure.input(String.valueOf(e.getMessage()));
        } catch (VerificationException e) {
            throw refused(e);
        }
    }

    /** Runs, and gives the exit code. */
    int run(RecordFiles.Builder builder, Map<String, String> job) {
        try (RowInput input = RowInput.open(shell, options.input())) {
            job.put("input", input.identity());
            job.put("options", options.fingerprint());
            Path out = options.out();
            Path rejects = options.rejects();
            Checkpoint from =
                    out != null && Files.exists(RowOutput.checkpointOf(out)) ? resumed(input, out, job) : null;
            if (from != null && from.finished() && out != null) {
                RowOutput.finishRenaming(out, rejects, from);
                return exitCode(from.rows());
            }
            builder.delimiter((char) options.delimiter()).inputName(Inputs.display(options.input()));
            // Only a file can be gone on with.
            if (out != null && input.isRegularFile()) {
                builder.digested();
            }
            try (RowOutput output = RowOutput.open(shell, job, out, rejects, from)) {
                return run(builder.build(), input, output, from);
            }
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

    // ---- running ---------------------------------------------------------------------------------------------------

    private int run(RecordFiles files, RowInput input, RowOutput output, @Nullable Checkpoint from) throws IOException {
        RejectReport rejects = new RejectReport(shell, output, options.rejects() != null, options.keepsRejectedRows());
        boolean goesOn = from != null && !from.report().isEmpty();
        if (!goesOn) {
            rejects.begin();
        }
        // Until the last word is said, since the process may end then.
        try (StopSignal stop = new StopSignal()) {
            RowProgress progress = new RowProgress(
                    shell, task, input.size(), from == null ? 0 : from.rows().read());
            Taking taking = new Taking(output, rejects, progress, stop);
            RecordReport report;
            boolean isComplete;
            try (progress) {
                report = from != null && goesOn
                        ? files.resume(input.in(), from.report(), taking)
                        : files.run(input.in(), taking);
                isComplete = !taking.isCut;
                if (isComplete) {
                    output.finish();
                } else if (output.canBeResumed()) {
                    output.checkpoint(false);
                }
            }
            String summary = progress.summary(report.rejected());
            shell.err().println(isComplete ? task + ": " + summary : "stopped: " + summary + hint(output));
            words(report).forEach(shell.err()::println);
            return isComplete ? exitCode(output.rows()) : ExitCode.FAILED;
        } catch (InvalidMessageException e) {
            // The input has to be mended, so that no later run could go on.
            output.discardAll();
            throw Failure.input(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw goesOn && !output.isReached() ? changed("input") : stopped(output, e);
        } catch (IOException | RuntimeException e) {
            throw stopped(output, e);
        }
    }

    /** Takes what comes of each block. */
    private static final class Taking implements RecordSink {
        private final RowOutput output;
        private final RejectReport rejects;
        private final RowProgress progress;
        private final StopSignal stop;
        private boolean isCut;

        Taking(RowOutput output, RejectReport rejects, RowProgress progress, StopSignal stop) {
            this.output = output;
            this.rejects = rejects;
            this.progress = progress;
            this.stop = stop;
        }

        @Override
        public boolean take(RecordBlock block) throws IOException {
            block.writeTo(output.stream());
            for (RejectedRow row : block.rejected()) {
                rejects.report(row);
            }
            RecordReport report = block.report();
            output.reached(report);
            progress.reached(report.bytes(), report.rows(), report.rejected());
            isCut = stop.isStopping() || output.isLost();
            return !isCut;
        }
    }

    // ---- ends ------------------------------------------------------------------------------------------------------

    /** What stands below the summary. */
    private static List<String> words(RecordReport report) {
        List<String> words = new ArrayList<>();
        long several = report.rowsOfSeveralLines();
        words.add("lines: " + Texts.number(report.linesIn()) + " in, " + Texts.number(report.linesOut()) + " out, "
                + Texts.number(report.linesLost()) + " lost"
                + (several == 0 ? "" : "; " + Texts.count(several, "row") + " of several lines"));
        report.rowsWithoutValue()
                .forEach((field, rows) ->
                        words.add("no value in " + Texts.oneLine(field) + ": " + Texts.count(rows, "row")));
        report.listsGoingOn()
                .forEach((field, lists) -> words.add("elements that no pointer names, behind those of "
                        + Texts.oneLine(field) + ": " + Texts.count(lists, "list")));
        return words;
    }

    private int exitCode(Checkpoint.Rows rows) {
        for (String pointer : rows.unmet()) {
            shell.warn(pointer + " leads to nothing in any row: what it was to name may have gone out as it was");
        }
        return rows.rejected() > 0 || !rows.unmet().isEmpty() ? ExitCode.REFUSED : ExitCode.OK;
    }

    /** Keeps what has been done, where a later run can go on with it. */
    private static Failure stopped(RowOutput output, Exception e) throws IOException {
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
            return refused(refusal).with(hint);
        }
        if (e instanceof UnavailableException unavailable) {
            return Failure.input(String.valueOf(unavailable.getMessage()) + hint);
        }
        if (e instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        return Failure.input("cannot go on: " + describe((IOException) e) + hint);
    }

    private static Failure refused(VerificationException e) {
        // The code says what the description of the reason would.
        String description = e.reason().description() + ": ";
        String message = String.valueOf(e.getMessage());
        String text = "refused: " + e.code() + ": "
                + (message.startsWith(description) ? message.substring(description.length()) : message);
        // Without a hint to go on: that would be the way round the rate.
        return e.reason() == Reason.RATE_EXCEEDED ? Failure.refusedWithoutHint(text) : Failure.refused(text);
    }

    private static String hint(RowOutput output) {
        return output.canBeResumed() ? " (--resume goes on from there)" : "";
    }

    private static String describe(IOException e) {
        String file = e instanceof FileSystemException known && known.getFile() != null ? known.getFile() + ": " : "";
        return file + Texts.cause(e);
    }
}
