// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Base64url without padding (RFC 7515, 2), in the one spelling that every value has. */
final class Base64Url {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
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
        int length = end - start;
        int rest = length & 3;
        if (rest == 1) {
            return null;
        }
        byte[] out = new byte[(int) (length * 3L >> 2)];
        // Every foreign character has the value -1, whose sign survives.
        int seen = 0;
        int o = 0;
        int i = start;
        for (int stop = end - rest; i < stop; i += 4) {
            int a = VALUES[text[i] & 0xff];
            int b = VALUES[text[i + 1] & 0xff];
            int c = VALUES[text[i + 2] & 0xff];
            int d = VALUES[text[i + 3] & 0xff];
            int bits = a << 18 | b << 12 | c << 6 | d;
            seen |= bits;
            out[o] = (byte) (bits >> 16);
            out[o + 1] = (byte) (bits >> 8);
            out[o + 2] = (byte) bits;
            o += 3;
        }
        if (rest > 0) {
            int a = VALUES[text[i] & 0xff];
            int b = VALUES[text[i + 1] & 0xff];
            int c = rest == 3 ? VALUES[text[i + 2] & 0xff] : 0;
            int bits = a << 18 | b << 12 | c << 6;
            // RFC 4648, 3.5: the unused bits of the last character are zero.
            seen |= bits | -(bits & (rest == 3 ? 0xff : 0xffff));
            out[o] = (byte) (bits >> 16);
            if (rest == 3) {
                out[o + 1] = (byte) (bits >> 8);
            }
        }
        return seen < 0 ? null : out;
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
