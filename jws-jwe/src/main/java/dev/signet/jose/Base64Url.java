// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Base64url without padding (RFC 7515, 2), in the one spelling that every value has. */
final class Base64Url {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final byte[] VALUES = values();

    private Base64Url() {}

    static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    /** The encoded form in ASCII. */
    static byte[] encodeToBytes(byte[] bytes) {
        return ENCODER.encode(bytes);
    }

    /** Characters that so many bytes take. */
    static int encodedLength(int bytes) {
        return Math.toIntExact((bytes * 4L + 2) / 3);
    }

    /** The bytes, or null if the text is padded, has a foreign character, or non-zero bits after the last byte. */
    static byte @Nullable [] decode(String text) {
        // What is not Latin-1 becomes a question mark, which is foreign too.
        byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
        return decode(ascii, 0, ascii.length);
    }

    /** The same for the part of an ASCII text from {@code start} to before {@code end}. */
    static byte @Nullable [] decode(byte[] text, int start, int end) {
        int rest = end - start & 3;
        if (start == end) {
            return new byte[0];
        }
        int last = VALUES[text[end - 1] & 0xff];
        // RFC 4648, 3.5: the JDK takes padding, and ignores the unused bits of the last character.
        boolean spare = rest == 3 ? (last & 0b11) != 0 : rest == 2 && (last & 0b1111) != 0;
        if (rest == 1 || last < 0 || spare) {
            return null;
        }
        try {
            ByteBuffer decoded = DECODER.decode(ByteBuffer.wrap(text, start, end - start));
            byte[] bytes = decoded.array();
            return decoded.remaining() == bytes.length ? bytes : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Puts the encoded form into the middle of an array, which has room for it. */
    static void encodeInto(byte[] bytes, byte[] target, int offset) {
        // The JDK's encoder is many times faster than any loop here, but knows the start of an array only.
        int length = ENCODER.encode(bytes, target);
        System.arraycopy(target, 0, target, offset, length);
    }

    private static byte[] values() {
        byte[] values = new byte[256];
        Arrays.fill(values, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = (byte) i;
        }
        return values;
    }
}
