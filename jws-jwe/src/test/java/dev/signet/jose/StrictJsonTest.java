// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
    private static final Limits LIMITS = Limits.recommended2026();

    @Test
    void readObject_everyKindOfValue_isRead() {
        Map<String, Object> object = read("""
                 {"s":"\\u00e9\\ud83d\\ude00é😀","i":-7,"big":123456789012345678901234567890,"d":1.50,"t":true,
                  "f":false,"n":null,"a":[1,{"x":[]}],"o":{}}\s""");
        assertThat(object)
                .containsEntry("s", "é😀é😀")
                .containsEntry("i", -7L)
                .containsEntry("big", new BigInteger("123456789012345678901234567890"))
                .containsEntry("d", new BigDecimal("1.50"))
                .containsEntry("t", true)
                .containsEntry("f", false)
                .containsEntry("n", StrictJson.NULL)
                .containsEntry("a", List.of(1L, Map.of("x", List.of())))
                .containsEntry("o", Map.of());
        assertThat(object.keySet()).containsExactly("s", "i", "big", "d", "t", "f", "n", "a", "o");
    }

    @Test
    void readObject_escapedSurrogatePairInAName_isRead() {
        assertThat(read("{\"\\ud83d\\ude00\":1}")).containsEntry("😀", 1L);
    }

    @Test
    void readObject_result_cannotBeChanged() {
        Map<String, Object> object = read("{\"a\":[1]}");
        assertThatThrownBy(() -> object.put("b", 1L)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((List<?>) object.get("a")).clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"a\":null,\"a\":null}",
                "{\"x\":{\"a\":1,\"b\":2,\"a\":3}}",
                "{\"x\":[{\"\":1,\"\":2}]}"
            })
    void readObject_duplicateName_isRejected(String json) {
        assertMalformed(utf8(json), "duplicate member name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\\udc00\"}",
                "{\"a\":\"\\ude00\\ud83d\"}",
                "{\"a\":\"\\ud83dx\"}",
                "{\"a\":\"\\ud83d\\ud83d\\ude00\"}",
                "{\"\\ud800\":1}",
                "{\"a\":[\"x\\udfff\"]}"
            })
    void readObject_loneSurrogate_isRejected(String json) {
        // Jackson itself refuses some of them in names.
        assertMalformed(utf8(json), "JSON has ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[]",
                "1",
                "\"a\"",
                "null",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":'b'}",
                "{\"a\":[1,]}",
                "{\"a\":[,1]}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":5.}",
                "{\"a\":0x1}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":-}",
                "{\"a\":1e}",
                "{\"a\":tru}",
                "{\"a\":True}",
                "{\"a\":nullx}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"b}",
                "{\"a\":1}{",
                "{\"a\":1}}",
                "{\"a\":1}{\"a\":1}",
                "{\"a\":1} x",
                "{\"a\":1},",
                "{\"a\":1}\u0000",
                "{\"a\":1}//c",
                "/*c*/{\"a\":1}",
                "{\"a\":1 \"b\":2}",
                "\ufeff{}",
                "{\"a\":\u00a01}",
                "{\"a\":1\u2028}",
                "{\"a\" 1}",
                "{\"a\":[1}",
                "{1:2}",
                "{null:1}",
                "{\"a\":1e-999999999999}",
                "{\"a\":1e999999999}",
                "{\"a\":1E+401}",
                "{\"a\":1.0e-500}"
            })
    void readObject_anythingButStrictJson_isRejected(String json) {
        assertMalformed(utf8(json), "JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c0af",
                "c1bf",
                "e08080",
                "f0808080",
                "80",
                "bf",
                "c3",
                "e282",
                "eda080",
                "edb080",
                "f4908080",
                "f5808080",
                "fe",
                "ff",
                "c328",
                "fc8080808080"
            })
    void readObject_malformedUtf8_isRejected(String hex) {
        String json = "{\"a\":\""
                + new String(
                        new BigInteger("1" + hex, 16).toByteArray(), 1, hex.length() / 2, StandardCharsets.ISO_8859_1)
                + "\"}";
        assertMalformed(json.getBytes(StandardCharsets.ISO_8859_1), "not valid UTF-8");
        String inName = json.replace("\"a\":", "").replace("\"}", "\":1}");
        assertMalformed(inName.getBytes(StandardCharsets.ISO_8859_1), "not valid UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE"})
    void readObject_otherEncoding_isRejected(String charset) {
        assertThatThrownBy(() ->
                        StrictJson.readObject("{\"a\":1}".getBytes(java.nio.charset.Charset.forName(charset)), LIMITS))
                .isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void readObject_overALimit_isTooLarge() {
        assertTooLarge("{\"a\":\"" + "x".repeat(LIMITS.maxJsonBytes()) + "\"}");
        assertTooLarge("{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}");
        assertTooLarge("{\"a\":".repeat(33) + "1" + "}".repeat(33));
        assertTooLarge("{\"a\":" + "[".repeat(400_000));
        assertTooLarge("{\"a\":[" + "1,".repeat(10_000) + "1]}");
        assertTooLarge("{\"a\":" + "1".repeat(65) + "}");
        assertTooLarge("{\"a\":0." + "1".repeat(65) + "}");
        assertTooLarge("{\"" + "x".repeat(257) + "\":1}");
    }

    @Test
    void readObject_atTheLimits_isRead() {
        read("{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}");
        read("{\"a\":[" + "1,".repeat(9_998) + "1]}");
        assertThat(read("{\"a\":" + "1".repeat(64) + "}")).containsEntry("a", new BigInteger("1".repeat(64)));
        assertThat(read("{\"a\":9223372036854775807,\"b\":9223372036854775808,\"c\":-0}"))
                .containsEntry("a", Long.MAX_VALUE)
                .containsEntry("b", BigInteger.ONE.shiftLeft(63))
                .containsEntry("c", 0L);
        read("{\"" + "x".repeat(256) + "\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":hunter2}",
                "{\"hunter2\":1,\"hunter2\":2}",
                "{\"a\":1}hunter2",
                "hunter2",
                "{\"hunter2\":\"\\ud800\"}"
            })
    void readObject_error_doesNotQuoteContent(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @Test
    void readObject_syntaxError_namesItsPlace() {
        assertThatThrownBy(() -> read("{\"a\":1,\"b\":2,\"a\":3}")).hasMessageContaining("at character 13");
        assertThatThrownBy(() -> read("{\"a\":1,\n\"b\":oops}")).hasMessageEndingWith(" (line 2)");
    }

    private static Map<String, Object> read(String json) {
        return StrictJson.readObject(utf8(json), LIMITS);
    }

    private static void assertMalformed(byte[] json, String message) {
        assertThatThrownBy(() -> StrictJson.readObject(json, LIMITS))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isFalse())
                .hasMessageContaining(message);
    }

    private static void assertTooLarge(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
