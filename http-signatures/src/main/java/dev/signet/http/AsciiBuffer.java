// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Grows by appending ASCII text; what could start a line or is not ASCII is refused, so nothing can be injected. */
final class AsciiBuffer {
    private byte[] bytes;
    private int length;

    AsciiBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    AsciiBuffer append(byte[] ascii) {
        reserve(ascii.length);
        System.arraycopy(ascii, 0, bytes, length, ascii.length);
        length += ascii.length;
        return this;
    }

    AsciiBuffer append(char c) {
        reserve(1);
        bytes[length++] = (byte) c;
        return this;
    }

    /** Appends printable ASCII and tabs. */
    AsciiBuffer append(String text) {
        return append(text, 0, text.length());
    }

    AsciiBuffer append(String text, int start, int end) {
        int bad = tryAppend(text, start, end);
        if (bad >= 0) {
            throw new ComponentException(
                    text.charAt(bad) > '~'
                            ? "the value is not ASCII and can be covered with bs only (RFC 9421, 2.1.3)"
                            : "the value has a control character");
        }
        return this;
    }

    /** Appends all of it and gives -1, or nothing and gives the index of a character that may not be. */
    int tryAppend(String text, int start, int end) {
        reserve(end - start);
        byte[] out = bytes;
        int at = length;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c > '~') {
                return i;
            }
            out[at++] = (byte) c;
        }
        length = at;
        return -1;
    }

    /** Appends a decimal number that is not negative. */
    AsciiBuffer append(long number) {
        reserve(19);
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    int length() {
        return length;
    }

    /** The array behind, valid up to {@link #length()} until the next append. */
    byte[] array() {
        return bytes;
    }

    String substring(int start) {
        return new String(bytes, start, length - start, StandardCharsets.ISO_8859_1);
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
