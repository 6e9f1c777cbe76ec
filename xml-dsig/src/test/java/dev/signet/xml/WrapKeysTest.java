// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Providers;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrapKeysTest {
    private static final HexFormat HEX = HexFormat.of();

    /** RFC 3394, 4. */
    @ParameterizedTest
    @CsvSource({
        "16,00112233445566778899AABBCCDDEEFF,1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5",
        "24,00112233445566778899AABBCCDDEEFF,96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D",
        "32,00112233445566778899AABBCCDDEEFF,64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7",
        "24,00112233445566778899AABBCCDDEEFF0001020304050607,"
                + "031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2",
        "32,00112233445566778899AABBCCDDEEFF0001020304050607,"
                + "A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1",
        "32,00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F,"
                + "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"
    })
    void wrap_examplesOfTheStandard_areTheSame(int kekBytes, String cek, String wrapped) throws Exception {
        byte[] bytes = HEX.parseHex("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
        SecretKey kek = new SecretKeySpec(bytes, 0, kekBytes, "AES");
        SecretKey key = new SecretKeySpec(HEX.parseHex(cek), "AES");
        assertThat(WrapKeys.wrap(key, kek, Providers.automatic())).isEqualTo(HEX.parseHex(wrapped));
        assertThat(WrapKeys.unwrap(HEX.parseHex(wrapped), kek, Providers.automatic()))
                .isEqualTo(key);
    }

    @Test
    void unwrap_anyBitChanged_isNothing() throws Exception {
        SecretKey kek = EncryptionKeys.random(32, new SecureRandom());
        for (int cekBytes : new int[] {16, 24, 32}) {
            SecretKey cek = EncryptionKeys.random(cekBytes, new SecureRandom());
            Cipher jca = Cipher.getInstance("AESWrap");
            jca.init(Cipher.WRAP_MODE, kek);
            byte[] wrapped = jca.wrap(cek);
            assertThat(Objects.requireNonNull(WrapKeys.unwrap(wrapped, kek, Providers.automatic()))
                            .getEncoded())
                    .isEqualTo(cek.getEncoded());
            for (int bit = 0; bit < wrapped.length * 8; bit++) {
                byte[] changed = wrapped.clone();
                changed[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(WrapKeys.unwrap(changed, kek, Providers.automatic())).isNull();
            }
        }
    }
}
