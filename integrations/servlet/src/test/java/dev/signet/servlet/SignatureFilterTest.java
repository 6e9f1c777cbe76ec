// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.exchange.InboundPipeline;
import dev.signet.http.AcceptSignature;
import dev.signet.http.Component;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignaturePolicy;
import dev.signet.http.VerifiedMessage;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests over a JDK client against a real Jetty. */
class SignatureFilterTest {
    private final SignedClient client = SignedClient.create();
    private final AtomicInteger handled = new AtomicInteger();
    private TestServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    // ---- admitted --------------------------------------------------------------------------------------------------

    @Test
    void doFilter_signedPost_reachesHandlerWithCallerAndBody() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        serve(SignedClient.filter(), request -> {
            VerifiedMessage verified = SignatureFilter.verifiedMessage(request).orElseThrow();
            String body = new String(request.getInputStream().readAllBytes(), UTF_8);
            seen.set(String.join(
                    "|",
                    request.getUserPrincipal().getName(),
                    request.getRemoteUser(),
                    request.getAuthType(),
                    verified.keyId(),
                    verified.method().orElseThrow(),
                    new String(verified.contentBytes(), UTF_8),
                    body));
        });
        HttpResponse<String> response = client.post(server.uri("/orders?a=1"), "text/plain", "hello".getBytes(UTF_8))
                .send();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(seen.get()).isEqualTo("client-1|client-1|Signature|client-1|POST|hello|hello");
    }

    @Test
    void doFilter_signedGet_isAdmittedWithEmptyBody() throws Exception {
        serve(SignedClient.filter(), request -> {
            assertThat(request.getInputStream().read()).isEqualTo(-1);
            assertThat(request.getInputStream().isFinished()).isTrue();
        });
        assertThat(client.get(server.uri("/")).send().statusCode()).isEqualTo(200);
        assertThat(server.failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "DELETE", "OPTIONS", "PATCH", "PUT"})
    void doFilter_otherMethods_areAdmitted(String method) throws Exception {
        serve(SignedClient.filter(), request -> {});
        byte[] body = method.startsWith("P") ? "x".getBytes(UTF_8) : new byte[0];
        assertThat(client.call(method, server.uri("/"), body).send().statusCode())
                .isEqualTo(200);
        assertThat(handled).hasValue(1);
    }

    @Test
    void doFilter_hmacKey_isAdmitted() throws Exception {
        SigningKey hmac = SigningKey.generate(Algorithm.HS256).withId("mac");
        HttpVerifier verifier = HttpVerifier.builder(dev.signet.core.KeyResolver.of(hmac.verificationKey()))
                .build();
        serve(SignatureFilter.of(InboundPipeline.builder(verifier).build()), request -> {});
        SignedClient macClient = new SignedClient(HttpSigner.builder(hmac).build(), HttpClient.Version.HTTP_1_1);
        assertThat(macClient.get(server.uri("/")).send().statusCode()).isEqualTo(200);
    }

    @Test
    void doFilter_http2_isAdmittedAndRefusedAlike() throws Exception {
        AtomicReference<String> protocol = new AtomicReference<>();
        serve(SignedClient.filter(), request -> protocol.set(request.getProtocol()));
        SignedClient http2 =
                new SignedClient(HttpSigner.builder(SignedClient.KEY).build(), HttpClient.Version.HTTP_2);
        // The first request upgrades the connection; the second starts in HTTP/2.
        assertThat(http2.get(server.uri("/a?b=%20")).send().statusCode()).isEqualTo(200);
        assertThat(http2.post(server.uri("/a?b"), "text/plain", "body".getBytes(UTF_8))
                        .send()
                        .statusCode())
                .isEqualTo(200);
        assertThat(protocol.get()).isEqualTo("HTTP/2.0");
        HttpResponse<String> refused = http2.post(server.uri("/a?b"), "text/plain", "body".getBytes(UTF_8))
                .sending("BODY".getBytes(UTF_8))
                .send();
        assertThat(refused.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertRefused(refused, 401, "digest-mismatch");
    }

    @Test
    void doFilter_callerNameMapping_namesThePrincipal() throws Exception {
        AtomicReference<String> name = new AtomicReference<>();
        serve(
                SignatureFilter.of(
                        InboundPipeline.builder(SignedClient.verifier().build())
                                .callerName(verified -> "service:" + verified.keyId())
                                .build()),
                request -> name.set(request.getRemoteUser()));
        client.get(server.uri("/")).send();
        assertThat(name.get()).isEqualTo("service:client-1");
    }

    @Test
    void doFilter_mappedTwice_verifiesOnce() throws Exception {
        SignatureFilter filter = SignedClient.filter();
        server = TestServer.create()
                .filter(filter, DispatcherType.REQUEST)
                .filter("/twice/*", filter, DispatcherType.REQUEST)
                .servlet("/*", (request, response) -> handled.incrementAndGet())
                .start();
        assertThat(client.get(server.uri("/twice/x")).send().statusCode()).isEqualTo(200);
        assertThat(handled).hasValue(1);
    }

    @Test
    void doFilter_stricterFilterBehind_verifiesByItsOwnPolicy() throws Exception {
        SignatureFilter strict = SignatureFilter.of(InboundPipeline.builder(SignedClient.verifier()
                        .signature(SignaturePolicy.recommended2026().require(Component.field("x-reason")))
                        .build())
                .build());
        server = TestServer.create()
                .filter(SignedClient.filter(), DispatcherType.REQUEST)
                .filter("/admin/*", strict, DispatcherType.REQUEST)
                .servlet(
                        "/*",
                        (request, response) -> response.getOutputStream()
                                .write(request.getInputStream().readAllBytes()))
                .start();
        byte[] body = "both read it".getBytes(UTF_8);
        assertThat(client.post(server.uri("/"), "text/plain", body).send().body())
                .isEqualTo("both read it");
        assertRefused(client.post(server.uri("/admin/"), "text/plain", body).send(), 401, "component-not-covered");
        SignedClient covering = new SignedClient(
                HttpSigner.builder(SignedClient.KEY)
                        .cover(
                                Component.METHOD,
                                Component.TARGET_URI,
                                Component.field("content-type"),
                                Component.field("x-reason"),
                                Component.CONTENT_DIGEST)
                        .build(),
                HttpClient.Version.HTTP_1_1);
        assertThat(covering.post(server.uri("/admin/"), "text/plain", body)
                        .field("x-reason", "audit")
                        .send()
                        .body())
                .isEqualTo("both read it");
    }

    // ---- identity fields -------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-User",
                "x-user-id",
                "X-Forwarded-User",
                "X-REMOTE-USER",
                "Remote_User",
                "x-authenticated-user",
                "X-Client-Id",
                "X-Signet-Key-Id",
                "X-Signet-Anything",
                "Client-Cert"
            })
    void doFilter_identityField_isInvisible(String name) throws Exception {
        serve(SignedClient.filter(), request -> {
            assertThat(request.getHeader(name)).isNull();
            assertThat(request.getHeader(name.toUpperCase(Locale.ROOT))).isNull();
            assertThat(request.getHeaders(name.toLowerCase(Locale.ROOT)).hasMoreElements())
                    .isFalse();
            assertThat(request.getIntHeader(name)).isEqualTo(-1);
            assertThat(request.getDateHeader(name)).isEqualTo(-1);
            assertThat(Collections.list(request.getHeaderNames()))
                    .noneMatch(other -> other.equalsIgnoreCase(name))
                    .anyMatch(other -> other.equalsIgnoreCase("X-Other"));
            assertThat(request.getHeader("x-other")).isEqualTo("kept");
            assertThat(request.getUserPrincipal().getName()).isEqualTo("client-1");
        });
        HttpResponse<String> response = client.get(server.uri("/"))
                .spoil(fields -> {
                    fields.put(name, "1");
                    fields.put("X-Other", "kept");
                })
                .send();
        assertThat(server.failures()).isEmpty();
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void doFilter_signedIdentityField_isOnlyInTheVerifiedMessage() throws Exception {
        SignedClient covering = new SignedClient(
                HttpSigner.builder(SignedClient.KEY)
                        .cover(Component.METHOD, Component.TARGET_URI, Component.field("x-user"))
                        .build(),
                HttpClient.Version.HTTP_1_1);
        serve(SignedClient.filter(), request -> {
            assertThat(request.getHeader("x-user")).isNull();
            assertThat(SignatureFilter.verifiedMessage(request).orElseThrow().field("x-user"))
                    .contains("alice");
        });
        assertThat(covering.get(server.uri("/")).field("x-user", "alice").send().statusCode())
                .isEqualTo(200);
        assertThat(server.failures()).isEmpty();
    }

    @Test
    void doFilter_principal_hasNoRolesOfTheContainer() throws Exception {
        serve(
                SignedClient.filter(),
                request -> assertThat(request.isUserInRole("admin")).isFalse());
        assertThat(client.get(server.uri("/")).send().statusCode()).isEqualTo(200);
    }

    // ---- refused ---------------------------------------------------------------------------------------------------

    @Test
    void doFilter_unsigned_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {});
        HttpResponse<String> response =
                client.send(HttpRequest.newBuilder(server.uri("/")).build());
        assertRefused(response, 401, "signature-missing");
        assertThat(response.headers().firstValue("www-authenticate")).contains("Signature");
        assertThat(response.headers().firstValue("cache-control")).contains("no-store");
    }

    @Test
    void doFilter_unsignedWithBody_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {});
        assertRefused(
                client.send(HttpRequest.newBuilder(server.uri("/"))
                        .POST(BodyPublishers.ofString("x"))
                        .build()),
                401,
                "signature-missing");
    }

    @Test
    void doFilter_tamperedBody_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {});
        assertRefused(
                client.post(server.uri("/"), "text/plain", "pay 10".getBytes(UTF_8))
                        .sending("pay 99".getBytes(UTF_8))
                        .send(),
                401,
                "digest-mismatch");
    }

    @Test
    void doFilter_bodyAddedToSignedGet_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {});
        assertRefused(client.get(server.uri("/")).sending("x".getBytes(UTF_8)).send(), 401, "component-not-covered");
    }

    @Test
    void doFilter_bodyRemoved_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {});
        assertRefused(
                client.post(server.uri("/"), "text/plain", "x".getBytes(UTF_8))
                        .sending(new byte[0])
                        .send(),
                401,
                "digest-mismatch");
    }

    @Test
    void doFilter_changedHeader_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {});
        assertRefused(
                client.post(server.uri("/"), "text/plain", "x".getBytes(UTF_8))
                        .spoil(fields -> fields.put("content-type", "text/html"))
                        .send(),
                401,
                "signature-invalid");
    }

    @Test
    void doFilter_removedHeader_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {});
        assertRefused(
                client.post(server.uri("/"), "text/plain", "x".getBytes(UTF_8))
                        .spoil(fields -> fields.remove("content-type"))
                        .send(),
                401,
                "component-unavailable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/other", "/path?a=2", "/path?a=1&b", "/path/?a=1", "/path%3Fa=1", "/PATH?a=1"})
    void doFilter_otherTarget_isRefused(String target) throws Exception {
        serve(SignedClient.filter(), request -> {});
        assertRefused(
                client.get(server.uri(target))
                        .signedFor(server.uri("/path?a=1"))
                        .send(),
                401,
                "signature-invalid");
    }

    @Test
    void doFilter_otherMethod_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {});
        HttpRequest signed = client.get(server.uri("/")).build();
        HttpRequest.Builder changed = HttpRequest.newBuilder(server.uri("/")).DELETE();
        signed.headers().map().forEach((name, values) -> changed.header(name, values.get(0)));
        assertRefused(client.send(changed.build()), 401, "signature-invalid");
    }

    @Test
    void doFilter_replay_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {});
        HttpRequest request = client.get(server.uri("/")).build();
        assertThat(client.send(request).statusCode()).isEqualTo(200);
        assertRefused(client.send(request), 401, "replayed");
        assertThat(handled).hasValue(1);
    }

    @Test
    void doFilter_replayWhileHandlerFails_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {
            throw new IllegalStateException("the application's");
        });
        HttpRequest request = client.get(server.uri("/")).build();
        assertThat(client.send(request).statusCode()).isEqualTo(500);
        assertRefused(client.send(request), 401, "replayed");
    }

    @Test
    void doFilter_tooOld_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {});
        SignedClient late = new SignedClient(
                HttpSigner.builder(SignedClient.KEY)
                        .clock(InstantSource.fixed(Instant.now().minusSeconds(301)))
                        .build(),
                HttpClient.Version.HTTP_1_1);
        assertRefused(late.get(server.uri("/")).send(), 401, "too-old");
    }

    @Test
    void doFilter_expired_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {});
        SignedClient late = new SignedClient(
                HttpSigner.builder(SignedClient.KEY)
                        .clock(InstantSource.fixed(Instant.now().minusSeconds(60)))
                        .expiresAfter(java.time.Duration.ofSeconds(30))
                        .build(),
                HttpClient.Version.HTTP_1_1);
        assertRefused(late.get(server.uri("/")).send(), 401, "expired");
    }

    @Test
    void doFilter_unknownKey_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {});
        SigningKey stranger = SigningKey.generate(Algorithm.ED25519).withId("stranger");
        SignedClient other = new SignedClient(HttpSigner.builder(stranger).build(), HttpClient.Version.HTTP_1_1);
        assertRefused(other.get(server.uri("/")).send(), 401, "key-unknown");
    }

    @Test
    void doFilter_strangersSignatureUnderKnownId_isRefused() throws Exception {
        serve(SignedClient.filter(), request -> {});
        SigningKey stranger = SigningKey.generate(Algorithm.ED25519).withId("client-1");
        SignedClient other = new SignedClient(HttpSigner.builder(stranger).build(), HttpClient.Version.HTTP_1_1);
        assertRefused(other.get(server.uri("/")).send(), 401, "signature-invalid");
    }

    @Test
    void doFilter_keySourceDown_answers503WithoutNamingIt() throws Exception {
        HttpVerifier verifier = HttpVerifier.builder(id -> {
                    throw new UnavailableException("vault-7.internal is down");
                })
                .build();
        serve(SignatureFilter.of(InboundPipeline.builder(verifier).build()), request -> {});
        HttpResponse<String> response = client.get(server.uri("/")).send();
        assertRefused(response, 503, "unavailable");
        assertThat(response.headers().firstValue("retry-after")).isPresent();
        assertThat(response.body()).doesNotContain("vault-7");
    }

    @Test
    void doFilter_refusal_neverHoldsValues() throws Exception {
        serve(SignedClient.filter(), request -> {});
        HttpResponse<String> response = client.post(
                        server.uri("/s3cretpath?s3cretquery=1"), "text/plain", "s3cretbody".getBytes(UTF_8))
                .field("authorization", "Bearer s3crettoken")
                .spoil(fields -> fields.put("content-type", "text/s3crettype"))
                .send();
        assertRefused(response, 401, "signature-invalid");
        assertThat(response.body()).doesNotContain("s3cret");
        assertThat(response.headers().toString()).doesNotContain("s3cret");
    }

    @Test
    void doFilter_acceptSignatureConfigured_tellsWhatToSign() throws Exception {
        serve(
                SignatureFilter.of(
                        InboundPipeline.builder(SignedClient.verifier().build())
                                .acceptSignature(AcceptSignature.builder("sig", Component.METHOD, Component.TARGET_URI)
                                        .created()
                                        .build())
                                .build()),
                request -> {});
        HttpResponse<String> response =
                client.send(HttpRequest.newBuilder(server.uri("/")).build());
        List<AcceptSignature> wanted = AcceptSignature.parse(response.headers().allValues("accept-signature"));
        assertThat(wanted.get(0).components()).containsExactly(Component.METHOD, Component.TARGET_URI);
    }

    @Test
    void doFilter_keepAlive_servesAdmittedAndRefusedInTurn() throws Exception {
        serve(SignedClient.filter(), request -> request.getInputStream().readAllBytes());
        for (int i = 0; i < 20; i++) {
            byte[] body = ("body " + i).getBytes(UTF_8);
            assertThat(client.post(server.uri("/" + i), "text/plain", body)
                            .send()
                            .statusCode())
                    .isEqualTo(200);
            assertRefused(
                    client.post(server.uri("/" + i), "text/plain", body)
                            .sending("spoilt".getBytes(UTF_8))
                            .send(),
                    401,
                    "digest-mismatch");
        }
        assertThat(handled).hasValue(20);
    }

    @Test
    void verifiedMessage_withoutFilter_isEmpty() throws Exception {
        server = TestServer.create()
                .servlet(
                        "/*",
                        (request, response) -> response.getWriter()
                                .print(SignatureFilter.verifiedMessage(request).isEmpty()))
                .start();
        assertThat(client.get(server.uri("/")).send().body()).isEqualTo("true");
    }

    @Test
    void verifiedMessage_attributeOfAnotherType_isEmpty() throws Exception {
        server = TestServer.create()
                .servlet("/*", (request, response) -> {
                    request.setAttribute(SignatureFilter.VERIFIED_MESSAGE, "client-1");
                    response.getWriter()
                            .print(SignatureFilter.verifiedMessage(request).isEmpty());
                })
                .start();
        assertThat(client.get(server.uri("/")).send().body()).isEqualTo("true");
    }

    private interface Check {
        void on(HttpServletRequest request) throws Exception;
    }

    private void serve(SignatureFilter filter, Check check) {
        server = TestServer.create()
                .filter(filter, DispatcherType.REQUEST)
                .servlet("/*", (request, response) -> {
                    handled.incrementAndGet();
                    try {
                        check.on(request);
                    } catch (AssertionError e) {
                        throw new IllegalStateException(e);
                    }
                })
                .start();
    }

    static void assertRefused(HttpResponse<String> response, int status, String code) {
        assertThat(response.body()).contains("\"code\":\"" + code + "\"").contains("\"status\":" + status);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    }
}
