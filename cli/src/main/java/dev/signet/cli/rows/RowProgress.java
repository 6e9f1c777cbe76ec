// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows how far a run has come: a bar where a person looks, and else a line now and then. */
final class RowProgress implements AutoCloseable {
    private static final long MEGABYTE = 1_000_000;
    /** Where rate and rejected rows find room beside the bar. */
    private static final int WIDE = 79;

    private static final long LINE_NANOS = 10_000_000_000L;

    private final Shell shell;
    private final long firstRow;
    private final long start = System.nanoTime();
    private final @Nullable ProgressBar bar;
    private long lastLine = start;
    private long rows;

    /**
     * @param size of the input; negative if unknown
     * @param firstRow rows that an earlier run has done
     */
    RowProgress(Shell shell, String task, long size, long firstRow) {
        this.shell = shell;
        this.firstRow = firstRow;
        rows = firstRow;
        bar = shell.errIsTerminal()
                ? new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(size)
                        .setUnit(" MB", MEGABYTE)
                        .setStyle(
                                shell.either("█", "#").equals("#")
                                        ? ProgressBarStyle.ASCII
                                        : ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                        .setConsumer(new ConsoleProgressBarConsumer(shell.drawing(), shell.lineWidth()))
                        .setUpdateIntervalMillis(250)
                        .clearDisplayOnFinish()
                        .build()
                : null;
    }

    void reached(long bytes, long newRows, long rejected) {
        rows = newRows;
        if (bar != null) {
            if (shell.lineWidth() >= WIDE) {
                bar.setExtraMessage(Texts.number(rate()) + " rows/s, " + Texts.number(rejected) + " rejected");
            }
            bar.stepTo(bytes);
        } else if (System.nanoTime() - lastLine > LINE_NANOS) {
            lastLine = System.nanoTime();
            shell.err()
                    .println("signet: " + Texts.number(rows) + " rows, " + Texts.number(rejected) + " rejected, "
                            + Texts.number(rate()) + " rows/s");
        }
    }

    /** What stands at the end. */
    String summary(long rejected) {
        return Texts.count(rows, "row") + ", " + Texts.number(rejected) + " rejected, "
                + String.format(Locale.ROOT, "%.1f", seconds()) + " s, " + Texts.number(rate()) + " rows/s";
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    private long rate() {
        return Math.round((rows - firstRow) / Math.max(seconds(), 0.001));
    }
}
