// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.SigningKey;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What issuers issue and verifiers accept. */
class JwtTest {
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ES256);

    @Test
    void verify_issuedToken_givesItsClaims() {
        JwtIssuer issuer = JwtIssuer.builder(KEY, "https://issuer.example", Duration.ofMinutes(5))
                .build();
        String token = issuer.token("https://api.example")
                .subject("alice")
                .claim("amount", 10)
                .claim("tags", List.of("a", "b"))
                .issue();
        VerifiedJwt jwt = JwtVerifier.builder(KeyResolver.of(KEY.verificationKey()))
                .expectIssuer("https://issuer.example")
                .expectAudience("https://api.example")
                .expectType("JWT")
                .build()
                .verify(token);
        assertThat(jwt.subject()).contains("alice");
        assertThat(jwt.issuer()).contains("https://issuer.example");
        assertThat(jwt.audience()).containsExactly("https://api.example");
        assertThat(jwt.claims().integer("amount")).contains(10L);
        assertThat(jwt.claims().strings("tags")).containsExactly("a", "b");
        assertThat(jwt.jwtId()).isPresent();
    }

    @Test
    void verify_accessTokenBoundByDpop_needsItsProof() {
        SigningKey clientKey = SigningKey.generate(Algorithm.ED25519);
        DpopProver prover = DpopProver.of(clientKey);
        DpopVerifier proofs = DpopVerifier.builder().build();
        URI tokenEndpoint = URI.create("https://issuer.example/token");
        var proven = proofs.verify(List.of(prover.prove("POST", tokenEndpoint)), "POST", tokenEndpoint);

        String token = JwtIssuer.accessTokens(KEY, "https://issuer.example", Duration.ofMinutes(5))
                .build()
                .token("https://api.example")
                .subject("alice")
                .clientId("app")
                .scopes("read", "write")
                .boundTo(proven.key())
                .issue();
        JwtVerifier verifier = JwtVerifier.accessTokens(
                        KeyResolver.of(KEY.verificationKey()), "https://issuer.example", "https://api.example")
                .build();
        URI target = URI.create("https://api.example/accounts?from=1");
        String proof = prover.prove("GET", target, token);
        VerifiedJwt jwt = verifier.verify(token, ProofOfPossession.dpop(proofs, List.of(proof), "GET", target));
        assertThat(jwt.scopes()).containsExactly("read", "write");
        assertThat(jwt.clientId()).contains("app");
    }
}
