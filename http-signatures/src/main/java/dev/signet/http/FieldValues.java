// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the values of fields and derived components as a signature base wants them (RFC 9421, 2.1 to 2.4). */
final class FieldValues {
    /** Fields whose lines mean different things to different readers if there are several (RFC 9421, 7.5.6). */
    private static final Set<String> SINGLE =
            Set.of("content-type", "content-length", "host", "authorization", "date", "location", "idempotency-key");

    private final HttpMessage message;
    private final Map<String, FieldType> types;
    private final SfLimits limits;
    private @Nullable TargetUri target;

    FieldValues(HttpMessage message, Map<String, FieldType> types, SfLimits limits) {
        this.message = message;
        this.types = types;
        this.limits = limits;
    }

    /**
     * Appends a component's value.
     *
     * @throws ComponentException if the message has no single value for it
     * @throws InvalidMessageException if the message itself is malformed or over a limit
     */
    void append(AsciiBuffer out, Component component) {
        if (component.isOfRequest()) {
            if (message.isRequest()) {
                throw new ComponentException("req is for responses (RFC 9421, 2.4)");
            }
            HttpMessage request = message.request()
                    .orElseThrow(() -> new ComponentException("the response is not bound to a known request"));
            new FieldValues(request, types, limits).appendOwn(out, component);
        } else {
            appendOwn(out, component);
        }
    }

    private void appendOwn(AsciiBuffer out, Component component) {
        if (component.isDerived()) {
            appendDerived(out, component);
        } else {
            appendField(out, component);
        }
    }

    // ---- derived components ----------------------------------------------------------------------------------------

    private void appendDerived(AsciiBuffer out, Component component) {
        if (component.name().equals("@status")) {
            if (message.isRequest()) {
                throw new ComponentException("a request has no status");
            }
            out.append(message.status());
            return;
        }
        if (!message.isRequest()) {
            throw new ComponentException("a response has it of its request only (RFC 9421, 2.4)");
        }
        switch (component.name()) {
            case "@method" -> out.append(message.method());
            case "@target-uri" -> target().appendTo(out);
            case "@authority" -> out.append(target().authority());
            case "@scheme" -> out.append(target().scheme());
            case "@request-target" -> {
                target();
                out.append(message.requestTarget());
            }
            case "@path" -> out.append(target().path());
            case "@query" -> {
                String query = target().rawQuery();
                out.append('?').append(query == null ? "" : query);
            }
            default -> {
                String query = target().rawQuery();
                String name = String.valueOf(component.queryParamName());
                out.append(QueryParams.single(query == null ? "" : query, name));
            }
        }
    }

    private TargetUri target() {
        TargetUri known = target;
        if (known == null) {
            known = TargetUri.of(message);
            target = known;
        }
        return known;
    }

    // ---- fields ----------------------------------------------------------------------------------------------------

    private void appendField(AsciiBuffer out, Component component) {
        String name = component.name();
        List<String> lines = component.isTrailer() ? message.trailerValues(name) : message.fieldValues(name);
        if (lines.isEmpty()) {
            throw new ComponentException("the field is absent");
        }
        if (lines.size() > 1 && SINGLE.contains(name)) {
            throw new ComponentException("the field comes several times");
        }
        checkLength(lines, name);
        if (component.isBs()) {
            appendBytes(out, lines);
        } else if (component.keyOrNull() != null) {
            appendMember(out, name, lines, component.keyOrNull());
        } else if (component.isSf()) {
            out.append(strict(name, lines));
        } else {
            appendLines(out, lines);
        }
    }

