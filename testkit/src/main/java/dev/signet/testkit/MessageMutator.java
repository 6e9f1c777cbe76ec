// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import dev.signet.testkit.TestRequest.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Changes a request byte by byte, the covered and the uncovered ones: each bit flipped, each byte removed, doubled, and replaced
 * by one that means something to parsers; each field line removed, doubled and renamed.
 */
public final class MessageMutator {
    private static final String TELLING = " \t,;:=\"()?/&%#@.*-_0aZ\r\n\0\u007f\u00e9";

    private static final int TELLING_EACH = 12;

    private MessageMutator() {}

    /**
     * A changed request.
     *
     * @param part what was changed: {@code method}, {@code scheme}, {@code authority}, {@code request-target}, {@code body} or
     *     a field's name
     * @param change what was done, for messages of failed tests
     */
    public record Mutation(String part, String change, TestRequest request) {}

    /** Every mutation of a request: a dozen for each byte. */
    public static List<Mutation> mutations(TestRequest request) {
        List<Mutation> out = new ArrayList<>();
        text(out, "method", request.method(), request::withMethod);
        text(out, "scheme", request.scheme(), request::withScheme);
        text(out, "authority", request.authority(), request::withAuthority);
        text(out, "request-target", request.requestTarget(), request::withRequestTarget);
        for (int i = 0; i < request.fields().size(); i++) {
            field(out, request, i);
        }
        body(out, request);
        return out;
    }

    private static void field(List<Mutation> out, TestRequest request, int index) {
        List<Field> fields = request.fields();
        Field field = fields.get(index);
        String name = field.name();
        text(out, name, field.value(), value -> request.withFields(set(fields, index, new Field(name, value))));
        List<Field> removed = new ArrayList<>(fields);
        removed.remove(index);
        out.add(new Mutation(name, "line removed", request.withFields(removed)));
        List<Field> doubled = new ArrayList<>(fields);
        doubled.add(index, field);
        out.add(new Mutation(name, "line doubled", request.withFields(doubled)));
        Field renamed = new Field("x-" + name, field.value());
        out.add(new Mutation(name, "renamed", request.withFields(set(fields, index, renamed))));
    }

    private static void body(List<Mutation> out, TestRequest request) {
        byte[] body = request.body();
        for (int i = 0; i < body.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = body.clone();
                changed[i] ^= (byte) (1 << bit);
                out.add(new Mutation("body", "bit " + bit + " of byte " + i, request.withBody(changed)));
            }
            byte[] shorter = new byte[body.length - 1];
            System.arraycopy(body, 0, shorter, 0, i);
            System.arraycopy(body, i + 1, shorter, i, body.length - 1 - i);
            out.add(new Mutation("body", "byte " + i + " removed", request.withBody(shorter)));
        }
        out.add(new Mutation("body", "zero byte added", request.withBody(Arrays.copyOf(body, body.length + 1))));
        if (body.length > 0) {
            out.add(new Mutation("body", "emptied", request.withBody(new byte[0])));
        }
    }

    private static void text(List<Mutation> out, String part, String value, UnaryRequest change) {
        for (int i = 0; i < value.length(); i++) {
            String before = value.substring(0, i);
            String after = value.substring(i + 1);
            char c = value.charAt(i);
            for (int bit = 0; bit < 7; bit++) {
                add(out, part, "bit " + bit + " of character " + i, before + (char) (c ^ 1 << bit) + after, change);
            }
            add(out, part, "character " + i + " removed", before + after, change);
            add(out, part, "character " + i + " doubled", before + c + c + after, change);
            for (int k = 0; k < TELLING_EACH; k++) {
                char other = TELLING.charAt((i * TELLING_EACH + k) % TELLING.length());
                add(out, part, "character " + i + " replaced", before + other + after, change);
                add(out, part, "character inserted at " + i, before + other + c + after, change);
            }
        }
        add(out, part, "space added", value + " ", change);
        add(out, part, "comma added", value + ",", change);
        add(out, part, "emptied", "", change);
    }

    private static void add(List<Mutation> out, String part, String change, String value, UnaryRequest request) {
        // A request without a method cannot be built, let alone sent.
        if (!(part.equals("method") && value.isEmpty())) {
            out.add(new Mutation(part, change, request.apply(value)));
        }
    }

    private static List<Field> set(List<Field> fields, int index, Field field) {
        List<Field> changed = new ArrayList<>(fields);
        changed.set(index, field);
        return changed;
    }

    @FunctionalInterface
    private interface UnaryRequest {
        TestRequest apply(String value);
    }
}
