// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.SigningKey;
import dev.signet.jose.JwtIssuer;
import dev.signet.jose.JwtVerifier;
import dev.signet.jose.VerifiedJwt;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/verify-access-tokens.md about tokens of one's own, and of the README. */
class TokenSnippetsTest {
    @Test
    void readme_inShort() {
        SigningKey key = SigningKey.generate(Algorithm.ES256);
        KeyResolver keys = KeyResolver.of(key.verificationKey());
        JwtIssuer issuer = JwtIssuer.builder(key, "https://id.example.com", Duration.ofMinutes(5))
                .build();
        // tag::short[]
        String token = issuer.token("https://api.example.com").subject("alice").issue();

        JwtVerifier verifier = JwtVerifier.builder(keys)
                .expectIssuer("https://id.example.com")
                .expectAudience("https://api.example.com")
                .expectType("JWT")
                .build();
        VerifiedJwt verified = verifier.verify(token);
        // end::short[]
        assertThat(verified.subject()).contains("alice");
    }

    @Test
    void readme() {
        // tag::readme[]
        SigningKey key = SigningKey.generate(Algorithm.ES256);
        JwtIssuer issuer = JwtIssuer.builder(key, "https://id.example.com", Duration.ofMinutes(5))
                .build();
        String token = issuer.token("https://api.example.com").subject("alice").issue();

        // Nothing can be forgotten: without these three calls there is no verifier.
        JwtVerifier verifier = JwtVerifier.builder(KeyResolver.of(key.verificationKey()))
                .expectIssuer("https://id.example.com")
                .expectAudience("https://api.example.com")
                .expectType("JWT")
                .build();
        VerifiedJwt verified = verifier.verify(token);
        // end::readme[]
        assertThat(verified.subject()).contains("alice");
    }
}
