// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Providers;
import dev.signet.core.TokenizationKey;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Moves all dates of a person by the same secret number of days. */
final class DateShiftEngine extends ReversibleEngine {
    /** Fewer days would hide a date among too few others. */
    private static final int MIN_DAYS = 30;

    private static final int MAX_DAYS = 999_999;

    /** Ten characters exactly: the pattern uuuu would also read signs and longer years. */
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR, 4)
            .appendLiteral('-')
            .appendValue(ChronoField.MONTH_OF_YEAR, 2)
            .appendLiteral('-')
            .appendValue(ChronoField.DAY_OF_MONTH, 2)
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private final KeyedHash hash;
    private final int maxDays;

    DateShiftEngine(TokenizationKey key, TokenDomain domain, int maxDays, Providers providers) {
        if (maxDays < MIN_DAYS || maxDays > MAX_DAYS) {
            throw new IllegalArgumentException(
                    "the farthest that dates are moved lies between " + MIN_DAYS + " and " + MAX_DAYS + " days");
        }
        this.maxDays = maxDays;
        hash = new KeyedHash(key, domain.info("date-shift"), providers);
    }

    @Override
    String format() {
        return "date-shift";
    }

    @Override
    String tokenize(String value, @Nullable String context) {
        return shift(value, days(context));
    }

    @Override
    String detokenize(String token, @Nullable String context) {
        return shift(token, -days(context));
    }

    @Override
    String partial(String clear) {
        return clear.substring(0, 4) + "-**-**";
    }

    @Override
    String masked(String clear) {
        return "****-**-**";
    }

    /** Never 0, and each of the others as likely as the next. */
    private int days(@Nullable String context) {
        if (context == null) {
            throw new IllegalArgumentException("dates are moved by person: give the person as context");
        }
        if (context.isEmpty()) {
            // A column left empty would move all its people alike.
            throw InvalidMessageException.malformed("date-shift: the person is empty");
        }
        int shift = new BigInteger(1, hash.of(context, ""))
                        .mod(BigInteger.valueOf(2L * maxDays))
                        .intValue()
                - maxDays;
        return shift >= 0 ? shift + 1 : shift;
    }

    private static String shift(String value, int days) {
        LocalDate date;
        try {
            date = LocalDate.parse(value, ISO).plusDays(days);
        } catch (DateTimeParseException e) {
            throw InvalidMessageException.malformed("date-shift: not a date such as 2026-11-26");
        }
        if (date.getYear() < 0 || date.getYear() > 9999) {
            throw InvalidMessageException.malformed("date-shift: the moved date leaves the years 0 to 9999");
        }
        return ISO.format(date);
    }
}
