// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import java.math.BigInteger;

/** Numeral strings of one radix as numbers and back: NUM and STR of SP 800-38G, 4.5. Immutable. */
final class Numerals {
    private final int radix;
    /** 2^64 / radix, rounded up. */
    private final long reciprocal;

    /** Below this, one multiplication by the reciprocal divides exactly; above it the quotient may be greater by 1. */
    private final long exact;

    /** The greatest power of the radix that fits into 62 bits, and its exponent. */
    private final int chunkDigits;

    private final BigInteger bigChunk;

    Numerals(int radix) {
        this.radix = radix;
        reciprocal = BigInteger.ONE
                .shiftLeft(64)
                .divide(BigInteger.valueOf(radix))
                .add(BigInteger.ONE)
                .longValue();
        exact = Long.MAX_VALUE / radix;
        int digits = 1;
        long power = radix;
        while (power <= (Long.MAX_VALUE >> 1) / radix) {
            power *= radix;
            digits++;
        }
        chunkDigits = digits;
        bigChunk = BigInteger.valueOf(power);
    }

    /** NUM of some digits, which must be below 2^62. */
    long toLong(int[] digits, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number * radix + digits[i];
        }
        return number;
    }

    /** STR of a number below 2^62. */
    void fromLong(long number, int[] digits, int from, int to) {
        if (radix == 2) {
            for (int i = to - 1; i >= from; i--) {
                digits[i] = (int) (number & 1);
                number >>>= 1;
            }
            return;
        }
        int last = to - 1;
        if (number >= exact && last >= from) {
            long quotient = Math.multiplyHigh(number, reciprocal);
            long digit = number - quotient * radix;
            long tooGreat = digit >> 63;
            digits[last--] = (int) (digit + (tooGreat & radix));
            number = quotient + tooGreat;
        }
        for (int i = last; i >= from; i--) {
            long quotient = Math.multiplyHigh(number, reciprocal);
            digits[i] = (int) (number - quotient * radix);
            number = quotient;
        }
    }

    /** NUM of any number of digits. */
    BigInteger toBig(int[] digits, int from, int to) {
        int first = from + (to - from) % chunkDigits;
        BigInteger number = BigInteger.valueOf(toLong(digits, from, first));
        for (int i = first; i < to; i += chunkDigits) {
            number = number.multiply(bigChunk).add(BigInteger.valueOf(toLong(digits, i, i + chunkDigits)));
        }
        return number;
    }

    /** STR of any number. */
    void fromBig(BigInteger number, int[] digits, int from, int to) {
        int end = to;
        BigInteger rest = number;
        while (end - from > chunkDigits) {
            BigInteger[] parts = rest.divideAndRemainder(bigChunk);
            fromLong(parts[1].longValue(), digits, end - chunkDigits, end);
            rest = parts[0];
            end -= chunkDigits;
        }
        fromLong(rest.longValue(), digits, from, end);
    }
}
