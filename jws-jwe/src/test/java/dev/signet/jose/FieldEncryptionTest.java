// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldEncryptionTest {
    private static final DecryptionKey KEY = DecryptionKey.generate(Algorithm.RSA_OAEP_256);
    private static final JweEncrypter ENCRYPTER =
            JweEncrypter.builder(KEY.encryptionKey()).build();
    private static final JweDecrypter DECRYPTER = JweDecrypter.builder(KEY).build();

    /** White space, escapes, order, number forms and characters beyond the BMP, none of which may change. */
    private static final String DOCUMENT = """
            { "id" : 7.50e1,\t"card":{"number":"4111 1111","expiry": {"m":1, "y":2030} },
              "items":[ {"n":"a\\u00e9","v":1},{"v": [1 , 2,{}],"n":"\ud83d\ude00"} ], "last" : null }
            """;

    @Test
    void encrypt_fields_areWrappedAndTheRestIsTheSameByteForByte() {
        byte[] encrypted =
                encrypter("encData", "/card/number", "/items/*/v", "/last").encrypt(utf8(DOCUMENT));
        String text = text(encrypted);
        String[] kept = {
            "{ \"id\" : 7.50e1,\t\"card\":{\"number\":{\"encData\":\"",
            "\"},\"expiry\": {\"m\":1, \"y\":2030} },\n  \"items\":[ {\"n\":\"a\\u00e9\",\"v\":{\"encData\":\"",
            "\"}},{\"v\": {\"encData\":\"",
            "\"},\"n\":\"\ud83d\ude00\"} ], \"last\" : {\"encData\":\"",
            "\"} }\n"
        };
        int at = 0;
        for (String part : kept) {
            int found = text.indexOf(part, at);
            assertThat(found).as(part).isNotNegative();
            assertThat(text.substring(at, found)).as("a JWE, or nothing").matches("[A-Za-z0-9._-]*");
            at = found + part.length();
        }
        assertThat(at).isEqualTo(text.length());
        assertThat(text).doesNotContain("4111");
        assertThat(text(decrypter("encData", "/card/number", "/items/*/v", "/last")
                        .decrypt(encrypted)))
                .isEqualTo(DOCUMENT);
    }

    @Test
    void encrypt_wholeDocument_isOneMember() {
        byte[] encrypted = encrypter("encData", "").encrypt(utf8("{\"pan\":\"4111\"}"));
        assertThat(text(encrypted)).startsWith("{\"encData\":\"eyJ").endsWith("\"}");
        assertThat(text(decrypter("encData", "").decrypt(encrypted))).isEqualTo("{\"pan\":\"4111\"}");
    }

    @Test
    void encrypt_pointers_areThoseOfRfc6901() {
        String document = "{\"a/b\":1,\"m~n\":2,\"\":3,\"k\":[10,20,30]}";
        for (String pointer : new String[] {"/a~1b", "/m~0n", "/", "/k/1", "/k/*", "/k"}) {
            byte[] encrypted = encrypter("e", pointer).encrypt(utf8(document));
            assertThat(text(encrypted)).isNotEqualTo(document);
            assertThat(text(decrypter("e", pointer).decrypt(encrypted))).isEqualTo(document);
        }
        assertThat(text(encrypter("e", "/k/1").encrypt(utf8(document)))).contains("[10,{\"e\":", "},30]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/cards", "/card/nummer", "/card/number/x", "/items/2/v", "/items/*/x", "/items/-", "/items/01/v"
            })
    void encrypt_absentField_isRefused(String pointer) {
        FieldEncrypter encrypter = encrypter("encData", "/last", pointer);
        assertThatThrownBy(() -> encrypter.encrypt(utf8(DOCUMENT)))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining(pointer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"4111\"}",
                "{\"a\":{\"encData\":\"x\",\"more\":1}}",
                "{\"a\":{\"encdata\":\"x\"}}",
                "{\"a\":{\"encData\":1}}",
                "{\"a\":{}}",
                "{\"a\":null}",
                "{\"b\":1}",
                "{\"a\":{\"encData\":\"x\"},\"a\":1}",
                "[]",
                "\"a\""
            })
    void decrypt_plainOrMisshapenField_isRefused(String document) {
        assertThatThrownBy(() -> decrypter("encData", "/a").decrypt(utf8(document)))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageNotContaining("4111");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1,\"x\":2", "1}", "{\"a\":1,\"a\":2}", "nul", "'x'", "\"\\ud800\"", "1 2"})
    void decrypt_contentThatIsNoJsonValue_isRefused(String content) {
        String document = "{\"a\":{\"encData\":\"" + ENCRYPTER.encrypt(utf8(content)) + "\"}}";
        assertThatThrownBy(() -> decrypter("encData", "/a").decrypt(utf8(document)))
                .isInstanceOf(DecryptionException.class);
    }

    @Test
    void decrypt_oneBrokenFieldOfTwo_givesNothing() {
        byte[] encrypted = encrypter("e", "/a", "/b").encrypt(utf8("{\"a\":1,\"b\":2}"));
        String broken = text(encrypted).replaceAll("(.)(.)\"}}$", "$2$1\"}}");
        assertThatThrownBy(() -> decrypter("e", "/a", "/b").decrypt(utf8(broken)))
                .isInstanceOfAny(DecryptionException.class, InvalidMessageException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "#/a", "/a~", "/a~2", "/b/~x"})
    void build_malformedPointer_isRefused(String pointer) {
        assertThatThrownBy(() -> encrypter("e", pointer)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void build_noFieldOrOverlappingFields_isRefused() {
        assertThatThrownBy(() -> encrypter("e")).isInstanceOf(IllegalArgumentException.class);
        for (String[] pair :
                new String[][] {{"/a", "/a"}, {"/a", "/a/b"}, {"", "/a"}, {"/a/*", "/a/0"}, {"/a/1/x", "/a/*/x"}}) {
            assertThatThrownBy(() -> encrypter("e", pair)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> decrypter("e", pair)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static FieldEncrypter encrypter(String wrapper, String... pointers) {
        FieldEncrypter.Builder builder = FieldEncrypter.builder(ENCRYPTER, wrapper);
        for (String pointer : pointers) {
            builder.field(pointer);
        }
        return builder.build();
    }

    private static FieldDecrypter decrypter(String wrapper, String... pointers) {
        FieldDecrypter.Builder builder = FieldDecrypter.builder(DECRYPTER, wrapper);
        for (String pointer : pointers) {
            builder.field(pointer);
        }
        return builder.build();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
