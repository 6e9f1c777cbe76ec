// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.exchange.InboundPipeline;
import dev.signet.servlet.SignatureFilter;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Targets, authorities and fields that no honest client sends, or that somebody changed on the way. */
class HostileRequestTest extends Conformance {
    private static final String EVIL = "evil.example";

    // ---- authority -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("lanes")
    void request_honest_isAdmitted(Lane lane) throws IOException {
        RawResponse response =
                send(lane, RawRequest.of("GET", lane, "/any/x?a=b").sign(SIGNER));
        assertAdmitted(response);
        assertThat(response.seen("url")).isEqualTo(lane.scheme() + "://" + lane.authority() + "/any/x");
        assertThat(response.seen("verified.uri")).isEqualTo(response.seen("url") + "?a=b");
        assertThat(response.seen("secure")).isEqualTo(String.valueOf(lane.kind().isTls));
        assertThat(response.seen("protocol")).isEqualTo(lane.isHttp2() ? "HTTP/2.0" : "HTTP/1.1");
    }

    /** In HTTP/1 these are two Host fields. */
    @ParameterizedTest
    @MethodSource("lanes")
    void host_otherThanTheAuthority_isNeverTheVerifiedOne(Lane lane) throws IOException {
        assertRefused(send(
                lane,
                RawRequest.of("GET", lane, "/any/x")
                        .signAs(SIGNER, lane.scheme(), EVIL, "/any/x")
                        .field("host", EVIL)));
        RawResponse signedForTheAuthority =
                send(lane, RawRequest.of("GET", lane, "/any/x").sign(SIGNER).field("host", EVIL));
        if (signedForTheAuthority.status() == 200) {
            // This one drops the field.
            assertThat(lane.toString()).startsWith("Undertow H2");
            assertThat(signedForTheAuthority.body()).doesNotContain(EVIL);
        } else {
            assertRefused(signedForTheAuthority);
        }
    }

    @ParameterizedTest
    @MethodSource("http2Lanes")
    void host_sameAsTheAuthority_isAdmitted(Lane lane) throws IOException {
        assertAdmitted(
                send(lane, RawRequest.of("GET", lane, "/any/x").sign(SIGNER).field("host", lane.authority())));
    }

