// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.Providers;
import dev.signet.core.SecretBytes;
import dev.signet.core.internal.Ciphers;
import dev.signet.core.internal.base.ObjectPool;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.InvalidKeyException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES under one key, block by block. Its key schedule is set up once for each worker, and workers are lent from a pool.
 * Immutable and thread-safe; a worker is not.
 */
final class Aes {
    static final int BLOCK = 16;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final ObjectPool<Worker> pool;

    Aes(SecretBytes key, Providers providers) {
        int length = key.length();
        if (length != 16 && length != 24 && length != 32) {
            throw new IllegalArgumentException("an AES key has 16, 24 or 32 bytes, not " + length);
        }
        pool = new ObjectPool<>(() -> new Worker(cipher(key, providers)));
        // A key that no provider takes shows now.
        pool.giveBack(pool.borrow());
    }

    /** A worker for the caller's sole use. */
    Worker borrow() {
        return pool.borrow();
    }

    void giveBack(Worker worker) {
        pool.giveBack(worker);
    }

    private static Cipher cipher(SecretBytes key, Providers providers) {
        byte[] bytes = key.dangerousToByteArray();
        try {
            Cipher cipher = Ciphers.cipher(providers, "AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(bytes, "AES"));
            return cipher;
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("the provider does not take this key", e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    static long word(byte[] bytes, int offset) {
        return (long) LONGS.get(bytes, offset);
    }

    static void word(byte[] bytes, int offset, long value) {
        LONGS.set(bytes, offset, value);
    }

    /** One cipher with room for its input and output. */
    static final class Worker {
        /** Blocks to a call: enough to hide what a call costs, few enough for the nearest cache. */
        static final int LANES = 256;

        final byte[] in = new byte[LANES * BLOCK];
        final byte[] out = new byte[LANES * BLOCK];
        final long[] first = new long[LANES];
        final long[] second = new long[LANES];
        final long[] firstHigh = new long[LANES];
        final long[] secondHigh = new long[LANES];
        final long[] high = new long[LANES];
        final long[] low = new long[LANES];
        final Work[] lanes = new Work[LANES];

        /** The lanes whose tweak goes on. */
        final int[] waiting = new int[LANES];

        private final Cipher cipher;

        private Worker(Cipher cipher) {
            this.cipher = cipher;
        }

        /** The value in a lane, made when it is first asked for: most workers see one value at a time. */
        Work lane(int lane) {
            Work work = lanes[lane];
            if (work == null) {
                work = new Work();
                lanes[lane] = work;
            }
            return work;
        }

        /** Runs the rounds over the values of some lanes, which have one plan with long halves. */
        void runLanes(int from, int to, Ff1Plan plan, boolean encrypt) {
            // Decrypting changes the other half first.
            long[] as = encrypt ? first : second;
            long[] bs = encrypt ? second : first;
            for (int k = from; k < to; k++) {
                Work work = lanes[k];
                as[k - from] = work.a;
                bs[k - from] = work.b;
                high[k - from] = work.stateHigh;
                low[k - from] = work.stateLow;
            }
            Ff1Core.rounds(this, plan, to - from, encrypt);
            for (int k = from; k < to; k++) {
                Work work = lanes[k];
                work.a = as[k - from];
                work.b = bs[k - from];
                as[k - from] = 0;
                bs[k - from] = 0;
            }
        }

        /** The same for a plan with wide halves. */
        void runWideLanes(int from, int to, Ff1Plan plan, boolean encrypt) {
            long[] as = encrypt ? first : second;
            long[] bs = encrypt ? second : first;
            long[] highAs = encrypt ? firstHigh : secondHigh;
            long[] highBs = encrypt ? secondHigh : firstHigh;
            for (int k = from; k < to; k++) {
                Work work = lanes[k];
                as[k - from] = work.a;
                bs[k - from] = work.b;
                highAs[k - from] = work.highA;
                highBs[k - from] = work.highB;
                high[k - from] = work.stateHigh;
                low[k - from] = work.stateLow;
            }
            WideRounds.run(this, plan, to - from, encrypt);
            for (int k = from; k < to; k++) {
                Work work = lanes[k];
                work.a = as[k - from];
                work.b = bs[k - from];
                work.highA = highAs[k - from];
                work.highB = highBs[k - from];
                as[k - from] = 0;
                bs[k - from] = 0;
                highAs[k - from] = 0;
                highBs[k - from] = 0;
            }
        }

        /** Encrypts the first blocks of {@link #in} to {@link #out}. */
        void encrypt(int blocks) {
            try {
                cipher.update(in, 0, blocks * BLOCK, out, 0);
            } catch (ShortBufferException e) {
                throw new AssertionError("the output is as long as the input", e);
            }
        }

        /** Encrypts one block of two words; the result is read from {@link #out}. */
        void encrypt(long high, long low) {
            word(in, 0, high);
            word(in, 8, low);
            encrypt(1);
        }
    }
}
