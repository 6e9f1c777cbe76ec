// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static dev.signet.tokens.TestTokens.DOMAIN;
import static dev.signet.tokens.TestTokens.KEYS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.SecretBytes;
import dev.signet.tokens.TokenFormat.Kept;
import dev.signet.tokens.TokenFormat.Luhn;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for many values: round trip, format, and no two values with one token. */
class TokenFormatPropertiesTest {
    private static final int VALUES = 1_000_000;
    private static final int SLICE = 10_000;
    private static final Access ACCESS = Access.by("test").forPurpose("test");

    /** Of a million values in the smallest domains allowed one is its own token, on average. */
    private static final int EQUAL_BY_CHANCE = 15;

    @ParameterizedTest
    @MethodSource("cases")
    void tokenize_manyValues_givesValidTokensThatComeBack(FormatCase format) {
        check(format, VALUES / 20);
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Tag("slow")
    void tokenize_millionValues_givesValidTokensThatComeBack(FormatCase format) {
        check(format, VALUES);
    }

    private static void check(FormatCase format, int values) {
        ReversibleTokenizer tokenizer = tokenizer(format.format());
        Detokenizer detokenizer = detokenizer(tokenizer);
        long seed = System.nanoTime();
        System.out.printf("%s: %d values, seed %d%n", format, values, seed);
        long equal = IntStream.range(0, values / SLICE)
                .parallel()
                .mapToLong(slice -> check(format, tokenizer, detokenizer, new SplittableRandom(seed + slice)))
                .sum();
        assertThat(equal).isLessThan(EQUAL_BY_CHANCE);
    }

    /** Gives how many tokens are their values. */
    private static long check(
            FormatCase format, ReversibleTokenizer tokenizer, Detokenizer detokenizer, SplittableRandom random) {
        List<String> values = Stream.generate(() -> format.values().apply(random))
                .limit(SLICE)
                .toList();
        List<String> tokens = tokenizer.tokenizeAll(values).texts();
        List<String> clear =
                detokenizer.detokenizeAll(tokens, tokenizer.version(), ACCESS).texts();
        long equal = 0;
        for (int i = 0; i < SLICE; i++) {
            String value = values.get(i);
            String token = tokens.get(i);
            if (!value.equals(clear.get(i))) {
                throw new AssertionError(value + " became " + token + ", and came back as " + clear.get(i));
            }
            if (!format.valid().test(value, token)) {
                throw new AssertionError(value + " became " + token + ", which is not valid");
            }
            equal += value.equals(token) ? 1 : 0;
        }
        return equal;
    }

    // ---- whole domains ---------------------------------------------------------------------------------------------

    @Test
    void tokenize_allDigitsOfSix_isAPermutation() {
        assertPermutation(TokenFormat.digits(), "%06d", Integer::parseInt);
    }

    @Test
    void tokenize_allCardsOfABin_isAPermutation() {
        assertPermutation(
                TokenFormat.paymentCard(Kept.BIN_AND_LAST_FOUR, Luhn.UNCHECKED),
                "411111%06d1111",
                token -> Integer.parseInt(token.substring(6, 12)));
    }

    @Test
    void tokenize_allDaysOfARange_isAPermutation() {
        LocalDate first = LocalDate.of(150, 3, 1);
        TokenFormat format = TokenFormat.date(first, first.plusDays(VALUES - 1));
        List<String> days = IntStream.range(0, VALUES)
                .mapToObj(i -> first.plusDays(i).toString())
                .toList();
        assertPermutation(format, days, token -> (int) (LocalDate.parse(token).toEpochDay() - first.toEpochDay()));
    }

    @Test
    void tokenize_millionNeighbouringSsns_givesDifferentTokens() {
        List<String> values = new ArrayList<>(VALUES);
        // Around the gap at 666
        for (int area = 665; values.size() < VALUES; area += 2) {
            for (int i = 0; i < 99 * 9999 && values.size() < VALUES; i++) {
                values.add(String.format("%03d%02d%04d", area, 1 + i / 9999, 1 + i % 9999));
            }
        }
        long different =
                tokens(TokenFormat.ssn(), values).parallelStream().distinct().count();
        assertThat(different).isEqualTo(VALUES);
    }

    private static void assertPermutation(TokenFormat format, String pattern, ToIntFunction<String> number) {
        List<String> values = IntStream.range(0, VALUES)
                .mapToObj(i -> String.format(pattern, i))
                .toList();
        assertPermutation(format, values, number);
    }

    private static void assertPermutation(TokenFormat format, List<String> values, ToIntFunction<String> number) {
        BitSet seen = new BitSet(VALUES);
        tokens(format, values).forEach(token -> seen.set(number.applyAsInt(token)));
        assertThat(seen.cardinality()).isEqualTo(seen.length()).isEqualTo(VALUES);
    }

    // ---- tokens that are no cards ----------------------------------------------------------------------------------

    /** PCI DSS tokenization guidelines: tokens can be told from card numbers. */
    @Test
    void paymentCard_millionTokens_noneIsACardNumber() {
        SplittableRandom random = new SplittableRandom();
        List<String> cards = random.longs(VALUES, 0, 1_000_000_000_000_000L)
                .mapToObj(n -> Checks.withCheckDigit(String.format("%015d0", n)))
                .toList();
        assertThat(cards).allMatch(Checks::passesLuhn);
        assertThat(tokens(TokenFormat.paymentCard(), cards)).noneMatch(Checks::passesLuhn);
    }

    private static List<String> tokens(TokenFormat format, List<String> values) {
        return tokenizer(format)
                .tokenizeAll(values, ColumnOptions.defaults().onAllCores())
                .texts();
    }

    private static ReversibleTokenizer tokenizer(TokenFormat format) {
        return Tokenizer.builder(KEYS, DOMAIN).formatPreserving(format);
    }

    private static Detokenizer detokenizer(ReversibleTokenizer tokenizer) {
        RevealPolicy policy = RevealPolicy.builder()
                .purpose("test", Reveal.CLEAR)
                .allowRate(1_000_000_000, Duration.ofSeconds(1))
                .build();
        RevealLog log = RevealLog.to(event -> assertThat(event.refused()).isZero(), SecretBytes.random(32));
        return Detokenizer.builder(tokenizer, policy, log).build();
    }

    static List<FormatCase> cases() {
        return FormatCase.ALL;
    }
}
