// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A bare item (RFC 9651, 3.3).
 *
 * <p>A value that the parser made is valid. One made by hand is checked by {@link SfSerializer}, before it can reach a
 * header.
 */
sealed interface SfValue {
    /** 15 decimal digits, the most that an integer, and with the point left out a decimal, may have. */
    long MAX_NUMBER = 999_999_999_999_999L;

    record SfInteger(long value) implements SfValue {}

    /** A decimal with up to three fractional digits, in thousandths. */
    record SfDecimal(long thousandths) implements SfValue {
        /** Rounds to three fractional digits, to the even one of two neighbours (RFC 9651, 4.1.5). */
        static SfDecimal of(BigDecimal value) {
            long integerDigits = (long) value.precision() - value.scale();
            // Checked first: setScale would write out all digits of 1E+1000000000.
            if (value.signum() == 0 || integerDigits < -3) {
                return new SfDecimal(0);
            }
            if (integerDigits > 12) {
                throw new IllegalArgumentException("decimal with more than 12 integer digits (RFC 9651, 4.1.5)");
            }
            return new SfDecimal(
                    value.setScale(3, RoundingMode.HALF_EVEN).unscaledValue().longValueExact());
        }

        BigDecimal value() {
            return BigDecimal.valueOf(thousandths, 3);
        }
    }

    /** Printable ASCII. */
    record SfString(String value) implements SfValue {}

    record SfToken(String value) implements SfValue {}

    record SfBytes(byte[] value) implements SfValue {
        public SfBytes {
            value = value.clone();
        }

        @Override
        public byte[] value() {
            return value.clone();
        }

        /** The bytes themselves; not to be changed. */
        byte[] shared() {
            return value;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof SfBytes that && MessageDigest.isEqual(value, that.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "SfBytes[" + value.length + "]";
        }
    }

    record SfBoolean(boolean value) implements SfValue {
        static final SfBoolean TRUE = new SfBoolean(true);
        static final SfBoolean FALSE = new SfBoolean(false);
    }

    /** Seconds since 1970-01-01T00:00:00Z, leap seconds left out. */
    record SfDate(long epochSecond) implements SfValue {}

    /** Unicode text without unpaired surrogates. */
    record SfDisplayString(String value) implements SfValue {}
}
