// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmarks;

import dev.signet.core.Keyset;
import dev.signet.core.TokenizationKey;
import dev.signet.records.RecordFiles;
import dev.signet.records.RecordPolicy;
import dev.signet.records.RecordReport;
import dev.signet.records.RecordRevealer;
import dev.signet.records.RecordTokenizer;
import dev.signet.tokens.Access;
import dev.signet.tokens.RevealLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A CSV of 100,000 rows in memory, of whose 6 columns card, e-mail and social security number are tokenized; counted by row. */
@NullUnmarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 9, time = 2)
@Fork(1)
public class RecordFilesBenchmark {
    private static final int ROWS = 100_000;
    private static final String POLICY = """
            {"fields": [
              {"column": "card", "domain": "card", "format": "payment-card", "version": {"column": "card_key"}},
              {"column": "email", "domain": "email", "format": "email", "version": {"column": "email_key"}},
              {"column": "ssn", "domain": "ssn", "format": "ssn", "version": {"column": "ssn_key"}}],
             "reveal": {"all": {"show": "clear", "allow-rate": {"values": 1000000000, "seconds": 1}}}}
            """;

    private RecordFiles tokenizing;
    private RecordFiles revealing;
    private byte[] rows;
    private byte[] tokenized;

    /** Makes keys, rows and what they become. */
    @Setup
    public void setUp() throws IOException {
        RecordPolicy policy = RecordPolicy.parse("policy", POLICY.getBytes(StandardCharsets.UTF_8));
        Keyset<TokenizationKey> keys = Keyset.of(TokenizationKey.generate());
        RevealLog log = RevealLog.to(event -> {}, RevealLog.deriveKey(keys.primary()));
        tokenizing = RecordFiles.tokenizing(
                        RecordTokenizer.builder(policy, keys).build())
                .build();
        revealing = RecordFiles.revealing(
                        RecordRevealer.builder(policy, keys, log).build(),
                        Access.by("benchmark").forPurpose("all"))
                .build();
        rows = rows();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        var unused = tokenizing.run(new ByteArrayInputStream(rows), out);
        tokenized = out.toByteArray();
    }

    private static byte[] rows() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("id,name,card,email,ssn,city\n");
        for (int i = 0; i < ROWS; i++) {
            text.append(i).append(",Ada Moreau,").append(card(random));
            text.append(",ada.moreau").append(random.nextInt(5_000_000)).append("@example.com,");
            text.append(String.format("%03d-%02d-%04d", 1 + random.nextInt(600), 1 + random.nextInt(99), 1 + i % 9999));
            text.append(",Lyon\n");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String card(Random random) {
        StringBuilder card = new StringBuilder("4");
        int sum = 8;
        for (int i = 1; i < 15; i++) {
            int digit = random.nextInt(10);
            card.append(digit);
            int part = i % 2 == 0 ? 2 * digit : digit;
            sum += part > 9 ? part - 9 : part;
        }
        return card.append((10 - sum % 10) % 10).toString();
    }

    /** From the file to the tokens, on all cores. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public RecordReport tokenizeCsv() throws IOException {
        return tokenizing.run(new ByteArrayInputStream(rows), OutputStream.nullOutputStream());
    }

    /** From the tokens to the file, with a log in memory. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public RecordReport revealCsv() throws IOException {
        return revealing.run(new ByteArrayInputStream(tokenized), OutputStream.nullOutputStream());
    }
}
