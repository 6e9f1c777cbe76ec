// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A value in a file that people write, which knows its place and takes nothing that it does not understand. */
final class PolicyNode {
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Source source;
    private final String pointer;

    /** A map, a list, a text, an integer, or a boolean; null for every other value. */
    private final @Nullable Object value;

    private final Set<String> known = new LinkedHashSet<>();

    private PolicyNode(Source source, String pointer, @Nullable Object value) {
        this.source = source;
        this.pointer = pointer;
        this.value = value;
    }

    private record Source(String name, Map<String, Integer> lines) {}

    /** What is wrong, with its place. */
    static final class Wrong extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message);
        }
    }

    /** @throws Wrong if it is no JSON */
    static PolicyNode parse(String name, byte[] json) {
        Source source = new Source(name, new HashMap<>());
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() == null) {
                throw new Wrong(name + " is empty");
            }
            Object root = value(parser, "", source.lines);
            if (parser.nextToken() != null) {
                throw new Wrong(name + ", line " + parser.currentTokenLocation().getLineNr()
                        + ": not well-formed JSON: something follows the end");
            }
            return new PolicyNode(source, "", root);
        } catch (JsonProcessingException e) {
            String place =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            String reason = String.valueOf(e.getOriginalMessage());
            throw new Wrong(name + place + ": "
                    + (reason.startsWith("Duplicate field")
                            ? "the member " + reason.substring("Duplicate field ".length()) + " stands twice"
                            : "not well-formed JSON: " + reason));
        } catch (IOException e) {
            throw new Wrong("cannot read " + name + ": " + e.getMessage());
        }
    }

    /** The value that begins at the parser's token; the parser's own limit of depth ends the recursion. */
    private static @Nullable Object value(JsonParser parser, String pointer, Map<String, Integer> lines)
            throws IOException {
        lines.put(pointer, parser.currentTokenLocation().getLineNr());
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, value(parser, step(pointer, name), lines));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser, pointer + "/" + elements.size(), lines));
                }
                yield elements;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> parser.getNumberType() == JsonParser.NumberType.INT ? parser.getIntValue() : null;
            default -> null;
        };
    }

    private static String step(String pointer, String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** The failure that names this place. */
    Wrong wrong(String what) {
        Integer line = source.lines.get(pointer);
        return new Wrong(source.name + (line == null ? "" : ", line " + line)
                + (pointer.isEmpty() ? "" : ", " + pointer) + ": " + what);
    }

    /** The same place, as an object without members. */
    PolicyNode withoutMembers() {
        return new PolicyNode(source, pointer, Map.of());
    }

    boolean isString() {
        return value instanceof String;
    }

    boolean isObject() {
        return value instanceof Map;
    }

    String string() {
        if (!(value instanceof String text)) {
            throw wrong("must be a string");
        }
        if (text.isEmpty()) {
            throw wrong("must not be empty");
        }
        return text;
    }

    boolean bool() {
        if (!(value instanceof Boolean bool)) {
            throw wrong("must be true or false");
        }
        return bool;
    }

    int integer(int least, int most) {
        if (!(value instanceof Integer number) || number < least || number > most) {
            throw wrong("must be a whole number from " + least + " to " + most);
        }
        return number;
    }

    /** One of some words. */
    <T> T choice(String what, Map<String, T> words) {
        String text = string();
        T found = words.get(text);
        if (found == null) {
            throw wrong("'" + text + "' is no " + what + "; there " + (words.size() == 1 ? "is " : "are ")
                    + String.join(", ", words.keySet()));
        }
        return found;
    }

    List<PolicyNode> array() {
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            throw wrong("must be a list of one or more");
        }
        List<PolicyNode> elements = new ArrayList<>();
        for (Object element : list) {
            elements.add(new PolicyNode(source, pointer + "/" + elements.size(), element));
        }
        return elements;
    }

    /** All members, whatever their names. */
    Map<String, PolicyNode> members() {
        Map<String, PolicyNode> members = new LinkedHashMap<>();
        object().keySet().forEach(name -> members.put(name, child(name)));
        return members;
    }

    Optional<PolicyNode> member(String name) {
        known.add(name);
        return object().containsKey(name) ? Optional.of(child(name)) : Optional.empty();
    }

    PolicyNode require(String name, String hint) {
        return member(name).orElseThrow(() -> wrong("'" + name + "' is missing" + hint));
    }

    /** Refuses members that nobody asked for. */
    void refuseOthers() {
        for (String name : object().keySet()) {
            if (!known.contains(name)) {
                throw child(name)
                        .wrong("unknown; here may stand " + known.stream().collect(Collectors.joining(", ")));
            }
        }
    }

    @SuppressWarnings("unchecked") // made above
    private Map<String, @Nullable Object> object() {
        if (!(value instanceof Map<?, ?> members)) {
            throw wrong("must be an object");
        }
        return (Map<String, @Nullable Object>) members;
    }

    private PolicyNode child(String name) {
        return new PolicyNode(source, step(pointer, name), object().get(name));
    }
}
