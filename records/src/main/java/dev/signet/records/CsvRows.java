// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.core.InvalidMessageException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of CSV (RFC 4180). Cells that no field is about stay byte for byte; a cell that was quoted stays so.
 */
final class CsvRows extends RowFormat {
    private final byte delimiter;
    private final Header header;
    private final Role[] roles;
    private final byte[] added;
    private final byte[] addedNames;

    /** By field, whether no result needs quotes where its value needed none. */
    private final boolean[] isPlain;

    /** What the fields want of a column. */
    private static final class Role {
        private int field = BlockCells.REMOVAL;
        private boolean isDropped;
        /** Whether it is nothing but a value. */
        private boolean isValueOnly;

        private final List<Integer> contextOf = new ArrayList<>();
        private final List<Integer> versionOf = new ArrayList<>();

        boolean isIdle() {
            return field == BlockCells.REMOVAL && !isDropped && contextOf.isEmpty() && versionOf.isEmpty();
        }
    }

    /** The names of the columns, with the bytes in which they stand. */
    static final class Header {
        private final List<String> names = new ArrayList<>();
        private final List<int[]> spans = new ArrayList<>();
        private final RowBlock block;
        /** Whether a name of the policy stands here; what else a first line is may be a row, and is not shown. */
        private boolean isHeader;

        private Header(RowBlock block) {
            this.block = block;
        }

        void expect(List<FieldPlan> plans) {
            for (FieldPlan plan : plans) {
                FieldTarget context = plan.field().context;
                isHeader |= names.contains(plan.target().text()) || context != null && names.contains(context.text());
            }
        }

        static Header parse(RowBlock block, byte delimiter, String file) {
            Header header = new Header(block);
            String wrong = block.oversized()
                    ? "is longer than " + BlockReader.MAX_ROW_BYTES + " bytes"
                    : scan(block, 0, delimiter, (column, start, end, isQuoted) -> {
                        String name = decode(block.bytes(), start, end, isQuoted);
                        header.names.add(name == null ? "" : name);
                        header.spans.add(new int[] {start, end});
                        return name == null ? "is not UTF-8" : null;
                    });
            if (wrong != null) {
                throw InvalidMessageException.malformed(file + ": the header line cannot be used: it " + wrong);
            }
            return header;
        }

        int require(FieldTarget target, String file) {
            int first = names.indexOf(target.text());
            if (first < 0) {
                throw InvalidMessageException.malformed(file + " has no column '" + target.text() + "'; "
                        + (isHeader
                                ? "it has " + String.join(", ", names)
                                : "its first line has " + names.size() + (names.size() == 1 ? " cell" : " cells")
                                        + " and no name that the policy has: it may be no header, or the delimiter"
                                        + " another one"));
            }
            if (first != names.lastIndexOf(target.text())) {
                throw InvalidMessageException.malformed(file + " has two columns '" + target.text() + "'");
            }
            return first;
        }
    }

    private interface CellSink {
        /** Takes the bytes of a cell, quotes included; a text says why the row is unusable. */
        @Nullable
        String take(int column, int start, int end, boolean isQuoted);
    }

    CsvRows(List<FieldPlan> plans, byte delimiter, Header header, String file) {
        super(plans);
        this.delimiter = delimiter;
        this.header = header;
        header.expect(plans);
        roles = new Role[header.names.size()];
        for (int i = 0; i < roles.length; i++) {
            roles[i] = new Role();
        }
        Map<String, String> versions = new LinkedHashMap<>();
        for (int field = 0; field < plans.size(); field++) {
            FieldPlan plan = plans.get(field);
            roles[header.require(plan.target(), file)].field = field;
            FieldTarget context = plan.field().context;
            if (context != null) {
                roles[header.require(context, file)].contextOf.add(field);
            }
            FieldTarget read = plan.readVersion();
            if (read != null) {
                Role role = roles[header.require(read, file)];
                role.versionOf.add(field);
                role.isDropped |= plan.dropsVersion();
            }
            FieldTarget written = plan.addedVersion();
            if (written != null) {
                if (header.names.contains(written.text())) {
                    throw InvalidMessageException.malformed(file + " has a column '" + written.text()
                            + "' already, where the version would go; is it tokenized already?");
                }
                versions.put(written.text(), String.valueOf(plan.adds()));
            }
        }
        for (Role role : roles) {
            role.isValueOnly = role.field != BlockCells.REMOVAL && role.contextOf.isEmpty() && role.versionOf.isEmpty();
        }
        added = appended(versions.values());
        addedNames = appended(versions.keySet());
        isPlain = new boolean[plans.size()];
        for (int field = 0; field < isPlain.length; field++) {
            FieldPlan plan = plans.get(field);
            String written = plan.prefix() + plan.field().mode.symbols();
            // A value that is revealed in part has stars, beside the letters and digits that all formats have.
            isPlain[field] = !Character.isLetterOrDigit(delimiter) && delimiter != '*' && !needsQuotes(written);
        }
    }

