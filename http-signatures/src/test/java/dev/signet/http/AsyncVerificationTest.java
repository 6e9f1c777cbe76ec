// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.BODY;
import static dev.signet.http.Fixture.CLOCK;
import static dev.signet.http.Fixture.KEY;
import static dev.signet.http.Fixture.NOW;
import static dev.signet.http.Fixture.assertInvalid;
import static dev.signet.http.Fixture.assertRejected;
import static dev.signet.http.Fixture.signed;
import static dev.signet.http.Fixture.signer;
import static dev.signet.http.Fixture.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies that come, or don't, while nobody waits for them. */
@Timeout(30)
class AsyncVerificationTest {
    private static final Limits SMALL =
            Limits.recommended2026().withMaxBodyBytes(1 << 20).withMaxBodyBytesInMemory(4);

    private final Executor executor = Ways.EXECUTOR;

    // ---- a good body -----------------------------------------------------------------------------------------------

    @Test
    void verifyAsync_body_isAskedForOneBufferAtATime() throws IOException {
        Source source = new Source();
        CompletableFuture<VerifiedMessage> running = start(verifier().build(), signed(), source);
        for (byte b : BODY) {
            source.awaitDemand();
            assertThat(source.demand).isEqualTo(1);
            source.give(new byte[] {b});
        }
        source.awaitDemand();
        source.subscriber.onComplete();
        try (VerifiedMessage verified = Ways.join(running)) {
            assertThat(verified.contentBytes()).isEqualTo(BODY);
        }
        assertThat(source.cancelled).isFalse();
    }

    @Test
    void verifyAsync_spooledBody_isWrittenOnTheExecutorAndRemovedOnClose() throws Exception {
        Set<String> before = Spools.open();
        Source source = new Source();
        CompletableFuture<VerifiedMessage> running = start(small().build(), signed(), source);
        source.awaitDemand();
        source.give(BODY);
        source.awaitDemand();
        source.subscriber.onComplete();
        VerifiedMessage verified = Ways.join(running);
        assertThat(verified.contentStream().readAllBytes()).isEqualTo(BODY);
        assertThat(Spools.open()).hasSize(before.size() + 1);
        verified.close();
        assertThat(Spools.open()).isEqualTo(before);
    }

    /** Everything that may wait runs where the caller said; the caller and the publisher go on at once. */
    @Test
    void verifyAsync_whatMayWait_waitsOnTheExecutorOnly() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        List<String> threads = new ArrayList<>();
        HttpVerifier verifier = HttpVerifier.builder(id -> {
                    threads.add(Thread.currentThread().getName());
                    try {
                        answer.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return Optional.of(KEY.verificationKey());
                })
                .clock(CLOCK)
                .replayGuard((key, nonce, until) -> {
                    threads.add(Thread.currentThread().getName());
                    return ReplayGuard.Claim.FIRST;
                })
                .listener(event -> threads.add(Thread.currentThread().getName()))
                .build();
        Source source = new Source();
        CompletableFuture<VerifiedMessage> running = start(verifier, signed(), source);
        assertThat(running).isNotDone();
        assertThat(source.subscriber).isNull();
        answer.countDown();
        source.awaitDemand();
        source.give(BODY);
        source.subscriber.onComplete();
        Ways.join(running).close();
        assertThat(threads).hasSize(3).containsOnly("verifying");
    }

