// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.exchange.InboundPipeline;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.servlet.RawClient.Lines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Half a minute of signed requests over some connections: none fails, and the heap is in the end what it was. */
@Tag("slow")
class LoadTest {
    private static final int CONNECTIONS = 8;
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration MEASURED = Duration.ofSeconds(30);
    private static final byte[] BODY = new byte[512];

    private final List<SigningKey> keys = List.of(
            SigningKey.generate(Algorithm.HS256).withId("mac"),
            SigningKey.generate(Algorithm.ED25519).withId("curve"));
    private final AtomicLong admitted = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @Test
    void doFilter_underLoad_admitsAllInConstantMemory() throws Exception {
        // A short memory of nonces, so that it is full after the warm-up and neither grows nor runs into its quota.
        SecurityPolicy policy = SecurityPolicy.recommended2026().withMaxAge(Duration.ofSeconds(3));
        HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(
                        keys.get(0).verificationKey(), keys.get(1).verificationKey()))
                .policy(policy)
                .build();
        SignatureFilter filter =
                SignatureFilter.of(InboundPipeline.builder(verifier).build());
        try (TestServer server = TestServer.start(filter, (request, response) -> {
            if (request.getInputStream().readAllBytes().length == BODY.length && request.getRemoteUser() != null) {
                admitted.incrementAndGet();
            }
        })) {
            run(server, WARM_UP);
            settle(server);
            long heapBefore = usedAfterCollection();
            admitted.set(0);
            long sent = run(server, MEASURED);
            long served = admitted.get();
            settle(server);
            long heapAfter = usedAfterCollection();
            System.out.printf(
                    "load: %d requests, %d a second, %d failed, heap %d KiB before and %d KiB after%n",
                    sent, sent / MEASURED.toSeconds(), failures.size(), heapBefore >> 10, heapAfter >> 10);
            assertThat(failures).isEmpty();
            assertThat(served).isEqualTo(sent);
            assertThat(heapAfter - heapBefore).isLessThan(4L << 20);
        }
    }

    private long run(TestServer server, Duration duration) throws Exception {
        long end = System.nanoTime() + duration.toNanos();
        AtomicLong sent = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            HttpSigner signer = HttpSigner.builder(keys.get(i % keys.size())).build();
            Thread thread = new Thread(() -> {
                try (RawClient client = RawClient.connect(server)) {
                    while (System.nanoTime() < end && failures.isEmpty()) {
                        send(client, signer, server);
                        sent.incrementAndGet();
                    }
                } catch (Exception e) {
                    failures.add(e.toString());
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return sent.get();
    }

    private void send(RawClient client, HttpSigner signer, TestServer server) throws Exception {
        RawClient.Response response =
                client.exchange(Lines.signed(signer, "POST", server.authority(), "/orders?page=2", BODY));
        if (response.status() != 200) {
            failures.add(response.status() + " " + response.code());
        }
    }

    /** Waits until the nonces have run out, and lets the guard notice. */
    private void settle(TestServer server) throws Exception {
        Thread.sleep(5500);
        try (RawClient client = RawClient.connect(server)) {
            send(client, HttpSigner.builder(keys.get(0)).build(), server);
        }
    }

    private static long usedAfterCollection() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
