// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A column of ASCII texts in one array on its way to another array. */
final class ByteJob extends ColumnJob {
    private final ByteColumn column;
    private final byte[] target;

    /** Rows with a result, where not all rows without one have an error. */
    private final @Nullable LongAdder reached;

    ByteJob(ByteColumn column, byte[] target, ColumnOptions options) {
        super(column.size(), options);
        column.requireTarget(target);
        this.column = column;
        this.target = target;
        reached = options.isStoppedAtFirstError() ? new LongAdder() : null;
    }

    /** How many rows have a result. */
    long count() {
        return reached == null ? column.size() - errors().size() : reached.sum();
    }

    Map<Integer, MessageSecurityException> runToEnd(Step step) {
        // A row that is not reached shall not show what the target held before.
        Arrays.fill(target, (byte) 0);
        boolean done = false;
        try {
            run(step);
            done = true;
        } finally {
            if (!done) {
                Arrays.fill(target, (byte) 0);
            }
        }
        return errors();
    }

    @Override
    String value(int row) {
        int from = column.start(row);
        int to = column.end(row);
        requireAscii(from, to);
        return new String(column.bytes, from, to - from, StandardCharsets.US_ASCII);
    }

    @Override
    void put(int row, String result) {
        requireLength(row, result.length());
        int from = column.start(row);
        for (int i = 0; i < result.length(); i++) {
            target[from + i] = ascii(result.charAt(i));
        }
        reach();
    }

    @Override
    void load(int row, Work work) {
        int from = column.start(row);
        int to = column.end(row);
        requireAscii(from, to);
        work.load(column.bytes, from, to);
    }

    @Override
    void store(int row, Work work) {
        requireLength(row, work.length);
        int from = column.start(row);
        for (int i = 0; i < work.length; i++) {
            target[from + i] = ascii(work.cells[i]);
        }
        reach();
    }

    private void reach() {
        if (reached != null) {
            reached.increment();
        }
    }

    private void requireLength(int row, int length) {
        if (length != column.end(row) - column.start(row)) {
            throw new IllegalStateException("byte columns need a mode whose tokens have the length of their values");
        }
    }

    private static byte ascii(int symbol) {
        if (symbol > Byte.MAX_VALUE) {
            throw new IllegalStateException("byte columns need an alphabet of ASCII characters");
        }
        return (byte) symbol;
    }

    private void requireAscii(int from, int to) {
        int all = 0;
        for (int i = from; i < to; i++) {
            all |= column.bytes[i];
        }
        for (int i = from; all < 0 && i < to; i++) {
            if (column.bytes[i] < 0) {
                throw InvalidMessageException.malformed(
                        "position " + (i - from + 1) + ": a byte that is no ASCII character");
            }
        }
    }
}
