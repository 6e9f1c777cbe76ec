// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import static dev.signet.httpclient.Fixtures.CLIENT_KEY;
import static dev.signet.httpclient.Fixtures.SIGNER;
import static dev.signet.httpclient.Fixtures.ascii;
import static dev.signet.httpclient.Fixtures.client;
import static dev.signet.httpclient.Fixtures.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.MessageSecurityException;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.http.Component;
import dev.signet.http.ContentDigest;
import dev.signet.http.DigestAlgorithm;
import dev.signet.http.HttpSigner;
import dev.signet.http.VerifiedMessage;
import dev.signet.http.When;
import dev.signet.httpclient.RawServer.Answer;
import dev.signet.httpclient.RawServer.Captured;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.CookieManager;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class SigningHttpClientTest {
    private static final byte[] SMALL = ascii("{\"amount\": 100}");
    private static final byte[] LARGE = random(700_001);

    @TempDir
    static Path folder;

    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = RawServer.answering(Answer.ok());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        Fixtures.assertNoSpools();
    }

    // ---- bodies ----------------------------------------------------------------------------------------------------

    static Stream<Arguments> publishers() throws IOException {
        Path file = Files.write(folder.resolve("large"), LARGE);
        byte[] twice = new byte[2 * SMALL.length];
        System.arraycopy(SMALL, 0, twice, 0, SMALL.length);
        System.arraycopy(SMALL, 0, twice, SMALL.length, SMALL.length);
        return Stream.of(
                publisher("ofString", SMALL, () -> BodyPublishers.ofString("{\"amount\": 100}")),
                publisher("ofByteArray", SMALL, () -> BodyPublishers.ofByteArray(SMALL)),
                publisher(
                        "ofByteArray with offset",
                        new byte[] {'a', 'm'},
                        () -> BodyPublishers.ofByteArray(SMALL, 2, 2)),
                publisher("ofByteArray, large", LARGE, () -> BodyPublishers.ofByteArray(LARGE)),
                publisher("ofByteArrays", twice, () -> BodyPublishers.ofByteArrays(List.of(SMALL, SMALL))),
                publisher("ofInputStream, once", SMALL, () -> onceOnly(new ByteArrayInputStream(SMALL))),
                publisher("ofInputStream, large", LARGE, () -> onceOnly(new ByteArrayInputStream(LARGE))),
                publisher("ofFile", LARGE, () -> ofFile(file)),
                publisher("noBody", new byte[0], BodyPublishers::noBody),
                publisher("empty stream", new byte[0], () -> onceOnly(InputStream.nullInputStream())),
                publisher(
                        "fromPublisher", SMALL, () -> BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(SMALL))),
                publisher(
                        "fromPublisher with length",
                        LARGE,
                        () -> BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(LARGE), LARGE.length)),
                publisher("another thread, once", LARGE, SigningHttpClientTest::fromAnotherThread),
                publisher(
                        "direct buffers",
                        SMALL,
                        () -> buffers(ByteBuffer.allocateDirect(15).put(SMALL).flip())),
                publisher(
                        "read-only buffers",
                        SMALL,
                        () -> buffers(ByteBuffer.wrap(SMALL).asReadOnlyBuffer())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("publishers")
    void send_everyPublisher_verifiesOnTheServer(String name, byte[] body, Supplier<BodyPublisher> publisher)
            throws Exception {
        client().send(post(publisher.get()), BodyHandlers.discarding());
        assertSigned(server.only(), body);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("publishers")
    void sendAsync_everyPublisher_verifiesOnTheServer(String name, byte[] body, Supplier<BodyPublisher> publisher)
            throws Exception {
        client().sendAsync(post(publisher.get()), BodyHandlers.discarding()).get();
        assertSigned(server.only(), body);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("publishers")
    void send_everythingSpooled_verifiesOnTheServer(String name, byte[] body, Supplier<BodyPublisher> publisher)
            throws Exception {
        SigningHttpClient spooling = SigningHttpClient.builder(HttpClient.newHttpClient(), SIGNER)
                .maxBodyBytesInMemory(0)
                .build();
        spooling.send(post(publisher.get()), BodyHandlers.discarding());
        assertSigned(server.only(), body);
    }

    @Test
    void send_oneShotPublisher_isSubscribedOnce() throws Exception {
        AtomicInteger subscriptions = new AtomicInteger();
        BodyPublisher counted = new BodyPublisher() {
            @Override
            public long contentLength() {
                return -1;
            }

            @Override
            public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
                subscriptions.incrementAndGet();
                BodyPublishers.ofByteArray(SMALL).subscribe(subscriber);
            }
        };
        client().send(post(counted), BodyHandlers.discarding());
        assertThat(subscriptions).hasValue(1);
        assertSigned(server.only(), SMALL);
    }

    @Test
    void send_publisherThatChangesItsMind_sendsWhatWasSigned() throws Exception {
        AtomicInteger count = new AtomicInteger();
        BodyPublisher fickle = new BodyPublisher() {
            @Override
            public long contentLength() {
                return 1;
            }

            @Override
            public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
                BodyPublishers.ofString("" + count.incrementAndGet()).subscribe(subscriber);
            }
        };
        client().send(post(fickle), BodyHandlers.discarding());
        assertSigned(server.only(), ascii("1"));
    }

    @Test
    void send_contentDigestOfTheCaller_isKeptAndCovered() throws Exception {
        for (byte[] body : List.of(SMALL, LARGE)) {
            String digest = ContentDigest.of(DigestAlgorithm.SHA_256, body).fieldValue() + ", "
                    + ContentDigest.of(DigestAlgorithm.SHA_512, body).fieldValue();
            HttpRequest request = HttpRequest.newBuilder(server.uri("/"))
                    .header("Content-Digest", digest)
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            client().send(request, BodyHandlers.discarding());
            Captured captured = server.only();
            assertThat(captured.values("content-digest")).containsExactly(digest);
            assertSigned(captured, body);
        }
    }

    @Test
    void send_contentDigestOfAnotherBody_isRefused() {
        for (byte[] body : List.of(SMALL, LARGE)) {
            HttpRequest request = HttpRequest.newBuilder(server.uri("/"))
                    .header(
                            "Content-Digest",
                            ContentDigest.of(DigestAlgorithm.SHA_256, new byte[1])
                                    .fieldValue())
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            assertThatThrownBy(() -> client().send(request, BodyHandlers.discarding()))
                    .isInstanceOf(MessageSecurityException.class);
        }
        assertThat(server.captured).isEmpty();
    }

    // ---- failing bodies --------------------------------------------------------------------------------------------

    static Stream<Arguments> failingPublishers() {
        return Stream.of(
                Arguments.of("onError", publisherOf(-1, s -> s.onError(new IOException("disk")))),
                Arguments.of("onError after bytes", publisherOf(-1, s -> {
                    s.onNext(ByteBuffer.wrap(LARGE));
                    s.onError(new IOException("disk"));
                })),
                Arguments.of("runtime exception", publisherOf(-1, s -> s.onError(new IllegalStateException("bug")))),
                Arguments.of("too few bytes", publisherOf(LARGE.length, s -> {
                    s.onNext(ByteBuffer.wrap(SMALL));
                    s.onComplete();
                })),
                Arguments.of("too many bytes", publisherOf(3, s -> {
                    s.onNext(ByteBuffer.wrap(SMALL));
                    s.onComplete();
                })),
                Arguments.of("throws on subscribe", (Supplier<BodyPublisher>) () -> BodyPublishers.fromPublisher(s -> {
                    throw new IllegalStateException("bug");
                })),
                Arguments.of("null stream", (Supplier<BodyPublisher>) () -> BodyPublishers.ofInputStream(() -> null)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failingPublishers")
    void send_failingPublisher_throwsAndSendsNothing(String name, Supplier<BodyPublisher> publisher) {
        assertThatThrownBy(() -> client().send(post(publisher.get()), BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
        assertThat(server.captured).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failingPublishers")
    void sendAsync_failingPublisher_failsAndSendsNothing(String name, Supplier<BodyPublisher> publisher) {
        CompletableFuture<?> sent = client().sendAsync(post(publisher.get()), BodyHandlers.discarding());
        assertThatThrownBy(sent::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(IOException.class);
        assertThat(server.captured).isEmpty();
    }

    @Test
    void send_endlessPublisherWithADeclaredLength_isStopped() {
        Supplier<BodyPublisher> endless = () -> BodyPublishers.fromPublisher(
                subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
                    private boolean cancelled;

                    @Override
                    public void request(long n) {
                        while (!cancelled) {
                            subscriber.onNext(ByteBuffer.wrap(SMALL));
                        }
                    }

                    @Override
                    public void cancel() {
                        cancelled = true;
                    }
                }),
                1000);
        assertThatThrownBy(() -> client().send(post(endless.get()), BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
        assertThat(server.captured).isEmpty();
    }

    // ---- what else a request has -----------------------------------------------------------------------------------

    @Test
    void send_methodHeadersVersionAndExpectation_arePreserved() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.uri("/things/1"))
                .method("PATCH", BodyPublishers.ofByteArray(SMALL))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer abc")
                .header("X-List", "a")
                .header("X-List", "b")
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(20))
                .expectContinue(true)
                .build();
        HttpResponse<String> response = client().send(request, BodyHandlers.ofString());
        assertThat(response.body()).isEqualTo("ok");
        assertThat(SigningHttpClient.verified(response)).isEmpty();
        Captured captured = server.only();
        assertThat(captured.startLine()).isEqualTo("PATCH /things/1 HTTP/1.1");
        assertThat(captured.values("x-list")).containsExactly("a", "b");
        assertThat(captured.values("expect")).containsExactly("100-Continue");
        assertThat(captured.values("upgrade")).isEmpty();
        assertThat(response.request().timeout()).contains(Duration.ofSeconds(20));
        VerifiedMessage verified = assertSigned(captured, SMALL);
        assertThat(verified.field("content-type")).contains("application/json");
        assertThat(verified.field("authorization")).contains("Bearer abc");
    }

    @Test
    void send_everyMethod_verifiesOnTheServer() throws Exception {
        for (HttpRequest.Builder builder : List.of(
                HttpRequest.newBuilder().GET(),
                HttpRequest.newBuilder().DELETE(),
                HttpRequest.newBuilder().method("HEAD", BodyPublishers.noBody()),
                HttpRequest.newBuilder().method("OPTIONS", BodyPublishers.noBody()),
                HttpRequest.newBuilder().method("GET", BodyPublishers.ofByteArray(SMALL)),
                HttpRequest.newBuilder().method("purge", BodyPublishers.noBody()),
                HttpRequest.newBuilder().PUT(BodyPublishers.noBody()))) {
            HttpRequest request = builder.uri(server.uri("/x")).build();
            client().send(request, BodyHandlers.discarding());
            boolean hasBody =
                    request.bodyPublisher().map(BodyPublisher::contentLength).orElse(0L) > 0;
            VerifiedMessage verified = assertSigned(server.only(), hasBody ? SMALL : new byte[0]);
            assertThat(verified.method()).contains(request.method());
        }
    }

    @Test
    void send_fieldsThatTheClientWritesItself_canBeCovered() throws Exception {
        HttpSigner signer = HttpSigner.builder(CLIENT_KEY)
                .cover(Component.METHOD, Component.TARGET_URI, Component.field("host"))
                .cover(When.body(), Component.CONTENT_DIGEST, Component.field("content-length"))
                .cover(When.field("cookie"), Component.field("cookie"))
                .build();
        HttpRequest request = HttpRequest.newBuilder(server.uri("/"))
                .header("Cookie", "a=1")
                .header("Cookie", "b=2")
                .POST(BodyPublishers.ofByteArray(SMALL))
                .build();
        SigningHttpClient.wrap(HttpClient.newHttpClient(), signer).send(request, BodyHandlers.discarding());
        VerifiedMessage verified = assertSigned(server.only(), SMALL);
        assertThat(verified.field("host")).contains("127.0.0.1:" + server.port());
        assertThat(verified.field("content-length")).contains("15");
        assertThat(verified.field("cookie")).contains("a=1; b=2");
    }

    @Test
    void send_coveredCookiesBesideACookieHandler_isRefused() throws Exception {
        HttpClient plain =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        HttpSigner signer = HttpSigner.builder(CLIENT_KEY)
                .cover(Component.METHOD, Component.TARGET_URI)
                .cover(When.field("cookie"), Component.field("cookie"))
                .tag("\"cookie\"")
                .build();
        SigningHttpClient client = SigningHttpClient.wrap(plain, signer);
        HttpRequest request = HttpRequest.newBuilder(server.uri("/")).build();
        client.send(request, BodyHandlers.discarding());
        assertSigned(server.only(), new byte[0]);
        HttpRequest withCookie =
                HttpRequest.newBuilder(server.uri("/")).header("Cookie", "a=1").build();
        assertThatThrownBy(() -> client.send(withCookie, BodyHandlers.discarding()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(server.captured).isEmpty();
    }

    @Test
    void send_fieldThatIsNotAscii_isRefused() {
        HttpRequest request = HttpRequest.newBuilder(server.uri("/"))
                .header("X-Name", "Zo\u00eb")
                .build();
        assertThatThrownBy(() -> client().send(request, BodyHandlers.discarding()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client().sendAsync(request, BodyHandlers.discarding()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void send_secondSignature_isAddedToTheFirst() throws Exception {
        SigningKey other =
                SigningKey.generate(dev.signet.core.Algorithm.ED25519).withId("other");
        HttpClient twice = SigningHttpClient.builder(
                        client(), HttpSigner.builder(other).build())
                .build();
        twice.send(post(BodyPublishers.ofByteArray(SMALL)), BodyHandlers.discarding());
        Captured captured = server.only();
        assertThat(captured.values("signature")).hasSize(2);
        assertSigned(captured, SMALL);
    }

    // ---- configuration ---------------------------------------------------------------------------------------------

    @Test
    void wrap_clientThatFollowsRedirects_isRefused() {
        for (Redirect redirect : List.of(Redirect.ALWAYS, Redirect.NORMAL)) {
            HttpClient plain = HttpClient.newBuilder().followRedirects(redirect).build();
            assertThatThrownBy(() -> SigningHttpClient.wrap(plain, SIGNER))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void wrap_clientWithAuthenticator_isRefused() {
        HttpClient plain =
                HttpClient.newBuilder().authenticator(new Authenticator() {}).build();
        assertThatThrownBy(() -> SigningHttpClient.wrap(plain, SIGNER)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void send_redirect_isHandedToTheCaller() throws Exception {
        try (RawServer redirecting = RawServer.answering(
                Answer.text("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"))) {
            HttpResponse<Void> response =
                    client().send(HttpRequest.newBuilder(redirecting.uri("/")).build(), BodyHandlers.discarding());
            assertThat(response.statusCode()).isEqualTo(302);
            redirecting.only();
        }
    }

    @Test
    void accessors_giveTheWrappedClients() {
        CookieManager cookies = new CookieManager();
        HttpClient plain = HttpClient.newBuilder()
                .cookieHandler(cookies)
                .connectTimeout(Duration.ofSeconds(3))
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .executor(Runnable::run)
                .build();
        HttpClient client = SigningHttpClient.wrap(plain, SIGNER);
        assertThat(client.cookieHandler()).containsSame(cookies);
        assertThat(client.connectTimeout()).contains(Duration.ofSeconds(3));
        assertThat(client.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(client.proxy()).isEqualTo(plain.proxy());
        assertThat(client.executor()).isEqualTo(plain.executor());
        assertThat(client.sslContext()).isSameAs(plain.sslContext());
        assertThat(client.sslParameters().getProtocols())
                .isEqualTo(plain.sslParameters().getProtocols());
        assertThat(client.followRedirects()).isEqualTo(Redirect.NEVER);
        assertThat(client.authenticator()).isEmpty();
        assertThatThrownBy(client::newWebSocketBuilder).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void close_ofTheClient_closesTheWrappedOne() {
        RecordingClient plain = new RecordingClient();
        SigningHttpClient.wrap(plain, SIGNER).close();
        assertThat(plain.calls).containsExactly("close");
    }

    @Test
    void sendAsync_pushHandlerWithoutVerifier_isTheWrappedClients() throws Exception {
        RecordingClient plain = new RecordingClient();
        HttpRequest request = HttpRequest.newBuilder(server.uri("/")).build();
        SigningHttpClient.wrap(plain, SIGNER)
                .sendAsync(request, BodyHandlers.ofString(), (initiating, pushed, acceptor) -> {})
                .get();
        assertThat(plain.calls).containsExactly("sendAsync with pushes");
    }

    // ---- errors and cancellation -----------------------------------------------------------------------------------

    @Test
    void send_connectionRefused_isAnIoException() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .POST(BodyPublishers.ofByteArray(LARGE))
                .build();
        assertThatThrownBy(() -> client().send(request, BodyHandlers.discarding()))
                .isInstanceOf(ConnectException.class);
        assertThatThrownBy(() ->
                        client().sendAsync(request, BodyHandlers.discarding()).get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ConnectException.class);
    }

    @Test
    void send_timeout_isPassedThrough() throws Exception {
        try (RawServer silent = RawServer.answering((request, out) -> sleep(5_000))) {
            HttpRequest request = HttpRequest.newBuilder(silent.uri("/"))
                    .timeout(Duration.ofMillis(200))
                    .build();
            assertThatThrownBy(() -> client().send(request, BodyHandlers.discarding()))
                    .isInstanceOf(HttpTimeoutException.class);
        }
    }

    @Test
    void send_interruptedWhileThePublisherWaits_stops() throws Exception {
        AtomicBoolean cancelled = new AtomicBoolean();
        Thread caller = Thread.currentThread();
        new Thread(() -> {
                    sleep(200);
                    caller.interrupt();
                })
                .start();
        assertThatThrownBy(() -> client().send(post(silent(cancelled)), BodyHandlers.discarding()))
                .isInstanceOf(InterruptedException.class);
        assertThat(cancelled).isTrue();
        assertThat(server.captured).isEmpty();
    }

    @Test
    void sendAsync_cancelledWhileThePublisherWaits_sendsNothing() throws Exception {
        AtomicBoolean cancelled = new AtomicBoolean();
        CompletableFuture<HttpResponse<Void>> sent =
                client().sendAsync(post(silent(cancelled)), BodyHandlers.discarding());
        sleep(100);
        assertThat(sent.cancel(true)).isTrue();
        assertThatThrownBy(sent::get).isInstanceOf(CancellationException.class);
        assertThat(cancelled).isTrue();
        assertThat(server.captured).isEmpty();
    }

    @Test
    void sendAsync_derivedStageCancelled_cancelsTheExchange() throws Exception {
        CountDownLatch sending = new CountDownLatch(10);
        CountDownLatch broken = new CountDownLatch(1);
        try (RawServer silent = RawServer.answering((request, out) -> {
            try {
                out.write(ascii("HTTP/1.1 200 OK\r\n"));
                for (int i = 0; i < 500; i++) {
                    out.write(ascii("X: y\r\n"));
                    out.flush();
                    sending.countDown();
                    sleep(10);
                }
            } catch (IOException e) {
                broken.countDown();
            }
        })) {
            CompletableFuture<HttpResponse<String>> sent =
                    client().sendAsync(HttpRequest.newBuilder(silent.uri("/")).build(), BodyHandlers.ofString());
            CompletableFuture<String> text = sent.thenApply(HttpResponse::body);
            assertThat(sending.await(20, TimeUnit.SECONDS)).isTrue();
            text.cancel(true);
            assertThat(broken.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(sent).isCancelled();
        }
    }

    @Test
    void sendAsync_slowRemoteSigner_blocksNobody() throws Exception {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        CompletableFuture<byte[]> asked = new CompletableFuture<>();
        SigningKey remote = SigningKey.remoteAsync(CLIENT_KEY.verificationKey(), data -> {
            asked.complete(data);
            return answer;
        });
        SigningHttpClient client = SigningHttpClient.wrap(
                HttpClient.newHttpClient(), HttpSigner.builder(remote).build());
        CompletableFuture<HttpResponse<Void>> sent =
                client.sendAsync(post(BodyPublishers.ofByteArray(SMALL)), BodyHandlers.discarding());
        byte[] data = asked.get();
        assertThat(sent).isNotDone();
        assertThat(server.captured).isEmpty();
        answer.complete(CLIENT_KEY.sign(data));
        sent.get();
        assertSigned(server.only(), SMALL);
    }

    @Test
    void sendAsync_cancelledWhileTheSignerThinks_sendsNothing() throws Exception {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        CompletableFuture<byte[]> asked = new CompletableFuture<>();
        SigningKey remote = SigningKey.remoteAsync(CLIENT_KEY.verificationKey(), data -> {
            asked.complete(data);
            return answer;
        });
        RecordingClient plain = new RecordingClient();
        SigningHttpClient client =
                SigningHttpClient.wrap(plain, HttpSigner.builder(remote).build());
        CompletableFuture<HttpResponse<Void>> sent =
                client.sendAsync(post(BodyPublishers.ofByteArray(LARGE)), BodyHandlers.discarding());
        byte[] data = asked.get();
        sent.cancel(true);
        answer.complete(CLIENT_KEY.sign(data));
        assertThat(plain.calls).isEmpty();
        assertThat(server.captured).isEmpty();
    }

    @Test
    void send_remoteSignerThatIsDown_isReported() {
        SigningKey remote = SigningKey.remote(CLIENT_KEY.verificationKey(), data -> {
            throw new UnavailableException("down");
        });
        SigningHttpClient client = SigningHttpClient.wrap(
                HttpClient.newHttpClient(), HttpSigner.builder(remote).build());
        HttpRequest request = post(BodyPublishers.ofByteArray(LARGE));
        assertThatThrownBy(() -> client.send(request, BodyHandlers.discarding()))
                .isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() ->
                        client.sendAsync(request, BodyHandlers.discarding()).get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(UnavailableException.class);
        assertThat(server.captured).isEmpty();
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    static VerifiedMessage assertSigned(Captured captured, byte[] body) {
        assertThat(captured.body()).isEqualTo(body);
        VerifiedMessage verified = requests().verify(captured.message(), captured.body());
        assertThat(verified.isBodyCovered()).isTrue();
        assertThat(verified.keyId()).isEqualTo("client");
        return verified;
    }

    private HttpRequest post(BodyPublisher publisher) {
        return HttpRequest.newBuilder(server.uri("/payments?dry=1"))
                .POST(publisher)
                .build();
    }

    private static Arguments publisher(String name, byte[] body, Supplier<BodyPublisher> publisher) {
        return Arguments.of(name, body, publisher);
    }

    private static BodyPublisher ofFile(Path file) {
        try {
            return BodyPublishers.ofFile(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static BodyPublisher onceOnly(InputStream in) {
        AtomicBoolean used = new AtomicBoolean();
        return BodyPublishers.ofInputStream(() -> {
            if (used.getAndSet(true)) {
                throw new IllegalStateException("the stream can be read once");
            }
            return in;
        });
    }

    private static BodyPublisher fromAnotherThread() {
        SubmissionPublisher<ByteBuffer> source = new SubmissionPublisher<>();
        return BodyPublishers.fromPublisher(subscriber -> {
            source.subscribe(subscriber);
            new Thread(() -> {
                        for (int i = 0; i < LARGE.length; i += 1000) {
                            source.submit(ByteBuffer.wrap(LARGE, i, Math.min(1000, LARGE.length - i)));
                        }
                        source.close();
                    })
                    .start();
        });
    }

    private static BodyPublisher buffers(ByteBuffer buffer) {
        return publisherOf(-1, s -> {
                    s.onNext(buffer);
                    s.onComplete();
                })
                .get();
    }

    private static BodyPublisher silent(AtomicBoolean cancelled) {
        return BodyPublishers.fromPublisher(subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {
                cancelled.set(true);
            }
        }));
    }

    private static Supplier<BodyPublisher> publisherOf(
            long length, java.util.function.Consumer<Flow.Subscriber<? super ByteBuffer>> signals) {
        return () -> new BodyPublisher() {
            @Override
            public long contentLength() {
                return length;
            }

            @Override
            public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
                subscriber.onSubscribe(new Flow.Subscription() {
                    @Override
                    public void request(long n) {
                        signals.accept(subscriber);
                    }

                    @Override
                    public void cancel() {}
                });
            }
        };
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