    /** A row of the output is that much longer. */
    @Override
    int addedBytes() {
        int bytes = added.length + 8;
        for (FieldPlan plan : plans()) {
            bytes += plan.prefixBytes().length;
        }
        return bytes;
    }

    /** The header line as the output has it. */
    byte[] headerLine() {
        RowBlock block = header.block;
        ByteBuilder out = new ByteBuilder(256);
        int from = block.start(0);
        boolean isAnyKept = false;
        for (int column = 0; column < roles.length; column++) {
            int[] span = header.spans.get(column);
            if (roles[column].isDropped) {
                int start = isAnyKept ? span[0] - 1 : span[0];
                out.add(block.bytes(), from, start);
                from = isAnyKept ? span[1] : span[1] + 1;
            } else {
                isAnyKept = true;
            }
        }
        int end = block.contentEnd(0);
        out.add(block.bytes(), from, end);
        out.add(addedNames, 0, addedNames.length);
        out.add(block.bytes(), end, block.end(0));
        if (end == block.end(0)) {
            // A header alone, without a line break, gets one so that the file can grow.
            out.add('\n');
        }
        return Arrays.copyOf(out.array(), out.length());
    }

    @Override
    void read(BlockCells cells) {
        RowBlock block = cells.block();
        Reading reading = new Reading(cells);
        for (int row = 0; row < block.rows(); row++) {
            cells.begin(row);
            reading.begin();
            String wrong = scan(block, row, delimiter, reading);
            if (wrong != null) {
                cells.reject(Rejection.ofRow("the row " + wrong));
            } else if (reading.count != roles.length) {
                cells.reject(new Rejection(
                        "",
                        "row-ragged",
                        "the row has " + reading.count + (reading.count == 1 ? " cell" : " cells") + ", the header "
                                + roles.length));
            }
        }
        cells.end();
    }

    private final class Reading implements CellSink {
        private final BlockCells cells;
        private final byte[] bytes;
        private int count;
        private boolean isAnyKept;

        /** By column, the last text that was decoded, and where it stands. */
        private final @Nullable String[] texts = new String[roles.length];

        private final int[] starts = new int[roles.length];
        private final int[] ends = new int[roles.length];

        Reading(BlockCells cells) {
            this.cells = cells;
            bytes = cells.block().bytes();
        }

        void begin() {
            count = 0;
            isAnyKept = false;
        }

        @Override
        public @Nullable String take(int column, int start, int end, boolean isQuoted) {
            count++;
            if (column >= roles.length) {
                return null;
            }
            Role role = roles[column];
            if (role.isIdle()) {
                isAnyKept = true;
                return null;
            }
            if (role.isValueOnly && isAscii(start, end, isQuoted)) {
                int inner = isQuoted ? 1 : 0;
                if (end - start > 2 * inner) {
                    cells.value(role.field, start + inner, end - inner);
                }
            } else {
                take(role, column, start, end, isQuoted);
            }
            if (role.field != BlockCells.REMOVAL) {
                cells.edit(start, end, role.field);
            }
            if (role.isDropped) {
                // With the delimiter in front of it, or behind it if nothing stands before.
                cells.edit(isAnyKept ? start - 1 : start, isAnyKept ? end : end + 1, BlockCells.REMOVAL);
            } else {
                isAnyKept = true;
            }
            return null;
        }

        private void take(Role role, int column, int start, int end, boolean isQuoted) {
            String text = isLike(column, start, end) ? texts[column] : decode(bytes, start, end, isQuoted);
            if (text == null) {
                cells.reject(new Rejection(header.names.get(column), "value-malformed", "not UTF-8"));
                return;
            }
            texts[column] = text;
            starts[column] = start;
            ends[column] = end;
            if (!text.isEmpty()) {
                role.contextOf.forEach(field -> cells.context(field, text));
                role.versionOf.forEach(field -> cells.version(field, text));
                if (role.field != BlockCells.REMOVAL) {
                    cells.value(role.field, text);
                }
            }
        }

