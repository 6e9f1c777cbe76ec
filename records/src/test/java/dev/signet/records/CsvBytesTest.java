// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Keyset;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import dev.signet.tokens.Access;
import dev.signet.tokens.ColumnOptions;
import dev.signet.tokens.ColumnResult;
import dev.signet.tokens.RevealLog;
import dev.signet.tokens.Token;
import dev.signet.tokens.TokenContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of bytes against the same cells one by one as strings: the same file, and the same rows rejected. */
class CsvBytesTest {
    private static final List<String> FORMATS = List.of(
            "'payment-card'",
            "'ssn'",
            "'phone'",
            "'email'",
            "{'name': 'email', 'domain': 'replaced'}",
            "'iban'",
            "'uuid'",
            "{'name': 'date', 'first': '0001-01-01', 'last': '9999-12-31'}",
            "'digits'",
            "'alphanumeric'",
            "{'name': 'text', 'alphabet': 'lower-case-alphanumeric'}",
            "{'name': 'text', 'alphabet': {'symbols': 'ab,; \\u0022'}}",
            "{'name': 'text', 'alphabet': {'symbols': 'абвгдежзийк'}}",
            "{'name': 'template', 'template': 'AC-#{8}', 'alphabet': 'digits'}",
            "'authenticated'",
            "'one-way'");
    private static final List<String> VALUES = List.of(
            "4111111111111111",
            "4111 1111 1111 1111",
            "4111111111111112",
            "536-22-8741",
            "000-22-8741",
            "+49 170 1234567",
            "ada.moreau@example.com",
            "a.person.of.more.than.twenty.letters99@mail.of.a.long.host.name.example.com",
            "ada.moreau@exämple.com",
            "DE89370400440532013000",
            "GB29NWBK60161331926819",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "1970-01-31",
            "1970-02-31",
            "12345678901234567890",
            "abcXYZ0123456",
            "abababab,\";; abba",
            "абвгдежзийк",
            "AC-12345678",
            "one:4111111111111111",
            "none:4111111111111111",
            ":",
            "é");

    private final Keyset<TokenizationKey> keys =
            Keyset.of(TokenizationKey.generate().withId("one"));

    @ParameterizedTest
    @ValueSource(chars = {',', ';', '\t', '1', 'b', '*'})
    void run_everyFormat_agreesWithStrings(char delimiter) throws IOException {
        Random random = new Random(delimiter);
        for (String format : FORMATS) {
            for (String version : List.of("'prefix'", "{'column': 'v'}")) {
                compare(format, version, delimiter, random);
            }
        }
    }

    @Test
    void run_rowsOfManyBlocks_agreeWithStrings() throws IOException {
        StringBuilder in = new StringBuilder("id,x\n");
        List<String> expected = new ArrayList<>(List.of("id,x,v"));
        FieldTokenizer field =
                tokenizer(policy("'digits'", "{'column': 'v'}")).field("x").orElseThrow();
        for (int i = 0; i < 60_000; i++) {
            String value = Long.toString(1_000_000_000L + 7919L * i);
            in.append(i).append(',').append(value).append('\n');
            expected.add(i + "," + field.tokenize(value, TokenContext.of(Integer.toString(i))) + ",one");
        }
        String out = run(RecordFiles.tokenizing(tokenizer(policy("'digits'", "{'column': 'v'}"))), in.toString(), null);
        assertThat(out.lines().toList()).isEqualTo(expected);
    }

