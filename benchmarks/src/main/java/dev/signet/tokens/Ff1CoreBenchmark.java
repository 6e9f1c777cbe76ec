// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.Providers;
import dev.signet.core.SecretBytes;
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

/**
 * The numeric core of FF1 over 1,024 values of 16 digits, and its floors: the ten AES blocks of each, encrypted in a call
 * for each value, and in calls of many values, where processors with vector AES are several times as fast. Counted by value.
 */
@NullUnmarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class Ff1CoreBenchmark {
    private static final int ROWS = 1024;
    private static final int ROUNDS = 10;
    private static final int LANES = Aes.Worker.LANES;

    private Aes.Worker worker;
    private Ff1Plan plan;
    private long[] as;
    private long[] bs;

    /** Makes the key and the values. */
    @Setup
    public void setUp() {
        Ff1Core core = new Ff1Core(SecretBytes.random(32), 10, Providers.automatic());
        worker = core.aes.borrow();
        plan = core.plan(16);
        as = new long[ROWS];
        bs = new long[ROWS];
        for (int i = 0; i < ROWS; i++) {
            as[i] = (i * 7_919_777L) % 100_000_000;
            bs[i] = (i * 104_729_777L) % 100_000_000;
        }
    }

    /** From numbers to numbers. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public long[] numericCore() {
        for (int from = 0; from < ROWS; from += LANES) {
            System.arraycopy(as, from, worker.first, 0, LANES);
            System.arraycopy(bs, from, worker.second, 0, LANES);
            Ff1Core.rounds(worker, plan, LANES, true);
            System.arraycopy(worker.first, 0, as, from, LANES);
            System.arraycopy(worker.second, 0, bs, from, LANES);
        }
        return as;
    }

    /** The ten blocks of each value, a call for each value. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public byte[] tenBlocksByValue() {
        for (int row = 0; row < ROWS; row++) {
            worker.encrypt(ROUNDS);
        }
        return worker.out;
    }

    /** The ten blocks of each value, in calls of as many blocks as the core's. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public byte[] tenBlocksTogether() {
        for (int from = 0; from < ROWS; from += LANES) {
            for (int round = 0; round < ROUNDS; round++) {
                worker.encrypt(LANES);
            }
        }
        return worker.out;
    }
}
