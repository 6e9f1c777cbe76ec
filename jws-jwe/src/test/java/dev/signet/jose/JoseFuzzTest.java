// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * Any bytes, as a whole message, as a header and as claims, are either accepted or refused by one of the library's errors;
 * and any document whose field was encrypted comes back as it was.
 *
 * <p>Without the variable JAZZER_FUZZ only the seeds run.
 */
class JoseFuzzTest {
    private static final SigningKey KEY = SigningKey.hmac(
                    Algorithm.HS256,
                    SecretBytes.copyOf("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII)))
            .withId("k");
    private static final DecryptionKey CONTENT_KEY = DecryptionKey.secret(
                    Algorithm.A256GCM,
                    SecretBytes.copyOf("fedcba9876543210fedcba9876543210".getBytes(StandardCharsets.US_ASCII)))
            .withId("k");

    private static final JwsVerifier JWS =
            JwsVerifier.builder(KeyResolver.of(KEY.verificationKey())).build();
    private static final JwtVerifier JWT = JwtVerifier.builder(KeyResolver.of(KEY.verificationKey()))
            .ignoreIssuer()
            .ignoreAudience()
            .ignoreType()
            .build();
    private static final DpopVerifier DPOP =
            DpopVerifier.builder().ignoreReplay().build();
    private static final JwsSigner SIGNER = JwsSigner.builder(KEY).build();
    private static final JweEncrypter ENCRYPTER =
            JweEncrypter.builder(CONTENT_KEY.encryptionKey()).build();
    private static final JweDecrypter JWE = JweDecrypter.builder(CONTENT_KEY).build();
    private static final FieldEncrypter FIELDS =
            FieldEncrypter.builder(ENCRYPTER, "e").field("/a").build();
    private static final FieldDecrypter BACK =
            FieldDecrypter.builder(JWE, "e").field("/a").build();

    @FuzzTest(maxDuration = "1h")
    void read(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        attempt(() -> JWS.verify(text));
        attempt(() -> JWS.verifyJson(text));
        attempt(() -> JWS.verifyDetached(text, data));
        attempt(() -> JWE.decrypt(text));
        attempt(() -> JWE.decryptJson(text));
        String header = Base64Url.encode(data);
        attempt(() -> JWS.verify(header + ".e30.AA"));
        attempt(() -> JWE.decrypt(header + "..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA"));
        attempt(() -> DPOP.verify(List.of(header + ".e30.AA"), "GET", URI.create("https://a.example/")));
        // As claims of a good signature, so that the checks behind it are reached.
        attempt(() -> JWT.verify(SIGNER.sign(data)));
        attempt(() -> assertThat(JWS.verify(SIGNER.sign(data)).contentBytes()).isEqualTo(data));
        attempt(() -> assertThat(BACK.decrypt(FIELDS.encrypt(data))).isEqualTo(data));
    }

    private static void attempt(ThrowingCallable call) {
        try {
            call.call();
        } catch (MessageSecurityException e) {
            assertThat(e.getMessage()).hasSizeLessThan(200);
        } catch (Throwable e) {
            throw new AssertionError("neither accepted nor refused", e);
        }
    }
}
