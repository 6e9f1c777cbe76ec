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
        reserve(end - start);
        byte[] out = bytes;
        int at = length;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c > '~') {
                throw new ComponentException(
                        c > '~'
                                ? "the value is not ASCII and can be covered with bs only (RFC 9421, 2.1.3)"
                                : "the value has a control character");
            }
            out[at++] = (byte) c;
        }
        length = at;
        return this;
    }

    AsciiBuffer append(long number) {
        return append(Long.toString(number));
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
