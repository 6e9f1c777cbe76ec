// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmarks;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Keyset;
import dev.signet.core.SigningKey;
import dev.signet.jose.Jwks;
import dev.signet.jose.JwtIssuer;
import dev.signet.jose.JwtVerifier;
import dev.signet.jose.VerifiedJwt;
import io.jsonwebtoken.Claims;
import io.jsonwebtoken.Jws;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A token of ten claims with its issuer, audience, type and times checked. The rivals check the same, set up as their
 * documentation shows, with the platform's providers.
 */
@NullUnmarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class JwtBenchmark {
    private static final String ISSUER = "https://issuer.example";
    private static final String AUDIENCE = "https://api.example";

    private String token;
    private JwtIssuer issuer;
    private JwtVerifier verifier;
    private DefaultJWTProcessor<SecurityContext> nimbus;
    private JwtConsumer jose4j;
    private JwtParser jjwt;

    /** Makes keys, the token and everything that is made once. */
    @Setup
    public void setUp() throws Exception {
        SigningKey key = SigningKey.generate(Algorithm.ES256);
        issuer = JwtIssuer.builder(key, ISSUER, Duration.ofHours(1)).build();

        token = issue();
        verifier = JwtVerifier.builder(KeyResolver.of(key.verificationKey()))
                .expectIssuer(ISSUER)
                .expectAudience(AUDIENCE)
                .expectType("JWT")
                .build();

        JWKSet set = JWKSet.parse(new String(Jwks.toPublicJson(Keyset.of(key)), StandardCharsets.UTF_8));
        nimbus = new DefaultJWTProcessor<>();
        nimbus.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT));
        nimbus.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, new ImmutableJWKSet<>(set)));
        nimbus.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                AUDIENCE, new JWTClaimsSet.Builder().issuer(ISSUER).build(), Set.of("exp", "iat")));

        ECPublicKey publicKey = (ECPublicKey) key.verificationKey().publicKey().orElseThrow();
        jose4j = new JwtConsumerBuilder()
                .setExpectedType(true, "JWT")
                .setRequireExpirationTime()
                .setRequireIssuedAt()
                .setExpectedIssuer(ISSUER)
                .setExpectedAudience(AUDIENCE)
                .setVerificationKey(publicKey)
                .setJwsAlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, "ES256")
                .build();
        jjwt = Jwts.parser()
                .verifyWith(publicKey)
                .requireIssuer(ISSUER)
                .requireAudience(AUDIENCE)
                .build();
        if (verify().claims().names().size() != 10) {
            throw new IllegalStateException("ten claims are needed");
        }
        verifyNimbus();
        verifyJose4j();
        verifyJjwt();
    }

    /** Signet: claims written and signed. */
    @Benchmark
    public String issue() {
        return issuer.token(AUDIENCE)
                .subject("alice@example.com")
                .claim("name", "Alice Example")
                .claim("roles", List.of("reader", "payer"))
                .claim("tenant", 4711)
                .claim("email_verified", true)
                .issue();
    }

    /** Signet. */
    @Benchmark
    public VerifiedJwt verify() {
        return verifier.verify(token);
    }

    /** Nimbus's processor. */
    @Benchmark
    public JWTClaimsSet verifyNimbus() throws Exception {
        return nimbus.process(token, null);
    }

    /** jose4j's consumer. */
    @Benchmark
    public JwtClaims verifyJose4j() throws Exception {
        return jose4j.processToClaims(token);
    }

    /** jjwt's parser. */
    @Benchmark
    public Jws<Claims> verifyJjwt() {
        return jjwt.parseSignedClaims(token);
    }
}
