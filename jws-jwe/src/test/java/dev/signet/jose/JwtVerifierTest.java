// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static dev.signet.jose.Forge.assertInvalid;
import static dev.signet.jose.Forge.assertRejected;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens a verifier accepts, and that every rule can be expected or ignored by name only. */
class JwtVerifierTest {
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ES256).withId("issuer-1");
    private static final KeyResolver KEYS = KeyResolver.of(KEY.verificationKey());
    private static final long NOW = 1_800_000_000;
    private static final long SKEW = 30;
    private static final long DAY = 86_400;
    private static final String HEADER = "{'alg':'ES256','kid':'issuer-1','typ':'JWT'}";

    private static JwtVerifier.Builder strict() {
        return JwtVerifier.builder(KEYS)
                .expectIssuer("https://issuer.example")
                .expectAudience("https://api.example")
                .expectType("JWT")
                .clock(at(NOW));
    }

    private static InstantSource at(long second) {
        return InstantSource.fixed(Instant.ofEpochSecond(second));
    }

    /** A token with these claims beside issuer and audience. */
    private static String token(String more) {
        return Forge.token(HEADER, "{'iss':'https://issuer.example','aud':'https://api.example'" + more + "}", KEY);
    }

    private static String claims(String claims) {
        return Forge.token(HEADER, claims, KEY);
    }

    private static String good() {
        return token(",'exp':" + (NOW + 300));
    }

    // ---- what is expected ------------------------------------------------------------------------------------------

    @Test
    void verify_everythingAsExpected_isAccepted() {
        VerifiedJwt jwt = strict().build()
                .verify(token(",'sub':'alice','nbf':1,'iat':" + NOW + ",'jti':'7','exp':" + (NOW + 300)));
        assertThat(jwt.issuer()).contains("https://issuer.example");
        assertThat(jwt.subject()).contains("alice");
        assertThat(jwt.notBefore()).contains(Instant.ofEpochSecond(1));
        assertThat(jwt.issuedAt()).contains(Instant.ofEpochSecond(NOW));
        assertThat(jwt.expiresAt()).contains(Instant.ofEpochSecond(NOW + 300));
        assertThat(jwt.jwtId()).contains("7");
        assertThat(jwt.key().id()).isEqualTo("issuer-1");
        assertThat(jwt.claimsJson()).startsWith('{').isNotSameAs(jwt.claimsJson());
    }

    @Test
    void verify_oneOfSeveralIssuersAndAudiences_isAccepted() {
        JwtVerifier verifier = JwtVerifier.builder(KEYS)
                .expectIssuer("https://other.example", "https://issuer.example")
                .expectAudience("a", "https://api.example")
                .expectType("JWT")
                .clock(at(NOW))
                .build();
        assertThat(verifier.verify(good()).audience()).containsExactly("https://api.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'iss':'https://issuer.example/'",
                "'iss':'HTTPS://issuer.example'",
                "'iss':' https://issuer.example'",
                "'iss':''",
                "'iss':['https://issuer.example']",
                "'iss':null",
                "'iss':1",
                "'iss':{'https://issuer.example':1}"
            })
    void verify_issuerThatIsNotExactlyTheExpectedString_isRejected(String iss) {
        String token = claims("{" + iss + ",'aud':'https://api.example','exp':" + (NOW + 300) + "}");
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> strict().build().verify(token));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'https://api.example/x'",
                "'https://api.exampl'",
                "''",
                "['a','b']",
                "['https://api.example',1]",
                "[null,'https://api.example']",
                "[['https://api.example']]",
                "{'https://api.example':true}",
                "null",
                "true",
                "0"
            })
    void verify_audienceOfOthersOrOfAnotherType_isRejected(String aud) {
        String token = claims("{'iss':'https://issuer.example','aud':" + aud + ",'exp':" + (NOW + 300) + "}");
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> strict().build().verify(token));
    }

    @Test
    void verify_audienceArrayWithThisParty_isAccepted() {
        String token =
                claims("{'iss':'https://issuer.example','aud':['x','https://api.example'],'exp':" + (NOW + 300) + "}");
        assertThat(strict().build().verify(token).audience()).containsExactly("x", "https://api.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'aud':'https://api.example','exp':1800000300}",
                "{'iss':'https://issuer.example','exp':1800000300}",
                "{'iss':'https://issuer.example','aud':[],'exp':1800000300}",
                "{'iss':'https://issuer.example','aud':'https://api.example'}",
                "{}"
            })
    void verify_claimThatIsExpectedAndAbsent_isRejected(String claims) {
        assertRejected(Reason.CLAIM_MISSING, () -> strict().build().verify(claims(claims)));
    }

    @Test
    void verify_ignoredIssuerAudienceAndType_mayBeAnything() {
        JwtVerifier lax = JwtVerifier.builder(KEYS)
                .ignoreIssuer()
                .ignoreAudience()
                .ignoreType()
                .clock(at(NOW))
                .build();
        assertThat(lax.verify(Forge.token("{'alg':'ES256'}", "{'exp':" + (NOW + 1) + "}", KEY))
                        .issuer())
                .isEmpty();
        assertThat(lax.verify(claims("{'iss':'x','aud':'y','exp':" + (NOW + 1) + "}"))
                        .audience())
                .containsExactly("y");
        assertRejected(Reason.CLAIM_MISSING, () -> lax.verify(claims("{}")));
    }

    @Test
    void verify_expectedSubject_mustBeThat() {
        JwtVerifier verifier = strict().expectSubject("alice").build();
        String exp = ",'exp':" + (NOW + 300);
        assertThat(verifier.verify(token(exp + ",'sub':'alice'")).subject()).contains("alice");
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> verifier.verify(token(exp + ",'sub':'Alice'")));
        assertRejected(Reason.CLAIM_MISSING, () -> verifier.verify(token(exp)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"'sub':null", "'sub':5", "'sub':['a']", "'jti':null", "'jti':7", "'jti':{}", "'client_id':1"})
    void verify_stringClaimOfAnotherType_isRejectedEvenIfNobodyAsks(String claim) {
        assertRejected(
                Reason.CLAIM_UNEXPECTED, () -> strict().build().verify(token("," + claim + ",'exp':" + (NOW + 300))));
    }

    @Test
    void verify_requiredClaim_mustBeThereAndNotNull() {
        JwtVerifier verifier = strict().requireClaims("tenant").build();
        assertThat(verifier.verify(token(",'tenant':1,'exp':" + (NOW + 9)))).isNotNull();
        assertRejected(Reason.CLAIM_MISSING, () -> verifier.verify(good()));
        assertRejected(Reason.CLAIM_MISSING, () -> verifier.verify(token(",'tenant':null,'exp':" + (NOW + 9))));
    }

    // ---- building --------------------------------------------------------------------------------------------------

    @Test
    void build_undecided_isRefusedNamingWhatIsOpen() {
        assertThatThrownBy(() -> JwtVerifier.builder(KEYS).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("ignoreIssuer()", "ignoreAudience()", "ignoreType()");
        assertBuildFails(b -> b.expectAudience("a").expectType("JWT"));
        assertBuildFails(b -> b.expectIssuer("i").expectType("JWT"));
        assertBuildFails(b -> b.expectIssuer("i").expectAudience("a"));
    }

    @Test
    void build_contradictingCalls_areRefused() {
        UnaryOperator<JwtVerifier.Builder> full =
                b -> b.expectIssuer("i").expectAudience("a").expectType("JWT");
        assertBuildFails(b -> full.apply(b).ignoreIssuer());
        assertBuildFails(b -> full.apply(b).ignoreAudience());
        assertBuildFails(b -> full.apply(b).ignoreType());
        assertBuildFails(b -> full.apply(b).ignoreConfirmation().requireProofOfPossession());
        assertBuildFails(b -> full.apply(b).ignoreExpiration().replayGuard(ReplayGuard.inMemory()));
        assertBuildFails(b -> full.apply(b).ignoreIssuedAt().maxAge(Duration.ofMinutes(1)));
        assertThatThrownBy(() -> strict().maxAge(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertBuildFails(UnaryOperator<JwtVerifier.Builder> calls) {
        assertThatThrownBy(() -> calls.apply(JwtVerifier.builder(KEYS)).build())
                .isInstanceOf(IllegalStateException.class);
    }

    // ---- time ------------------------------------------------------------------------------------------------------

    @Test
    void verify_lastSecondWithinSkew_isAccepted() {
        assertThat(strict().build().verify(token(",'exp':" + (NOW - SKEW + 1)))).isNotNull();
        assertThat(strict().build().verify(token(",'exp':" + (NOW + 60) + ",'nbf':" + (NOW + SKEW))))
                .isNotNull();
        assertThat(strict().build().verify(token(",'exp':" + (NOW + 60) + ",'iat':" + (NOW + SKEW))))
                .isNotNull();
    }

    @Test
    void verify_expiredOneSecondBeyondSkew_isRejected() {
        assertRejected(Reason.EXPIRED, () -> strict().build().verify(token(",'exp':" + (NOW - SKEW))));
        assertRejected(Reason.EXPIRED, () -> strict().build().verify(token(",'exp':0")));
        SecurityPolicy exact = SecurityPolicy.recommended2026().withClockSkew(Duration.ZERO);
        assertRejected(Reason.EXPIRED, () -> strict().policy(exact).build().verify(token(",'exp':" + NOW)));
        assertThat(strict().policy(exact).build().verify(token(",'exp':" + (NOW + 1))))
                .isNotNull();
    }

    @Test
    void verify_notBeforeOneSecondBeyondSkew_isRejectedUnlessIgnored() {
        String token = token(",'exp':" + (NOW + 60) + ",'nbf':" + (NOW + SKEW + 1));
        assertRejected(Reason.NOT_YET_VALID, () -> strict().build().verify(token));
        assertThat(strict().ignoreNotBefore().build().verify(token)).isNotNull();
    }

    @Test
    void verify_issuedOneSecondBeyondSkew_isRejectedUnlessIgnored() {
        String token = token(",'exp':" + (NOW + 60) + ",'iat':" + (NOW + SKEW + 1));
        assertRejected(Reason.CREATED_IN_FUTURE, () -> strict().build().verify(token));
        assertThat(strict().ignoreIssuedAt().build().verify(token)).isNotNull();
    }

    @Test
    void verify_expirationIgnored_acceptsWhatExpiredAndWhatNeverDoes() {
        JwtVerifier verifier = strict().ignoreExpiration().build();
        assertThat(verifier.verify(token(""))).isNotNull();
        assertThat(verifier.verify(token(",'exp':1"))).isNotNull();
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> verifier.verify(token(",'exp':'never'")));
    }

    @ParameterizedTest
    @CsvSource({
        "exp, -1",
        "exp, 1800000300.0",
        "exp, 1800000300.5",
        "exp, 1.8e9",
        "exp, 1e3",
        "exp, 253402300800",
        "exp, 9223372036854775807",
        "exp, 9223372036854775808",
        "exp, 99999999999999999999999",
        "exp, '''1800000300'''",
        "exp, null",
        "exp, true",
        "exp, [1800000300]",
        "exp, {}",
        "nbf, -1",
        "nbf, '''0'''",
        "nbf, null",
        "nbf, 0.0",
        "iat, -5",
        "iat, null",
        "iat, '''1'''",
        "iat, 18446744073709551616"
    })
    void verify_timeThatIsNoWholeSecondOfOurEra_isRejected(String name, String value) {
        String exp = name.equals("exp") ? "" : ",'exp':" + (NOW + 300);
        String token = token(exp + ",'" + name + "':" + value);
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> strict().build().verify(token));
        // Also where the claim is not looked at otherwise.
        JwtVerifier lax =
                strict().ignoreNotBefore().ignoreIssuedAt().ignoreExpiration().build();
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> lax.verify(token));
    }

    @Test
    void verify_timeAsLiteralThatIsNoJson_isInvalid() {
        for (String value : List.of("+1800000300", "01800000300", "0x6b49d200", "NaN", "Infinity", "1800000300L")) {
            assertInvalid(() -> strict().build().verify(token(",'exp':" + value)));
        }
    }

    @Test
    void verify_lifetimeBeyondThePolicy_isRejectedWithAndWithoutIat() {
        JwtVerifier verifier = strict().build();
        assertThat(verifier.verify(token(",'iat':" + NOW + ",'exp':" + (NOW + DAY))))
                .isNotNull();
        assertRejected(
                Reason.LIFETIME_TOO_LONG, () -> verifier.verify(token(",'iat':" + NOW + ",'exp':" + (NOW + DAY + 1))));
        assertRejected(
                Reason.LIFETIME_TOO_LONG,
                () -> verifier.verify(token(",'iat':" + (NOW - DAY) + ",'exp':" + (NOW + 1))));
        assertThat(verifier.verify(token(",'exp':" + (NOW + DAY - SKEW)))).isNotNull();
        assertRejected(Reason.LIFETIME_TOO_LONG, () -> verifier.verify(token(",'exp':" + (NOW + DAY - SKEW + 1))));
    }

    @Test
    void verify_timeOfIssueAheadAndIgnored_doesNotHideALongLifetime() {
        JwtVerifier verifier = strict().ignoreIssuedAt().build();
        String token = token(",'iat':" + (NOW + 10 * DAY - 1) + ",'exp':" + (NOW + 10 * DAY));
        assertRejected(Reason.LIFETIME_TOO_LONG, () -> verifier.verify(token));
    }

    @Test
    void verify_issuedTooLongAgo_isRejected() {
        JwtVerifier verifier = strict().maxAge(Duration.ofSeconds(60)).build();
        String exp = ",'exp':" + (NOW + 60) + ",'iat':";
        assertThat(verifier.verify(token(exp + (NOW - 60 - SKEW)))).isNotNull();
        assertRejected(Reason.TOO_OLD, () -> verifier.verify(token(exp + (NOW - 61 - SKEW))));
        assertRejected(Reason.CLAIM_MISSING, () -> verifier.verify(good()));
    }

    // ---- form ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'iss':'https://issuer.example','iss':'https://issuer.example','aud':'https://api.example','exp':1800000300}",
                "{'iss':'https://issuer.example','aud':'https://api.example','exp':1800000300,'\\u0065xp':1900000000}",
                "{'iss':'https://issuer.example','aud':'https://api.example','exp':1800000300,'a':{'b':1,'b':2}}",
                "{'iss':'https://issuer.example','aud':'https://api.example','exp':1800000300} {}",
                "{'iss':'https://issuer.example','aud':'https://api.example','exp':1800000300,}",
                "['iss']",
                "'text'",
                "1800000300",
                "null",
                "",
                "eyJhbGciOiJub25lIn0.e30."
            })
    void verify_claimsThatAreNoStrictObject_areInvalid(String claims) {
        assertInvalid(() -> strict().build().verify(claims(claims)));
    }

    @Test
    void verify_tokenOverTheLimit_isTooLargeBeforeTheKeyIsAskedFor() {
        JwtVerifier verifier = JwtVerifier.builder(id -> {
                    throw new AssertionError("asked");
                })
                .ignoreIssuer()
                .ignoreAudience()
                .ignoreType()
                .build();
        int max = SecurityPolicy.recommended2026().limits().maxTokenBytes();
        assertThatThrownBy(() -> verifier.verify("a".repeat(max + 1)))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b", "a.b.c.d", "....", "e30.e30.", "e30..e30", "\u0000", "{}", " a.b.c"})
    void verify_noToken_isInvalid(String text) {
        assertInvalid(() -> strict().build().verify(text));
    }

    @Test
    void verify_whitespaceOrPaddingAroundAGoodToken_isInvalid() {
        String good = good();
        for (String text : List.of(" " + good, good + "\n", good + "=", good.replaceFirst("\\.", "=."))) {
            assertInvalid(() -> strict().build().verify(text));
        }
    }

    // ---- signature and type ----------------------------------------------------------------------------------------

    @Test
    void verify_unsignedOrForeign_isRejected() {
        String claims = "{'iss':'https://issuer.example','aud':'https://api.example','exp':1800000300}";
        for (String alg : List.of("none", "None", "NONE", "nOnE", " none", "HS256", "ES384", "es256")) {
            String token = Forge.token("{'alg':'" + alg + "','kid':'issuer-1','typ':'JWT'}", claims, KEY);
            assertRejected(Reason.ALGORITHM_MISMATCH, () -> strict().build().verify(token));
            String bare = token.substring(0, token.lastIndexOf('.') + 1);
            assertThat(catchThrowable(() -> strict().build().verify(bare)))
                    .isInstanceOfAny(InvalidMessageException.class, VerificationException.class);
        }
        SigningKey other = SigningKey.generate(Algorithm.ES256);
        assertRejected(Reason.SIGNATURE_INVALID, () -> strict().build().verify(Forge.token(HEADER, claims, other)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "application/JWT", "APPLICATION/jwt"})
    void verify_typeInAnySpellingOfItsMediaType_isAccepted(String typ) {
        String token = withType("'" + typ + "'");
        assertThat(strict().build().verify(token)).isNotNull();
        assertThat(strict().expectType("application/jwt").build().verify(token)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "at+jwt",
                "application/at+jwt",
                "dpop+jwt",
                "secevent+jwt",
                "logout+jwt",
                "text/jwt",
                "JWT ",
                "",
                "application/application/jwt",
                "application/jwt;a=b"
            })
    void verify_tokenOfAnotherType_isRejected(String typ) {
        assertRejected(Reason.TYPE_UNEXPECTED, () -> strict().build().verify(withType("'" + typ + "'")));
    }

    @Test
    void verify_noTypeOrOneThatIsNoString_isRefused() {
        String untyped = Forge.token("{'alg':'ES256','kid':'issuer-1'}", "{'exp':1800000300}", KEY);
        assertRejected(Reason.TYPE_UNEXPECTED, () -> strict().build().verify(untyped));
        assertInvalid(() -> strict().build().verify(withType("null")));
        assertInvalid(() -> strict().build().verify(withType("['JWT']")));
    }

    private static String withType(String typ) {
        return Forge.token(
                "{'alg':'ES256','kid':'issuer-1','typ':" + typ + "}",
                "{'iss':'https://issuer.example','aud':'https://api.example','exp':1800000300}",
                KEY);
    }

    @Test
    void verify_keyInsideTheHeader_isNotUsed() {
        SigningKey attacker = SigningKey.generate(Algorithm.ES256);
        String jwk = new String(JsonText.write(JwkWriter.publicMembers(attacker.verificationKey())), UTF_8);
        String header = "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"jwk\":" + jwk + "}";
        assertRejected(Reason.SIGNATURE_INVALID, () -> strict().build().verify(Forge.token(header, "{}", attacker)));
    }

    /** RFC 7519, 3.1, with the key of RFC 7515, A.1: a token without audience, from 2011. */
    @Test
    void verify_exampleOfRfc7519_isAcceptedAtItsTimeOnly() {
        byte[] secret = Base64Url.decode(
                "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
        String token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
                + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
                + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        JwtVerifier.Builder builder = JwtVerifier.builder(
                        KeyResolver.of(VerificationKey.hmac(Algorithm.HS256, SecretBytes.copyOf(secret))))
                .expectIssuer("joe")
                .ignoreAudience()
                .expectType("JWT");
        VerifiedJwt jwt = builder.clock(at(1_300_819_379)).build().verify(token);
        assertThat(jwt.claims().bool("http://example.com/is_root")).contains(true);
        assertRejected(
                Reason.EXPIRED,
                () -> builder.clock(at(1_300_819_380 + SKEW)).build().verify(token));
    }

    // ---- replay ----------------------------------------------------------------------------------------------------

    @Test
    void verify_onceExpectedAndComingTwice_isAReplay() {
        JwtVerifier verifier =
                strict().replayGuard(ReplayGuard.inMemory(10, 10, at(NOW))).build();
        String token = token(",'jti':'a','exp':" + (NOW + 300));
        assertThat(verifier.verify(token)).isNotNull();
        assertRejected(Reason.REPLAYED, () -> verifier.verify(token));
        // Signed anew, it is still the same token.
        assertRejected(Reason.REPLAYED, () -> verifier.verify(token(",'exp':" + (NOW + 300) + ",'jti':'a'")));
    }

    @Test
    void verify_onceByAnotherVerifierWithMoreSkew_isAReplayToTheLastSecond() {
        long exp = NOW + 60;
        String token = token(",'jti':'a','exp':" + exp);
        SecurityPolicy none = SecurityPolicy.recommended2026().withClockSkew(Duration.ZERO);
        SecurityPolicy most = SecurityPolicy.recommended2026().withClockSkew(Duration.ofMinutes(5));
        for (long second = NOW; second < exp + 300; second++) {
            AtomicLong now = new AtomicLong(NOW);
            InstantSource clock = () -> Instant.ofEpochSecond(now.get());
            ReplayGuard guard = ReplayGuard.inMemory(10, 10, clock);
            strict().policy(none).clock(clock).replayGuard(guard).build().verify(token);
            now.set(second);
            JwtVerifier other =
                    strict().policy(most).clock(clock).replayGuard(guard).build();
            assertRejected(Reason.REPLAYED, () -> other.verify(token));
        }
    }

    @Test
    void verify_onceByAnotherIssuerWithTheSameKeyId_isFresh() {
        ReplayGuard guard = ReplayGuard.inMemory(10, 10, at(NOW));
        String claims = "{'jti':'1','exp':" + (NOW + 60) + "}";
        for (int issuer = 0; issuer < 2; issuer++) {
            SigningKey own = SigningKey.generate(Algorithm.ES256).withId("1");
            String token = Forge.token("{'alg':'ES256','kid':'1'}", claims, own);
            JwtVerifier verifier = JwtVerifier.builder(KeyResolver.of(own.verificationKey()))
                    .ignoreType()
                    .ignoreIssuer()
                    .ignoreAudience()
                    .replayGuard(guard)
                    .clock(at(NOW))
                    .build();
            assertThat(verifier.verify(token).key().id()).isEqualTo("1");
            assertRejected(Reason.REPLAYED, () -> verifier.verify(token));
        }
    }

    @Test
    void verify_onceExpectedWithoutUsableId_isRejected() {
        JwtVerifier verifier = strict().replayGuard((key, nonce, until) -> ReplayGuard.Claim.FIRST)
                .build();
        String exp = ",'exp':" + (NOW + 300);
        assertRejected(Reason.CLAIM_MISSING, () -> verifier.verify(token(exp)));
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> verifier.verify(token(exp + ",'jti':''")));
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> verifier.verify(token(exp + ",'jti':'" + "x".repeat(257) + "'")));
    }

    @Test
    void verify_onceExpectedByTwoThreads_isAcceptedByOne() throws Exception {
        JwtVerifier verifier =
                strict().replayGuard(ReplayGuard.inMemory(1000, 1000, at(NOW))).build();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 50; i++) {
                String token = token(",'jti':'" + i + "','exp':" + (NOW + 300));
                Callable<Boolean> attempt = () -> catchThrowable(() -> verifier.verify(token)) == null;
                int accepted = 0;
                for (var result : threads.invokeAll(List.of(attempt, attempt))) {
                    accepted += result.get() ? 1 : 0;
                }
                assertThat(accepted).isEqualTo(1);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void verify_replayGuardThatCannotAnswer_isNoVerdict() {
        String token = token(",'jti':'a','exp':" + (NOW + 300));
        JwtVerifier full = strict().replayGuard((key, nonce, until) -> ReplayGuard.Claim.FULL)
                .build();
        assertThatThrownBy(() -> full.verify(token)).isInstanceOf(UnavailableException.class);
        JwtVerifier down = strict().replayGuard((key, nonce, until) -> {
                    throw new UnavailableException("down");
                })
                .build();
        assertThatThrownBy(() -> down.verify(token)).isInstanceOf(UnavailableException.class);
        JwtVerifier quota = strict().replayGuard((key, nonce, until) -> ReplayGuard.Claim.QUOTA_EXCEEDED)
                .build();
        assertRejected(Reason.REPLAY_QUOTA_EXCEEDED, () -> quota.verify(token));
    }

    @Test
    void verify_refusedToken_isNotRemembered() {
        List<Instant> claimed = new ArrayList<>();
        JwtVerifier verifier = strict().requireClaims("tenant")
                .replayGuard((key, nonce, until) -> {
                    claimed.add(until);
                    return ReplayGuard.Claim.FIRST;
                })
                .build();
        String jti = ",'jti':'a','exp':" + (NOW + 300);
        assertRejected(Reason.CLAIM_MISSING, () -> verifier.verify(token(jti)));
        assertRejected(
                Reason.POSSESSION_NOT_PROVEN, () -> verifier.verify(token(jti + ",'tenant':'t','cnf':{'jkt':'x'}")));
        assertThat(claimed).isEmpty();
        verifier.verify(token(jti + ",'tenant':'t'"));
        // As long as any policy accepts it, and no shorter.
        assertThat(claimed).containsExactly(Instant.ofEpochSecond(NOW + 300 + 300));
    }

    // ---- binding ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"{'jkt':'x'}", "{'x5t#S256':'x'}", "{}", "{'jwk':{}}", "{'kid':'a'}", "{'unknown':1}"})
    void verify_boundTokenWithoutProof_isRejectedUnlessIgnored(String cnf) {
        String token = token(",'exp':" + (NOW + 300) + ",'cnf':" + cnf);
        assertRejected(Reason.POSSESSION_NOT_PROVEN, () -> strict().build().verify(token));
        assertThat(strict().ignoreConfirmation().build().verify(token)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "'jkt'", "[]", "true"})
    void verify_confirmationThatIsNoObject_isRejected(String cnf) {
        String token = token(",'exp':" + (NOW + 300) + ",'cnf':" + cnf);
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> strict().build().verify(token));
        assertRejected(
                Reason.CLAIM_UNEXPECTED,
                () -> strict().ignoreConfirmation().build().verify(token));
    }

    @Test
    void verify_unboundTokenWhereProofIsRequired_isRejected() {
        assertRejected(
                Reason.POSSESSION_NOT_PROVEN,
                () -> strict().requireProofOfPossession().build().verify(good()));
    }

    // ---- what is told ----------------------------------------------------------------------------------------------

    @Test
    void verify_eachVerdict_isToldOnceWithoutAnythingOfTheToken() {
        List<SecurityEvent> events = new ArrayList<>();
        JwtVerifier verifier = strict().listener(events::add).build();
        verifier.verify(token(",'sub':'s3cret-subject','exp':" + (NOW + 300)));
        assertRejected(Reason.EXPIRED, () -> verifier.verify(token(",'sub':'s3cret-subject','exp':1")));
        assertInvalid(() -> verifier.verify("s3cret-subject"));
        String header = "{'alg':'ES256','kid':'s3cret-subject','typ':'JWT'}";
        assertRejected(Reason.KEY_UNKNOWN, () -> verifier.verify(Forge.token(header, "{}", KEY)));
        assertThat(events).extracting(SecurityEvent::format).containsOnly("jwt");
        assertThat(events)
                .extracting(SecurityEvent::code)
                .containsExactly("ok", "expired", "message-malformed", "key-unknown");
        assertThat(events.get(1).key()).map(SecurityEvent.KeyName::id).contains("issuer-1");
        assertThat(events.get(3).key()).isEmpty();
        assertThat(events.toString()).doesNotContain("s3cret");
    }

    @Test
    void verify_keySourceDown_isToldAsUnavailable() {
        List<SecurityEvent> events = new ArrayList<>();
        JwtVerifier verifier = JwtVerifier.builder(id -> {
                    throw new UnavailableException("down");
                })
                .ignoreIssuer()
                .ignoreAudience()
                .ignoreType()
                .listener(events::add)
                .build();
        assertThatThrownBy(() -> verifier.verify(good())).isInstanceOf(UnavailableException.class);
        assertThat(events).extracting(SecurityEvent::type).containsExactly(SecurityEvent.Type.UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",'s3cret':1,'s3cret':2",
                ",'exp':'s3cret'",
                ",'exp':1800000300,'sub':{'s3cret':1}",
                ",'exp':1800000300,'cnf':'s3cret'",
                ",'exp':1800000300,'cnf':{'s3cret':1}",
                ",'exp':1,'s3cret':1",
                ",'s3cret"
            })
    void verify_anyRefusal_quotesNothingOfTheToken(String claims) {
        Throwable refusal = catchThrowable(() -> strict().build().verify(token(claims)));
        assertThat(refusal).isNotNull();
        for (Throwable t = refusal; t != null; t = t.getCause()) {
            assertThat(t.toString()).doesNotContain("s3cret");
        }
    }

    @Test
    void toString_ofAVerifiedToken_namesTheKeyOnly() {
        VerifiedJwt jwt = strict().build().verify(token(",'s3cret':'s3cret','exp':" + (NOW + 300)));
        assertThat(jwt).hasToString("VerifiedJwt[key=issuer-1]");
        assertThat(strict().build().toString()).contains("https://api.example").doesNotContain("issuer-1");
    }

    @Test
    void claims_readAsAnotherType_areRefusedNotConverted() {
        VerifiedJwt jwt = strict().build().verify(token(",'scope':['a'],'n':'1','exp':" + (NOW + 300)));
        assertRejected(Reason.CLAIM_UNEXPECTED, jwt::scopes);
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> jwt.claims().integer("n"));
        assertThat(jwt.clientId()).isEmpty();
    }
}
