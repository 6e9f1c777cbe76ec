// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.core.SecurityEvent;
import dev.signet.http.Component;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an application sees of an admitted request in each container, and what a stranger sees of a failure. */
class AdmittedViewTest extends Conformance {
    // ---- the target ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("lanes")
    void target_behindAPublicOrigin_isThePublicOne(Lane lane) throws IOException {
        RawResponse response = send(
                lane,
                RawRequest.of("GET", lane, "/origin/x?a")
                        .signAs(SIGNER, "https", "api.example.com", "/origin/x?a")
                        .authority("evil.example"));
        assertAdmitted(response);
        assertThat(response.seen("url")).isEqualTo("https://api.example.com/origin/x");
        assertThat(response.seen("name")).isEqualTo("api.example.com");
        assertThat(response.seen("port")).isEqualTo("443");
        assertThat(response.seen("scheme")).isEqualTo("https");
        assertThat(response.seen("secure")).isEqualTo("true");
        assertThat(response.body()).doesNotContain("evil");
    }

    // ---- parameters ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("lanes")
    void parameters_afterADispatch_beginWithItsOwn(Lane lane) throws IOException {
        for (String how : List.of("forward", "parameter-then-forward", "include", "async")) {
            String path = how.equals("forward") ? "/any/plain-forward" : "/any/" + how;
            for (boolean hasForm : new boolean[] {true, false}) {
                RawRequest request = RawRequest.of("POST", lane, path + "?p=query");
                if (hasForm) {
                    request.field("content-type", FORM).body(BODY);
                }
                RawResponse response = send(lane, request.sign(SIGNER));
                assertAdmitted(response);
                assertThat(response.seen("param.p"))
                        .as("%s %s", how, hasForm)
                        .isEqualTo(hasForm ? "dispatch|query|body" : "dispatch|query");
                assertThat(response.seen("param.q")).isEqualTo(hasForm ? "2" : null);
            }
        }
    }

    // ---- fields ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("lanes")
    void fields_onlyCoveredOnes_areAllThatIsSeen(Lane lane) throws IOException {
        RawResponse response = send(
                lane,
                RawRequest.of("POST", lane, "/covered/x?p=query")
                        .field("x-v", "signed")
                        .body(BODY)
                        .sign(covering(Component.field("x-v"), Component.CONTENT_DIGEST))
                        .field("content-type", FORM)
                        .field("authorization", "Bearer evil")
                        .field("cookie", "a=evil")
                        .field("accept-language", "xx-evil")
                        .field("x-anything", "evil")
                        .field("x_v", "evil")
                        .field("x-trace", "seen"));
        assertAdmitted(response);
        assertThat(response.body()).doesNotContain("evil");
        assertThat(response.seen("header.x-v")).isEqualTo("signed");
        assertThat(response.seen("header.x-trace")).isEqualTo("seen");
        assertThat(response.seen("type")).isEqualTo("null");
        assertThat(response.seen("param.p")).isEqualTo("query");
        assertThat(response.seen("body")).isEqualTo("p=body&q=2");
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void fields_coveredOnes_workAsEver(Lane lane) throws IOException {
        RawResponse response = send(
                lane,
                RawRequest.of("POST", lane, "/covered/x")
                        .field("content-type", FORM)
                        .field("cookie", "a=1")
                        .body(BODY)
                        .sign(covering(
                                Component.field("content-type"), Component.field("cookie"), Component.CONTENT_DIGEST)));
        assertAdmitted(response);
        assertThat(response.seen("param.p")).isEqualTo("body");
        assertThat(response.seen("cookie.a")).isEqualTo("1");
        assertThat(response.seen("type")).isEqualTo(FORM);
    }

    // ---- error pages -----------------------------------------------------------------------------------------------

    /** A page that the filter does not stand before has neither the caller nor what is verified. */
    @ParameterizedTest
    @MethodSource("lanes")
    void errorPage_withoutTheFilter_hasNothingVerified(Lane lane) throws IOException {
        RawResponse response =
                send(lane, RawRequest.of("GET", lane, "/any/fail").sign(SIGNER).field("x-user", "admin"));
        assertThat(response.status()).isEqualTo(409);
        assertThat(response.seen("user")).isEqualTo("null");
        assertThat(response.seen("verified")).isEqualTo("false");
    }

    // ---- failures --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"/throwing/x", "/failing/x", "/nameless/x"})
    void failure_ofWhatTheVerdictNeeds_isToldToNobodyButTheListener(String path) throws IOException {
        for (Lane lane : lanes().toList()) {
            EVENTS.clear();
            RawResponse response = send(lane, RawRequest.of("GET", lane, path).sign(SIGNER));
            assertThat(response.status()).as("%s %s", lane, response).isEqualTo(503);
            assertThat(response.code()).isEqualTo("unavailable");
            assertThat(response.body())
                    .doesNotContain("jdbc")
                    .doesNotContain("Exception")
                    .doesNotContain("Error");
            assertThat(EVENTS).extracting(SecurityEvent::type).containsExactly(SecurityEvent.Type.UNAVAILABLE);
        }
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void refusal_beforeTheVerdict_isToldToTheListener(Lane lane) throws IOException {
        EVENTS.clear();
        RawResponse response = send(
                lane, RawRequest.of("GET", lane, "/forwarded/x").sign(SIGNER).field("forwarded", "proto=ftp"));
        assertThat(response.status()).isEqualTo(400);
        assertThat(EVENTS).extracting(SecurityEvent::code).containsExactly("message-malformed");
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void session_ofACookieThatIsNotCovered_keepsItsId(Lane lane) throws Exception {
        String id = send(lane, RawRequest.of("GET", lane, "/open-session")).seen("id");
        assumeTrue(id != null, "a container without sessions");
        String cookie = "JSESSIONID=" + id;
        RawRequest hidden = RawRequest.of("GET", lane, "/covered/change-session")
                .sign(SIGNER)
                .field("cookie", cookie);
        assertThat(send(lane, hidden).seen("changed")).isNull();
        RawRequest shown = RawRequest.of("GET", lane, "/covered/change-session")
                .field("cookie", cookie)
                .sign(covering(Component.field("cookie")));
        assertThat(send(lane, shown).seen("changed")).isNotNull();
    }
}
