// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import java.util.Arrays;

/**
 * Symbols of one alphabet, of which some at the head and the tail stay; separators, and if wanted everything else that is
 * not in the alphabet, stay where they are.
 */
class TextShape extends Shape {
    final Alphabet alphabet;
    final int head;
    final int tail;
    final int min;
    final int max;

    private final String separators;
    private final boolean keepsOthers;

    /**
     * @param min the fewest symbols, kept ones included
     * @param separators characters that may stand between two symbols, and are no part of the value
     * @param keepsOthers whether what is in neither stays, and is part of the value
     */
    TextShape(
            String name,
            Alphabet alphabet,
            int head,
            int tail,
            int min,
            int max,
            String separators,
            boolean keepsOthers,
            FreeValues free) {
        super(name, alphabet.radix(), free);
        this.alphabet = alphabet;
        this.head = head;
        this.tail = tail;
        this.min = min;
        this.max = max;
        this.separators = separators;
        this.keepsOthers = keepsOthers;
    }

    @Override
    void read(Work work, boolean isToken) {
        int symbols = scan(work);
        free(work, symbols, head, symbols - tail);
    }

    @Override
    void write(Work work, boolean isToken) {
        put(work);
    }

    @Override
    boolean isShown(Work work, int cell) {
        // What was read holds the replaced cells only, in order.
        return Arrays.binarySearch(work.at, 0, work.count, cell) < 0;
    }

    /** Symbols need be neither letters nor digits. */
    @Override
    boolean isSymbol(int codePoint) {
        return alphabet.indexOf(codePoint) >= 0 || super.isSymbol(codePoint);
    }

    /** Finds the symbols: cells and indexes of all. Gives their number. */
    final int scan(Work work) {
        int[] cells = work.cells;
        int symbols = 0;
        boolean afterSymbol = false;
        work.keptLength = 0;
        for (int i = 0; i < work.length; i++) {
            int index = alphabet.indexOf(cells[i]);
            if (index >= 0) {
                work.at[symbols] = i;
                work.digits[symbols++] = index;
                afterSymbol = true;
            } else if (isHalf(cells[i])) {
                throw misfit(i, "half of a surrogate pair");
            } else if (separators.indexOf(cells[i]) >= 0) {
                if (!afterSymbol || i == work.length - 1) {
                    throw misfit(i, "a separator stands between two symbols");
                }
                afterSymbol = false;
            } else if (keepsOthers) {
                work.keep(cells[i]);
                afterSymbol = false;
            } else {
                throw misfit(i, "neither a symbol of the alphabet nor a separator");
            }
        }
        if (symbols < min || symbols > max) {
            throw misfit(symbols + " symbols, but " + (min == max ? "" : min + " to ") + max + " are needed");
        }
        return symbols;
    }

    /** Leaves the symbols of a range to be replaced, and binds the others. */
    final void free(Work work, int symbols, int from, int to) {
        for (int i = 0; i < from; i++) {
            work.keep(work.cells[work.at[i]]);
        }
        for (int i = to; i < symbols; i++) {
            work.keep(work.cells[work.at[i]]);
        }
        if (from > 0) {
            System.arraycopy(work.at, from, work.at, 0, to - from);
            System.arraycopy(work.digits, from, work.digits, 0, to - from);
        }
        work.count = to - from;
    }

    final void put(Work work) {
        for (int i = 0; i < work.count; i++) {
            work.cells[work.at[i]] = alphabet.symbol(work.digits[i]);
        }
    }
}
