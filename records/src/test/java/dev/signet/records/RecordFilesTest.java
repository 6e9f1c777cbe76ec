// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationException;
import dev.signet.tokens.Access;
import dev.signet.tokens.RevealLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as programs see them: blocks, reports, and going on where another run has ended. */
class RecordFilesTest {
    private static final String CSV =
            "{'fields': [{'column': 'n', 'domain': 'd', 'format': 'digits', 'version': 'prefix', 'optional': true}],"
                    + " 'reveal': {'p': 'clear'}}";
    private static final String LINES =
            "{'fields': [{'pointer': '/n', 'domain': 'd', 'format': 'digits', 'version': 'prefix', 'optional': true},"
                    + " {'pointer': '/m/0', 'domain': 'd', 'format': 'digits', 'version': 'prefix', 'optional': true}]}";

    private final Keyset<TokenizationKey> keys =
            Keyset.of(TokenizationKey.generate().withId("k"));

    @Test
    void run_file_isReported() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String in = "id,n\n1,12345678\n2,\n3,x\n4,\"12345\n678\"\n";
        RecordReport report = tokenizing(CSV).build().run(bytes(in), out);
        assertThat(report.rows()).isEqualTo(4);
        assertThat(report.rejected()).isEqualTo(2);
        assertThat(report.linesIn()).isEqualTo(6);
        assertThat(report.linesOut()).isEqualTo(3);
        assertThat(report.linesLost()).isEqualTo(3);
        assertThat(report.rowsOfSeveralLines()).isEqualTo(1);
        assertThat(report.rowsWithoutValue()).containsEntry("n", 1L);
        assertThat(report.bytes()).isEqualTo(in.length());
        assertThat(report).hasToString("RecordReport[4 rows, 2 rejected]");
        assertThat(out.toString(StandardCharsets.UTF_8)).matches("id,n\n1,k:[0-9]{8}\n2,\n");
    }

    @Test
    void run_jsonLines_namesPointersThatLedNowhere() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RecordReport report = tokenizing(LINES).build().run(bytes("\ufeff{\"n\":\"12345678\"}\n{\"n\":null}\n"), out);
        assertThat(report.unmetPointers()).containsExactly("/m/0");
        assertThat(out.toString(StandardCharsets.UTF_8)).matches("\ufeff\\{\"n\":\"k:[0-9]{8}\"}\n\\{\"n\":null}\n");
    }

    @Test
    void run_rejectedRows_areToldWithoutTheirContent() throws IOException {
        List<RejectedRow> rejected = new ArrayList<>();
        tokenizing(CSV).build().run(bytes("id,n\n1,\"12\n\"\n" + "x".repeat(2 << 20) + "\n"), block -> {
            rejected.addAll(block.rejected());
            return true;
        });
        assertThat(rejected).hasSize(2);
        RejectedRow first = rejected.get(0);
        assertThat(List.of(first.firstLine(), first.lastLine())).containsExactly(2L, 3L);
        assertThat(first.field()).isEqualTo("n");
        assertThat(first.code()).isEqualTo("value-malformed");
        assertThat(first.dangerousContent()).asString(StandardCharsets.UTF_8).isEqualTo("1,\"12\n\"");
        assertThat(first).hasToString("RejectedRow[line 2, value-malformed]");
        assertThat(rejected.get(1).isTooLong()).isTrue();
        assertThat(rejected.get(1).dangerousContent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void resume_fromEveryBlock_givesTheSameFile(boolean isJson) throws IOException {
        StringBuilder text = new StringBuilder(isJson ? "\ufeff" : "\ufeffid,n\n");
        for (int i = 0; i < 80_000; i++) {
            text.append(isJson ? "{\"n\":\"" : "1,").append(10_000_000 + i).append(isJson ? "\"}\n" : "\n");
        }
        RecordFiles files = tokenizing(isJson ? LINES : CSV).digested().build();
        List<String> saved = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        RecordReport whole = files.run(bytes(text.toString()), collect(saved, parts));
        assertThat(parts).hasSizeGreaterThan(3);
        for (int cut = 0; cut < saved.size(); cut++) {
            List<String> rest = new ArrayList<>(parts.subList(0, cut + 1));
            RecordReport report =
                    files.resume(bytes(text.toString()), saved.get(cut), collect(new ArrayList<>(), rest));
            assertThat(String.join("", rest)).isEqualTo(String.join("", parts));
            assertThat(report.save()).isEqualTo(whole.save());
        }
        String changed = text.toString().replace("10000001", "10000002");
        assertThatThrownBy(() -> files.resume(bytes(changed), saved.get(1), block -> true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the input is not what the unfinished run had");
        assertThatThrownBy(() -> files.resume(bytes(text.substring(0, 100)), saved.get(1), block -> true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static RecordSink collect(List<String> saved, List<String> parts) {
        return block -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            block.writeTo(out);
            parts.add(out.toString(StandardCharsets.UTF_8));
            saved.add(block.report().save());
            return true;
        };
    }

    @Test
    void run_sinkThatHasEnough_ends() throws IOException {
        int[] blocks = new int[1];
        tokenizing(CSV).build().run(bytes("n\n" + "12345678\n".repeat(100_000)), block -> ++blocks[0] < 2);
        assertThat(blocks[0]).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|f is empty: there is not even a header line",
                "a;b|f has no column 'n'; its first line has 1 cell and no name that the policy has",
                "n,n|f has two columns 'n'",
                "n,\"|f, line 1: the quote that opens a cell here is not closed until the end of the file",
                "n,\"x\"y|f: the header line cannot be used: it has text behind the closing quote of a cell"
            })
    void run_headerThatCannotBeUsed_isRefused(String in, String words) {
        assertThatThrownBy(() -> tokenizing(CSV).inputName("f").build().run(bytes(in), new ByteArrayOutputStream()))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageStartingWith(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2;0", "1;1,2,3,4,5,6;;0;0;0", "1;1,2,3,4,5,6,7;;0,0,0;0;0"})
    void resume_reportThatIsNone_isRefused(String saved) {
        assertThatThrownBy(() -> tokenizing(CSV).build().resume(bytes("n\n"), saved, block -> true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(chars = {'"', '\n', 'é', 0})
    void delimiter_thatIsNone_isRefused(char delimiter) {
        assertThatThrownBy(() -> tokenizing(CSV).delimiter(delimiter)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void revealing_purposeThatIsNotGranted_isRefusedAtOnce() {
        List<String> events = new ArrayList<>();
        RecordRevealer revealer = RecordRevealer.builder(
                        policy(CSV),
                        keys,
                        RevealLog.to(event -> events.add(event.line()), RevealLog.deriveKey(keys.primary())))
                .build();
        assertThatThrownBy(() -> RecordFiles.revealing(revealer, Access.by("x").forPurpose("q")))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("for 'n' the policy has no purpose 'q'; it has p");
        assertThat(events).hasSize(1);
        RecordRevealer none = RecordRevealer.builder(
                        policy("{'fields': [{'column': 'n', 'domain': 'd', 'mode': 'one-way', 'version': 'prefix'}]}"),
                        keys,
                        RevealLog.to(event -> {}, RevealLog.deriveKey(keys.primary())))
                .build();
        assertThatThrownBy(() -> RecordFiles.revealing(none, Access.by("x").forPurpose("q")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("all are one-way");
    }

    private RecordFiles.Builder tokenizing(String policy) {
        return RecordFiles.tokenizing(
                RecordTokenizer.builder(policy(policy), keys).build());
    }

    private static RecordPolicy policy(String json) {
        return RecordPolicy.parse("p", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
