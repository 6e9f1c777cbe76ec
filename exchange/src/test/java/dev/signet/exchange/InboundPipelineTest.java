// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.http.AcceptSignature;
import dev.signet.http.Component;
import dev.signet.http.FieldType;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignaturePolicy;
import dev.signet.http.VerifiedMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of a request into a server, without a server. */
class InboundPipelineTest implements Ways {
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
        try (Admission admission = admit(pipeline(verifier()), request, PEER, stream(BODY))) {
            assertThat(admission.caller()).isEqualTo("client-1");
            assertThat(admission.verified().contentBytes()).isEqualTo(BODY);
            assertThat(admission.body().readAllBytes()).isEqualTo(BODY);
            assertThat(admission.bodyLength()).isEqualTo(BODY.length);
            assertThat(admission.request()).isSameAs(request);
        }
    }

    @Test
    void admit_requestWithoutBody_hasEmptyBody() throws IOException {
        try (Admission admission =
                admit(pipeline(verifier()), signed(SIGNER, new byte[0]), PEER, stream(new byte[0]))) {
            assertThat(admission.bodyLength()).isZero();
            assertThat(admission.body().read()).isEqualTo(-1);
        }
    }

    @Test
    void admit_behindProxy_verifiesPublicUri() {
        InboundPipeline pipeline = InboundPipeline.builder(verifier().build())
                .publicOrigin(PublicOrigin.of(URI.create("https://api.example.com")))
                .build();
        HttpMessageBuilder internal = HttpMessage.request("POST")
                .scheme("http")
                .authority("internal:8080")
                .target("/pay");
        HttpMessage outside = HttpMessage.request("POST", URI.create("https://api.example.com/pay"))
                .build();
        SIGNER.sign(outside, BODY).forEach(internal::field);
        Admission admission = admit(pipeline, internal.build(), PEER, stream(BODY));
        assertThat(admission.verified().targetUri()).contains("https://api.example.com/pay");
        assertThat(admission.request().scheme()).isEqualTo("https");
    }

    @Test
    void admit_spooledBody_isRemovedOnClose() throws IOException {
        Set<String> before = Spools.open();
        Limits limits = Limits.recommended2026().withMaxBodyBytes(100).withMaxBodyBytesInMemory(4);
        InboundPipeline pipeline = pipeline(verifier(limits));
        Admission admission = admit(pipeline, signed(SIGNER, BODY), PEER, stream(BODY));
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
        Admission admission = admit(pipeline, signed(BARE_SIGNER, BODY), PEER, stream(BODY));
        assertThat(admission.body().readAllBytes()).isEqualTo(BODY);
        assertThat(admission.bodyLength()).isEqualTo(BODY.length);
        assertThatThrownBy(() -> admission.verified().contentStream()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void example() throws IOException {
        HttpVerifier verifier = verifier().build();
        HttpMessage request = signed(SIGNER, BODY);
        String peerAddress = PEER;
        InputStream body = stream(BODY);
        List<String> handled = new ArrayList<>();
        // tag::inbound[]
        InboundPipeline pipeline = InboundPipeline.builder(verifier)
                .publicOrigin(PublicOrigin.of(URI.create("https://example.com")))
                .build();
        try (Admission admission = pipeline.admit(request, peerAddress, body)) {
            handled.add(admission.caller() + " " + admission.body().readAllBytes().length);
        } catch (MessageSecurityException e) {
            Problem problem = pipeline.refusal(e); // status, fields and JSON of the answer
            handled.add(problem.code());
        }
        // end::inbound[]
        assertThat(handled).containsExactly("client-1 10");
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
                        verifier(Limits.recommended2026().withMaxBodyBytes(9).withMaxBodyBytesInMemory(4))
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
        admit(pipeline, request, PEER, stream(BODY));
        assertReason(Reason.REPLAYED, pipeline, request, BODY);
    }

    @Test
    void admit_unsigned_isRefusedWithoutReading() {
        HttpMessage request =
                HttpMessage.request("POST", URI.create("https://example.com/")).build();
        assertThatThrownBy(() -> admit(pipeline(verifier()), request, PEER, unreadable()))
                .isInstanceOf(VerificationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"11", "9999999999999999999999", "999999999999999999"})
    void admit_declaredLengthOverTheCap_isRefusedWithoutReading(String length) {
        HttpMessageBuilder request = HttpMessage.request("POST", URI.create("https://example.com/"));
        request.fields(SIGNER.sign(request.build(), BODY)).field("content-length", length);
        assertTooLarge(
                pipeline(verifier(Limits.recommended2026().withMaxBodyBytes(10).withMaxBodyBytesInMemory(4))),
                request.build(),
                unreadable());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+5", "0x5", "5, 5", "5 5", "٥"})
    void admit_declaredLengthThatIsNone_isRefusedWithoutReading(String length) {
        HttpMessageBuilder request = HttpMessage.request("POST", URI.create("https://example.com/"));
        request.fields(SIGNER.sign(request.build(), BODY)).field("content-length", length);
        assertThatThrownBy(() -> admit(pipeline(verifier()), request.build(), PEER, unreadable()))
                .isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void admit_undeclaredLengthOverTheCap_isRefusedAndLeavesNoFile() throws IOException {
        Set<String> before = Spools.open();
        InboundPipeline pipeline =
                pipeline(verifier(Limits.recommended2026().withMaxBodyBytes(9).withMaxBodyBytesInMemory(4)));
        assertTooLarge(pipeline, signed(SIGNER, BODY), stream(BODY));
        assertThat(Spools.open()).isEqualTo(before);
    }

    @Test
    void admit_bodyBreaksOff_isRefusedAndLeavesNoFile() throws IOException {
        Set<String> before = Spools.open();
        InboundPipeline pipeline =
                pipeline(verifier(Limits.recommended2026().withMaxBodyBytes(100).withMaxBodyBytesInMemory(4)));
        InputStream broken = new java.io.SequenceInputStream(stream(BODY), unreadable());
        assertThatThrownBy(() -> admit(pipeline, signed(SIGNER, BODY), PEER, broken))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isFalse());
        assertThat(Spools.open()).isEqualTo(before);
    }

    @Test
    void admit_callerWithoutName_isRefusedAndLeavesNoFile() throws IOException {
        Set<String> before = Spools.open();
        for (Function<VerifiedMessage, String> naming : List.<Function<VerifiedMessage, String>>of(
                verified -> "",
                verified -> null,
                verified -> {
                    throw new IllegalStateException("jdbc:names://10.1.2.3");
                },
                verified -> {
                    throw new AssertionError("jdbc:names://10.1.2.3");
                })) {
            InboundPipeline pipeline = InboundPipeline.builder(verifier(Limits.recommended2026()
                                    .withMaxBodyBytes(100)
                                    .withMaxBodyBytesInMemory(4))
                            .build())
                    .callerName(naming)
                    .build();
            assertUnavailable(pipeline, signed(SIGNER, BODY));
            assertThat(Spools.open()).isEqualTo(before);
        }
    }

    // ---- before the verdict ----------------------------------------------------------------------------------------

    /** What is refused for a reason of the pipeline's own must not have used up the request, nor have counted as verified. */
    @Test
    void admit_refusedByThePipelineItself_usesNothingUp() {
        List<SecurityEvent> events = new ArrayList<>();
        HttpVerifier verifier =
                verifier().signature(BODY_IGNORED).listener(events::add).build();
        HttpMessage request = signed(BARE_SIGNER, BODY);
        assertReason(
                Reason.COMPONENT_NOT_COVERED, InboundPipeline.builder(verifier).build(), request, BODY);
        assertReason(
                Reason.SIGNATURE_NOT_ACCEPTABLE,
                InboundPipeline.builder(verifier)
                        .allowUncoveredBody()
                        .callerName(verified -> {
                            throw new VerificationException(Reason.SIGNATURE_NOT_ACCEPTABLE, "the client is suspended");
                        })
                        .build(),
                request,
                BODY);
        assertUnavailable(
                InboundPipeline.builder(verifier)
                        .allowUncoveredBody()
                        .callerName(verified -> "")
                        .build(),
                request);
        assertThat(events)
                .extracting(SecurityEvent::type)
                .containsExactly(
                        SecurityEvent.Type.REJECTED, SecurityEvent.Type.REJECTED, SecurityEvent.Type.UNAVAILABLE);
        admit(InboundPipeline.builder(verifier).allowUncoveredBody().build(), request, PEER, stream(BODY))
                .close();
        assertThat(events).extracting(SecurityEvent::type).endsWith(SecurityEvent.Type.VERIFIED);
    }

    @Test
    void admit_uncoveredBody_usesNothingUpAndReportsNothing() {
        List<SecurityEvent.Type> events = new ArrayList<>();
        List<String> claims = new ArrayList<>();
        HttpVerifier.Builder verifier = verifier()
                .signature(BODY_IGNORED)
                .listener(event -> events.add(event.type()))
                .replayGuard((key, nonce, until) -> {
                    claims.add(nonce);
                    return ReplayGuard.Claim.FIRST;
                });
        assertReason(Reason.COMPONENT_NOT_COVERED, pipeline(verifier), signed(BARE_SIGNER, BODY), BODY);
        assertThat(claims).isEmpty();
        assertThat(events).containsExactly(SecurityEvent.Type.REJECTED);
    }

    /** Naming the caller and reading an uncovered body may take long; the verdict is given after both. */
    @Test
    void admit_tooLateOnceAllIsAsked_isRefused() {
        Instant start = Instant.parse("2026-12-01T00:00:00Z");
        HttpSigner signer = HttpSigner.builder(KEY)
                .cover(Component.METHOD, Component.TARGET_URI)
                .clock(InstantSource.fixed(start))
                .build();
        HttpMessage request = signed(signer, BODY);
        int jumps = MovingInstant.sweep(start, Duration.ofSeconds(301), clock -> {
            InboundPipeline pipeline = InboundPipeline.builder(
                            verifier().signature(BODY_IGNORED).clock(clock).build())
                    .allowUncoveredBody()
                    .callerName(verified -> {
                        clock.pass();
                        return "client";
                    })
                    .build();
            InputStream body = new java.io.FilterInputStream(stream(BODY)) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    clock.pass();
                    return super.read(into, offset, Math.min(length, 4));
                }
            };
            assertThatThrownBy(() -> admit(pipeline, request, PEER, body)).isInstanceOf(MessageSecurityException.class);
        });
        assertThat(jumps).isGreaterThan(3);
    }

    // ---- failures --------------------------------------------------------------------------------------------------

    @Test
    void admit_anythingThatFails_isAnAnswerThatCouldNotBeHad() {
        List<SecurityEvent> events = new ArrayList<>();
        RuntimeException failure = new IllegalStateException("jdbc:keys://10.1.2.3");
        HttpMessage request = signed(SIGNER, BODY);
        List<InboundPipeline> pipelines = List.of(
                pipeline(HttpVerifier.builder(id -> {
                            throw failure;
                        })
                        .listener(events::add)),
                pipeline(HttpVerifier.builder(id -> {
                            throw new StackOverflowError("jdbc:keys://10.1.2.3");
                        })
                        .listener(events::add)),
                pipeline(HttpVerifier.builder(id -> null).listener(events::add)),
                pipeline(verifier().listener(events::add).replayGuard((key, nonce, end) -> {
                    throw failure;
                })),
                pipeline(verifier().listener(events::add).replayGuard((key, nonce, end) -> null)));
        for (InboundPipeline pipeline : pipelines) {
            events.clear();
            assertUnavailable(pipeline, request);
            assertThat(events).extracting(SecurityEvent::type).containsExactly(SecurityEvent.Type.UNAVAILABLE);
        }
    }

    @Test
    void admit_hostThatFails_isAnAnswerThatCouldNotBeHad() {
        List<SecurityEvent> events = new ArrayList<>();
        HttpMessage broken = new HttpMessage() {
            @Override
            public boolean isRequest() {
                return true;
            }

            @Override
            public String method() {
                throw failure();
            }

            @Override
            public String scheme() {
                throw failure();
            }

            @Override
            public String authority() {
                throw failure();
            }

            @Override
            public String requestTarget() {
                throw failure();
            }

            @Override
            public int status() {
                throw failure();
            }

            @Override
            public List<String> fieldValues(String name) {
                throw failure();
            }

            private RuntimeException failure() {
                return new IllegalStateException("jdbc:keys://10.1.2.3");
            }
        };
        assertUnavailable(pipeline(verifier().listener(events::add)), broken);
        assertThat(events).extracting(SecurityEvent::type).containsExactly(SecurityEvent.Type.UNAVAILABLE);
    }

    @Test
    void admit_malformedForwardedField_isToldToTheListener() {
        List<SecurityEvent> events = new ArrayList<>();
        InboundPipeline pipeline = InboundPipeline.builder(
                        verifier().listener(events::add).build())
                .publicOrigin(PublicOrigin.allowForwarded(PEER))
                .build();
        HttpMessage request = HttpMessage.request("GET", URI.create("https://example.com/"))
                .field("forwarded", "proto=ftp")
                .build();
        assertThatThrownBy(() -> admit(pipeline, request, PEER, stream(BODY)))
                .isInstanceOf(InvalidMessageException.class);
        assertThat(events).extracting(SecurityEvent::code).containsExactly("message-malformed");
    }

    @Test
    void admit_response_isAProgrammersMistake() {
        assertThatThrownBy(() ->
                        admit(pipeline(verifier()), HttpMessage.response(200).build(), PEER, stream(BODY)))
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
                "x-amzn-mtls-clientcert",
                "X-Amzn-Mtls-Clientcert-Subject",
                "x-forwarded-tls-client-cert",
                "x-forwarded-tls-client-cert-info",
                "x-arr-clientcert",
                "x-ssl-cert",
                "cf-access-authenticated-user-email",
                "tailscale-user-login",
                "OIDC_CLAIM_sub",
                "x-auth-userid",
                "x-auth-subject",
                "x-auth-groups",
                "x-userinfo",
                "x-endpoint-api-userinfo",
                "x-apigateway-api-userinfo",
                "x-pomerium-claim-email",
                "x-vouch-user",
                "x-user-tenant",
                "x-user-agent-id",
                "x-scopes",
                "x-role",
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

    @Test
    void isStripped_onlyCoveredFields_letsNothingElseThrough() {
        HttpSigner signer = HttpSigner.builder(KEY)
                .cover(
                        Component.METHOD,
                        Component.TARGET_URI,
                        Component.field("x-whole"),
                        Component.field("x-member").key("a"),
                        Component.field("x-user"),
                        Component.field("x-role"),
                        Component.field("x-typed").sf())
                .structuredField("x-typed", FieldType.ITEM)
                .structuredField("x-member", FieldType.DICTIONARY)
                .build();
        HttpMessageBuilder message = HttpMessage.request("GET", URI.create("https://example.com/"));
        for (String name : List.of("x-whole", "x-user", "x-role", "x-typed")) {
            message.field(name, "1");
        }
        message.field("x-member", "a=1, b=2");
        message.fields(signer.sign(message.build(), new byte[0]));
        HttpVerifier verifier = verifier()
                .structuredField("x-typed", FieldType.ITEM)
                .structuredField("x-member", FieldType.DICTIONARY)
                .build();
        Admission admission = admit(
                InboundPipeline.builder(verifier)
                        .onlyCoveredFields("X-Trace", "x-client-id")
                        .allowIdentityFields("x-role", "x-client-id")
                        .build(),
                message.build(),
                PEER,
                stream(new byte[0]));
        assertThat(List.of("X-Whole", "x-typed", "x-role", "X-TRACE", "x-client-id", "Host", "content-length"))
                .noneMatch(admission::isStripped);
        assertThat(List.of("x-member", "x-user", "x_whole", "content-type", "cookie", "authorization", "signature"))
                .allMatch(admission::isStripped);
        assertThat(admission.isTrailerStripped("x-whole")).isTrue();
        assertThat(admission.isTrailerStripped("x-trace")).isFalse();
    }

    @Test
    void onlyCoveredFields_identityFieldThatIsNotAllowed_isRejected() {
        InboundPipeline.Builder builder =
                InboundPipeline.builder(verifier().build()).onlyCoveredFields("X-User");
        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void toString_allowances_areNamed() {
        HttpVerifier verifier = verifier().build();
        assertThat(InboundPipeline.builder(verifier).build())
                .asString()
                .contains("asReceived")
                .doesNotContain("allow");
        assertThat(InboundPipeline.builder(verifier)
                        .publicOrigin(PublicOrigin.allowForwarded("10.0.0.0/8"))
                        .allowUncoveredBody()
                        .allowIdentityFields("X-User")
                        .build())
                .asString()
                .contains("allowForwarded", "allowUncoveredBody", "allowIdentityFields [x-user]");
        assertThat(PublicOrigin.allowXForwarded("10.0.0.0/8")).asString().contains("allowXForwarded");
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

    private void assertUnavailable(InboundPipeline pipeline, HttpMessage request) {
        assertThatThrownBy(() -> admit(pipeline, request, PEER, stream(BODY)))
                .isInstanceOfSatisfying(UnavailableException.class, e -> {
                    Problem problem = pipeline.refusal(e);
                    assertThat(problem.status()).isEqualTo(503);
                    assertThat(new String(problem.toJson(), UTF_8)).doesNotContain("jdbc");
                });
    }

    /** A clock that jumps at one of the calls that the code under test waits for. */
    private static final class MovingInstant implements InstantSource {
        private Instant now;
        private int calls;
        private final int jumpAt;
        private final Duration jump;

        private MovingInstant(Instant start, int jumpAt, Duration jump) {
            now = start;
            this.jumpAt = jumpAt;
            this.jump = jump;
        }

        static int sweep(Instant start, Duration jump, Consumer<MovingInstant> scenario) {
            for (int call = 0; ; call++) {
                MovingInstant clock = new MovingInstant(start, call, jump);
                try {
                    scenario.accept(clock);
                } catch (AssertionError e) {
                    if (clock.calls <= call) {
                        // No jump, no refusal.
                        return call;
                    }
                    throw e;
                }
            }
        }

        void pass() {
            if (calls++ == jumpAt) {
                now = now.plus(jump);
            }
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private Admission admitted(InboundPipeline.Builder builder) {
        return admit(builder.build(), signed(SIGNER, BODY), PEER, stream(BODY));
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

    private void assertReason(Reason reason, InboundPipeline pipeline, HttpMessage request, byte[] body) {
        assertThatThrownBy(() -> admit(pipeline, request, PEER, stream(body)))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private void assertTooLarge(InboundPipeline pipeline, HttpMessage request, InputStream body) {
        assertThatThrownBy(() -> admit(pipeline, request, PEER, body))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }
}
