// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Reads tokens that other systems made by FF3-1 (NIST SP 800-38G Revision 1, first draft of 2019), so that they can be
 * made anew by FF1. It cannot make any.
 *
 * <pre>{@code
 * LegacyFf31 old = LegacyFf31.allowDecryption(oldKey, oldTweak, Alphabet.DIGITS);
 * Retokenizer job = Retokenizer.builder(cards, policy, log)
 *         .from((token, context) -> old.decrypt(token.text()), TokenDomain.of("legacy-card"), Set.of("ff3-1"))
 *         .build();
 * }</pre>
 *
 * <p><b>Security properties.</b> FF3-1 has fewer rounds than FF1, attacks upon it are known, and NIST's draft of 2025
 * drops it. Nothing here detects forged tokens: every text of the alphabet decrypts to some value.
 *
 * <p>Immutable and thread-safe.
 */
@CheckReturnValue
public final class LegacyFf31 {
    private static final int TWEAK_BYTES = 7;
    private static final int ROUNDS = 8;
    private static final int BLOCK_BYTES = 16;
    private static final int HALF_BYTES = 12;
    private static final BigInteger SMALLEST_DOMAIN = BigInteger.valueOf(1_000_000);
    private static final BigInteger LARGEST_HALF = BigInteger.TWO.pow(8 * HALF_BYTES);

    private final Alphabet alphabet;
    private final BigInteger radix;
    private final int minLength;
    private final int maxLength;
    private final byte[] left;
    private final byte[] right;
    private final Aes aes;

    private LegacyFf31(Alphabet alphabet, byte[] tweak, SecretBytes key, SecurityPolicy policy) {
        this.alphabet = alphabet;
        radix = BigInteger.valueOf(alphabet.radix());
        minLength = shortest(radix);
        maxLength = 2 * longestHalf(radix);
        // FF3-1 algorithm 10, step 3: the fourth byte is shared among the halves.
        left = new byte[] {tweak[0], tweak[1], tweak[2], (byte) (tweak[3] & 0xf0)};
        right = new byte[] {tweak[4], tweak[5], tweak[6], (byte) (tweak[3] << 4)};
        aes = new Aes(key, policy.providers());
    }

    /**
     * A reader of existing tokens.
     *
     * @param key of 16, 24 or 32 bytes; it may be destroyed afterwards
     * @param tweak of exactly 7 bytes; tweaks of 8 bytes belong to FF3, which was broken and is not read
     */
    public static LegacyFf31 allowDecryption(SecretBytes key, byte[] tweak, Alphabet alphabet) {
        return allowDecryption(key, tweak, alphabet, SecurityPolicy.recommended2026());
    }

    /** As {@link #allowDecryption(SecretBytes, byte[], Alphabet)} does, with AES of a policy's providers. */
    public static LegacyFf31 allowDecryption(SecretBytes key, byte[] tweak, Alphabet alphabet, SecurityPolicy policy) {
        if (tweak.length != TWEAK_BYTES) {
            throw new IllegalArgumentException("the tweak of FF3-1 has 7 bytes");
        }
        byte[] bytes = reversed(key.dangerousToByteArray());
        try {
            return new LegacyFf31(alphabet, tweak, SecretBytes.copyOf(bytes), policy);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * The value of a token. Positions in messages count code points from 1.
     *
     * @throws InvalidMessageException if the token is too short or too long for FF3-1, or has a symbol outside the alphabet
     */
    public String decrypt(String token) {
        int[] symbols = symbols(token);
        int u = (symbols.length + 1) / 2;
        BigInteger a = number(symbols, 0, u);
        BigInteger b = number(symbols, u, symbols.length);
        BigInteger evenModulus = radix.pow(u);
        BigInteger oddModulus = radix.pow(symbols.length - u);
        Aes.Worker worker = aes.borrow();
        // FF3-1 algorithm 10, step 5, on numbers instead of their reversed numerals.
        for (int round = ROUNDS - 1; round >= 0; round--) {
            boolean even = round % 2 == 0;
            BigInteger c = b.subtract(pseudorandom(worker, even ? right : left, round, a))
                    .mod(even ? evenModulus : oddModulus);
            b = a;
            a = c;
        }
        aes.giveBack(worker);
        StringBuilder text = new StringBuilder(token.length());
        append(text, a, u);
        append(text, b, symbols.length - u);
        return text.toString();
    }

    @Override
    public String toString() {
        return "LegacyFf31[" + alphabet + ", allowDecryption]";
    }

    private int[] symbols(String token) {
        // A token of megabytes is refused before anything of its size is made.
        int[] points = token.codePoints().limit(maxLength + 1L).toArray();
        if (points.length < minLength || points.length > maxLength) {
            throw InvalidMessageException.malformed(
                    "FF3-1: over this alphabet a token has " + minLength + " to " + maxLength + " symbols");
        }
        for (int i = 0; i < points.length; i++) {
            points[i] = alphabet.indexOf(points[i]);
            if (points[i] < 0) {
                throw InvalidMessageException.malformed(
                        "FF3-1: the symbol at position " + (i + 1) + " is outside the alphabet");
            }
        }
        return points;
    }

    /** Steps 5 ii to iv: tweak half, round and number in one block, all in reversed order of bytes. */
    private static BigInteger pseudorandom(Aes.Worker worker, byte[] tweakHalf, int round, BigInteger half) {
        byte[] block = new byte[BLOCK_BYTES];
        byte[] number = half.toByteArray();
        for (int i = 0; i < number.length && i < HALF_BYTES; i++) {
            block[i] = number[number.length - 1 - i];
        }
        for (int i = 0; i < tweakHalf.length; i++) {
            block[BLOCK_BYTES - 1 - i] = tweakHalf[i];
        }
        block[HALF_BYTES] ^= (byte) round;
        worker.encrypt(Aes.word(block, 0), Aes.word(block, 8));
        return new BigInteger(1, reversed(Arrays.copyOf(worker.out, BLOCK_BYTES)));
    }

    /** The first symbol counts least. */
    private BigInteger number(int[] symbols, int from, int to) {
        BigInteger number = BigInteger.ZERO;
        for (int i = to - 1; i >= from; i--) {
            number = number.multiply(radix).add(BigInteger.valueOf(symbols[i]));
        }
        return number;
    }

    private void append(StringBuilder text, BigInteger number, int length) {
        BigInteger rest = number;
        for (int i = 0; i < length; i++) {
            BigInteger[] parts = rest.divideAndRemainder(radix);
            text.appendCodePoint(alphabet.symbol(parts[1].intValue()));
            rest = parts[0];
        }
    }

    private static int shortest(BigInteger radix) {
        int length = 2;
        while (radix.pow(length).compareTo(SMALLEST_DOMAIN) < 0) {
            length++;
        }
        return length;
    }

    private static int longestHalf(BigInteger radix) {
        int length = 1;
        while (radix.pow(length + 1).compareTo(LARGEST_HALF) <= 0) {
            length++;
        }
        return length;
    }

    /** The bytes from the last to the first, in place. */
    private static byte[] reversed(byte[] bytes) {
        for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
            byte swap = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = swap;
        }
        return bytes;
    }
}
