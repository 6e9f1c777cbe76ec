// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.tokens.TokenFormat.Kept;
import dev.signet.tokens.TokenFormat.Luhn;

/**
 * Payment card numbers (ISO/IEC 7812-1). One of the replaced digits follows from the others by Luhn's check: it is left out,
 * and computed anew.
 */
final class CardShape extends TextShape {
    private static final int BIN = 6;
    private static final int LAST = 4;
    private static final int MAX_DIGITS = 19;

    /** Added to the digit that would be right, so that a token is never a card number. */
    private static final int WRONG_BY = 5;

    private static final int[] DOUBLED = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    private static final int[] HALVED = {0, 5, 1, 6, 2, 7, 3, 8, 4, 9};

    private final Luhn luhn;

    private CardShape(Kept kept, Luhn luhn, int min, FreeValues free) {
        super("payment-card", Alphabet.DIGITS, head(kept), tail(kept), min, MAX_DIGITS, " -", false, free);
        this.luhn = luhn;
    }

    static CardShape of(Kept kept, Luhn luhn) {
        // With BIN and last four, shorter numbers have too few other digits.
        int min = kept == Kept.BIN_AND_LAST_FOUR ? 16 : 13;
        int others = min - head(kept) - tail(kept);
        int free = luhn == Luhn.UNCHECKED ? others : others - 1;
        String why = "of at least " + min + " digits " + head(kept) + " and " + tail(kept) + " stay"
                + (luhn == Luhn.UNCHECKED ? "" : ", and 1 follows from the others by Luhn's check");
        return new CardShape(kept, luhn, min, FreeValues.power(10, free, why));
    }

    @Override
    void read(Work work, boolean isToken) {
        int symbols = scan(work);
        int end = symbols - tail;
        if (luhn == Luhn.UNCHECKED) {
            free(work, symbols, head, end);
            return;
        }
        int computed = end - 1;
        int right = missing(work.digits, symbols, computed);
        int wanted = isToken && luhn == Luhn.INVALID ? (right + WRONG_BY) % 10 : right;
        if (work.digits[computed] != wanted) {
            throw misfit(
                    isToken ? "not a token of this format, by its check digit" : "the check digit is wrong (Luhn)");
        }
        free(work, symbols, head, end);
        work.count--;
    }

    @Override
    void write(Work work, boolean isToken) {
        put(work);
        if (luhn == Luhn.UNCHECKED) {
            return;
        }
        // All digits again: the kept ones count, too.
        int cell = work.at[work.count];
        int sum = 0;
        boolean doubled = false;
        boolean cellDoubled = false;
        for (int i = work.length - 1; i >= 0; i--) {
            int digit = work.cells[i] - '0';
            if (digit < 0) {
                continue;
            }
            if (i == cell) {
                cellDoubled = doubled;
            } else {
                sum += luhn(digit, doubled);
            }
            doubled = !doubled;
        }
        int right = solve(sum, cellDoubled);
        work.cells[cell] = '0' + (isToken && luhn == Luhn.INVALID ? (right + WRONG_BY) % 10 : right);
    }

    @Override
    boolean isShown(Work work, int cell) {
        int before = 0;
        int from = 0;
        for (int i = 0; i < work.length; i++) {
            if (isDigit(work.cells[i])) {
                before += i < cell ? 1 : 0;
                from += i >= cell ? 1 : 0;
            }
        }
        return !isDigit(work.cells[cell]) || from <= LAST || before < head;
    }

    /** The digit at a place that makes the whole pass. */
    private static int missing(int[] digits, int count, int place) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            if (i != place) {
                sum += luhn(digits[i], (count - 1 - i) % 2 == 1);
            }
        }
        return solve(sum, (count - 1 - place) % 2 == 1);
    }

    /** What a digit adds to Luhn's sum; every second one, from the right, is doubled and its digits are added. */
    static int luhn(int digit, boolean doubled) {
        return doubled ? DOUBLED[digit] : digit;
    }

    /** The digit that brings a sum to a multiple of ten. */
    static int solve(int sum, boolean doubled) {
        int needed = (10 - sum % 10) % 10;
        return doubled ? HALVED[needed] : needed;
    }

    private static int head(Kept kept) {
        return kept == Kept.BIN_AND_LAST_FOUR ? BIN : 0;
    }

    private static int tail(Kept kept) {
        return kept == Kept.NOTHING ? 0 : LAST;
    }
}
