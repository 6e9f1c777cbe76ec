// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import static dev.signet.httpclient.Fixtures.SERVER_KEY;
import static dev.signet.httpclient.Fixtures.SIGNER;
import static dev.signet.httpclient.Fixtures.responses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.KeyResolver;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignaturePolicy;
import dev.signet.httpclient.Fixtures.Reply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However few threads there are, an exchange ends: with its response, or with its timeout. */
@Timeout(60)
class ExecutorTest {
    private static final byte[] LARGE = new byte[3_000_000];
    private static final BodyPublisher STREAM =
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[100_000]));

    static {
        new Random(3).nextBytes(LARGE);
    }

    private final AtomicBoolean shown = new AtomicBoolean();

    @AfterEach
    void nothingIsLeft() throws Exception {
        Fixtures.assertNoSpools();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void sendAsync_boundedPoolSharedByAll_finishes(int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (RawServer server = replying()) {
            List<SigningHttpClient> clients = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                HttpClient plain = HttpClient.newBuilder().executor(pool).build();
                clients.add(SigningHttpClient.builder(plain, SIGNER)
                        .verifyResponses(responses())
                        .executor(pool)
                        .build());
            }
            List<CompletableFuture<HttpResponse<byte[]>>> sent = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                sent.add(clients.get(i % 2).sendAsync(request(server).build(), BodyHandlers.ofByteArray()));
            }
            for (CompletableFuture<HttpResponse<byte[]>> response : sent) {
                assertThat(response.get(40, TimeUnit.SECONDS).body()).isEqualTo(LARGE);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void send_manyCallersOfABoundedPool_finish() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try (RawServer server = replying()) {
            SigningHttpClient client = SigningHttpClient.builder(
                            HttpClient.newBuilder().executor(pool).build(), SIGNER)
                    .verifyResponses(responses())
                    .executor(pool)
                    .build();
            List<CompletableFuture<byte[]>> sent = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                sent.add(CompletableFuture.supplyAsync(
                        () -> body(client, request(server).build()), callers));
            }
            for (CompletableFuture<byte[]> body : sent) {
                assertThat(body.get(40, TimeUnit.SECONDS)).isEqualTo(LARGE);
            }
        } finally {
            callers.shutdownNow();
            pool.shutdownNow();
        }
    }

    /** An executor may be busy for ever with something else. */
    @Test
    void send_executorThatNeverRuns_timesOut() throws Exception {
        Executor busy = task -> {};
        SigningHttpClient client = SigningHttpClient.builder(HttpClient.newHttpClient(), SIGNER)
                .verifyResponses(responses())
                .executor(busy)
                .build();
        SigningHttpClient unverified = SigningHttpClient.builder(HttpClient.newHttpClient(), SIGNER)
                .executor(busy)
                .build();
        try (RawServer server = replying()) {
            HttpRequest streaming = timed(server).POST(STREAM).build();
            assertTimesOut(client, streaming);
            assertTimesOut(client, timed(server).build());
            assertThatThrownBy(
                            () -> unverified.sendAsync(streaming, revealing()).get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(HttpTimeoutException.class);
        }
        assertThat(shown).isFalse();
    }

    @Test
    void send_keyResolverThatHangs_timesOut() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        KeyResolver hanging = id -> {
            await(released);
            return KeyResolver.of(SERVER_KEY.verificationKey()).resolve(id);
        };
        SigningHttpClient client = SigningHttpClient.builder(HttpClient.newHttpClient(), SIGNER)
                .verifyResponses(HttpVerifier.builder(hanging)
                        .signature(SignaturePolicy.responses2026())
                        .ignoreReplay()
                        .build())
                .build();
        try (RawServer server = replying()) {
            assertTimesOut(client, timed(server).build());
        } finally {
            released.countDown();
        }
        // What is verified too late is shown to nobody.
        Fixtures.assertNoSpools();
        assertThat(shown).isFalse();
    }

    @Test
    void send_bodyThatStalls_timesOut() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        try (RawServer server = RawServer.answering((request, out) -> {
            byte[] bytes = reply(request);
            out.write(bytes, 0, bytes.length - 1000);
            out.flush();
            await(released);
        })) {
            assertTimesOut(Fixtures.verifyingClient(), timed(server).build());
        } finally {
            released.countDown();
        }
        assertThat(shown).isFalse();
    }

    @Test
    void sendAsync_withinItsTimeout_isNotDisturbed() throws Exception {
        try (RawServer server = replying()) {
            HttpRequest request =
                    request(server).timeout(Duration.ofSeconds(30)).build();
            assertThat(Fixtures.verifyingClient()
                            .sendAsync(request, BodyHandlers.ofByteArray())
                            .get(20, TimeUnit.SECONDS)
                            .body())
                    .isEqualTo(LARGE);
            assertThat(body(Fixtures.verifyingClient(), request)).isEqualTo(LARGE);
        }
    }

    private void assertTimesOut(SigningHttpClient client, HttpRequest request) {
        assertThatThrownBy(() -> client.send(request, revealing())).isInstanceOf(HttpTimeoutException.class);
        assertThatThrownBy(() -> client.sendAsync(request, revealing()).get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(HttpTimeoutException.class);
    }

    private BodyHandler<Void> revealing() {
        return info -> {
            shown.set(true);
            return BodySubscribers.discarding();
        };
    }

    private static byte[] body(SigningHttpClient client, HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofByteArray()).body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RawServer replying() throws IOException {
        return RawServer.answering((request, out) -> out.write(reply(request)));
    }

    private static byte[] reply(RawServer.Captured request) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new Reply(request.message()).body(LARGE).writeTo(bytes);
        return bytes.toByteArray();
    }

    private static HttpRequest.Builder request(RawServer server) {
        return HttpRequest.newBuilder(server.uri("/orders")).POST(STREAM);
    }

    private static HttpRequest.Builder timed(RawServer server) {
        return HttpRequest.newBuilder(server.uri("/orders")).timeout(Duration.ofMillis(500));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
