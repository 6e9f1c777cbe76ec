// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import java.math.BigInteger;

/** What FF1 needs to know of a radix and a length, computed once (SP 800-38G, 6.2, Algorithm 7, steps 1 to 5). */
final class Ff1Plan {
    /** Halves below this take part in {@code long} arithmetic. */
    private static final int LONG_BITS = 62;

    /** A number of 128 bits by one of more bits than these has a quotient of at most 96. */
    private static final int LEAST_LOW_BITS = 32;

    final int radix;
    final int length;
    final int u;
    final int v;

    /** Bytes of NUM(B). */
    final int b;

    /** Bytes of the round function's output. */
    final int d;

    final BigInteger bigU;
    final BigInteger bigV;

    /** Whether both halves are numbers below 2^62, and with it the two moduli below are there. */
    final boolean isLong;

    final Modulus modU;
    final Modulus modV;

    /** Whether one word holds what a round makes, and another one the round number and NUM(B). */
    final boolean isNarrow;

    /**
     * Whether the halves are longer and yet fit into two words of digits each, so that one block holds the round number and
     * NUM(B), and another one what a round makes.
     */
    final boolean isWide;

    /** How many digits the lower of two words has, and the powers of the radix that are the moduli of both. */
    final int lowDigits;

    final Modulus modLow;
    final Modulus modHighU;
    final Modulus modHighV;

    Ff1Plan(int radix, int length) {
        this.radix = radix;
        this.length = length;
        // Step 1
        u = length / 2;
        v = length - u;
        BigInteger base = BigInteger.valueOf(radix);
        bigU = base.pow(u);
        bigV = bigU.multiply(u == v ? BigInteger.ONE : base);
        // Step 3: as many bytes as the greatest NUM(B) has, in integers, since logarithms round.
        b = (bigV.subtract(BigInteger.ONE).bitLength() + 7) / 8;
        // Step 4
        d = 4 * ((b + 3) / 4) + 4;
        isLong = bigV.bitLength() <= LONG_BITS;
        isNarrow = isLong && d == 8 && bigU.longValue() >= Modulus.LEAST_OF_SUM;
        modU = new Modulus(isLong ? bigU.longValue() : Long.MAX_VALUE >> 1);
        modV = new Modulus(isLong ? bigV.longValue() : Long.MAX_VALUE >> 1);
        int low = 1;
        while (base.pow(low).bitLength() <= LEAST_LOW_BITS) {
            low++;
        }
        lowDigits = low;
        isWide = !isLong && d <= Aes.BLOCK && low + 1 < u && base.pow(v - low).bitLength() <= LONG_BITS;
        modLow = new Modulus(base.pow(low).longValue());
        modHighU = new Modulus(isWide ? base.pow(u - low).longValue() : Long.MAX_VALUE >> 1);
        modHighV = new Modulus(isWide ? base.pow(v - low).longValue() : Long.MAX_VALUE >> 1);
    }

    /** How many bytes of the tweak may share the last block with the round number and NUM(B). */
    int room() {
        return Math.max(Aes.BLOCK - 1 - b, 0);
    }

    /** The first word of P (step 5). */
    long pHigh() {
        return 0x010201L << 40 | (long) radix << 16 | 0x0aL << 8 | u & 0xff;
    }

    /** The second word of P, for a tweak of so many bytes. */
    long pLow(int tweakBytes) {
        return (long) length << 32 | tweakBytes;
    }

    /** The first word of a round number at its place in the last block, in front of b bytes. */
    long roundHigh(int round) {
        return b < 8 ? 0 : (long) round << 8 * (b - 8);
    }

    /** The second word. */
    long roundLow(int round) {
        return b < 8 ? (long) round << 8 * b : 0;
    }
}
