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

    /** The remainder of two words by the normalized divisor, which is greater than the first of them. */
    private long divide(long word1, long word0) {
        long low = inverse * word1;
        long high = multiplyHigh(inverse, word1);
        long sum = low + word0;
        high += word1 + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0) + 1;
        long remainder = word0 - high * normalized;
        if (Long.compareUnsigned(remainder, sum) > 0) {
            remainder += normalized;
        }
        return Long.compareUnsigned(remainder, normalized) >= 0 ? remainder - normalized : remainder;
    }

    /** Without a branch, which random numbers would send the wrong way half of the time. */
    private long lessOnce(long number) {
        long less = number - value;
        return less + (less >> 63 & value);
    }

    private static long multiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }
}
