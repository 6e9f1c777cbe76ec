// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static dev.signet.core.TestKeys.DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RemoteSignerTest {
    private static final SigningKey LOCAL = TestKeys.signing(Algorithm.ES256);
    private static final VerificationKey PUBLIC = LOCAL.verificationKey();

    @Test
    void sign_remote_isVerifiedAndReturned() throws Exception {
        SigningKey remote = SigningKey.remote(PUBLIC, LOCAL::sign);
        PUBLIC.verify(DATA, remote.sign(DATA));
        PUBLIC.verify(
                DATA,
                remote.signAsync(DATA, Providers.automatic())
                        .toCompletableFuture()
                        .get());
        PUBLIC.verify(Arrays.copyOfRange(DATA, 1, 4), remote.sign(DATA, 1, 3, Providers.automatic()));
        assertThat(remote.id()).isEqualTo(PUBLIC.id());
        assertThat(remote.isExportable()).isFalse();
        assertThat(remote.dangerousPrivateKey()).isEmpty();
        assertThat(remote.dangerousSecret()).isEmpty();
        assertThatThrownBy(remote::dangerousToPem).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void signAsync_remote_completesWhenTheClientDoes() throws Exception {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        CompletionStage<byte[]> signature =
                SigningKey.remoteAsync(PUBLIC, data -> answer).signAsync(DATA, Providers.automatic());
        assertThat(signature.toCompletableFuture()).isNotDone();
        answer.complete(LOCAL.sign(DATA));
        PUBLIC.verify(DATA, signature.toCompletableFuture().get());
    }

    @Test
    void sign_clientThatNeverAnswers_isUnavailableInTimeAndCancelled() {
        CompletableFuture<byte[]> asked = new CompletableFuture<>();
        SigningKey remote = SigningKey.remoteAsync(PUBLIC, data -> asked, Duration.ofMillis(50));
        assertThatThrownBy(() -> remote.sign(DATA))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("in time");
        assertThat(asked).isCancelled();
        assertUnavailable(SigningKey.remoteAsync(PUBLIC, data -> new CompletableFuture<>(), Duration.ofMillis(50)));
        assertThatThrownBy(() -> SigningKey.remoteAsync(PUBLIC, data -> asked, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sign_interruptedWhileWaiting_endsAndCancels() throws Exception {
        CompletableFuture<byte[]> asked = new CompletableFuture<>();
        CountDownLatch waiting = new CountDownLatch(1);
        SigningKey remote = SigningKey.remoteAsync(PUBLIC, data -> {
            waiting.countDown();
            return asked;
        });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread thread = new Thread(() -> {
            try {
                remote.sign(DATA);
            } catch (RuntimeException e) {
                thrown.set(e);
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        thread.start();
        waiting.await();
        thread.interrupt();
        thread.join(10_000);
        assertThat(thrown.get()).isInstanceOf(UnavailableException.class).hasMessageContaining("interrupted");
        assertThat(interrupted).isTrue();
        assertThat(asked).isCancelled();
    }

    @Test
    void signAsync_cancelled_cancelsTheClients() {
        CompletableFuture<byte[]> asked = new CompletableFuture<>();
        CompletableFuture<byte[]> stage = SigningKey.remoteAsync(PUBLIC, data -> asked)
                .signAsync(DATA, Providers.automatic())
                .toCompletableFuture();
        stage.cancel(true);
        assertThat(asked).isCancelled();
        assertThat(stage).isCancelled();
    }

    @Test
    void sign_blockingClientOnAnExecutor_isInterruptedWhenItTakesTooLong() throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool();
        try {
            CountDownLatch interrupted = new CountDownLatch(1);
            RemoteSigner blocking = data -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
                throw new IllegalStateException("not reached by anybody who waits");
            };
            SigningKey remote = SigningKey.remote(PUBLIC, blocking, executor, Duration.ofMillis(50));
            assertThatThrownBy(() -> remote.sign(DATA))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("in time");
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
            SigningKey good = SigningKey.remote(PUBLIC, LOCAL::sign, executor, Duration.ofSeconds(10));
            PUBLIC.verify(DATA, good.sign(DATA));
            PUBLIC.verify(
                    DATA,
                    good.signAsync(DATA, Providers.automatic())
                            .toCompletableFuture()
                            .get());
            SigningKey failing = SigningKey.remote(
                    PUBLIC,
                    data -> {
                        throw new IllegalStateException("connection lost");
                    },
                    executor,
                    Duration.ofSeconds(10));
            assertThatThrownBy(() -> failing.sign(DATA)).isInstanceOf(UnavailableException.class);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void signAsync_localKey_isDoneAtOnce() {
        PUBLIC.verify(
                DATA,
                LOCAL.signAsync(DATA, Providers.automatic())
                        .toCompletableFuture()
                        .getNow(null));
    }

    @Test
    void sign_clientThatChangesItsArguments_harmsNobody() {
        byte[] data = DATA.clone();
        byte[][] kept = new byte[1][];
        SigningKey remote = SigningKey.remote(PUBLIC, given -> {
            byte[] signature = LOCAL.sign(given);
            Arrays.fill(given, (byte) 0);
            kept[0] = signature;
            return signature;
        });
        byte[] signature = remote.sign(data);
        Arrays.fill(kept[0], (byte) 0);
        assertThat(data).isEqualTo(DATA);
        PUBLIC.verify(DATA, signature);
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"ES256", "ES384", "ES512"})
    void fromDer_derClient_givesTheRawForm(Algorithm algorithm) {
        SigningKey local = TestKeys.signing(algorithm);
        RemoteSigner der = data -> EcdsaSignatures.toDer(local.sign(data));
        for (int i = 0; i < 30; i++) {
            byte[] data = {(byte) i};
            byte[] signature = SigningKey.remote(local.verificationKey(), RemoteSigner.fromDer(algorithm, der))
                    .sign(data);
            assertThat(signature).hasSize(algorithm.length);
            local.verificationKey().verify(data, signature);
        }
        RemoteSigner.Async async =
                RemoteSigner.Async.fromDer(algorithm, data -> CompletableFuture.supplyAsync(() -> der.sign(data)));
        local.verificationKey()
                .verify(
                        DATA,
                        SigningKey.remoteAsync(local.verificationKey(), async).sign(DATA));
    }

    @Test
    void fromDer_notEcdsa_isRejected() {
        for (Algorithm algorithm : List.of(Algorithm.ED25519, Algorithm.RS256, Algorithm.HS256, Algorithm.A256KW)) {
            assertThatThrownBy(() -> RemoteSigner.fromDer(algorithm, LOCAL::sign))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> RemoteSigner.Async.fromDer(algorithm, CompletableFuture::completedFuture))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    static Stream<RemoteSigner> failing() {
        byte[] signature = LOCAL.sign(DATA);
        return Stream.of(
                data -> TestKeys.signing(Algorithm.ES384).sign(data),
                data -> TestKeys.anotherSigning(Algorithm.ES256).sign(data),
                data -> LOCAL.sign(TestKeys.OTHER),
                data -> new byte[64],
                data -> new byte[0],
                data -> null,
                data -> EcdsaSignatures.toDer(signature),
                data -> Arrays.copyOf(signature, 63),
                data -> {
                    throw new IllegalStateException("connection lost");
                },
                data -> {
                    throw new UnavailableException("mine", new IOException("reset"));
                },
                RemoteSigner.fromDer(Algorithm.ES256, data -> signature),
                RemoteSigner.fromDer(Algorithm.ES256, data -> new byte[] {0x30, 0}),
                RemoteSigner.fromDer(Algorithm.ES256, data -> null),
                RemoteSigner.fromDer(Algorithm.ES256, data -> new byte[0]));
    }

    @ParameterizedTest
    @MethodSource("failing")
    void sign_clientThatFailsOrSignsWrongly_isUnavailable(RemoteSigner client) {
        assertThatThrownBy(() -> SigningKey.remote(PUBLIC, client).sign(DATA)).isInstanceOf(UnavailableException.class);
        assertUnavailable(
                SigningKey.remoteAsync(PUBLIC, data -> CompletableFuture.supplyAsync(() -> client.sign(data))));
        assertUnavailable(SigningKey.remote(PUBLIC, client));
    }

    @Test
    void signAsync_clientThatFails_isUnavailable() {
        for (RemoteSigner.Async client : List.<RemoteSigner.Async>of(
                data -> null,
                data -> CompletableFuture.failedFuture(new IOException("reset")),
                data -> CompletableFuture.failedFuture(new UnavailableException("mine", new IOException("reset"))),
                data -> CompletableFuture.failedFuture(new CompletionException(new UnavailableException("mine"))),
                data -> CompletableFuture.failedFuture(new java.util.concurrent.CancellationException()),
                data -> CompletableFuture.completedFuture(null),
                data -> {
                    throw new IllegalArgumentException("bad");
                })) {
            SigningKey remote = SigningKey.remoteAsync(PUBLIC, client);
            assertUnavailable(remote);
            assertThatThrownBy(() -> remote.sign(DATA)).isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void sign_clientsOwnUnavailability_arrivesAsItIs() {
        UnavailableException mine = new UnavailableException("mine", new IOException("reset"));
        RemoteSigner throwing = data -> {
            throw mine;
        };
        assertThatThrownBy(() -> SigningKey.remote(PUBLIC, throwing).sign(DATA)).isSameAs(mine);
        assertThatThrownBy(() -> SigningKey.remoteAsync(PUBLIC, data -> CompletableFuture.failedFuture(mine))
                        .sign(DATA))
                .isSameAs(mine);
        assertThatThrownBy(() -> SigningKey.remoteAsync(
                                PUBLIC, data -> CompletableFuture.supplyAsync(() -> throwing.sign(data)))
                        .sign(DATA))
                .isSameAs(mine);
    }

    private static void assertUnavailable(SigningKey remote) {
        assertThat(remote.signAsync(DATA, Providers.automatic()).toCompletableFuture())
                .failsWithin(java.time.Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(UnavailableException.class);
    }
}
