// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Sign-then-encrypt, one call each way. */
class NestedTest {
    private static final SigningKey SENDER = SigningKey.generate(Algorithm.ES256);
    private static final DecryptionKey RECIPIENT = DecryptionKey.generate(Algorithm.ECDH_ES_A256KW);
    private static final JweEncrypter ENCRYPTER =
            JweEncrypter.builder(RECIPIENT.encryptionKey()).build();
    private static final JweDecrypter DECRYPTER =
            JweDecrypter.builder(RECIPIENT).build();
    private static final byte[] PAYLOAD = "payment".getBytes(StandardCharsets.UTF_8);

    private final JwsVerifier jws =
            JwsVerifier.builder(KeyResolver.of(SENDER.verificationKey())).build();
    private final JwtVerifier jwt = JwtVerifier.builder(KeyResolver.of(SENDER.verificationKey()))
            .expectIssuer("https://issuer.example")
            .expectAudience("https://api.example")
            .expectType("JWT")
            .build();

    @Test
    void decryptAndVerify_jws_givesThePayload() {
        String nested = JwsSigner.builder(SENDER).build().signAndEncrypt(PAYLOAD, ENCRYPTER);
        assertThat(jws.decryptAndVerify(nested, DECRYPTER).contentBytes()).isEqualTo(PAYLOAD);
    }

    @Test
    void decryptAndVerify_jwt_givesTheClaims() {
        String nested =
                issuer(SENDER).token("https://api.example").subject("alice").issueEncrypted(ENCRYPTER);
        assertThat(jwt.decryptAndVerify(nested, DECRYPTER).subject()).contains("alice");
    }

    @Test
    void decryptAndVerify_innerTokenOfAnother_isRejected() {
        SigningKey stranger = SigningKey.generate(Algorithm.ES256).withId(SENDER.id());
        String nested = issuer(stranger).token("https://api.example").issueEncrypted(ENCRYPTER);
        assertThatThrownBy(() -> jwt.decryptAndVerify(nested, DECRYPTER))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SIGNATURE_INVALID));
    }

    @Test
    void decryptAndVerify_unsignedInnerToken_isRejected() {
        // CVE-2026-29000: whoever has the public key can encrypt; what is inside must be signed all the same.
        String header = Base64Url.encode("{\"alg\":\"none\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
        String claims = Base64Url.encode(
                "{\"iss\":\"https://issuer.example\",\"aud\":\"https://api.example\",\"exp\":9999999999}"
                        .getBytes(StandardCharsets.UTF_8));
        for (String inner : new String[] {
            header + "." + claims + ".",
            header + "." + claims,
            new String(Base64Url.decode(claims), StandardCharsets.UTF_8)
        }) {
            String nested = ENCRYPTER.encryptNested(inner.getBytes(StandardCharsets.UTF_8), "JWT");
            assertThatThrownBy(() -> jwt.decryptAndVerify(nested, DECRYPTER))
                    .isInstanceOfAny(InvalidMessageException.class, VerificationException.class);
        }
    }

    @Test
    void decryptAndVerify_contentThatIsNoToken_isRejected() {
        String plain = ENCRYPTER.encrypt(PAYLOAD);
        assertThatThrownBy(() -> jwt.decryptAndVerify(plain, DECRYPTER)).isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> jws.decryptAndVerify(plain, DECRYPTER)).isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void decrypt_nestedToken_isNotHandedOutUnverified() {
        String nested = issuer(SENDER).token("https://api.example").issueEncrypted(ENCRYPTER);
        assertThatThrownBy(() -> DECRYPTER.decrypt(nested)).isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void verify_signedOrEncryptedTokenGivenToTheOtherMethod_isRejected() {
        String signed = issuer(SENDER).token("https://api.example").issue();
        String nested = issuer(SENDER).token("https://api.example").issueEncrypted(ENCRYPTER);
        assertThatThrownBy(() -> jwt.verify(nested)).isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> jwt.decryptAndVerify(signed, DECRYPTER)).isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void decryptAndVerify_forAnotherRecipient_isRejected() {
        JweDecrypter other = JweDecrypter.builder(DecryptionKey.generate(Algorithm.ECDH_ES_A256KW))
                .build();
        String nested = issuer(SENDER).token("https://api.example").issueEncrypted(ENCRYPTER);
        assertThatThrownBy(() -> jwt.decryptAndVerify(nested, other)).isInstanceOf(DecryptionException.class);
    }

    private static JwtIssuer issuer(SigningKey key) {
        return JwtIssuer.builder(key, "https://issuer.example", Duration.ofMinutes(5))
                .build();
    }
}
