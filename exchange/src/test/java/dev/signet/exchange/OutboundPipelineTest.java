// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.http.Component;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignatureFields;
import dev.signet.http.SignaturePolicy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of a request out of a client, without a client. */
@Timeout(60)
class OutboundPipelineTest {
    private static final URI PAYMENTS = URI.create("https://api.example.com/payments?run=17");
    private static final byte[] BODY = "{\"amount\":\"12.50\"}".getBytes(UTF_8);
    private static final Map<String, List<String>> JSON = Map.of("Content-Type", List.of("application/json"));
    private static final SigningKey CLIENT =
            SigningKey.generate(Algorithm.ED25519).withId("client-1");
    private static final SigningKey SERVER =
            SigningKey.generate(Algorithm.ED25519).withId("server-1");
    private static final HttpSigner SIGNER = HttpSigner.builder(CLIENT).build();

    // ---- each attempt ----------------------------------------------------------------------------------------------

    @Test
    void example() throws IOException {
        HttpSigner signer = SIGNER;
        HttpVerifier verifier = responses().build();
        byte[] bytes = BODY;
        URI uri = PAYMENTS;
        Map<String, List<String>> fields = JSON;
        Client client = new Client();
        // tag::outbound[]
        OutboundPipeline pipeline =
                OutboundPipeline.builder(signer).verifyResponses(verifier).build();
        try (KeptBody body = pipeline.keep(bytes)) {
            HttpMessage request = OutboundPipeline.request("POST", uri, fields, body.length());
            SignedRequest attempt = pipeline.sign(request, body); // anew for each attempt
            Answer answer = client.send(uri, fields, attempt.fields(), body);
            try (VerifiedResponse response = attempt.verify(answer.status(), answer.fields(), answer.body())) {
                response.body().transferTo(System.out);
            }
        }
        // end::outbound[]
        assertThat(client.accepted).hasSize(1);
    }

