// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the values of fields and derived components as a signature base wants them (RFC 9421, 2.1 to 2.4). One object serves
 * one message, and parses its query and its structured fields once, however many components and signatures ask.
 */
final class FieldValues {
    /**
     * Fields whose lines mean different things to different readers if there are several (RFC 9421, 7.5.6): those of the field
     * registry whose value is no list (RFC 9110, 5.3), as far as they reach applications.
     */
    private static final Set<String> SINGLE = Set.of(
            "access-control-allow-credentials",
            "access-control-allow-origin",
            "access-control-max-age",
            "access-control-request-method",
            "age",
            "authorization",
            "content-disposition",
            "content-length",
            "content-location",
            "content-range",
            "content-type",
            "date",
            "destination",
            "dpop",
            "etag",
            "expect",
            "expires",
            "from",
            "host",
            "idempotency-key",
            "if-modified-since",
            "if-range",
            "if-unmodified-since",
            "last-event-id",
            "last-modified",
            "location",
            "max-forwards",
            "origin",
            "proxy-authorization",
            "range",
            "referer",
            "retry-after",
            "sec-websocket-accept",
            "sec-websocket-key",
            "server",
            "strict-transport-security",
            "user-agent",
            "x-content-type-options",
            "x-frame-options");

    private final HttpMessage message;
    private final Map<String, FieldType> types;
    private final SfLimits limits;
    private final WorkBudget budget;
    private int bases;
    private @Nullable TargetUri target;
    private @Nullable QueryParams query;
    private @Nullable FieldValues ofRequest;
    private @Nullable Map<String, Parsed> parsed;

    FieldValues(HttpMessage message, Map<String, FieldType> types, SfLimits limits) {
        this(message, types, limits, WorkBudget.unlimited());
    }

    FieldValues(HttpMessage message, Map<String, FieldType> types, SfLimits limits, WorkBudget budget) {
        this.message = message;
        this.types = types;
        this.limits = limits;
        this.budget = budget;
    }

    /** Another base is begun. */
    void begin() {
        bases++;
    }

