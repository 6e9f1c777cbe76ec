// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Providers;
import dev.signet.core.SecretBytes;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Halves in two words against halves of any size, whose rounds are held by the vectors. */
class WideRoundsTest {
    private final Random random = new Random(5);

    @ParameterizedTest
    @ValueSource(ints = {3, 10, 16, 26, 36, 62, 64, 255, 256, 1000, 65_535, 65_536})
    void run_everyWideLength_agreesWithBigIntegers(int radix) {
        Ff1Core core = new Ff1Core(SecretBytes.copyOf(new byte[32]), radix, Providers.automatic());
        int wide = 0;
        for (int length = 2; length < 140; length++) {
            Ff1Plan plan = core.plan(length);
            if (plan.isWide) {
                wide++;
                for (int i = 0; i < 40; i++) {
                    compare(core, plan, new Numerals(radix), i);
                }
            }
        }
        assertThat(wide).isPositive();
    }

    @Test
    void isWide_emailsOfUsualLengths() {
        for (int length = 21; length <= 32; length++) {
            assertThat(new Ff1Plan(62, length).isWide).as("%s", length).isTrue();
        }
    }

    private void compare(Ff1Core core, Ff1Plan plan, Numerals numerals, int attempt) {
        int[] digits = new int[plan.length];
        for (int i = 0; i < digits.length; i++) {
            // The extremes, too: all carries and none.
            digits[i] = attempt == 0 ? 0 : attempt == 1 ? plan.radix - 1 : random.nextInt(plan.radix);
        }
        byte[] tweak = new byte[random.nextInt(40)];
        random.nextBytes(tweak);
        Aes.Worker worker = core.aes.borrow();
        int[] encrypted = wide(worker, plan, numerals, digits, tweak, true);
        assertThat(encrypted).isEqualTo(big(worker, plan, numerals, digits, tweak, true));
        assertThat(wide(worker, plan, numerals, encrypted, tweak, false)).isEqualTo(digits);
        assertThat(big(worker, plan, numerals, encrypted, tweak, false)).isEqualTo(digits);
        core.aes.giveBack(worker);
    }

    private static int[] wide(
            Aes.Worker worker, Ff1Plan plan, Numerals numerals, int[] digits, byte[] tweak, boolean encrypt) {
        Work work = worker.lane(0);
        Ff1Core.start(worker, work, plan, tweak.length);
        Ff1Core.absorb(worker, work, tweak, tweak.length, plan.room());
        int middleA = plan.u - plan.lowDigits;
        int middleB = plan.length - plan.lowDigits;
        work.highA = numerals.toLong(digits, 0, middleA);
        work.a = numerals.toLong(digits, middleA, plan.u);
        work.highB = numerals.toLong(digits, plan.u, middleB);
        work.b = numerals.toLong(digits, middleB, plan.length);
        worker.runWideLanes(0, 1, plan, encrypt);
        int[] result = new int[plan.length];
        numerals.fromLong(work.highA, result, 0, middleA);
        numerals.fromLong(work.a, result, middleA, plan.u);
        numerals.fromLong(work.highB, result, plan.u, middleB);
        numerals.fromLong(work.b, result, middleB, plan.length);
        work.clear();
        return result;
    }

    private static int[] big(
            Aes.Worker worker, Ff1Plan plan, Numerals numerals, int[] digits, byte[] tweak, boolean encrypt) {
        Work work = worker.lane(0);
        Ff1Core.start(worker, work, plan, tweak.length);
        Ff1Core.absorb(worker, work, tweak, tweak.length, Aes.BLOCK - 1);
        work.bigA = numerals.toBig(digits, 0, plan.u);
        work.bigB = numerals.toBig(digits, plan.u, plan.length);
        Ff1Core.rounds(worker, work, plan, tweak.length % Aes.BLOCK, encrypt);
        int[] result = new int[plan.length];
        numerals.fromBig(number(work.bigA), result, 0, plan.u);
        numerals.fromBig(number(work.bigB), result, plan.u, plan.length);
        work.clear();
        return result;
    }

    private static BigInteger number(BigInteger number) {
        return number;
    }
}
