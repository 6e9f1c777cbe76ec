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
        int right = missing(work, symbols, computed);
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
        int sum = work.keptSum;
        for (int i = 0; i < work.count; i++) {
            sum += luhn(work.digits[i], isDoubled(work.weight - i));
        }
        int right = solve(sum, isDoubled(work.weight - work.count));
        work.cells[work.at[work.count]] = '0' + (isToken && luhn == Luhn.INVALID ? (right + WRONG_BY) % 10 : right);
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

    /** The digit at a place that makes the whole pass. What the kept digits add to the sum is left for writing. */
    private int missing(Work work, int symbols, int place) {
        int last = symbols - 1;
        int kept = 0;
        int replaced = 0;
        for (int i = 0; i < symbols; i++) {
            int part = luhn(work.digits[i], isDoubled(last - i));
            if (i < head || i > place) {
                kept += part;
            } else if (i != place) {
                replaced += part;
            }
        }
        work.keptSum = kept;
        work.weight = last - head;
        return solve(kept + replaced, isDoubled(last - place));
    }

    /** Whether Luhn's check doubles the digit that has so many others on its right. */
    private static boolean isDoubled(int othersOnTheRight) {
        return (othersOnTheRight & 1) == 1;
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
