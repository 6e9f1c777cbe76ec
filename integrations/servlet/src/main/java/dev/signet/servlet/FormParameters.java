// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import dev.signet.core.InvalidMessageException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code application/x-www-form-urlencoded} text (WHATWG URL, 5.1), but strictly: what is no form is refused. */
final class FormParameters {
    private static final int MAX_BYTES = 2 << 20;
    private static final int MAX_PARAMETERS = 1000;

    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private byte[] text = new byte[0];
    private Charset charset = StandardCharsets.UTF_8;
    private int count;

    /**
     * To be asked before a form is read into memory.
     *
     * @throws InvalidMessageException if it is too large
     */
    static void checkLength(long length) {
        if (length > MAX_BYTES) {
            throw InvalidMessageException.tooLarge("the form is longer than " + MAX_BYTES + " bytes");
        }
    }

    /**
     * Adds the parameters of a form or query behind those that are there.
     *
     * @throws InvalidMessageException if it is malformed or too large
     */
    void add(byte[] form, Charset encoding) {
        text = form;
        charset = encoding;
        parse();
    }

    Map<String, String[]> toMap() {
        Map<String, String[]> map = new LinkedHashMap<>();
        values.forEach((name, all) -> map.put(name, all.toArray(new String[0])));
        return Collections.unmodifiableMap(map);
    }

    private void parse() {
        int start = 0;
        while (start < text.length) {
            int end = start;
            int equals = -1;
            while (end < text.length && text[end] != '&') {
                if (equals < 0 && text[end] == '=') {
                    equals = end;
                }
                end++;
            }
            if (end > start) {
                add(start, equals < 0 ? end : equals, equals < 0 ? end : equals + 1, end);
            }
            start = end + 1;
        }
    }

    private void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (++count > MAX_PARAMETERS) {
            throw InvalidMessageException.tooLarge("the form has more than " + MAX_PARAMETERS + " parameters");
        }
        values.computeIfAbsent(decode(nameStart, nameEnd), name -> new ArrayList<>(1))
                .add(decode(valueStart, valueEnd));
    }

    private String decode(int start, int end) {
        byte[] decoded = new byte[end - start];
        int length = 0;
        int i = start;
        while (i < end) {
            byte b = text[i++];
            if (b == '%') {
                if (i + 2 > end) {
                    throw malformed();
                }
                b = (byte) (hex(text[i]) << 4 | hex(text[i + 1]));
                i += 2;
            } else if (b == '+') {
                b = ' ';
            }
            decoded[length++] = b;
        }
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(decoded, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private static int hex(byte b) {
        int digit = b < 0 ? -1 : Character.digit(b, 16);
        if (digit < 0) {
            throw malformed();
        }
        return digit;
    }

    private static InvalidMessageException malformed() {
        return InvalidMessageException.malformed("the form has an escape or a character that is none");
    }
}
