// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import java.math.BigInteger;

/** Checks of formats, written another way than the code under test. */
final class Checks {
    private Checks() {}

    static boolean passesLuhn(String number) {
        int sum = 0;
        int place = 0;
        for (int i = number.length() - 1; i >= 0; i--) {
            if (Character.isDigit(number.charAt(i))) {
                int value = (number.charAt(i) - '0') * (1 + place++ % 2);
                sum += value / 10 + value % 10;
            }
        }
        return sum % 10 == 0;
    }

    /** A number whose last digit is set so that it passes. */
    static String withCheckDigit(String number) {
        String stem = number.substring(0, number.length() - 1);
        for (int digit = 0; digit < 10; digit++) {
            if (passesLuhn(stem + digit)) {
                return stem + digit;
            }
        }
        throw new AssertionError("one of ten digits fits");
    }

    static boolean passesMod97(String iban) {
        return mod97(iban) == 1;
    }

    static String iban(String country, String national) {
        return country + String.format("%02d", 98 - mod97(country + "00" + national)) + national;
    }

    private static int mod97(String iban) {
        String compact = iban.replace(" ", "");
        StringBuilder number = new StringBuilder();
        for (char c : (compact.substring(4) + compact.substring(0, 4)).toCharArray()) {
            number.append(Character.digit(c, 36));
        }
        return new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue();
    }
}
