// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * Any field is either refused by an {@link SfException}, or has a canonical text that reads as the same value.
 *
 * <p>Only the seeds run, unless the variable JAZZER_FUZZ is 1: then it fuzzes for an hour.
 */
class StructuredFieldsFuzzTest {
    private static final SfLimits LIMITS = new SfLimits(16_384, 1_024);
    // The canonical text may be longer than the field it comes from, never have more members.
    private static final SfLimits CANONICAL = new SfLimits(1 << 20, 1_024);

    @FuzzTest(maxDuration = "1h")
    void parse(byte[] field) {
        // A header's bytes are its characters; a line feed, which can't be in one, divides field lines here.
        List<String> lines = List.of(new String(field, StandardCharsets.ISO_8859_1).split("\n", -1));
        check(lines, StructuredFields::parseDictionary, SfSerializer::serialize);
        check(lines, StructuredFields::parseList, SfSerializer::serialize);
        check(lines, StructuredFields::parseItem, SfSerializer::serialize);
    }

    private static <T> void check(List<String> lines, FieldParser<T> parser, Function<T, String> serializer) {
        T value;
        try {
            value = parser.parse(lines, LIMITS);
        } catch (SfException e) {
            assertThat(e.offset()).isBetween(0, String.join(", ", lines).length());
            return;
        }
        String canonical = serializer.apply(value);
        T again = parser.parse(List.of(canonical), CANONICAL);
        assertThat(again).isEqualTo(value);
        assertThat(serializer.apply(again)).isEqualTo(canonical);
    }

    private interface FieldParser<T> {
        T parse(List<String> lines, SfLimits limits);
    }
}
