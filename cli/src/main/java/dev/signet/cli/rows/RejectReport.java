// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Tells which rows were left out, and why: in a file all, on standard error the first ones. Never their values. */
final class RejectReport {
    private static final int SHOWN = 10;

    private final Shell shell;
    private final RowOutput output;
    private final boolean isFile;
    private final boolean keepsRows;
    private int shown;

    RejectReport(Shell shell, RowOutput output, boolean isFile, boolean keepsRows) {
        this.shell = shell;
        this.output = output;
        this.isFile = isFile;
        this.keepsRows = keepsRows;
    }

    void begin() throws IOException {
        byte[] header =
                ("line,field,code,message" + (keepsRows ? ",row" : "") + "\n").getBytes(StandardCharsets.US_ASCII);
        output.writeReject(header, header.length);
    }

    /** @param first the number of the row's first line, from 1 */
    void report(RowBlock block, int row, long first, Rejection rejection) throws IOException {
        output.countRejected();
        long last = first + block.lines(row) - 1;
        String lines = last == first ? Long.toString(first) : first + "-" + last;
        boolean isLost = block.oversized() && keepsRows;
        String message = rejection.message() + (isLost ? ", and not kept here" : "");
        if (isFile) {
            ByteBuilder line = new ByteBuilder(256)
                    .add(lines)
                    .add(',')
                    .add(quoted(rejection.field()))
                    .add(',')
                    .add(rejection.code())
                    .add(',')
                    .add(quoted(message));
            if (keepsRows) {
                line.add(',').add('"');
                addRow(line, block, row);
                line.add('"');
            }
            line.add('\n');
            output.writeReject(line.array(), line.length());
        } else if (shown < SHOWN) {
            shown++;
            shell.warn((last == first ? "line " : "lines ") + lines
                    + (rejection.field().isEmpty() ? "" : ", " + rejection.field()) + ": "
                    + rejection.code() + ": " + message
                    + (shown == SHOWN ? " (and so on; --rejects FILE takes all)" : ""));
        }
    }

    /** The bytes as they are, but for quotes doubled: they may be no UTF-8. */
    private static void addRow(ByteBuilder line, RowBlock block, int row) {
        if (block.oversized()) {
            return;
        }
        byte[] bytes = block.bytes();
        int from = block.start(row);
        int end = block.contentEnd(row);
        for (int i = from; i < end; i++) {
            if (bytes[i] == '"') {
                line.add(bytes, from, i + 1).add('"');
                from = i + 1;
            }
        }
        line.add(bytes, from, end);
    }

    private static String quoted(String text) {
        String line = Texts.oneLine(text);
        return Arrays.asList(',', '"').stream().noneMatch(c -> line.indexOf(c) >= 0)
                ? line
                : '"' + line.replace("\"", "\"\"") + '"';
    }
}
