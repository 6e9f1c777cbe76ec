// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import dev.signet.core.InvalidMessageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code application/x-www-form-urlencoded} bodies (WHATWG URL, 5.1), but strictly: what is no form is refused. */
final class FormParameters {
    private static final int MAX_BYTES = 2 << 20;
    private static final int MAX_PARAMETERS = 1000;

    private final byte[] body;
    private final Charset charset;
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private int count;

    private FormParameters(byte[] body, Charset charset) {
        this.body = body;
        this.charset = charset;
    }

    /**
     * Adds a form's values behind those that are there.
     *
     * @throws InvalidMessageException if the form is malformed or too large
     */
    static void addTo(Map<String, String[]> parameters, InputStream body, long length, Charset charset)
            throws IOException {
        if (length > MAX_BYTES) {
            throw InvalidMessageException.tooLarge("the form is longer than " + MAX_BYTES + " bytes");
        }
        FormParameters form = new FormParameters(body.readNBytes((int) length), charset);
        form.parse();
        form.values.forEach((name, added) -> {
            List<String> all = new ArrayList<>(List.of(parameters.getOrDefault(name, new String[0])));
            all.addAll(added);
            parameters.put(name, all.toArray(new String[0]));
        });
    }

    private void parse() {
        int start = 0;
        while (start < body.length) {
            int end = start;
            int equals = -1;
            while (end < body.length && body[end] != '&') {
                if (equals < 0 && body[end] == '=') {
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
            byte b = body[i++];
            if (b == '%') {
                if (i + 2 > end) {
                    throw malformed();
                }
                b = (byte) (hex(body[i]) << 4 | hex(body[i + 1]));
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
