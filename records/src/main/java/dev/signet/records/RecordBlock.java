// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Some rows of a file as they are written, in their order; the first block is the header. */
public final class RecordBlock {
    private final byte[] bytes;
    private final int length;
    private final List<RejectedRow> rejected;
    private final RecordReport report;

    RecordBlock(byte[] bytes, int length, List<RejectedRow> rejected, RecordReport report) {
        this.bytes = bytes;
        this.length = length;
        this.rejected = rejected;
        this.report = report;
    }

    /** Writes the rows, which may be none. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }

    /** The rows that were left out. */
    public List<RejectedRow> rejected() {
        return rejected;
    }

    /** What became of all rows up to the end of this block. */
    public RecordReport report() {
        return report;
    }

    @Override
    public String toString() {
        return "RecordBlock[" + length + " bytes, " + report + "]";
    }
}
