// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow at their end, by one thread. */
final class ByteBuilder {
    private byte[] bytes;
    private int length;

    ByteBuilder(int capacity) {
        bytes = new byte[capacity];
    }

    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    ByteBuilder add(byte[] source, int from, int to) {
        int count = to - from;
        reserve(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    ByteBuilder add(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** A text in UTF-8. */
    ByteBuilder add(String text) {
        int count = text.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                byte[] encoded = text.substring(i).getBytes(StandardCharsets.UTF_8);
                length += i;
                return add(encoded, 0, encoded.length);
            }
            bytes[length + i] = (byte) c;
        }
        length += count;
        return this;
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length + (bytes.length >> 1)));
        }
    }
}
