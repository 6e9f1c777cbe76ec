// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizationKeyTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final TokenizationKey KEY = TokenizationKey.of(SecretBytes.copyOf(SECRET));

    /** RFC 5869, A.1 and A.3: its secrets are shorter than ours may be, so they judge the textbook that judges us. */
    @ParameterizedTest
    @CsvSource({
        "000102030405060708090a0b0c, f0f1f2f3f4f5f6f7f8f9,"
                + "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        "'','',8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    })
    void textbook_examplesOfRfc5869_areMet(String salt, String info, String okm) throws Exception {
        byte[] secret = new byte[22];
        Arrays.fill(secret, (byte) 0x0b);
        assertThat(hkdf(hex(salt), secret, hex(info), 42)).isEqualTo(hex(okm));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 31, 32, 33, 42, 64, 65, 255, 256, 8159, 8160})
    void derive_anyLength_isHkdfWithoutSalt(int length) throws Exception {
        for (byte[] info : new byte[][] {{}, {0}, new byte[100], "use".getBytes(StandardCharsets.US_ASCII)}) {
            assertThat(KEY.derive(info, length).dangerousToByteArray())
                    .isEqualTo(hkdf(new byte[0], SECRET, info, length));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 8161, Integer.MAX_VALUE})
    void derive_lengthOutOfRange_isRefused(int length) {
        assertThatThrownBy(() -> KEY.derive(new byte[0], length))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8160");
    }

    @Test
    void derive_otherUseOrKey_isAnotherKey() {
        SecretBytes derived = KEY.derive(new byte[] {1}, 32);
        assertThat(derived)
                .isEqualTo(KEY.derive(new byte[] {1}, 32))
                .isNotEqualTo(KEY.derive(new byte[] {2}, 32))
                .isNotEqualTo(KEY.derive(new byte[] {1, 0}, 32))
                .isNotEqualTo(KEY.derive(new byte[0], 32))
                .isNotEqualTo(TokenizationKey.generate().derive(new byte[] {1}, 32))
                .isNotEqualTo(SecretBytes.copyOf(SECRET));
    }

    @Test
    void derive_keyUnderAnotherIdOrStatus_isTheSame() {
        assertThat(KEY.withId("x").withStatus(KeyStatus.VERIFY_ONLY).derive(new byte[] {1}, 32))
                .isEqualTo(KEY.derive(new byte[] {1}, 32));
    }

    @Test
    void derive_destroyedSecret_isRefused() {
        SecretBytes secret = SecretBytes.copyOf(SECRET);
        TokenizationKey key = TokenizationKey.of(secret);
        SecretBytes before = key.derive(new byte[0], 32);
        secret.destroy();
        assertThatThrownBy(() -> key.derive(new byte[0], 32)).isInstanceOf(IllegalStateException.class);
        assertThat(before.isDestroyed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 31, 33, 64})
    void of_secretOfAnotherLength_isRefused(int length) {
        assertThatThrownBy(() -> TokenizationKey.of(SecretBytes.random(length)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void requireUsable_disabledKey_isRefused() {
        assertRefused(KEY.withStatus(KeyStatus.DISABLED), Reason.KEY_DISABLED);
        assertRefused(KEY.withStatus(KeyStatus.DISABLED).withValidity(null, NOW), Reason.KEY_DISABLED);
    }

    @Test
    void requireUsable_outsideItsValidity_isRefused() {
        assertRefused(KEY.withValidity(NOW.plusNanos(1), null), Reason.KEY_NOT_VALID_NOW);
        assertRefused(KEY.withValidity(null, NOW), Reason.KEY_NOT_VALID_NOW);
        assertRefused(KEY.withValidity(NOW.minusSeconds(1), NOW), Reason.KEY_NOT_VALID_NOW);
        assertRefused(
                KEY.withStatus(KeyStatus.VERIFY_ONLY).withValidity(null, NOW.minusSeconds(1)),
                Reason.KEY_NOT_VALID_NOW);
    }

    @Test
    void requireUsable_liveKey_passes() {
        KEY.requireUsable(NOW);
        KEY.withStatus(KeyStatus.VERIFY_ONLY).requireUsable(NOW);
        KEY.withValidity(NOW, NOW.plusNanos(1)).requireUsable(NOW);
    }

    private static void assertRefused(TokenizationKey key, Reason reason) {
        assertThatThrownBy(() -> key.requireUsable(NOW))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    /** RFC 5869, 2.2 and 2.3. */
    private static byte[] hkdf(byte[] salt, byte[] secret, byte[] info, int length) throws GeneralSecurityException {
        byte[] pseudorandomKey = hmac(salt.length == 0 ? new byte[32] : salt, secret);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        byte[] block = {};
        for (int counter = 1; output.size() < length; counter++) {
            ByteArrayOutputStream input = new ByteArrayOutputStream();
            input.writeBytes(block);
            input.writeBytes(info);
            input.write(counter);
            block = hmac(pseudorandomKey, input.toByteArray());
            output.writeBytes(block);
        }
        return Arrays.copyOf(output.toByteArray(), length);
    }

    private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
