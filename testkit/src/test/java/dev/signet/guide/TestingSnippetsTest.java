// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static dev.signet.testkit.SignetAssertions.assertRejected;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.VerifiedMessage;
import dev.signet.testkit.MessageMutator;
import dev.signet.testkit.MessageMutator.Mutation;
import dev.signet.testkit.RfcKeys;
import dev.signet.testkit.TestClock;
import dev.signet.testkit.TestRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/testing-your-integration.md. */
class TestingSnippetsTest {
    // tag::setup[]
    private final TestClock clock = TestClock.at(Instant.parse("2026-11-23T09:00:00Z"));
    private final SigningKey key = RfcKeys.ed25519();
    private final HttpSigner signer = HttpSigner.builder(key).clock(clock).build();
    private final HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(key.verificationKey()))
            .clock(clock)
            .build();
    private final TestRequest request = TestRequest.of(
                    "POST",
                    URI.create("https://api.example.com/payments"),
                    "{\"amount\":\"12.50\"}".getBytes(StandardCharsets.UTF_8))
            .with("Content-Type", "application/json")
            .signedBy(signer);
    // end::setup[]

    // tag::rejected[]
    @Test
    void changedBody_isRefused() {
        TestRequest changed = request.withBody("{\"amount\":\"99.50\"}".getBytes(StandardCharsets.UTF_8));
        assertRejected(Reason.DIGEST_MISMATCH, () -> verifier.verify(changed.message(), changed.body()));
    }

    @Test
    void oldRequest_isRefused() {
        clock.advance(Duration.ofMinutes(6));
        assertRejected(Reason.TOO_OLD, () -> verifier.verify(request.message(), request.body()));
    }
    // end::rejected[]

    // tag::mutations[]
    @Test
    void everyMutation_isRefusedOrHarmless() {
        for (Mutation mutation : MessageMutator.mutations(request)) {
            TestRequest changed = mutation.request();
            try (VerifiedMessage verified = verifier.verify(changed.message(), changed.body())) {
                assertEquals(
                        "https://api.example.com/payments", verified.targetUri().orElseThrow());
                assertArrayEquals(request.body(), verified.contentBytes());
            } catch (MessageSecurityException e) {
                // Refused, as it should be.
            }
        }
    }
    // end::mutations[]
}
