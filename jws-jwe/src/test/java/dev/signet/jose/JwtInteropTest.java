// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.signet.core.Algorithm;
import dev.signet.core.Keyset;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens with claims, issued here and read by Nimbus and jose4j, and issued by Nimbus and read here. */
class JwtInteropTest {
    private static final String ISSUER = "https://issuer.example";
    private static final String AUDIENCE = "https://api.example";

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"HS256", "HS512", "RS256", "PS384", "ES256", "ES384", "ES512"})
    void jwt_goesBothWays(Algorithm algorithm) throws Exception {
        SigningKey key = SigningKey.generate(algorithm);
        JWK jwk = JWKSet.parse(new String(Jwks.dangerousToPrivateJson(Keyset.of(key)), StandardCharsets.UTF_8))
                .getKeys()
                .get(0);
        Key open = jwk instanceof OctetSequenceKey oct ? oct.toSecretKey() : ((AsymmetricJWK) jwk).toPublicKey();

        String issued = JwtIssuer.builder(key, ISSUER, Duration.ofMinutes(5))
                .build()
                .token(AUDIENCE)
                .subject("alice")
                .claim("amount", 10)
                .issue();
        SignedJWT read = SignedJWT.parse(issued);
        assertThat(read.verify(new DefaultJWSVerifierFactory().createJWSVerifier(read.getHeader(), open)))
                .isTrue();
        JWTClaimsSet claims = read.getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo(ISSUER);
        assertThat(claims.getAudience()).containsExactly(AUDIENCE);
        assertThat(claims.getSubject()).isEqualTo("alice");
        assertThat(claims.getLongClaim("amount")).isEqualTo(10L);
        assertThat(Duration.between(
                        claims.getIssueTime().toInstant(),
                        claims.getExpirationTime().toInstant()))
                .isEqualTo(Duration.ofMinutes(5));
        JwtClaims byJose4j = new JwtConsumerBuilder()
                .setVerificationKey(open)
                .setJwsAlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, algorithm.joseName())
                .setExpectedIssuer(ISSUER)
                .setExpectedAudience(AUDIENCE)
                .setRequireExpirationTime()
                .build()
                .processToClaims(issued);
        assertThat(byJose4j.getSubject()).isEqualTo("alice");

        JwtVerifier verifier = JwtVerifier.builder(Tokens.resolver(key))
                .expectIssuer(ISSUER)
                .expectAudience(AUDIENCE)
                .expectType("JWT")
                .build();
        Instant now = Instant.now();
        assertThat(verifier.verify(byNimbus(jwk, algorithm, AUDIENCE, now)).subject())
                .contains("bob");
        Tokens.assertRefused(
                Reason.EXPIRED, () -> verifier.verify(byNimbus(jwk, algorithm, AUDIENCE, now.minusSeconds(3600))));
        Tokens.assertRefused(
                Reason.CLAIM_UNEXPECTED, () -> verifier.verify(byNimbus(jwk, algorithm, "https://other.example", now)));
    }

    private static String byNimbus(JWK jwk, Algorithm algorithm, String audience, Instant issued) throws Exception {
        JWSAlgorithm alg = new JWSAlgorithm(algorithm.joseName());
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(alg)
                        .keyID(jwk.getKeyID())
                        .type(JOSEObjectType.JWT)
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .audience(audience)
                        .subject("bob")
                        .issueTime(Date.from(issued))
                        .expirationTime(Date.from(issued.plusSeconds(300)))
                        .jwtID("one")
                        .build());
        jwt.sign(new DefaultJWSSignerFactory().createJWSSigner(jwk, alg));
        return jwt.serialize();
    }
}
