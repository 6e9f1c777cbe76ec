// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.signet.records.RowBlock.Position;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Our scanner against FastCSV, on texts that are mostly quotes, delimiters and line breaks. */
class CsvRowsTest {
    private static final String SYMBOLS = "a,\"\n\r\u00e9";
    private static final String POLICY =
            "{\"fields\": [{\"column\": \"x\", \"domain\": \"d\", \"mode\": \"one-way\", \"version\": \"prefix\"},"
                    + "{\"column\": \"y\", \"domain\": \"d\", \"mode\": \"one-way\", \"version\": \"prefix\"}]}";

    @Test
    void read_randomTexts_agreesWithFastCsv() throws IOException {
        Random random = new Random(1);
        int good = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(12); n > 0; n--) {
                text.append(SYMBOLS.charAt(random.nextInt(SYMBOLS.length())));
            }
            List<List<String>> ours = ours("x,y\n" + text);
            if (ours != null) {
                good++;
                assertThat(ours).as("%s", text).isEqualTo(fastCsv(text.toString()));
            }
        }
        // Enough for the comparison to say something.
        assertThat(good).isGreaterThan(250);
    }

    @Test
    void read_wellFormedRows_areAllTaken() throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int row = 1 + random.nextInt(4); row > 0; row--) {
                text.append(cell(random)).append(',').append(cell(random)).append(random.nextBoolean() ? "\n" : "\r\n");
            }
            assertThat(ours("x,y\n" + text)).as("%s", text).isNotNull().isEqualTo(fastCsv(text.toString()));
        }
    }

    @Test
    void blocks_whereverTheyAreCut_holdTheSameRows() throws IOException {
        StringBuilder text = new StringBuilder();
        Random random = new Random(3);
        while (text.length() < 3_000_000) {
            text.append(cell(random)).append(',').append(cell(random)).append('\n');
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        List<String> whole = rows(new ByteArrayInputStream(bytes), new Position(0, 0, 0));
        assertThat(rows(new Trickle(bytes, random), new Position(0, 0, 0))).isEqualTo(whole);
        assertThat(String.join("", whole)).isEqualTo(text.toString());
    }

    @Test
    void blocks_fromAnyPosition_goOnAsBefore() throws IOException {
        byte[] bytes = "a,\"b\nc\"\r\nd,e\n\"\"\"\n\",f\n\ng".getBytes(StandardCharsets.UTF_8);
        BlockReader one = BlockReader.ofCsv(
                new ByteArrayInputStream(bytes), new byte[0], (byte) ',', new Position(0, 0, 0), null);
        List<String> seen = new ArrayList<>();
        for (RowBlock block = one.next(1); block != null; block = one.next(1)) {
            seen.add(content(block, 0));
            Position at = block.after();
            int from = (int) at.bytes();
            List<String> rest = rows(new ByteArrayInputStream(bytes, from, bytes.length - from), at);
            List<String> all = new ArrayList<>(seen);
            all.addAll(rest);
            assertThat(String.join("", all)).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
            assertThat(all).hasSize(5);
            assertThat(block.lines(0)).isEqualTo(block.lines());
        }
        assertThat(seen).containsExactly("a,\"b\nc\"\r\n", "d,e\n", "\"\"\"\n\",f\n", "\n", "g");
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    private static String cell(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--) {
            text.append(SYMBOLS.charAt(random.nextInt(SYMBOLS.length())));
        }
        String raw = text.toString();
        return raw.matches("[a\u00e9]*") && random.nextBoolean() ? raw : '"' + raw.replace("\"", "\"\"") + '"';
    }

    /** The rows of two cells; null if one was rejected. */
    private static @Nullable List<List<String>> ours(String text) throws IOException {
        RecordPolicy policy = RecordPolicy.parse("p", POLICY.getBytes(StandardCharsets.UTF_8));
        List<FieldPlan> plans = policy.fields().stream()
                .map(field -> new FieldPlan(field, (cells, number) -> {}, "", null, false, false))
                .toList();
        BlockReader reader = BlockReader.ofCsv(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                new byte[0],
                (byte) ',',
                new Position(0, -1, 0),
                null);
        CsvRows.Header header = CsvRows.Header.parse(reader.next(1), (byte) ',', "f");
        CsvRows format = new CsvRows(plans, (byte) ',', header, "f");
        List<List<String>> rows = new ArrayList<>();
        for (RowBlock block = next(reader); block != null; block = next(reader)) {
            if (block.rows() == 0) {
                return null;
            }
            BlockCells cells = new BlockCells(block, plans);
            format.read(cells);
            for (int row = 0; row < cells.rows(); row++) {
                if (cells.rejection(row) != null) {
                    return null;
                }
                String x = cells.value(0, row);
                String y = cells.value(1, row);
                rows.add(List.of(x == null ? "" : x, y == null ? "" : y));
            }
        }
        return rows;
    }

    /** No rows where a quote is open. */
    private static @Nullable RowBlock next(BlockReader reader) throws IOException {
        try {
            return reader.next();
        } catch (OpenQuote e) {
            Position nowhere = new Position(0, 0, 0);
            return new RowBlock(new byte[0], new int[1], 0, nowhere, nowhere, false, null);
        }
    }

    private static List<List<String>> fastCsv(String text) {
        try {
            return CsvReader.builder().skipEmptyLines(false).ofCsvRecord(text).stream()
                    .map(CsvRecord::getFields)
                    .map(List::copyOf)
                    .toList();
        } catch (CsvParseException e) {
            return List.of(List.of("FastCSV refuses it"));
        }
    }

    private static List<String> rows(InputStream in, Position position) throws IOException {
        BlockReader reader = BlockReader.ofCsv(in, new byte[0], (byte) ',', position, null);
        List<String> rows = new ArrayList<>();
        for (RowBlock block = reader.next(); block != null; block = reader.next()) {
            for (int row = 0; row < block.rows(); row++) {
                rows.add(content(block, row));
            }
        }
        return rows;
    }

    private static String content(RowBlock block, int row) {
        return new String(block.bytes(), block.start(row), block.end(row) - block.start(row), StandardCharsets.UTF_8);
    }

    /** Gives what it has in pieces. */
    static final class Trickle extends InputStream {
        private final InputStream in;
        private final Random random;

        Trickle(byte[] bytes, Random random) {
            in = new ByteArrayInputStream(bytes);
            this.random = random;
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return in.read(bytes, offset, Math.min(length, 1 + random.nextInt(5000)));
        }
    }
}
