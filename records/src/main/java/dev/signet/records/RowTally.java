// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import java.util.ArrayList;
import java.util.List;

/** Counts what becomes of all lines, and where fields have no value, so that nothing is lost in silence. Of one thread. */
final class RowTally {
    private final List<FieldPlan> plans;
    private long rejected;
    private long linesOut;
    private long linesLost;
    private long severalLines;
    private final long[] met;
    private final long[] empty;
    private final long[] beyond;

    /** @param from what was counted before; its fields must be the same */
    RowTally(List<FieldPlan> plans, RecordReport from) {
        this.plans = plans;
        rejected = from.rejected();
        linesOut = from.linesOut();
        linesLost = from.linesLost();
        severalLines = from.rowsOfSeveralLines();
        met = from.met();
        empty = from.empty();
        beyond = from.beyond();
    }

    /** The lines of the header. */
    void header(RowBlock block) {
        linesOut += block.lines();
    }

    /** Counts a block, and gives its rejected rows. */
    List<RejectedRow> add(BlockCells cells) {
        RowBlock block = cells.block();
        for (int field = 0; field < plans.size(); field++) {
            met[field] += cells.rowsMet(field);
            empty[field] += cells.rowsWithoutValue(field);
            beyond[field] += cells.listsBeyond(field);
        }
        boolean isPlain = block.lines() == block.rows() && !block.oversized();
        if (isPlain && !cells.hasRejections()) {
            linesOut += block.lines();
            return List.of();
        }
        List<RejectedRow> rows = new ArrayList<>();
        long line = block.before().lines() + 1;
        for (int row = 0; row < block.rows(); row++) {
            Rejection rejection = cells.rejection(row);
            long lines = isPlain ? 1 : block.lines(row);
            severalLines += lines > 1 ? 1 : 0;
            if (rejection == null) {
                linesOut += lines;
            } else {
                linesLost += lines;
                rejected++;
                rows.add(new RejectedRow(block, row, line, line + lines - 1, rejection));
            }
            line += lines;
        }
        return rows;
    }

    RecordReport report(RowBlock.Position position, InputDigest digest) {
        if (linesOut + linesLost != position.lines()) {
            throw new IllegalStateException(
                    "lines do not add up: " + position.lines() + " in, " + linesOut + " out, " + linesLost + " lost");
        }
        return new RecordReport(
                plans.stream().map(FieldPlan::target).toList(),
                position,
                digest,
                new long[] {rejected, linesOut, linesLost, severalLines},
                met.clone(),
                empty.clone(),
                beyond.clone());
    }
}