    WorkBudget budget() {
        return budget;
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
            FieldValues known = ofRequest;
            if (known == null) {
                HttpMessage request = message.request()
                        .orElseThrow(() -> new ComponentException("the response is not bound to a known request"));
                known = new FieldValues(request, types, limits, budget);
                ofRequest = known;
            }
            known.bases = bases;
            known.appendOwn(out, component);
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
            case "@authority" -> out.append(target().requireAuthority());
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
            default -> out.append(queryParams().single(String.valueOf(component.queryParamName())));
        }
    }

    private TargetUri target() {
        TargetUri known = target;
        if (known == null) {
            int length = message.requestTarget().length();
            if (length > limits.maxLength()) {
                throw InvalidMessageException.tooLarge(
                        "the request target is longer than the policy allows a field to be");
            }
            budget.meet(length, WorkBudget.PARSED);
            budget.spend(length);
            known = TargetUri.of(message);
            target = known;
        }
        return known;
    }

    private QueryParams queryParams() {
        QueryParams known = query;
        if (known == null) {
            String raw = target().rawQuery();
            known = QueryParams.parse(raw == null ? "" : raw, budget);
            query = known;
        }
        return known;
    }

    // ---- fields ----------------------------------------------------------------------------------------------------

    private void appendField(AsciiBuffer out, Component component) {
        if (component.isBs() || component.isSf() || component.keyOrNull() != null) {
            Parsed field = parsed(component);
            out.append(component.isBs() ? field.bytes() : field.text(component.keyOrNull()));
            return;
        }
        String name = component.name();
        List<String> lines = lines(component);
        int length = length(lines, name);
        if (bases <= 1) {
            budget.meet(length, WorkBudget.LINES);
        }
        // RFC 9113, 8.2.3: the only field whose lines are not joined by a comma.
        char separator = lines.size() > 1 && name.equals("cookie") ? ';' : ',';
        for (int i = 0; i < lines.size(); i++) {
            if (i > 0) {
                out.append(separator).append(' ');
            }
            String line = lines.get(i);
            int start = skipBlanks(line);
            int end = Math.max(start, endWithoutBlanks(line));
            int bad = out.tryAppend(line, start, end);
            if (bad >= 0) {
                throw unfit(name, line.charAt(bad));
            }
        }
    }

    private List<String> lines(Component component) {
        String name = component.name();
        List<String> lines = component.isTrailer() ? message.trailerValues(name) : message.fieldValues(name);
        if (lines.isEmpty()) {
            throw new ComponentException("the field is absent");
        }
        if (lines.size() > 1 && (SINGLE.contains(name) || (name.equals("cookie") && message.httpVersion() < 2))) {
            throw new ComponentException("the field comes several times");
        }
        return lines;
    }

    private Parsed parsed(Component component) {
        Map<String, Parsed> known = parsed;
        if (known == null) {
            known = new HashMap<>();
            parsed = known;
        }
        String place = component.isTrailer() ? component.name() + ";tr" : component.name();
        Parsed field = known.get(place);
        if (field == null) {
            field = new Parsed(component.name(), lines(component));
            budget.meet(field.length, WorkBudget.PARSED);
            known.put(place, field);
        }
        return field;
    }

    /** A field of which components are made by parameters. */
    private final class Parsed {
        private final String name;
        private final List<String> lines;
        private final int length;
        private @Nullable SfDictionary dictionary;

        Parsed(String name, List<String> lines) {
            this.name = name;
            this.lines = lines;
            length = length(lines, name);
        }

        // RFC 9421, 2.1.3
        String bytes() {
            budget.spend(length + (long) WorkBudget.ENTRY * lines.size());
            StringBuilder out = new StringBuilder(length * 4 / 3 + 8 * lines.size());
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                int start = skipBlanks(line);
                String value = line.substring(start, Math.max(start, endWithoutBlanks(line)));
                for (int c = 0; c < value.length(); c++) {
                    if (isControl(value.charAt(c)) || value.charAt(c) > 0xff) {
                        throw unfit(name, value.charAt(c));
                    }
                }
                byte[] base64 = Base64.getEncoder().encode(value.getBytes(StandardCharsets.ISO_8859_1));
                out.append(i > 0 ? ", :" : ":")
                        .append(new String(base64, StandardCharsets.ISO_8859_1))
                        .append(':');
            }
            return out.toString();
        }

        // RFC 9421, 2.1.1 and 2.1.2
        String text(@Nullable String key) {
            if (key != null) {
                SfMember member = dictionary().get(key);
                if (member == null) {
                    throw new ComponentException("the dictionary has no such member");
                }
                String text = SfSerializer.serialize(member);
                budget.spend(text.length());
                return text;
            }
            FieldType type = types.get(name);
            if (type == null) {
                throw new ComponentException("the field's structured type is not known to this verifier or signer");
            }
            budget.spend(length);
            if (type != FieldType.DICTIONARY) {
                spendOnParsing();
            }
            try {
                return switch (type) {
                    case ITEM -> SfSerializer.serialize(StructuredFields.parseItem(lines, limits));
                    case LIST -> SfSerializer.serialize(StructuredFields.parseList(lines, limits));
                    case DICTIONARY -> SfSerializer.serialize(dictionary());
                };
            } catch (SfException e) {
                throw invalid(name, e);
            }
        }

        /** Spent beforehand, by what may be separators, so that nothing is made of what is too much. */
        private void spendOnParsing() {
            int most = lines.size();
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                for (int c = 0; c < line.length(); c++) {
                    char at = line.charAt(c);
                    most += at == ',' || at == ';' || at == ' ' ? 1 : 0;
                }
            }
            budget.spend(length + (long) WorkBudget.ENTRY * most / 2);
        }

        private SfDictionary dictionary() {
            SfDictionary known = dictionary;
            if (known == null) {
                spendOnParsing();
                try {
                    known = StructuredFields.parseDictionary(lines, limits);
                } catch (SfException e) {
                    throw invalid(name, e);
                }
                if (known.hasDuplicates()) {
                    throw InvalidMessageException.malformed("field " + name + ": a dictionary key comes twice");
                }
                dictionary = known;
            }
            return known;
        }
    }

    private static RuntimeException unfit(String name, char c) {
        // Nothing is cut off or folded up: the application may get to see what this side does not.
        return isControl(c)
                ? InvalidMessageException.malformed("field " + name + ": a control character (RFC 9110, 5.5)")
                : new ComponentException("the value is not ASCII and can be covered with bs only (RFC 9421, 2.1.3)");
    }

    private static boolean isControl(char c) {
        return (c < ' ' && c != '\t') || c == 0x7f;
    }

    static InvalidMessageException invalid(String field, SfException e) {
        String what = "field " + field + ": " + e.rule() + " at character " + e.offset();
        return e.tooLarge() ? InvalidMessageException.tooLarge(what) : InvalidMessageException.malformed(what);
    }

    private int length(List<String> lines, String name) {
        long total = -2;
        for (int i = 0; i < lines.size(); i++) {
            total += lines.get(i).length() + 2L;
        }
        if (total > limits.maxLength()) {
            throw InvalidMessageException.tooLarge("field " + name + " is longer than the policy allows");
        }
        return (int) total;
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
