// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.Providers;
import dev.signet.core.SecretBytes;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The rounds of FF1 (SP 800-38G, 6.2, Algorithms 7 and 8) under one key and radix. Halves stay numbers from beginning to
 * end; all of the CBC-MAC's input but its last block is the same in every round, and is computed before. Immutable and
 * thread-safe.
 */
final class Ff1Core {
    private static final int ROUNDS = 10;

    /** Plans of lengths below this are kept. */
    static final int KEPT_PLANS = 256;

    final int radix;
    final Aes aes;

    private final AtomicReferenceArray<Ff1Plan> plans = new AtomicReferenceArray<>(KEPT_PLANS);

    Ff1Core(SecretBytes key, int radix, Providers providers) {
        this.radix = radix;
        aes = new Aes(key, providers);
    }

    Ff1Plan plan(int length) {
        if (length >= KEPT_PLANS) {
            return new Ff1Plan(radix, length);
        }
        Ff1Plan plan = plans.get(length);
        if (plan == null) {
            // Two threads may both make one; they are equal.
            plan = new Ff1Plan(radix, length);
            plans.set(length, plan);
        }
        return plan;
    }

    // ---- the tweak -------------------------------------------------------------------------------------------------

    /** Puts P into the CBC state (step 6.ii), for a tweak of so many bytes. */
    static void start(Aes.Worker worker, Work work, Ff1Plan plan, int tweakBytes) {
        worker.encrypt(plan.pHigh(), plan.pLow(tweakBytes));
        work.stateHigh = Aes.word(worker.out, 0);
        work.stateLow = Aes.word(worker.out, 8);
    }

    /**
     * Puts the end of a tweak into the CBC state: whole blocks are encrypted, and what shares the last block with the round
     * number and NUM(B) is only combined with it (step 6.i). Before it the tweak may have had whole blocks.
     *
     * @param room how many bytes of the tweak may share the last block
     */
    static void absorb(Aes.Worker worker, Work work, byte[] tweak, int length, int room) {
        int from = 0;
        while (length - from > room) {
            int end = Math.min(from + Aes.BLOCK, length);
            combine(work, tweak, from, end);
            worker.encrypt(work.stateHigh, work.stateLow);
            work.stateHigh = Aes.word(worker.out, 0);
            work.stateLow = Aes.word(worker.out, 8);
            from = end;
        }
        combine(work, tweak, from, length);
    }

    static void combine(Work work, byte[] bytes, int from, int to) {
        long high = 0;
        long low = 0;
        for (int i = from; i < to; i++) {
            int place = i - from;
            if (place < 8) {
                high |= (bytes[i] & 0xffL) << 56 - 8 * place;
            } else {
                low |= (bytes[i] & 0xffL) << 120 - 8 * place;
            }
        }
        work.stateHigh ^= high;
        work.stateLow ^= low;
    }

    // ---- the rounds ------------------------------------------------------------------------------------------------

    /**
     * Runs the rounds over the halves of one value, after its tweak was absorbed.
     *
     * @param tweakRest bytes of the tweak that stand in its last, incomplete block; they matter for long halves only
     */
    static void rounds(Aes.Worker worker, Work work, Ff1Plan plan, int tweakRest, boolean encrypt) {
        if (plan.isLong) {
            longRounds(worker, work, plan, encrypt);
        } else {
            bigRounds(worker, work, plan, tweakRest, encrypt);
        }
    }

    private static void longRounds(Aes.Worker worker, Work work, Ff1Plan plan, boolean encrypt) {
        // Decrypting is encrypting with the halves exchanged, the rounds backwards, and differences for sums.
        long changed = encrypt ? work.a : work.b;
        long read = encrypt ? work.b : work.a;
        for (int step = 0; step < ROUNDS; step++) {
            int round = encrypt ? step : ROUNDS - 1 - step;
            worker.encrypt(work.stateHigh ^ plan.roundHigh(round), work.stateLow ^ plan.roundLow(round) ^ read);
            Modulus modulus = (round & 1) == 0 ? plan.modU : plan.modV;
            long y = output(worker, 0, plan, modulus);
            long next = encrypt ? modulus.add(changed, y) : modulus.subtract(changed, y);
            changed = read;
            read = next;
        }
        work.a = encrypt ? changed : read;
        work.b = encrypt ? read : changed;
    }

    /**
     * Runs the rounds over many pairs of long halves, with one call to the cipher for each round.
     *
     * @param count how many, at most {@link Aes.Worker#LANES}, from the first element of the worker's arrays
     */
    static void rounds(Aes.Worker worker, Ff1Plan plan, int count, boolean encrypt) {
        long[] changed = worker.first;
        long[] read = worker.second;
        int first = encrypt ? 0 : ROUNDS - 1;
        fill(worker, read, count, plan.roundHigh(first), plan.roundLow(first));
        for (int step = 0; step < ROUNDS; step++) {
            int round = encrypt ? step : ROUNDS - 1 - step;
            int next = encrypt ? round + 1 : Math.max(0, round - 1);
            worker.encrypt(count);
            Modulus modulus = (round & 1) == 0 ? plan.modU : plan.modV;
            // What a round makes, the next one reads: its blocks are filled on the way.
            if (!plan.isNarrow) {
                combine(worker, changed, count, modulus, plan, encrypt);
                fill(worker, changed, count, plan.roundHigh(next), plan.roundLow(next));
            } else if (encrypt) {
                add(worker, changed, count, modulus, plan.roundLow(next));
            } else {
                subtract(worker, changed, count, modulus, plan.roundLow(next));
            }
            long[] swap = changed;
            changed = read;
            read = swap;
        }
    }

