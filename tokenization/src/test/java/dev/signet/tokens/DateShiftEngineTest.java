// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static dev.signet.tokens.TestTokens.DOMAIN;
import static dev.signet.tokens.TestTokens.KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DateShiftEngineTest {
    private static final int DAYS = 50;
    private static final ReversibleTokenizer TOKENIZER =
            Tokenizer.builder(KEYS, DOMAIN).dateShift(DAYS);
    private static final ReversibleEngine READER = TestTokens.engine(TOKENIZER, "k1");

    @Test
    void tokenize_datesOfOnePerson_keepTheirIntervals() {
        long shift = shift("2026-11-26", "person 1");
        LocalDate start = LocalDate.of(1899, 12, 1);
        for (int day = 0; day < 80_000; day++) {
            String date = start.plusDays(day).toString();
            String token = TOKENIZER.tokenize(date, TokenContext.of("person 1")).text();
            assertThat(ChronoUnit.DAYS.between(LocalDate.parse(date), LocalDate.parse(token)))
                    .isEqualTo(shift);
            assertThat(READER.detokenize(token, "person 1")).isEqualTo(date);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-02-29",
                "2000-02-29",
                "1900-02-28",
                "1900-03-01",
                "2023-12-31",
                "2024-01-01",
                "9999-01-01",
                "0000-12-31",
                "0004-02-29"
            })
    void detokenize_edgesOfTheCalendar_comeBack(String date) {
        for (int person = 0; person < 300; person++) {
            String token =
                    TOKENIZER.tokenize(date, TokenContext.of("p" + person)).text();
            assertThat(token).hasSize(10).isNotEqualTo(date);
            assertThat(READER.detokenize(token, "p" + person)).isEqualTo(date);
        }
    }

    /** 100,000 persons over 100 shifts: the standard deviation of each count is 31.5. */
    @Test
    void tokenize_manyPersons_areMovedByEachNumberOfDaysAlike() {
        int[] counts = new int[2 * DAYS + 1];
        for (int person = 0; person < 100_000; person++) {
            counts[(int) shift("2026-11-26", "person " + person) + DAYS]++;
        }
        assertThat(counts[DAYS]).as("never 0").isZero();
        double chiSquare = 0;
        for (int shift = -DAYS; shift <= DAYS; shift++) {
            if (shift != 0) {
                assertThat(counts[shift + DAYS]).as("by %d days", shift).isBetween(800, 1200);
                chiSquare += Math.pow(counts[shift + DAYS] - 1000, 2) / 1000;
            }
        }
        // 99 degrees of freedom; the key is fixed, so this passes always or never.
        assertThat(chiSquare).isBetween(50.0, 160.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026",
                "2026-11",
                "2026-1-26",
                "2026-11-6",
                "26-11-26",
                "2026/11/26",
                "20261126",
                "2026-11-26 ",
                " 2026-11-26",
                "2026-11-26T00:00",
                "+2026-11-26",
                "-2026-11-26",
                "+12026-11-26",
                "12026-11-26",
                "-0001-12-31",
                "2026-02-29",
                "1900-02-29",
                "2026-02-30",
                "2026-04-31",
                "2026-13-01",
                "2026-00-10",
                "2026-01-00",
                "2026-01-32",
                "\u0662\u0660\u0662\u0666-11-26",
                "2026\u201111\u201126",
                "abcd-ef-gh",
                "2026-11-26\0"
            })
    void crypt_whatIsNoDate_isRefused(String text) {
        for (int person = 0; person < 8; person++) {
            String context = "p" + person;
            assertThatThrownBy(() -> TOKENIZER.tokenize(text, TokenContext.of(context)))
                    .isExactlyInstanceOf(InvalidMessageException.class)
                    .hasMessage("date-shift: not a date such as 2026-11-26")
                    .hasNoCause();
            assertThatThrownBy(() -> READER.detokenize(text, context))
                    .isExactlyInstanceOf(InvalidMessageException.class)
                    .hasNoCause();
        }
    }

    @Test
    void tokenize_beyondFourDigitsOfYears_isRefused() {
        int refused = 0;
        for (int person = 0; person < 200; person++) {
            for (String date : List.of("9999-12-31", "0000-01-01")) {
                try {
                    assertThat(TOKENIZER
                                    .tokenize(date, TokenContext.of("p" + person))
                                    .text())
                            .matches("\\d{4}-\\d\\d-\\d\\d");
                } catch (InvalidMessageException e) {
                    refused++;
                    assertThat(e).hasMessage("date-shift: the moved date leaves the years 0 to 9999");
                }
            }
        }
        assertThat(refused).isEqualTo(200);
    }

    @Test
    void crypt_withoutPerson_isRefused() {
        assertThatThrownBy(() -> TOKENIZER.tokenize("2026-11-26")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> READER.detokenize("2026-11-26", null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TOKENIZER.tokenizeAll(List.of("2026-11-26")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -50, 0, 1, 29, 1_000_000, Integer.MAX_VALUE})
    void dateShift_rangeOutOfBounds_isRefused(int days) {
        assertThatThrownBy(() -> Tokenizer.builder(KEYS, DOMAIN).dateShift(days))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("30")
                .hasMessageContaining("999999");
    }

    @Test
    void tokenize_domains_moveAPersonByDifferentDays() {
        ReversibleTokenizer other =
                Tokenizer.builder(KEYS, DOMAIN.withRecipient("b")).dateShift(DAYS);
        int same = 0;
        for (int person = 0; person < 10_000; person++) {
            String context = "person " + person;
            same += TOKENIZER
                            .tokenize("2026-11-26", TokenContext.of(context))
                            .equals(other.tokenize("2026-11-26", TokenContext.of(context)))
                    ? 1
                    : 0;
        }
        assertThat(same).as("one in a hundred by chance").isBetween(50, 150);
    }

    @Test
    void partial_date_showsTheYearOnly() {
        assertThat(READER.partial("2026-11-26")).isEqualTo("2026-**-**");
        assertThat(READER.masked("2026-11-26")).isEqualTo("****-**-**");
    }

    private static long shift(String date, String person) {
        return ChronoUnit.DAYS.between(
                LocalDate.parse(date),
                LocalDate.parse(
                        TOKENIZER.tokenize(date, TokenContext.of(person)).text()));
    }
}
