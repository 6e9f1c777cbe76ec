// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Providers;
import dev.signet.core.SecretBytes;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many values at once go through the same rounds as each alone, and both as the textbook has it. */
class Ff1CoreTest {
    private static final byte[] KEY = new byte[32];

    /** Radices whose lengths reach one and two words of output, and moduli from 3 on. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 7, 8, 9, 10, 16, 36, 62, 100, 255, 256, 1000, 4096, 65_535, 65_536})
    void rounds_manyAtOnce_areThoseOfEachAlone(int radix) {
        Ff1Core core = new Ff1Core(SecretBytes.copyOf(KEY), radix, Providers.automatic());
        Numerals numerals = new Numerals(radix);
        TextbookFf1 textbook = new TextbookFf1(KEY, radix);
        SplittableRandom random = new SplittableRandom(radix);
        boolean narrow = false;
        boolean wide = false;
        for (int length = 2; core.plan(length).isLong; length++) {
            Ff1Plan plan = core.plan(length);
            narrow |= plan.d == 8;
            wide |= plan.d == 12;
            if (plan.modU.value < 3) {
                // A domain under a hundred, which nobody can ask for.
                continue;
            }
            for (int count : new int[] {1, 2, 3, 17, Aes.Worker.LANES}) {
                Aes.Worker worker = core.aes.borrow();
                long[] as = new long[count];
                long[] bs = new long[count];
                byte[] tweak = new byte[random.nextInt(40)];
                random.nextBytes(tweak);
                for (int k = 0; k < count; k++) {
                    Work work = worker.lane(k);
                    as[k] = edge(random, plan.bigU, k);
                    bs[k] = edge(random, plan.bigV, k / 4);
                    work.a = as[k];
                    work.b = bs[k];
                    Ff1Core.start(worker, work, plan, tweak.length);
                    Ff1Core.absorb(worker, work, tweak, tweak.length, plan.room());
                }
                worker.runLanes(0, count, plan, true);
                for (int k = 0; k < count; k++) {
                    Work alone = new Work();
                    alone.a = as[k];
                    alone.b = bs[k];
                    alone.stateHigh = worker.lane(k).stateHigh;
                    alone.stateLow = worker.lane(k).stateLow;
                    Ff1Core.rounds(worker, alone, plan, 0, true);
                    assertThat(new long[] {worker.lane(k).a, worker.lane(k).b}).containsExactly(alone.a, alone.b);
                    if (k < 3) {
                        int[] symbols = symbols(numerals, plan, as[k], bs[k]);
                        assertThat(symbols(numerals, plan, alone.a, alone.b))
                                .containsExactly(textbook.encrypt(symbols, tweak));
                    }
                }
                worker.runLanes(0, count, plan, false);
                for (int k = 0; k < count; k++) {
                    assertThat(new long[] {worker.lane(k).a, worker.lane(k).b}).containsExactly(as[k], bs[k]);
                }
                // Halves of values stay in the lanes only, which are cleared.
                assertThat(worker.first).containsOnly(0);
                assertThat(worker.second).containsOnly(0);
            }
        }
        assertThat(narrow).isTrue();
        assertThat(wide).isTrue();
    }

    private static long edge(SplittableRandom random, BigInteger end, int k) {
        return switch (k % 4) {
            case 0 -> end.longValue() - 1;
            case 1 -> 0;
            default -> random.nextLong(end.longValue());
        };
    }

    private static int[] symbols(Numerals numerals, Ff1Plan plan, long a, long b) {
        int[] symbols = new int[plan.length];
        numerals.fromLong(a, symbols, 0, plan.u);
        numerals.fromLong(b, symbols, plan.u, plan.length);
        return symbols;
    }
}
