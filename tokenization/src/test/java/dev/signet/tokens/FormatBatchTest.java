// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static dev.signet.tokens.TestTokens.DOMAIN;
import static dev.signet.tokens.TestTokens.KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.tokens.TokenFormat.Kept;
import dev.signet.tokens.TokenFormat.Luhn;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A column gives what single calls give, position by position, errors too. */
class FormatBatchTest {
    private static final int ROWS = 2_500;

    @ParameterizedTest
    @MethodSource("cases")
    void tokenizeAll_mixedColumn_givesWhatSingleCallsGive(FormatCase format) {
        long seed = System.nanoTime();
        System.out.printf("%s: columns of %d rows, seed %d%n", format, ROWS, seed);
        SplittableRandom random = new SplittableRandom(seed);
        ReversibleEngine engine = engine(format.format());
        List<String> values = column(format, random);
        @Nullable String[] contexts = contexts(random);
        ColumnOptions options = ColumnOptions.defaults().someContexts(contexts);
        ColumnResult tokens = assertSame(values, contexts, options, engine::tokenize, engine::tokenize);

        // Half of them are tokens now, and the others values, most of which can be read as tokens, too.
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            texts.add(i % 2 == 0 ? tokens.text(i).orElse(values.get(i)) : values.get(i));
        }
        ColumnResult clear = assertSame(texts, contexts, options, engine::detokenize, engine::detokenize);
        for (int i = 0; i < ROWS; i += 2) {
            if (tokens.text(i).isPresent()) {
                assertThat(clear.text(i)).contains(values.get(i));
            }
        }
    }

    private static ColumnResult assertSame(
            List<String> column,
            @Nullable String[] contexts,
            ColumnOptions options,
            TokenEngine.RowStep one,
            ColumnJob.Step many) {
        ColumnResult serial = new TextJob(column, options).run(many, "k1");
        ColumnResult parallel = new TextJob(column, options.onAllCores()).run(many, "k1");
        int refused = 0;
        for (int i = 0; i < ROWS; i++) {
            String expected = null;
            String message = null;
            try {
                expected = one.apply(column.get(i), contexts[i]);
            } catch (InvalidMessageException e) {
                message = e.getMessage();
                refused++;
            }
            for (ColumnResult result : List.of(serial, parallel)) {
                assertThat(result.text(i).orElse(null)).isEqualTo(expected);
                if (message == null) {
                    assertThat(result.errors()).doesNotContainKey(i);
                } else {
                    assertThat(result.errors().get(i))
                            .isExactlyInstanceOf(InvalidMessageException.class)
                            .hasMessage(message);
                }
            }
        }
        assertThat(refused).isBetween(ROWS / 50, ROWS * 9 / 10);
        return serial;
    }

    /** What a value leaves in the pool, also one that did not fit, is not seen by the next. */
    @ParameterizedTest
    @MethodSource("cases")
    void tokenize_afterMisfits_givesWhatAFreshEngineGives(FormatCase format) {
        SplittableRandom random = new SplittableRandom(7);
        ReversibleEngine used = engine(format.format());
        for (int i = 0; i < 300; i++) {
            String value = format.values().apply(random);
            for (int bad = 0; bad < 3; bad++) {
                String spoiled = spoil(format.values().apply(random), random);
                try {
                    used.tokenize(spoiled, "c".repeat(random.nextInt(40)));
                } catch (InvalidMessageException e) {
                    assertThat(spoiled.length() < 8 || !e.getMessage().contains(spoiled))
                            .isTrue();
                }
            }
            if (i % 10 == 0) {
                assertThat(used.tokenize(value, null))
                        .isEqualTo(engine(format.format()).tokenize(value, null));
            }
            assertThat(used.detokenize(used.tokenize(value, null), null)).isEqualTo(value);
        }
    }

    @Test
    void work_cleared_holdsNothing() {
        // The parts that stay are moved over, and the misfit is left in the middle.
        for (String text : List.of("4111 1111 1111 1111", "411111111111111x", "4111111111111112")) {
            Work work = new Work();
            work.load(text);
            try {
                TokenFormat.paymentCard(Kept.BIN_AND_LAST_FOUR, Luhn.UNCHECKED)
                        .shape()
                        .read(work, false);
            } catch (InvalidMessageException e) {
                assertThat(e).hasMessageContaining("position");
            }
            work.a = 1;
            work.clear();
            assertThat(work.cells).containsOnly(0);
            assertThat(work.digits).containsOnly(0);
            assertThat(work.kept).containsOnly((byte) 0);
            assertThat(work.a + work.b + work.length + work.count + work.keptLength)
                    .isZero();
        }
    }

    @Test
    void work_longText_isNotKeptInThePool() {
        Work work = new Work();
        work.load("1".repeat(4096));
        work.keep(new byte[4096]);
        work.clear();
        assertThat(work.cells.length + work.at.length + work.digits.length + work.kept.length)
                .isLessThan(200);
    }

    @Test
    void tokenize_textBeyondAllFormats_isRefusedBeforeItIsCopied() {
        ReversibleEngine engine = engine(TokenFormat.digits());
        String longest = "1".repeat(Ff1.MAX_LENGTH);
        assertThat(engine.detokenize(engine.tokenize(longest, null), null)).isEqualTo(longest);
        assertThatThrownBy(() -> engine.tokenize(longest + 1, null)).hasMessageContaining("4097 symbols");
        assertThatThrownBy(() -> engine.tokenize("1".repeat(Work.MAX_TEXT + 1), null))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    @Test
    void tokenize_contextBeyondItsLimit_isRefused() {
        ReversibleEngine engine = engine(TokenFormat.digits());
        for (String longest : List.of("c".repeat(1024), "\u00e9".repeat(512))) {
            assertThat(engine.detokenize(engine.tokenize("123456", longest), longest))
                    .isEqualTo("123456");
            assertThatThrownBy(() -> engine.tokenize("123456", longest + "c"))
                    .isInstanceOfSatisfying(
                            InvalidMessageException.class,
                            e -> assertThat(e.isTooLarge()).isTrue())
                    .hasMessageContaining("1024 bytes");
        }
        assertThatThrownBy(() -> engine.tokenize("123456", "\ud83d"))
                .isExactlyInstanceOf(InvalidMessageException.class);
    }

    private static List<String> column(FormatCase format, SplittableRandom random) {
        List<String> column = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            String value = format.values().apply(random);
            column.add(random.nextInt(8) == 0 ? spoil(value, random) : value);
        }
        return column;
    }

    /** Most of these do not fit any more. */
    private static String spoil(String value, SplittableRandom random) {
        int at = random.nextInt(value.length());
        return switch (random.nextInt(5)) {
            case 0 -> value.substring(0, at);
            case 1 -> value.substring(0, at) + "\u00fc" + value.substring(at + 1);
            case 2 -> value + value;
            case 3 -> value.substring(0, at) + random.nextInt(10) + value.substring(at + 1);
            default -> " " + value;
        };
    }

    private static @Nullable String[] contexts(SplittableRandom random) {
        @Nullable String[] contexts = new String[ROWS];
        for (int i = 0; i < ROWS; i++) {
            // One context is too long.
            contexts[i] = switch (random.nextInt(4)) {
                case 0 -> null;
                case 1 -> "";
                case 2 -> "customer " + random.nextInt(20);
                default -> "\u00e9".repeat(random.nextInt(i == 77 ? 520 : 40));
            };
        }
        contexts[77] = "x".repeat(1025);
        return contexts;
    }

    private static ReversibleEngine engine(TokenFormat format) {
        return TestTokens.engine(Tokenizer.builder(KEYS, DOMAIN).formatPreserving(format), "k1");
    }

    static List<FormatCase> cases() {
        return FormatCase.ALL;
    }
}
