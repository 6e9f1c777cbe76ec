// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.BODY;
import static dev.signet.http.Fixture.KEYS;
import static dev.signet.http.Fixture.NOW;
import static dev.signet.http.Fixture.OTHER_KEY;
import static dev.signet.http.Fixture.assertRejected;
import static dev.signet.http.Fixture.created;
import static dev.signet.http.Fixture.request;
import static dev.signet.http.Fixture.signed;
import static dev.signet.http.Fixture.signer;
import static dev.signet.http.Fixture.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is remembered of a message, when, and for how long. */
class ReplayTest implements Ways {
    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private final InstantSource clock = time::get;

    @Test
    void replayBy_textOfAnotherField_doesNotStandForTheField() {
        HttpVerifier verifier = verifier()
                .signature(SignaturePolicy.recommended2026().replayBy("idempotency-key", Duration.ofHours(1)))
                .build();
        String list = "(\"@method\" \"@target-uri\" \"content-type\" \"x-note\" \"idempotency-key\")" + created();
        verify(
                        verifier,
                        Fixture.forged(
                                request()
                                        .field("x-note", "\"idempotency-key\": one")
                                        .field("idempotency-key", "17"),
                                list))
                .close();
        assertRejected(
                Reason.REPLAYED,
                () -> verify(
                        verifier,
                        Fixture.forged(
                                request()
                                        .field("x-note", "\"idempotency-key\": two")
                                        .field("idempotency-key", "17"),
                                list)));
        verify(
                        verifier,
                        Fixture.forged(
                                request()
                                        .field("x-note", "\"idempotency-key\": one")
                                        .field("idempotency-key", "18"),
                                list))
                .close();
    }

    @Test
    void replayBy_shortRetention_isKeptAsLongAsTheMessageIsAccepted() {
        HttpVerifier verifier = HttpVerifier.builder(KEYS)
                .clock(clock)
                .signature(SignaturePolicy.recommended2026().replayBy("idempotency-key", Duration.ofSeconds(5)))
                .build();
        HttpMessage message = Fixture.forged(
                request().field("idempotency-key", "17"),
                "(\"@method\" \"@target-uri\" \"content-type\" \"idempotency-key\")" + created());
        verify(verifier, message).close();
        for (int second = 1; second <= 300; second += 13) {
            time.set(NOW.plusSeconds(second));
            assertRejected(Reason.REPLAYED, () -> verify(verifier, message));
        }
        time.set(NOW.plusSeconds(301));
        assertRejected(Reason.TOO_OLD, () -> verify(verifier, message));
    }

    @Test
    void verify_inTheLastSecondThatAMessageCounts_isRememberedToo() {
        HttpVerifier verifier = HttpVerifier.builder(KEYS).clock(clock).build();
        HttpMessage aged = signed();
        HttpMessage expiring = signed(signer().expiresAfter(Duration.ofSeconds(20)), BODY);
        verify(verifier, aged, BODY).close();
        verify(verifier, expiring, BODY).close();
        time.set(NOW.plusSeconds(20).plusMillis(500));
        assertRejected(Reason.REPLAYED, () -> verify(verifier, expiring, BODY));
        time.set(NOW.plusSeconds(300).plusMillis(500));
        assertRejected(Reason.REPLAYED, () -> verify(verifier, aged, BODY));
        HttpMessage other = signed();
        verify(verifier, other, BODY).close();
        assertRejected(Reason.REPLAYED, () -> verify(verifier, other, BODY));
    }

    @Test
    void verify_severalSignatures_areClaimedTogetherOrNotAtAll() {
        HttpVerifier both = verifier()
                .replayGuard(new AllOrNone())
                .signatures(
                        2,
                        SignaturePolicy.recommended2026().keyIds("client-1"),
                        SignaturePolicy.recommended2026().keyIds("client-2"))
                .build();
        SignatureFields gateway = HttpSigner.builder(OTHER_KEY)
                .clock(Fixture.CLOCK)
                .label("b")
                .build()
                .sign(request().build());
        SignatureFields first = signer().label("a").build().sign(request().build());
        SignatureFields second = signer().label("a").build().sign(request().build());
        SignatureFields fresh = HttpSigner.builder(OTHER_KEY)
                .clock(Fixture.CLOCK)
                .label("b")
                .build()
                .sign(request().build());
        verify(both, request().fields(first).fields(gateway).build()).close();
        assertRejected(
                Reason.REPLAYED,
                () -> verify(both, request().fields(second).fields(gateway).build()));
        verify(both, request().fields(second).fields(fresh).build()).close();
    }

    /** The smallest guard that keeps the promise of {@link ReplayGuard#claimAll}. */
    private static final class AllOrNone implements ReplayGuard {
        private final Set<String> known = new HashSet<>();

        @Override
        public Claim claim(String keyId, String nonce, Instant expiresAt) {
            return claimAll(List.of(Entry.ofKeyId(keyId).withNonce(nonce, expiresAt)));
        }

        @Override
        public Claim claimAll(List<Entry> entries) {
            List<String> names =
                    entries.stream().map(e -> e.keyId() + " " + e.nonce()).toList();
            if (names.stream().anyMatch(known::contains)) {
                return Claim.REPLAYED;
            }
            known.addAll(names);
            return Claim.FIRST;
        }
    }

    /** An error of the machine is none of the message's, and leaves no spooled body behind all the same. */
    @Test
    void verify_guardThatEndsByAnError_closesTheBody() throws IOException {
        Set<String> before = Spools.open();
        Limits limits = Limits.recommended2026().withMaxBodyBytes(100).withMaxBodyBytesInMemory(4);
        HttpVerifier verifier = verifier()
                .policy(SecurityPolicy.recommended2026().withLimits(limits))
                .replayGuard((key, nonce, until) -> {
                    throw new AssertionError("out of order");
                })
                .build();
        assertThatThrownBy(() -> verify(verifier, signed(signer(), BODY), new ByteArrayInputStream(BODY)))
                .isInstanceOf(AssertionError.class);
        assertThat(Spools.open()).isEqualTo(before);
    }

    @Test
    void verify_manyShortQueryParameters_areWithinTheBudget() {
        StringBuilder target = new StringBuilder("https://api.example.com/?only=1");
        for (int i = 10; i < 500; i++) {
            target.append("&id=").append(i);
        }
        URI uri = URI.create(target.toString());
        HttpSigner signer = signer().cover(Component.METHOD, Component.TARGET_URI, Component.queryParam("only"))
                .build();
        HttpMessage request = HttpMessage.request("GET", uri)
                .fields(signer.sign(HttpMessage.request("GET", uri).build()))
                .build();
        verify(verifier().build(), request).close();
    }
}
