// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static dev.signet.tokens.TestTokens.DOMAIN;
import static dev.signet.tokens.TestTokens.KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnTest {
    private static final ReversibleTokenizer DATES =
            Tokenizer.builder(KEYS, DOMAIN).dateShift(100);
    private static final Tokenizer ONE_WAY = Tokenizer.builder(KEYS, DOMAIN).oneWay();
    private static final String BAD = "\ud83d";

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1023, 1024, 1025, 2048, 10_000})
    void tokenizeAll_parallel_givesTheSameAsSerialAndOneByOne(int rows) {
        List<String> values = values(rows);
        for (int bad = 3; bad < rows; bad += 777) {
            values.set(bad, BAD);
        }
        List<String> contexts =
                IntStream.range(0, rows).mapToObj(i -> "c" + i % 7).toList();
        ColumnOptions options = ColumnOptions.defaults().contexts(contexts);
        ColumnResult serial = ONE_WAY.tokenizeAll(values, options);
        ColumnResult parallel = ONE_WAY.tokenizeAll(values, options.onAllCores());
        assertThat(serial.size()).isEqualTo(parallel.size()).isEqualTo(rows);
        assertThat(serial.version()).isEqualTo("k1");
        for (int row = 0; row < rows; row++) {
            assertThat(parallel.text(row)).isEqualTo(serial.text(row));
            if (values.get(row).equals(BAD)) {
                assertThat(serial.text(row)).isEmpty();
                assertThat(parallel.errors().get(row))
                        .isExactlyInstanceOf(InvalidMessageException.class)
                        .hasMessage(serial.errors().get(row).getMessage());
            } else {
                assertThat(serial.text(row))
                        .contains(ONE_WAY.tokenize(values.get(row), TokenContext.of(contexts.get(row)))
                                .text());
            }
        }
        assertThat(new ArrayList<>(serial.errors().keySet()))
                .isEqualTo(new ArrayList<>(parallel.errors().keySet()))
                .hasSize(rows <= 3 ? 0 : (rows - 4) / 777 + 1)
                .isSorted();
    }

    @Test
    void tokenizeAll_lists_arraysAndSingleValues_giveTheSame() {
        List<String> values = values(100);
        assertThat(ONE_WAY.tokenizeAll(values).texts())
                .isEqualTo(ONE_WAY.tokenizeAll(values.toArray(new String[0])).texts())
                .isEqualTo(values.stream()
                        .map(value -> ONE_WAY.tokenize(value).text())
                        .toList());
    }

    @Test
    void tokenizeAll_stopAtFirstError_leavesTheRestUndone() {
        List<String> values = values(5000);
        values.set(10, BAD);
        values.set(20, BAD);
        values.set(4000, BAD);
        ColumnResult past = ONE_WAY.tokenizeAll(values);
        assertThat(past.errors().keySet()).containsExactly(10, 20, 4000);
        assertThat(past.text(4999)).isPresent();
        ColumnResult stopped =
                ONE_WAY.tokenizeAll(values, ColumnOptions.defaults().stopAtFirstError());
        assertThat(stopped.errors().keySet()).containsExactly(10);
        assertThat(stopped.text(9)).isPresent();
        for (int row = 10; row < 5000; row++) {
            assertThat(stopped.text(row)).isEmpty();
        }
        assertThatThrownBy(stopped::texts).isSameAs(stopped.errors().get(10));
    }

    @Test
    void run_stoppedInAnEarlierSlice_startsNoOther() {
        for (boolean parallel : new boolean[] {false, true}) {
            ColumnOptions options = ColumnOptions.defaults().stopAtFirstError();
            AtomicInteger rows = new AtomicInteger();
            new TextJob(values(1_000_000), parallel ? options.onAllCores() : options)
                    .run(
                            (job, from, to) -> TokenEngine.eachRow(job, from, to, (value, context) -> {
                                rows.incrementAndGet();
                                throw InvalidMessageException.malformed("no");
                            }),
                            "k1");
            assertThat(rows).hasValueLessThan(parallel ? 100_000 : 2);
        }
    }

    /** A batch that does not look itself whether it shall stop. */
    @Test
    void run_batchesAfterAnError_areNotStarted() {
        List<Integer> started = new ArrayList<>();
        TextJob failing = new TextJob(values(5000), ColumnOptions.defaults().stopAtFirstError());
        failing.run(
                (job, from, to) -> {
                    started.add(from);
                    job.fail(to - 1, InvalidMessageException.malformed("no"));
                },
                "k1");
        TextJob broken = new TextJob(values(5000), ColumnOptions.defaults());
        assertThatThrownBy(() -> broken.run(
                        (job, from, to) -> {
                            started.add(from);
                            throw new IllegalStateException("broken");
                        },
                        "k1"))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("broken");
        assertThat(started).containsExactly(0, 0);
    }

    /** What is wrong with more than a row is the same error, on one core or all. */
    @Test
    void tokenizeAll_programmersMistake_isTheErrorItself() {
        List<String> values = new ArrayList<>(Collections.nCopies(5000, "2026-11-26"));
        for (ColumnOptions options :
                List.of(ColumnOptions.defaults(), ColumnOptions.defaults().onAllCores())) {
            assertThatThrownBy(() -> DATES.tokenizeAll(values, options))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("dates are moved by person: give the person as context")
                    .hasNoCause();
        }
    }

    /** The pool would throw a copy of what one of its own threads threw. */
    @Test
    void run_mistakeInAThreadOfThePool_isTheErrorItself() {
        IllegalArgumentException mistake = new IllegalArgumentException("a mistake");
        CountDownLatch thrown = new CountDownLatch(1);
        TextJob job = new TextJob(values(100_000), ColumnOptions.defaults().onAllCores());
        assertThatThrownBy(() -> job.run(
                        (any, from, to) -> {
                            if (Thread.currentThread() instanceof ForkJoinWorkerThread) {
                                thrown.countDown();
                                throw mistake;
                            }
                            try {
                                assertThat(thrown.await(30, TimeUnit.SECONDS)).isTrue();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        "k1"))
                .isSameAs(mistake);
    }

    /** Whoever cleans up after an error must not be overtaken by a thread that still writes. */
    @Test
    void run_errorInOneThread_isThrownAfterAllHaveEnded() {
        for (int round = 0; round < 20; round++) {
            AtomicInteger running = new AtomicInteger();
            TextJob job = new TextJob(values(100_000), ColumnOptions.defaults().onAllCores());
            StackOverflowError error = new StackOverflowError();
            assertThatThrownBy(() -> job.run(
                            (any, from, to) -> {
                                running.incrementAndGet();
                                try {
                                    if (running.get() > 1) {
                                        throw error;
                                    }
                                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                                } finally {
                                    running.decrementAndGet();
                                }
                            },
                            "k1"))
                    .isSameAs(error);
            assertThat(running).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 1000})
    void tokenizeAll_contextsOfAnotherSize_areRefused(int contexts) {
        ColumnOptions options = ColumnOptions.defaults().contexts(Collections.nCopies(contexts, "c"));
        assertThatThrownBy(() -> ONE_WAY.tokenizeAll(values(3), options))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("3 values, but " + contexts + " contexts");
    }

    @Test
    void tokenizeAll_nullInAList_isOneClearError() {
        String[] values = {"a", "b", null, null};
        String message = "the column has no value at position 2";
        for (ColumnOptions options : List.of(
                ColumnOptions.defaults(), ColumnOptions.defaults().onAllCores().stopAtFirstError())) {
            assertThatThrownBy(() -> ONE_WAY.tokenizeAll(Arrays.asList(values), options))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
        }
        assertThatThrownBy(() -> ONE_WAY.tokenizeAll(values))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> ColumnOptions.defaults().contexts(Arrays.asList(values)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the column has no context at position 2");
    }

    @Test
    void contexts_listChangedAfterwards_isNotSeen() {
        List<String> contexts = new ArrayList<>(List.of("a", "b"));
        ColumnOptions options = ColumnOptions.defaults().contexts(contexts);
        contexts.set(0, "z");
        contexts.add("c");
        assertThat(ONE_WAY.tokenizeAll(List.of("v", "v"), options).texts())
                .containsExactly(
                        ONE_WAY.tokenize("v", TokenContext.of("a")).text(),
                        ONE_WAY.tokenize("v", TokenContext.of("b")).text());
    }

    @Test
    void detokenize_someForged_areListedByPosition() {
        ReversibleTokenizer tokenizer = Tokenizer.builder(KEYS, DOMAIN).authenticated();
        List<String> tokens =
                new ArrayList<>(tokenizer.tokenizeAll(values(3000)).texts());
        tokens.set(7, "forged");
        tokens.set(2999, tokens.get(0) + "A");
        ReversibleEngine reader = TestTokens.engine(tokenizer, "k1");
        ColumnResult result = new TextJob(tokens, ColumnOptions.defaults().onAllCores()).run(reader::detokenize, "k1");
        assertThat(result.errors()).containsOnlyKeys(7, 2999);
        assertThat(result.errors().values()).allMatch(error -> error instanceof DecryptionException);
        assertThat(result.text(2998)).contains("value 2998");
        assertThatThrownBy(result::texts).isSameAs(result.errors().get(7));
    }

    @Test
    void result_isUnmodifiableAndShowsCountsOnly() {
        ColumnResult good = ONE_WAY.tokenizeAll(List.of("a", "b"));
        assertThatThrownBy(() -> good.texts().set(0, "x")).isInstanceOf(UnsupportedOperationException.class);
        ColumnResult bad = ONE_WAY.tokenizeAll(List.of("a", BAD));
        assertThatThrownBy(() -> bad.errors().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(bad).hasToString("ColumnResult[2 rows, 1 errors, version=k1]");
    }

    private static List<String> values(int rows) {
        return new ArrayList<>(
                IntStream.range(0, rows).mapToObj(i -> "value " + i).toList());
    }
}