    /** An honest server takes no signature twice, so whoever tries again must have signed again. */
    @Test
    void sign_eachAttempt_isAcceptedByAServerThatRefusesReplays() {
        OutboundPipeline pipeline = pipeline();
        KeptBody body = pipeline.keep(BODY);
        HttpMessage request = OutboundPipeline.request("POST", PAYMENTS, JSON, body.length());
        HttpVerifier server =
                HttpVerifier.builder(KeyResolver.of(CLIENT.verificationKey())).build();
        Set<String> signatures = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            SignedRequest attempt = pipeline.sign(request, body);
            signatures.add(attempt.fields().signature());
            server.verify(attempt.message(), BODY).close();
            assertThatThrownBy(() -> server.verify(attempt.message(), BODY))
                    .isInstanceOfSatisfying(
                            VerificationException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.REPLAYED));
        }
        assertThat(signatures).hasSize(3);
    }

    @Test
    void isOwn_fieldsOfTheAttempt_areToldFromOthers() {
        OutboundPipeline pipeline = pipeline();
        SignedRequest attempt = pipeline.sign(request(), pipeline.keep(BODY));
        List<String> own = new ArrayList<>();
        attempt.fields().forEach((name, value) -> {
            own.add(name);
            assertThat(attempt.isOwn(name.toUpperCase(Locale.ROOT), value)).isTrue();
            assertThat(attempt.isOwn(name, value + " ")).isFalse();
        });
        assertThat(own).containsExactly("content-digest", "signature-input", "signature");
        assertThat(attempt.isOwn("content-type", "application/json")).isFalse();
    }

    @Test
    void signAsync_sameRules() throws Exception {
        OutboundPipeline pipeline = OutboundPipeline.builder(SIGNER)
                .origins(URI.create("https://api.example.com"))
                .build();
        KeptBody body = pipeline.keep(BODY);
        SignedRequest attempt =
                pipeline.signAsync(request(), body).toCompletableFuture().get();
        assertThat(attempt.message().fieldValues("signature")).hasSize(1);
        HttpMessage elsewhere =
                OutboundPipeline.request("POST", URI.create("https://evil.example/"), JSON, body.length());
        assertThatThrownBy(() -> pipeline.signAsync(elsewhere, body)
                        .toCompletableFuture()
                        .get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    // ---- what the client writes itself -----------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"cookie", "Accept-Encoding"})
    void fieldsOfClient_covered_areNotSigned(String name) {
        HttpSigner signer = HttpSigner.builder(CLIENT)
                .cover(Component.METHOD, Component.field(name.toLowerCase(Locale.ROOT)))
                .build();
        OutboundPipeline pipeline =
                OutboundPipeline.builder(signer).fieldsOfClient(name).build();
        HttpMessage request = OutboundPipeline.request("GET", PAYMENTS, Map.of(name, List.of("a=1")), 0);
        assertThatThrownBy(() -> pipeline.sign(request, KeptBody.none()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(name.toLowerCase(Locale.ROOT))
                .hasMessageNotContaining("a=1");
        assertThat(pipeline().sign(request, KeptBody.none()).fields().signature())
                .isNotEmpty();
    }

    /** A redirect must not choose where a signature goes. */
    @ParameterizedTest
    @CsvSource({
        "https://api.example.com/other, true",
        "https://API.example.com:443/, true",
        "http://api.example.com/, false",
        "https://api.example.com:8443/, false",
        "https://api.example.com.evil.example/, false",
        "https://evil.example/?https://api.example.com, false"
    })
    void origins_others_areNotSignedFor(String uri, boolean isSigned) {
        OutboundPipeline pipeline = OutboundPipeline.builder(SIGNER)
                .origins(URI.create("https://api.example.com"), URI.create("https://two.example.com/"))
                .build();
        HttpMessage request = OutboundPipeline.request("GET", URI.create(uri), Map.of(), 0);
        assertThat(pipeline.signsFor(request)).isEqualTo(isSigned);
        if (!isSigned) {
            assertThatThrownBy(() -> pipeline.sign(request, KeptBody.none()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageNotContaining("example");
        } else {
            pipeline.sign(request, KeptBody.none());
        }
    }

    @Test
    void request_asSent_hasHostAndLength() {
        HttpMessage request =
                OutboundPipeline.request("POST", URI.create("https://API.example.com:443/p?#x"), JSON, BODY.length);
        assertThat(request.requestTarget()).isEqualTo("/p");
        assertThat(request.fieldValues("host")).containsExactly("API.example.com");
        assertThat(request.fieldValues("content-length")).containsExactly("18");
        assertThat(request.fieldValues("content-type")).containsExactly("application/json");
    }

    @Test
    void request_chunked_hasNoLength() {
        HttpMessage request =
                OutboundPipeline.request("POST", PAYMENTS, Map.of("Transfer-Encoding", List.of("chunked")), 18);
        assertThat(request.fieldValues("content-length")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Host, other.example", "host, api.example.com:443", "Content-Length, 17", "X-Name, Jürgen"})
    void request_otherThanSent_isRejected(String name, String value) {
        assertThatThrownBy(() -> OutboundPipeline.request("POST", PAYMENTS, Map.of(name, List.of(value)), 18))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(value);
    }

    @Test
    void request_fieldsOfTheHost_areCopied() {
        List<String> values = new ArrayList<>(List.of("application/json"));
        Map<String, List<String>> fields = new HashMap<>(Map.of("content-type", values));
        HttpMessage request = OutboundPipeline.request("POST", PAYMENTS, fields, BODY.length);
        values.set(0, "text/html");
        fields.put("authorization", List.of("x"));
        assertThat(request.fieldValues("content-type")).containsExactly("application/json");
        assertThat(request.fieldValues("authorization")).isEmpty();
    }

    // ---- bodies ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17, 18, 19, 100_000})
    void keep_stream_hasTheSameBytesForEachAttempt(int bound) throws IOException {
        Set<String> before = Spools.open();
        OutboundPipeline pipeline =
                OutboundPipeline.builder(SIGNER).maxBodyBytesInMemory(bound).build();
        KeptBody body = pipeline.keep(new ByteArrayInputStream(BODY));
        assertThat(Spools.open()).hasSize(before.size() + (bound < BODY.length ? 1 : 0));
        assertThat(body.length()).isEqualTo(BODY.length);
        for (int i = 0; i < 2; i++) {
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            body.writeTo(written);
            assertThat(written.toByteArray()).isEqualTo(BODY);
            assertThat(body.open().readAllBytes()).isEqualTo(BODY);
            HttpMessage message = pipeline.sign(request(), body).message();
            HttpVerifier.builder(KeyResolver.of(CLIENT.verificationKey()))
                    .build()
                    .verify(message, BODY)
                    .close();
        }
        body.close();
        assertThat(Spools.open()).isEqualTo(before);
    }

    @Test
    void keep_streamThatBreaks_leavesNoFile() throws IOException {
        Set<String> before = Spools.open();
        OutboundPipeline pipeline =
                OutboundPipeline.builder(SIGNER).maxBodyBytesInMemory(4).build();
        InputStream broken = new java.io.SequenceInputStream(new ByteArrayInputStream(BODY), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }
        });
        assertThatThrownBy(() -> pipeline.keep(broken)).isInstanceOf(IOException.class);
        assertThat(Spools.open()).isEqualTo(before);
    }

    @Test
    void collector_output_isCompleteWhenItIsClosed() throws Exception {
        BodyCollector collector = pipeline().collector(BODY.length);
        OutputStream out = collector.output();
        out.write(BODY, 0, 10);
        out.write(BODY, 10, 7);
        out.write(BODY[17]);
        assertThat(collector.result()).isNotDone();
        out.close();
        assertThat(collector.result().get().open().readAllBytes()).isEqualTo(BODY);
        assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
    }

    @Test
    void collector_otherLengthThanDeclared_isRefused() {
        BodyCollector tooShort = pipeline().collector(BODY.length + 1);
        OutputStream out = tooShort.output();
        assertThatThrownBy(() -> {
                    out.write(BODY);
                    out.close();
                })
                .isInstanceOf(IOException.class);
        BodyCollector tooLong = pipeline().collector(BODY.length - 1);
        assertThatThrownBy(() -> tooLong.output().write(BODY)).isInstanceOf(IOException.class);
        assertThat(tooLong.result()).isCompletedExceptionally();
    }

    @Test
    void of_bytes_areCopied() throws IOException {
        byte[] bytes = BODY.clone();
        KeptBody body = pipeline().keep(bytes);
        bytes[0] = 'x';
        assertThat(body.open().readAllBytes()).isEqualTo(BODY);
    }

    @Test
    void publisher_ofAClosedFile_endsByAnError() {
        OutboundPipeline pipeline =
                OutboundPipeline.builder(SIGNER).maxBodyBytesInMemory(4).build();
        BodyCollector first = pipeline.collector(-1);
        first.subscribeTo(KeptBody.of(BODY).publisher(Runnable::run));
        KeptBody body = first.result().join();
        body.close();
        BodyCollector second = pipeline.collector(-1);
        second.subscribeTo(body.publisher(Runnable::run));
        assertThatThrownBy(() -> second.result().get()).hasCauseInstanceOf(IOException.class);
    }

    // ---- the response ----------------------------------------------------------------------------------------------

    @Test
    void verify_answerToThisAttempt_isAcceptedHoweverItComes() throws Exception {
        SignedRequest attempt = attempt();
        Answer answer = answer(attempt.message(), BODY);
        try (VerifiedResponse response = attempt.verify(200, answer.fields(), KeptBody.of(BODY))) {
            assertThat(response.body().readAllBytes()).isEqualTo(BODY);
            assertThat(response.verified().keyId()).isEqualTo("server-1");
        }
        try (VerifiedResponse response = attempt.verify(200, answer.fields(), new ByteArrayInputStream(BODY))) {
            assertThat(response.verified().contentBytes()).isEqualTo(BODY);
        }
        try (VerifiedResponse response = attempt.verifyAsync(
                        200, answer.fields(), KeptBody.of(BODY).publisher(Runnable::run), Ways.EXECUTOR)
                .toCompletableFuture()
                .get()) {
            BodyCollector collector = pipeline().collector(-1);
            collector.subscribeTo(response.bodyPublisher(Runnable::run));
            assertThat(collector.result().join().open().readAllBytes()).isEqualTo(BODY);
        }
    }

    @Test
    void verify_answerToAnotherAttempt_isRefusedBeforeAnythingIsClaimed() {
        List<String> claims = new ArrayList<>();
        List<SecurityEvent.Type> events = new ArrayList<>();
        OutboundPipeline pipeline = OutboundPipeline.builder(SIGNER)
                .verifyResponses(HttpVerifier.builder(KeyResolver.of(SERVER.verificationKey()))
                        .signature(SignaturePolicy.responses2026().allowUnboundToRequestSignature())
                        .listener(event -> events.add(event.type()))
                        .replayGuard((key, nonce, until) -> {
                            claims.add(nonce);
                            return ReplayGuard.Claim.FIRST;
                        })
                        .build())
                .build();
        KeptBody body = pipeline.keep(BODY);
        SignedRequest attempt = pipeline.sign(request(), body);
        Answer unbound = answer(
                HttpSigner.builder(SERVER).allowUnboundToRequestSignature().build(), attempt.message(), BODY);
        assertReason(Reason.COMPONENT_NOT_COVERED, () -> attempt.verify(200, unbound.fields(), KeptBody.of(BODY)));
        assertReason(
                Reason.COMPONENT_NOT_COVERED,
                () -> Ways.join(attempt.verifyAsync(
                                200, unbound.fields(), KeptBody.of(BODY).publisher(Runnable::run), Ways.EXECUTOR)
                        .toCompletableFuture()));
        assertThat(claims).isEmpty();
        assertThat(events).containsExactly(SecurityEvent.Type.REJECTED, SecurityEvent.Type.REJECTED);
    }

    @Test
    void verify_answerToTheAttemptBefore_isRefused() {
        OutboundPipeline pipeline = verifying();
        KeptBody body = pipeline.keep(BODY);
        SignedRequest first = pipeline.sign(request(), body);
        SignedRequest second = pipeline.sign(request(), body);
        Answer toFirst = answer(first.message(), BODY);
        first.verify(200, toFirst.fields(), KeptBody.of(BODY)).close();
        assertReason(Reason.SIGNATURE_INVALID, () -> second.verify(200, toFirst.fields(), KeptBody.of(BODY)));
    }

    @Test
    void verify_bodyThatNobodySigned_isRefused() {
        OutboundPipeline pipeline = OutboundPipeline.builder(SIGNER)
                .verifyResponses(responses()
                        .signature(SignaturePolicy.responses2026().ignore(Component.CONTENT_DIGEST))
                        .build())
                .build();
        SignedRequest attempt = pipeline.sign(request(), pipeline.keep(BODY));
        Answer bare = answer(SERVER_SIGNER, attempt.message(), new byte[0]);
        assertReason(Reason.COMPONENT_NOT_COVERED, () -> attempt.verify(200, bare.fields(), KeptBody.of(BODY)));
        assertReason(
                Reason.COMPONENT_NOT_COVERED, () -> attempt.verify(200, bare.fields(), new ByteArrayInputStream(BODY)));
    }

    @Test
    void responseCollector_tooLongAnswer_isRefused() {
        OutboundPipeline pipeline = OutboundPipeline.builder(SIGNER)
                .verifyResponses(responses()
                        .policy(SecurityPolicy.recommended2026()
                                .withLimits(Limits.recommended2026().withMaxBodyBytes(10)))
                        .build())
                .build();
        BodyCollector collector = pipeline.responseCollector();
        collector.subscribeTo(KeptBody.of(BODY).publisher(Runnable::run));
        assertThatThrownBy(() -> Ways.join(collector.result()))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    @Test
    void verify_withoutVerifier_isAProgrammersMistake() {
        SignedRequest attempt = pipeline().sign(request(), KeptBody.of(BODY));
        assertThat(pipeline().verifiesResponses()).isFalse();
        assertThatThrownBy(() -> attempt.verify(200, Map.of(), KeptBody.none()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void toString_allowances_areNamed() {
        assertThat(OutboundPipeline.builder(SIGNER)
                        .allowUnboundToRequestSignature()
                        .build())
                .asString()
                .contains("allowUnboundToRequestSignature");
        assertThat(pipeline()).asString().doesNotContain("allow");
    }

    // ---- the other side --------------------------------------------------------------------------------------------

    private static final HttpSigner SERVER_SIGNER = HttpSigner.builder(SERVER).build();

    private record Answer(int status, Map<String, List<String>> fields, KeptBody body) {}

    private static Answer answer(HttpMessage request, byte[] body) {
        return answer(SERVER_SIGNER, request, body);
    }

    private static Answer answer(HttpSigner signer, HttpMessage request, byte[] body) {
        HttpMessageBuilder response = HttpMessage.response(200)
                .field("content-type", "application/json")
                .answering(request);
        Map<String, List<String>> fields = new HashMap<>();
        fields.put("Content-Type", List.of("application/json"));
        signer.sign(response.build(), body).forEach((name, value) -> fields.put(name, List.of(value)));
        return new Answer(200, fields, KeptBody.of(body));
    }

    /** Stands for a host's own client, and the server behind it. */
    private static final class Client {
        private final List<HttpMessage> accepted = new ArrayList<>();

        Answer send(URI uri, Map<String, List<String>> fields, SignatureFields signature, KeptBody body)
                throws IOException {
            HttpMessageBuilder request = HttpMessage.request("POST", uri);
            fields.forEach((name, values) -> values.forEach(value -> request.field(name, value)));
            HttpMessage received = request.fields(signature).build();
            HttpVerifier.builder(KeyResolver.of(CLIENT.verificationKey()))
                    .build()
                    .verify(received, body.open())
                    .close();
            accepted.add(received);
            return answer(received, BODY);
        }
    }

    private static SignedRequest attempt() {
        OutboundPipeline pipeline = verifying();
        return pipeline.sign(request(), pipeline.keep(BODY));
    }

    private static HttpMessage request() {
        return OutboundPipeline.request("POST", PAYMENTS, JSON, BODY.length);
    }

    private static OutboundPipeline pipeline() {
        return OutboundPipeline.builder(SIGNER).build();
    }

    private static OutboundPipeline verifying() {
        return OutboundPipeline.builder(SIGNER)
                .verifyResponses(responses().build())
                .build();
    }

    private static HttpVerifier.Builder responses() {
        return HttpVerifier.builder(KeyResolver.of(SERVER.verificationKey()))
                .signature(SignaturePolicy.responses2026())
                .ignoreReplay();
    }

    private static void assertReason(Reason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
