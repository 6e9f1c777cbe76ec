// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import java.util.HashMap;
import java.util.Map;

/**
 * International bank account numbers (ISO 13616): the digits of the national part are replaced, its letters and the country
 * stay, and the check digits are computed anew. Check digits inside national parts are replaced as any other digit.
 */
final class IbanShape extends Shape {
    private static final int MIN_FREE = 6;
    private static final int PREFIX = 4;
    private static final int MAX_LENGTH = 34;

    /** National parts by country: digits (n), letters (a) and either (c), each with its number. */
    private static final String REGISTRY =
            "AD=n8c12 AE=n19 AL=n8c16 AT=n16 AZ=a4c20 BA=n16 BE=n12 BG=a4n6c8 BH=a4c14 BI=n23"
                    + " BR=n23a1c1 BY=c4n4c16 CH=n5c12 CR=n18 CY=n8c16 CZ=n20 DE=n18 DJ=n23 DK=n14 DO=c4n20 EE=n16 EG=n25 ES=n20"
                    + " FI=n14 FK=a2n12 FO=n14 FR=n10c11n2 GB=a4n14 GE=a2n16 GI=a4c15 GL=n14 GR=n7c16 GT=c24 HN=a4n20 HR=n17 HU=n24"
                    + " IE=a4n14 IL=n19 IQ=a4n15 IS=n22 IT=a1n10c12 JO=a4n4c18 KW=a4c22 KZ=n3c13 LB=n4c20 LC=a4c24 LI=n5c12 LT=n16"
                    + " LU=n3c13 LV=a4c13 LY=n21 MC=n10c11n2 MD=c20 ME=n18 MK=n3c10n2 MN=n16 MR=n23 MT=a4n5c18 MU=a4n19a3 NI=a4n20"
                    + " NL=a4n10 NO=n11 OM=n3c16 PK=a4c16 PL=n24 PS=a4c21 PT=n21 QA=a4c21 RO=a4c16 RS=n18 RU=n14c15 SA=n2c18"
                    + " SC=a4n20a3 SD=n14 SE=n20 SI=n15 SK=n20 SM=a1n10c12 SO=n19 ST=n21 SV=a4n20 TL=n19 TN=n20 TR=n6c16 UA=n6c19"
                    + " VA=n18 VG=a4n16 XK=n16 YE=a4n4c18";

    private static final Map<String, String> NATIONAL_PARTS = nationalParts();

    IbanShape() {
        super("iban", 10, FreeValues.power(10, MIN_FREE, "of the national part at least 6 digits are replaced"));
    }

    @Override
    void read(Work work, boolean isToken) {
        int count = letters(work);
        if (count < PREFIX) {
            throw misfit("a country code, two check digits and a national part are needed");
        }
        String country = new StringBuilder()
                .appendCodePoint(work.cells[work.at[0]])
                .appendCodePoint(work.cells[work.at[1]])
                .toString();
        String national = NATIONAL_PARTS.get(country);
        if (national == null) {
            throw misfit(0, "no country of the IBAN registry");
        }
        if (count != PREFIX + national.length()) {
            throw misfit("this country's numbers have " + (PREFIX + national.length()) + " characters, not " + count);
        }
        for (int i = 2; i < count; i++) {
            int cell = work.cells[work.at[i]];
            char kind = i < PREFIX ? 'n' : national.charAt(i - PREFIX);
            if (kind == 'n' && !isDigit(cell) || kind == 'a' && isDigit(cell)) {
                throw misfit(work.at[i], kind == 'n' ? "a digit is needed" : "a letter is needed");
            }
        }
        if (checkDigits(work) != 10 * (work.cells[work.at[2]] - '0') + work.cells[work.at[3]] - '0') {
            throw misfit(work.at[2], "the check digits are wrong (ISO 7064, MOD 97-10)");
        }
        bind(work, count);
        if (work.count < MIN_FREE) {
            throw misfit(work.count + " digits would be replaced, but " + MIN_FREE + " are needed");
        }
    }

    @Override
    void write(Work work, boolean isToken) {
        for (int i = 0; i < work.count; i++) {
            work.cells[work.at[i]] = '0' + work.digits[i];
        }
        int check = checkDigits(work);
        int cell = cellOf(work, 2);
        work.cells[cell] = '0' + check / 10;
        work.cells[cellOf(work, 3)] = '0' + check % 10;
    }

    @Override
    boolean isShown(Work work, int cell) {
        return cell < 2 || cell >= work.length - 4 || work.cells[cell] == ' ';
    }

    /** The cells of all characters but spaces, which stand between two of them. */
    private int letters(Work work) {
        int count = 0;
        for (int i = 0; i < work.length; i++) {
            int cell = work.cells[i];
            if (isDigit(cell) || cell >= 'A' && cell <= 'Z') {
                if (count == MAX_LENGTH) {
                    throw misfit(i, "longer than any number");
                }
                work.at[count++] = i;
            } else if (cell != ' ' || i == 0 || i == work.length - 1 || work.cells[i - 1] == ' ') {
                throw misfit(i, "a digit or an upper-case letter is needed, or one space between two of them");
            }
        }
        return count;
    }

    /** What stays goes into the tweak, letters of the national part with their places. */
    private static void bind(Work work, int count) {
        work.keptLength = 0;
        work.count = 0;
        for (int i = 0; i < count; i++) {
            int at = work.at[i];
            int cell = work.cells[at];
            if (i < 2) {
                work.keep(cell);
            } else if (i >= PREFIX && isDigit(cell)) {
                work.at[work.count] = at;
                work.digits[work.count++] = cell - '0';
            } else if (i >= PREFIX) {
                work.keep(cell);
                work.keep(i);
            }
        }
    }

    /** ISO 7064, MOD 97-10, over the national part, the country and 00, with letters as 10 to 35. */
    private static int checkDigits(Work work) {
        int remainder = 0;
        int seen = 0;
        int country = 0;
        for (int i = 0; i < work.length; i++) {
            int cell = work.cells[i];
            if (cell == ' ') {
                continue;
            }
            if (seen < 2) {
                country = 100 * country + cell - 'A' + 10;
            } else if (seen >= PREFIX) {
                remainder =
                        isDigit(cell) ? (10 * remainder + cell - '0') % 97 : (100 * remainder + cell - 'A' + 10) % 97;
            }
            seen++;
        }
        remainder = (int) ((remainder * 1_000_000L + country * 100L) % 97);
        return 98 - remainder;
    }

    private static int cellOf(Work work, int place) {
        int seen = -1;
        int cell = -1;
        while (seen < place) {
            if (work.cells[++cell] != ' ') {
                seen++;
            }
        }
        return cell;
    }

    private static Map<String, String> nationalParts() {
        Map<String, String> parts = new HashMap<>();
        for (String entry : REGISTRY.split(" ", -1)) {
            StringBuilder part = new StringBuilder();
            int i = 3;
            while (i < entry.length()) {
                char kind = entry.charAt(i++);
                int number = 0;
                while (i < entry.length() && isDigit(entry.charAt(i))) {
                    number = 10 * number + entry.charAt(i++) - '0';
                }
                part.append(String.valueOf(kind).repeat(number));
            }
            parts.put(entry.substring(0, 2), part.toString());
        }
        return Map.copyOf(parts);
    }
}
