// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Rows in aligned columns. */
public final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final String indent;

    public Table(String indent) {
        this.indent = indent;
    }

    public Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** @param rightAligned numbers of the columns, from 0, that align at their right ends */
    public void print(PrintStream out, Integer... rightAligned) {
        List<Integer> right = List.of(rightAligned);
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                if (i == widths.size()) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), Style.width(row.get(i))));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                String padding = " ".repeat(widths.get(i) - Style.width(cell));
                line.append(i == 0 ? "" : GAP)
                        .append(right.contains(i) ? padding + cell : i == row.size() - 1 ? cell : cell + padding);
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
