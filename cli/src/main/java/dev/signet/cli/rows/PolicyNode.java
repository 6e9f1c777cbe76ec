// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Texts;
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

/** A value in a file that people write, which knows its place and takes nothing that it does not understand. */
final class PolicyNode {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Source source;
    private final String pointer;
    private final JsonNode node;
    private final Set<String> known = new LinkedHashSet<>();

    private PolicyNode(Source source, String pointer, JsonNode node) {
        this.source = source;
        this.pointer = pointer;
        this.node = node;
    }

    private record Source(String name, Map<String, Integer> lines) {}

    static PolicyNode parse(String name, byte[] json) {
        try {
            JsonNode root = JSON.readTree(json);
            if (root == null || root.isMissingNode()) {
                throw Failure.input(name + " is empty");
            }
            return new PolicyNode(new Source(name, lines(json)), "", root);
        } catch (JsonProcessingException e) {
            String place =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            String reason = String.valueOf(e.getOriginalMessage());
            throw Failure.input(name + place + ": "
                    + (reason.startsWith("Duplicate field")
                            ? "the member " + reason.substring("Duplicate field ".length()) + " stands twice"
                            : "not well-formed JSON: " + reason));
        } catch (IOException e) {
            throw Failure.input("cannot read " + name + ": " + Texts.cause(e));
        }
    }

    private static Map<String, Integer> lines(byte[] json) throws IOException {
        Map<String, Integer> lines = new HashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token != JsonToken.END_ARRAY && token != JsonToken.END_OBJECT) {
                    lines.put(
                            parser.getParsingContext().pathAsPointer().toString() + (token.isStructStart() ? "/" : ""),
                            parser.currentTokenLocation().getLineNr());
                }
            }
        }
        return lines;
    }

    /** The failure that names this place. */
    Failure wrong(String what) {
        // The start of an object or array is known by its parent's pointer and a slash.
        Integer line = source.lines.getOrDefault(pointer, source.lines.get(pointer + "/"));
        return Failure.input(source.name + (line == null ? "" : ", line " + line)
                + (pointer.isEmpty() ? "" : ", " + pointer) + ": " + what);
    }

    /** The same place, as an object without members. */
    PolicyNode withoutMembers() {
        return new PolicyNode(source, pointer, JSON.createObjectNode());
    }

    boolean isString() {
        return node.isTextual();
    }

    boolean isObject() {
        return node.isObject();
    }

    String string() {
        if (!node.isTextual()) {
            throw wrong("must be a string");
        }
        if (node.textValue().isEmpty()) {
            throw wrong("must not be empty");
        }
        return node.textValue();
    }

    boolean bool() {
        if (!node.isBoolean()) {
            throw wrong("must be true or false");
        }
        return node.booleanValue();
    }

    int integer(int least, int most) {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw wrong("must be a whole number from " + least + " to " + most);
        }
        int value = node.intValue();
        if (value < least || value > most) {
            throw wrong("must be a whole number from " + least + " to " + most);
        }
        return value;
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
        if (!node.isArray() || node.isEmpty()) {
            throw wrong("must be a list of one or more");
        }
        List<PolicyNode> elements = new ArrayList<>();
        for (JsonNode element : node) {
            elements.add(new PolicyNode(source, pointer + "/" + elements.size(), element));
        }
        return elements;
    }

    /** All members, whatever their names. */
    Map<String, PolicyNode> members() {
        Map<String, PolicyNode> members = new LinkedHashMap<>();
        object().fieldNames().forEachRemaining(name -> members.put(name, child(name)));
        return members;
    }

    Optional<PolicyNode> member(String name) {
        known.add(name);
        return object().has(name) ? Optional.of(child(name)) : Optional.empty();
    }

    PolicyNode require(String name, String hint) {
        return member(name).orElseThrow(() -> wrong("'" + name + "' is missing" + hint));
    }

    /** Refuses members that nobody asked for. */
    void refuseOthers() {
        object().fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw child(name)
                        .wrong("unknown; here may stand " + known.stream().collect(Collectors.joining(", ")));
            }
        });
    }

    private ObjectNode object() {
        if (!(node instanceof ObjectNode object)) {
            throw wrong("must be an object");
        }
        return object;
    }

    private PolicyNode child(String name) {
        return new PolicyNode(source, pointer + "/" + name.replace("~", "~0").replace("/", "~1"), object().get(name));
    }
}
