// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of a request into a server, without a server. */
class InboundPipelineTest {
    private static final String PEER = "192.0.2.1";
    private static final byte[] BODY = "0123456789".getBytes(UTF_8);
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ED25519).withId("client-1");
    private static final HttpSigner SIGNER = HttpSigner.builder(KEY).build();
    private static final HttpSigner BARE_SIGNER = HttpSigner.builder(KEY)
            .cover(Component.METHOD, Component.TARGET_URI)
            .build();
    private static final SignaturePolicy BODY_IGNORED =
            SignaturePolicy.recommended2026().ignore(Component.CONTENT_DIGEST);

    // ---- admitted --------------------------------------------------------------------------------------------------

    @Test
    void admit_signedRequest_givesCallerBodyAndRequest() throws IOException {
        HttpMessage request = signed(SIGNER, BODY);
        try (Admission admission = pipeline(verifier()).admit(request, PEER, stream(BODY))) {
            assertThat(admission.caller()).isEqualTo("client-1");
            assertThat(admission.verified().bodyBytes()).isEqualTo(BODY);
            assertThat(admission.body().readAllBytes()).isEqualTo(BODY);
            assertThat(admission.bodyLength()).isEqualTo(BODY.length);
            assertThat(admission.request()).isSameAs(request);
        }
    }

    @Test
    void admit_requestWithoutBody_hasEmptyBody() throws IOException {
        try (Admission admission = pipeline(verifier()).admit(signed(SIGNER, new byte[0]), PEER, stream(new byte[0]))) {
            assertThat(admission.bodyLength()).isZero();
            assertThat(admission.body().read()).isEqualTo(-1);
        }
    }

    @Test
    void admit_behindProxy_verifiesPublicUri() {
        InboundPipeline pipeline = InboundPipeline.builder(verifier().build())
                .publicOrigin(PublicOrigin.of(URI.create("https://api.example.com")))
                .build();
        HttpMessageBuilder internal = HttpMessage.request("POST", "http", "internal:8080", "/pay");
        HttpMessage outside = HttpMessage.request("POST", URI.create("https://api.example.com/pay"))
                .build();
        SIGNER.sign(outside, BODY).forEach(internal::field);
        Admission admission = pipeline.admit(internal.build(), PEER, stream(BODY));
        assertThat(admission.verified().targetUri()).contains("https://api.example.com/pay");
        assertThat(admission.request().scheme()).isEqualTo("https");
    }

    @Test
    void admit_spooledBody_isRemovedOnClose() throws IOException {
        Set<String> before = Spools.open();
        Limits limits = Limits.recommended2026().withMaxBodyBytes(100, 4);
        InboundPipeline pipeline = pipeline(verifier(limits));
        Admission admission = pipeline.admit(signed(SIGNER, BODY), PEER, stream(BODY));
        assertThat(Spools.open()).hasSize(before.size() + 1);
        assertThat(admission.body().readAllBytes()).isEqualTo(BODY);
        assertThat(admission.bodyLength()).isEqualTo(BODY.length);
        admission.close();
        assertThat(Spools.open()).isEqualTo(before);
    }

    @Test
    void admit_uncoveredBodyAllowed_isWholeButNotVerified() throws IOException {
        InboundPipeline pipeline = InboundPipeline.builder(
                        verifier().signature(BODY_IGNORED).build())
                .allowUncoveredBody()
                .build();
        Admission admission = pipeline.admit(signed(BARE_SIGNER, BODY), PEER, stream(BODY));
        assertThat(admission.body().readAllBytes()).isEqualTo(BODY);
        assertThat(admission.bodyLength()).isEqualTo(BODY.length);
        assertThatThrownBy(() -> admission.verified().body()).isInstanceOf(IllegalStateException.class);
    }

    // ---- refused ---------------------------------------------------------------------------------------------------

    @Test
    void admit_uncoveredBody_isRefusedByDefault() {
        InboundPipeline pipeline = pipeline(verifier().signature(BODY_IGNORED));
        assertReason(Reason.COMPONENT_NOT_COVERED, pipeline, signed(BARE_SIGNER, BODY), BODY);
    }

    @Test
    void admit_uncoveredBodyOverTheCap_isRefusedThoughAllowed() {
        InboundPipeline pipeline = InboundPipeline.builder(
                        verifier(Limits.recommended2026().withMaxBodyBytes(9, 4))
                                .signature(BODY_IGNORED)
                                .build())
                .allowUncoveredBody()
                .build();
        assertTooLarge(pipeline, signed(BARE_SIGNER, BODY), stream(BODY));
    }

    @Test
    void admit_uncoveredBodyAllowed_stillNeedsWhatThePolicyDemands() {
        InboundPipeline pipeline =
                InboundPipeline.builder(verifier().build()).allowUncoveredBody().build();
        assertReason(Reason.COMPONENT_NOT_COVERED, pipeline, signed(BARE_SIGNER, BODY), BODY);
    }

    @Test
    void admit_tamperedBody_isRefused() {
        assertReason(Reason.DIGEST_MISMATCH, pipeline(verifier()), signed(SIGNER, BODY), "0123456780".getBytes(UTF_8));
    }

    @Test
    void admit_replay_isRefused() {
        InboundPipeline pipeline = pipeline(verifier());
        HttpMessage request = signed(SIGNER, BODY);
        pipeline.admit(request, PEER, stream(BODY));
        assertReason(Reason.REPLAYED, pipeline, request, BODY);
    }

    @Test
    void admit_unsigned_isRefusedWithoutReading() {
        HttpMessage request =
                HttpMessage.request("POST", URI.create("https://example.com/")).build();
        assertThatThrownBy(() -> pipeline(verifier()).admit(request, PEER, unreadable()))
                .isInstanceOf(VerificationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"11", "9999999999999999999999", "999999999999999999"})
    void admit_declaredLengthOverTheCap_isRefusedWithoutReading(String length) {
        HttpMessageBuilder request = HttpMessage.request("POST", URI.create("https://example.com/"));
        request.fields(SIGNER.sign(request.build(), BODY)).field("content-length", length);
        assertTooLarge(
                pipeline(verifier(Limits.recommended2026().withMaxBodyBytes(10, 4))), request.build(), unreadable());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+5", "0x5", "5, 5", "5 5", "٥"})
    void admit_declaredLengthThatIsNone_isRefusedWithoutReading(String length) {
        HttpMessageBuilder request = HttpMessage.request("POST", URI.create("https://example.com/"));
        request.fields(SIGNER.sign(request.build(), BODY)).field("content-length", length);
        assertThatThrownBy(() -> pipeline(verifier()).admit(request.build(), PEER, unreadable()))
                .isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void admit_undeclaredLengthOverTheCap_isRefusedAndLeavesNoFile() throws IOException {
        Set<String> before = Spools.open();
        InboundPipeline pipeline = pipeline(verifier(Limits.recommended2026().withMaxBodyBytes(9, 4)));
        assertTooLarge(pipeline, signed(SIGNER, BODY), stream(BODY));
        assertThat(Spools.open()).isEqualTo(before);
    }

    @Test
    void admit_bodyBreaksOff_isRefusedAndLeavesNoFile() throws IOException {
        Set<String> before = Spools.open();
        InboundPipeline pipeline = pipeline(verifier(Limits.recommended2026().withMaxBodyBytes(100, 4)));
        InputStream broken = new java.io.SequenceInputStream(stream(BODY), unreadable());
        assertThatThrownBy(() -> pipeline.admit(signed(SIGNER, BODY), PEER, broken))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isFalse());
        assertThat(Spools.open()).isEqualTo(before);
    }

    @Test
    void admit_callerWithoutName_isRefusedAndLeavesNoFile() throws IOException {
        Set<String> before = Spools.open();
        InboundPipeline pipeline = InboundPipeline.builder(
                        verifier(Limits.recommended2026().withMaxBodyBytes(100, 4))
                                .build())
                .callerName(verified -> "")
                .build();
        assertThatThrownBy(() -> pipeline.admit(signed(SIGNER, BODY), PEER, stream(BODY)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(Spools.open()).isEqualTo(before);
    }

    @Test
    void admit_response_isAProgrammersMistake() {
        assertThatThrownBy(() ->
                        pipeline(verifier()).admit(HttpMessage.response(200).build(), PEER, stream(BODY)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- identity fields -------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-user",
                "X-User-Id",
                "X_USER_ID",
                "remote-user",
                "Remote_User",
                "x-remote-user",
                "x-remote-extra-scopes",
                "x-forwarded-user",
                "x-authenticated-user",
                "x-authenticated-userid",
                "x-auth-request-email",
                "x-consumer-username",
                "x-client-id",
                "x-client-cert",
                "x-forwarded-client-cert",
                "client-cert",
                "ssl-client-s-dn",
                "x-ms-client-principal-name",
                "x-signet-key-id",
                "x-tenant",
                "x-team-blue"
            })
    void isStripped_identityField_anySpelling(String name) {
        assertThat(admitted(InboundPipeline.builder(verifier().build()).stripFields("X-Tenant", "x-team-*"))
                        .isStripped(name))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host",
                "authorization",
                "cookie",
                "user-agent",
                "x-user-agent",
                "x-auth-token",
                "x-request-id",
                "x-forwarded-for",
                "signature",
                "x-tenant",
                "x-use",
                "xx-user",
                "x-client-id"
            })
    void isStripped_otherOrAllowedField_isNot(String name) {
        assertThat(admitted(InboundPipeline.builder(verifier().build()).allowIdentityFields("X-Client-ID"))
                        .isStripped(name))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "x user", "x-user:"})
    void stripFields_noFieldName_isRejected(String name) {
        InboundPipeline.Builder builder = InboundPipeline.builder(verifier().build());
        assertThatThrownBy(() -> builder.stripFields(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void acceptSignature_sameLabelTwice_isRejected() {
        AcceptSignature wanted =
                AcceptSignature.builder("sig", Component.METHOD).build();
        assertThatThrownBy(() -> InboundPipeline.builder(verifier().build()).acceptSignature(wanted, wanted))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Admission admitted(InboundPipeline.Builder builder) {
        return builder.build().admit(signed(SIGNER, BODY), PEER, stream(BODY));
    }

    private static HttpVerifier.Builder verifier() {
        return HttpVerifier.builder(KeyResolver.of(KEY.verificationKey()));
    }

    private static HttpVerifier.Builder verifier(Limits limits) {
        return verifier().policy(SecurityPolicy.recommended2026().withLimits(limits));
    }

    private static InboundPipeline pipeline(HttpVerifier.Builder verifier) {
        return InboundPipeline.builder(verifier.build()).build();
    }

    private static HttpMessage signed(HttpSigner signer, byte[] body) {
        HttpMessageBuilder request = HttpMessage.request("POST", URI.create("https://example.com/orders?x=1"));
        return request.fields(signer.sign(request.build(), body)).build();
    }

    private static InputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    private static InputStream unreadable() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }
        };
    }

    private static void assertReason(Reason reason, InboundPipeline pipeline, HttpMessage request, byte[] body) {
        assertThatThrownBy(() -> pipeline.admit(request, PEER, stream(body)))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static void assertTooLarge(InboundPipeline pipeline, HttpMessage request, InputStream body) {
        assertThatThrownBy(() -> pipeline.admit(request, PEER, body))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }
}
