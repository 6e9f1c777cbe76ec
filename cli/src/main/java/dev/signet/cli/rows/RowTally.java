// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.shell.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What became of all lines, and where fields had no value: what a run says at its end, so that nothing is lost in silence. */
final class RowTally {
    private final List<FieldPlan> plans;
    private long rows;
    private long linesOut;
    private long linesLost;
    private long severalLines;
    private final long[] met;
    private final long[] empty;
    private final long[] beyond;

    /** The counts in a checkpoint. */
    record Saved(
            long rows,
            long linesOut,
            long linesLost,
            long severalLines,
            List<Long> met,
            List<Long> empty,
            List<Long> beyond) {
        static final Saved NOTHING = new Saved(0, 0, 0, 0, List.of(), List.of(), List.of());
    }

    /** @param saved of the run that this one goes on with; null for none */
    RowTally(List<FieldPlan> plans, @Nullable Saved saved) {
        this.plans = plans;
        met = new long[plans.size()];
        empty = new long[plans.size()];
        beyond = new long[plans.size()];
        if (saved != null) {
            rows = saved.rows;
            linesOut = saved.linesOut;
            linesLost = saved.linesLost;
            severalLines = saved.severalLines;
            for (int field = 0; field < plans.size(); field++) {
                met[field] = saved.met.get(field);
                empty[field] = saved.empty.get(field);
                beyond[field] = saved.beyond.get(field);
            }
        }
    }

    Saved saved() {
        return new Saved(rows, linesOut, linesLost, severalLines, list(met), list(empty), list(beyond));
    }

    private static List<Long> list(long[] counts) {
        return LongStream.of(counts).boxed().toList();
    }

    /** The lines of the header. */
    void header(RowBlock block) {
        linesOut += block.lines();
    }

    /** Counts a block, and gives its rejected rows to the report. */
    void add(BlockCells cells, RejectReport report) throws IOException {
        RowBlock block = cells.block();
        rows += block.rows();
        for (int field = 0; field < plans.size(); field++) {
            met[field] += cells.rowsMet(field);
            empty[field] += cells.rowsWithoutValue(field);
            beyond[field] += cells.listsBeyond(field);
        }
        boolean isPlain = block.lines() == block.rows() && !block.oversized();
        if (isPlain && !cells.hasRejections()) {
            linesOut += block.lines();
            return;
        }
        long line = block.before().lines() + 1;
        for (int row = 0; row < block.rows(); row++) {
            Rejection rejection = cells.rejection(row);
            long lines = isPlain ? 1 : block.lines(row);
            severalLines += lines > 1 ? 1 : 0;
            if (rejection == null) {
                linesOut += lines;
            } else {
                linesLost += lines;
                report.report(block, row, line, rejection);
            }
            line += lines;
        }
    }

    /** What stands below the summary, once all lines up to one have been counted. */
    List<String> words(long linesIn) {
        if (linesOut + linesLost != linesIn) {
            throw new IllegalStateException(
                    "lines do not add up: " + linesIn + " in, " + linesOut + " out, " + linesLost);
        }
        List<String> words = new ArrayList<>();
        words.add("lines: " + Texts.number(linesIn) + " in, " + Texts.number(linesOut) + " out, "
                + Texts.number(linesLost) + " lost"
                + (severalLines == 0 ? "" : "; " + Texts.count(severalLines, "row") + " of several lines"));
        for (int field = 0; field < plans.size(); field++) {
            if (empty[field] > 0) {
                words.add("no value in "
                        + Texts.oneLine(plans.get(field).target().text()) + ": " + Texts.count(empty[field], "row"));
            }
        }
        for (int field = 0; field < plans.size(); field++) {
            if (beyond[field] > 0) {
                words.add("elements that no pointer names, behind those of "
                        + Texts.oneLine(plans.get(field).target().text()) + ": " + Texts.count(beyond[field], "list"));
            }
        }
        return words;
    }

    /** The pointers that led to nothing in any row: they are wrong, or the rows are not what they were. */
    List<String> unmet() {
        List<String> unmet = new ArrayList<>();
        for (int field = 0; field < plans.size(); field++) {
            FieldTarget target = plans.get(field).target();
            if (target.isPointer() && rows > 0 && met[field] == 0) {
                unmet.add(target.text());
            }
        }
        return unmet;
    }
}
