// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.Limits;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What reads beside a verifier obeys the limits of the policy that it was given. */
class ObeyedPolicyTest {
    private static final SecurityPolicy SMALL = SecurityPolicy.recommended2026()
            .withLimits(Limits.recommended2026()
                    .withMaxFieldBytes(10)
                    .withMaxJsonBytes(10)
                    .withMaxJsonMembers(1));

    @Test
    void unverifiedToken_hasThePolicysLimits() {
        String jws =
                JwsSigner.builder(SigningKey.generate(Algorithm.ES256)).build().sign(new byte[1]);
        assertThat(UnverifiedToken.peek(jws).kind()).isEqualTo(UnverifiedToken.Kind.JWS);
        assertTooLarge(() -> UnverifiedToken.peek(jws, SMALL));
    }

    @Test
    void keySets_haveThePolicysLimits() {
        byte[] set = Jwks.toPublicJson(Keyset.of(SigningKey.generate(Algorithm.ES256)));
        assertThat(Jwks.parse(set).keys()).hasSize(1);
        assertTooLarge(() -> Jwks.parse(set, SMALL));
        assertTooLarge(() -> Jwks.parse(set, Algorithm.PS256, SMALL));
        RemoteJwks.Builder remote = RemoteJwks.builder(URI.create("https://keys.example/set"))
                .maxBytes(11)
                .policy(SMALL);
        assertThatThrownBy(remote::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("within 1 to 10 bytes");
    }

    @Test
    void fields_haveTheLimitsOfTheirEncrypter() {
        DecryptionKey key = DecryptionKey.generate(Algorithm.A256KW);
        byte[] document = "{\"card\":1,\"more\":2}".getBytes(StandardCharsets.UTF_8);
        FieldEncrypter encrypter = FieldEncrypter.builder(
                        JweEncrypter.builder(key.encryptionKey()).build(), "encrypted")
                .field("/card")
                .build();
        byte[] encrypted = encrypter.encrypt(document);
        assertTooLarge(() -> FieldEncrypter.builder(
                        JweEncrypter.builder(key.encryptionKey()).policy(SMALL).build(), "encrypted")
                .field("/card")
                .build()
                .encrypt(document));
        assertTooLarge(() -> FieldDecrypter.builder(
                        JweDecrypter.builder(key).policy(SMALL).build(), "encrypted")
                .field("/card")
                .build()
                .decrypt(encrypted));
    }

    private static void assertTooLarge(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }
}
