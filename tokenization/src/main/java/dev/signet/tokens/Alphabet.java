// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Arrays;

/**
 * The symbols that a format replaces, in order: 2 to 65536 Unicode code points, each once.
 *
 * <pre>{@code
 * Alphabet consonants = Alphabet.of("BCDFGHJKLMNPQRSTVWXZ");
 * TokenFormat plate = TokenFormat.builder(consonants)
 *         .length(8, 12) // with the two that stay
 *         .keepHead(2)
 *         .separators("- ")
 *         .build();
 * }</pre>
 *
 * <p>Symbols are compared as they are, without normalization: é as one code point is not e with an accent. Immutable.
 */
@CheckReturnValue
public final class Alphabet {
    /** The ten decimal digits. */
    public static final Alphabet DIGITS = of("0123456789");

    /** Digits and lower-case letters, 36 symbols. */
    public static final Alphabet LOWER_CASE_ALPHANUMERIC = of("0123456789abcdefghijklmnopqrstuvwxyz");

    /** Digits, upper-case and lower-case letters, 62 symbols. */
    public static final Alphabet ALPHANUMERIC = of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static final int MAX_SIZE = 65_536;
    private static final int ASCII = 128;

    private final int[] symbols;
    private final int[] sorted;
    private final int[] indexOfSorted;
    private final byte[] ascii;
    private final boolean isAscii;

    private Alphabet(int[] symbols) {
        this.symbols = symbols;
        long[] pairs = new long[symbols.length];
        for (int i = 0; i < symbols.length; i++) {
            pairs[i] = (long) symbols[i] << 32 | i;
        }
        Arrays.sort(pairs);
        sorted = new int[symbols.length];
        indexOfSorted = new int[symbols.length];
        ascii = new byte[ASCII];
        Arrays.fill(ascii, (byte) -1);
        for (int i = 0; i < pairs.length; i++) {
            sorted[i] = (int) (pairs[i] >>> 32);
            indexOfSorted[i] = (int) pairs[i];
            if (i > 0 && sorted[i] == sorted[i - 1]) {
                throw new IllegalArgumentException("an alphabet has each symbol once");
            }
            if (sorted[i] < ASCII && indexOfSorted[i] < ASCII) {
                ascii[sorted[i]] = (byte) indexOfSorted[i];
            }
        }
        isAscii = sorted[sorted.length - 1] < ASCII;
    }

    /**
     * The code points of a text, in this order.
     *
     * @throws IllegalArgumentException if there are fewer than 2 or more than 65536, one twice, or half a surrogate pair
     */
    public static Alphabet of(String symbols) {
        int[] points = symbols.codePoints().toArray();
        if (points.length < 2 || points.length > MAX_SIZE) {
            throw new IllegalArgumentException("an alphabet has 2 to " + MAX_SIZE + " symbols");
        }
        for (int point : points) {
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("half of a surrogate pair is no symbol");
            }
        }
        return new Alphabet(points);
    }

    /** The number of symbols. */
    public int radix() {
        return symbols.length;
    }

    /** The index of a code point, or -1. */
    int indexOf(int codePoint) {
        if (codePoint < ASCII) {
            int index = ascii[codePoint];
            if (index >= 0 || isAscii) {
                return index;
            }
        } else if (isAscii) {
            return -1;
        }
        int at = Arrays.binarySearch(sorted, codePoint);
        return at < 0 ? -1 : indexOfSorted[at];
    }

    /** The code point of an index. */
    int symbol(int index) {
        return symbols[index];
    }

    @Override
    public String toString() {
        return "Alphabet[" + symbols.length + " symbols]";
    }
}