    /** No thread is held while a body is on its way: one thread serves a thousand of them. */
    @Test
    void verifyAsync_manySlowBodies_needNoThreadEach() {
        Executor single = java.util.concurrent.Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "single");
            thread.setDaemon(true);
            return thread;
        });
        HttpVerifier verifier = small().build();
        List<Source> sources = new ArrayList<>();
        List<CompletableFuture<VerifiedMessage>> running = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Source source = new Source();
            sources.add(source);
            running.add(verifier.verifyAsync(signed(), source, single).toCompletableFuture());
        }
        for (Source source : sources) {
            source.awaitDemand();
        }
        assertThat(running).noneMatch(CompletableFuture::isDone);
        for (Source source : sources) {
            source.give(BODY);
            source.subscriber.onComplete();
        }
        running.forEach(each -> Ways.join(each).close());
    }

    @Test
    void verifyAsync_uncoveredBody_isCancelledAfterItsFirstBuffer() {
        HttpVerifier verifier = verifier()
                .signature(SignaturePolicy.recommended2026().ignore(Component.CONTENT_DIGEST))
                .build();
        HttpMessage message = uncovered();
        Source source = new Source();
        CompletableFuture<VerifiedMessage> running = start(verifier, message, source);
        source.awaitDemand();
        source.give(BODY);
        assertThat(Ways.join(running).isBodyCovered()).isFalse();
        assertThat(source.cancelled).isTrue();
    }

    @Test
    void verifyAsync_lastCheck_hasTheWholeOfAnUncoveredBody() throws IOException {
        HttpVerifier verifier = verifier()
                .signature(SignaturePolicy.recommended2026().ignore(Component.CONTENT_DIGEST))
                .build();
        HttpMessage message = uncovered();
        List<String> order = new ArrayList<>();
        LastCheck check = new LastCheck() {
            @Override
            public void beforeBody(VerifiedMessage verified) {
                order.add("before");
            }

            @Override
            public void check(VerifiedMessage verified, ReceivedBody body) {
                order.add("check " + body.length());
            }
        };
        Source source = new Source();
        CompletableFuture<VerifiedMessage> running =
                verifier.verifyAsync(message, source, executor, check).toCompletableFuture();
        for (byte b : BODY) {
            source.awaitDemand();
            source.give(new byte[] {b});
        }
        source.awaitDemand();
        source.subscriber.onComplete();
        Ways.join(running).close();
        assertThat(order).containsExactly("before", "check " + BODY.length);
    }

    // ---- a bad one -------------------------------------------------------------------------------------------------

    @Test
    void verifyAsync_badSignature_neverSubscribes() {
        Source source = new Source();
        HttpMessage message = signed(signer().keyId("client-2"), BODY);
        CompletableFuture<VerifiedMessage> running = start(verifier().build(), message, source);
        assertRejected(Reason.SIGNATURE_INVALID, () -> Ways.join(running));
        assertThat(source.subscriber).isNull();
    }

    @Test
    void verifyAsync_bodyThatNeverEnds_isCancelledAtTheCap() throws Exception {
        Set<String> before = Spools.open();
        Source source = new Source();
        CompletableFuture<VerifiedMessage> running = start(small().build(), signed(), source);
        byte[] chunk = new byte[100_000];
        int given = 0;
        while (!running.isDone()) {
            if (source.tryAwaitDemand()) {
                source.give(chunk);
                given++;
            }
        }
        assertThatThrownBy(() -> Ways.join(running))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
        assertThat(given).isEqualTo(11);
        assertThat(source.cancelled).isTrue();
        assertThat(Spools.open()).isEqualTo(before);
    }

    @Test
    void verifyAsync_bodyThatStops_isRefusedWhenItsTimeIsOver() throws Exception {
        Set<String> before = Spools.open();
        Source source = new Source();
        HttpVerifier verifier = small().maxBodyTime(Duration.ofMillis(300)).build();
        CompletableFuture<VerifiedMessage> running = start(verifier, signed(), source);
        source.awaitDemand();
        source.give(BODY);
        assertInvalid(() -> Ways.join(running));
        assertThat(source.cancelled).isTrue();
        assertThat(Spools.open()).isEqualTo(before);
    }

    /** By the verifier's clock, too: a drip that keeps every single wait short. */
    @Test
    void verifyAsync_bodyThatDrips_isRefusedWhenItsTimeIsOver() {
        Instant[] now = {NOW};
        Source source = new Source();
        HttpVerifier verifier = verifier().clock(() -> now[0]).build();
        CompletableFuture<VerifiedMessage> running = start(verifier, signed(), source);
        for (int i = 0; i < 7; i++) {
            source.awaitDemand();
            now[0] = now[0].plusSeconds(10);
            source.give(new byte[] {BODY[i]});
        }
        assertInvalid(() -> Ways.join(running));
        assertThat(source.cancelled).isTrue();
    }

    @Test
    void verifyAsync_emptyBuffersWithoutEnd_areRefusedWhenTheirTimeIsOver() {
        Instant[] now = {NOW};
        Source source = new Source();
        CompletableFuture<VerifiedMessage> running =
                start(verifier().clock(() -> now[0]).build(), signed(), source);
        for (int i = 0; i < 61; i++) {
            source.awaitDemand();
            now[0] = now[0].plusSeconds(1);
            source.give(new byte[0]);
        }
        assertInvalid(() -> Ways.join(running));
        assertThat(source.cancelled).isTrue();
    }

    @Test
    void verifyAsync_bodyThatFails_brokeOff() throws IOException {
        Set<String> before = Spools.open();
        for (Throwable failure :
                List.of(new IOException("reset"), new IllegalStateException("jdbc:"), new AssertionError("x"))) {
            Source source = new Source();
            CompletableFuture<VerifiedMessage> running = start(small().build(), signed(), source);
            source.awaitDemand();
            source.give(new byte[] {BODY[0], BODY[1], BODY[2], BODY[3], BODY[4]});
            source.awaitDemand();
            source.subscriber.onError(failure);
            assertThatThrownBy(() -> Ways.join(running))
                    .isInstanceOf(InvalidMessageException.class)
                    .hasMessage("the body broke off");
            assertThat(Spools.open()).isEqualTo(before);
        }
    }

    @Test
    void verifyAsync_bodyThatFailsByAVerdict_isRefusedByIt() {
        Source source = new Source();
        CompletableFuture<VerifiedMessage> running = start(verifier().build(), signed(), source);
        source.awaitDemand();
        source.subscriber.onError(InvalidMessageException.tooLarge("the frame is too large"));
        assertThatThrownBy(() -> Ways.join(running)).hasMessageContaining("the frame is too large");
    }

    @Test
    void verifyAsync_publisherThatThrows_brokeOff() {
        Flow.Publisher<ByteBuffer> broken = subscriber -> {
            throw new IllegalStateException("jdbc:");
        };
        assertInvalid(() -> Ways.join(
                verifier().build().verifyAsync(signed(), broken, executor).toCompletableFuture()));
    }

    @Test
    void verifyAsync_changedBody_isRefusedAndLeavesNoFile() throws IOException {
        Set<String> before = Spools.open();
        byte[] changed = BODY.clone();
        changed[3]++;
        Source source = new Source();
        CompletableFuture<VerifiedMessage> running = start(small().build(), signed(), source);
        source.awaitDemand();
        source.give(changed);
        source.awaitDemand();
        source.subscriber.onComplete();
        assertRejected(Reason.DIGEST_MISMATCH, () -> Ways.join(running));
        assertThat(Spools.open()).isEqualTo(before);
    }

    // ---- the rules of subscribers ----------------------------------------------------------------------------------

    @Test
    void onSubscribe_twice_cancelsTheSecond() throws IOException {
        Source source = new Source();
        CompletableFuture<VerifiedMessage> running = start(verifier().build(), signed(), source);
        source.awaitDemand();
        Source second = new Source();
        second.subscribe(source.subscriber);
        assertThat(second.cancelled).isTrue();
        assertThat(second.demand).isZero();
        source.give(BODY);
        source.subscriber.onComplete();
        Ways.join(running).close();
        assertThat(source.cancelled).isFalse();
    }

    @Test
    void onNext_moreThanWasAskedFor_isRefused() {
        // Held, since a last check has to come first, and not asked for more.
        HttpVerifier verifier = verifier()
                .signature(SignaturePolicy.recommended2026().ignore(Component.CONTENT_DIGEST))
                .build();
        HttpMessage message = uncovered();
        CountDownLatch wait = new CountDownLatch(1);
        Source source = new Source();
        LastCheck check = new LastCheck() {
            @Override
            public void beforeBody(VerifiedMessage verified) {
                try {
                    wait.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void check(VerifiedMessage verified, ReceivedBody body) {}
        };
        CompletableFuture<VerifiedMessage> running =
                verifier.verifyAsync(message, source, executor, check).toCompletableFuture();
        source.awaitDemand();
        source.give(BODY);
        source.subscriber.onNext(ByteBuffer.wrap(BODY));
        wait.countDown();
        assertThatThrownBy(() -> Ways.join(running)).isInstanceOf(UnavailableException.class);
        assertThat(source.cancelled).isTrue();
    }

    @Test
    void signals_null_areRefused() {
        Source source = new Source();
        CompletableFuture<VerifiedMessage> running = start(verifier().build(), signed(), source);
        source.awaitDemand();
        assertThatThrownBy(() -> source.subscriber.onNext(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> source.subscriber.onError(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> source.subscriber.onSubscribe(null)).isInstanceOf(NullPointerException.class);
        running.cancel(true);
    }

    @Test
    void signals_afterTheEnd_changeNothing() throws IOException {
        Source source = new Source();
        CompletableFuture<VerifiedMessage> running = start(verifier().build(), signed(), source);
        source.awaitDemand();
        source.give(BODY);
        source.subscriber.onComplete();
        source.subscriber.onNext(ByteBuffer.wrap(BODY));
        source.subscriber.onError(new IOException("late"));
        source.subscriber.onComplete();
        assertThat(Ways.join(running).contentBytes()).isEqualTo(BODY);
    }

    // ---- nobody waits any more -------------------------------------------------------------------------------------

    @Test
    void cancel_whileTheBodyComes_cancelsItAndClaimsNothing() throws IOException {
        Set<String> before = Spools.open();
        List<String> claims = new ArrayList<>();
        Source source = new Source();
        HttpVerifier verifier = small().replayGuard((key, nonce, until) -> {
                    claims.add(nonce);
                    return ReplayGuard.Claim.FIRST;
                })
                .build();
        CompletableFuture<VerifiedMessage> running = start(verifier, signed(), source);
        source.awaitDemand();
        source.give(BODY);
        source.awaitDemand();
        running.cancel(true);
        assertThat(source.cancelled).isTrue();
        source.subscriber.onComplete();
        assertThat(claims).isEmpty();
        assertThat(Spools.open()).isEqualTo(before);
    }

    @Test
    void verifyAsync_executorThatTakesNothing_isUnavailable() {
        List<SecurityEvent> events = new ArrayList<>();
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };
        Source source = new Source();
        CompletableFuture<VerifiedMessage> running = verifier()
                .listener(events::add)
                .build()
                .verifyAsync(signed(), source, full)
                .toCompletableFuture();
        assertThatThrownBy(() -> Ways.join(running)).isInstanceOf(UnavailableException.class);
        assertThat(events).extracting(SecurityEvent::type).containsExactly(SecurityEvent.Type.UNAVAILABLE);
        assertThat(source.subscriber).isNull();
    }

    @Test
    void verifyAsync_bytes_isTheSame() throws IOException {
        HttpVerifier verifier = verifier().build();
        HttpMessage message = signed();
        Ways.join(verifier.verifyAsync(message, BODY, executor).toCompletableFuture())
                .close();
        assertRejected(
                Reason.REPLAYED,
                () -> Ways.join(verifier.verifyAsync(message, BODY, executor).toCompletableFuture()));
        HttpVerifier small = small().policy(SecurityPolicy.recommended2026().withLimits(SMALL.withMaxBodyBytes(4)))
                .build();
        assertInvalid(
                () -> Ways.join(small.verifyAsync(signed(), BODY, executor).toCompletableFuture()));
    }

    @Test
    void verifyAsync_keyThatRunsOutWhileTheBodyComes_isRefused() {
        Instant[] now = {NOW};
        Source source = new Source();
        HttpVerifier verifier =
                verifier().clock(() -> now[0]).maxBodyTime(Duration.ofHours(1)).build();
        CompletableFuture<VerifiedMessage> running = start(verifier, signed(), source);
        source.awaitDemand();
        now[0] = NOW.plusSeconds(301);
        source.give(BODY);
        source.subscriber.onComplete();
        assertThatThrownBy(() -> Ways.join(running))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_OLD));
    }

    private CompletableFuture<VerifiedMessage> start(HttpVerifier verifier, HttpMessage message, Source body) {
        return verifier.verifyAsync(message, body, executor).toCompletableFuture();
    }

    private static HttpMessage uncovered() {
        return signed(signer().cover(Component.METHOD, Component.TARGET_URI, Component.field("content-type")), BODY);
    }

    private static HttpVerifier.Builder small() {
        return verifier().policy(SecurityPolicy.recommended2026().withLimits(SMALL));
    }

    /** A body that comes when the test says so. */
    private static final class Source implements Flow.Publisher<ByteBuffer>, Flow.Subscription {
        private volatile Flow.Subscriber<? super ByteBuffer> subscriber;
        private volatile boolean cancelled;
        private long demand;

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> newSubscriber) {
            subscriber = newSubscriber;
            newSubscriber.onSubscribe(this);
        }

        @Override
        public synchronized void request(long n) {
            demand += n;
            notifyAll();
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        void give(byte[] bytes) {
            synchronized (this) {
                demand--;
            }
            subscriber.onNext(ByteBuffer.wrap(bytes));
        }

        void awaitDemand() {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!tryAwaitDemand()) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("nothing was asked for");
                }
            }
        }

        synchronized boolean tryAwaitDemand() {
            try {
                if (demand == 0) {
                    wait(20);
                }
                return demand > 0;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
