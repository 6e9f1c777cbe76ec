// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import java.math.BigInteger;

/** Remainders by one number from 3 to 2^62, without a division: by its reciprocal, which is computed once. */
final class Modulus {
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

    /** The least value that {@link #sum} works with. */
    static final int LEAST_OF_SUM = 9;

    final long value;

    /** floor(2^64 / value), for dividends of 64 bits. */
    private final long reciprocal;

    /** The same for a quarter of a dividend. */
    private final long quarterReciprocal;

    /** The value with its highest bit at the top, and what it takes to divide 128 bits by that (Möller and Granlund). */
    private final int shift;

    private final long normalized;
    private final long inverse;

    Modulus(long value) {
        this.value = value;
        BigInteger big = BigInteger.valueOf(value);
        reciprocal = TWO_64.divide(big).longValue();
        quarterReciprocal = TWO_64.shiftLeft(2).divide(big).longValue();
        shift = Long.numberOfLeadingZeros(value);
        normalized = value << shift;
        inverse = TWO_64.multiply(TWO_64)
                .subtract(BigInteger.ONE)
                .divide(big.shiftLeft(shift))
                .subtract(TWO_64)
                .longValue();
    }

    /** (addend + y) mod value, both below it. */
    long add(long addend, long y) {
        return lessOnce(addend + y);
    }

    /** (minuend - y) mod value, both below it. */
    long subtract(long minuend, long y) {
        long difference = minuend - y;
        return difference + (difference >> 63 & value);
    }

    /** (addend + y) mod value, with y unsigned and of 64 bits; both value and addend are at most 2^32. */
    long sum(long addend, long y) {
        // A quarter of the sum is below 2^63, so that it is positive; the quotient is too small by 1 at the most.
        long quotient = Math.multiplyHigh((y >>> 2) + (addend >>> 2), quarterReciprocal);
        return lessOnce(y + addend - quotient * value);
    }

    /** The remainder of an unsigned number of 64 bits. */
    long remainder(long y) {
        // The quotient is too small by 1 at the most; multiplyHigh takes its factors as signed.
        long quotient = Math.multiplyHigh(y, reciprocal) + (y >> 63 & reciprocal);
        return lessOnce(y - quotient * value);
    }

    /** The remainder of a number of 96 bits. */
    long remainder(long high64, int low32) {
        long high = remainder(high64);
        // high * 2^32 + low32 in two words, and moved up with the divisor.
        long word1 = high >>> 32;
        long word0 = high << 32 | low32 & 0xffff_ffffL;
        return divide(word1 << shift | word0 >>> (64 - shift), word0 << shift) >>> shift;
    }

    /**
     * Divides a number of 128 bits, by a value of at least 2^32.
     *
     * @param rest whose first element becomes the remainder
     * @param other the modulus of the quotient
     * @return the remainder of the quotient by the other modulus
     */
    long divide(long high64, long low64, long[] rest, Modulus other) {
        // Moved up with the divisor, in three words; the first is below it.
        long word2 = high64 >>> (64 - shift);
        long word1 = high64 << shift | low64 >>> (64 - shift);
        long word0 = low64 << shift;
        long first = divide(word2, word1);
        long quotient1 = quotient(word2, word1, first);
        long second = divide(first, word0);
        long quotient0 = quotient(first, word0, second);
        rest[0] = second >>> shift;
        // The first word of the quotient is below 2^32.
        return other.remainder(quotient1 << 32 | quotient0 >>> 32, (int) quotient0);
    }

    /** The remainder of two words by the normalized divisor, which is greater than the first of them. */
    private long divide(long word1, long word0) {
        long sum = inverse * word1 + word0;
        long remainder = word0 - (estimate(word1, sum) + 1) * normalized;
        // Once too small half of the time, once too great hardly ever.
        remainder += less(sum, remainder) & normalized;
        return remainder - (~less(remainder, normalized) & normalized);
    }

    /**
     * The quotient of two words by the normalized divisor, which is greater than the first of them.
     *
     * @param remainder what {@link #divide} gives for them
     */
    private long quotient(long word1, long word0, long remainder) {
        long sum = inverse * word1 + word0;
        long quotient = estimate(word1, sum) + 1;
        // What the estimate leaves is off by a multiple of the divisor, and tells which.
        long rest = word0 - quotient * normalized;
        quotient += less(sum, rest);
        rest += less(sum, rest) & normalized;
        return rest == remainder ? quotient : quotient + 1;
    }

    /** The upper word of (word1, 0) + inverse * word1 + word0, whose lower word is the sum. */
    private long estimate(long word1, long sum) {
        return word1 + multiplyHigh(inverse, word1) - less(sum, inverse * word1);
    }

    /** -1 if the first number is less, both unsigned, and else 0; without a branch. */
    static long less(long a, long b) {
        return (~a & b | (~a | b) & a - b) >> 63;
    }

    /** Without a branch, which random numbers would send the wrong way half of the time. */
    long lessOnce(long number) {
        long less = number - value;
        return less + (less >> 63 & value);
    }

    private static long multiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }
}
