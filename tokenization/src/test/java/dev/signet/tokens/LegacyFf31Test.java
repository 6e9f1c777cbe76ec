// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.privacylogistics.FF3Cipher;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecretBytes;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LegacyFf31Test {
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final byte[] TWEAK = new byte[7];

    /** Samples of NIST's ACVP server. */
    @ParameterizedTest
    @CsvSource({
        "2DE79D232DF5585D68CE47882AE256D6,CBD09280979564,0123456789,3992520240,8901801106",
        "01C63017111438F7FC8E24EB16C71AB5,C4E822DCD09F27,0123456789,"
                + "60761757463116869318437658042297305934914824457484538562,"
                + "35637144092473838892796702739628394376915177448290847293",
        "718385E6542534604419E83CE387A437,B6F35084FA90E1,abcdefghijklmnopqrstuvwxyz,wfmwlrorcd,ywowehycyd",
        "F62EDB777A671075D47563F3A1E9AC797AA706A2D8E02FC8,493B8451BF6716,0123456789,4406616808,1807744762",
        "1FAA03EFF55A06F8FAB3F1DC57127D493E2F8F5C365540467A3A055BDBE6481D,4D67130C030445,0123456789,"
                + "3679409436,1735794859",
        "9CE16E125BD422A011408EB083355E7089E70A4CD2F59E141D0B94A74BCC5967,4684635BD2C821,0123456789,"
                + "85783290820098255530464619643265070052870796363685134012,"
                + "75104723514036464144839960480545848044718729603261409917",
    })
    void decrypt_samplesOfNist_areMet(String key, String tweak, String alphabet, String plaintext, String ciphertext) {
        LegacyFf31 reader = reader(hex(key), hex(tweak), alphabet);
        assertThat(reader.decrypt(ciphertext)).isEqualTo(plaintext);
    }

    /** What mysto's engine encrypts, over every length that FF3-1 has. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 16, 26, 36, 62, 64, 93})
    void decrypt_whatAnotherEngineEncrypted_isTheValue(int radix) throws Exception {
        String alphabet = alphabet(radix);
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int least = (int) Math.max(2, Math.ceil(Math.log(1_000_000) / Math.log(radix) - 1e-9));
        int most = 2 * (int) Math.floor(96 / (Math.log(radix) / Math.log(2)) + 1e-9);
        for (int length = least; length <= most; length++) {
            for (int i = 0; i < 2000 / (most - least + 1) + 1; i++) {
                byte[] key = bytes(random, 16 + 8 * random.nextInt(3));
                byte[] tweak = bytes(random, 7);
                int end = i == 0 ? 1 : radix;
                String value = text(alphabet, random.ints(length, 0, end).toArray());
                String token = encrypt(key, tweak, alphabet, value);
                assertThat(reader(key, tweak, alphabet).decrypt(token))
                        .as("seed %d: radix %d, length %d", seed, radix, length)
                        .isEqualTo(value);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2,20,192", "3,13,120", "10,6,56", "26,5,40", "36,4,36", "62,4,32", "64,4,32", "65536,2,12"})
    void decrypt_lengthsOutsideTheRange_areRefused(int radix, int least, int most) {
        LegacyFf31 reader = reader(new byte[16], TWEAK, alphabet(radix));
        String first = Character.toString(alphabet(radix).codePointAt(0));
        for (int length : new int[] {least, most}) {
            assertThat(reader.decrypt(first.repeat(length))).hasSize(length).isNotEqualTo(first.repeat(length));
        }
        for (int length : new int[] {0, 1, least - 1, most + 1, most + 2, 100_000}) {
            assertThatThrownBy(() -> reader.decrypt(first.repeat(length)))
                    .isExactlyInstanceOf(InvalidMessageException.class)
                    .hasMessageContaining(least + " to " + most);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "x1234567,0",
        "1234x567,4",
        "1234567x,7",
        "123456 7,6",
        "1234\u0665678,4",
        "1234\ud83d\ude00678,4",
        "1234\ud83d678,4",
        "\ud83d1234567,0"
    })
    void decrypt_symbolOutsideTheAlphabet_isRefusedByPosition(String token, int position) {
        LegacyFf31 reader = reader(new byte[16], TWEAK, "0123456789");
        assertThatThrownBy(() -> reader.decrypt(token))
                .isExactlyInstanceOf(InvalidMessageException.class)
                .hasMessage("FF3-1: the symbol at position " + (position + 1) + " is outside the alphabet");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 17, 31, 33, 64})
    void allowDecryption_keyOfAnotherLength_isRefused(int length) {
        assertThatThrownBy(() -> LegacyFf31.allowDecryption(SecretBytes.random(length), TWEAK, Alphabet.DIGITS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6, 8, 16})
    void allowDecryption_tweakOfAnotherLength_isRefused(int length) {
        assertThatThrownBy(() -> LegacyFf31.allowDecryption(SecretBytes.random(16), new byte[length], Alphabet.DIGITS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void allowDecryption_destroyedKey_isRefused() {
        SecretBytes key = SecretBytes.random(16);
        key.destroy();
        assertThatThrownBy(() -> LegacyFf31.allowDecryption(key, TWEAK, Alphabet.DIGITS))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void decrypt_keyAndTweakWipedAfterwards_isStillTheSame() {
        SecretBytes key = SecretBytes.copyOf(hex("2DE79D232DF5585D68CE47882AE256D6"));
        byte[] tweak = hex("CBD09280979564");
        LegacyFf31 reader = LegacyFf31.allowDecryption(key, tweak, Alphabet.DIGITS);
        key.destroy();
        Arrays.fill(tweak, (byte) 0);
        assertThat(reader.decrypt("8901801106")).isEqualTo("3992520240");
    }

    @Test
    void decrypt_manyThreadsAtOnce_isTheSame() {
        LegacyFf31 reader = reader(hex("2DE79D232DF5585D68CE47882AE256D6"), hex("CBD09280979564"), "0123456789");
        assertThat(IntStream.range(0, 20_000).parallel().mapToObj(i -> reader.decrypt("8901801106")))
                .containsOnly("3992520240");
    }

    /** New tokens are made by FF1. */
    @Test
    void api_hasNoWayToEncrypt() {
        assertThat(LegacyFf31.class.getDeclaredMethods())
                .filteredOn(method -> Modifier.isPublic(method.getModifiers()))
                .extracting(Method::getName)
                .containsOnly("allowDecryption", "decrypt", "toString");
        assertThat(LegacyFf31.class.getConstructors()).isEmpty();
    }

    private static LegacyFf31 reader(byte[] key, byte[] tweak, String alphabet) {
        return LegacyFf31.allowDecryption(SecretBytes.copyOf(key), tweak, Alphabet.of(alphabet));
    }

    private static String encrypt(byte[] key, byte[] tweak, String alphabet, String value) throws Exception {
        return new FF3Cipher(HexFormat.of().formatHex(key), HexFormat.of().formatHex(tweak), alphabet).encrypt(value);
    }

    private static String alphabet(int radix) {
        if (radix > 93) {
            return text(IntStream.concat(IntStream.range(0, 0xd800), IntStream.range(0xe000, 0x20000))
                    .limit(radix));
        }
        String symbols = "0123456789" + UPPER + LOWER + "+/!#$%&()*,-.:;<=>?@[]^_{|}~'`\"";
        return symbols.substring(0, radix);
    }

    private static String text(IntStream points) {
        return points.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String text(String alphabet, int[] symbols) {
        return text(Arrays.stream(symbols).map(alphabet::charAt));
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
