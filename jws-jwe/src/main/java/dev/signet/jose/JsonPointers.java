// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.signet.core.InvalidMessageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Places in a JSON document by JSON Pointer (RFC 6901), where {@code *} stands for every element of an array and for no
 * member of an object, and the replacement of what is there with everything else left as it is, byte for byte.
 */
final class JsonPointers {
    private static final String EVERY = "*";

    private final List<List<String>> pointers;

    private JsonPointers(List<List<String>> pointers) {
        this.pointers = pointers;
    }

    /**
     * Reads pointers.
     *
     * @throws IllegalArgumentException if one is malformed, or leads to or into the place of another
     */
    static JsonPointers of(List<String> texts) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("at least one field is needed");
        }
        List<List<String>> pointers = new ArrayList<>();
        for (String text : texts) {
            List<String> pointer = parse(text);
            for (List<String> other : pointers) {
                int common = Math.min(pointer.size(), other.size());
                boolean overlap = true;
                for (int i = 0; i < common; i++) {
                    overlap &= meets(pointer.get(i), other.get(i)) || meets(other.get(i), pointer.get(i));
                }
                if (overlap) {
                    throw new IllegalArgumentException("two fields overlap: " + text);
                }
            }
            pointers.add(pointer);
        }
        return new JsonPointers(pointers);
    }

    /**
     * Replaces the text of every value that a pointer leads to.
     *
     * @param replacements makes the new texts of all values, in their order in the document
     * @throws InvalidMessageException if the document is not strict JSON, or a pointer leads nowhere
     */
    byte[] replace(byte[] json, StrictJson.Reader reader, UnaryOperator<List<String>> replacements) {
        reader.readObject(json);
        char[] text = StrictJson.decode(json);
        List<Place> places = new ArrayList<>();
        try (JsonParser parser = reader.parser(text)) {
            parser.nextToken();
            new Walk(parser, places).value(active());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
        List<String> values = new ArrayList<>();
        for (Place place : places) {
            values.add(new String(text, place.start, place.end - place.start));
        }
        List<String> replaced = replacements.apply(values);
        StringBuilder out = new StringBuilder(text.length + 256);
        int copied = 0;
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            out.append(text, copied, place.start - copied);
            out.append(replaced.get(i));
            copied = place.end;
        }
        out.append(text, copied, text.length - copied);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private List<Active> active() {
        return pointers.stream().map(pointer -> new Active(pointer, 0)).toList();
    }

    private static List<String> parse(String text) {
        if (!text.isEmpty() && text.charAt(0) != '/') {
            throw new IllegalArgumentException("a JSON Pointer is empty or starts with '/': " + text);
        }
        List<String> tokens = new ArrayList<>();
        String[] parts = text.split("/", -1);
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].matches(".*~([^01].*|$)")) {
                throw new IllegalArgumentException("in a JSON Pointer '~' is followed by 0 or 1: " + text);
            }
            tokens.add(parts[i].replace("~1", "/").replace("~0", "~"));
        }
        return List.copyOf(tokens);
    }

    private static boolean meets(String pattern, String token) {
        return pattern.equals(token) || (pattern.equals(EVERY) && token.matches("0|[1-9][0-9]*"));
    }

    private record Place(int start, int end) {}

    /** A pointer of which so many tokens lead to the place where the walk is. */
    private record Active(List<String> pointer, int depth) {
        boolean isHere() {
            return depth == pointer.size();
        }

        String next() {
            return pointer.get(depth);
        }
    }

    /** One way through the document, which was found to be strict before. */
    private static final class Walk {
        private final JsonParser parser;
        private final List<Place> places;

        Walk(JsonParser parser, List<Place> places) {
            this.parser = parser;
            this.places = places;
        }

        /** The parser stands on the first token of a value, and leaves it on the last one. */
        void value(List<Active> active) throws IOException {
            if (active.size() == 1 && active.get(0).isHere()) {
                int start = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                parser.finishToken();
                places.add(new Place(start, (int) parser.currentLocation().getCharOffset()));
            } else if (parser.currentToken() == JsonToken.START_OBJECT) {
                object(active);
            } else if (parser.currentToken() == JsonToken.START_ARRAY) {
                array(active);
            } else if (!active.isEmpty()) {
                throw absent(active.get(0));
            }
        }

        private void object(List<Active> active) throws IOException {
            List<Active> open = new ArrayList<>(active);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                List<Active> inside = new ArrayList<>();
                for (Active one : active) {
                    // A member called "*" has no pointer here: its siblings would stay as they are.
                    if (one.next().equals(name) && !name.equals(EVERY)) {
                        inside.add(new Active(one.pointer, one.depth + 1));
                        open.remove(one);
                    }
                }
                value(inside);
            }
            requireNone(open);
        }

        private void array(List<Active> active) throws IOException {
            List<Active> open = new ArrayList<>(active);
            open.removeIf(one -> one.next().equals(EVERY));
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                List<Active> inside = new ArrayList<>();
                for (Active one : active) {
                    if (one.next().equals(EVERY) || one.next().equals(String.valueOf(i))) {
                        inside.add(new Active(one.pointer, one.depth + 1));
                        open.remove(one);
                    }
                }
                value(inside);
            }
            requireNone(open);
        }

        private static void requireNone(List<Active> open) {
            if (!open.isEmpty()) {
                throw absent(open.get(0));
            }
        }

        private static InvalidMessageException absent(Active one) {
            // The pointer is the caller's own text, and not the message's.
            return InvalidMessageException.malformed("JSON has no field /" + String.join("/", one.pointer));
        }
    }
}
