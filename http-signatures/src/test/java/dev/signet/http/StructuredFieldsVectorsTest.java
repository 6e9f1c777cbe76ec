// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.signet.http.SfValue.SfBoolean;
import dev.signet.http.SfValue.SfBytes;
import dev.signet.http.SfValue.SfDate;
import dev.signet.http.SfValue.SfDecimal;
import dev.signet.http.SfValue.SfDisplayString;
import dev.signet.http.SfValue.SfInteger;
import dev.signet.http.SfValue.SfString;
import dev.signet.http.SfValue.SfToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The HTTP working group's vectors (github.com/httpwg/structured-field-tests), read from the folder {@code
 * structured-fields} in the one that the property {@code signet.vectors} or the variable SIGNET_VECTORS names.
 */
class StructuredFieldsVectorsTest {
    private static final SfLimits LIMITS = new SfLimits(100_000, 10_000);

    /** Vectors whose failure the suite permits, and which are refused here: a signature is to have one spelling. */
    private static final Set<String> REFUSED = Set.of("bad padding", "non-zero pad bits");

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    @Test
    void parse_everyVector_isAsExpected() throws IOException {
        int accepted = 0;
        int refused = 0;
        Set<String> permittedFailures = new TreeSet<>();
        for (JsonNode vector : vectors("")) {
            boolean mustFail = vector.path("must_fail").asBoolean();
            Object parsed;
            try {
                parsed = parse(vector);
            } catch (SfException e) {
                assertThat(e.tooLarge()).isFalse();
                if (!mustFail) {
                    assertThat(vector.path("can_fail").asBoolean())
                            .as(describe(vector))
                            .isTrue();
                    permittedFailures.add(vector.get("name").asText());
                }
                refused++;
                continue;
            }
            assertThat(mustFail).as(describe(vector)).isFalse();
            assertThat(parsed).as(describe(vector)).isEqualTo(expected(vector));
            assertThat(serialize(parsed)).as(describe(vector)).isEqualTo(canonical(vector));
            accepted++;
        }
        assertThat(permittedFailures).isEqualTo(REFUSED);
        assertThat(accepted + refused).isEqualTo(1591);
        System.out.printf(
                "structured-field parsing vectors: ran %d (%d accepted and serialised, %d refused)%n",
                accepted + refused, accepted, refused);
    }

    @Test
    void serialize_everyExpectedValueOfParsingVectors_isCanonical() throws IOException {
        int ran = 0;
        for (JsonNode vector : vectors("")) {
            if (vector.has("expected")) {
                Object value = expected(vector);
                String text = serialize(value);
                assertThat(text).as(describe(vector)).isEqualTo(canonical(vector));
                if (!text.isEmpty()) {
                    assertThat(parse(vector.get("header_type").asText(), List.of(text)))
                            .as(describe(vector))
                            .isEqualTo(value);
                }
                ran++;
            }
        }
        assertThat(ran).isEqualTo(727);
        System.out.printf("structured-field parsing vectors: serialised and read back %d expected values%n", ran);
    }

    @Test
    void serialize_everyVector_isAsExpected() throws IOException {
        int serialised = 0;
        int refused = 0;
        for (JsonNode vector : vectors("serialisation-tests")) {
            if (vector.path("must_fail").asBoolean()) {
                assertThatThrownBy(() -> serialize(expected(vector)))
                        .as(describe(vector))
                        .isInstanceOf(IllegalArgumentException.class);
                refused++;
            } else {
                assertThat(serialize(expected(vector))).as(describe(vector)).isEqualTo(canonical(vector));
                serialised++;
            }
        }
        assertThat(serialised).isEqualTo(5);
        assertThat(refused).isEqualTo(539);
        System.out.printf(
                "structured-field serialisation vectors: ran %d (%d serialised, %d refused)%n",
                serialised + refused, serialised, refused);
    }

    private static Object parse(JsonNode vector) {
        List<String> lines = new ArrayList<>();
        vector.get("raw").forEach(line -> lines.add(line.asText()));
        return parse(vector.get("header_type").asText(), lines);
    }