    private void compare(String format, String version, char delimiter, Random random) throws IOException {
        RecordPolicy policy = policy(format, version);
        RecordTokenizer tokenizer = tokenizer(policy);
        FieldTokenizer field = tokenizer.field("x").orElseThrow();
        StringBuilder in = new StringBuilder(cells(delimiter, "id", "x") + "\r\n");
        StringBuilder expected = new StringBuilder(
                policy.field("x").orElseThrow().version().isPresent()
                        ? cells(delimiter, "id", "x", "v") + "\r\n"
                        : in.toString());
        List<String> rejected = new ArrayList<>();
        StringBuilder readable = new StringBuilder(in);
        for (int i = 0; i < 200; i++) {
            String value = random.nextInt(9) == 0 ? "" : VALUES.get(random.nextInt(VALUES.size()));
            String id = Integer.toString(random.nextInt(3));
            boolean isQuoted =
                    random.nextBoolean() || cell(value, delimiter, false).startsWith("\"");
            in.append(cell(id, delimiter, false))
                    .append(delimiter)
                    .append(cell(value, delimiter, isQuoted))
                    .append("\r\n");
            try {
                String stored = value.isEmpty() ? "" : stored(field, value, id);
                String result = cell(id, delimiter, false)
                        + delimiter
                        + (value.isEmpty() ? isQuoted ? "\"\"" : "" : cell(stored, delimiter, isQuoted));
                expected.append(result)
                        .append(field.field().version().isPresent() ? delimiter + cell("one", delimiter, false) : "")
                        .append("\r\n");
                // A cell that was quoted once stays so.
                boolean isQuotedNow = isQuoted || cell(stored, delimiter, false).startsWith("\"");
                readable.append(cell(id, delimiter, false))
                        .append(delimiter)
                        .append(cell(value, delimiter, isQuotedNow))
                        .append("\r\n");
            } catch (MessageSecurityException e) {
                rejected.add((i + 2) + ": " + e.getMessage());
            }
        }
        List<String> actual = new ArrayList<>();
        String out = run(RecordFiles.tokenizing(tokenizer).delimiter(delimiter), in.toString(), actual);
        assertThat(out).as(format).isEqualTo(expected.toString());
        assertThat(actual).as(format).isEqualTo(rejected);
        if (policy.field("x").orElseThrow().isReversible()) {
            RecordRevealer revealer = RecordRevealer.builder(policy, keys, RevealLog.to(event -> {}, logKey()))
                    .build();
            String back = run(
                    RecordFiles.revealing(revealer, Access.by("desk").forPurpose("all"))
                            .delimiter(delimiter),
                    out,
                    null);
            assertThat(back).as(format).isEqualTo(readable.toString());
        }
    }

    private SecretBytes logKey() {
        return RevealLog.deriveKey(keys.primary());
    }

    /** By the column of strings that no file path takes for these formats. */
    private static String stored(FieldTokenizer field, String value, String id) {
        FieldColumn column =
                field.tokenizeAll(List.of(value), ColumnOptions.defaults().contexts(List.of(id)));
        if (!column.errors().isEmpty()) {
            throw column.errors().get(0);
        }
        ColumnResult plain = field.tokenizer()
                .tokenizeAll(List.of(value), ColumnOptions.defaults().contexts(List.of(id)));
        String stored = column.stored(0).orElseThrow();
        assertThat(stored)
                .isEqualTo(
                        field.field().version().isPresent()
                                ? plain.texts().get(0)
                                : Token.ofText(plain.texts().get(0))
                                        .withVersion("one")
                                        .prefixed());
        return stored;
    }

    private static String run(RecordFiles.Builder files, String in, @Nullable List<String> rejected)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        files.build().run(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), block -> {
            block.writeTo(out);
            for (RejectedRow row : block.rejected()) {
                assertThat(rejected).isNotNull();
                rejected.add(row.firstLine() + ": " + row.message());
            }
            return true;
        });
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String cells(char delimiter, String... cells) {
        return String.join(String.valueOf(delimiter), cells);
    }

    private static String cell(String text, char delimiter, boolean isQuoted) {
        boolean needsQuotes = text.chars().anyMatch(c -> c == delimiter || c == '"');
        return isQuoted || needsQuotes ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    private RecordTokenizer tokenizer(RecordPolicy policy) {
        return RecordTokenizer.builder(policy, keys).build();
    }

    private static RecordPolicy policy(String format, String version) {
        String how = format.equals("'authenticated'") || format.equals("'one-way'") ? "mode" : "format";
        String json = "{'fields': [{'column': 'x', 'domain': 'd', '" + how + "': " + format + ", 'version': " + version
                + ", 'context': 'id', 'optional': true}], 'reveal': {'all': {'show': 'clear', 'allow-rate':"
                + " {'values': 1000000, 'seconds': 60}}}}";
        return RecordPolicy.parse("p", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
