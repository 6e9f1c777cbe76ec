// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.InvalidMessageException;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One value on its way through FF1. Used again and again, so that no value costs an allocation. */
final class Work {
    private static final int START = 32;

    /** Longer texts are refused before anything is reserved for them: no format has as many characters. */
    static final int MAX_TEXT = 4 * Ff1.MAX_LENGTH;

    /** Arrays of this length and more go to the collector, so that a few long values do not fill the pool. */
    private static final int POOLED = 1024;

    /** The text, one code point a cell. */
    int[] cells = new int[START];

    int length;

    /** The cells that are replaced, in order, and their symbols' indexes. */
    int[] at = new int[START];

    int[] digits = new int[START];
    int count;

    /** What goes into the tweak: parts that stay, and the context of the row. */
    byte[] kept = new byte[START];

    int keptLength;

    /** Of a card number: what the kept digits add to Luhn's sum, and how many digits follow the first replaced one. */
    int keptSum;

    int weight;

    /** The two halves as numbers, where they fit. */
    long a;

    long b;

    /** The upper digits of wide halves, of which {@link #a} and {@link #b} are the lower ones. */
    long highA;

    long highB;

    @Nullable
    BigInteger bigA;

    @Nullable
    BigInteger bigB;

    /** The CBC state before the last block of Q, with the tweak's part of that block. */
    long stateHigh;

    long stateLow;

    @Nullable
    Ff1Plan plan;

    int row;

    /** How much of the kept bytes is in the CBC state. */
    int absorbed;

    /**
     * Takes over a text.
     *
     * @throws InvalidMessageException if it is longer than any format takes
     */
    void load(String text) {
        int units = text.length();
        reserve(units);
        int n = 0;
        for (int i = 0; i < units; i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < units && Character.isLowSurrogate(text.charAt(i + 1))) {
                cells[n++] = Character.toCodePoint(c, text.charAt(++i));
            } else {
                cells[n++] = c;
            }
        }
        length = n;
    }

    /** Takes over bytes, which are ASCII if the shape finds them in its alphabet. */
    void load(byte[] bytes, int from, int to) {
        int n = to - from;
        reserve(n);
        for (int i = 0; i < n; i++) {
            cells[i] = bytes[from + i] & 0xff;
        }
        length = n;
    }

    /** The text that the cells hold now. */
    String text() {
        return new String(cells, 0, length);
    }

    void keep(int codePoint) {
        if (keptLength + 4 > kept.length) {
            kept = Arrays.copyOf(kept, kept.length * 2 + 4);
        }
        // UTF-8
        if (codePoint < 0x80) {
            kept[keptLength++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            kept[keptLength++] = (byte) (0xc0 | codePoint >> 6);
            kept[keptLength++] = (byte) (0x80 | codePoint & 0x3f);
        } else if (codePoint < 0x10000) {
            kept[keptLength++] = (byte) (0xe0 | codePoint >> 12);
            kept[keptLength++] = (byte) (0x80 | codePoint >> 6 & 0x3f);
            kept[keptLength++] = (byte) (0x80 | codePoint & 0x3f);
        } else {
            kept[keptLength++] = (byte) (0xf0 | codePoint >> 18);
            kept[keptLength++] = (byte) (0x80 | codePoint >> 12 & 0x3f);
            kept[keptLength++] = (byte) (0x80 | codePoint >> 6 & 0x3f);
            kept[keptLength++] = (byte) (0x80 | codePoint & 0x3f);
        }
    }

    void keep(byte[] bytes) {
        if (keptLength + bytes.length > kept.length) {
            kept = Arrays.copyOf(kept, keptLength + bytes.length);
        }
        System.arraycopy(bytes, 0, kept, keptLength, bytes.length);
        keptLength += bytes.length;
    }

    /** Nothing of the value stays behind in the pool. */
    void clear() {
        if (cells.length > POOLED || kept.length > POOLED) {
            cells = new int[START];
            at = new int[START];
            digits = new int[START];
            kept = new byte[START];
        } else {
            // Kept parts were digits, too, before they were moved.
            Arrays.fill(cells, 0, length, 0);
            Arrays.fill(digits, 0, length, 0);
            Arrays.fill(kept, 0, keptLength, (byte) 0);
        }
        length = 0;
        count = 0;
        keptLength = 0;
        a = 0;
        b = 0;
        highA = 0;
        highB = 0;
        bigA = null;
        bigB = null;
    }

    private void reserve(int n) {
        if (n > MAX_TEXT) {
            throw InvalidMessageException.tooLarge("a text has at most " + MAX_TEXT + " characters");
        }
        if (n > cells.length) {
            int size = Math.max(n, cells.length * 2);
            cells = new int[size];
            at = new int[size];
            digits = new int[size];
        }
    }
}
