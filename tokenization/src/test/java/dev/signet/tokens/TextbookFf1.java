// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** FF1 as NIST SP 800-38G writes it (algorithms 7 and 8), step by step and slowly: what the fast engine is held against. */
final class TextbookFf1 {
    private final Cipher aes;
    private final BigInteger radix;

    TextbookFf1(byte[] key, int radix) {
        try {
            aes = Cipher.getInstance("AES/ECB/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        this.radix = BigInteger.valueOf(radix);
    }

    int[] encrypt(int[] x, byte[] tweak) {
        // Steps 1 and 2.
        int n = x.length;
        int u = n / 2;
        int v = n - u;
        BigInteger a = num(x, 0, u);
        BigInteger b = num(x, u, n);
        for (int i = 0; i <= 9; i++) {
            BigInteger c = a.add(y(i, b, n, tweak)).mod(radix.pow(i % 2 == 0 ? u : v));
            a = b;
            b = c;
        }
        return str(a, u, b, v);
    }

    int[] decrypt(int[] x, byte[] tweak) {
        int n = x.length;
        int u = n / 2;
        int v = n - u;
        BigInteger a = num(x, 0, u);
        BigInteger b = num(x, u, n);
        for (int i = 9; i >= 0; i--) {
            BigInteger c = b.subtract(y(i, a, n, tweak)).mod(radix.pow(i % 2 == 0 ? u : v));
            b = a;
            a = c;
        }
        return str(a, u, b, v);
    }

    private BigInteger y(int i, BigInteger half, int n, byte[] tweak) {
        int u = n / 2;
        int v = n - u;
        // Steps 3 and 4.
        int b = (radix.pow(v).subtract(BigInteger.ONE).bitLength() + 7) / 8;
        int d = 4 * ((b + 3) / 4) + 4;
        // Step 5.
        int zeros = Math.floorMod(-tweak.length - b - 1, 16);
        ByteBuffer pq = ByteBuffer.allocate(16 + tweak.length + zeros + 1 + b);
        pq.put(new byte[] {1, 2, 1}).put(padded(radix, 3)).put((byte) 10).put((byte) u);
        pq.putInt(n).putInt(tweak.length);
        // Step 6 i.
        pq.put(tweak).put(new byte[zeros]).put((byte) i).put(padded(half, b));
        // Step 6 ii: PRF is the last block of CBC-MAC (algorithm 6).
        byte[] r = new byte[16];
        for (int at = 0; at < pq.capacity(); at += 16) {
            for (int j = 0; j < 16; j++) {
                r[j] ^= pq.get(at + j);
            }
            r = cipher(r);
        }
        // Step 6 iii.
        ByteBuffer s = ByteBuffer.allocate((d + 15) / 16 * 16);
        s.put(r);
        for (int j = 1; s.hasRemaining(); j++) {
            byte[] block = r.clone();
            byte[] counter = padded(BigInteger.valueOf(j), 16);
            for (int k = 0; k < 16; k++) {
                block[k] ^= counter[k];
            }
            s.put(cipher(block));
        }
        return new BigInteger(1, Arrays.copyOf(s.array(), d));
    }

    private BigInteger num(int[] x, int from, int to) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = from; i < to; i++) {
            sum = sum.multiply(radix).add(BigInteger.valueOf(x[i]));
        }
        return sum;
    }

    private int[] str(BigInteger a, int u, BigInteger b, int v) {
        int[] x = new int[u + v];
        write(a, x, 0, u);
        write(b, x, u, u + v);
        return x;
    }

    private void write(BigInteger number, int[] x, int from, int to) {
        BigInteger rest = number;
        for (int i = to - 1; i >= from; i--) {
            BigInteger[] parts = rest.divideAndRemainder(radix);
            x[i] = parts[1].intValue();
            rest = parts[0];
        }
    }

    private byte[] cipher(byte[] block) {
        try {
            return aes.doFinal(block);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] padded(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[length];
        int used = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - used, padded, length - used, used);
        return padded;
    }
}
