// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.BODY;
import static dev.signet.http.Fixture.request;
import static dev.signet.http.Fixture.signer;
import static dev.signet.http.Fixture.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
    private static final int MESSAGES = 10_000;

    /** Each message comes twice, and some are broken: of each good pair one is accepted, and nothing else is. */
    @Test
    void verify_10000AtOnce_noWrongAnswer() throws Exception {
        HttpSigner signer = signer().build();
        HttpVerifier verifier = verifier().build();
        List<HttpMessage> messages = new ArrayList<>();
        for (int i = 0; i < MESSAGES / 2; i++) {
            HttpMessage message =
                    request().fields(signer.sign(request().build(), BODY)).build();
            messages.add(message);
            messages.add(message);
        }
        byte[] wrong = "wrong".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        Collections.shuffle(messages, new java.util.Random(42));
        ExecutorService executor = executor();
        CountDownLatch start = new CountDownLatch(1);
        List<Future<String>> verdicts = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            HttpMessage message = messages.get(i);
            boolean broken = i % 10 == 0;
            verdicts.add(executor.submit(() -> {
                start.await();
                if (broken) {
                    assertThat(verdict(verifier, message, wrong)).isEqualTo(Reason.DIGEST_MISMATCH.code());
                }
                return verdict(verifier, message, BODY);
            }));
        }
        start.countDown();
        int accepted = 0;
        int replayed = 0;
        for (Future<String> verdict : verdicts) {
            String text = verdict.get(60, TimeUnit.SECONDS);
            accepted += text.equals("ok") ? 1 : 0;
            replayed += text.equals(Reason.REPLAYED.code()) ? 1 : 0;
        }
        executor.shutdown();
        assertThat(accepted).isEqualTo(MESSAGES / 2);
        assertThat(replayed).isEqualTo(MESSAGES / 2);
    }

    private static String verdict(HttpVerifier verifier, HttpMessage message, byte[] body) {
        try (VerifiedMessage verified = verifier.verify(message, body)) {
            return "ok";
        } catch (VerificationException e) {
            return e.code();
        }
    }

    /** A thread for each message where the platform has virtual ones. */
    private static ExecutorService executor() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            return Executors.newFixedThreadPool(64);
        }
    }
}
