// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import java.util.Arrays;

/**
 * A row that was left out, and why.
 *
 * <p><b>Security properties.</b> Field, code and message hold nothing of the row's content, and neither does {@code toString};
 * {@link #dangerousContent} is the row itself, personal data included.
 *
 * <p>Immutable.
 */
public final class RejectedRow {
    private final RowBlock block;
    private final int row;
    private final long firstLine;
    private final long lastLine;
    private final Rejection rejection;

    RejectedRow(RowBlock block, int row, long firstLine, long lastLine, Rejection rejection) {
        this.block = block;
        this.row = row;
        this.firstLine = firstLine;
        this.lastLine = lastLine;
        this.rejection = rejection;
    }

    /** The first of its lines, from 1. */
    public long firstLine() {
        return firstLine;
    }

    /** The last of its lines: the first one, unless a cell has line breaks. */
    public long lastLine() {
        return lastLine;
    }

    /** The column or pointer; empty if the whole row is wrong. */
    public String field() {
        return rejection.field();
    }

    /** A stable identifier, as {@code docs/guide/tokenize-files.md} lists them. */
    public String code() {
        return rejection.code();
    }

    /** What is wrong, and at which position. */
    public String message() {
        return rejection.message();
    }

    /** Whether the row was too long to be held, so that there is no content. */
    public boolean isTooLong() {
        return block.oversized();
    }

    /** The bytes of the row without its line break, which may be no UTF-8; empty if it was too long. */
    public byte[] dangerousContent() {
        return block.oversized()
                ? new byte[0]
                : Arrays.copyOfRange(block.bytes(), block.start(row), block.contentEnd(row));
    }

    @Override
    public String toString() {
        return "RejectedRow[line " + firstLine + ", " + code() + "]";
    }
}
