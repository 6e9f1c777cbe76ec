// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.InvalidMessageException;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Objects;

/**
 * How the values of a format, and its tokens, become the two numbers that FF1 works on, and back. Positions in messages
 * count code points, from 1. Immutable and thread-safe.
 */
abstract class Shape {
    static final int MASK = '*';

    final String name;
    final int radix;

    /** How many values the smallest class of values that share what is kept has, and why. */
    final FreeValues free;

    Shape(String name, int radix, FreeValues free) {
        this.name = name;
        this.radix = radix;
        this.free = free;
    }

    /**
     * Reads a value or a token from the cells: what is replaced goes to the digits, what is bound to the token to the kept
     * bytes.
     *
     * @throws InvalidMessageException if it does not fit
     */
    abstract void read(Work work, boolean isToken);

    /** Writes the digits back to the cells, as a token or as a value. */
    abstract void write(Work work, boolean isToken);

    /** The halves as numbers, of long plans. */
    void toHalves(Work work, Ff1Plan plan, Numerals numerals) {
        if (plan.isLong) {
            work.a = numerals.toLong(work.digits, 0, plan.u);
            work.b = numerals.toLong(work.digits, plan.u, plan.length);
        } else if (plan.isWide) {
            int middleA = plan.u - plan.lowDigits;
            int middleB = plan.length - plan.lowDigits;
            work.highA = numerals.toLong(work.digits, 0, middleA);
            work.a = numerals.toLong(work.digits, middleA, plan.u);
            work.highB = numerals.toLong(work.digits, plan.u, middleB);
            work.b = numerals.toLong(work.digits, middleB, plan.length);
        } else {
            work.bigA = numerals.toBig(work.digits, 0, plan.u);
            work.bigB = numerals.toBig(work.digits, plan.u, plan.length);
        }
    }

    /** The digits from the halves. */
    void fromHalves(Work work, Ff1Plan plan, Numerals numerals) {
        if (plan.isLong) {
            numerals.fromLong(work.a, work.digits, 0, plan.u);
            numerals.fromLong(work.b, work.digits, plan.u, plan.length);
        } else if (plan.isWide) {
            int middleA = plan.u - plan.lowDigits;
            int middleB = plan.length - plan.lowDigits;
            numerals.fromLong(work.highA, work.digits, 0, middleA);
            numerals.fromLong(work.a, work.digits, middleA, plan.u);
            numerals.fromLong(work.highB, work.digits, plan.u, middleB);
            numerals.fromLong(work.b, work.digits, middleB, plan.length);
        } else {
            numerals.fromBig(Objects.requireNonNull(work.bigA), work.digits, 0, plan.u);
            numerals.fromBig(Objects.requireNonNull(work.bigB), work.digits, plan.u, plan.length);
        }
    }

    /** Whether the halves are a value of the format; if not, FF1 goes on from them. */
    boolean accepts(Work work) {
        return true;
    }

    /** Whether a symbol of a clear value is shown in part; {@code work} holds the value as it was read. */
    abstract boolean isShown(Work work, int cell);

    /** Whether a character is hidden where only the shape of a value is shown. */
    boolean isSymbol(int codePoint) {
        return Character.isLetterOrDigit(codePoint);
    }

    final InvalidMessageException misfit(int cell, String rule) {
        return InvalidMessageException.malformed(name + ": position " + (cell + 1) + ": " + rule);
    }

    final InvalidMessageException misfit(String rule) {
        return InvalidMessageException.malformed(name + ": " + rule);
    }

    /** Half of a surrogate pair: UTF-8 would put a question mark in its place, and the token could not be read again. */
    static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    static boolean isDigit(int cell) {
        return cell >= '0' && cell <= '9';
    }

    /**
     * The number of values that a token may stand for.
     *
     * @param arithmetic how it comes about, for people
     */
    record FreeValues(BigInteger size, String arithmetic) {
        /** A number for people, the same in every locale. */
        static String number(Number number) {
            return String.format(Locale.ROOT, "%,d", number);
        }

        static FreeValues power(int radix, int symbols, String why) {
            return new FreeValues(
                    BigInteger.valueOf(radix).pow(symbols), why + ": " + radix + "^" + symbols + " values");
        }
    }
}
