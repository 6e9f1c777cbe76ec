// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static dev.signet.jose.Forge.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are bound to a TLS certificate (RFC 8705, 3). */
class CertificateBoundTokenTest {
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ES256).withId("k");

    private final JwtVerifier verifier = JwtVerifier.builder(KeyResolver.of(KEY.verificationKey()))
            .expectIssuer("i")
            .expectAudience("a")
            .expectType("JWT")
            .requireProofOfPossession()
            .build();

    private static JwtIssuer.Token token() {
        return JwtIssuer.builder(KEY, "i", Duration.ofMinutes(5)).build().token("a");
    }

    private static String forged(String cnf) {
        long exp = System.currentTimeMillis() / 1000 + 60;
        return Forge.token(
                "{'alg':'ES256','kid':'k','typ':'JWT'}",
                "{'iss':'i','aud':'a','exp':" + exp + ",'cnf':" + cnf + "}",
                KEY);
    }

    private static final class Certificates {
        private static final X509Certificate CLIENT = make("client");
        private static final X509Certificate OTHER = make("client");

        private static X509Certificate make(String name) {
            try {
                return Forge.certificate(name);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String thumbprint(String algorithm) throws Exception {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance(algorithm).digest(Certificates.CLIENT.getEncoded()));
    }

    @BeforeAll
    static void certificatesDiffer() {
        assertThat(Certificates.CLIENT).isNotEqualTo(Certificates.OTHER);
    }

    @Test
    void verify_certificateOfTheBinding_isAccepted() throws Exception {
        String token = token().boundTo(Certificates.CLIENT).issue();
        VerifiedJwt jwt = verifier.verify(token, ProofOfPossession.certificate(Certificates.CLIENT));
        assertThat(jwt.claims().object("cnf").orElseThrow().string("x5t#S256")).contains(thumbprint("SHA-256"));
    }

    @Test
    void verify_anotherCertificateOfTheSameName_isRejected() {
        String token = token().boundTo(Certificates.CLIENT).issue();
        assertRejected(
                Reason.POSSESSION_NOT_PROVEN,
                () -> verifier.verify(token, ProofOfPossession.certificate(Certificates.OTHER)));
        assertRejected(Reason.POSSESSION_NOT_PROVEN, () -> verifier.verify(token));
    }

    @Test
    void verify_unboundToken_isRejected() {
        String token = token().issue();
        assertRejected(
                Reason.POSSESSION_NOT_PROVEN,
                () -> verifier.verify(token, ProofOfPossession.certificate(Certificates.CLIENT)));
    }

    @Test
    void verify_bindingByAnotherMemberOrSeveral_isRejected() throws Exception {
        String good = thumbprint("SHA-256");
        for (String cnf : new String[] {
            "{}",
            "{'x5t':'" + thumbprint("SHA-1") + "'}",
            "{'X5T#S256':'" + good + "'}",
            "{'jkt':'" + good + "'}",
            "{'x5t#S256':'" + good + "','jkt':'x'}",
            "{'x5t#S256':'" + good + "','kid':'x'}",
            "{'x5t#S256':'" + good + "='}",
            "{'x5t#S256':'" + thumbprint("SHA-512") + "'}",
            "{'x5t#S256':''}"
        }) {
            String token = forged(cnf);
            assertRejected(
                    Reason.POSSESSION_NOT_PROVEN,
                    () -> verifier.verify(token, ProofOfPossession.certificate(Certificates.CLIENT)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'x5t#S256':null}", "{'x5t#S256':1}", "{'x5t#S256':['a']}", "[]", "null"})
    void verify_bindingOfAnotherType_isRejected(String cnf) {
        assertRejected(
                Reason.CLAIM_UNEXPECTED,
                () -> verifier.verify(forged(cnf), ProofOfPossession.certificate(Certificates.CLIENT)));
    }

    @Test
    void boundTo_twiceOrASecret_isRefused() {
        assertThatThrownBy(() -> token().boundTo(Certificates.CLIENT).boundTo(KEY.verificationKey()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        token().boundTo(SigningKey.generate(Algorithm.HS256).verificationKey()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> token().claim("cnf", "x")).isInstanceOf(IllegalArgumentException.class);
    }
}
