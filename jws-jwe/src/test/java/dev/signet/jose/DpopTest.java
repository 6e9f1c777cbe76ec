// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static dev.signet.jose.Forge.assertInvalid;
import static dev.signet.jose.Forge.assertRejected;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9449, 4.3, step by step: proofs that keep all rules but one. */
class DpopTest {
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ES256);
    private static final long NOW = 1_800_000_000;
    private static final URI TARGET = URI.create("https://api.example/pay");
    private static final String TOKEN = "an.access.token";

    /** RFC 9449, 4.1 to 7.1. */
    private static final String RFC_JWK = "{\"kty\":\"EC\",\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\","
            + "\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\",\"crv\":\"P-256\"}";

    private static final String RFC_JKT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    private static final String RFC_TOKEN = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    private static final String RFC_HEADER = "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":" + RFC_JWK + "}";

    private static InstantSource at(long second) {
        return InstantSource.fixed(Instant.ofEpochSecond(second));
    }

    private static DpopVerifier.Builder builder() {
        return DpopVerifier.builder().clock(at(NOW));
    }

    private static VerificationKey verify(String proof) {
        return builder().build().verify(List.of(proof), "POST", TARGET).key();
    }

    @Test
    void verify_proof_saysWhatItProves() {
        SigningKey key = SigningKey.generate(Algorithm.ES256);
        URI target = URI.create("https://server.example/things?part=1");
        String proof =
                DpopProver.of(key, SecurityPolicy.recommended2026(), at(NOW)).prove("PUT", target);
        VerifiedDpop verified = builder().build().verify(List.of(proof), "PUT", target);
        assertThat(verified.key().publicKey()).isEqualTo(key.verificationKey().publicKey());
        assertThat(verified.key().id())
                .isEqualTo(key.verificationKey().thumbprint().orElseThrow());
        assertThat(verified.jwtId()).hasSize(22);
        assertThat(verified.issuedAt()).isEqualTo(Instant.ofEpochSecond(NOW));
        assertThat(verified.method()).isEqualTo("PUT");
        assertThat(verified.target()).isEqualTo(target);
        assertThat(verified.toString())
                .contains(verified.key().id())
                .doesNotContain(verified.jwtId(), "server.example");
    }

    @Test
    void verify_proofOlderThanMaxAge_isTooOld() {
        String proof = DpopProver.of(SigningKey.generate(Algorithm.ES256), SecurityPolicy.recommended2026(), at(NOW))
                .prove("POST", TARGET);
        DpopVerifier.Builder strict = DpopVerifier.builder().ignoreReplay().maxAge(Duration.ofSeconds(60));
        strict.clock(at(NOW + 60)).build().verify(List.of(proof), "POST", TARGET);
        assertRejected(Reason.TOO_OLD, () -> strict.clock(at(NOW + 61)).build().verify(List.of(proof), "POST", TARGET));
        // The policy's 5 minutes are the most.
        assertRejected(
                Reason.TOO_OLD,
                () -> strict.maxAge(Duration.ofHours(1))
                        .clock(at(NOW + 301))
                        .build()
                        .verify(List.of(proof), "POST", TARGET));
    }

    @Test
    void build_guardThatIsIgnored_isContradictory() {
        assertThatThrownBy(() -> builder()
                        .ignoreReplay()
                        .replayGuard(ReplayGuard.inMemory())
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(builder().ignoreReplay().build().toString()).contains("ignoreReplay");
        assertThat(builder().build().toString()).doesNotContain("ignore");
    }

    private static String jwk(VerificationKey key) {
        return new String(JsonText.write(JwkWriter.publicMembers(key)), UTF_8);
    }

    private static String header(String typ, String alg, String jwk) {
        return "{'typ':'" + typ + "','alg':'" + alg + "','jwk':" + jwk + "}";
    }

    private static String goodHeader() {
        return header("dpop+jwt", "ES256", jwk(KEY.verificationKey()));
    }

    private static String claims(String more) {
        return "{'jti':'a','htm':'POST','htu':'https://api.example/pay','iat':" + NOW + more + "}";
    }

    private static String withHeader(String header) {
        return Forge.token(header, claims(""), KEY);
    }

    private static String withClaims(String claims) {
        return Forge.token(goodHeader(), claims, KEY);
    }

    private static JsonObject boundTo(String jkt) {
        return new JsonObject(Map.of("jkt", jkt), Reason.CLAIM_UNEXPECTED);
    }

    private static String jkt() {
        return KEY.verificationKey().thumbprint().orElseThrow();
    }

    @Test
    void verify_forgeThatBreaksNothing_isAccepted() {
        assertThat(verify(withClaims(claims(""))).thumbprint()).contains(jkt());
    }

    // ---- the RFC's own figures -------------------------------------------------------------------------------------

    @Test
    void verify_proofOfSection41_isAcceptedAtItsTimeOnly() {
        String proof = Forge.encode(RFC_HEADER) + "."
                + Forge.encode(
                        "{\"jti\":\"-BwC3ESc6acc2lTc\",\"htm\":\"POST\",\"htu\":\"https://server.example.com/token\","
                                + "\"iat\":1562262616}")
                + ".2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
        URI endpoint = URI.create("https://server.example.com/token");
        DpopVerifier verifier = DpopVerifier.builder().clock(at(1_562_262_616)).build();
        assertThat(verifier.verify(List.of(proof), "POST", endpoint).key().thumbprint())
                .contains(RFC_JKT);
        assertRejected(Reason.TOO_OLD, () -> DpopVerifier.builder().build().verify(List.of(proof), "POST", endpoint));
    }

    @Test
    void verify_proofOfSection71_holdsForItsTokenAndKeyOnly() {
        assertThat(Thumbprints.sha256(RFC_TOKEN.getBytes(UTF_8)))
                .isEqualTo("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
        String proof = Forge.encode(RFC_HEADER) + "."
                + Forge.encode("{\"jti\":\"e1j3V_bKic8-LAEB\",\"htm\":\"GET\","
                        + "\"htu\":\"https://resource.example.org/protectedresource\",\"iat\":1562262618,"
                        + "\"ath\":\"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo\"}")
                + ".2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
        DpopVerifier verifier =
                DpopVerifier.builder().clock(at(1_562_262_618)).ignoreReplay().build();
        URI target = URI.create("https://resource.example.org/protectedresource");
        verifier.verifyBound(List.of(proof), "GET", target, RFC_TOKEN, boundTo(RFC_JKT));
        assertRejected(
                Reason.CLAIM_UNEXPECTED,
                () -> verifier.verifyBound(List.of(proof), "GET", target, RFC_TOKEN + "x", boundTo(RFC_JKT)));
        assertRejected(
                Reason.POSSESSION_NOT_PROVEN,
                () -> verifier.verifyBound(List.of(proof), "GET", target, RFC_TOKEN, boundTo(jkt())));
    }

    // ---- steps 1 to 3 ----------------------------------------------------------------------------------------------

    @Test
    void verify_noFieldOrTwo_isRejected() {
        String proof = withClaims(claims(""));
        DpopVerifier verifier = builder().build();
        assertInvalid(() -> verifier.verify(List.of(), "POST", TARGET));
        assertInvalid(() -> verifier.verify(List.of(proof, proof), "POST", TARGET));
        assertInvalid(() -> verifier.verify(List.of(proof + ", " + proof), "POST", TARGET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a.b.c.d", "e30.e30.e30", "bm90IGpzb24.e30.AAAA", "[]", "\u00e9.e30.AAAA"})
    void verify_noWellFormedToken_isInvalid(String proof) {
        assertInvalid(() -> verify(proof));
    }

    @Test
    void verify_proofOverTheLimit_isTooLarge() {
        int max = SecurityPolicy.recommended2026().limits().maxTokenBytes();
        assertInvalid(() -> verify("a".repeat(max + 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jti", "htm", "htu", "iat"})
    void verify_requiredClaimAbsent_isRejected(String name) {
        String claims = claims("").replace("'" + name + "'", "'x'");
        assertRejected(Reason.CLAIM_MISSING, () -> verify(withClaims(claims)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'jti':1",
                "'jti':null",
                "'jti':''",
                "'htm':null",
                "'htm':['POST']",
                "'htu':{}",
                "'iat':'1'",
                "'iat':1800000000.0",
                "'iat':-1",
                "'iat':null"
            })
    void verify_claimOfAnotherType_isRejected(String claim) {
        String name = claim.substring(0, claim.indexOf(':'));
        String claims = claims("").replaceFirst(name + ":[^,}]*(//[^,}]*)?", claim);
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> verify(withClaims(claims)));
    }

    @Test
    void verify_duplicateMember_isInvalid() {
        assertInvalid(() -> verify(withClaims(claims(",'htm':'POST'"))));
        assertInvalid(() -> verify(withClaims(claims(",'h\\u0074m':'GET'"))));
        assertInvalid(() -> verify(withHeader(goodHeader().replace("'alg'", "'alg':'ES256','alg'"))));
    }

    // ---- steps 4 to 7 ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "at+jwt", "dpop", "dpop+jwt ", "text/dpop+jwt", ""})
    void verify_anotherType_isRejected(String typ) {
        String header = header(typ, "ES256", jwk(KEY.verificationKey()));
        assertRejected(Reason.TYPE_UNEXPECTED, () -> verify(withHeader(header)));
    }

    @Test
    void verify_noType_isRejected() {
        assertRejected(
                Reason.TYPE_UNEXPECTED, () -> verify(withHeader(goodHeader().replace("'typ':'dpop+jwt',", ""))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "ES384", "es256", "RS256", "Ed25519", "dir"})
    void verify_algorithmThatIsNotTheKeys_isRejected(String alg) {
        String header = header("dpop+jwt", alg, jwk(KEY.verificationKey()));
        assertRejected(Reason.ALGORITHM_MISMATCH, () -> verify(withHeader(header)));
    }

    @Test
    void verify_algorithmOutsideThePolicy_isRejected() {
        DpopVerifier verifier = builder()
                .policy(SecurityPolicy.recommended2026().withAlgorithms(Set.of(Algorithm.ED25519)))
                .build();
        assertRejected(
                Reason.ALGORITHM_NOT_ALLOWED, () -> verifier.verify(List.of(withClaims(claims(""))), "POST", TARGET));
    }

    @Test
    void verify_signatureOfAnotherKeyOrOverOtherClaims_isRejected() {
        SigningKey other = SigningKey.generate(Algorithm.ES256);
        assertRejected(Reason.SIGNATURE_INVALID, () -> verify(Forge.token(goodHeader(), claims(""), other)));
        String good = withClaims(claims(""));
        String changed = good.substring(0, good.indexOf('.') + 1)
                + Forge.encode(claims(",'x':1").replace('\'', '"'))
                + good.substring(good.lastIndexOf('.'));
        assertRejected(Reason.SIGNATURE_INVALID, () -> verify(changed));
        assertInvalid(() -> verify(good.substring(0, good.lastIndexOf('.') + 1) + "="));
    }

    @Test
    void verify_rememberedHeader_letsNoOtherProofThrough() {
        DpopVerifier verifier = builder().build();
        verifier.verify(List.of(withClaims(claims(""))), "POST", TARGET);
        SigningKey other = SigningKey.generate(Algorithm.ES256);
        String forged = Forge.token(goodHeader(), claims("").replace("'a'", "'b'"), other);
        assertRejected(Reason.SIGNATURE_INVALID, () -> verifier.verify(List.of(forged), "POST", TARGET));
        String wrongMethod = withClaims(claims("").replace("'a'", "'c'").replace("POST", "GET"));
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> verifier.verify(List.of(wrongMethod), "POST", TARGET));
        // A header that was refused once is refused again.
        String secret = withHeader(header("dpop+jwt", "HS256", "{'kty':'oct','k':'AAAA'}"));
        assertInvalid(() -> verifier.verify(List.of(secret), "POST", TARGET));
        assertInvalid(() -> verifier.verify(List.of(secret), "POST", TARGET));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "'text'",
                "[]",
                "{}",
                "{'kty':1}",
                "{'kty':'EC'}",
                "{'kty':'EC','crv':'P-256'}",
                "{'kty':'EC','crv':'secp256k1','x':'AA','y':'AA'}",
                "{'kty':'RSA','n':'AQAB','e':'AQAB'}",
                "{'kty':'oct','k':'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U'}",
                "{'kty':'OKP','crv':'Ed25519','x':'AA'}",
                "{'kty':'XYZ'}"
            })
    void verify_jwkThatIsNoPublicKey_isInvalid(String jwk) {
        assertInvalid(() -> verify(withHeader(header("dpop+jwt", "ES256", jwk))));
        assertInvalid(() -> verify(withHeader(header("dpop+jwt", "HS256", jwk))));
    }

    @Test
    void verify_noJwk_isInvalidEvenWithOtherNamesOfKeys() {
        assertInvalid(() -> verify(withHeader("{'typ':'dpop+jwt','alg':'ES256','kid':'" + jkt() + "'}")));
        assertInvalid(() -> verify(withHeader("{'typ':'dpop+jwt','alg':'ES256','jku':'https://a.example/'}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'d':'AQ'", "'d':null", "'use':'enc'", "'key_ops':['sign']", "'alg':'ES384'", "'kid':1"})
    void verify_jwkThatIsPrivateOrForAnotherPurpose_isInvalid(String member) {
        String jwk = jwk(KEY.verificationKey());
        String with = jwk.substring(0, jwk.length() - 1) + "," + member + "}";
        assertInvalid(() -> verify(withHeader(header("dpop+jwt", "ES256", with))));
    }

    @Test
    void verify_kidInTheProof_namesNobody() {
        List<SecurityEvent> events = new ArrayList<>();
        String jwk = jwk(KEY.verificationKey());
        String named = jwk.substring(0, jwk.length() - 1) + ",'kid':'admin'}";
        String header = "{'typ':'dpop+jwt','alg':'ES256','kid':'root','jwk':" + named + "}";
        VerificationKey key = builder()
                .listener(events::add)
                .build()
                .verify(List.of(withHeader(header)), "POST", TARGET)
                .key();
        assertThat(key.id()).isEqualTo(jkt());
        assertThat(events.toString()).contains(jkt()).doesNotContain("admin", "root");
    }

    @Test
    void verify_criticalHeader_isNotUnderstood() {
        String header = goodHeader().replace("'alg'", "'crit':['x'],'x':1,'alg'");
        assertRejected(Reason.CRITICAL_NOT_UNDERSTOOD, () -> verify(withHeader(header)));
    }

    // ---- steps 8 and 9 ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"GET", "post", "POST ", "", "*"})
    void verify_anotherMethod_isRejected(String htm) {
        assertRejected(
                Reason.CLAIM_UNEXPECTED, () -> verify(withClaims(claims("").replace("POST", htm))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example/pay",
                "HTTPS://API.Example/pay",
                "https://api.example:443/pay",
                "https://api.example:/pay",
                "https://api.example/pay?a=b",
                "https://api.example/pay#x",
                "https://api.example/%70ay",
                "https://api.example/x/../pay",
                "https://api.example/./pay"
            })
    void verify_sameTargetInAnotherSpelling_isAccepted(String htu) {
        assertThat(verify(withClaims(claims("").replace("https://api.example/pay", htu))))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.example/pay",
                "https://api.example:444/pay",
                "https://api.example:80/pay",
                "https://api.example/Pay",
                "https://api.example/pay/",
                "https://api.example/",
                "https://api.example",
                "https://api.example.evil/pay",
                "https://api.example@evil.example/pay",
                "https://user@api.example/pay",
                "https://api.example//pay",
                "https://api.example/%2Fpay",
                "https://api.example/pay%2F..",
                "https://api.example/pay;a=b",
                "/pay",
                "//api.example/pay",
                "api.example/pay",
                "https:/pay",
                "https:api.example/pay",
                "urn:a:b",
                "",
                " ",
                "https://[/pay",
                "https://api.example/%zz",
                "https://api_.example/pay"
            })
    void verify_anotherTargetOrNone_isRejected(String htu) {
        assertRejected(
                Reason.CLAIM_UNEXPECTED, () -> verify(withClaims(claims("").replace("https://api.example/pay", htu))));
    }

    @ParameterizedTest
    @CsvSource({
        "https://A.example, https://a.example/",
        "http://a.example:80/b, http://a.example/b",
        "https://a.example:8443/b?c#d, https://a.example:8443/b",
        "https://u:p@a.example/b, https://a.example/b",
        "https://a.example/%7eb%2fc, https://a.example/~b%2Fc",
        "https://a.example/b/c/../../../d, https://a.example/d",
        "https://a.example/b/.., https://a.example/",
        "https://a.example/b/., https://a.example/b/",
        "https://a.example/b//c/%2e%2E/d, https://a.example/b//d",
        "https://a.example/.well-known/x, https://a.example/.well-known/x",
        "https://[2001:DB8::1]:443/, https://[2001:db8::1]/"
    })
    void target_isWrittenInOneSpelling(String uri, String expected) {
        assertThat(DpopTarget.of(URI.create(uri))).isEqualTo(expected);
    }

    @Test
    void target_thatIsNotAbsolute_isTheCallersMistake() {
        for (String uri : List.of("/a", "//a.example/b", "urn:a")) {
            assertThatThrownBy(() -> DpopProver.of(KEY).prove("GET", URI.create(uri)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    // ---- steps 10 to 12 --------------------------------------------------------------------------------------------

    @Test
    void verify_nonce_isDemandedAndAnswered() {
        DpopVerifier verifier = builder().nonces("fresh"::equals).build();
        DpopProver prover = DpopProver.of(KEY, SecurityPolicy.recommended2026(), at(NOW));
        assertRejected(
                Reason.NONCE_UNEXPECTED, () -> verifier.verify(List.of(prover.prove("POST", TARGET)), "POST", TARGET));
        assertRejected(
                Reason.NONCE_UNEXPECTED,
                () -> verifier.verify(List.of(prover.withNonce("stale").prove("POST", TARGET)), "POST", TARGET));
        assertRejected(
                Reason.CLAIM_UNEXPECTED,
                () -> verifier.verify(List.of(withClaims(claims(",'nonce':1"))), "POST", TARGET));
        assertThat(verifier.verify(List.of(prover.withNonce("fresh").prove("POST", TARGET)), "POST", TARGET))
                .isNotNull();
    }

    @Test
    void verify_timeOutsideTheWindow_isRejected() {
        for (long iat : new long[] {NOW - 300, NOW + 30}) {
            assertThat(verify(withClaims(claims("").replace("" + NOW, "" + iat))))
                    .isNotNull();
        }
        assertRejected(Reason.TOO_OLD, () -> verify(withClaims(claims("").replace("" + NOW, "" + (NOW - 301)))));
        assertRejected(
                Reason.CREATED_IN_FUTURE, () -> verify(withClaims(claims("").replace("" + NOW, "" + (NOW + 31)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",'ath':''", ",'ath':'x'", ",'ath':null", ",'ath':1", ",'ath':'an.access.token'"})
    void verifyBound_noHashOfTheTokenOrAnother_isRejected(String ath) {
        Reason reason = ath.isEmpty() ? Reason.CLAIM_MISSING : Reason.CLAIM_UNEXPECTED;
        assertRejected(
                reason,
                () -> builder()
                        .build()
                        .verifyBound(List.of(withClaims(claims(ath))), "POST", TARGET, TOKEN, boundTo(jkt())));
    }

    @Test
    void verifyBound_confirmationOfAnotherKeyOrKind_isRejected() {
        String proof = withClaims(claims(",'ath':'" + Thumbprints.sha256(TOKEN.getBytes(UTF_8)) + "'"));
        DpopVerifier verifier = builder().build();
        for (Map<String, Object> cnf : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("jkt", "x"),
                Map.of("jkt", ""),
                Map.of("x5t#S256", jkt()),
                Map.of("jkt", jkt(), "x5t#S256", "x"),
                Map.of("jkt", jkt(), "kid", "a"))) {
            assertRejected(
                    Reason.POSSESSION_NOT_PROVEN,
                    () -> verifier.verifyBound(
                            List.of(proof), "POST", TARGET, TOKEN, new JsonObject(cnf, Reason.CLAIM_UNEXPECTED)));
        }
        // None of them used the proof up.
        verifier.verifyBound(List.of(proof), "POST", TARGET, TOKEN, boundTo(jkt()));
    }

    // ---- replay ----------------------------------------------------------------------------------------------------

    @Test
    void verify_proofTwice_isAReplayUnlessIgnored() {
        String proof = withClaims(claims(""));
        DpopVerifier verifier = builder().build();
        verifier.verify(List.of(proof), "POST", TARGET);
        assertRejected(Reason.REPLAYED, () -> verifier.verify(List.of(proof), "POST", TARGET));
        assertRejected(Reason.REPLAYED, () -> verifier.verify(List.of(withClaims(claims(",'x':1"))), "POST", TARGET));
        DpopVerifier lax = builder().ignoreReplay().build();
        assertThat(lax.verify(List.of(proof), "POST", TARGET)).isNotNull();
        assertThat(lax.verify(List.of(proof), "POST", TARGET)).isNotNull();
    }

    @Test
    void verify_idOfAnotherKeysProof_isNoReplay() {
        SigningKey other = SigningKey.generate(Algorithm.ES256);
        DpopVerifier verifier = builder().build();
        verifier.verify(List.of(withClaims(claims(""))), "POST", TARGET);
        String same = Forge.token(header("dpop+jwt", "ES256", jwk(other.verificationKey())), claims(""), other);
        assertThat(verifier.verify(List.of(same), "POST", TARGET)).isNotNull();
    }

    @Test
    void verify_replayGuardFull_isNoVerdict() {
        DpopVerifier full = builder()
                .replayGuard((key, nonce, until) -> {
                    assertThat(until).isEqualTo(Instant.ofEpochSecond(NOW + 330));
                    return ReplayGuard.Claim.FULL;
                })
                .build();
        assertThatThrownBy(() -> full.verify(List.of(withClaims(claims(""))), "POST", TARGET))
                .isInstanceOf(UnavailableException.class);
        assertRejected(
                Reason.CLAIM_UNEXPECTED,
                () -> verify(withClaims(claims("").replace("'jti':'a'", "'jti':'" + "a".repeat(257) + "'"))));
    }

    // ---- the prover ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(names = {"ES256", "ES384", "ES512", "ED25519", "RS256", "PS256", "ML_DSA_44", "ML_DSA_65"})
    void prove_everyKindOfKey_isVerified(Algorithm algorithm) {
        SigningKey key = SigningKey.generate(algorithm);
        DpopProver prover = DpopProver.of(key, SecurityPolicy.recommended2026(), at(NOW));
        DpopVerifier verifier = builder().build();
        String first = prover.prove("POST", TARGET);
        assertThat(verifier.verify(List.of(first), "POST", TARGET).key().thumbprint())
                .isEqualTo(key.verificationKey().thumbprint());
        String second = prover.prove("POST", TARGET, TOKEN);
        verifier.verifyBound(
                List.of(second),
                "POST",
                TARGET,
                TOKEN,
                boundTo(key.verificationKey().thumbprint().orElseThrow()));
        assertThat(prover).hasToString("DpopProver[" + key + "]");
    }

    @Test
    void prove_secretOrKeyOutsideThePolicy_isRefused() {
        assertThatThrownBy(() -> DpopProver.of(SigningKey.generate(Algorithm.HS256)))
                .isInstanceOf(IllegalArgumentException.class);
        SecurityPolicy policy = SecurityPolicy.recommended2026().withAlgorithms(Set.of(Algorithm.ED25519));
        assertThatThrownBy(() -> DpopProver.of(KEY, policy, at(NOW))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void verify_refusal_quotesNothingOfTheProof() {
        List<SecurityEvent> events = new ArrayList<>();
        DpopVerifier verifier = builder().listener(events::add).build();
        for (String proof : List.of(
                withClaims(claims(",'nonce':'s3cret'").replace("POST", "s3cret")),
                withClaims(claims("").replace("https://api.example/pay", "https://s3cret.example/")),
                withHeader(header("s3cret", "ES256", "{}")),
                withHeader(header("dpop+jwt", "s3cret", "{'kty':'s3cret'}")))) {
            assertThatThrownBy(() -> verifier.verify(List.of(proof), "POST", TARGET))
                    .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret"));
        }
        assertThat(events).hasSize(4).allSatisfy(event -> {
            assertThat(event.format()).isEqualTo("dpop");
            assertThat(event.key()).isEmpty();
        });
        assertThat(events.toString()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://my_service/pay", "http://:bad/pay", "/pay", "mailto:a@b.example", "https:///pay"})
    void verify_targetThatNamesNoHost_isARefusalThatTheAuditSees(String target) {
        List<SecurityEvent> events = new ArrayList<>();
        DpopVerifier verifier = builder().listener(events::add).build();
        String proof = withClaims(claims(""));
        assertInvalid(() -> verifier.verify(List.of(proof), "POST", URI.create(target)));
        assertThat(events).extracting(SecurityEvent::type).containsExactly(SecurityEvent.Type.REJECTED);
    }
}
