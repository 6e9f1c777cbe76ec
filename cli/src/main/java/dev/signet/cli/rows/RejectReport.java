// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.records.RejectedRow;
import java.io.ByteArrayOutputStream;
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

    void report(RejectedRow row) throws IOException {
        boolean isOneLine = row.lastLine() == row.firstLine();
        String lines = isOneLine ? Long.toString(row.firstLine()) : row.firstLine() + "-" + row.lastLine();
        String message = row.message() + (row.isTooLong() && keepsRows ? ", and not kept here" : "");
        if (isFile) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            line.writeBytes((lines + ',' + quoted(row.field()) + ',' + row.code() + ',' + quoted(message))
                    .getBytes(StandardCharsets.UTF_8));
            if (keepsRows) {
                line.writeBytes(new byte[] {',', '"'});
                addRow(line, row.dangerousContent());
                line.write('"');
            }
            line.write('\n');
            output.writeReject(line.toByteArray(), line.size());
        } else if (shown < SHOWN) {
            shown++;
            shell.warn((isOneLine ? "line " : "lines ") + lines
                    + (row.field().isEmpty() ? "" : ", " + row.field()) + ": "
                    + row.code() + ": " + message
                    + (shown == SHOWN ? " (and so on; --rejects FILE takes all)" : ""));
        }
    }

    /** The bytes as they are, but for quotes doubled: they may be no UTF-8. */
    private static void addRow(ByteArrayOutputStream line, byte[] row) {
        for (byte c : row) {
            line.write(c);
            if (c == '"') {
                line.write(c);
            }
        }
    }

    private static String quoted(String text) {
        String line = Texts.oneLine(text);
        return Arrays.asList(',', '"').stream().noneMatch(c -> line.indexOf(c) >= 0)
                ? line
                : '"' + line.replace("\"", "\"\"") + '"';
    }
}