    @ParameterizedTest
    @MethodSource("http2Lanes")
    void host_twice_isRefused(Lane lane) throws IOException {
        RawResponse response = send(
                lane,
                RawRequest.of("GET", lane, "/any/x")
                        .signAs(SIGNER, lane.scheme(), EVIL, "/any/x")
                        .authority(null)
                        .field("host", lane.authority())
                        .field("host", EVIL));
        assertRefused(response);
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void target_absoluteOfAnotherHost_isNotAdmitted(Lane lane) throws IOException {
        for (String signedFor : List.of(lane.authority(), EVIL)) {
            RawResponse response = send(
                    lane,
                    RawRequest.of("GET", lane, "/any/x")
                            .signAs(SIGNER, lane.scheme(), signedFor, "/any/x")
                            .target(lane.scheme() + "://" + EVIL + "/any/x"));
            assertThat(response.seen("method")).isNull();
            // Undertow fails by itself on such a :path, before any filter.
            assertThat(response.isRefused()
                            || (response.status() == 500 && lane.toString().startsWith("Undertow H2")))
                    .as("%s", response)
                    .isTrue();
        }
    }

    /** As containers once did, and as they do again if they are told to. */
    @ParameterizedTest
    @EnumSource(Wire.Kind.class)
    void host_otherThanTheAuthorityInALenientContainer_isRefused(Wire.Kind kind) throws Exception {
        Container.Site site = new Container.Site()
                .filter(
                        "/*",
                        SignatureFilter.of(
                                InboundPipeline.builder(verifier().build()).build()))
                .servlet("/*", new Echo());
        try (Container lenient = JettyContainer.lenient(site)) {
            Lane lane = new Lane(lenient, kind);
            assertAdmitted(send(lane, RawRequest.of("GET", lane, "/x").sign(SIGNER)));
            RawRequest request = RawRequest.of("GET", lane, "/x").signAs(SIGNER, lane.scheme(), EVIL, "/x");
            if (lane.isHttp2()) {
                // Signed for the one that the Host field names; the container goes by the other.
                RawResponse response = send(lane, request.field("host", EVIL));
                assertThat(response.status()).as("%s", response).isEqualTo(400);
                assertThat(response.code()).isEqualTo("message-malformed");
            } else {
                // Here it shows what it goes by, the target or a forwarding field, as the Host field.
                assertRefused(
                        send(lane, request.authority(EVIL).target(lane.scheme() + "://" + lane.authority() + "/x")));
                assertRefused(
                        send(lane, RawRequest.of("GET", lane, "/x").sign(SIGNER).field("x-forwarded-host", EVIL)));
            }
        }
    }

    // ---- scheme ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("lanes")
    void scheme_claimedOnly_isNotVerified(Lane lane) throws IOException {
        String claimed = lane.kind().isTls ? "http" : "https";
        RawRequest request = RawRequest.of("GET", lane, "/any/x").signAs(SIGNER, claimed, lane.authority(), "/any/x");
        if (lane.isHttp2()) {
            request.scheme(claimed);
        } else {
            request.target(claimed + "://" + lane.authority() + "/any/x");
        }
        assertRefused(send(lane, request));
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void scheme_signedAsTheConnections_isWhatTheApplicationSees(Lane lane) throws IOException {
        String claimed = lane.kind().isTls ? "http" : "https";
        RawRequest request = RawRequest.of("GET", lane, "/any/x").sign(SIGNER);
        if (lane.isHttp2()) {
            request.scheme(claimed);
        } else {
            request.target(claimed + "://" + lane.authority() + "/any/x");
        }
        RawResponse response = send(lane, request);
        if (response.status() == 200) {
            assertThat(response.seen("scheme")).isEqualTo(lane.scheme());
            assertThat(response.seen("secure")).isEqualTo(String.valueOf(lane.kind().isTls));
            assertThat(response.seen("url")).isEqualTo(lane.scheme() + "://" + lane.authority() + "/any/x");
        } else {
            assertRefused(response);
        }
    }

    // ---- query -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("lanes")
    void query_empty_isVerifiedAsTheApplicationSeesIt(Lane lane) throws IOException {
        // Undertow shows it as if it were absent, to the filter and to the application.
        boolean isDropped = lane.container() instanceof UndertowContainer;
        RawResponse signedWith =
                send(lane, RawRequest.of("GET", lane, "/any/p?").sign(SIGNER));
        RawResponse signedWithout =
                send(lane, RawRequest.of("GET", lane, "/any/p").sign(SIGNER).target("/any/p?"));
        assertRefused(isDropped ? signedWith : signedWithout);
        assertAdmitted(isDropped ? signedWithout : signedWith);
        assertThat((isDropped ? signedWithout : signedWith).seen("query")).isEqualTo(isDropped ? "null" : "");
    }

    // ---- fields ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("lanes")
    void field_addedThatChangesMeaning_isRefused(Lane lane) throws IOException {
        for (RawRequest.Field added : List.of(
                new RawRequest.Field("content-type", FORM),
                new RawRequest.Field("authorization", "Bearer evil"),
                new RawRequest.Field("cookie", "session=EVIL"))) {
            assertRefused(send(
                    lane,
                    RawRequest.of("POST", lane, "/any/x")
                            .body(BODY)
                            .sign(SIGNER)
                            .field(added.name(), added.value())));
        }
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void field_thatClaimsAnIdentity_isInvisible(Lane lane) throws IOException {
        RawRequest request = RawRequest.of("GET", lane, "/any/x").sign(SIGNER);
        List<String> names = List.of(
                "x-user",
                "x_user",
                "x-amzn-mtls-clientcert-subject",
                "x-forwarded-tls-client-cert",
                "x-forwarded-tls-client-cert-info",
                "x-arr-clientcert",
                "x-ssl-cert",
                "cf-access-authenticated-user-email",
                "tailscale-user-login",
                "oidc_claim_sub",
                "x-auth-userid",
                "x-auth-subject",
                "x-auth-groups",
                "x-userinfo",
                "x-endpoint-api-userinfo",
                "x-pomerium-claim-email",
                "x-vouch-user",
                "x-user-tenant",
                "x-scopes",
                "x-role");
        names.forEach(name -> request.field(name, "admin"));
        request.field("x-user-agent", "grpc-web").field("traceparent", "00-1");
        RawResponse response = send(lane, request);
        assertAdmitted(response);
        assertThat(response.body()).doesNotContain("admin");
        assertThat(response.seen("header.x-user-agent")).isEqualTo("grpc-web");
        assertThat(response.seen("header.traceparent")).isEqualTo("00-1");
    }
}
