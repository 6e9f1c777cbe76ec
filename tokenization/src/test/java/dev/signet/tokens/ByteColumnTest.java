// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static dev.signet.tokens.TestTokens.DOMAIN;
import static dev.signet.tokens.TestTokens.KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteColumnTest {
    private static final ReversibleTokenizer CARDS =
            Tokenizer.builder(KEYS, DOMAIN).formatPreserving(TokenFormat.paymentCard());
    private static final ReversibleTokenizer DIGITS =
            Tokenizer.builder(KEYS, DOMAIN).formatPreserving(TokenFormat.digits());
    private static final ColumnOptions DEFAULTS = ColumnOptions.defaults();
    private static final String CARD = "4111111111111111";

    private final List<RevealEvent> events = new ArrayList<>();

    // ---- tokens ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 1024, 1025, 5000})
    void tokenizeAll_fixedWidth_givesWhatSingleCallsGive(int rows) {
        byte[] bytes = new byte[16 * rows];
        SplittableRandom random = new SplittableRandom(rows);
        for (int row = 0; row < rows; row++) {
            String card = Checks.withCheckDigit(String.format("%016d", random.nextLong(10_000_000_000_000_000L)));
            put(bytes, 16 * row, row % 10 == 3 ? "41111111x1111111" : card);
        }
        for (ColumnOptions options : List.of(DEFAULTS, DEFAULTS.onAllCores())) {
            byte[] target = filled(bytes.length);
            Map<Integer, MessageSecurityException> errors =
                    CARDS.tokenizeAll(ByteColumn.fixedWidth(bytes, 16), target, options);
            for (int row = 0; row < rows; row++) {
                if (row % 10 == 3) {
                    assertThat(errors.get(row)).hasMessageContaining("position 9");
                    assertThat(text(target, 16 * row, 16)).isEqualTo("\0".repeat(16));
                } else {
                    assertThat(text(target, 16 * row, 16))
                            .isEqualTo(CARDS.tokenize(text(bytes, 16 * row, 16)).text());
                }
            }
            assertThat(errors).hasSize((rows + 6) / 10);
        }
    }

    @Test
    void tokenizeAll_offsets_takeRowsOfAnyLength() {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            rows.add("1234567890".repeat(7).substring(i % 10, i % 10 + i % 50));
        }
        Texts texts = new Texts(rows);
        List<String> contexts = rows.stream().map(row -> "c" + row.length() % 7).toList();
        for (ColumnOptions options : List.of(DEFAULTS, DEFAULTS.onAllCores())) {
            byte[] target = filled(texts.bytes.length);
            Map<Integer, MessageSecurityException> errors =
                    DIGITS.tokenizeAll(texts.column(), target, options.contexts(contexts));
            for (int i = 0; i < rows.size(); i++) {
                String row = rows.get(i);
                String result = text(target, texts.offsets[i], row.length());
                if (row.length() < 6) {
                    assertThat(errors.get(i)).hasMessageContaining(row.length() + " symbols");
                    assertThat(result).isEqualTo("\0".repeat(row.length()));
                } else {
                    assertThat(result)
                            .isEqualTo(DIGITS.tokenize(row, TokenContext.of(contexts.get(i)))
                                    .text());
                }
            }
            // What lies before the first row and behind the last belongs to none.
            assertThat(target[0]).isZero();
            assertThat(target[target.length - 1]).isZero();
        }
    }

    @Test
    void tokenizeAll_bytesOutsideOfAscii_areRefused() {
        // Latin 1 of a digit's neighbour, a full-width digit in UTF-8, and a digit with its sign bit set
        for (byte[] bytes : new byte[][] {
            {'1', '2', '3', '4', '5', '6', (byte) 0xb2},
            {'1', '2', '3', '4', (byte) 0xef, (byte) 0xbc, (byte) 0x91},
            {'1', '2', '3', '4', '5', '6', (byte) ('7' | 0x80)}
        }) {
            byte[] target = filled(7);
            assertThat(DIGITS.tokenizeAll(ByteColumn.fixedWidth(bytes, 7), target, DEFAULTS)
                            .get(0))
                    .isExactlyInstanceOf(InvalidMessageException.class)
                    .hasMessageContaining("no ASCII");
            assertThat(target).containsOnly(0);
        }
        // A symbol of the alphabet in Latin 1, but not in ASCII
        ReversibleTokenizer umlauts =
                Tokenizer.builder(KEYS, DOMAIN).formatPreserving(TokenFormat.text(Alphabet.of("abcdefghijkl\u00fc")));
        byte[] latin = "abcdef\u00fc".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(umlauts.tokenizeAll(ByteColumn.fixedWidth(latin, 7), new byte[7], DEFAULTS))
                .containsOnlyKeys(0);
    }

    @Test
    void tokenizeAll_alphabetBeyondAscii_isAMistakeAndLeavesNothing() {
        ReversibleTokenizer mixed = Tokenizer.builder(KEYS, DOMAIN)
                .formatPreserving(TokenFormat.text(Alphabet.of("abcdefghijklmnopqrstuvwxyz\u00fc")));
        byte[] bytes = "abcdefgh".repeat(3000).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + i * 31 / 8 % 26);
        }
        for (ColumnOptions options : List.of(DEFAULTS, DEFAULTS.onAllCores())) {
            byte[] target = filled(bytes.length);
            assertThatThrownBy(() -> mixed.tokenizeAll(ByteColumn.fixedWidth(bytes, 8), target, options))
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("ASCII");
            assertThat(target).containsOnly(0);
        }
    }

    @Test
    void tokenizeAll_modesOfOtherLengths_areMistakesAndLeaveNothing() {
        byte[] bytes = (CARD + CARD).getBytes(StandardCharsets.US_ASCII);
        Tokenizer.Builder builder = Tokenizer.builder(KEYS, DOMAIN);
        for (Tokenizer tokenizer : List.of(builder.oneWay(), builder.authenticated())) {
            byte[] target = filled(32);
            assertThatThrownBy(() -> tokenizer.tokenizeAll(ByteColumn.fixedWidth(bytes, 16), target, DEFAULTS))
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("length");
            assertThat(target).containsOnly(0);
        }
    }

    @Test
    void tokenizeAll_target_isAnotherArrayOfTheSameLength() {
        byte[] bytes = CARD.getBytes(StandardCharsets.US_ASCII);
        ByteColumn column = ByteColumn.fixedWidth(bytes, 16);
        for (byte[] target : new byte[][] {bytes, new byte[15], new byte[17]}) {
            assertThatThrownBy(() -> CARDS.tokenizeAll(column, target, DEFAULTS))
                    .isExactlyInstanceOf(IllegalArgumentException.class);
        }
        assertThat(text(bytes, 0, 16)).isEqualTo(CARD);
    }

    @Test
    void column_impossibleRows_areRefused() {
        byte[] bytes = new byte[10];
        for (int width : new int[] {0, -1, 3, 11}) {
            assertThatThrownBy(() -> ByteColumn.fixedWidth(bytes, width))
                    .isExactlyInstanceOf(IllegalArgumentException.class);
        }
        for (int[] offsets : new int[][] {{}, {-1, 3}, {0, 5, 4}, {0, 11}, {11}}) {
            assertThatThrownBy(() -> ByteColumn.of(bytes, offsets)).isExactlyInstanceOf(IllegalArgumentException.class);
        }
        int[] offsets = {0, 6, 10};
        ByteColumn column = ByteColumn.of("1234567890".getBytes(StandardCharsets.US_ASCII), offsets);
        offsets[1] = 9;
        assertThat(DIGITS.tokenizeAll(column, new byte[10], DEFAULTS)).containsOnlyKeys(1);
        assertThat(column).hasToString("ByteColumn[2 rows]");
    }

    // ---- values ----------------------------------------------------------------------------------------------------

    @Test
    void detokenizeAll_eachReveal_givesWhatSingleCallsGive() {
        Texts tokens = new Texts(
                List.of(token(CARD), "4111111111111111", token("5555 5555 5555 4444"), token("30569309025904")));
        for (ColumnOptions options : List.of(DEFAULTS, DEFAULTS.onAllCores())) {
            assertRevealed(tokens, Reveal.CLEAR, options, CARD, "5555 5555 5555 4444", "30569309025904");
            assertRevealed(
                    tokens, Reveal.PARTIAL, options, "************1111", "**** **** **** 4444", "**********5904");
            assertRevealed(tokens, Reveal.MASKED, options, "*".repeat(16), "**** **** **** ****", "*".repeat(14));
        }
        byte[] target = filled(tokens.bytes.length);
        assertThat(detokenizer(CARDS, Reveal.TOKEN, event -> {})
                        .detokenizeAll(tokens.column(), target, "k1", access(Reveal.TOKEN), DEFAULTS))
                .isEmpty();
        for (int i = 0; i < 4; i++) {
            assertThat(tokens.row(target, i)).isEqualTo(tokens.row(tokens.bytes, i));
        }
    }

    private void assertRevealed(
            Texts tokens, Reveal reveal, ColumnOptions options, String first, String third, String fourth) {
        byte[] target = filled(tokens.bytes.length);
        events.clear();
        Map<Integer, MessageSecurityException> errors = detokenizer(CARDS, reveal, events::add)
                .detokenizeAll(tokens.column(), target, "k1", access(reveal), options);
        assertThat(errors).containsOnlyKeys(1);
        assertThat(tokens.row(target, 0)).isEqualTo(first);
        assertThat(tokens.row(target, 1)).isEqualTo("\0".repeat(16));
        assertThat(tokens.row(target, 2)).isEqualTo(third);
        assertThat(tokens.row(target, 3)).isEqualTo(fourth);
        assertThat(events.get(0).revealed()).isEqualTo(3);
        assertThat(events.get(0).refused()).isEqualTo(1);
    }

    @Test
    void detokenizeAll_logFails_leavesZeros() {
        Texts tokens = new Texts(List.of(token(CARD), token(CARD)));
        List<Throwable> failures = List.of(new IllegalStateException("full"), new StackOverflowError());
        for (Throwable failure : failures) {
            byte[] target = filled(tokens.bytes.length);
            Detokenizer detokenizer = detokenizer(CARDS, Reveal.CLEAR, event -> {
                assertThat(target).containsOnly(0);
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) failure;
            });
            assertThatThrownBy(() ->
                            detokenizer.detokenizeAll(tokens.column(), target, "k1", access(Reveal.CLEAR), DEFAULTS))
                    .isInstanceOfAny(UnavailableException.class, failure.getClass());
            assertThat(target).containsOnly(0);
        }
    }

    @Test
    void detokenizeAll_refusals_leaveZeros() {
        Texts tokens = new Texts(List.of(token(CARD)));
        byte[] target = filled(tokens.bytes.length);
        Detokenizer detokenizer = detokenizer(CARDS, Reveal.CLEAR, events::add);
        assertReason(
                () -> detokenizer.detokenizeAll(
                        tokens.column(), target, "k1", Access.by("y").forPurpose("x"), DEFAULTS),
                Reason.PURPOSE_NOT_ALLOWED);
        assertThat(target).containsOnly(0);
        Arrays.fill(target, (byte) 9);
        assertReason(
                () -> detokenizer.detokenizeAll(tokens.column(), target, "k9", access(Reveal.CLEAR), DEFAULTS),
                Reason.KEY_UNKNOWN);
        assertThat(target).containsOnly(0);
        assertThat(events).hasSize(2);
    }

    @Test
    void detokenizeAll_stoppedAtAnError_countsWhatWasReached() {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            rows.add(i == 5 ? "123" : "123456");
        }
        Texts tokens = new Texts(rows);
        for (Reveal reveal : List.of(Reveal.CLEAR, Reveal.MASKED)) {
            events.clear();
            byte[] target = filled(tokens.bytes.length);
            assertThat(detokenizer(DIGITS, reveal, events::add)
                            .detokenizeAll(tokens.column(), target, "k1", access(reveal), DEFAULTS.stopAtFirstError()))
                    .containsOnlyKeys(5);
            assertThat(events.get(0).revealed()).isEqualTo(5);
            for (int i = 5; i < 3000; i++) {
                assertThat(tokens.row(target, i)).matches("\0+");
            }
        }
    }

    @Test
    void detokenizeAll_valueBeyondAscii_isAMistakeAndLeavesNothing() {
        ReversibleTokenizer mixed = Tokenizer.builder(KEYS, DOMAIN)
                .formatPreserving(TokenFormat.text(Alphabet.of("abcdefghijklm\u00fc\u00f6\u00e4\u00df\u00e9\u00e8")));
        byte[] bytes = "abcdefghijkl".repeat(20).getBytes(StandardCharsets.US_ASCII);
        for (Reveal reveal : List.of(Reveal.CLEAR, Reveal.PARTIAL)) {
            byte[] target = filled(bytes.length);
            // Of the values behind these tokens at least one has a symbol that is no byte.
            ReversibleTokenizer tokenizer = reveal == Reveal.CLEAR ? mixed : strangelyPartial();
            assertThatThrownBy(() -> detokenizer(tokenizer, reveal, event -> {})
                            .detokenizeAll(ByteColumn.fixedWidth(bytes, 12), target, "k1", access(reveal), DEFAULTS))
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("ASCII");
            assertThat(target).containsOnly(0);
        }
    }

    /** A partial view need not be ASCII, even if the value is. */
    private static ReversibleTokenizer strangelyPartial() {
        return KeyedReversibleTokenizer.of(KEYS, DOMAIN, InstantSource.system(), key -> new ReversibleEngine() {
            @Override
            String format() {
                return "strange";
            }

            @Override
            String tokenize(String value, @Nullable String context) {
                return value;
            }

            @Override
            String detokenize(String token, @Nullable String context) {
                return token;
            }

            @Override
            String partial(String clear) {
                return clear.replace('c', '\u00fc');
            }

            @Override
            String masked(String clear) {
                return clear;
            }
        });
    }

    @Test
    void detokenizeAll_whileTheLogIsAsked_hasReleasedNothing() {
        byte[] tokens = token("4111111111111111").getBytes(StandardCharsets.US_ASCII);
        byte[] target = filled(16);
        boolean[] fails = {false};
        List<String> seen = new ArrayList<>();
        Detokenizer detokenizer = detokenizer(CARDS, Reveal.CLEAR, event -> {
            seen.add(text(target, 0, 16));
            if (fails[0]) {
                throw new IllegalStateException("down");
            }
        });
        ByteColumn column = ByteColumn.fixedWidth(tokens, 16);
        detokenizer.detokenizeAll(column, target, CARDS.version(), access(Reveal.CLEAR), ColumnOptions.defaults());
        assertThat(text(target, 0, 16)).isEqualTo("4111111111111111");
        fails[0] = true;
        assertThatThrownBy(() -> detokenizer.detokenizeAll(
                        column, target, CARDS.version(), access(Reveal.CLEAR), ColumnOptions.defaults()))
                .isInstanceOf(UnavailableException.class);
        assertThat(target).containsOnly(0);
        assertThat(seen).hasSize(2).allMatch(text -> text.equals("\0".repeat(16)));
    }

    private static void assertReason(ThrowingCallable call, Reason reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static String token(String card) {
        return CARDS.tokenize(card).text();
    }

    private static Access access(Reveal reveal) {
        return Access.by("test").forPurpose(reveal.name());
    }

    private static Detokenizer detokenizer(ReversibleTokenizer tokenizer, Reveal reveal, Consumer<RevealEvent> sink) {
        RevealPolicy policy = RevealPolicy.builder()
                .purpose(reveal.name(), reveal)
                .allowRate(1_000_000, Duration.ofSeconds(1))
                .build();
        return Detokenizer.builder(tokenizer, policy, RevealLog.to(sink, SecretBytes.random(32)))
                .build();
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }

    private static void put(byte[] bytes, int at, String text) {
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, bytes, at, text.length());
    }

    private static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.US_ASCII);
    }

    /** Rows one behind the other, with a byte before the first and one behind the last. */
    private static final class Texts {
        private final byte[] bytes;
        private final int[] offsets;

        Texts(List<String> rows) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            offsets = new int[rows.size() + 1];
            out.write('0');
            offsets[0] = 1;
            for (int i = 0; i < rows.size(); i++) {
                out.writeBytes(rows.get(i).getBytes(StandardCharsets.US_ASCII));
                offsets[i + 1] = out.size();
            }
            out.write('0');
            bytes = out.toByteArray();
        }

        ByteColumn column() {
            return ByteColumn.of(bytes, offsets);
        }

        String row(byte[] from, int row) {
            return text(from, offsets[row], offsets[row + 1] - offsets[row]);
        }
    }
}
