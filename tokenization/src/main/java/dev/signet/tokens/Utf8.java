// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.InvalidMessageException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** UTF-8 without replacement characters, which would give different texts the same token. */
final class Utf8 {
    private Utf8() {}

    static byte[] encode(String text, String what) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        } catch (CharacterCodingException e) {
            throw InvalidMessageException.malformed(
                    what + " has half of a surrogate pair at position " + firstHalf(text));
        }
    }

    static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /** In code points, from 0. */
    private static int firstHalf(String text) {
        int[] points = text.codePoints().toArray();
        int position = 0;
        while (points[position] < Character.MIN_SURROGATE || points[position] > Character.MAX_SURROGATE) {
            position++;
        }
        return position + 1;
    }
}
