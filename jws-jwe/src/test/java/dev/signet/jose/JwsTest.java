// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signing and verifying with every algorithm and in every form. */
class JwsTest {
    private static final byte[] PAYLOAD = "{\"amount\":\"10.00\"}".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.MATCH_ANY,
            names = {"ED25519", "[EHRP]S\\d+", "ML_DSA_\\d+"})
    void sign_everyAlgorithm_isVerifiedAndABrokenOneIsNot(Algorithm algorithm) throws Exception {
        SigningKey key = SigningKey.generate(algorithm);
        JwsSigner signer = JwsSigner.builder(key).type("JOSE").build();
        JwsVerifier verifier = JwsVerifier.builder(KeyResolver.of(key.verificationKey()))
                .expectType("application/jose")
                .build();

        String compact = signer.sign(PAYLOAD);
        VerifiedJws verified = verifier.verify(compact);
        assertThat(verified.contentBytes()).isEqualTo(PAYLOAD);
        assertThat(verified.key().id()).isEqualTo(key.id());
        assertThat(verified.header().string("alg")).contains(algorithm.joseName());

        assertThat(verifier.verifyJson(signer.signJson(PAYLOAD)).contentBytes()).isEqualTo(PAYLOAD);
        assertThat(verifier.verifyDetached(signer.signDetached(PAYLOAD), PAYLOAD)
                        .contentBytes())
                .isEqualTo(PAYLOAD);
        String streamed = signer.signDetached(new java.io.ByteArrayInputStream(PAYLOAD));
        assertThat(verifier.verifyDetached(streamed, new java.io.ByteArrayInputStream(PAYLOAD))
                        .key()
                        .id())
                .isEqualTo(key.id());

        int at = compact.indexOf('.') + 5;
        String broken = compact.substring(0, at) + (compact.charAt(at) == 'x' ? 'y' : 'x') + compact.substring(at + 1);
        assertThatThrownBy(() -> verifier.verify(broken))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SIGNATURE_INVALID));
    }
}
