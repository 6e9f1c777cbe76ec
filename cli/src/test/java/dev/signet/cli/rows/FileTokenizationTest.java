// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.signet.cli.Terminal;
import dev.signet.cli.shell.Style;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code signet tokenize} and {@code signet detokenize} on real files. */
class FileTokenizationTest {
    private static final int MAX_ROW_BYTES = 1 << 20;
    private static final int MAX_CELL_LINES = 1_000;

    private static final String REVEAL = """
            , "reveal": {"fraud": {"show": "clear", "allow-rate": {"values": 1000000, "seconds": 60}},
              "support": "partial", "screen": "masked", "analytics": "token", "few": {"show": "clear",
              "rate": {"values": 2, "seconds": 60}}, "named": {"show": "clear", "callers": ["boss"]}}}""";
    private static final String CSV_POLICY = """
            {"fields": [
              {"column": "card", "domain": "card", "format": "payment-card", "version": {"column": "version"}},
              {"column": "mail", "domain": "mail", "mode": "authenticated", "version": "prefix", "optional": true},
              {"column": "born", "domain": "born", "mode": {"name": "date-shift", "max-days": 365}, "context": "id",
               "version": "prefix"}]""" + REVEAL;
    private static final String JSON_POLICY = """
            {"fields": [
              {"pointer": "/c/card", "domain": "card", "format": "payment-card", "version": {"pointer": "/c/v"}},
              {"pointer": "/c/name", "domain": "name", "mode": "authenticated", "version": {"pointer": "/c/w"},
               "optional": true},
              {"pointer": "/tags/1", "domain": "tag", "mode": "one-way", "version": "prefix", "optional": true}]""" + REVEAL;
    private static final String GOOD = "1,4111111111111111,a@example.com,1970-01-31,x\n";
    private static final String HEADER = "id,card,mail,born,note\n";
    private static final String TOKENIZE = "tokenize --policy %p --keys %k ";
    private static final String REVEAL_FOR = "detokenize --policy %p --keys %k --caller desk --log %log --for-purpose ";

    @TempDir
    private Path folder;

    private Terminal terminal;

    @BeforeEach
    void makeKeys() {
        terminal = new Terminal(folder);
        terminal.write("p", CSV_POLICY);
        terminal.write("j", JSON_POLICY);
        ok("key generate --unencrypted --alg HKDF-SHA256 --id one --out %k");
    }

    // ---- CSV -------------------------------------------------------------------------------------------------------

    @Test
    void csv_roundTrip_givesTheVeryBytes() {
        String text = "\u00ef\u00bb\u00bfid,\"card\",mail,born,note\r\n"
                + "1,\"4111 1111 1111 1111\",a@example.com,1970-01-31,\"x, \"\"y\"\"\r\n z\"\r\n"
                + "2,5500005555555559,,1980-02-29,\u00c3\u00a9 \u00ff\n"
                + "3,4111111111111111,c@example.com,1999-12-31,last";
        terminal.write("c", text);
        ok(TOKENIZE + "--out %t %c");
        String tokens = terminal.read("t");
        assertThat(tokens)
                .startsWith("\u00ef\u00bb\u00bfid,\"card\",mail,born,note,version\r\n1,\"")
                .contains(",\"x, \"\"y\"\"\r\n z\",one\r\n2,", ",\u00c3\u00a9 \u00ff,one\n3,")
                .endsWith(",last,one")
                .doesNotContain("4111 1111 1", "411111111", "example.com", "1970-01-31", "1980-02-29");
        ok(REVEAL_FOR + "fraud --out %d %t");
        assertThat(terminal.read("d")).isEqualTo(text);
    }

    @Test
    void csv_purposes_seeWhatThePolicyGrants() {
        terminal.write("c", HEADER + GOOD);
        ok(TOKENIZE + "--out %t %c");
        assertThat(ok(REVEAL_FOR + "support %t").out())
                .isEqualTo(HEADER + "1,************1111,********,1970-**-**,x\n");
        assertThat(ok(REVEAL_FOR + "screen %t").out())
                .doesNotContain("1111", "1970")
                .startsWith(HEADER + "1,****");
        assertThat(ok(REVEAL_FOR + "analytics %t").out()).isEqualTo(terminal.read("t"));
        assertThat(terminal.read("log").lines()).hasSize(9).allMatch(line -> line.contains("\"caller\":\"desk\""));
        assertThat(terminal.read("log")).doesNotContain("4111", "1970-01", "example.com");
    }

    @Test
    void csv_versionThatATokenStillNeeds_isKept() {
        terminal.write(
                "p",
                CSV_POLICY
                        .replace("\"prefix\"}]", "{\"column\": \"born_version\"}}]")
                        .replace("\"context\": \"id\",", "\"context\": \"id\", \"reveal\": {\"fraud\": \"token\"},"));
        terminal.write("c", HEADER + GOOD);
        ok(TOKENIZE + "--out %t %c");
        String born = terminal.read("t").split(",")[9];
        assertThat(ok(REVEAL_FOR + "fraud %t").out())
                .isEqualTo(
                        "id,card,mail,born,note,born_version\n1,4111111111111111,a@example.com," + born + ",x,one\n");
    }

