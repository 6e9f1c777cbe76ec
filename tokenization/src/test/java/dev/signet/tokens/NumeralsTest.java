// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumeralsTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 7, 10, 16, 26, 36, 62, 255, 256, 257, 1000, 32_768, 46_341, 65_535, 65_536})
    void longs_anyNumberAndPlace_areThoseOfBigInteger(int radix) {
        Numerals numerals = new Numerals(radix);
        SplittableRandom random = new SplittableRandom(radix);
        BigInteger base = BigInteger.valueOf(radix);
        for (int length = 1; base.pow(length).bitLength() <= 62; length++) {
            long end = base.pow(length).longValue();
            for (int i = 0; i < 3000; i++) {
                long near = (1L << 46) + random.nextLong(-3, 3);
                long number = switch (i % 8) {
                    case 0 -> random.nextLong(Math.min(end, 5));
                    case 1 -> end - 1 - random.nextLong(Math.min(end, 5));
                    case 2 -> near < end ? near : random.nextLong(end);
                    default -> random.nextLong(end) >>> random.nextInt(8);
                };
                int from = random.nextInt(4);
                int[] digits = new int[from + length + 2];
                Arrays.fill(digits, -7);
                numerals.fromLong(number, digits, from, from + length);
                assertDigits(BigInteger.valueOf(number), radix, digits, from, from + length);
                assertThat(numerals.toLong(digits, from, from + length)).isEqualTo(number);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 16, 36, 62, 255, 256, 1000, 65_535, 65_536})
    void bigs_anyNumberAndPlace_areThoseOfBigInteger(int radix) {
        Numerals numerals = new Numerals(radix);
        SplittableRandom random = new SplittableRandom(radix);
        for (int length = 1; length < 300; length++) {
            for (int i = 0; i < 20; i++) {
                BigInteger end = BigInteger.valueOf(radix).pow(length);
                BigInteger number = switch (i) {
                    case 0 -> BigInteger.ZERO;
                    case 1 -> BigInteger.ONE.min(end.subtract(BigInteger.ONE));
                    case 2 -> end.subtract(BigInteger.ONE);
                    // The lower half is zeros.
                    case 3 -> BigInteger.valueOf(radix).pow(length / 2).mod(end);
                    default -> new BigInteger(end.bitLength() + 8, new java.util.Random(random.nextLong())).mod(end);
                };
                int from = random.nextInt(4);
                int[] digits = new int[from + length + 2];
                Arrays.fill(digits, -7);
                numerals.fromBig(number, digits, from, from + length);
                assertDigits(number, radix, digits, from, from + length);
                assertThat(numerals.toBig(digits, from, from + length)).isEqualTo(number);
            }
        }
    }

    @Test
    void longs_noDigits_areZero() {
        assertThat(new Numerals(10).toLong(new int[] {5}, 1, 1)).isZero();
        assertThat(new Numerals(10).toBig(new int[] {5}, 1, 1)).isZero();
    }

    /** The digits are the number's, and their neighbours are untouched. */
    private static void assertDigits(BigInteger number, int radix, int[] digits, int from, int to) {
        BigInteger rest = number;
        for (int i = to - 1; i >= from; i--) {
            BigInteger[] parts = rest.divideAndRemainder(BigInteger.valueOf(radix));
            if (digits[i] != parts[1].intValue()) {
                throw new AssertionError("radix " + radix + ", " + number + ": digit " + i);
            }
            rest = parts[0];
        }
        assertThat(rest).isZero();
        for (int i = 0; i < digits.length; i++) {
            if (i < from || i >= to) {
                assertThat(digits[i]).isEqualTo(-7);
            }
        }
    }
}