    private static void fill(Aes.Worker worker, long[] read, int count, long roundHigh, long roundLow) {
        byte[] in = worker.in;
        long[] high = worker.high;
        long[] low = worker.low;
        for (int k = 0; k < count; k++) {
            Aes.word(in, k * Aes.BLOCK, high[k] ^ roundHigh);
            Aes.word(in, k * Aes.BLOCK + 8, low[k] ^ roundLow ^ read[k]);
        }
    }

    private static void add(Aes.Worker worker, long[] changed, int count, Modulus modulus, long nextLow) {
        byte[] in = worker.in;
        byte[] out = worker.out;
        long[] low = worker.low;
        for (int k = 0; k < count; k++) {
            long c = modulus.sum(changed[k], Aes.word(out, k * Aes.BLOCK));
            changed[k] = c;
            // In a narrow plan the round number and NUM(B) stand in the second word, and the first one stays as it is.
            Aes.word(in, k * Aes.BLOCK + 8, low[k] ^ nextLow ^ c);
        }
    }

    private static void subtract(Aes.Worker worker, long[] changed, int count, Modulus modulus, long nextLow) {
        byte[] in = worker.in;
        byte[] out = worker.out;
        long[] low = worker.low;
        for (int k = 0; k < count; k++) {
            long c = modulus.subtract(changed[k], modulus.remainder(Aes.word(out, k * Aes.BLOCK)));
            changed[k] = c;
            Aes.word(in, k * Aes.BLOCK + 8, low[k] ^ nextLow ^ c);
        }
    }

    private static void combine(
            Aes.Worker worker, long[] changed, int count, Modulus modulus, Ff1Plan plan, boolean encrypt) {
        for (int k = 0; k < count; k++) {
            long y = output(worker, k * Aes.BLOCK, plan, modulus);
            changed[k] = encrypt ? modulus.add(changed[k], y) : modulus.subtract(changed[k], y);
        }
    }

    /** The round function's output (steps 6.iii and iv), reduced. */
    private static long output(Aes.Worker worker, int offset, Ff1Plan plan, Modulus modulus) {
        long high = Aes.word(worker.out, offset);
        return plan.d == 8
                ? modulus.remainder(high)
                : modulus.remainder(high, (int) (Aes.word(worker.out, offset + 8) >>> 32));
    }

    // ---- halves of any size ----------------------------------------------------------------------------------------

    private static void bigRounds(Aes.Worker worker, Work work, Ff1Plan plan, int tweakRest, boolean encrypt) {
        // The last blocks of Q: what remains of the tweak (in the state already), zeros, the round, NUM(B).
        byte[] tail = new byte[(tweakRest + 1 + plan.b + Aes.BLOCK - 1) / Aes.BLOCK * Aes.BLOCK];
        byte[] s = new byte[(plan.d + Aes.BLOCK - 1) / Aes.BLOCK * Aes.BLOCK];
        BigInteger changed = Objects.requireNonNull(encrypt ? work.bigA : work.bigB);
        BigInteger read = Objects.requireNonNull(encrypt ? work.bigB : work.bigA);
        for (int step = 0; step < ROUNDS; step++) {
            int round = encrypt ? step : ROUNDS - 1 - step;
            number(read, tail, plan.b);
            tail[tail.length - plan.b - 1] = (byte) round;
            pseudoRandom(worker, work, tail, s);
            BigInteger y = new BigInteger(1, s, 0, plan.d);
            BigInteger modulus = (round & 1) == 0 ? plan.bigU : plan.bigV;
            BigInteger next = (encrypt ? changed.add(y) : changed.subtract(y)).mod(modulus);
            changed = read;
            read = next;
        }
        work.bigA = encrypt ? changed : read;
        work.bigB = encrypt ? read : changed;
        Arrays.fill(tail, (byte) 0);
        Arrays.fill(s, (byte) 0);
    }

    /** S of step 6.iii: the CBC-MAC, and as many further blocks as d asks for. */
    private static void pseudoRandom(Aes.Worker worker, Work work, byte[] tail, byte[] s) {
        long high = work.stateHigh;
        long low = work.stateLow;
        for (int i = 0; i < tail.length; i += Aes.BLOCK) {
            worker.encrypt(high ^ Aes.word(tail, i), low ^ Aes.word(tail, i + 8));
            high = Aes.word(worker.out, 0);
            low = Aes.word(worker.out, 8);
        }
        Aes.word(s, 0, high);
        Aes.word(s, 8, low);
        for (int j = 1; j * Aes.BLOCK < s.length; j++) {
            worker.encrypt(high, low ^ j);
            System.arraycopy(worker.out, 0, s, j * Aes.BLOCK, Aes.BLOCK);
        }
    }

    /** A number as the last bytes of an array. */
    private static void number(BigInteger number, byte[] target, int bytes) {
        byte[] signed = number.toByteArray();
        int length = Math.min(signed.length, bytes);
        Arrays.fill(target, target.length - bytes, target.length, (byte) 0);
        System.arraycopy(signed, signed.length - length, target, target.length - length, length);
    }
}
