// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.signet.core.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes headers and claims sets as compact JSON. */
final class JsonText {
    /** Buffers of its own: those that threads keep hold their class loaders, and what was written last. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .build();

    /** What every document may have, whoever reads it. */
    private static final Limits LIMITS = Limits.recommended2026();

    private JsonText() {}

    /**
     * An immutable copy of a value that a caller wants to have written.
     *
     * @throws IllegalArgumentException naming the member, if the value is of no type that JSON has, or one that {@link
     *     StrictJson} would refuse: a lone surrogate, a number that is too long, nesting that is too deep
     */
    static Object copyOf(String name, Object value) {
        requireName(name, name);
        return copyOf(name, value, 1);
    }

    /** @param depth how many objects and arrays are around the value */
    private static Object copyOf(String name, Object value, int depth) {
        if (value instanceof Map<?, ?> map) {
            requireRoom(name, map.size(), depth);
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, element) -> {
                if (!(key instanceof String text)) {
                    throw unsupported(name);
                }
                requireName(name, text);
                copy.put(text, copyOf(name, element, depth + 1));
            });
            return Collections.unmodifiableMap(copy);
        }
        if (value instanceof Collection<?> collection) {
            requireRoom(name, collection.size(), depth);
            List<Object> copy = new ArrayList<>();
            collection.forEach(element -> copy.add(copyOf(name, element, depth + 1)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof Instant instant) {
            return instant.getEpochSecond();
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof String text) {
            if (!StrictJson.isWellFormed(text)) {
                throw unreadable(name, "a lone surrogate");
            }
            return text;
        }
        if (value instanceof BigInteger || value instanceof BigDecimal) {
            if (!StrictJson.isNumber((Number) value)) {
                throw unreadable(name, "a number that is too long, or too large or small");
            }
            return value;
        }
        if (value instanceof Boolean || value instanceof Long) {
            return value;
        }
        throw unsupported(name);
    }

    private static void requireName(String member, String name) {
        if (name.length() > StrictJson.MAX_NAME_LENGTH || !StrictJson.isWellFormed(name)) {
            throw unreadable(member, "a name that is too long, or has a lone surrogate");
        }
    }

    private static void requireRoom(String name, int members, int depth) {
        if (depth >= LIMITS.maxJsonDepth() || members > LIMITS.maxJsonMembers()) {
            throw unreadable(name, "nesting that is too deep, or too many members");
        }
    }

    static byte[] write(Map<String, ?> object) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            value(json, object);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    private static void value(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> member : map.entrySet()) {
                json.writeFieldName((String) member.getKey());
                value(json, member.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                value(json, element);
            }
            json.writeEndArray();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof BigInteger number) {
            json.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            json.writeNumber(number);
        } else if (value == StrictJson.NULL) {
            json.writeNull();
        } else {
            throw new IllegalStateException("a value of no JSON type");
        }
    }

    private static IllegalArgumentException unreadable(String name, String what) {
        String shown = name.length() <= 40 && StrictJson.isWellFormed(name) ? name : "a member";
        return new IllegalArgumentException(shown + ": no strict reader of JSON takes " + what);
    }

    private static IllegalArgumentException unsupported(String name) {
        return new IllegalArgumentException(
                name + ": strings, numbers, booleans, instants, lists and maps of them can be written");
    }
}
