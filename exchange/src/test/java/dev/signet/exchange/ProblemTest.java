// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.http.AcceptSignature;
import dev.signet.http.Component;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a refused caller is told. */
class ProblemTest {
    private static final List<AcceptSignature> WANTED =
            List.of(AcceptSignature.builder("sig", Component.METHOD).build());

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PURPOSE_NOT_ALLOWED", "RATE_EXCEEDED", "REPLAY_QUOTA_EXCEEDED"})
    void of_everyReason_isAnUnauthorizedWithItsCode(Reason reason) throws Exception {
        Problem problem = Problem.of(new VerificationException(reason, "\"@query-param\";name=\"a\\b\""));
        JsonNode json = json(problem);
        assertThat(problem.status()).isEqualTo(401);
        assertThat(json.get("status").intValue()).isEqualTo(401);
        assertThat(json.get("code").textValue()).isEqualTo(reason.code());
        assertThat(json.get("type").textValue()).isEqualTo("urn:signet:problem:" + reason.code());
        assertThat(json.get("title").textValue()).isEqualTo(reason.description());
        assertThat(json.get("detail").textValue()).endsWith(": \"@query-param\";name=\"a\\b\"");
        assertThat(json.size()).isEqualTo(5);
        assertThat(problem.fields())
                .containsEntry("content-type", "application/problem+json")
                .containsEntry("cache-control", "no-store")
                .containsEntry("www-authenticate", "Signature")
                .doesNotContainKeys("retry-after", "accept-signature");
    }

    /** A right is not a matter of signatures: who is refused could sign as often as he likes. */
    @Test
    void of_missingRight_isForbidden() throws Exception {
        Problem problem =
                assertProblem(new VerificationException(Reason.PURPOSE_NOT_ALLOWED), 403, "purpose-not-allowed");
        assertThat(problem.withAcceptSignature(WANTED).fields())
                .containsEntry("cache-control", "no-store")
                .doesNotContainKeys("www-authenticate", "accept-signature", "retry-after");
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE_EXCEEDED", "REPLAY_QUOTA_EXCEEDED"})
    void of_exceededRate_isTooManyRequestsAndAsksToWait(Reason reason) throws Exception {
        Problem problem = assertProblem(new VerificationException(reason), 429, reason.code());
        assertThat(problem.withAcceptSignature(WANTED).fields())
                .containsEntry("retry-after", "30")
                .doesNotContainKeys("www-authenticate", "accept-signature");
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 1", "PT0.001S, 1", "PT1S, 1", "PT1.001S, 2", "PT59.9S, 60", "PT1H, 3600", "-PT5S, 1"})
    void of_exceededRateWithItsWait_roundsItUp(Duration wait, String seconds) {
        Problem problem = Problem.of(new VerificationException(Reason.RATE_EXCEEDED, wait));
        assertThat(problem.fields()).containsEntry("retry-after", seconds);
    }

    @Test
    void of_malformed_isABadRequest() throws Exception {
        assertProblem(InvalidMessageException.malformed("field signature: no"), 400, "message-malformed");
    }

    @Test
    void of_tooLarge_isAContentTooLarge() throws Exception {
        assertProblem(InvalidMessageException.tooLarge("the body"), 413, "message-too-large");
    }

    @Test
    void of_undecryptable_isABadRequest() throws Exception {
        assertProblem(new DecryptionException(), 400, "decryption-failed");
    }

    @Test
    void of_unavailable_namesNothingAndAsksToRetry() throws Exception {
        Problem problem = assertProblem(
                new UnavailableException("redis-3.internal", new IllegalStateException("secret")), 503, "unavailable");
        assertThat(new String(problem.toJson(), US_ASCII)).doesNotContain("redis", "secret");
        assertThat(problem.withAcceptSignature(WANTED).fields())
                .containsEntry("retry-after", "5")
                .doesNotContainKeys("www-authenticate", "accept-signature");
    }

    @Test
    void toJson_anyCharacter_isEscapedAscii() throws Exception {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 0x90; c++) {
            all.append(c);
        }
        all.append("é\u2028\ud83d\ude00\ud800<script>");
        Problem problem = Problem.of(InvalidMessageException.malformed(all.toString()));
        assertThat(json(problem).get("detail").textValue()).isEqualTo(all.toString());
        for (byte b : problem.toJson()) {
            assertThat(b).isBetween((byte) ' ', (byte) '~').isNotEqualTo((byte) '<');
        }
    }

    @Test
    void detail_longNameOfComponent_isCut() {
        Problem problem = Problem.of(new VerificationException(Reason.COMPONENT_UNAVAILABLE, "x".repeat(20_000)));
        assertThat(problem.detail()).hasSize(300);
    }

    @Test
    void withAcceptSignature_otherThanUnauthorized_doesNotAsk() {
        assertThat(Problem.of(new VerificationException(Reason.SIGNATURE_MISSING))
                        .withAcceptSignature(WANTED)
                        .fields())
                .containsEntry("accept-signature", "sig=(\"@method\")");
        assertThat(Problem.of(InvalidMessageException.malformed("x"))
                        .withAcceptSignature(WANTED)
                        .fields())
                .doesNotContainKeys("accept-signature", "www-authenticate");
    }

    @Test
    void toString_problem_holdsNoDetail() {
        assertThat(Problem.of(InvalidMessageException.malformed("detail")))
                .hasToString("Problem[400 message-malformed]");
    }

    private static Problem assertProblem(MessageSecurityException e, int status, String code) throws Exception {
        Problem problem = Problem.of(e);
        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.code()).isEqualTo(code);
        assertThat(json(problem).get("status").intValue()).isEqualTo(status);
        assertThat(json(problem).get("code").textValue()).isEqualTo(code);
        return problem;
    }

    private static JsonNode json(Problem problem) throws Exception {
        return new ObjectMapper().readTree(problem.toJson());
    }
}