    private static void appendLines(AsciiBuffer out, List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            if (i > 0) {
                out.append(',').append(' ');
            }
            String line = lines.get(i);
            int start = 0;
            int end = line.length();
            while (start < end && isBlank(line.charAt(start))) {
                start++;
            }
            while (end > start && isBlank(line.charAt(end - 1))) {
                end--;
            }
            if (out.tryAppend(line, start, end) >= 0) {
                out.append(unfold(line.substring(start, end)).trim());
            }
        }
    }

    // RFC 9421, 2.1.3
    private static void appendBytes(AsciiBuffer out, List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            String line = unfold(lines.get(i)).trim();
            for (int c = 0; c < line.length(); c++) {
                char value = line.charAt(c);
                if (value > 0xff || (value < ' ' && value != '\t') || value == 0x7f) {
                    throw new ComponentException("the value has a control character or one that no byte stands for");
                }
            }
            if (i > 0) {
                out.append(',').append(' ');
            }
            out.append(':')
                    .append(Base64.getEncoder().encode(line.getBytes(StandardCharsets.ISO_8859_1)))
                    .append(':');
        }
    }

    // RFC 9421, 2.1.2
    private void appendMember(AsciiBuffer out, String name, List<String> lines, @Nullable String key) {
        SfDictionary dictionary = dictionary(name, lines);
        SfMember member = dictionary.get(String.valueOf(key));
        if (member == null) {
            throw new ComponentException("the dictionary has no such member");
        }
        out.append(SfSerializer.serialize(member));
    }

    // RFC 9421, 2.1.1
    private String strict(String name, List<String> lines) {
        FieldType type = types.get(name);
        if (type == null) {
            throw new ComponentException("the field's structured type is not known to this verifier or signer");
        }
        try {
            return switch (type) {
                case ITEM -> SfSerializer.serialize(StructuredFields.parseItem(lines, limits));
                case LIST -> SfSerializer.serialize(StructuredFields.parseList(lines, limits));
                case DICTIONARY -> SfSerializer.serialize(dictionary(name, lines));
            };
        } catch (SfException e) {
            throw invalid(name, e);
        }
    }

    private SfDictionary dictionary(String name, List<String> lines) {
        try {
            SfDictionary dictionary = StructuredFields.parseDictionary(lines, limits);
            if (dictionary.hasDuplicates()) {
                throw InvalidMessageException.malformed("field " + name + ": a dictionary key comes twice");
            }
            return dictionary;
        } catch (SfException e) {
            throw invalid(name, e);
        }
    }

    static InvalidMessageException invalid(String field, SfException e) {
        String what = "field " + field + ": " + e.rule() + " at character " + e.offset();
        return e.tooLarge() ? InvalidMessageException.tooLarge(what) : InvalidMessageException.malformed(what);
    }

    private void checkLength(List<String> lines, String name) {
        long total = 0;
        for (int i = 0; i < lines.size(); i++) {
            total += lines.get(i).length() + 2L;
        }
        if (total - 2 > limits.maxLength()) {
            throw InvalidMessageException.tooLarge("field " + name + " is longer than the policy allows");
        }
    }

    /** RFC 9421, 2.1, step 3: a line break before white space becomes one space; any other one is an attack. */
    static String unfold(String line) {
        StringBuilder out = null;
        int i = 0;
        while (i < line.length()) {
            char c = line.charAt(i);
            if (c != '\r' && c != '\n') {
                if (out != null) {
                    out.append(c);
                }
                i++;
                continue;
            }
            if (out == null) {
                out = new StringBuilder(line.length()).append(line, 0, i);
            }
            int next = c == '\r' && i + 1 < line.length() && line.charAt(i + 1) == '\n' ? i + 2 : i + 1;
            if (next >= line.length() || !isBlank(line.charAt(next))) {
                throw InvalidMessageException.malformed("a field value has a line break");
            }
            while (next < line.length() && isBlank(line.charAt(next))) {
                next++;
            }
            while (out.length() > 0 && isBlank(out.charAt(out.length() - 1))) {
                out.setLength(out.length() - 1);
            }
            out.append(' ');
            i = next;
        }
        return out == null ? line : out.toString();
    }

    /** The place of the first character that is neither a space nor a tab (RFC 9110, 5.5). */
    static int skipBlanks(String line) {
        int start = 0;
        while (start < line.length() && isBlank(line.charAt(start))) {
            start++;
        }
        return start;
    }

    /** The place behind the last character that is neither a space nor a tab. */
    static int endWithoutBlanks(String line) {
        int end = line.length();
        while (end > 0 && isBlank(line.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
