// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.core.MessageSecurityException;
import dev.signet.tokens.ByteColumn;
import dev.signet.tokens.ColumnOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The values of a field that are spans of a block, one behind the other, on their way through a column of bytes. */
final class ByteValues {
    private final BlockCells cells;
    private final int field;
    private final byte[] block;
    private final int[] rows;
    private final int[] offsets;
    private byte[] bytes = new byte[0];
    private int count;

    ByteValues(BlockCells cells, int field) {
        this.cells = cells;
        this.field = field;
        block = cells.block().bytes();
        rows = new int[cells.rows()];
        offsets = new int[cells.rows() + 1];
    }

    /** Whether a span has a colon behind its first byte. */
    boolean hasColon(int row) {
        int end = cells.spanEnd(field, row);
        for (int i = cells.spanStart(field, row) + 1; i < end; i++) {
            if (block[i] == ':') {
                return true;
            }
        }
        return false;
    }

    void add(int row) {
        add(row, cells.spanStart(field, row));
    }

    /** Only what stands from a position on. */
    void add(int row, int start) {
        int length = cells.spanEnd(field, row) - start;
        int at = offsets[count];
        if (at + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(at + length, Math.max(2 * bytes.length, 20 * rows.length)));
        }
        System.arraycopy(block, start, bytes, at, length);
        rows[count++] = row;
        offsets[count] = at + length;
    }

    int count() {
        return count;
    }

    /** The length of a target for the column. */
    int length() {
        return bytes.length;
    }

    ByteColumn column() {
        return ByteColumn.of(bytes, Arrays.copyOf(offsets, count + 1));
    }

    ColumnOptions options() {
        if (!cells.hasContexts(field)) {
            return ColumnOptions.defaults();
        }
        List<String> contexts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            contexts.add(String.valueOf(cells.context(field, rows[i])));
        }
        return ColumnOptions.defaults().contexts(contexts);
    }

    void take(byte[] results, Map<Integer, MessageSecurityException> errors) {
        int[] starts = new int[rows.length];
        Arrays.fill(starts, -1);
        for (int i = 0; i < count; i++) {
            starts[rows[i]] = offsets[i];
        }
        errors.forEach((i, error) -> {
            starts[rows[i]] = -1;
            cells.reject(rows[i], Rejection.of(cells.target(field), error));
        });
        cells.results(field, results, starts);
    }
}
