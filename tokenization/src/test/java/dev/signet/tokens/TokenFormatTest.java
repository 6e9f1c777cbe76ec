// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.TokenizationKey;
import dev.signet.tokens.TokenFormat.EmailDomain;
import dev.signet.tokens.TokenFormat.Kept;
import dev.signet.tokens.TokenFormat.Luhn;
import dev.signet.tokens.TokenFormat.Option;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFormatTest {
    private static final Keyset<TokenizationKey> KEYS = Keyset.of(TokenizationKey.generate());
    private static final TokenFormat DATE = TokenFormat.date(LocalDate.of(0, 1, 1), LocalDate.of(9999, 12, 31));

    // ---- payment cards ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"4111111111111111", "4111 1111 1111 1111", "3782-822463-10005", "6304000000000000000"})
    void paymentCard_values_keepLastFourAndFailLuhn(String card) {
        String token = roundTrip(TokenFormat.paymentCard(), card);
        assertThat(token).endsWith(card.substring(card.length() - 4));
        assertThat(token.replaceAll("[0-9]", "d")).isEqualTo(card.replaceAll("[0-9]", "d"));
        assertThat(Checks.passesLuhn(token)).isFalse();
    }

    @Test
    void paymentCard_luhnValid_tokenPasses() {
        for (Kept kept : new Kept[] {Kept.NOTHING, Kept.LAST_FOUR}) {
            TokenFormat format = TokenFormat.paymentCard(kept, Luhn.VALID);
            assertThat(Checks.passesLuhn(roundTrip(format, "5555 5555 5555 4444")))
                    .isTrue();
        }
    }

    @Test
    void paymentCard_bin_staysAndIsBound() {
        TokenFormat format = TokenFormat.paymentCard(Kept.BIN_AND_LAST_FOUR, Luhn.UNCHECKED);
        String token = roundTrip(format, "4111111111111111");
        assertThat(token).startsWith("411111").endsWith("1111");
        String otherBin = roundTrip(format, "4111121111111111");
        assertThat(otherBin.substring(6, 12)).isNotEqualTo(token.substring(6, 12));
    }

    @Test
    void paymentCard_separators_areNoPartOfTheValue() {
        assertThat(roundTrip(TokenFormat.paymentCard(), "4111-1111 11111111").replaceAll("[ -]", ""))
                .isEqualTo(roundTrip(TokenFormat.paymentCard(), "4111111111111111"));
    }

    @ParameterizedTest
    @CsvSource({
        "4111111111111112, check digit",
        "411111111111, 12 symbols",
        "41111111111111111111, 20 symbols",
        "4111x11111111111, position 5",
        "' 4111111111111111', position 1",
        "'4111111111111111 ', position 17",
        "4111--111111111111, position 6",
        "'', 0 symbols",
        "４111111111111111, position 1",
    })
    void paymentCard_misfit_namesPlaceAndRule(String value, String said) {
        assertMisfit(TokenFormat.paymentCard(), value, said);
    }

    @Test
    void paymentCard_tokenOfAnotherKind_isRefused() {
        // A real card number among the tokens, which all fail Luhn's check, was never made here.
        assertThatThrownBy(() -> detokenize(TokenFormat.paymentCard(), "4111111111111111"))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("not a token of this format");
    }

    @Test
    void paymentCard_tooFewFree_isRefusedWithTheArithmetic() {
        assertThatThrownBy(() -> TokenFormat.paymentCard(Kept.BIN_AND_LAST_FOUR, Luhn.VALID))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10^5")
                .hasMessageContaining("100,000")
                .hasMessageContaining("1,000,000")
                .hasMessageContaining("one-way");
        assertThat(TokenFormat.paymentCard(Kept.BIN_AND_LAST_FOUR, Luhn.UNCHECKED)
                        .domainSize())
                .isEqualTo(BigInteger.valueOf(1_000_000));
        assertThat(TokenFormat.paymentCard(Kept.NOTHING, Luhn.VALID).domainSize())
                .isEqualTo(BigInteger.TEN.pow(12));
    }

    // ---- small domains ---------------------------------------------------------------------------------------------

    @Test
    void smallDomain_allowed_readsAndMakesNoTokens() {
        TokenFormat format = TokenFormat.template("?{11}#{5}", Alphabet.DIGITS, Option.ALLOW_SMALL_DOMAIN_FOR_READING);
        ReversibleTokenizer tokenizer = tokenizer(format);
        assertThatThrownBy(() -> tokenizer.tokenize("4111111111111111")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> tokenizer.tokenizeAll(java.util.List.of("4111111111111111")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(detokenize(format, "4111111111111111"))
                .startsWith("41111111111")
                .hasSize(16);
    }

    @Test
    void smallDomain_under100_isNeverTaken() {
        assertThatThrownBy(() -> TokenFormat.template("#", Alphabet.DIGITS, Option.ALLOW_SMALL_DOMAIN_FOR_READING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 100 ");
    }

    @Test
    void smallDomain_localeWithOtherDigits_isRefusedInTheSameWords() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertRefused(() -> TokenFormat.template("#{5}", Alphabet.DIGITS), "100,000, and at least 1,000,000");
            LocalDate day = LocalDate.of(2026, 1, 1);
            assertRefused(() -> TokenFormat.date(day, day.plusDays(1_999)), "2,000 days");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void smallDomain_eachBuilder_refusesIt() {
        LocalDate first = LocalDate.of(1900, 1, 1);
        assertRefused(() -> TokenFormat.date(first, LocalDate.of(2099, 12, 31)), "73,049 days");
        assertRefused(
                () -> TokenFormat.dateTime(
                        first.atStartOfDay(), first.atStartOfDay().plusSeconds(999_998)),
                "999,999 seconds");
        assertRefused(() -> TokenFormat.template("?{4}#{5}", Alphabet.DIGITS), "10^5");
        assertRefused(() -> TokenFormat.template("#{5}%", Alphabet.DIGITS), "10^5");
        assertRefused(
                () -> TokenFormat.builder(Alphabet.DIGITS)
                        .keepTail(4)
                        .length(9, 9)
                        .build(),
                "10^5");
        TokenFormat.dateTime(first.atStartOfDay(), first.atStartOfDay().plusSeconds(999_999));
        TokenFormat.template("#{6}%", Alphabet.DIGITS);
        TokenFormat.builder(Alphabet.DIGITS).keepTail(4).length(10, 10).build();
    }

    // ---- social security numbers, phones, e-mail, IBAN, UUID -------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"123-45-6789", "123456789", "001-01-0001", "899-99-9999"})
    void ssn_values_keepTheirShape(String ssn) {
        String token = roundTrip(TokenFormat.ssn(), ssn);
        assertThat(token).matches(ssn.contains("-") ? "\\d{3}-\\d{2}-\\d{4}" : "\\d{9}");
    }

    @ParameterizedTest
    @CsvSource({
        "000-45-6789, position 1",
        "666-45-6789, position 1",
        "900-45-6789, position 1",
        "123-00-6789, position 5",
        "123-45-0000, position 8",
        "12-345-6789, position 3",
        "123-456789, 9 digits",
        "123-45-678a, position 11",
        "87654321, 9 digits",
    })
    void ssn_misfit_namesPlaceAndRule(String value, String said) {
        assertMisfit(TokenFormat.ssn(), value, said);
    }

    @ParameterizedTest
    @CsvSource({
        "+4930123456, +49",
        "+1 415-555-2671, +1 ",
        "+353 1 679 8900, +353",
        "+78001234567, +7",
        "+99812345678, +998",
    })
    void phone_country_stays(String phone, String country) {
        assertThat(roundTrip(TokenFormat.phone(), phone)).startsWith(country);
    }

    @ParameterizedTest
    @CsvSource({
        "004930123456, plus sign",
        "+49, national number",
        "+4912345, 5 digits",
        "+4912345678901234, 14 digits",
        "+0123456789, country code",
        "+49(30)123456, position 4",
        "+ 4930123456, position 1",
        "+, plus sign",
    })
    void phone_misfit_namesPlaceAndRule(String value, String said) {
        assertMisfit(TokenFormat.phone(), value, said);
    }

    @Test
    void email_domain_staysAndIsBound() {
        String token = roundTrip(TokenFormat.email(), "alice.smith+news@example.com");
        assertThat(token).matches("[0-9A-Za-z]{5}\\.[0-9A-Za-z]{5}\\+[0-9A-Za-z]{4}@example\\.com");
        String elsewhere = roundTrip(TokenFormat.email(), "alice.smith+news@example.org");
        assertThat(elsewhere.substring(0, 11)).isNotEqualTo(token.substring(0, 11));
        // Hosts are the same in any case (RFC 1035, 2.3.3).
        assertThat(roundTrip(TokenFormat.email(), "alice.smith+news@Example.COM"))
                .startsWith(token.substring(0, 16));
    }

    @Test
    void email_domainReplaced_keepsTheLastLabelOnly() {
        assertThat(roundTrip(TokenFormat.email(EmailDomain.REPLACED), "bo@mail.example-1.com"))
                .matches("\\w{2}@\\w{4}\\.\\w{7}-\\w\\.com")
                .doesNotContain("example");
    }

    @ParameterizedTest
    @CsvSource({
        "bob@example.com, 3 letters",
        "alice, at sign",
        "alice@example.com@x.org, position 18",
        "@example.com, position 1",
        ".alice@example.com, position 1",
        "al..ice@example.com, position 4",
        "alice.@example.com, position 6",
        "'al ice@example.com', position 3",
        "alïce@example.com, position 3",
        "alice@localhost, two labels",
        "alice@-x.com, label",
        "alice@x-.com, label",
        "alice@x..com, label",
        "alice@x.com., label",
        "alice@ex_ample.com, position 9",
    })
    void email_misfit_namesPlaceAndRule(String value, String said) {
        assertMisfit(TokenFormat.email(), value, said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DE89 3704 0044 0532 0130 00",
                "GB82WEST12345698765432",
                "FR1420041010050500013M02606",
                "NO9386011117947",
                "BR1500000000000010932840814P2",
            })
    void iban_values_keepCountryLettersAndValidity(String iban) {
        String token = roundTrip(TokenFormat.iban(), iban);
        assertThat(token).startsWith(iban.substring(0, 2));
        assertThat(token.replaceAll("[0-9]", "d")).isEqualTo(iban.replaceAll("[0-9]", "d"));
        assertThat(Checks.passesMod97(token)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "DE88370400440532013000, check digits",
        "DE8937040044053201300, 21",
        "XX89370400440532013000, position 1",
        "de89370400440532013000, position 1",
        "DE89  370400440532013000, position 6",
        "DE89 3704 0044 0532 0130 0O, position 27",
        "GB82W3ST12345698765432, position 6",
        "DE, country code",
        "'', country code",
    })
    void iban_misfit_namesPlaceAndRule(String value, String said) {
        assertMisfit(TokenFormat.iban(), value, said);
    }

    @Test
    void iban_tooFewDigits_isRefused() {
        // Its national part has 4 letters and 24 letters or digits.
        String account = "ABCDEFGHIJKLMNOPQRSTUVWX";
        assertMisfit(TokenFormat.iban(), Checks.iban("LC", "HEMM" + account), "0 digits would be replaced");
        roundTrip(TokenFormat.iban(), Checks.iban("LC", "HEMM000100010012001200023015"));
    }

    @Test
    void uuid_versionAndVariant_stay() {
        for (String uuid :
                new String[] {"f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"}) {
            String token = roundTrip(TokenFormat.uuid(), uuid);
            assertThat(token)
                    .matches("[0-9a-f]{8}-[0-9a-f]{4}-" + uuid.charAt(14)
                            + "[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "F81d4fae-7dec-11d0-a765-00a0c91e6bf6, position 1",
        "f81d4fae-7dec-11d0-c765-00a0c91e6bf6, position 20",
        "f81d4fae-7dec-01d0-a765-00a0c91e6bf6, position 15",
        "00000000-0000-0000-0000-000000000000, position 15",
        "f81d4fae7dec11d0a76500a0c91e6bf6, 36 characters",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bfg, position 36",
        "f81d4fae07dec-11d0-a765-00a0c91e6bf6, position 9",
    })
    void uuid_misfit_namesPlaceAndRule(String value, String said) {
        assertMisfit(TokenFormat.uuid(), value, said);
    }

    // ---- dates -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-26", "2024-02-29", "0000-01-01", "9999-12-31"})
    void date_values_becomeOtherDates(String date) {
        LocalDate.parse(roundTrip(DATE, date));
    }

    @Test
    void dateTime_range_holds() {
        LocalDateTime first = LocalDateTime.of(1969, 12, 25, 0, 0);
        LocalDateTime last = LocalDateTime.of(1970, 1, 10, 0, 0);
        TokenFormat format = TokenFormat.dateTime(first, last);
        for (int i = 0; i < 1000; i++) {
            LocalDateTime token = LocalDateTime.parse(
                    roundTrip(format, first.plusSeconds(i * 1000L) + (i * 1000 % 60 == 0 ? ":00" : "")));
            assertThat(token).isBetween(first, last);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-02-29, position 9",
        "2026-13-01, position 6",
        "2026-00-01, position 6",
        "2026-01-00, position 9",
        "2026-1-01, a text such as",
        "2026/11/26, position 5",
        "+2026-11-2, position 1",
        "２026-11-26, position 1",
    })
    void date_misfit_namesPlaceAndRule(String value, String said) {
        assertMisfit(DATE, value, said);
    }

    @Test
    void date_outsideOfTheRange_isRefused() {
        TokenFormat format = TokenFormat.date(LocalDate.of(1000, 1, 1), LocalDate.of(5000, 1, 1));
        assertMisfit(format, "0999-12-31", "outside");
        assertMisfit(format, "5000-01-02", "outside");
        roundTrip(format, "1000-01-01");
        roundTrip(format, "5000-01-01");
    }

    // ---- texts and templates ---------------------------------------------------------------------------------------

    @Test
    void text_symbolsBeyondTheBasicPlane_areOneSymbolEach() {
        Alphabet alphabet = Alphabet.of("😀😁😂🤣😃😄😅😆😉😊abc");
        String token = roundTrip(TokenFormat.text(alphabet), "😀a😁b😂c🤣😃");
        assertThat(token.codePointCount(0, token.length())).isEqualTo(8);
    }

    @Test
    void builder_partsThatStay_stay() {
        TokenFormat format = TokenFormat.builder(Alphabet.of("abcdefghijklmnopqrstuvwxyz"))
                .keepHead(1)
                .keepTail(2)
                .separators(" '")
                .keepOthers()
                .build();
        assertThat(roundTrip(format, "o'brien müller-smith")).matches("o'[a-z]{5} [a-z]ü[a-z]{4}-[a-z]{3}th");
        assertMisfit(TokenFormat.alphanumeric(), "müller1234", "position 2");
    }

    @Test
    void builder_mistakes_areRefused() {
        assertRefused(() -> TokenFormat.builder(Alphabet.DIGITS).keepHead(-1).build(), "lengths");
        assertRefused(() -> TokenFormat.builder(Alphabet.DIGITS).length(9, 8).build(), "lengths");
        assertRefused(() -> TokenFormat.builder(Alphabet.DIGITS).length(6, 5000).build(), "4096");
        assertRefused(
                () -> TokenFormat.builder(Alphabet.DIGITS).separators("-5").build(), "separator");
    }

    @Test
    void template_example_isAsDocumented() {
        String token = roundTrip(TokenFormat.template("AC-?{2}-#{7}%", Alphabet.DIGITS), "AC-17-12345675");
        assertThat(token).matches("AC-17-\\d{8}");
        assertThat(Checks.passesLuhn(token.substring(3))).isTrue();
    }

    @Test
    void template_lengths_mayVaryInOnePlace() {
        TokenFormat format = TokenFormat.template("\\#?{1,3}-#{6}", Alphabet.DIGITS);
        assertThat(roundTrip(format, "#1-123456")).startsWith("#1-");
        assertThat(roundTrip(format, "#123-123456")).startsWith("#123-");
        assertMisfit(format, "#1234-123456", "position 5");
        assertMisfit(format, "#-123456", "position 2");
        assertMisfit(format, "1-123456", "position 1");
        assertMisfit(format, "#1-12345", "shorter");
        assertMisfit(format, "#123-1234567", "position 12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#{6",
                "#{}",
                "#{a}",
                "{6}",
                "#{6}{6}",
                "#{6}}",
                "\\",
                "#{1,6}?{1,2}",
                "#{6}%%",
                "#{9,6}",
                "#{99999}",
                "#{0}"
            })
    void template_malformed_isRefused(String template) {
        assertThatThrownBy(() -> TokenFormat.template(template, Alphabet.DIGITS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("template: ");
    }

    @Test
    void template_checkDigit_needsDigits() {
        assertRefused(() -> TokenFormat.template("#{6}%", Alphabet.ALPHANUMERIC), "check digit");
    }

    @Test
    void template_checkDigit_needsTheTenDigits() {
        // Ten symbols, of which the first and the last are where digits have them.
        assertRefused(() -> TokenFormat.template("#{6}%", Alphabet.of("0abcdefgh9")), "check digit");
        TokenFormat shuffled = TokenFormat.template("#{7}%", Alphabet.of("9876543210"));
        assertThat(Checks.passesLuhn(roundTrip(shuffled, "12345674"))).isTrue();
    }

    /** UTF-8 cannot write it, so the token would come back from a file or database as another. */
    @Test
    void half_ofASurrogatePair_isNoCharacter() {
        String half = "\ud83d";
        TokenFormat format = TokenFormat.builder(Alphabet.DIGITS).keepOthers().build();
        assertMisfit(format, "1234" + half + "56", "position 5");
        assertMisfit(format, "1234\ude0056", "position 5");
        TokenFormat separated =
                TokenFormat.builder(Alphabet.DIGITS).separators("😀").build();
        assertThat(roundTrip(separated, "123😀456")).contains("😀");
        assertMisfit(separated, "123" + half + "456", "position 4");
        assertMisfit(TokenFormat.digits(), "123" + half + "456", "position 4");
        assertRefused(
                () -> TokenFormat.builder(Alphabet.DIGITS).separators(half).build(), "separator");
        assertRefused(() -> TokenFormat.template("#{6}" + half, Alphabet.DIGITS), "position 5");
        assertRefused(() -> TokenFormat.template("#{6}\\" + half, Alphabet.DIGITS), "surrogate");
    }

    @Test
    void builder_lengthsThatNothingMeets_areRefused() {
        assertRefused(() -> TokenFormat.builder(Alphabet.DIGITS).length(0, 5).build(), "at least 6 symbols");
        assertRefused(
                () -> TokenFormat.builder(Alphabet.DIGITS)
                        .keepHead(Integer.MAX_VALUE)
                        .keepTail(Integer.MAX_VALUE)
                        .length(6, 10)
                        .build(),
                "lengths");
        assertRefused(
                () -> TokenFormat.builder(Alphabet.DIGITS)
                        .keepHead(3000)
                        .keepTail(3000)
                        .build(),
                "at least 6006 symbols");
        assertRefused(() -> TokenFormat.builder(Alphabet.DIGITS).length(-1, 10).build(), "lengths");
    }

    @Test
    void smallDomain_message_isTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertRefused(() -> TokenFormat.template("#{5}", Alphabet.DIGITS), "100,000");
            assertThat(DATE).hasToString("TokenFormat[date, the range has 3,652,425 days]");
            TokenFormat small = TokenFormat.date(
                    LocalDate.of(1900, 1, 1), LocalDate.of(2099, 12, 31), Option.ALLOW_SMALL_DOMAIN_FOR_READING);
            assertThat(small.toString()).contains("73,049");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void phone_tooShortForItsCountryCode_hasNoNegativeNumber() {
        assertMisfit(TokenFormat.phone(), "+3", "has 0 digits");
    }

    // ---- what is shown ---------------------------------------------------------------------------------------------

    @Test
    void reveal_partial_showsNoMoreThanItMay() {
        assertThat(partial(TokenFormat.paymentCard(), "4111 1111 1111 1236")).isEqualTo("**** **** **** 1236");
        assertThat(partial(TokenFormat.paymentCard(Kept.BIN_AND_LAST_FOUR, Luhn.UNCHECKED), "4111111111111111"))
                .isEqualTo("411111******1111");
        assertThat(partial(TokenFormat.ssn(), "123-45-6789")).isEqualTo("***-**-6789");
        assertThat(partial(TokenFormat.phone(), "+49 30 123456")).isEqualTo("+49 ** ****56");
        assertThat(partial(TokenFormat.email(), "alice@example.com")).isEqualTo("a****@example.com");
        assertThat(partial(TokenFormat.iban(), "DE89370400440532013000")).isEqualTo("DE****************3000");
        assertThat(partial(TokenFormat.uuid(), "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"))
                .isEqualTo("********-****-****-****-************");
        assertThat(partial(DATE, "2026-11-26")).isEqualTo("2026-**-**");
        assertThat(partial(TokenFormat.digits(), "123456")).isEqualTo("******");
        assertThat(partial(TokenFormat.template("?{2}-#{6}", Alphabet.DIGITS), "12-345678"))
                .isEqualTo("12-******");
    }

    @Test
    void reveal_masked_showsTheShapeOnly() {
        assertThat(masked(TokenFormat.paymentCard(), "4111 1111 1111 1111")).isEqualTo("**** **** **** ****");
        assertThat(masked(TokenFormat.email(), "alice@example.com")).isEqualTo("*****@*******.***");
    }

    /** Symbols need be neither letters nor digits. */
    @Test
    void reveal_masked_hidesSymbolsOfAnyKind() {
        assertThat(masked(TokenFormat.text(Alphabet.of("😀😁😂🤣😃😄😅😆😉😊")), "😀😁😂🤣😃😄"))
                .isEqualTo("******");
        assertThat(masked(TokenFormat.text(Alphabet.of("abcdefghijklmnopqrstuvwxyz-_")), "ab-_cd"))
                .isEqualTo("******");
        assertThat(masked(TokenFormat.template("$-#{6}", Alphabet.of("abcdefghijklmnopqrst$")), "$-ab$$cd"))
                .isEqualTo("*-******");
        assertThat(masked(
                        TokenFormat.builder(Alphabet.DIGITS)
                                .keepHead(2)
                                .keepOthers()
                                .build(),
                        "12-345678x"))
                .isEqualTo("**-*******");
    }

    private static String partial(TokenFormat format, String value) {
        return engine(format).partial(value);
    }

    private static String masked(TokenFormat format, String value) {
        return engine(format).masked(value);
    }

    private static void assertMisfit(TokenFormat format, String value, String said) {
        assertThatThrownBy(() -> tokenizer(format).tokenize(value))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageStartingWith(format.name() + ": ")
                .hasMessageContaining(said)
                .satisfies(e -> assertThat(value.length() < 4 || !e.getMessage().contains(value))
                        .isTrue());
    }

    private static void assertRefused(Runnable maker, String said) {
        assertThatThrownBy(maker::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }

    private static String roundTrip(TokenFormat format, String value) {
        String token = tokenizer(format).tokenize(value).text();
        assertThat(token).isNotEqualTo(value);
        assertThat(detokenize(format, token)).isEqualTo(value);
        return token;
    }

    private static String detokenize(TokenFormat format, String token) {
        return engine(format).detokenize(token, null);
    }

    private static ReversibleEngine engine(TokenFormat format) {
        return ((KeyedReversibleTokenizer) tokenizer(format)).primaryEngine();
    }

    private static ReversibleTokenizer tokenizer(TokenFormat format) {
        return Tokenizer.builder(KEYS, TokenDomain.of("test")).formatPreserving(format);
    }
}
