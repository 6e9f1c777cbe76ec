// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.http.Component;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Field values that two readers could read in two ways. */
class HostileFieldTest extends Conformance {
    @ParameterizedTest
    @MethodSource("lanes")
    void field_withControlCharacters_isRefused(Lane lane) throws IOException {
        for (String sent : List.of(
                "\u0001guest",
                "guest\u0000",
                "guest\u000b",
                "gu\u0007est",
                "guest\u007f",
                "guest\r\n\tx",
                "guest\nx: y")) {
            RawRequest request = RawRequest.of("GET", lane, "/any/x")
                    .field("x-v", "guest")
                    .sign(covering(Component.field("x-v")))
                    .replace("x-v", sent);
            RawResponse response = send(lane, request);
            if (response.status() == 200) {
                // RFC 9112, 5.2: in HTTP/1 a container may join folded lines before anybody sees them.
                assertThat(response.seen("header.x-v")).isEqualTo(response.seen("verified.x-v"));
                assertThat(lane.isHttp2()).as("%s", response).isFalse();
            } else {
                assertRefused(response);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void field_foldedInHttp1_isOneLineForAllOrRefused(Lane lane) throws IOException {
        RawResponse response = send(
                lane,
                RawRequest.of("GET", lane, "/any/x")
                        .field("x-v", "guest x")
                        .sign(covering(Component.field("x-v")))
                        .replace("x-v", "guest\r\n x"));
        if (response.status() == 200) {
            assertThat(lane.isHttp2()).as("%s", response).isFalse();
            assertThat(response.seen("header.x-v")).isEqualTo("guest x").isEqualTo(response.seen("verified.x-v"));
        } else {
            assertRefused(response);
        }
    }

    @ParameterizedTest
    @MethodSource("http2Lanes")
    void cookies_inCrumbs_areOne(Lane lane) throws IOException {
        RawResponse response = send(
                lane,
                RawRequest.of("GET", lane, "/any/x")
                        .field("cookie", "a=1; b=2")
                        .sign(covering(Component.field("cookie")))
                        .replace("cookie", "a=1")
                        .field("cookie", "b=2"));
        assertAdmitted(response);
        assertThat(response.seen("verified.cookie")).isEqualTo("a=1; b=2");
        assertThat(response.seen("cookie.a")).isEqualTo("1");
        assertThat(response.seen("cookie.b")).isEqualTo("2");
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void cookies_signedAsOne_areNotTwo(Lane lane) throws IOException {
        for (boolean blank : new boolean[] {true, false}) {
            assertRefused(send(
                    lane,
                    RawRequest.of("GET", lane, "/any/x")
                            .field("cookie", blank ? "a=1, b=2" : "a=1,b=2")
                            .sign(covering(Component.field("cookie")))
                            .replace("cookie", "a=1")
                            .field("cookie", "b=2")));
        }
    }
}
