// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What results say of their content, and what verifiers want in headers. */
class ContentTest {
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ES256).withId("k");
    private static final byte[] NO_TEXT = {'a', (byte) 0xc3, '('};
    private static final byte[] TEXT = "a\u00e4".getBytes(StandardCharsets.UTF_8);

    @Test
    void contentText_ofBytesThatAreNotUtf8_isRefusedNotRepaired() {
        JwsSigner signer = JwsSigner.builder(KEY).build();
        VerifiedJws verified = Tokens.verifier(KEY).verify(signer.sign(NO_TEXT));
        assertThat(verified.contentBytes()).isEqualTo(NO_TEXT);
        assertThatThrownBy(verified::contentText).isInstanceOf(InvalidMessageException.class);
        assertThat(Tokens.verifier(KEY).verify(signer.sign(TEXT)).contentText()).isEqualTo("a\u00e4");

        DecryptionKey own = DecryptionKey.generate(Algorithm.A256GCM);
        JweEncrypter encrypter = JweEncrypter.builder(own.encryptionKey()).build();
        JweDecrypter decrypter = JweDecrypter.builder(own).build();
        DecryptedJwe decrypted = decrypter.decrypt(encrypter.encrypt(NO_TEXT));
        assertThat(decrypted.contentBytes()).isEqualTo(NO_TEXT);
        assertThatThrownBy(decrypted::contentText).isInstanceOf(InvalidMessageException.class);
        assertThat(decrypter.decrypt(encrypter.encrypt(TEXT)).contentText()).isEqualTo("a\u00e4");
    }

    @Test
    void verifyDetached_stream_saysWhatItRead() throws Exception {
        String jws = JwsSigner.builder(KEY).type("example").build().signDetached(new byte[1000]);
        VerifiedDetachedJws verified =
                Tokens.verifier(KEY).verifyDetached(jws, new ByteArrayInputStream(new byte[1000]));
        assertThat(verified.contentLength()).isEqualTo(1000);
        assertThat(verified.key().id()).isEqualTo("k");
        assertThat(verified.header().string("typ")).contains("example");
        assertThat(verified.signatures()).hasSize(1);
        assertThat(verified.toString()).isEqualTo("VerifiedDetachedJws[k, 1000 bytes]");
    }

    @Test
    void requireHeaders_ofAToken_areLookedForInItsHeaderNotItsClaims() {
        String token = JwtIssuer.builder(KEY, "issuer", Duration.ofMinutes(1))
                .build()
                .token("us")
                .claim("x", "1")
                .issue();
        JwtVerifier.Builder verifier = JwtVerifier.builder(KeyResolver.of(KEY.verificationKey()))
                .expectIssuer("issuer")
                .expectAudience("us")
                .expectType("JWT");
        assertThat(verifier.requireClaims("x").build().verify(token).key().id()).isEqualTo("k");
        Tokens.assertRefused(
                Reason.HEADER_UNEXPECTED,
                () -> verifier.requireHeaders("x").build().verify(token));
    }

    @Test
    void build_typeThatIsExpectedAndIgnored_isContradictory() {
        assertThatThrownBy(() -> JwsVerifier.builder(KeyResolver.of(KEY.verificationKey()))
                        .expectType("example")
                        .ignoreType()
                        .build())
                .isInstanceOf(IllegalStateException.class);
    }
}
