// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import java.math.BigInteger;

/** UUIDs in lower case (RFC 9562, 4): the version and the two bits of the variant stay, the other 122 bits are replaced. */
final class UuidShape extends Shape {
    private static final int LENGTH = 36;
    private static final int VERSION = 14;
    private static final int VARIANT = 19;
    private static final int HALF_BITS = 61;
    private static final long HALF = (1L << HALF_BITS) - 1;

    UuidShape() {
        super("uuid", 2, new FreeValues(BigInteger.ONE.shiftLeft(2 * HALF_BITS), "122 of 128 bits: 2^122 values"));
    }

    @Override
    void read(Work work, boolean isToken) {
        if (work.length != LENGTH) {
            throw misfit(LENGTH + " characters are needed, not " + work.length);
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < LENGTH; i++) {
            if (isHyphen(i)) {
                if (work.cells[i] != '-') {
                    throw misfit(i, "a hyphen is needed");
                }
                continue;
            }
            int nibble = Alphabet.LOWER_CASE_ALPHANUMERIC.indexOf(work.cells[i]);
            if (nibble < 0 || nibble > 15) {
                throw misfit(i, "a lower-case hexadecimal digit is needed");
            }
            if (i == VERSION) {
                if (nibble == 0) {
                    throw misfit(i, "a version is needed");
                }
            } else if (i < VARIANT) {
                high = high << 4 | nibble;
            } else if (i == VARIANT) {
                if (nibble >>> 2 != 0b10) {
                    throw misfit(i, "the variant of RFC 9562 is needed: 8, 9, a or b");
                }
                low = nibble & 3;
            } else {
                low = low << 4 | nibble;
            }
        }
        work.keptLength = 0;
        work.keep(work.cells[VERSION]);
        work.count = 2 * HALF_BITS;
        // 60 bits and 62 bits, cut in the middle
        work.a = high << 1 | low >>> HALF_BITS;
        work.b = low & HALF;
    }

    @Override
    void toHalves(Work work, Ff1Plan plan, Numerals numerals) {
        // They are read as such.
    }

    @Override
    void fromHalves(Work work, Ff1Plan plan, Numerals numerals) {
        // They are written as such.
    }

    @Override
    void write(Work work, boolean isToken) {
        long high = work.a >>> 1;
        long low = 0b10L << 62 | (work.a & 1) << HALF_BITS | work.b;
        for (int i = LENGTH - 1; i > VERSION; i--) {
            if (!isHyphen(i)) {
                boolean isLow = i >= VARIANT;
                int nibble = (int) (isLow ? low : high) & 15;
                work.cells[i] = Alphabet.LOWER_CASE_ALPHANUMERIC.symbol(nibble);
                if (isLow) {
                    low >>>= 4;
                } else {
                    high >>>= 4;
                }
            }
        }
        for (int i = VERSION - 1; i >= 0; i--) {
            if (!isHyphen(i)) {
                work.cells[i] = Alphabet.LOWER_CASE_ALPHANUMERIC.symbol((int) high & 15);
                high >>>= 4;
            }
        }
    }

    @Override
    boolean isShown(Work work, int cell) {
        return isHyphen(cell);
    }

    private static boolean isHyphen(int cell) {
        return cell == 8 || cell == 13 || cell == 18 || cell == 23;
    }
}
