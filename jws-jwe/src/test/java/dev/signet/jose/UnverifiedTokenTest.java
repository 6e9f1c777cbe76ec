// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SigningKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnverifiedTokenTest {
    private static final byte[] PAYLOAD = "{\"secret\":1}".getBytes(StandardCharsets.UTF_8);

    @Test
    void peek_jws_showsHeaderAndPayload() {
        String jws = JwsSigner.builder(SigningKey.generate(Algorithm.ES256).withId("one"))
                .build()
                .sign(PAYLOAD);
        UnverifiedToken token = UnverifiedToken.peek(jws);
        assertThat(token.kind()).isEqualTo(UnverifiedToken.Kind.JWS);
        assertThat(token.unverifiedHeader()).isEqualTo("{\"alg\":\"ES256\",\"kid\":\"one\"}");
        assertThat(token.unverifiedPayload())
                .hasValueSatisfying(p -> assertThat(p).isEqualTo(PAYLOAD));
        assertThat(token).hasToString("UnverifiedToken[JWS]");
    }

    @Test
    void peek_payload_isACopy() {
        UnverifiedToken token = UnverifiedToken.peek(part("{}") + "." + part("abc") + ".");
        token.unverifiedPayload().orElseThrow()[0] = 'x';
        assertThat(token.unverifiedPayload()).contains("abc".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void peek_unsignedToken_isShownLikeAnyOther() {
        UnverifiedToken token = UnverifiedToken.peek(part("{\"alg\":\"none\"}") + "." + part("{}") + ".");
        assertThat(token.kind()).isEqualTo(UnverifiedToken.Kind.JWS);
        assertThat(token.unverifiedHeader()).isEqualTo("{\"alg\":\"none\"}");
    }

    @Test
    void peek_detached_hasNoPayload() {
        String jws =
                JwsSigner.builder(SigningKey.generate(Algorithm.ES256)).build().signDetached(PAYLOAD);
        assertThat(UnverifiedToken.peek(jws).unverifiedPayload()).isEmpty();
    }

    @Test
    void peek_jwe_hasNoPayload() {
        DecryptionKey key = DecryptionKey.generate(Algorithm.A256KW);
        String jwe = JweEncrypter.builder(key.encryptionKey()).build().encrypt(PAYLOAD);
        UnverifiedToken token = UnverifiedToken.peek(jwe);
        assertThat(token.kind()).isEqualTo(UnverifiedToken.Kind.JWE);
        assertThat(token.unverifiedHeader()).contains("\"enc\":\"A256GCM\"");
        assertThat(token.unverifiedPayload()).isEmpty();
        assertThat(token).hasToString("UnverifiedToken[JWE]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "e30",
                "e30.e30",
                "..",
                "e30.e30.e30.e30",
                "e30.e30.e30.e30.e30.e30",
                "e30=.e30.e30",
                "e30.e30.e31",
                "e30.e30. ",
                "e30.\u20ac.e30",
                "W10.e30.e30",
                "bnVsbA.e30.e30",
                "e30.e30.e30.e30.!",
                "eyJhIjoxLCJhIjoyfQ.e30.e30"
            })
    void peek_whatIsNoCompactToken_isRefused(String text) {
        assertThatThrownBy(() -> UnverifiedToken.peek(text)).isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void peek_overALimit_isRefused() {
        String deep = part("{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}");
        String longHeader = part("{\"a\":\"" + "b".repeat(1 << 20) + "\"}");
        assertTooLarge(deep + "..");
        assertTooLarge(longHeader + "..");
        assertTooLarge("e30." + "A".repeat(60 << 20) + ".");
    }

    @FuzzTest(maxDuration = "1h")
    void peek_anything_isReadOrRefused(byte[] data) {
        try {
            UnverifiedToken.peek(new String(data, StandardCharsets.UTF_8)).unverifiedHeader();
        } catch (InvalidMessageException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static void assertTooLarge(String text) {
        assertThatThrownBy(() -> UnverifiedToken.peek(text))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    private static String part(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
