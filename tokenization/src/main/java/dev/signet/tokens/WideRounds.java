// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

/**
 * The rounds of FF1 (SP 800-38G, 6.2, Algorithms 7 and 8) over many pairs of halves that take two words each: the lower digits
 * in one, the upper ones in the other, so that sums and remainders are those of words.
 */
final class WideRounds {
    private static final int ROUNDS = 10;

    private WideRounds() {}

    /** @param count how many, at most {@link Aes.Worker#LANES}, from the first element of the worker's arrays */
    static void run(Aes.Worker worker, Ff1Plan plan, int count, boolean encrypt) {
        long[] changed = worker.first;
        long[] read = worker.second;
        long[] changedHigh = worker.firstHigh;
        long[] readHigh = worker.secondHigh;
        // What a remainder leaves behind on its way.
        long[] rest = new long[1];
        for (int step = 0; step < ROUNDS; step++) {
            int round = encrypt ? step : ROUNDS - 1 - step;
            fill(worker, read, readHigh, count, plan, round);
            worker.encrypt(count);
            Modulus modHigh = (round & 1) == 0 ? plan.modHighU : plan.modHighV;
            combine(worker, changed, changedHigh, count, plan, modHigh, encrypt, rest);
            long[] swap = changed;
            changed = read;
            read = swap;
            swap = changedHigh;
            changedHigh = readHigh;
            readHigh = swap;
        }
        rest[0] = 0;
    }

    /** The last block of Q (step 6.i): what the state has of it, the round number, and NUM(B). */
    private static void fill(Aes.Worker worker, long[] read, long[] readHigh, int count, Ff1Plan plan, int round) {
        byte[] in = worker.in;
        long[] high = worker.high;
        long[] low = worker.low;
        long base = plan.modLow.value;
        long roundHigh = plan.roundHigh(round);
        long roundLow = plan.roundLow(round);
        for (int k = 0; k < count; k++) {
            long lower = readHigh[k] * base + read[k];
            long upper = Math.multiplyHigh(readHigh[k], base) - Modulus.less(lower, read[k]);
            Aes.word(in, k * Aes.BLOCK, high[k] ^ roundHigh ^ upper);
            Aes.word(in, k * Aes.BLOCK + 8, low[k] ^ roundLow ^ lower);
        }
    }

    /** Steps 6.iii to 6.vi: the sum with, or the difference of, what the round function makes. */
    private static void combine(
            Aes.Worker worker,
            long[] changed,
            long[] changedHigh,
            int count,
            Ff1Plan plan,
            Modulus modHigh,
            boolean encrypt,
            long[] rest) {
        byte[] out = worker.out;
        Modulus modLow = plan.modLow;
        boolean isTwelve = plan.d == 12;
        for (int k = 0; k < count; k++) {
            long word0 = Aes.word(out, k * Aes.BLOCK);
            long word1 = Aes.word(out, k * Aes.BLOCK + 8);
            long upper = isTwelve
                    ? modLow.divide(word0 >>> 32, word0 << 32 | word1 >>> 32, rest, modHigh)
                    : modLow.divide(word0, word1, rest, modHigh);
            if (encrypt) {
                long sum = changed[k] + rest[0];
                long reduced = modLow.lessOnce(sum);
                long carry = sum == reduced ? 0 : 1;
                changed[k] = reduced;
                changedHigh[k] = modHigh.lessOnce(changedHigh[k] + upper + carry);
            } else {
                long difference = changed[k] - rest[0];
                changed[k] = difference + (difference >> 63 & modLow.value);
                // The borrow is -1.
                changedHigh[k] = modHigh.subtract(changedHigh[k] + (difference >> 63), upper);
            }
        }
    }
}
