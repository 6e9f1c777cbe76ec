// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.util.List;

/**
 * Parsing of Structured Field Values for HTTP (RFC 9651, 4.2).
 *
 * <p><em>Security properties:</em> one pass, in time linear to the input, bounded by the {@link SfLimits} passed in.
 * Nothing malformed is repaired; of the two leniencies that RFC 9651, 4.2.7 suggests for Byte Sequences (missing
 * padding, non-zero pad bits) neither is granted, since each lets one signature be written in several ways. Duplicate
 * keys are overwritten as the RFC demands, and reported by {@link SfKeyed#hasDuplicates()}.
 *
 * <p>Field lines are those of one field in order, empty if the field is absent; they are read as if joined with
 * {@code ", "}. All methods throw {@link SfException}.
 */
final class StructuredFields {
    private StructuredFields() {}

    static SfDictionary parseDictionary(List<String> lines, SfLimits limits) {
        return parseDictionary(join(lines, limits), limits);
    }

    /** As {@link #parseDictionary(List, SfLimits)}, with inner lists that are known by their text. */
    static SfDictionary parseDictionary(List<String> lines, SfLimits limits, ComponentLists known) {
        return new SfParser(join(lines, limits), limits, known).dictionary();
    }

    static SfDictionary parseDictionary(String value, SfLimits limits) {
        return new SfParser(value, limits).dictionary();
    }

    static SfList parseList(List<String> lines, SfLimits limits) {
        return parseList(join(lines, limits), limits);
    }

    static SfList parseList(String value, SfLimits limits) {
        return new SfParser(value, limits).list();
    }

    static SfItem parseItem(List<String> lines, SfLimits limits) {
        return parseItem(join(lines, limits), limits);
    }

    static SfItem parseItem(String value, SfLimits limits) {
        return new SfParser(value, limits).item();
    }

    private static String join(List<String> lines, SfLimits limits) {
        if (lines.size() == 1) {
            return lines.get(0);
        }
        // Summed before joining, so that what is over the limit is not copied.
        long length = Math.max(0, 2L * (lines.size() - 1));
        for (String line : lines) {
            length += line.length();
        }
        if (length > limits.maxLength()) {
            throw SfParser.tooLong(limits);
        }
        return String.join(", ", lines);
    }
}
