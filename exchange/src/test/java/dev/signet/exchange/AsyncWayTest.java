// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SigningKey;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every admission and refusal is the same when nobody waits for the body. */
@Timeout(60)
class AsyncWayTest {
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ED25519).withId("client-1");
    private static final byte[] BODY = "0123456789".getBytes(UTF_8);

    @Nested
    class OfInboundPipelineTest extends InboundPipelineTest {
        @Override
        public boolean isAsync() {
            return true;
        }
    }

    @Test
    void admitAsync_bodyOfAnAdmission_isPublishedAgain() throws Exception {
        HttpMessage request = signed();
        InboundPipeline pipeline = InboundPipeline.builder(verifier().build()).build();
        Flow.Publisher<ByteBuffer> body = KeptBody.of(BODY).publisher(Runnable::run);
        try (Admission admission = Ways.join(
                pipeline.admitAsync(request, "192.0.2.1", body, Ways.EXECUTOR).toCompletableFuture())) {
            assertThat(admission.caller()).isEqualTo("client-1");
            for (int i = 0; i < 2; i++) {
                BodyCollector collector = OutboundPipeline.builder(
                                HttpSigner.builder(KEY).build())
                        .build()
                        .collector(-1);
                collector.subscribeTo(admission.bodyPublisher(Ways.EXECUTOR));
                assertThat(collector.result().get().open().readAllBytes()).isEqualTo(BODY);
            }
        }
    }

    /** What nobody waits for is neither claimed nor told of. */
    @Test
    void cancel_whileTheCallerIsNamed_claimsNothing() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        List<String> claims = new ArrayList<>();
        List<SecurityEvent> events = new ArrayList<>();
        HttpVerifier verifier = verifier()
                .listener(events::add)
                .replayGuard((key, nonce, until) -> {
                    claims.add(nonce);
                    return ReplayGuard.Claim.FIRST;
                })
                .build();
        InboundPipeline pipeline = InboundPipeline.builder(verifier)
                .callerName(verified -> {
                    asked.countDown();
                    try {
                        answer.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return "client";
                })
                .build();
        CompletableFuture<Admission> running = pipeline.admitAsync(
                        signed(), "192.0.2.1", KeptBody.of(BODY).publisher(Runnable::run), task -> {
                            Ways.EXECUTOR.execute(() -> {
                                task.run();
                                if (asked.getCount() == 0) {
                                    over.countDown();
                                }
                            });
                        })
                .toCompletableFuture();
        asked.await();
        running.cancel(true);
        answer.countDown();
        over.await();
        assertThat(claims).isEmpty();
        assertThat(events).isEmpty();
    }

    private static HttpVerifier.Builder verifier() {
        return HttpVerifier.builder(KeyResolver.of(KEY.verificationKey()));
    }

    private static HttpMessage signed() {
        URI uri = URI.create("https://example.com/orders");
        HttpMessage plain = HttpMessage.request("POST", uri).build();
        return HttpMessage.request("POST", uri)
                .fields(HttpSigner.builder(KEY).build().sign(plain, BODY))
                .build();
    }
}
