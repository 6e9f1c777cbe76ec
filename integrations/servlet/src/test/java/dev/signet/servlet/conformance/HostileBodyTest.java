// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.http.HttpSigner;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that are added, taken away, held back, or that nobody should be asked for. */
class HostileBodyTest extends Conformance {
    private static final byte[] NOTHING = new byte[0];
    private static final HttpSigner BARE = covering();

    @ParameterizedTest
    @MethodSource("lanes")
    void body_honest_isAdmittedHoweverItIsFramed(Lane lane) throws IOException {
        for (boolean isDeclared : new boolean[] {true, false}) {
            RawRequest request = RawRequest.of("POST", lane, "/any/x?p=query")
                    .field("content-type", FORM)
                    .body(BODY)
                    .sign(SIGNER);
            RawResponse response = send(lane, isDeclared ? request : request.undeclaredLength());
            assertAdmitted(response);
            assertThat(response.seen("param.p")).isEqualTo("query|body");
            assertThat(response.seen("param.q")).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void body_addedToASignatureWithoutOne_isRefused(Lane lane) throws IOException {
        for (String method : List.of("GET", "POST")) {
            for (boolean isDeclared : new boolean[] {true, false}) {
                for (HttpSigner signer : List.of(SIGNER, BARE)) {
                    RawRequest request =
                            RawRequest.of(method, lane, "/any/x").sign(signer).body(BODY);
                    assertRefused(send(lane, isDeclared ? request : request.undeclaredLength()));
                }
            }
        }
    }

    /** What is left of the body is nothing, and a signature over nothing must not stand for it. */
    @ParameterizedTest
    @MethodSource("lanes")
    void body_readBySomebodyInFront_isRefused(Lane lane) throws IOException {
        for (String how : List.of("parameters", "stream", "part", "reader")) {
            for (boolean isDeclared : new boolean[] {true, false}) {
                RawRequest request = RawRequest.of("POST", lane, "/swallow/x")
                        .sign(BARE)
                        .field("content-type", FORM)
                        .field("x-swallow", how)
                        .body(BODY);
                assertRefused(send(lane, isDeclared ? request : request.undeclaredLength()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void body_notReadInFront_isAdmittedThere(Lane lane) throws IOException {
        assertAdmitted(
                send(lane, RawRequest.of("POST", lane, "/swallow/x").body(BODY).sign(SIGNER)));
    }

    // ---- asking for it ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("lanes")
    void body_ofAStranger_isNeitherInvitedNorAwaited(Lane lane) throws IOException {
        RawRequest unsigned = RawRequest.of("POST", lane, "/any/x").body(BODY);
        RawRequest forged = RawRequest.of("POST", lane, "/any/x").body(BODY).sign(SIGNER);
        forged.replace("signature", "sig=:" + "A".repeat(86) + "==:");
        RawRequest unknown = RawRequest.of("POST", lane, "/any/x").body(BODY).sign(SIGNER);
        unknown.replace(
                "signature-input",
                unknown.fields().stream()
                        .filter(field -> field.name().equalsIgnoreCase("signature-input"))
                        .findFirst()
                        .orElseThrow()
                        .value()
                        .replace("client-1", "client-2"));
        for (RawRequest request : List.of(unsigned, forged, unknown)) {
            for (boolean isDeclared : new boolean[] {true, false}) {
                try (Wire wire = Wire.connect(lane)) {
                    // No byte of the body is ever sent: an answer shows that none was waited for.
                    RawRequest sent = request.field("expect", "100-continue");
                    wire.head(isDeclared ? sent : sent.undeclaredLength(), true);
                    RawResponse response = wire.read();
                    assertThat(response.status()).as("%s", response).isEqualTo(401);
                    assertThat(response.interim()).isEmpty();
                }
                request.remove("expect");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void body_ofAKnownClient_isInvited(Lane lane) throws IOException {
        RawRequest request =
                RawRequest.of("POST", lane, "/any/x").body(BODY).sign(SIGNER).field("expect", "100-continue");
        try (Wire wire = Wire.connect(lane)) {
            wire.head(request, true);
            wire.body(BODY, true);
            assertAdmitted(wire.read());
        }
    }

    // ---- holding it back -------------------------------------------------------------------------------------------

    /** Whoever recorded a request begins it again in time, and ends it when the replay guard has forgotten the first. */
    @ParameterizedTest
    @MethodSource("lanes")
    void body_heldBackPastTheWindow_isRefused(Lane lane) throws Exception {
        HttpSigner signer = HttpSigner.builder(KEY).clock(CLOCK).build();
        RawRequest recorded =
                RawRequest.of("POST", lane, CLOCK_PATH + "/x").body(BODY).sign(signer);
        assertAdmitted(send(lane, recorded));
        try (Wire early = Wire.connect(lane);
                Wire late = Wire.connect(lane)) {
            CLOCK.advance(Duration.ofSeconds(299));
            for (Wire wire : List.of(early, late)) {
                wire.head(recorded, true);
                wire.body(Arrays.copyOf(BODY, BODY.length - 1), false);
            }
            // Time for the server to see that a body has begun.
            Thread.sleep(150);
            CLOCK.advance(Duration.ofSeconds(2));
            for (Wire wire : List.of(early, late)) {
                wire.body(new byte[] {BODY[BODY.length - 1]}, true);
                RawResponse response = wire.read();
                assertThat(response.status()).as("%s", response).isBetween(400, 401);
                assertThat(response.seen("method")).isNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void body_cutOrChanged_isRefused(Lane lane) throws IOException {
        byte[] other = "p=evil&q=2".getBytes(UTF_8);
        assertRefused(send(
                lane,
                RawRequest.of("POST", lane, "/any/x").body(BODY).sign(SIGNER).body(other)));
        assertRefused(send(
                lane,
                RawRequest.of("POST", lane, "/any/x").body(BODY).sign(SIGNER).body(NOTHING)));
    }
}
