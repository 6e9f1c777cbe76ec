// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import java.util.List;

/**
 * Where a value stands in a row: a column of CSV, or a JSON Pointer (RFC 6901) into a line.
 *
 * @param text the column's name or the pointer, as messages show it
 * @param path the pointer's unescaped parts; empty for a column
 */
record FieldTarget(String text, List<String> path) {
    static FieldTarget column(String name) {
        return new FieldTarget(name, List.of());
    }

    /** @throws IllegalArgumentException if the text is no pointer to a member */
    static FieldTarget pointer(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a JSON Pointer begins with /, as in /customer/card");
        }
        if (text.matches(".*~(?![01]).*")) {
            throw new IllegalArgumentException("in a JSON Pointer ~ is written ~0 and / is written ~1");
        }
        List<String> path = List.of(text.substring(1).split("/", -1)).stream()
                .map(part -> part.replace("~1", "/").replace("~0", "~"))
                .toList();
        for (String part : path) {
            if (part.equals("*")) {
                throw new IllegalArgumentException(
                        "* for each element is not supported; name the elements, as in /cards/0");
            }
            if (part.equals("-")) {
                throw new IllegalArgumentException("- names the place behind the last element, where no value is");
            }
        }
        return new FieldTarget(text, path);
    }

    /** Whether a step names an element of a list (RFC 6901, 4). */
    static boolean isIndex(String part) {
        return part.matches("0|[1-9][0-9]*");
    }

    boolean isPointer() {
        return !path.isEmpty();
    }

    String kind() {
        return isPointer() ? "pointer" : "column";
    }

    /** The last part of a pointer. */
    String leaf() {
        return path.get(path.size() - 1);
    }

    /** Whether two pointers name members of one object. */
    boolean isBeside(FieldTarget other) {
        return path.size() == other.path.size()
                && path.subList(0, path.size() - 1).equals(other.path.subList(0, path.size() - 1));
    }

    /** Whether a pointer names this place or one around it. */
    boolean isWithin(FieldTarget other) {
        return isPointer()
                ? path.size() >= other.path.size()
                        && path.subList(0, other.path.size()).equals(other.path)
                : text.equals(other.text);
    }
}
