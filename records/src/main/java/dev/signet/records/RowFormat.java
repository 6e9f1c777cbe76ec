// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import java.util.List;

/** One of the forms in which files hold rows. Immutable and thread-safe. */
abstract class RowFormat {
    private final List<FieldPlan> plans;

    RowFormat(List<FieldPlan> plans) {
        this.plans = plans;
    }

    List<FieldPlan> plans() {
        return plans;
    }

    /** Finds the values of a block's rows, and where they stand. */
    abstract void read(BlockCells cells);

    /** Writes what replaces the bytes of an edit: a text. */
    abstract void writeResult(ByteBuilder out, BlockCells cells, int edit, String result);

    /** Writes what replaces the bytes of an edit: a span of a field's results. */
    void writeResult(ByteBuilder out, BlockCells cells, int edit, int start, int end) {
        throw new IllegalStateException("values of this format are texts");
    }

    /** What was written in front of a row's line break is to be completed. */
    void finishRow(ByteBuilder out) {}

    /** All that becomes of a block, but for the rows that are rejected. */
    ByteBuilder transform(BlockCells cells) {
        if (cells.block().oversized()) {
            cells.reject(0, Rejection.TOO_LONG);
            return new ByteBuilder(0);
        }
        read(cells);
        requireValues(cells);
        for (int field = 0; field < plans.size(); field++) {
            plans.get(field).step().run(cells, field);
        }
        return write(cells);
    }

    private void requireValues(BlockCells cells) {
        for (int field = 0; field < plans.size(); field++) {
            FieldPlan plan = plans.get(field);
            FieldTarget context = plan.field().context;
            FieldTarget version = plan.readVersion();
            for (int row = 0; row < cells.rows(); row++) {
                if (cells.rejection(row) != null) {
                    continue;
                }
                if (!cells.hasValue(field, row)) {
                    if (plan.field().isOptional()) {
                        cells.noValue(field);
                    } else {
                        cells.reject(
                                row,
                                Rejection.missing(plan.target(), plan.target().isPointer()));
                    }
                } else if (context != null && cells.context(field, row) == null) {
                    cells.reject(
                            row,
                            new Rejection(
                                    context.text(),
                                    "context-missing",
                                    "needed for " + plan.target().text()));
                } else if (version != null && cells.version(field, row) == null) {
                    cells.reject(
                            row,
                            new Rejection(
                                    version.text(),
                                    "version-missing",
                                    "needed for " + plan.target().text()));
                }
            }
        }
    }

    private ByteBuilder write(BlockCells cells) {
        RowBlock block = cells.block();
        byte[] bytes = block.bytes();
        ByteBuilder out = new ByteBuilder(block.end(block.rows() - 1) + addedBytes() * block.rows());
        for (int row = 0; row < block.rows(); row++) {
            if (cells.rejection(row) != null) {
                continue;
            }
            int from = block.start(row);
            for (int edit = cells.firstEdit(row); edit < cells.firstEdit(row + 1); edit++) {
                int start = cells.editStart(edit);
                out.add(bytes, from, start);
                from = cells.editEnd(edit);
                int field = cells.editField(edit);
                if (field != BlockCells.REMOVAL && !isWritten(out, cells, row, edit, field)) {
                    out.add(bytes, start, from);
                }
            }
            int end = block.contentEnd(row);
            out.add(bytes, from, end);
            finishRow(out);
            out.add(bytes, end, block.end(row));
        }
        return out;
    }

    /** Bytes by which a row becomes longer, usually. */
    int addedBytes() {
        return 32;
    }

    private boolean isWritten(ByteBuilder out, BlockCells cells, int row, int edit, int field) {
        int start = cells.resultStart(field, row);
        if (start >= 0) {
            int length = cells.spanEnd(field, row) - cells.spanStart(field, row);
            writeResult(out, cells, edit, start, start + length);
            return true;
        }
        String result = cells.result(field, row);
        if (result == null) {
            return false;
        }
        writeResult(out, cells, edit, result);
        return true;
    }
}
