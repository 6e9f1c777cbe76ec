// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.fpe.FPEFF1Engine;
import org.bouncycastle.crypto.params.FPEParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ff1Test {
    private static final String K128 = "2B7E151628AED2A6ABF7158809CF4F3C";
    private static final String K192 = K128 + "EF4359D8D580AA4F";
    private static final String K256 = K192 + "7F036D6F04FC6A94";
    private static final byte[] NO_TWEAK = {};
    private static final byte[] TWEAK = "a tweak".getBytes(StandardCharsets.US_ASCII);

    /** NIST's samples of SP 800-38G, FF1. */
    @ParameterizedTest
    @CsvSource({
        K128 + ",10,'',0123456789,2433477484",
        K128 + ",10,39383736353433323130,0123456789,6124200773",
        K128 + ",36,3737373770717273373737,0123456789abcdefghi,a9tv40mll9kdu509eum",
        K192 + ",10,'',0123456789,2830668132",
        K192 + ",10,39383736353433323130,0123456789,2496655549",
        K192 + ",36,3737373770717273373737,0123456789abcdefghi,xbj3kv35jrawxv32ysr",
        K256 + ",10,'',0123456789,6657667009",
        K256 + ",10,39383736353433323130,0123456789,1001623463",
        K256 + ",36,3737373770717273373737,0123456789abcdefghi,xs8a0azh2avyalyzuwd",
    })
    void encrypt_samplesOfNist_areMet(String key, int radix, String tweak, String plaintext, String ciphertext) {
        byte[] keyBytes = HexFormat.of().parseHex(key);
        byte[] tweakBytes = HexFormat.of().parseHex(tweak);
        Alphabet alphabet = radix == 10 ? Alphabet.DIGITS : Alphabet.LOWER_CASE_ALPHANUMERIC;
        Ff1 texts = Ff1.of(SecretBytes.copyOf(keyBytes), alphabet);
        assertThat(texts.encrypt(plaintext, tweakBytes)).isEqualTo(ciphertext);
        assertThat(texts.decrypt(ciphertext, tweakBytes)).isEqualTo(plaintext);

        Ff1 numbers = Ff1.of(SecretBytes.copyOf(keyBytes), radix);
        assertThat(numbers.encrypt(indices(plaintext), tweakBytes)).isEqualTo(indices(ciphertext));
        assertThat(numbers.decrypt(indices(ciphertext), tweakBytes)).isEqualTo(indices(plaintext));
        assertThat(bouncyCastle(keyBytes, radix, tweakBytes, indices(plaintext)))
                .isEqualTo(indices(ciphertext));
        assertThat(new TextbookFf1(keyBytes, radix).encrypt(indices(plaintext), tweakBytes))
                .isEqualTo(indices(ciphertext));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 15, 17, 20, 23, 25, 31, 33, 64})
    void of_keyOfAnotherLength_isRefused(int length) {
        assertThatThrownBy(() -> Ff1.of(SecretBytes.random(length), 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ff1.of(SecretBytes.random(length), Alphabet.DIGITS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, 65_537, Integer.MAX_VALUE})
    void of_radixOutOfRange_isRefused(int radix) {
        assertThatThrownBy(() -> Ff1.of(SecretBytes.random(16), radix)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void of_destroyedKey_isRefused() {
        SecretBytes key = SecretBytes.random(32);
        key.destroy();
        assertThatThrownBy(() -> Ff1.of(key, 10)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Ff1.of(key, Alphabet.DIGITS)).isInstanceOf(IllegalStateException.class);
    }

    /** One below, and at, a million; and so below and at a hundred where that is asked for. */
    @ParameterizedTest
    @CsvSource({
        "2, 19, 6",
        "3, 12, 4",
        "10, 5, 1",
        "26, 4, 1",
        "99, 3, 1",
        "100, 2, 0",
        "255, 2, 0",
        "999, 2, 0",
        "1000, 1, 0",
        "65536, 1, 0"
    })
    void crypt_domainUnderTheBound_isRefused(int radix, int underMillion, int underHundred) {
        SecretBytes key = SecretBytes.random(32);
        Ff1 ff1 = Ff1.of(key, radix);
        Ff1 small = ff1.allowSmallDomains();
        int[] shortest = new int[underMillion + 1];
        assertThat(ff1.decrypt(ff1.encrypt(shortest, TWEAK), TWEAK)).isEqualTo(shortest);
        assertMalformed(() -> ff1.encrypt(new int[underMillion], TWEAK));
        assertMalformed(() -> ff1.decrypt(new int[underMillion], TWEAK));
        int[] smallest = new int[Math.max(2, underHundred + 1)];
        assertThat(small.decrypt(small.encrypt(smallest, TWEAK), TWEAK)).isEqualTo(smallest);
        assertMalformed(() -> small.encrypt(new int[underHundred], TWEAK));
        assertMalformed(() -> small.decrypt(new int[underHundred], TWEAK));
        // FF1 splits its input in two, so one symbol never suffices, however many there are.
        assertMalformed(() -> small.encrypt(new int[1], TWEAK));
        assertMalformed(() -> small.decrypt(new int[0], TWEAK));
    }

    @Test
    void allowSmallDomains_leavesTheOriginalStrict() {
        Ff1 strict = Ff1.of(SecretBytes.random(16), Alphabet.DIGITS);
        Ff1 small = strict.allowSmallDomains();
        assertThat(small.encrypt("12345", TWEAK)).hasSize(5);
        assertMalformed(() -> strict.encrypt("12345", TWEAK));
        assertThat(small.encrypt("123456", TWEAK)).isEqualTo(strict.encrypt("123456", TWEAK));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12345678x",
                "x12345678",
                "1234x5678",
                "1234 5678",
                "1234\u06615678",
                "1234\ud83d\ude005678",
                "1234\ud83d5678",
                "12345678\0",
                "1234567\u0666",
                "-12345678"
            })
    void encrypt_symbolOutsideTheAlphabet_isRefusedByPosition(String text) {
        Ff1 ff1 = Ff1.of(SecretBytes.random(16), Alphabet.DIGITS);
        assertThatThrownBy(() -> ff1.encrypt(text, TWEAK))
                .isExactlyInstanceOf(InvalidMessageException.class)
                .hasMessageMatching(".*\\d.*")
                .hasMessageNotContaining(text);
        assertMalformed(() -> ff1.decrypt(text, TWEAK));
        assertMalformed(() -> ff1.allowSmallDomains().decrypt(text, TWEAK));
    }

    @Test
    void encrypt_symbolOutsideTheAlphabet_isNotInTheMessage() {
        Ff1 ff1 = Ff1.of(SecretBytes.random(16), Alphabet.DIGITS);
        String[] messages = new String[2];
        String[] texts = {"1234x5678", "8765y4321"};
        for (int i = 0; i < 2; i++) {
            try {
                messages[i] = ff1.encrypt(texts[i], TWEAK);
            } catch (InvalidMessageException e) {
                messages[i] = e.getMessage();
            }
        }
        assertThat(messages[0]).isEqualTo(messages[1]);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 10, 11, 65_536, Integer.MAX_VALUE})
    void encrypt_numberOutsideTheRadix_isRefusedInEveryPosition(int number) {
        Ff1 ff1 = Ff1.of(SecretBytes.random(16), 10);
        for (int length : new int[] {6, 16, 19, 36, 37, 60}) {
            for (int i = 0; i < length; i++) {
                int[] symbols = new int[length];
                symbols[i] = number;
                assertMalformed(() -> ff1.encrypt(symbols, TWEAK));
                assertMalformed(() -> ff1.decrypt(symbols, TWEAK));
            }
        }
    }

    @Test
    void encrypt_textWithoutAlphabet_isRefused() {
        Ff1 numbers = Ff1.of(SecretBytes.random(16), 10);
        assertThatThrownBy(() -> numbers.encrypt("0123456789", TWEAK)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> numbers.decrypt("0123456789", TWEAK)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 255, 256, 65_535, 65_536})
    void crypt_edgeRadices_agreeWithTheTextbook(int radix) {
        SplittableRandom random = new SplittableRandom(radix);
        for (int keyLength : new int[] {16, 24, 32}) {
            byte[] key = bytes(random, keyLength);
            Ff1 ff1 = Ff1.of(SecretBytes.copyOf(key), radix).allowSmallDomains();
            TextbookFf1 textbook = new TextbookFf1(key, radix);
            int least = (int) Math.max(2, Math.ceil(Math.log(100) / Math.log(radix)));
            for (int length = least; length < 130; length++) {
                byte[] tweak = bytes(random, random.nextInt(40));
                for (int[] symbols : List.of(
                        random.ints(length, 0, radix).toArray(),
                        new int[length],
                        IntStream.generate(() -> radix - 1).limit(length).toArray())) {
                    int[] expected = textbook.encrypt(symbols, tweak);
                    assertThat(ff1.encrypt(symbols, tweak))
                            .as("length %d", length)
                            .isEqualTo(expected);
                    assertThat(ff1.decrypt(expected, tweak))
                            .as("length %d", length)
                            .isEqualTo(symbols);
                    assertThat(textbook.decrypt(expected, tweak)).isEqualTo(symbols);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 511, 1000, 4001})
    void crypt_longInputs_agreeWithTheTextbook(int length) {
        SplittableRandom random = new SplittableRandom(length);
        byte[] key = bytes(random, 32);
        for (int radix : new int[] {2, 10, 62, 65_536}) {
            int[] symbols = random.ints(length, 0, radix).toArray();
            Ff1 ff1 = Ff1.of(SecretBytes.copyOf(key), radix);
            int[] expected = new TextbookFf1(key, radix).encrypt(symbols, TWEAK);
            assertThat(ff1.encrypt(symbols, TWEAK)).isEqualTo(expected);
            assertThat(ff1.decrypt(expected, TWEAK)).isEqualTo(symbols);
        }
    }

    @Test
    void crypt_tweaksOfAnyLength_agreeWithTheTextbook() {
        SplittableRandom random = new SplittableRandom(7);
        byte[] key = bytes(random, 32);
        Ff1 ff1 = Ff1.of(SecretBytes.copyOf(key), 10);
        TextbookFf1 textbook = new TextbookFf1(key, 10);
        // The one without a tweak comes again last: nothing of another tweak stays behind.
        int[] lengths = IntStream.concat(IntStream.rangeClosed(0, 100), IntStream.of(255, 256, 4096, 70_000, 0))
                .toArray();
        for (int length : lengths) {
            byte[] tweak = bytes(random, length);
            byte[] given = tweak.clone();
            for (int size : new int[] {6, 16, 40}) {
                int[] symbols = random.ints(size, 0, 10).toArray();
                assertThat(ff1.encrypt(symbols, given)).isEqualTo(textbook.encrypt(symbols, tweak));
            }
            assertThat(given).as("the caller's tweak").isEqualTo(tweak);
        }
    }

    @Test
    void crypt_tweakChangedInPlace_isReadAnew() {
        byte[] key = new byte[16];
        Ff1 ff1 = Ff1.of(SecretBytes.copyOf(key), 10);
        byte[] tweak = {1, 2, 3};
        int[] symbols = {1, 2, 3, 4, 5, 6, 7, 8};
        int[] first = ff1.encrypt(symbols, tweak);
        tweak[0] = 9;
        assertThat(ff1.encrypt(symbols, tweak))
                .isNotEqualTo(first)
                .isEqualTo(new TextbookFf1(key, 10).encrypt(symbols, tweak));
    }

    @Test
    void encrypt_alphabetBeyondTheBasicPlane_countsCodePoints() {
        Alphabet faces =
                Alphabet.of("\ud83d\ude00\ud83d\ude01\ud83d\ude02\ud83d\ude03a\u00e9z\u4e00\ud83d\ude05\ud83d\ude06");
        byte[] key = new byte[16];
        Ff1 ff1 = Ff1.of(SecretBytes.copyOf(key), faces);
        int[] symbols = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        String text = text(faces, symbols);
        String expected = text(faces, new TextbookFf1(key, 10).encrypt(symbols, TWEAK));
        assertThat(ff1.encrypt(text, TWEAK)).isEqualTo(expected);
        assertThat(ff1.decrypt(expected, TWEAK)).isEqualTo(text);
        // Five code points, though ten chars.
        assertMalformed(() -> ff1.encrypt(text(faces, new int[] {0, 1, 2, 3, 8}), TWEAK));
        assertMalformed(() -> ff1.encrypt(text.substring(1), TWEAK));
    }

    @Test
    void encrypt_keyWipedByTheCaller_isStillTheSame() {
        byte[] key = HexFormat.of().parseHex(K256);
        Ff1 ff1 = Ff1.of(SecretBytes.copyOf(key), Alphabet.DIGITS);
        Arrays.fill(key, (byte) 0);
        assertThat(ff1.encrypt("0123456789", NO_TWEAK)).isEqualTo("6657667009");
    }

    @Test
    void toString_showsNoKey() {
        Ff1 ff1 = Ff1.of(SecretBytes.copyOf("Zq7#vLp0^Xw9!Rt4".getBytes(StandardCharsets.US_ASCII)), Alphabet.DIGITS);
        assertThat(ff1.toString()).doesNotContain("Zq7", "5a7137", "5A7137", "90, 113");
    }

    @Test
    void crypt_eightThreadsAtOnce_agreeWithTheTextbook() throws Exception {
        byte[] key = HexFormat.of().parseHex(K256);
        Ff1 shared = Ff1.of(SecretBytes.copyOf(key), 10);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> checks = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int seed = thread;
                checks.add(threads.submit(() -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    TextbookFf1 textbook = new TextbookFf1(key, 10);
                    int wrong = 0;
                    for (int i = 0; i < 2000; i++) {
                        byte[] tweak = bytes(random, random.nextInt(30));
                        int[] symbols =
                                random.ints(6 + random.nextInt(50), 0, 10).toArray();
                        int[] encrypted = shared.encrypt(symbols, tweak);
                        wrong += Arrays.equals(encrypted, textbook.encrypt(symbols, tweak)) ? 0 : 1;
                        wrong += Arrays.equals(shared.decrypt(encrypted, tweak), symbols) ? 0 : 1;
                    }
                    return wrong;
                }));
            }
            for (Future<Integer> check : checks) {
                assertThat(check.get()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertMalformed(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isExactlyInstanceOf(InvalidMessageException.class);
    }

    private static int[] bouncyCastle(byte[] key, int radix, byte[] tweak, int[] symbols) {
        byte[] in = new byte[symbols.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = (byte) symbols[i];
        }
        FPEFF1Engine engine = new FPEFF1Engine(AESEngine.newInstance());
        engine.init(true, new FPEParameters(new KeyParameter(key), radix, tweak));
        byte[] out = new byte[in.length];
        engine.processBlock(in, 0, in.length, out, 0);
        int[] result = new int[out.length];
        Arrays.setAll(result, i -> out[i]);
        return result;
    }

    private static int[] indices(String text) {
        return text.codePoints().map(Alphabet.LOWER_CASE_ALPHANUMERIC::indexOf).toArray();
    }

    private static String text(Alphabet alphabet, int[] symbols) {
        StringBuilder text = new StringBuilder();
        for (int symbol : symbols) {
            text.appendCodePoint(alphabet.symbol(symbol));
        }
        return text.toString();
    }

    private static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
