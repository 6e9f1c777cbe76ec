// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

/** Telephone numbers in E.164: a plus sign, the country code, which stays, and the national number. */
final class PhoneShape extends TextShape {
    private static final int MIN_NATIONAL = 6;

    /** E.164, 6: country code and national number together. */
    private static final int MAX_DIGITS = 15;

    /** Country codes of two digits (E.164, annex to the list of assigned codes); 1 and 7 have one, all others three. */
    private static final String TWO_DIGITS =
            " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58"
                    + " 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";

    PhoneShape() {
        super(
                "phone",
                Alphabet.DIGITS,
                0,
                0,
                1,
                Ff1.MAX_LENGTH,
                " -",
                false,
                FreeValues.power(10, MIN_NATIONAL, "of the national number at least 6 digits"));
    }

    @Override
    void read(Work work, boolean isToken) {
        if (work.length < 2 || work.cells[0] != '+' || !isDigit(work.cells[1])) {
            throw misfit(0, "a plus sign and the country code are needed");
        }
        // The sign is no symbol: the scan begins behind it.
        work.cells[0] = '0';
        int symbols;
        try {
            symbols = scan(work);
        } finally {
            work.cells[0] = '+';
        }
        System.arraycopy(work.at, 1, work.at, 0, --symbols);
        System.arraycopy(work.digits, 1, work.digits, 0, symbols);
        int country = countryDigits(work.digits[0], work.digits[1]);
        if (country == 0) {
            throw misfit(1, "no country code begins with 0");
        }
        if (symbols - country < MIN_NATIONAL || symbols > MAX_DIGITS) {
            throw misfit("the national number has " + Math.max(0, symbols - country) + " digits, but 6 to "
                    + (MAX_DIGITS - country) + " are needed");
        }
        free(work, symbols, country, symbols);
    }

    @Override
    boolean isShown(Work work, int cell) {
        return cell >= work.length - 2 || super.isShown(work, cell);
    }

    private static int countryDigits(int first, int second) {
        if (first == 0) {
            return 0;
        }
        if (first == 1 || first == 7) {
            return 1;
        }
        return TWO_DIGITS.contains(" " + first + second + " ") ? 2 : 3;
    }
}
