// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import static dev.signet.httpclient.Fixtures.CLIENT_KEY;
import static dev.signet.httpclient.Fixtures.SERVER_KEY;
import static dev.signet.httpclient.Fixtures.SIGNER;
import static dev.signet.httpclient.Fixtures.ascii;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import dev.signet.http.Component;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignaturePolicy;
import dev.signet.httpclient.Fixtures.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A response that was recorded or held back is no answer to another request. */
@Timeout(60)
class ResponseBindingTest {
    private static final HttpSigner WEAK =
            HttpSigner.builder(SERVER_KEY).allowUnboundToRequestSignature().build();
    private static final SignaturePolicy WEAK_POLICY =
            SignaturePolicy.responses2026().allowUnboundToRequestSignature();

    @Test
    void send_recordedResponseToALikeRequest_isRefused() throws Exception {
        AtomicReference<byte[]> recorded = new AtomicReference<>();
        try (RawServer server = RawServer.answering((request, out) -> {
            recorded.compareAndSet(null, reply(request, Fixtures.SERVER_SIGNER));
            out.write(recorded.get());
        })) {
            SigningHttpClient client = client(SignaturePolicy.responses2026());
            assertThat(client.send(pay(server, "1 to bob"), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("paid: 1 to bob");
            assertRefused(Reason.SIGNATURE_INVALID, client, pay(server, "1000 to carol"));
            // An equal request is another one, too.
            assertRefused(Reason.SIGNATURE_INVALID, client, pay(server, "1 to bob"));
        }
    }

    @Test
    void sendAsync_swappedResponses_areBothRefused() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        AtomicReference<byte[]> first = new AtomicReference<>();
        AtomicReference<byte[]> second = new AtomicReference<>();
        try (RawServer server = RawServer.answering((request, out) -> {
            byte[] own = reply(request, Fixtures.SERVER_SIGNER);
            boolean isFirst = first.compareAndSet(null, own);
            if (!isFirst) {
                second.set(own);
            }
            await(both);
            out.write(isFirst ? second.get() : first.get());
        })) {
            SigningHttpClient client = client(SignaturePolicy.responses2026());
            CompletableFuture<HttpResponse<String>> bob =
                    client.sendAsync(pay(server, "1 to bob"), BodyHandlers.ofString());
            CompletableFuture<HttpResponse<String>> carol =
                    client.sendAsync(pay(server, "1000 to carol"), BodyHandlers.ofString());
            for (CompletableFuture<HttpResponse<String>> sent : java.util.List.of(bob, carol)) {
                assertThatThrownBy(() -> sent.get(20, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOfSatisfying(
                                VerificationException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.SIGNATURE_INVALID));
            }
        }
    }

    /** What the default is there against. */
    @Test
    void send_bindingGivenUp_takesARecordedResponse() throws Exception {
        AtomicReference<byte[]> recorded = new AtomicReference<>();
        try (RawServer server = RawServer.answering((request, out) -> {
            recorded.compareAndSet(null, reply(request, WEAK));
            out.write(recorded.get());
        })) {
            SigningHttpClient lowered =
                    builder(WEAK_POLICY).allowUnboundToRequestSignature().build();
            assertThat(lowered.toString()).endsWith(", allowUnboundToRequestSignature]]");
            lowered.send(pay(server, "1 to bob"), BodyHandlers.ofString());
            assertThat(lowered.send(pay(server, "1000 to carol"), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("paid: 1 to bob");
            // Each of both has to allow it.
            SigningHttpClient byPolicy = client(WEAK_POLICY);
            assertThat(byPolicy.toString())
                    .contains("SignaturePolicy[allowUnboundToRequestSignature")
                    .doesNotContain(", allowUnbound");
            assertRefused(Reason.COMPONENT_NOT_COVERED, byPolicy, pay(server, "1 to bob"));
            SigningHttpClient byClient = builder(SignaturePolicy.responses2026())
                    .allowUnboundToRequestSignature()
                    .build();
            assertRefused(Reason.COMPONENT_NOT_COVERED, byClient, pay(server, "1 to bob"));
        }
    }

    /** A policy that somebody wrote from scratch binds nothing; the client does. */
    @Test
    void send_policyWithoutBinding_isNotTrusted() throws Exception {
        try (RawServer server = RawServer.answering((request, out) -> out.write(reply(request, WEAK)))) {
            SignaturePolicy own =
                    SignaturePolicy.recommended2026().ignoreAllComponents().require(Component.STATUS);
            assertRefused(Reason.COMPONENT_NOT_COVERED, client(own), pay(server, "1 to bob"));
        }
    }

    /** The request has a second signature, of which the client knows nothing but its text. */
    @Test
    void send_responseBoundToAnotherSignatureOfTheRequest_isRefused() throws Exception {
        HttpSigner byOther =
                HttpSigner.builder(SERVER_KEY).requestLabels("other").build();
        HttpSigner byOwn = HttpSigner.builder(SERVER_KEY).requestLabels("sig").build();
        AtomicReference<HttpSigner> signer = new AtomicReference<>(byOther);
        try (RawServer server = RawServer.answering((request, out) -> out.write(reply(request, signer.get())))) {
            HttpRequest request = HttpRequest.newBuilder(server.uri("/payments"))
                    .header("Signature-Input", "other=(\"@method\")")
                    .header("Signature", "other=:AA==:")
                    .POST(BodyPublishers.ofString("1 to bob"))
                    .build();
            SigningHttpClient client = client(SignaturePolicy.responses2026());
            assertRefused(Reason.COMPONENT_NOT_COVERED, client, request);
            for (HttpSigner good : java.util.List.of(
                    byOwn,
                    Fixtures.SERVER_SIGNER,
                    HttpSigner.builder(SERVER_KEY)
                            .cover(Component.STATUS, Component.CONTENT_DIGEST, Component.field("content-type"))
                            .cover(Component.METHOD.req(), Component.TARGET_URI.req())
                            .cover(Component.field("signature").req())
                            .build())) {
                signer.set(good);
                assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    /** The client's label is another one where the usual one is taken, and is the one that counts. */
    @Test
    void send_labelThatIsTaken_bindsToTheClientsOwn() throws Exception {
        AtomicReference<String> label = new AtomicReference<>("sig");
        try (RawServer server = RawServer.answering((request, out) -> out.write(reply(
                request,
                HttpSigner.builder(SERVER_KEY).requestLabels(label.get()).build())))) {
            HttpRequest request = HttpRequest.newBuilder(server.uri("/payments"))
                    .header("Signature-Input", "sig=(\"@method\")")
                    .header("Signature", "sig=:AA==:")
                    .POST(BodyPublishers.ofString("1 to bob"))
                    .build();
            SigningHttpClient client = client(SignaturePolicy.responses2026());
            assertRefused(Reason.COMPONENT_NOT_COVERED, client, request);
            label.set("sig2");
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
    }

    /** Without a replay guard, so that it is not the guard that refuses. */
    private static SigningHttpClient.Builder builder(SignaturePolicy policy) {
        return SigningHttpClient.builder(HttpClient.newHttpClient(), SIGNER)
                .verifyResponses(
                        HttpVerifier.builder(KeyResolver.of(SERVER_KEY.verificationKey(), CLIENT_KEY.verificationKey()))
                                .signature(policy)
                                .ignoreReplay()
                                .build());
    }

    private static SigningHttpClient client(SignaturePolicy policy) {
        return builder(policy).build();
    }

    private static byte[] reply(RawServer.Captured request, HttpSigner signer) throws IOException {
        Reply reply = new Reply(request.message());
        reply.signer = signer;
        reply.body(ascii("paid: " + new String(request.body(), java.nio.charset.StandardCharsets.US_ASCII)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        reply.writeTo(bytes);
        return bytes.toByteArray();
    }

    private static HttpRequest pay(RawServer server, String order) {
        return HttpRequest.newBuilder(server.uri("/payments"))
                .POST(BodyPublishers.ofString(order))
                .build();
    }

    private static void await(CyclicBarrier barrier) throws IOException {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static void assertRefused(Reason reason, SigningHttpClient client, HttpRequest request) {
        assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
