// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base64UrlTest {
    @Test
    void decode_everyLength_isEncodesInverse() {
        for (int length = 0; length < 40; length++) {
            byte[] bytes = new byte[length];
            java.util.Arrays.fill(bytes, (byte) (length * 37));
            assertThat(Base64Url.decode(Base64Url.encode(bytes))).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AQ==",
                "AQI=",
                "AQ=",
                "=",
                "A",
                "AAAAA",
                "AR",
                "AQJ",
                "_x",
                "AQ\n",
                "A Q",
                "\tAQ",
                "AQ!",
                "+w",
                "/w",
                "AQ.",
                "ÄÖ",
                "AQ\u0000",
                "A\r\nQ"
            })
    void decode_anyOtherSpelling_isRejected(String text) {
        assertThat(Base64Url.decode(text)).isNull();
    }
}
