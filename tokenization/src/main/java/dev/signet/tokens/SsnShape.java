// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import java.math.BigInteger;

/** US social security numbers: 123-45-6789 or 123456789, of an area, a group and a serial number that can be issued. */
final class SsnShape extends Shape {
    private static final int DIGITS = 9;
    private static final int FIRST_HYPHEN = 3;
    private static final int SECOND_HYPHEN = 6;

    SsnShape() {
        super(
                "ssn",
                10,
                new FreeValues(
                        BigInteger.valueOf(898L * 99 * 9999),
                        "898 areas, 99 groups and 9999 serial numbers: 898*99*9999 values"));
    }

    @Override
    void read(Work work, boolean isToken) {
        boolean hyphens = work.length == DIGITS + 2;
        if (!hyphens && work.length != DIGITS) {
            throw misfit("9 digits are needed, as 123456789 or 123-45-6789");
        }
        int count = 0;
        for (int i = 0; i < work.length; i++) {
            boolean hyphen = hyphens && (i == FIRST_HYPHEN || i == SECOND_HYPHEN);
            if (hyphen ? work.cells[i] != '-' : !isDigit(work.cells[i])) {
                throw misfit(i, hyphen ? "a hyphen is needed" : "a digit is needed");
            }
            if (!hyphen) {
                work.at[count] = i;
                work.digits[count++] = work.cells[i] - '0';
            }
        }
        work.keptLength = 0;
        work.count = count;
        int[] d = work.digits;
        if (!isArea(100 * d[0] + 10 * d[1] + d[2])) {
            throw misfit(0, "no area number begins a social security number so: 000, 666 and 900 to 999");
        }
        if (d[3] + d[4] == 0) {
            throw misfit(work.at[3], "a group number of 00 is never issued");
        }
        if (d[5] + d[6] + d[7] + d[8] == 0) {
            throw misfit(work.at[5], "a serial number of 0000 is never issued");
        }
    }

    /** By the halves: the first four digits, and the other five. */
    @Override
    boolean accepts(Work work) {
        return isArea((int) (work.a / 10)) && work.a % 10 * 10 + work.b / 10_000 != 0 && work.b % 10_000 != 0;
    }

    @Override
    void write(Work work, boolean isToken) {
        for (int i = 0; i < work.count; i++) {
            work.cells[work.at[i]] = '0' + work.digits[i];
        }
    }

    @Override
    boolean isShown(Work work, int cell) {
        return cell >= work.length - 4 || !isDigit(work.cells[cell]);
    }

    private static boolean isArea(int area) {
        return area != 0 && area != 666 && area < 900;
    }
}
