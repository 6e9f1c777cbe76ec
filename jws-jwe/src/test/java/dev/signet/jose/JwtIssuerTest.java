// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an issuer writes, and what it refuses to write. */
class JwtIssuerTest {
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ES256);
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000));

    private static JwtIssuer issuer() {
        return JwtIssuer.builder(KEY, "i", Duration.ofMinutes(5)).clock(CLOCK).build();
    }

    private static VerifiedJwt verified(JwtIssuer.Token token) {
        return JwtVerifier.builder(KeyResolver.of(KEY.verificationKey()))
                .expectIssuer("i")
                .expectAudience("a")
                .expectType("JWT")
                .clock(CLOCK)
                .build()
                .verify(token.issue());
    }

    @Test
    void issue_everyToken_hasIssuerAudienceTimesAndId() {
        VerifiedJwt jwt = verified(issuer().token("a", "b").subject("s").notBefore(CLOCK.instant()));
        assertThat(jwt.claims().names()).containsExactlyInAnyOrder("iss", "aud", "sub", "nbf", "iat", "exp", "jti");
        assertThat(jwt.audience()).containsExactly("a", "b");
        assertThat(jwt.expiresAt()).contains(Instant.ofEpochSecond(1_800_000_300));
        assertThat(jwt.issuedAt()).contains(CLOCK.instant());
        assertThat(jwt.header().string("typ")).contains("JWT");
    }

    @Test
    void issue_oneTokenTwice_givesTwoIds() {
        JwtIssuer.Token token = issuer().token("a");
        assertThat(verified(token).jwtId()).isNotEqualTo(verified(token).jwtId());
        assertThat(verified(issuer().token("a").jwtId("7")).jwtId()).contains("7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "client_id", "scope"})
    void claim_thatHasItsOwnMethod_isRefused(String name) {
        assertThatThrownBy(() -> issuer().token("a").claim(name, "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void claim_setTwice_isRefused() {
        assertThatThrownBy(() -> issuer().token("a").subject("s").subject("s"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> issuer().token("a").claim("x", 1).claim("x", 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void claim_ofATypeThatJsonLacks_isRefusedWithoutItsValue() {
        for (Object value : List.of(1.5, new StringBuilder("s3cret"), new byte[1], Map.of(1, 2), List.of('c'))) {
            assertThatThrownBy(() -> issuer().token("a").claim("x", value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void claim_changedAfterwards_isWrittenAsItWas() {
        Map<String, Object> value = new HashMap<>(Map.of("k", "v"));
        JwtIssuer.Token token = issuer().token("a").claim("x", value);
        value.put("k", "changed");
        assertThat(verified(token).claims().object("x").orElseThrow().string("k"))
                .contains("v");
    }

    @Test
    void lifetime_noneOrBeyondThePolicy_isRefused() {
        for (Duration lifetime : List.of(
                Duration.ZERO,
                Duration.ofSeconds(-1),
                Duration.ofMillis(999),
                Duration.ofHours(24).plusNanos(1))) {
            assertThatThrownBy(() -> issuer().token("a").lifetime(lifetime))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> JwtIssuer.builder(KEY, "i", lifetime).build())
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(verified(issuer().token("a").lifetime(Duration.ofSeconds(1))).expiresAt())
                .contains(Instant.ofEpochSecond(1_800_000_001));
    }

    @Test
    void builder_namelessIssuerOrForeignAlgorithm_isRefused() {
        assertThatThrownBy(() -> JwtIssuer.builder(KEY, "", Duration.ofMinutes(1)))
                .isInstanceOf(IllegalArgumentException.class);
        SecurityPolicy policy = SecurityPolicy.recommended2026().withAlgorithms(Set.of(Algorithm.ED25519));
        assertThatThrownBy(() -> JwtIssuer.builder(KEY, "i", Duration.ofMinutes(1))
                        .policy(policy)
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void issue_isToldWithoutAnythingOfTheToken() {
        List<SecurityEvent> events = new ArrayList<>();
        JwtIssuer issuer = JwtIssuer.builder(KEY, "i", Duration.ofMinutes(1))
                .listener(events::add)
                .build();
        assertThat(issuer.token("a").subject("s3cret").issue()).isNotEmpty();
        assertThat(events).extracting(SecurityEvent::type).containsExactly(SecurityEvent.Type.SIGNED);
        assertThat(events.toString() + issuer).doesNotContain("s3cret");
    }

    @Test
    void claim_whatNoStrictReaderTakes_isRefused() {
        Object deep = "x";
        for (int i = 0; i < 32; i++) {
            deep = List.of(deep);
        }
        List<Object> refused = List.of(
                "\ud800",
                "a\udc00",
                "\ude00\ud83d",
                List.of("\ud800"),
                Map.of("\ud800", 1),
                Map.of("a", Map.of("b", "\udfff")),
                Map.of("x".repeat(257), 1),
                new BigDecimal("1E+500"),
                new BigDecimal("1E-500"),
                new BigDecimal("0E-401"),
                new BigDecimal("1." + "1".repeat(64)),
                BigInteger.TEN.pow(64),
                BigInteger.TWO.pow(10_000),
                new BigDecimal(BigInteger.TWO.pow(10_000)),
                deep);
        JwtIssuer issuer = JwtIssuer.builder(SigningKey.generate(Algorithm.ES256), "i", Duration.ofMinutes(1))
                .build();
        assertThat(refused)
                .allSatisfy(value -> assertThatThrownBy(() -> issuer.token("a").claim("c", value))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("c: no strict reader"));
        assertThatThrownBy(() -> issuer.token("a").claim("\ud800", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> issuer.token("a").subject("\ud800")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void claim_whatIsJustWithinTheLimits_isReadAgain() {
        Object deep = "x";
        for (int i = 0; i < 31; i++) {
            deep = List.of(deep);
        }
        SigningKey key = SigningKey.generate(Algorithm.ES256);
        String token = JwtIssuer.builder(key, "i", Duration.ofMinutes(1))
                .build()
                .token("a")
                .claim("text", "\ud83d\ude00")
                .claim("x".repeat(256), 1)
                .claim("large", new BigDecimal("1E+400"))
                .claim("small", new BigDecimal("-1E-400"))
                .claim(
                        "long",
                        BigInteger.TEN.pow(63).negate().subtract(BigInteger.ONE).divide(BigInteger.TEN))
                .claim("deep", deep)
                .issue();
        VerifiedJwt read = JwtVerifier.builder(KeyResolver.of(key.verificationKey()))
                .expectIssuer("i")
                .expectAudience("a")
                .expectType("JWT")
                .build()
                .verify(token);
        assertThat(read.claims().get("large")).isEqualTo(new BigDecimal("1E+400"));
    }
}
