// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.fail;

import dev.signet.core.SecretBytes;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.fpe.FPEFF1Engine;
import org.bouncycastle.crypto.params.FPEParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

/** The engine against Bouncy Castle's, on random keys, tweaks, radices and lengths. */
class Ff1DifferentialTest {
    private static final int CASES = 100_000;

    /** Bouncy Castle takes the radix itself in two bytes, so 65536 is left to the textbook. */
    private static final int MAX_RADIX = 65_535;

    private static final int MAX_LENGTH = 60;

    /** Bouncy Castle takes no domains under a million. */
    @Test
    void crypt_randomCases_agreesWithBouncyCastle() {
        run(CASES, "Bouncy Castle", 1_000_000, Long.MAX_VALUE, Ff1DifferentialTest::bouncyCastle);
    }

    @Test
    void crypt_smallDomains_agreesWithTheTextbook() {
        run(CASES / 10, "the textbook", 100, 1_000_000, (encrypt, key, radix, tweak, symbols) -> {
            TextbookFf1 textbook = new TextbookFf1(key, radix);
            return encrypt ? textbook.encrypt(symbols, tweak) : textbook.decrypt(symbols, tweak);
        });
    }

    private interface Oracle {
        int[] crypt(boolean encrypt, byte[] key, int radix, byte[] tweak, int[] symbols);
    }

    private static void run(int cases, String name, long domain, long domainEnd, Oracle oracle) {
        long seed = System.nanoTime();
        System.out.printf("FF1 against %s: %d cases, seed %d%n", name, cases, seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < cases; ) {
            int radix = radix(random);
            int least = leastLength(radix, domain);
            int end = domainEnd == Long.MAX_VALUE ? MAX_LENGTH + 1 : leastLength(radix, domainEnd);
            if (least >= end) {
                continue;
            }
            int[] symbols = random.ints(random.nextInt(least, end), 0, radix).toArray();
            byte[] key = bytes(random, 16 + 8 * random.nextInt(3));
            byte[] tweak = bytes(random, random.nextInt(65));
            Ff1 ff1 = Ff1.of(SecretBytes.copyOf(key), radix);
            Ff1 able = domain < 1_000_000 ? ff1.allowSmallDomains() : ff1;
            int[] encrypted = oracle.crypt(true, key, radix, tweak, symbols);
            int[] decrypted = oracle.crypt(false, key, radix, tweak, symbols);
            if (!Arrays.equals(able.encrypt(symbols, tweak), encrypted)
                    || !Arrays.equals(able.decrypt(encrypted, tweak), symbols)
                    || !Arrays.equals(able.decrypt(symbols, tweak), decrypted)) {
                fail(
                        "case %d of seed %d: radix %d, %d symbols, tweak of %d bytes, key of %d",
                        i, seed, radix, symbols.length, tweak.length, key.length);
            }
            i++;
        }
    }

    /** Each order of magnitude as often as the next, and the edges of a byte often. */
    private static int radix(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> 10;
            case 1 -> 255 + random.nextInt(3);
            case 2 -> MAX_RADIX - random.nextInt(3);
            default -> 2 + random.nextInt(Math.min(1 << random.nextInt(17), MAX_RADIX - 1));
        };
    }

    /** The fewest symbols, but two, that make up a domain. */
    private static int leastLength(int radix, long domain) {
        int length = 1;
        for (long texts = radix; texts < domain; texts *= radix) {
            length++;
        }
        return Math.max(2, length);
    }

    private static int[] bouncyCastle(boolean encrypt, byte[] key, int radix, byte[] tweak, int[] symbols) {
        int width = radix <= 256 ? 1 : 2;
        byte[] in = new byte[symbols.length * width];
        for (int i = 0; i < symbols.length; i++) {
            if (width == 2) {
                in[2 * i] = (byte) (symbols[i] >>> 8);
            }
            in[width * i + width - 1] = (byte) symbols[i];
        }
        FPEFF1Engine engine = new FPEFF1Engine(AESEngine.newInstance());
        engine.init(encrypt, new FPEParameters(new KeyParameter(key), radix, tweak));
        byte[] out = new byte[in.length];
        engine.processBlock(in, 0, in.length, out, 0);
        int[] result = new int[symbols.length];
        for (int i = 0; i < result.length; i++) {
            int low = out[width * i + width - 1] & 0xff;
            result[i] = width == 2 ? (out[2 * i] & 0xff) << 8 | low : low;
        }
        return result;
    }

    private static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
