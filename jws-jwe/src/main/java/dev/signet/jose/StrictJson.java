// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON objects so that no two parsers could read them differently: I-JSON (RFC 7493) and nothing beside it.
 *
 * <p>Refused are malformed UTF-8, a byte order mark, lone surrogates also when escaped, duplicate member names also when
 * they are equal only after unescaping, content after the object, and whatever is over the limits. Values are {@link Map},
 * {@link List}, {@link String}, {@link Boolean}, {@link Long}, {@link BigInteger}, {@link BigDecimal} and {@link #NULL};
 * maps keep the order of the text and cannot be changed.
 */
final class StrictJson {
    /** The value {@code null}, so that it never passes for an absent member. */
    static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    private static final int MAX_NUMBER_LENGTH = 64;
    static final int MAX_NAME_LENGTH = 256;
    /** Any integer shorter than this fits in a long. */
    private static final int MAX_LONG_DIGITS = 19;
    /** Turning 1e999999999 into an integer would take gigabytes. */
    private static final int MAX_SCALE = 400;

    private static final Reader RECOMMENDED_2026 = new Reader(Limits.recommended2026());

    private final JsonParser parser;
    private final Limits limits;
    private int members;

    private StrictJson(JsonParser parser, Limits limits) {
        this.parser = parser;
        this.limits = limits;
    }

    /**
     * Reads one object.
     *
     * @throws InvalidMessageException naming the position in characters and the line, never the content
     */
    static Map<String, Object> readObject(byte[] json, Limits limits) {
        return reader(limits).readObject(json);
    }

    /** A reader to be kept: what depends on the limits only is made once. */
    static Reader reader(Limits limits) {
        return limits.equals(RECOMMENDED_2026.limits) ? RECOMMENDED_2026 : new Reader(limits);
    }

    /** Reads objects within the same limits. Immutable and thread-safe. */
    static final class Reader {
        private final Limits limits;
        private final JsonFactory factory;

        private Reader(Limits limits) {
            this.limits = limits;
            factory = factory(limits);
        }

        Map<String, Object> readObject(byte[] json) {
            if (json.length > limits.maxJsonBytes()) {
                throw InvalidMessageException.tooLarge("JSON of more than " + limits.maxJsonBytes() + " bytes");
            }
            return parse(decode(json));
        }

        Map<String, Object> readObject(String json) {
            if (json.length() > limits.maxJsonBytes()) {
                throw InvalidMessageException.tooLarge("JSON of more than " + limits.maxJsonBytes() + " characters");
            }
            return parse(json.toCharArray());
        }

        /** A parser of text that was read here before; its positions are those of characters. */
        JsonParser parser(char[] text) throws IOException {
            return factory.createParser(text);
        }

        private Map<String, Object> parse(char[] text) {
            try (JsonParser parser = factory.createParser(text)) {
                return new StrictJson(parser, limits).document();
            } catch (StreamConstraintsException e) {
                throw InvalidMessageException.tooLarge(
                        "JSON over a limit of nesting or of a name's or number's length");
            } catch (JsonParseException e) {
                // Jackson's message quotes the text, so only the place is told.
                throw malformed("a syntax error", e.getLocation());
            } catch (IOException e) {
                throw new UncheckedIOException("reading from memory failed", e);
            }
        }
    }

    /** Strict UTF-8 as characters. */
    static char[] decode(byte[] json) {
        char[] text = new char[json.length];
        for (int i = 0; i < json.length; i++) {
            if (json[i] < 0) {
                return decodeUtf8(json);
            }
            text[i] = (char) json[i];
        }
        return text;
    }

    private static char[] decodeUtf8(byte[] json) {
        if (json.length >= 3 && json[0] == (byte) 0xef && json[1] == (byte) 0xbb && json[2] == (byte) 0xbf) {
            throw malformed("a byte order mark", null);
        }
        try {
            CharBuffer decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(json));
            char[] text = new char[decoded.remaining()];
            decoded.get(text);
            return text;
        } catch (CharacterCodingException e) {
            throw InvalidMessageException.malformed("JSON is not valid UTF-8");
        }
    }

    private static JsonFactory factory(Limits limits) {
        return JsonFactory.builder()
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                // Buffers may have held private keys, so none is kept for later.
                .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.maxJsonDepth())
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .maxNameLength(MAX_NAME_LENGTH)
                        .maxStringLength(limits.maxJsonBytes())
                        .build())
                .build();
    }

    private Map<String, Object> document() throws IOException {
        JsonToken first = parser.nextToken();
        if (first != JsonToken.START_OBJECT) {
            throw malformed(first == null ? "no content" : "a value that is not an object", null);
        }
        Map<String, Object> object = object(1);
        if (parser.nextToken() != null) {
            throw malformed("content after the object", place());
        }
        return object;
    }

    private Map<String, Object> object(int depth) throws IOException {
        checkDepth(depth);
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            count();
            String name = wellFormed(parser.currentName());
            if (name.length() > MAX_NAME_LENGTH) {
                throw InvalidMessageException.tooLarge(
                        "JSON with a name of more than " + MAX_NAME_LENGTH + " characters");
            }
            JsonLocation place = place();
            parser.nextToken();
            if (object.put(name, value(depth)) != null) {
                throw malformed("a duplicate member name", place);
            }
        }
        return Collections.unmodifiableMap(object);
    }

    private List<Object> array(int depth) throws IOException {
        checkDepth(depth);
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            count();
            array.add(value(depth));
        }
        return Collections.unmodifiableList(array);
    }

    private Object value(int depth) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(depth + 1);
            case START_ARRAY -> array(depth + 1);
            case VALUE_STRING -> wellFormed(parser.getText());
            case VALUE_NUMBER_INT -> integer(parser.getText());
            case VALUE_NUMBER_FLOAT -> decimal(parser.getText());
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> NULL;
            default -> throw malformed("a syntax error", place());
        };
    }

    private static Object integer(String digits) {
        checkNumberLength(digits);
        if (digits.length() < MAX_LONG_DIGITS) {
            return Long.parseLong(digits);
        }
        BigInteger value = new BigInteger(digits);
        return value.bitLength() < Long.SIZE ? (Object) value.longValueExact() : value;
    }

    private BigDecimal decimal(String digits) {
        checkNumberLength(digits);
        try {
            BigDecimal value = new BigDecimal(digits);
            if (Math.abs((long) value.scale()) <= MAX_SCALE) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The exponent does not fit in an int.
        }
        throw malformed("a number with an excessive exponent", place());
    }

    private static void checkNumberLength(String digits) {
        if (digits.length() > MAX_NUMBER_LENGTH) {
            throw InvalidMessageException.tooLarge(
                    "JSON with a number of more than " + MAX_NUMBER_LENGTH + " characters");
        }
    }

    private String wellFormed(String text) {
        if (!isWellFormed(text)) {
            throw malformed("a lone surrogate", place());
        }
        return text;
    }

    /** RFC 7493, 2.1: no unpaired surrogates, which escapes can smuggle past a check of the bytes. */
    static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a number that is written as its {@code toString()} is read again. */
    static boolean isNumber(Number number) {
        // An integer's text is made in time that is quadratic, so its bits are looked at first: four of them are a
        // digit.
        if (number instanceof BigInteger integer && integer.bitLength() > 4 * MAX_NUMBER_LENGTH) {
            return false;
        }
        if (number instanceof BigDecimal decimal
                && (Math.abs((long) decimal.scale()) > MAX_SCALE
                        || decimal.unscaledValue().bitLength() > 4 * MAX_NUMBER_LENGTH)) {
            return false;
        }
        return number.toString().length() <= MAX_NUMBER_LENGTH;
    }

    private void checkDepth(int depth) {
        if (depth > limits.maxJsonDepth()) {
            throw InvalidMessageException.tooLarge("JSON nested more than " + limits.maxJsonDepth() + " levels deep");
        }
    }

    private void count() {
        if (++members > limits.maxJsonMembers()) {
            throw InvalidMessageException.tooLarge("JSON of more than " + limits.maxJsonMembers() + " members");
        }
    }

    private JsonLocation place() {
        return parser.currentTokenLocation();
    }

    private static InvalidMessageException malformed(String what, @Nullable JsonLocation place) {
        return InvalidMessageException.malformed("JSON has " + what
                + (place == null
                        ? ""
                        : " at character " + place.getCharOffset() + " (line " + place.getLineNr() + ")"));
    }
}
