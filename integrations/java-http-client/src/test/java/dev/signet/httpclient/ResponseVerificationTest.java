// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import static dev.signet.httpclient.Fixtures.CLIENT_KEY;
import static dev.signet.httpclient.Fixtures.SERVER_KEY;
import static dev.signet.httpclient.Fixtures.SIGNER;
import static dev.signet.httpclient.Fixtures.ascii;
import static dev.signet.httpclient.Fixtures.responses;
import static dev.signet.httpclient.Fixtures.verifyingClient;
import static dev.signet.httpclient.SigningHttpClientTest.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.http.Component;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignaturePolicy;
import dev.signet.http.VerifiedMessage;
import dev.signet.httpclient.Fixtures.Reply;
import dev.signet.httpclient.RawServer.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ResponseVerificationTest {
    private static final byte[] LARGE = new byte[3_000_000];

    static {
        new Random(2).nextBytes(LARGE);
    }

    @TempDir
    Path folder;

    @AfterEach
    void nothingIsLeft() throws Exception {
        Fixtures.assertNoSpools();
    }

    // ---- accepted --------------------------------------------------------------------------------------------------

    @Test
    void send_signedResponse_isVerified() throws Exception {
        try (RawServer server = replying(reply -> {})) {
            HttpResponse<String> response = verifyingClient().send(post(server), BodyHandlers.ofString());
            assertThat(response.body()).isEqualTo("hello");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.request().headers().firstValue("signature")).isPresent();
            assertThat(response.previousResponse()).isEmpty();
            assertThat(response.sslSession()).isEmpty();
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(response.uri()).isEqualTo(response.request().uri());
            VerifiedMessage verified = SigningHttpClient.verified(response).orElseThrow();
            assertThat(verified.keyId()).isEqualTo("server");
            assertThat(verified.value(Component.STATUS)).contains("200");
            assertThat(verified.field("content-type")).contains("text/plain");
            assertThat(verified.contentBytes()).isEqualTo(ascii("hello"));
        }
    }

    @Test
    void sendAsync_signedResponse_isVerified() throws Exception {
        try (RawServer server = replying(reply -> {})) {
            HttpResponse<String> response = verifyingClient()
                    .sendAsync(post(server), BodyHandlers.ofString())
                    .get();
            assertThat(response.body()).isEqualTo("hello");
            assertThat(SigningHttpClient.verified(response)).isPresent();
        }
    }

    @Test
    void send_largeResponse_reachesEveryHandler() throws Exception {
        try (RawServer server = replying(reply -> reply.body(LARGE))) {
            SigningHttpClient client = verifyingClient();
            assertThat(client.send(post(server), BodyHandlers.ofByteArray()).body())
                    .isEqualTo(LARGE);
            Path file = client.send(post(server), BodyHandlers.ofFile(folder.resolve("out")))
                    .body();
            assertThat(Files.readAllBytes(file)).isEqualTo(LARGE);
            try (InputStream in =
                    client.send(post(server), BodyHandlers.ofInputStream()).body()) {
                assertThat(in.readAllBytes()).isEqualTo(LARGE);
            }
            assertThat(client.send(post(server), BodyHandlers.discarding()).body())
                    .isNull();
            assertThat(client.send(post(server), BodyHandlers.replacing("x")).body())
                    .isEqualTo("x");
            ByteArrayOutputStream consumed = new ByteArrayOutputStream();
            client.send(post(server), BodyHandlers.ofByteArrayConsumer(bytes -> bytes.ifPresent(consumed::writeBytes)));
            assertThat(consumed.toByteArray()).isEqualTo(LARGE);
            BodyHandler<Integer> mapped = info -> BodySubscribers.mapping(BodySubscribers.ofByteArray(), b -> b.length);
            assertThat(client.sendAsync(post(server), mapped).get().body()).isEqualTo(LARGE.length);
            try (InputStream in = client.sendAsync(post(server), BodyHandlers.ofInputStream())
                    .get()
                    .body()) {
                assertThat(in.readAllBytes()).isEqualTo(LARGE);
            }
            try (Stream<String> lines =
                    client.send(post(server), BodyHandlers.ofLines()).body()) {
                assertThat(lines.count()).isGreaterThan(1000);
            }
            // Left unread, and cut off.
            client.send(post(server), BodyHandlers.ofInputStream()).body().close();
        }
    }

    @Test
    void send_emptyResponse_isVerified() throws Exception {
        try (RawServer server = replying(reply -> reply.body(new byte[0]))) {
            HttpResponse<String> response = verifyingClient().send(post(server), BodyHandlers.ofString());
            assertThat(response.body()).isEmpty();
            assertThat(SigningHttpClient.verified(response).orElseThrow().isBodyCovered())
                    .isTrue();
        }
    }

    /** Servers that answer without a byte may have announced chunks before they knew. */
    @Test
    void send_chunksWithoutAByte_areAnEmptyResponse() throws Exception {
        for (String body : new String[] {"", "hello"}) {
            try (RawServer server = replying(reply -> {
                reply.body(ascii(body));
                reply.chunked = true;
            })) {
                HttpResponse<String> response = verifyingClient().send(post(server), BodyHandlers.ofString());
                assertThat(response.body()).isEqualTo(body);
            }
        }
        try (RawServer server = replying(reply -> {
            reply.sentBody = new byte[0];
            reply.chunked = true;
        })) {
            assertRefused(verifyingClient(), post(server), Reason.DIGEST_MISMATCH);
        }
    }

    @Test
    void send_responseToHead_isVerified() throws Exception {
        try (RawServer server = replying(reply -> {
            reply.signedStatus = 204;
            reply.sentStatus = 204;
            reply.body(new byte[0]);
        })) {
            HttpRequest request = HttpRequest.newBuilder(server.uri("/"))
                    .method("HEAD", BodyPublishers.noBody())
                    .build();
            assertThat(verifyingClient().send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(204);
        }
    }

    @Test
    void send_compressedResponse_isVerifiedAsReceived() throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(ascii("hello, hello, hello"));
        }
        try (RawServer server = replying(reply -> {
            reply.body(zipped.toByteArray());
            reply.contentEncoding = "gzip";
        })) {
            byte[] body = verifyingClient()
                    .send(post(server), BodyHandlers.ofByteArray())
                    .body();
            try (GZIPInputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(body))) {
                assertThat(in.readAllBytes()).isEqualTo(ascii("hello, hello, hello"));
            }
        }
    }

    @Test
    void send_errorStatusThatIsSigned_isGivenToTheCaller() throws Exception {
        try (RawServer server = replying(reply -> {
            reply.signedStatus = 503;
            reply.sentStatus = 503;
        })) {
            assertThat(verifyingClient()
                            .send(post(server), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(503);
        }
    }

    // ---- refused ---------------------------------------------------------------------------------------------------

    static Stream<Arguments> forgeries() {
        SigningKey stranger = SigningKey.generate(Algorithm.ED25519).withId("server");
        SigningKey unknown = SigningKey.generate(Algorithm.ED25519).withId("unknown");
        return Stream.of(
                forgery("body", Reason.DIGEST_MISMATCH, reply -> reply.sentBody = ascii("hellO")),
                forgery("body cut off", Reason.DIGEST_MISMATCH, reply -> reply.sentBody = ascii("hell")),
                forgery("body emptied", Reason.DIGEST_MISMATCH, reply -> reply.sentBody = new byte[0]),
                forgery("large body", Reason.DIGEST_MISMATCH, reply -> {
                    reply.signedBody = LARGE;
                    reply.sentBody = LARGE.clone();
                    reply.sentBody[2_000_000]++;
                }),
                forgery("body added", Reason.COMPONENT_NOT_COVERED, reply -> {
                    reply.signedBody = new byte[0];
                    reply.sentBody = ascii("hello");
                }),
                forgery("status", Reason.SIGNATURE_INVALID, reply -> reply.sentStatus = 201),
                forgery("foreign key", Reason.SIGNATURE_INVALID, reply -> reply.signer = signer(stranger)),
                forgery("unknown key", Reason.KEY_UNKNOWN, reply -> reply.signer = signer(unknown)),
                forgery(
                        "request of another target",
                        Reason.SIGNATURE_INVALID,
                        reply -> reply.answered = signedAs(
                                HttpMessage.request("POST")
                                        .scheme("http")
                                        .authority(reply.answered.authority())
                                        .target("/other"),
                                reply)),
                forgery(
                        "request of another method",
                        Reason.SIGNATURE_INVALID,
                        reply -> reply.answered = signedAs(
                                HttpMessage.request("GET")
                                        .scheme("http")
                                        .authority(reply.answered.authority())
                                        .target(reply.answered.requestTarget()),
                                reply)),
                forgery("content type", Reason.SIGNATURE_INVALID, reply -> reply.sentType = "text/html"),
                forgery(
                        "content encoding added",
                        Reason.COMPONENT_NOT_COVERED,
                        reply -> reply.extraFields = "Content-Encoding: gzip\r\n"),
                forgery(
                        "method and target only",
                        Reason.COMPONENT_NOT_COVERED,
                        reply -> reply.signer = HttpSigner.builder(SERVER_KEY)
                                .allowUnboundToRequestSignature()
                                .build()),
                forgery(
                        "no binding to the request",
                        Reason.COMPONENT_NOT_COVERED,
                        reply -> reply.signer = HttpSigner.builder(SERVER_KEY)
                                .cover(Component.STATUS, Component.CONTENT_DIGEST)
                                .build()),
                forgery(
                        "no status",
                        Reason.COMPONENT_NOT_COVERED,
                        reply -> reply.signer = HttpSigner.builder(SERVER_KEY)
                                .cover(Component.CONTENT_DIGEST, Component.METHOD.req(), Component.TARGET_URI.req())
                                .build()),
                forgery(
                        "no digest",
                        Reason.COMPONENT_NOT_COVERED,
                        reply -> reply.signer = HttpSigner.builder(SERVER_KEY)
                                .cover(Component.STATUS, Component.METHOD.req(), Component.TARGET_URI.req())
                                .build()),
                forgery(
                        "request's own signature echoed",
                        Reason.KEY_UNKNOWN,
                        reply -> reply.signer = signer(CLIENT_KEY)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void send_forgery_isRefusedAndNeverShown(String name, Reason reason, Consumer<Reply> forge) throws Exception {
        try (RawServer server = replying(forge)) {
            assertRefused(verifyingClient(), post(server), reason);
        }
    }

    @Test
    void send_unsignedResponse_isRefused() throws Exception {
        try (RawServer server = RawServer.answering(Answer.ok())) {
            assertRefused(verifyingClient(), post(server), Reason.SIGNATURE_MISSING);
        }
    }

    @Test
    void send_malformedSignatureFields_areRefused() throws Exception {
        for (String fields : new String[] {
            "Signature-Input: sig=(\r\nSignature: sig=:AA==:\r\n",
            "Signature-Input: sig=()\r\n",
            "Signature-Input: sig=(\"@status\")\r\nSignature: sig=12\r\n"
        }) {
            try (RawServer server =
                    RawServer.answering(Answer.text("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 2\r\n\r\nok"))) {
                AtomicBoolean shown = new AtomicBoolean();
                assertThatThrownBy(() -> verifyingClient().send(post(server), revealing(shown)))
                        .isInstanceOf(InvalidMessageException.class);
                assertThat(shown).isFalse();
            }
        }
    }

    /** The policy may ignore the digest, but a handler still gets no body that nobody has vouched for. */
    @Test
    void send_bodyThatThePolicyDoesNotCover_isRefused() throws Exception {
        SigningHttpClient client = SigningHttpClient.builder(HttpClient.newHttpClient(), SIGNER)
                .verifyResponses(HttpVerifier.builder(KeyResolver.of(SERVER_KEY.verificationKey()))
                        .signature(SignaturePolicy.responses2026()
                                .ignore(Component.CONTENT_DIGEST, Component.field("content-type")))
                        .ignoreReplay()
                        .build())
                .build();
        HttpSigner statusOnly = HttpSigner.builder(SERVER_KEY)
                .cover(Component.STATUS, Component.METHOD.req(), Component.TARGET_URI.req())
                .cover(Component.field("signature").key("sig").req())
                .build();
        try (RawServer server = replying(reply -> reply.signer = statusOnly)) {
            assertRefused(client, post(server), Reason.COMPONENT_NOT_COVERED);
        }
        try (RawServer server = replying(reply -> {
            reply.signer = statusOnly;
            reply.body(new byte[0]);
        })) {
            assertThat(client.send(post(server), BodyHandlers.ofString()).body())
                    .isEmpty();
        }
    }

    @Test
    void send_tooLargeResponse_isRefused() throws Exception {
        SecurityPolicy policy = SecurityPolicy.recommended2026()
                .withLimits(Limits.recommended2026().withMaxBodyBytes(2_000_000).withMaxBodyBytesInMemory(1_000_000));
        SigningHttpClient client = SigningHttpClient.builder(HttpClient.newHttpClient(), SIGNER)
                .verifyResponses(responses(policy))
                .build();
        try (RawServer server = replying(reply -> reply.body(LARGE))) {
            AtomicBoolean shown = new AtomicBoolean();
            assertThatThrownBy(() -> client.send(post(server), revealing(shown)))
                    .isInstanceOfSatisfying(
                            InvalidMessageException.class,
                            e -> assertThat(e.isTooLarge()).isTrue());
            assertThat(shown).isFalse();
        }
    }

    @Test
    void send_endlessResponse_isRefused() throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        try (RawServer server = RawServer.answering((request, out) -> {
            ByteArrayOutputStream reply = new ByteArrayOutputStream();
            new Reply(request.message()).writeTo(reply);
            String head = reply.toString(StandardCharsets.US_ASCII).replaceFirst("Content-Length: [0-9]+\r\n", "");
            out.write(ascii(head));
            try {
                while (true) {
                    out.write(new byte[10_000]);
                }
            } catch (IOException e) {
                hungUp.countDown();
            }
        })) {
            assertThatThrownBy(() -> verifyingClient().send(post(server), BodyHandlers.discarding()))
                    .isInstanceOfSatisfying(
                            InvalidMessageException.class,
                            e -> assertThat(e.isTooLarge()).isTrue());
            assertThat(hungUp.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    // ---- neither
    // -----------------------------------------------------------------------------------------------------

    @Test
    void send_connectionThatBreaksInTheBody_isAnIoException() throws Exception {
        try (RawServer server = RawServer.answering((request, out) -> {
            ByteArrayOutputStream reply = new ByteArrayOutputStream();
            new Reply(request.message()).body(LARGE).writeTo(reply);
            out.write(reply.toByteArray(), 0, reply.size() / 2);
        })) {
            assertThatThrownBy(() -> verifyingClient().send(post(server), BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> verifyingClient()
                            .sendAsync(post(server), BodyHandlers.ofString())
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void send_handlerThatFails_leavesNothingBehind() throws Exception {
        try (RawServer server = replying(reply -> reply.body(LARGE))) {
            BodyHandler<String> failing = info -> {
                throw new IllegalStateException("bug");
            };
            assertThatThrownBy(() -> verifyingClient().send(post(server), failing))
                    .isInstanceOf(IOException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() ->
                            verifyingClient().sendAsync(post(server), failing).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
            BodyHandler<Object> failingLater = info -> BodySubscribers.mapping(BodySubscribers.ofByteArray(), b -> {
                throw new IllegalStateException("bug");
            });
            assertThatThrownBy(() -> verifyingClient().send(post(server), failingLater))
                    .isInstanceOf(IOException.class)
                    .hasRootCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void sendAsync_cancelledWhileTheBodyComes_hangsUp() throws Exception {
        CountDownLatch sending = new CountDownLatch(100);
        CountDownLatch hungUp = new CountDownLatch(1);
        try (RawServer server = RawServer.answering((request, out) -> {
            ByteArrayOutputStream reply = new ByteArrayOutputStream();
            new Reply(request.message()).body(LARGE).writeTo(reply);
            try {
                byte[] bytes = reply.toByteArray();
                for (int i = 0; i < bytes.length - 1000; i += 1000) {
                    out.write(bytes, i, 1000);
                    out.flush();
                    sending.countDown();
                    sleep(5);
                }
            } catch (IOException e) {
                hungUp.countDown();
            }
        })) {
            AtomicBoolean shown = new AtomicBoolean();
            CompletableFuture<HttpResponse<Void>> sent = verifyingClient().sendAsync(post(server), revealing(shown));
            assertThat(sending.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(sent.cancel(true)).isTrue();
            assertThat(hungUp.await(10, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(sent::get).isInstanceOf(CancellationException.class);
            assertThat(shown).isFalse();
        }
    }

    @Test
    void send_interruptedWhileTheBodyComes_stops() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        try (RawServer server = RawServer.answering((request, out) -> {
            ByteArrayOutputStream reply = new ByteArrayOutputStream();
            new Reply(request.message()).body(LARGE).writeTo(reply);
            out.write(reply.toByteArray(), 0, 100_000);
            out.flush();
            sending.countDown();
            sleep(5_000);
        })) {
            Thread caller = Thread.currentThread();
            new Thread(() -> {
                        await(sending);
                        sleep(200);
                        caller.interrupt();
                    })
                    .start();
            assertThatThrownBy(() -> verifyingClient().send(post(server), BodyHandlers.discarding()))
                    .isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void sendAsync_pushHandler_isNotPassedOn() throws Exception {
        RecordingClient plain = new RecordingClient();
        SigningHttpClient client = SigningHttpClient.builder(plain, SIGNER)
                .verifyResponses(responses())
                .build();
        try (RawServer server = replying(reply -> {})) {
            HttpResponse<String> response = client.sendAsync(
                            post(server), BodyHandlers.ofString(), (initiating, pushed, acceptor) -> {})
                    .get();
            assertThat(SigningHttpClient.verified(response)).isPresent();
            assertThat(plain.calls).containsExactly("sendAsync");
        }
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    private static void assertRefused(SigningHttpClient client, HttpRequest request, Reason reason) {
        AtomicBoolean shown = new AtomicBoolean();
        assertThatThrownBy(() -> client.send(request, revealing(shown)))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        assertThatThrownBy(() -> client.sendAsync(request, revealing(shown)).get())
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(MessageSecurityException.class)
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(shown).isFalse();
    }

    /** Tells whether a handler was asked at all. */
    private static BodyHandler<Void> revealing(AtomicBoolean shown) {
        return info -> {
            shown.set(true);
            return BodySubscribers.discarding();
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static RawServer replying(Consumer<Reply> shape) throws IOException {
        return RawServer.answering((request, out) -> {
            Reply reply = new Reply(request.message());
            shape.accept(reply);
            reply.writeTo(out);
        });
    }

    private static HttpMessage signedAs(HttpMessageBuilder message, Reply reply) {
        return message.field(
                        "signature", reply.answered.fieldValues("signature").get(0))
                .build();
    }

    private static HttpSigner signer(SigningKey key) {
        return HttpSigner.builder(key).build();
    }

    private static Arguments forgery(String name, Reason reason, Consumer<Reply> forge) {
        return Arguments.of(name, reason, forge);
    }

    private static HttpRequest post(RawServer server) {
        return HttpRequest.newBuilder(server.uri("/orders?id=7"))
                .POST(BodyPublishers.ofString("{}"))
                .build();
    }
}