    private static Object parse(String type, List<String> lines) {
        return switch (type) {
            case "dictionary" -> StructuredFields.parseDictionary(lines, LIMITS);
            case "list" -> StructuredFields.parseList(lines, LIMITS);
            case "item" -> StructuredFields.parseItem(lines, LIMITS);
            default -> throw new IllegalStateException(type);
        };
    }

    private static String serialize(Object value) {
        if (value instanceof SfDictionary dictionary) {
            return SfSerializer.serialize(dictionary);
        }
        return value instanceof SfList list ? SfSerializer.serialize(list) : SfSerializer.serialize((SfMember) value);
    }

    private static String canonical(JsonNode vector) {
        List<String> lines = new ArrayList<>();
        vector.path(vector.has("canonical") ? "canonical" : "raw").forEach(line -> lines.add(line.asText()));
        return String.join(", ", lines);
    }

    private static Object expected(JsonNode vector) {
        JsonNode value = vector.get("expected");
        switch (vector.get("header_type").asText()) {
            case "dictionary":
                SfDictionary.Builder dictionary = SfDictionary.builder();
                value.forEach(entry -> dictionary.put(entry.get(0).asText(), member(entry.get(1))));
                return dictionary.build();
            case "list":
                List<SfMember> members = new ArrayList<>();
                value.forEach(element -> members.add(member(element)));
                return new SfList(members);
            default:
                return member(value);
        }
    }

    private static SfMember member(JsonNode pair) {
        SfParameters.Builder parameters = SfParameters.builder();
        pair.get(1).forEach(entry -> parameters.put(entry.get(0).asText(), value(entry.get(1))));
        if (!pair.get(0).isArray()) {
            return new SfItem(value(pair.get(0)), parameters.build());
        }
        List<SfItem> items = new ArrayList<>();
        pair.get(0).forEach(item -> items.add((SfItem) member(item)));
        return new SfInnerList(items, parameters.build());
    }

    private static SfValue value(JsonNode node) {
        if (node.isObject()) {
            JsonNode value = node.get("value");
            return switch (node.get("__type").asText()) {
                case "token" -> new SfToken(value.asText());
                case "binary" -> new SfBytes(base32(value.asText()));
                case "date" -> new SfDate(value.longValue());
                case "displaystring" -> new SfDisplayString(value.asText());
                default -> throw new IllegalStateException(node.get("__type").asText());
            };
        }
        if (node.isBoolean()) {
            return new SfBoolean(node.booleanValue());
        }
        if (node.isTextual()) {
            return new SfString(node.asText());
        }
        return node.isIntegralNumber() ? new SfInteger(node.longValue()) : SfDecimal.of(node.decimalValue());
    }

    private static byte[] base32(String text) {
        String digits = text.replace("=", "");
        byte[] bytes = new byte[digits.length() * 5 / 8];
        int bits = 0;
        int held = 0;
        int length = 0;
        for (int i = 0; i < digits.length(); i++) {
            bits = bits << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(digits.charAt(i));
            held += 5;
            if (held >= 8) {
                held -= 8;
                bytes[length++] = (byte) (bits >> held);
            }
        }
        return bytes;
    }

    private static List<JsonNode> vectors(String subfolder) throws IOException {
        String root = System.getProperty("signet.vectors", System.getenv("SIGNET_VECTORS"));
        Assumptions.assumeTrue(
                root != null,
                "SIGNET_VECTORS is not set: it has to name the folder that holds structured-fields/, the vectors of"
                        + " github.com/httpwg/structured-field-tests");
        Path folder = Path.of(root, "structured-fields", subfolder);
        if (!Files.isDirectory(folder)) {
            fail("no such folder: " + folder);
        }
        List<JsonNode> vectors = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                JSON.readTree(file.toFile()).forEach(vectors::add);
            }
        }
        return vectors;
    }

    private static String describe(JsonNode vector) {
        return vector.get("name").asText();
    }
}
