// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Whole rows that follow each other in a file.
 *
 * @param starts where each row begins, and behind the last one where it ends
 * @param oversized whether this stands for one row that is too long to be held
 * @param read the digest of everything up to the end of the block, not to be changed; null if nobody wants it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RowBlock(
        byte[] bytes,
        int[] starts,
        int rows,
        Position before,
        Position after,
        boolean oversized,
        @Nullable MessageDigest read) {
    /** How far a file has been read: bytes, rows and lines, the header apart. */
    public record Position(long bytes, long rows, long lines) {}

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

    /** The number of all lines. */
    long lines() {
        return after.lines() - before.lines();
    }

    /** The number of lines that a row takes. */
    long lines(int row) {
        if (oversized) {
            return lines();
        }
        long lines = 0;
        for (int i = start(row); i < end(row); i++) {
            if (bytes[i] == '\n') {
                lines++;
            }
        }
        // The last line of a file may lack its break.
        return end(row) > start(row) && bytes[end(row) - 1] == '\n' ? lines : lines + 1;
    }
}