        /** Whether a cell has the bytes of the one above it, as versions have. */
        private boolean isLike(int column, int start, int end) {
            return texts[column] != null
                    && end - start == ends[column] - starts[column]
                    && Arrays.mismatch(bytes, start, end, bytes, starts[column], ends[column]) < 0;
        }

        /** Whether the bytes of a cell, without the quotes around it, are ASCII and mean themselves. */
        private boolean isAscii(int start, int end, boolean isQuoted) {
            int inner = isQuoted ? 1 : 0;
            for (int i = start + inner; i < end - inner; i++) {
                if (bytes[i] < 0 || (isQuoted && bytes[i] == '"')) {
                    return false;
                }
            }
            return true;
        }
    }

    @Override
    void writeResult(ByteBuilder out, BlockCells cells, int edit, String result) {
        FieldPlan plan = plans().get(cells.editField(edit));
        writeCell(out, plan.prefix() + result, wasQuoted(cells, edit));
    }

    @Override
    void writeResult(ByteBuilder out, BlockCells cells, int edit, int start, int end) {
        int field = cells.editField(edit);
        FieldPlan plan = plans().get(field);
        byte[] results = cells.resultBytes(field);
        if (isPlain[field] && !wasQuoted(cells, edit)) {
            out.add(plan.prefixBytes(), 0, plan.prefixBytes().length).add(results, start, end);
        } else {
            String result = new String(results, start, end - start, StandardCharsets.ISO_8859_1);
            writeCell(out, plan.prefix() + result, wasQuoted(cells, edit));
        }
    }

    private static boolean wasQuoted(BlockCells cells, int edit) {
        return cells.editEnd(edit) > cells.editStart(edit) && cells.block().bytes()[cells.editStart(edit)] == '"';
    }

    @Override
    void finishRow(ByteBuilder out) {
        out.add(added, 0, added.length);
    }

    private byte[] appended(Iterable<String> cells) {
        ByteBuilder out = new ByteBuilder(64);
        for (String cell : cells) {
            out.add((char) delimiter);
            writeCell(out, cell, false);
        }
        return Arrays.copyOf(out.array(), out.length());
    }

    private void writeCell(ByteBuilder out, String text, boolean quoted) {
        if (!quoted && !needsQuotes(text)) {
            out.add(text);
            return;
        }
        // RFC 4180, 2, rules 6 and 7.
        out.add('"')
                .add(text.indexOf('"') >= 0 ? text.replace("\"", "\"\"") : text)
                .add('"');
    }

    private boolean needsQuotes(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == delimiter || c == '\n' || c == '\r') {
                return true;
            }
        }
        return false;
    }

    // ---- scanning --------------------------------------------------------------------------------------------------

    /** Goes over the cells of a row; the text says why the row is unusable. */
    private static @Nullable String scan(RowBlock block, int row, byte delimiter, CellSink sink) {
        byte[] bytes = block.bytes();
        int end = block.contentEnd(row);
        int i = block.start(row);
        for (int column = 0; ; column++) {
            int start = i;
            boolean isQuoted = i < end && bytes[i] == '"';
            String wrong = null;
            if (isQuoted) {
                i = quotedEnd(bytes, i + 1, end);
                if (i < 0) {
                    return "has a quoted cell that is not closed";
                }
                if (i < end && bytes[i] != delimiter) {
                    return "has text behind the closing quote of a cell";
                }
            } else {
                for (; i < end && bytes[i] != delimiter; i++) {
                    if (bytes[i] == '"') {
                        wrong = "has a quote inside a cell that does not begin with one";
                    } else if (bytes[i] == '\r') {
                        wrong = "has a carriage return outside quotes";
                    }
                }
            }
            if (wrong == null) {
                wrong = sink.take(column, start, i, isQuoted);
            }
            if (wrong != null) {
                return wrong;
            }
            if (i >= end) {
                return null;
            }
            i++;
        }
    }

    private static int quotedEnd(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == '"') {
                if (i + 1 == end || bytes[i + 1] != '"') {
                    return i + 1;
                }
                i++;
            }
        }
        return -1;
    }

    /** The text of a cell; null if it is not UTF-8. */
    private static @Nullable String decode(byte[] bytes, int start, int end, boolean isQuoted) {
        int from = isQuoted ? start + 1 : start;
        int to = isQuoted ? end - 1 : end;
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            try {
                text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, from, to - from))
                        .toString();
            } catch (CharacterCodingException e) {
                return null;
            }
        }
        return isQuoted && text.indexOf('"') >= 0 ? text.replace("\"\"", "\"") : text;
    }
}
