// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

/**
 * E-mail addresses of ASCII characters without quotes (RFC 5321, 4.1.2): letters and digits are replaced, all else stays. A
 * domain that stays is bound to the token, so the same local part has different tokens at different hosts.
 */
final class EmailShape extends Shape {
    private static final int MIN_FREE = Ff1.minLength(62, Ff1.MIN_DOMAIN);

    /** RFC 5321, 4.5.3.1.1 and RFC 3696, erratum 1690. */
    private static final int MAX_LOCAL = 64;

    private static final int MAX_LENGTH = 254;

    /** The atext of RFC 5322, 3.2.3, and the dot, without letters and digits. */
    private static final String SPECIALS = "!#$%&'*+-/=?^_`{|}~.";

    private final boolean replacesDomain;

    EmailShape(boolean replacesDomain) {
        super(
                "email",
                62,
                FreeValues.power(62, MIN_FREE, "of letters and digits at least " + MIN_FREE + " are replaced"));
        this.replacesDomain = replacesDomain;
    }

    @Override
    void read(Work work, boolean isToken) {
        work.count = 0;
        work.keptLength = 0;
        int at = indexOfAt(work);
        readLocal(work, at);
        readDomain(work, at + 1);
        if (work.count < MIN_FREE) {
            throw misfit(work.count + " letters and digits would be replaced, but " + MIN_FREE + " are needed");
        }
    }

    @Override
    void write(Work work, boolean isToken) {
        for (int i = 0; i < work.count; i++) {
            work.cells[work.at[i]] = Alphabet.ALPHANUMERIC.symbol(work.digits[i]);
        }
    }

    @Override
    boolean isShown(Work work, int cell) {
        int at = indexOfAt(work);
        return cell == 0 || cell == at || (cell > at && !replacesDomain);
    }

    private int indexOfAt(Work work) {
        if (work.length > MAX_LENGTH) {
            throw misfit(MAX_LENGTH, "an address has at most " + MAX_LENGTH + " characters");
        }
        int at = -1;
        for (int i = 0; i < work.length; i++) {
            if (work.cells[i] == '@') {
                if (at >= 0) {
                    throw misfit(i, "a second at sign");
                }
                at = i;
            }
        }
        if (at < 0) {
            throw misfit("an at sign is needed");
        }
        if (at > MAX_LOCAL) {
            throw misfit(MAX_LOCAL, "a local part has at most " + MAX_LOCAL + " characters");
        }
        return at;
    }

    private void readLocal(Work work, int at) {
        if (at == 0) {
            throw misfit(0, "a local part is needed");
        }
        for (int i = 0; i < at; i++) {
            int cell = work.cells[i];
            if (!replace(work, i)) {
                if (SPECIALS.indexOf(cell) < 0) {
                    throw misfit(i, "not a character of a local part without quotes");
                }
                if (cell == '.' && (i == 0 || i == at - 1 || work.cells[i - 1] == '.')) {
                    throw misfit(i, "a dot stands between two other characters");
                }
                work.keep(cell);
            }
        }
    }

    private void readDomain(Work work, int from) {
        int lastDot = -1;
        int labelStart = from;
        work.keep('@');
        for (int i = from; i <= work.length; i++) {
            if (i == work.length || work.cells[i] == '.') {
                // RFC 1035, 2.3.1 and 2.3.4
                if (i == labelStart
                        || work.cells[labelStart] == '-'
                        || work.cells[i - 1] == '-'
                        || i - labelStart > 63) {
                    throw misfit(i, "the label of a domain has 1 to 63 letters, digits and inner hyphens");
                }
                labelStart = i + 1;
                lastDot = i < work.length ? i : lastDot;
            } else if (work.cells[i] != '-' && Alphabet.ALPHANUMERIC.indexOf(work.cells[i]) < 0) {
                throw misfit(i, "not a character of a domain");
            }
        }
        if (lastDot < 0) {
            throw misfit("a domain of two labels or more is needed");
        }
        for (int i = from; i < work.length; i++) {
            // The last label stays: a made-up one would be no domain.
            if (!replacesDomain || i > lastDot || !replace(work, i)) {
                work.keep(Character.toLowerCase(work.cells[i]));
            }
        }
    }

    private static boolean replace(Work work, int cell) {
        int index = Alphabet.ALPHANUMERIC.indexOf(work.cells[cell]);
        if (index >= 0) {
            work.at[work.count] = cell;
            work.digits[work.count++] = index;
        }
        return index >= 0;
    }
}