    @Test
    void csv_versionInFront_leavesTheHeader() {
        terminal.write("p", CSV_POLICY.replace("{\"column\": \"version\"}", "\"prefix\""));
        terminal.write("c", HEADER + GOOD);
        ok(TOKENIZE + "--out %t %c");
        assertThat(terminal.read("t")).startsWith(HEADER + "1,one:").contains(",one:");
        assertThat(ok(REVEAL_FOR + "fraud %t").out()).isEqualTo(HEADER + GOOD);
    }

    @Test
    void csv_versionColumnAnywhere_isTakenAway() {
        terminal.write("c", HEADER + GOOD);
        ok(TOKENIZE + "--out %t %c");
        String moved = terminal.read("t")
                .lines()
                .map(line -> line.substring(line.lastIndexOf(',') + 1) + "," + line.substring(0, line.lastIndexOf(',')))
                .map(line -> line + "\n")
                .reduce("", String::concat);
        terminal.write("m", moved);
        assertThat(ok(REVEAL_FOR + "fraud %m").out()).isEqualTo(HEADER + GOOD);
    }

    @Test
    void csv_oldVersionsAfterRotation_areRead() {
        terminal.write("c", HEADER + GOOD);
        ok(TOKENIZE + "--out %t1 %c");
        ok("key rotate %k --id two");
        ok("key rotate %k --promote two");
        ok(TOKENIZE + "--out %t2 %c");
        assertThat(terminal.read("t2")).contains(",two").doesNotContain(",one");
        terminal.write("both", terminal.read("t1") + terminal.read("t2").substring(HEADER.length() + 8));
        assertThat(ok(REVEAL_FOR + "fraud %both").out()).isEqualTo(HEADER + GOOD + GOOD);
        terminal.write("gone", terminal.read("t2").replace(",two", ",three"));
        Terminal.Result result = line(REVEAL_FOR + "fraud %gone");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("line 2, card: key-unknown: the version beside the token");
    }

    @Test
    void csv_otherDelimiters_work() {
        terminal.write("c.tsv", (HEADER + GOOD).replace(',', '\t'));
        assertThat(ok(TOKENIZE + "%c.tsv").out())
                .startsWith(HEADER.replace(',', '\t').strip() + "\tversion\n1\t");
        terminal.write("s", (HEADER + GOOD).replace(',', ';'));
        assertThat(ok(TOKENIZE + "--delimiter ; %s").out()).startsWith("id;card;mail;born;note;version\n1;");
    }

