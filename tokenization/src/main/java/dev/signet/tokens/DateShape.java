// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** Days, as 2026-11-26, or seconds, as 2026-11-26T10:05:11 (ISO 8601), from a first to a last one, each as a number. */
final class DateShape extends Shape {
    private static final String DAY = "dddd-dd-dd";
    private static final String SECOND = DAY + "Tdd:dd:dd";
    private static final int SECONDS_OF_DAY = 86_400;

    private final String pattern;
    private final long first;
    private final long size;
    private final int bits;

    private DateShape(String name, String pattern, long first, long size, String unit) {
        super(
                name,
                2,
                new FreeValues(BigInteger.valueOf(size), "the range has " + FreeValues.number(size) + " " + unit));
        this.pattern = pattern;
        this.first = first;
        this.size = size;
        bits = Math.max(Long.SIZE - Long.numberOfLeadingZeros(size - 1), Ff1.minLength(2, Ff1.MIN_LEGACY_DOMAIN));
    }

    static DateShape days(LocalDate first, LocalDate last) {
        requireRange(first.getYear(), last.getYear(), first.isAfter(last));
        return new DateShape("date", DAY, first.toEpochDay(), last.toEpochDay() - first.toEpochDay() + 1, "days");
    }

    static DateShape seconds(LocalDateTime first, LocalDateTime last) {
        requireRange(first.getYear(), last.getYear(), first.isAfter(last));
        long from = first.toEpochSecond(ZoneOffset.UTC);
        return new DateShape("date-time", SECOND, from, last.toEpochSecond(ZoneOffset.UTC) - from + 1, "seconds");
    }

    @Override
    void read(Work work, boolean isToken) {
        if (work.length != pattern.length()) {
            throw misfit(
                    "a text such as " + (pattern.equals(DAY) ? "2026-11-26" : "2026-11-26T10:05:11") + " is needed");
        }
        for (int i = 0; i < work.length; i++) {
            char wanted = pattern.charAt(i);
            if (wanted == 'd' ? !isDigit(work.cells[i]) : work.cells[i] != wanted) {
                throw misfit(i, wanted == 'd' ? "a digit is needed" : "'" + wanted + "' is needed");
            }
        }
        int year = 100 * two(work, 0) + two(work, 2);
        int month = two(work, 5);
        int day = two(work, 8);
        if (month < 1 || month > 12) {
            throw misfit(5, "no such month");
        }
        if (day < 1 || day > YearMonth.of(year, month).lengthOfMonth()) {
            throw misfit(8, "no such day in that month");
        }
        long rank = LocalDate.of(year, month, day).toEpochDay();
        if (!pattern.equals(DAY)) {
            int hour = two(work, 11);
            int minute = two(work, 14);
            int second = two(work, 17);
            if (hour > 23 || minute > 59 || second > 59) {
                throw misfit(11, "no such time of day");
            }
            rank = rank * SECONDS_OF_DAY + hour * 3600 + minute * 60 + second;
        }
        rank -= first;
        if (rank < 0 || rank >= size) {
            throw misfit("outside of the format's range");
        }
        work.keptLength = 0;
        work.count = bits;
        int lowBits = bits - bits / 2;
        work.a = rank >>> lowBits;
        work.b = rank & (1L << lowBits) - 1;
    }

    @Override
    void toHalves(Work work, Ff1Plan plan, Numerals numerals) {
        // They are read as such.
    }

    @Override
    void fromHalves(Work work, Ff1Plan plan, Numerals numerals) {
        // They are written as such.
    }

    /** FF1 runs over a power of 2, which is less than twice the range. */
    @Override
    boolean accepts(Work work) {
        return rank(work) < size;
    }

    @Override
    void write(Work work, boolean isToken) {
        long number = first + rank(work);
        boolean isDay = pattern.equals(DAY);
        LocalDate date = LocalDate.ofEpochDay(isDay ? number : Math.floorDiv(number, SECONDS_OF_DAY));
        two(work, 0, date.getYear() / 100);
        two(work, 2, date.getYear() % 100);
        two(work, 5, date.getMonthValue());
        two(work, 8, date.getDayOfMonth());
        if (!isDay) {
            int second = (int) Math.floorMod(number, (long) SECONDS_OF_DAY);
            two(work, 11, second / 3600);
            two(work, 14, second / 60 % 60);
            two(work, 17, second % 60);
        }
    }

    @Override
    boolean isShown(Work work, int cell) {
        return cell < 4 || pattern.charAt(cell) != 'd';
    }

    private long rank(Work work) {
        return work.a << bits - bits / 2 | work.b;
    }

    private static int two(Work work, int cell) {
        return 10 * (work.cells[cell] - '0') + work.cells[cell + 1] - '0';
    }

    private static void two(Work work, int cell, int number) {
        work.cells[cell] = '0' + number / 10;
        work.cells[cell + 1] = '0' + number % 10;
    }

    private static void requireRange(int firstYear, int lastYear, boolean reversed) {
        if (reversed || firstYear < 0 || lastYear > 9999) {
            throw new IllegalArgumentException("a range goes from an earlier to a later date, in the years 0 to 9999");
        }
    }
}
