// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.fail;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Every remainder against BigInteger's, at the edges and at random. */
class ModulusTest {
    private static final int RANDOM = 300_000;

    private static final long[] VALUES = {
        3,
        4,
        5,
        7,
        8,
        9,
        10,
        16,
        97,
        100,
        65_535,
        65_536,
        65_537,
        1_000_000,
        (1L << 31) - 1,
        1L << 31,
        (1L << 32) - 5,
        (1L << 32) - 1,
        1L << 32,
        (1L << 32) + 1,
        10_000_000_000L,
        (1L << 46) - 1,
        1L << 46,
        (1L << 46) + 1,
        1_000_000_000_000_000_000L,
        (1L << 61) - 1,
        1L << 61,
        (1L << 61) + 1,
        (1L << 62) - 1,
        1L << 62
    };

    private static final long[] DIVIDENDS = {
        0, 1, 2, 0xffff_ffffL, 1L << 32, Long.MAX_VALUE - 1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1, -2, -1
    };

    @Test
    void remainder_edges_areThoseOfBigInteger() {
        for (long value : VALUES) {
            Modulus modulus = new Modulus(value);
            for (long y : edges(value)) {
                check(modulus, y, 0);
                check(modulus, y, -1);
                check(modulus, y, Integer.MIN_VALUE);
                for (long addend : new long[] {0, 1, value / 2, value - 2, value - 1}) {
                    checkSums(modulus, addend, y);
                }
            }
        }
    }

    @Test
    void remainder_randomNumbers_areThoseOfBigInteger() {
        long seed = System.nanoTime();
        System.out.printf("remainders: %d cases, seed %d%n", RANDOM, seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < RANDOM; i++) {
            // Of every size, since one in two would be above 2^61
            long value = Math.max(3, random.nextLong() >>> random.nextInt(2, 62));
            Modulus modulus = new Modulus(value);
            long y = random.nextLong() >>> random.nextInt(64);
            check(modulus, y, random.nextInt());
            checkSums(modulus, random.nextLong(value), y);
            // Beside a multiple, where a quotient that is too small shows
            check(modulus, y / value * value, random.nextInt(3) - 1);
            checkSums(modulus, random.nextLong(value), -1 - random.nextLong(3));
        }
    }

    /** All dividends of the right sizes beside multiples of the value. */
    private static List<Long> edges(long value) {
        List<Long> edges = new ArrayList<>();
        LongStream.of(DIVIDENDS).forEach(edges::add);
        for (long multiple : new long[] {
            value,
            Long.MAX_VALUE / value * value,
            Long.divideUnsigned(-1, value) * value,
            Long.divideUnsigned(Long.MIN_VALUE, value) * value
        }) {
            edges.add(multiple - 1);
            edges.add(multiple);
            edges.add(multiple + 1);
        }
        return edges;
    }

    private static void check(Modulus modulus, long y, int low32) {
        BigInteger value = BigInteger.valueOf(modulus.value);
        BigInteger high = unsigned(y);
        expect(modulus, "64 bits", high.mod(value), modulus.remainder(y));
        BigInteger number = high.shiftLeft(32).add(BigInteger.valueOf(low32 & 0xffff_ffffL));
        expect(modulus, "96 bits", number.mod(value), modulus.remainder(y, low32));
    }

    private static void checkSums(Modulus modulus, long addend, long y) {
        BigInteger value = BigInteger.valueOf(modulus.value);
        BigInteger big = BigInteger.valueOf(addend);
        long reduced = modulus.remainder(y);
        expect(modulus, "add", big.add(unsigned(y)).mod(value), modulus.add(addend, reduced));
        expect(modulus, "subtract", big.subtract(unsigned(y)).mod(value), modulus.subtract(addend, reduced));
        if (modulus.value >= Modulus.LEAST_OF_SUM && modulus.value <= 1L << 32) {
            expect(modulus, "sum", big.add(unsigned(y)).mod(value), modulus.sum(addend, y));
        }
    }

    private static void expect(Modulus modulus, String what, BigInteger expected, long actual) {
        if (expected.bitLength() > 63 || expected.longValue() != actual) {
            fail("%s modulo %d: %d instead of %d", what, modulus.value, actual, expected);
        }
    }

    private static BigInteger unsigned(long y) {
        return new BigInteger(Long.toUnsignedString(y));
    }
}