    @Test
    void csv_manyBlocks_keepTheirOrder() {
        StringBuilder rows = new StringBuilder(HEADER);
        for (int i = 0; i < 40_000; i++) {
            boolean bad = i % 1000 == 7;
            rows.append(i)
                    .append(bad ? ",5,," : ",4111111111111111,,")
                    .append("1970-01-31,\"x\n")
                    .append(i)
                    .append("\"\n");
        }
        terminal.write("c", rows.toString());
        Terminal.Result result = line(TOKENIZE + "--out %t --rejects %r %c");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("40,000 rows, 40 rejected");
        List<String> ids = terminal.read("t")
                .lines()
                .filter(l -> l.contains(","))
                .filter(l -> l.contains("-"))
                .map(l -> l.substring(0, l.indexOf(',')))
                .toList();
        assertThat(ids)
                .hasSize(40_000 - 40)
                .isSortedAccordingTo((a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b)));
        // Each row takes two lines, and the header one.
        assertThat(terminal.read("r").lines().skip(1).map(l -> l.substring(0, l.indexOf(','))))
                .startsWith("16-17", "2016-2017")
                .hasSize(40);
    }

    // ---- rejected rows ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "9,4111111111111112,,1970-01-31,x|card: value-malformed: ",
                "9,,,1970-01-31,x|card: value-missing: the cell is empty",
                "9,\"\",,1970-01-31,x|card: value-missing",
                "9,4111111111111111,,1970-13-31,x|born: value-malformed: ",
                ",4111111111111111,,1970-12-31,x|id: context-missing: needed for born",
                "9,4111111111111111,,1970-01-31|line 3: row-ragged: the row has 4 cells, the header 5",
                "9,4111111111111111,,1970-01-31,x,y|line 3: row-ragged: the row has 6 cells, the header 5",
                "``|line 3: row-ragged: the row has 1 cell, the header 5",
                "9,41\"11111111111111,,1970-01-31,x|line 3: row-malformed: the row has a quote inside a cell",
                "9,\"4111111111111111\"x,,1970-01-31,x|row-malformed: the row has text behind the closing quote",
                "9,4111\r111111111111,,1970-01-31,x|row-malformed: the row has a carriage return",
                "9,4111111111111111,\u00e9,1970-01-31,x|mail: value-malformed: not UTF-8"
            })
    void csv_badRow_isLeftOutAndNamedWithoutItsValues(String row, String reason) {
        terminal.write("c", HEADER + GOOD + row + "\n" + GOOD);
        Terminal.Result result = line(TOKENIZE + "%c");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out().lines())
                .hasSize(3)
                .filteredOn(line -> line.startsWith("9"))
                .isEmpty();
        assertThat(result.err())
                .contains("signet: warning: line 3", reason, "3 rows, 1 rejected")
                .doesNotContain("4111", "1970");
    }

    @Test
    void csv_quoteThatIsNeverClosed_endsTheRunAndNamesItsLine() {
        for (String rest : List.of("", GOOD, GOOD.repeat(900), GOOD.repeat(100_000))) {
            terminal.write("c", HEADER + GOOD + "9,4111111111111111,\"Smith,1970-01-31,x\n" + rest);
            List<String> before = terminal.files();
            Terminal.assertFails(
                    line(TOKENIZE + "--out %t --rejects %r %c"),
                    2,
                    "c, line 3: the quote that opens a cell here is not closed "
                            + (rest.length() > 100_000 ? "within 1000 lines" : "until the end of the file"));
            assertThat(terminal.files()).isEqualTo(before);
        }
    }

    @Test
    void csv_quoteThatTakesMoreLinesThanPeopleWrite_endsTheRunAndNamesItsLine() {
        String cell = "x\n".repeat(MAX_CELL_LINES);
        terminal.write("c", HEADER + "9,4111111111111111,,1970-01-31,\"" + cell + "\"\n" + GOOD);
        assertThat(ok(TOKENIZE + "%c").err()).contains("lines: 1,003 in, 1,003 out, 0 lost; 1 row of several lines");
        terminal.write("c", HEADER + "\"a\nb\",4111111111111111,,1970-01-31,\"" + cell + "\n\"\n" + GOOD);
        Terminal.assertFails(line(TOKENIZE + "--out %t %c"), 2, "c, line 3: the quote", "within 1000 lines");
        // The same where the row is longer than what can be held.
        String wide = ("x".repeat(2_000) + "\n").repeat(MAX_CELL_LINES + 1);
        terminal.write("c", HEADER + "\"a\nb\",\"" + wide + "\"\n" + GOOD);
        Terminal.assertFails(line(TOKENIZE + "--out %t %c"), 2, "c, line 3: the quote", "within 1000 lines");
        terminal.write("c", HEADER + "9,\"" + "x".repeat(3 * MAX_ROW_BYTES));
        Terminal.assertFails(line(TOKENIZE + "--out %t %c"), 2, "c, line 2: the quote", "end of the file");
    }

    @Test
    void csv_quoteThatTakesANeighbour_isReportedWithAllItsLines() {
        terminal.write(
                "c",
                HEADER + GOOD + "3,4111111111111111,\"Smith,1970-01-31,x\n4,4111111111111111,\"b,1970-01-31,x\n"
                        + GOOD);
        Terminal.Result result = line(TOKENIZE + "--rejects %r %c");
        assertThat(result.code()).isEqualTo(1);
        assertThat(terminal.read("r").lines().skip(1))
                .singleElement()
                .asString()
                .startsWith("3-4,,row-malformed,");
        assertThat(result.err()).contains("3 rows, 1 rejected", "lines: 5 in, 3 out, 2 lost; 1 row of several lines");
        assertThat(line(TOKENIZE + "%c").err()).contains("warning: lines 3-4: row-malformed");
    }

    @Test
    void csv_rowThatIsTooLong_isLeftOut() {
        String huge = "9,4111111111111111,,1970-01-31,\"" + "x".repeat(MAX_ROW_BYTES) + "\ny\"\n";
        terminal.write("c", HEADER + GOOD + huge + "5,,,,\n" + GOOD);
        Terminal.Result result = line(TOKENIZE + "--rejects %r --dangerously-keep-rejected-rows %c");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out().lines()).hasSize(3);
        assertThat(result.err()).contains("4 rows, 2 rejected", "lines: 6 in, 3 out, 3 lost");
        assertThat(terminal.read("r").lines().skip(1))
                .containsExactly(
                        "3-4,,row-too-long,\"the row is longer than 1048576 bytes, and not kept here\",\"\"",
                        "5,card,value-missing,the cell is empty,\"5,,,,\"");
    }

    @Test
    void summary_optionalFields_sayHowManyRowsHadNoValue() {
        terminal.write(
                "c", HEADER + GOOD + "2,4111111111111111,,1970-01-31,x\n" + "3,4111111111111111,,1970-01-31,x\n");
        assertThat(ok(TOKENIZE + "%c").err()).contains("lines: 4 in, 4 out, 0 lost\n", "no value in mail: 2 rows\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prefix", "column"})
    void tokenize_whatIsTokenizedAlready_isRejectedUnlessThePolicyAllowsIt(String place) {
        String policy = "{\"fields\": [{\"column\": \"mail\", \"domain\": \"m\", \"mode\": \"one-way\", \"version\": "
                + (place.equals("prefix") ? "\"prefix\"" : "{\"column\": \"v\"}") + "}]}";
        terminal.write("p", policy);
        ok("key rotate %k --id two:2");
        terminal.write("c", "mail\none:abc\ntwo%3A2:abc\nother:abc\na@example.com\n");
        Terminal.Result result = line(TOKENIZE + "%c");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("line 2, mail: token-present: ", "line 3, mail: ", "4 rows, 2 rejected");
        terminal.write("p", policy.replace("\"domain\"", "\"allow-tokens\": true, \"domain\""));
        assertThat(ok(TOKENIZE + "%c").out().lines()).hasSize(5);
    }

    @Test
    void tokenize_secondRunOverItsOwnOutput_makesNoTokensOfTokens() {
        terminal.write("c", HEADER + GOOD);
        terminal.write("p", CSV_POLICY.replace("{\"column\": \"version\"}", "\"prefix\""));
        ok(TOKENIZE + "--out %t %c");
        Terminal.Result again = line(TOKENIZE + "%t");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.out()).isEqualTo(HEADER);
        assertThat(again.err()).contains("token-present");
    }

    @Test
    void rejects_withoutAFile_areTenAtMost() {
        terminal.write("c", HEADER + "9,secret,,,\n".repeat(25));
        Terminal.Result result = line(TOKENIZE + "%c");
        assertThat(result.err()).contains("25 rejected", "and so on; --rejects").doesNotContain("secret");
        assertThat(result.err().lines().filter(line -> line.contains("warning: line")))
                .hasSize(10);
    }

    @Test
    void rejects_ofAFile_holdNoValuesUnlessAsked() {
        terminal.write("c", HEADER + "9,\"se\"\"cret\",,,\n" + GOOD);
        assertThat(line(TOKENIZE + "--out %t --rejects %r %c").code()).isEqualTo(1);
        assertThat(terminal.read("r"))
                .startsWith("line,field,code,message\n2,born,")
                .doesNotContain("cret");
        assertThat(line(TOKENIZE + "--out %t2 --rejects %r2 --dangerously-keep-rejected-rows %c")
                        .code())
                .isEqualTo(1);
        assertThat(terminal.read("r2"))
                .startsWith("line,field,code,message,row\n")
                .endsWith(",\"9,\"\"se\"\"\"\"cret\"\",,,\"\n");
    }

    // ---- JSON Lines ------------------------------------------------------------------------------------------------

    @Test
    void json_allButTheValues_staysByteForByte() {
        String text =
                "{\"c\": {\"card\" :\t\"4111111111111111\", \"n\":1.50e3 ,\"x\":\"\\u00e9\\/\"} , \"y\":[1,2]}\r\n"
                        + " {\"c\":{ \"name\":\"Zo\u00c3\u00ab \\\"q\\\"\",\"card\":\"4111111111111111\"}}\n"
                        + "{\"c\":{\"name\":null,\"card\":\"5500005555555559\"},\"tags\":[{\"a\":1},null]}";
        terminal.write("c.jsonl", text);
        ok("tokenize --policy %j --keys %k --out %t %c.jsonl");
        String tokens = terminal.read("t");
        assertThat(tokens)
                .matches(
                        "(?s)\\{\"c\": \\{\"card\" :\t\"[0-9]{16}\",\"v\":\"one\", \"n\":1.50e3 ,\"x\":\"\\\\u00e9\\\\/\"} , "
                                + "\"y\":\\[1,2]}\r\n \\{\"c\":\\{ \"name\":\"[-_A-Za-z0-9]+\",\"w\":\"one\",\"card\":\"[0-9]{16}\",\"v\":\"one\"}}\n.*");
        terminal.write("t.jsonl", tokens);
        ok("detokenize --policy %j --keys %k --caller c --log %log --for-purpose fraud --out %d %t.jsonl");
        assertThat(terminal.read("d")).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"v\":\"one\",\"card\":T}",
                "{ \"v\" : \"one\" , \"card\":T}",
                "{\"card\":T,\"v\":\"one\"}",
                "{\"card\":T , \"v\":\"one\" }",
                "{\"a\":{},\"v\":\"one\",\"card\":T}"
            })
    void json_versionAnywhere_isTakenAwayWithItsComma(String object) throws Exception {
        terminal.write("j", JSON_POLICY.replaceAll("(?s)(/c/v\"}}),.*?\\]", "$1]"));
        terminal.write("c", "{\"c\":{\"card\":\"4111111111111111\"}}");
        ok("tokenize --policy %j --keys %k --out %t0 %c");
        JsonNode made = new JsonMapper().readTree(terminal.read("t0")).at("/c/card");
        terminal.write("t", "{\"c\":" + object.replace("T", made.toString()) + "}");
        Terminal.Result result = ok("detokenize --policy %j --keys %k --caller c --log %log --for-purpose fraud %t");
        JsonNode revealed = new JsonMapper().readTree(result.out()).at("/c");
        assertThat(revealed.get("card").textValue()).isEqualTo("4111111111111111");
        assertThat(revealed.has("v")).isFalse();
        assertThat(revealed.size()).isEqualTo(object.contains("\"a\"") ? 2 : 1);
    }

    @Test
    void json_oneWayField_isLeftWhenOthersAreRevealed() {
        terminal.write("c", "{\"c\":{\"card\":\"4111111111111111\",\"name\":null},\"tags\":[\"a\",\"b\"]}\n");
        ok("tokenize --policy %j --keys %k --out %t %c");
        String revealed = ok("detokenize --policy %j --keys %k --caller c --log %log --for-purpose fraud %t")
                .out();
        assertThat(revealed)
                .matches(
                        "\\{\"c\":\\{\"card\":\"4111111111111111\",\"name\":null},\"tags\":\\[\"a\",\"one:[-_A-Za-z0-9]{43}\"]}\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"c\":{\"card\":4111111111111111}}|/c/card: value-malformed: not a string",
                "{\"c\":{\"card\":[\"4111111111111111\"]}}|/c/card: value-malformed: not a string",
                "{\"c\":{\"card\":null}}|/c/card: value-missing: absent or null",
                "{\"c\":{}}|/c/card: value-missing",
                "{\"c\":\"4111111111111111\"}|/c/card: value-malformed: on the way to it a string stands",
                "{\"c\":\"{\\\"card\\\":\\\"4111111111111111\\\"}\"}|/c/card: value-malformed: on the way to it a string",
                "{\"c\":4111111111111111}|/c/card: value-malformed: on the way to it a number or a boolean stands",
                "{\"c\":[{\"card\":\"4111111111111111\"}]}|/c/card: value-malformed: on the way to it a list stands",
                "[{\"c\":{\"card\":\"4111111111111111\"}}]|/c/card: value-malformed: on the way to it a list stands",
                "{\"c\":{\"card\":\"4111111111111112\"}}|/c/card: value-malformed: ",
                "{\"c\":{\"card\":\"4111111111111111\",\"v\":\"1\"}}|/c/v: version-present",
                "{\"c\":{\"card\":\"4111111111111111\",\"v\":null}}|/c/v: version-present",
                "{\"c\":{\"card\":\"4111111111111111\",\"card\":\"4111111111111111\"}}|member-doubled",
                "{\"x\":1,\"x\":1,\"c\":{\"card\":\"4111111111111111\"}}|member-doubled",
                "{\"c\":{\"card\":\"4111111111111111\"}|line 2: row-malformed: not well-formed JSON",
                "{\"c\":{\"card\":\"4111111111111111\"}} {}|line 2: row-malformed: more than one JSON text",
                "{\"c\":{\"card\":\"4111111111111111\"},}|line 2: row-malformed: not well-formed JSON",
                "{'c':1}|line 2: row-malformed: not well-formed JSON",
                "{\"c\":{\"card\":\"\u00ff111111111111111\"}}|line 2: row-malformed: not well-formed JSON",
                "{\u0000\"c\":1}|line 2: row-malformed: not JSON in UTF-8",
                "``|line 2: row-malformed: not a JSON object",
                "17|line 2: row-malformed: not a JSON object",
                "[]|/c/card: value-malformed: on the way to it a list stands where an object was expected"
            })
    void json_badLine_isLeftOutAndNamedWithoutItsValues(String row, String reason) {
        String good = "{\"c\":{\"card\":\"4111111111111111\"}}\n";
        terminal.write("c", good + row + "\n" + good);
        Terminal.Result result = line("tokenize --policy %j --keys %k %c");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out().lines()).hasSize(2);
        assertThat(result.err())
                .contains("signet: warning: line 2", reason, "3 rows, 1 rejected")
                .doesNotContain("4111", "\u00ff");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"customer\":[{\"card\":\"4111111111111111\"}]}",
                "{\"customer\":\"{\\\"card\\\":\\\"4111111111111111\\\"}\"}",
                "{\"customer\":4111111111111111}",
                "{\"customer\":true}",
                "[{\"customer\":{\"card\":\"4111111111111111\"}}]",
                "{\"customer\":{\"card\":[\"4111111111111111\"]}}",
                "{\"customer\":{\"card\":{\"number\":\"4111111111111111\"}}}",
                "{\"customer\":{\"cards\":\"4111111111111111\"}}",
                "{\"customer\":{\"cards\":{\"first\":\"4111111111111111\"}}}",
                "{\"customer\":{\"cards\":[[\"4111111111111111\"]]}}",
                "{\"customer\":{\"cards\":{}}}"
            })
    void json_optionalFieldInAnotherShape_neverPasses(String row) {
        terminal.write(
                "j",
                "{\"fields\": [{\"pointer\": \"/customer/card\", \"domain\": \"c\", \"format\": \"payment-card\","
                        + " \"version\": \"prefix\", \"optional\": true},"
                        + "{\"pointer\": \"/customer/cards/0\", \"domain\": \"c\", \"format\": \"payment-card\","
                        + " \"version\": \"prefix\", \"optional\": true}]}");
        String good = "{\"customer\":{\"card\":\"4111111111111111\",\"cards\":[\"4111111111111111\"]}}\n"
                + "{\"customer\":null}\n{\"customer\":{\"card\":null,\"cards\":[]}}\n{}\n";
        terminal.write("c", good + row + "\n");
        Terminal.Result result = line("tokenize --policy %j --keys %k %c");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out().lines()).hasSize(4);
        assertThat(result.out() + result.err()).doesNotContain("41111111111");
        assertThat(result.err())
                .contains("line 5, /customer/card", ": value-malformed: ", "5 rows, 1 rejected")
                .contains("no value in /customer/card: 3 rows\n", "no value in /customer/cards/0: 3 rows\n");
        terminal.write("c", good);
        assertThat(ok("tokenize --policy %j --keys %k %c").out()).doesNotContain("41111111111");
    }

    @Test
    void json_pointerThatLeadsToNothingInAnyRow_isNamedAndEndsWith1() {
        terminal.write("j", JSON_POLICY.replace("/c/name", "/c/nmae"));
        String row = "{\"c\":{\"card\":\"4111111111111111\",\"name\":\"Ada\"},\"tags\":[1,\"a\"]}\n";
        terminal.write("c", row.repeat(3));
        Terminal.Result result = line("tokenize --policy %j --keys %k --out %t %c");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("warning: /c/nmae leads to nothing in any row", "no value in /c/nmae: 3 rows");
        assertThat(terminal.read("t").lines()).hasSize(3);
        terminal.write("c", "");
        ok("tokenize --policy %j --keys %k %c");
    }

    @Test
    void json_listLongerThanItsPointers_isSaid() {
        String row = "{\"c\":{\"card\":\"4111111111111111\",\"name\":\"Ada\"},\"tags\":[1,\"a\"%s]}\n";
        terminal.write("c", row.formatted("") + row.formatted(",\"b\",\"c\"") + row.formatted(",null"));
        assertThat(ok("tokenize --policy %j --keys %k --out %t %c").err())
                .contains("elements that no pointer names, behind those of /tags/1: 2 lists");
        terminal.write("c", row.formatted(""));
        assertThat(ok("tokenize --policy %j --keys %k --out %u %c").err()).doesNotContain("no pointer names");
    }

    @Test
    void json_versionBesideAListElement_isRefused() {
        terminal.write(
                "j",
                JSON_POLICY
                        .replace("/tags/1\"", "/tags/1\"")
                        .replace(
                                "\"version\": \"prefix\", \"optional\": true}]",
                                "\"version\": {\"pointer\": \"/tags/v\"}}]"));
        terminal.write("c", "{\"c\":{\"card\":\"4111111111111111\"},\"tags\":[1,\"b\"]}\n");
        Terminal.Result result = line("tokenize --policy %j --keys %k %c");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("in a list there is no place for a version");
        assertThat(result.out()).isEmpty();
    }

    // ---- revealing -------------------------------------------------------------------------------------------------

    @Test
    void reveal_forgedOrMovedTokens_areRejected() {
        terminal.write("c", HEADER + GOOD + GOOD.replace("1,41", "2,41").replace("a@", "b@"));
        ok(TOKENIZE + "--out %t %c");
        String[] lines = terminal.read("t").split("\n");
        String token = lines[1].split(",")[2];
        String forged = token.substring(0, token.length() - 6) + "AAAAAA";
        terminal.write("f", lines[0] + "\n" + lines[1].replace(token, forged) + "\n" + lines[2] + "\n");
        Terminal.Result result = line(REVEAL_FOR + "fraud %f");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("line 2, mail: decryption-failed").doesNotContain(forged);
        assertThat(result.out().lines()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing|refused: purpose-not-allowed: for 'card' the policy has no purpose 'nothing'; it has fraud, support",
                "named|refused: purpose-not-allowed: for 'card' the policy grants 'named' to other callers than 'desk'"
            })
    void reveal_purposeNotGranted_isRefusedAndLogged(String purpose, String words) {
        terminal.write("c", HEADER + GOOD);
        ok(TOKENIZE + "--out %t %c");
        Terminal.Result result = line(REVEAL_FOR + purpose + " --out %d %t");
        Terminal.assertFails(result, 1, words);
        assertThat(terminal.files()).doesNotContain("d", "d.part", "d.checkpoint");
        assertThat(terminal.read("log")).contains("\"result\":\"purpose-not-allowed\"");
    }

    @Test
    void reveal_moreThanTheRate_isRefusedAsAWhole() {
        terminal.write("c", HEADER + GOOD.repeat(3));
        ok(TOKENIZE + "--out %t %c");
        Terminal.Result result = line(REVEAL_FOR + "few --out %d %t");
        Terminal.assertFails(
                result,
                1,
                "refused: rate-exceeded: for 'card' 'desk' may reveal for 'few' 2 values in 60 seconds",
                "\"allow-rate\": {");
        assertThat(terminal.files()).doesNotContain("d", "d.part", "d.checkpoint");
        Terminal.assertFails(line(REVEAL_FOR + "support --out %d --resume - %t"), 2);
    }

    @Test
    void reveal_rate_isOneForAllColumnsOfADomain() {
        String note = "{\"column\": \"note\", \"domain\": \"mail\", \"format\": \"digits\", \"version\": \"prefix\"}";
        terminal.write("p", CSV_POLICY.replace("\"prefix\"}]", "\"prefix\"}, " + note + "]"));
        terminal.write("c", HEADER + GOOD.replace(",x", ",1234567").repeat(2));
        ok(TOKENIZE + "--out %t %c");
        Terminal.assertFails(line(REVEAL_FOR + "few --out %d %t"), 1, "rate-exceeded: for 'note'", "2 values");
        ok(REVEAL_FOR + "fraud --out %d %t");
        assertThat(terminal.read("d")).isEqualTo(terminal.read("c"));
    }

    @Test
    void reveal_rate_holdsOverRunsAndResumedOnes() {
        terminal.write("p", CSV_POLICY.replace("\"rate\": {\"values\": 2,", "\"allow-rate\": {\"values\": 9000,"));
        terminal.write("c", HEADER + GOOD.repeat(40_000));
        ok(TOKENIZE + "--out %t %c");
        for (int run = 0; run < 4; run++) {
            Terminal.Result result = line(REVEAL_FOR + "few --out %d --resume %t");
            Terminal.assertFails(result, 1, "rate-exceeded");
            assertThat(result.err()).doesNotContain("resume");
        }
        long revealed = terminal.read("log")
                .lines()
                .map(FileTokenizationTest::json)
                .filter(event -> event.at("/domain").textValue().startsWith("card/"))
                .mapToLong(event -> event.at("/revealed").longValue())
                .sum();
        assertThat(revealed).isPositive().isLessThanOrEqualTo(9_000);
        // Another caller has a rate of its own, and a short log counts for nobody else.
        terminal.write("c", HEADER + GOOD);
        ok(TOKENIZE + "--out %t1 %c");
        ok(REVEAL_FOR.replace("desk", "other") + "few %t1");
    }

    @Test
    void reveal_logThatWasChangedInTheMiddle_isNotCountedFrom() {
        terminal.write("c", HEADER + GOOD);
        ok(TOKENIZE + "--out %t %c");
        ok(REVEAL_FOR + "fraud %t");
        terminal.write("log", terminal.read("log").replaceFirst("(.*\n)(.*\n)", "$2"));
        Terminal.assertFails(line(REVEAL_FOR + "fraud %t"), 2, "--log", "reveal-log verify");
    }

    @Test
    void reveal_rowsOfWhichOneTokenWasMovedOnly_areReadByTheVersionOfEach() {
        // The columns and versions as the guide lays them out, and a job over one of them that ends in the middle.
        terminal.write("p", CSV_POLICY.replace("\"prefix\"}]", "{\"column\": \"born_version\"}}]"));
        terminal.write("c", HEADER + GOOD.repeat(100));
        ok(TOKENIZE + "--out %t %c");
        ok("key rotate %k --id two");
        ok("key rotate %k --promote two");
        terminal.write("new", HEADER + GOOD);
        ok(TOKENIZE + "--out %n %new");
        String card = terminal.read("n").split("\n")[1].split(",")[1];
        StringBuilder half = new StringBuilder();
        for (String row : terminal.read("t").split("\n")) {
            String[] cells = row.split(",");
            if (half.length() > 4_000 && cells[5].equals("one")) {
                cells[1] = card;
                cells[5] = "two";
            }
            half.append(String.join(",", cells)).append('\n');
        }
        assertThat(half).contains(",two,one\n").contains(",one,one\n");
        terminal.write("half", half.toString());
        ok(REVEAL_FOR + "fraud --out %d %half");
        assertThat(terminal.read("d")).isEqualTo(terminal.read("c"));
    }

    @Test
    void reveal_moreThanTheUsualRate_needsAHigherOne() {
        terminal.write("c", HEADER + GOOD.repeat(1_001));
        ok(TOKENIZE + "--out %t %c");
        Terminal.assertFails(
                line(REVEAL_FOR + "support --out %d %t"), 1, "rate-exceeded: for 'card'", "1,000 values in 60 seconds");
        ok(REVEAL_FOR + "fraud --out %d %t");
        assertThat(terminal.read("d")).isEqualTo(terminal.read("c"));
    }

    @Test
    void reveal_rateAboveTheUsualOne_mustBeCalledSo() {
        terminal.write("p", CSV_POLICY.replace("allow-rate", "rate"));
        terminal.write("c", HEADER + GOOD);
        ok(TOKENIZE + "--out %t %c");
        Terminal.assertFails(line(REVEAL_FOR + "fraud %t"), 2, "call it 'allow-rate'", "/reveal/fraud/rate");
    }

    @Test
    void reveal_changedLog_isNotContinued() {
        terminal.write("c", HEADER + GOOD);
        ok(TOKENIZE + "--out %t %c");
        ok(REVEAL_FOR + "fraud %t");
        terminal.write("log", terminal.read("log").replace("\"seq\":3", "\"seq\":4"));
        Terminal.assertFails(line(REVEAL_FOR + "fraud %t"), 2, "--log");
    }

    // ---- mistakes --------------------------------------------------------------------------------------------------

    @Test
    void tokenize_fileWithoutAHeader_isRefusedWithoutAValueOfItsFirstRow() {
        terminal.write("c", GOOD);
        Terminal.Result result = line(TOKENIZE + "--out %t %c");
        Terminal.assertFails(result, 2, "has no column 'card'", "may be no header");
        for (String value : GOOD.strip().split(",")) {
            assertThat(result.err().replace("6 cells", "")).doesNotContain(" " + value);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--policy %absent --keys %k %c|cannot read|no such file",
                "--policy %p --keys %absent %c|cannot read|no such file",
                "--policy %p --keys %es %c|holds no keys for tokenization|--alg HKDF-SHA256",
                "--policy %p --keys %k %absent|cannot read|no such file",
                "--policy %p --keys %k %empty|is empty|header",
                "--policy %p --keys %k %other|has no column 'card'; it has id, cards, mail|mail",
                "--policy %p --keys %k %twice|two columns 'card'|card",
                "--policy %p --keys %k %done|column 'version' already|tokenized already?",
                "--policy %p --keys %k %utf16|is no UTF-8|iconv",
                "--policy %p --keys %k %gz|gzip|gunzip",
                "--policy %p --keys %k %quote|quote, line 1: the quote that opens a cell here|not closed",
                "--policy %p --keys %k --out %c %c|name one file|--out",
                "--policy %p --keys %k --out %r --rejects %r %c|name one file|--rejects",
                "--policy %p --keys %k --out %r --rejects %r.part %c|name one file|--rejects",
                "--policy %p --keys %k --out %r --rejects %r.checkpoint %c|name one file|--rejects",
                "--policy %p --keys %k --out %empty %c|exists already|not overwritten",
                "--policy %p --keys %k --rejects %empty %c|exists already|not overwritten",
                "--policy %p --keys %k --out %no/such %c|no such file|such",
                "--policy %p --keys %k --out %o --rejects %no/such %c|no such file|such",
                "--policy %p --keys %k --resume %c|--resume needs --out|FILE",
                "--policy %p --keys %k --resume --out %o -|--resume needs a file|standard input",
                "--policy %p --keys %k --dangerously-keep-rejected-rows %c|belongs to --rejects|FILE",
                "--policy %p --keys %k --delimiter ab %c|--delimiter is one|character",
                "--policy %p --keys %k --in-format xml %c|csv or jsonl|'xml'",
                "--policy %p --keys %k --in-format jsonl %c|--in-format is jsonl, but|columns",
                "--policy %p --keys %k %x.jsonl|does not look like it|--in-format",
                "--policy %j --keys %k --delimiter ; %c|belongs to CSV|--delimiter",
                "--policy - --keys %k -|standard input is named twice|twice",
                "--policy %legacy --keys %k %c|no new tokens are made|/fields/0"
            })
    void tokenize_mistake_isOneLineAndLeavesNothing(String arguments, String words, String more) {
        terminal.write("c", HEADER + GOOD);
        terminal.write("x.jsonl", "{}");
        terminal.write("empty", "");
        terminal.write("other", "id,cards,mail\n");
        terminal.write("twice", "id,card,card,mail,born\n");
        terminal.write("done", HEADER.replace("note", "version"));
        terminal.write("utf16", "\u00ff\u00fei\u0000d\u0000");
        terminal.write("gz", "\u001f\u008b\u0008");
        terminal.write("quote", "id,\"card\n");
        terminal.write(
                "legacy",
                CSV_POLICY.replace(
                        "\"payment-card\"",
                        "{\"name\": \"payment-card\", \"keep\": \"bin-and-last-four\", \"luhn\": \"valid\", \"allow-small-domain-for-reading\": true}"));
        ok("key generate --unencrypted --alg ES256 --out %es");
        List<String> before = terminal.files();
        terminal.input(CSV_POLICY);
        Terminal.Result result = line("tokenize " + arguments);
        Terminal.assertFails(result, 2, words, more);
        assertThat(result.bytes()).isEmpty();
        assertThat(terminal.files()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--caller c --log %l", "--for-purpose p --log %l", "--for-purpose p --caller c"})
    void detokenize_withoutPurposeCallerOrLog_isRefused(String given) {
        terminal.write("c", HEADER + GOOD);
        Terminal.assertFails(line("detokenize --policy %p --keys %k " + given + " %c"), 2, "Missing required option");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--out %new", "--out %o --rejects %new", "--log %t"})
    void detokenize_logThatIsAnotherFileToo_isRefused(String arguments) {
        terminal.write("t", HEADER);
        List<String> before = terminal.files();
        String log = arguments.contains("--log") ? " " : " --log %new ";
        Terminal.assertFails(
                line("detokenize --policy %p --keys %k --for-purpose fraud --caller c" + log + arguments + " %t"),
                2,
                "and --log name one file");
        assertThat(terminal.files()).isEqualTo(before);
    }

    // ---- surroundings ----------------------------------------------------------------------------------------------

    @Test
    void output_isItsOwnersOnly() throws Exception {
        terminal.write("c", HEADER + GOOD + "bad\n");
        line(TOKENIZE + "--out %t --rejects %r %c");
        for (String name : List.of("t", "r")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(terminal.path(name))))
                    .isEqualTo("rw-------");
        }
        assertThat(terminal.files()).containsExactly("c", "j", "k", "p", "r", "t");
    }

    @Test
    void standardInputAndOutput_work() {
        terminal.input(HEADER + GOOD);
        Terminal.Result result = ok(TOKENIZE + "-");
        assertThat(result.out()).startsWith("id,card,mail,born,note,version\n1,");
        assertThat(result.err()).startsWith("tokenized: 1 row, 0 rejected, ");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 100, 300})
    void bar_onATerminal_isClearedAndNeverBrokenIntoLines(int columns) {
        terminal.write("c", HEADER + GOOD.repeat(20_000));
        Terminal.Result result = new Terminal(folder)
                .colourful()
                .with("COLUMNS", Integer.toString(columns))
                .line(TOKENIZE + "--out %t %c");
        assertThat(result.code()).as(result.err()).isZero();
        String[] shown = result.err().split("\r");
        assertThat(shown).hasSizeGreaterThan(2);
        for (String bar : List.of(shown).subList(0, shown.length - 1)) {
            assertThat(Style.width(bar)).as(bar).isLessThan(columns);
            assertThat(bar).doesNotContain("\n");
        }
        assertThat(shown[shown.length - 2]).isBlank();
        assertThat(shown[shown.length - 1].strip()).startsWith("tokenized: 20,000 rows, 0 rejected, ");
    }

    private static JsonNode json(String line) {
        try {
            return new JsonMapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private Terminal.Result line(String arguments) {
        return terminal.line(arguments);
    }

    private Terminal.Result ok(String arguments) {
        Terminal.Result result = line(arguments);
        assertThat(result.code()).as(result.err()).isZero();
        return result;
    }
}
