// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static dev.signet.jose.Forge.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Access tokens by RFC 9068, bearer and bound, and the other tokens that are not to pass for them. */
class AccessTokenTest {
    private static final SigningKey KEY = SigningKey.generate(Algorithm.RS256).withId("RjEwOwOA");
    private static final SigningKey CLIENT = SigningKey.generate(Algorithm.ED25519);
    private static final long NOW = 1_639_528_912;
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(NOW));
    private static final String HEADER = "{'typ':'at+JWT','alg':'RS256','kid':'RjEwOwOA'}";
    private static final URI TARGET = URI.create("https://rs.example.com/a");

    /** The claims of RFC 9068, 3. */
    private static final String CLAIMS = "{'iss':'https://authorization-server.example.com/','sub':'5ba552d67',"
            + "'aud':'https://rs.example.com/','exp':1639528912,'iat':1618354090,'jti':'dbe39bf3a3ba4238a513f51d6e1691c4',"
            + "'client_id':'s6BhdRkqt3','scope':'openid profile reademail'}";

    private static final String FRESH =
            CLAIMS.replace("1639528912", "" + (NOW + 60)).replace("1618354090", "" + NOW);

    private static JwtVerifier.Builder builder() {
        return JwtVerifier.accessTokens(
                        KeyResolver.of(KEY.verificationKey()),
                        "https://authorization-server.example.com/",
                        "https://rs.example.com/")
                .clock(CLOCK);
    }

    @Test
    void verify_shapeOfRfc9068_isAccepted() {
        VerifiedJwt jwt = builder().build().verify(Forge.token(HEADER, FRESH, KEY));
        assertThat(jwt.subject()).contains("5ba552d67");
        assertThat(jwt.clientId()).contains("s6BhdRkqt3");
        assertThat(jwt.scopes()).containsExactly("openid", "profile", "reademail");
    }

    /** The RFC's example is good for 245 days, which no access token should be. */
    @Test
    void verify_lifetimeOfTheExample_isTooLong() {
        assertRejected(Reason.LIFETIME_TOO_LONG, () -> builder().build().verify(Forge.token(HEADER, CLAIMS, KEY)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "dpop+jwt", "secevent+jwt", "logout+jwt", "at", "jwt+at", "application/jwt"})
    void verify_tokenOfAnotherKind_isNoAccessToken(String typ) {
        String token = Forge.token(HEADER.replace("at+JWT", typ), FRESH, KEY);
        assertRejected(Reason.TYPE_UNEXPECTED, () -> builder().build().verify(token));
    }

    @Test
    void verify_idTokenOfTheSameIssuer_isNoAccessToken() {
        String idToken =
                Forge.token("{'alg':'RS256','kid':'RjEwOwOA'}", FRESH.replace("'client_id'", "'nonce':'n','azp'"), KEY);
        assertRejected(Reason.TYPE_UNEXPECTED, () -> builder().build().verify(idToken));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "sub", "aud", "exp", "iat", "jti", "client_id"})
    void verify_requiredClaimAbsentOrNull_isRejected(String name) {
        String absent = FRESH.replace("'" + name + "'", "'x'");
        assertRejected(Reason.CLAIM_MISSING, () -> builder().build().verify(Forge.token(HEADER, absent, KEY)));
        String isNull = absent.replace("{", "{'" + name + "':null,");
        assertThatThrownBy(() -> builder().build().verify(Forge.token(HEADER, isNull, KEY)))
                .hasMessageContaining(name);
    }

    @Test
    void verify_tokenForAnotherServer_isRejected() {
        String other = FRESH.replace("'https://rs.example.com/'", "['https://rs2.example.com/']");
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> builder().build().verify(Forge.token(HEADER, other, KEY)));
    }

    // ---- issued here -----------------------------------------------------------------------------------------------

    private static JwtIssuer.Token issue() {
        return JwtIssuer.accessTokens(KEY, "https://authorization-server.example.com/", Duration.ofMinutes(5))
                .clock(CLOCK)
                .build()
                .token("https://rs.example.com/")
                .subject("alice")
                .clientId("app");
    }

    @Test
    void issue_subjectOrClientForgotten_isRefused() {
        JwtIssuer issuer =
                JwtIssuer.accessTokens(KEY, "i", Duration.ofMinutes(5)).build();
        assertThatThrownBy(() -> issuer.token("a").subject("s").issue()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> issuer.token("a").clientId("c").issue()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() ->
                        JwtIssuer.accessTokens(KEY, "i", Duration.ofMinutes(5)).type("JWT"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void issue_scopesThatOthersCouldMisread_areRefused() {
        for (String scope : List.of("", "a b", "a\"", "a\\", "\u00e9", "a\t")) {
            assertThatThrownBy(() -> issue().scopes("ok", scope)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> issue().scopes()).isInstanceOf(IllegalArgumentException.class);
        assertThat(builder()
                        .build()
                        .verify(issue().scopes("read", "write").issue())
                        .scopes())
                .containsExactly("read", "write");
        assertThat(builder().build().verify(issue().issue()).scopes()).isEmpty();
    }

    // ---- bound by DPoP (RFC 9449, 7.1) -----------------------------------------------------------------------------

    private static ProofOfPossession proof(DpopVerifier proofs, String proof) {
        return ProofOfPossession.dpop(proofs, List.of(proof), "GET", TARGET);
    }

    private static DpopVerifier proofs() {
        return DpopVerifier.builder().clock(CLOCK).build();
    }

    private static DpopProver prover(SigningKey key) {
        return DpopProver.of(key, dev.signet.core.SecurityPolicy.recommended2026(), CLOCK);
    }

    @Test
    void verify_boundToken_needsTheProofOfItsKeyForThisTokenAndRequest() {
        String token = issue().boundTo(CLIENT.verificationKey()).issue();
        JwtVerifier verifier = builder().requireProofOfPossession().build();
        DpopVerifier proofs = proofs();
        String good = prover(CLIENT).prove("GET", TARGET, token);
        assertThat(verifier.verify(token, proof(proofs, good)).subject()).contains("alice");
        assertRejected(Reason.REPLAYED, () -> verifier.verify(token, proof(proofs, good)));
        assertRejected(Reason.POSSESSION_NOT_PROVEN, () -> verifier.verify(token));
        assertRejected(Reason.POSSESSION_NOT_PROVEN, () -> builder().build().verify(token));
        String thief = prover(SigningKey.generate(Algorithm.ED25519)).prove("GET", TARGET, token);
        assertRejected(Reason.POSSESSION_NOT_PROVEN, () -> verifier.verify(token, proof(proofs, thief)));
        String otherToken = issue().boundTo(CLIENT.verificationKey()).issue();
        String forOther = prover(CLIENT).prove("GET", TARGET, otherToken);
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> verifier.verify(token, proof(proofs, forOther)));
        String forNone = prover(CLIENT).prove("GET", TARGET);
        assertRejected(Reason.CLAIM_MISSING, () -> verifier.verify(token, proof(proofs, forNone)));
        String forPost = prover(CLIENT).prove("POST", TARGET, token);
        assertRejected(Reason.CLAIM_UNEXPECTED, () -> verifier.verify(token, proof(proofs, forPost)));
    }

    @Test
    void verify_unboundTokenWithAProof_isRejected() {
        String token = issue().issue();
        String proof = prover(CLIENT).prove("GET", TARGET, token);
        assertRejected(Reason.POSSESSION_NOT_PROVEN, () -> builder().build().verify(token, proof(proofs(), proof)));
        assertRejected(
                Reason.POSSESSION_NOT_PROVEN,
                () -> builder().ignoreConfirmation().build().verify(token, proof(proofs(), proof)));
    }

    @Test
    void verify_tokenThatIsBadItself_doesNotUseTheProofUp() {
        String expired = Forge.token(
                HEADER,
                FRESH.replace("" + (NOW + 60), "1")
                        .replace(
                                "'scope'",
                                "'cnf':{'jkt':'" + CLIENT.verificationKey().id() + "'},'scope'"),
                KEY);
        String proof = prover(CLIENT).prove("GET", TARGET, expired);
        DpopVerifier proofs = DpopVerifier.builder()
                .clock(CLOCK)
                .replayGuard((key, nonce, until) -> {
                    throw new AssertionError("claimed");
                })
                .build();
        assertRejected(Reason.EXPIRED, () -> builder().build().verify(expired, proof(proofs, proof)));
    }
}
