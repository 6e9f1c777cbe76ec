// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

/**
 * Whole rows that follow each other in a file.
 *
 * @param starts where each row begins, and behind the last one where it ends
 * @param oversized whether this stands for one row that is too long to be held
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RowBlock(byte[] bytes, int[] starts, int rows, Position before, Position after, boolean oversized) {
    /** How far a file has been read: bytes, rows and lines, the header apart. */
    record Position(long bytes, long rows, long lines) {}

    int start(int row) {
        return starts[row];
    }

    int end(int row) {
        return starts[row + 1];
    }

    /** The end of a row without its line break. */
    int contentEnd(int row) {
        int end = end(row);
        if (end > start(row) && bytes[end - 1] == '\n') {
            end--;
            if (end > start(row) && bytes[end - 1] == '\r') {
                end--;
            }
        }
        return end;
    }

    /** The number of the line in which a row begins, from 1. */
    long line(int row) {
        long line = before.lines() + 1;
        for (int i = starts[0]; i < starts[row]; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }
}
