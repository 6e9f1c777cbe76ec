// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationKey;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignaturePolicy;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A verdict is right at the time at which it is given, whatever took long before. */
class VerdictTimeTest {
    private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");
    private static final byte[] BODY = new byte[40];
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ED25519).withId("client");
    private static final SigningKey GATEWAY =
            SigningKey.generate(Algorithm.ED25519).withId("gateway");
    private static final Duration JUMP = Duration.ofSeconds(40);

    @Test
    void verify_signatureThatExpiresMeanwhile_isRefused() {
        HttpMessage message = signed(HttpSigner.builder(KEY).expiresAfter(Duration.ofSeconds(20)));
        sweep(message, SignaturePolicy.recommended2026(), KEY.verificationKey());
    }

    @Test
    void verify_signatureThatGrowsTooOldMeanwhile_isRefused() {
        SignaturePolicy policy = SignaturePolicy.recommended2026().maxAge(Duration.ofSeconds(30));
        sweep(signed(HttpSigner.builder(KEY)), policy, KEY.verificationKey());
    }

    @Test
    void verify_keyThatEndsMeanwhile_isRefused() {
        VerificationKey key = KEY.verificationKey().withValidity(NOW.minusSeconds(60), NOW.plusSeconds(20));
        sweep(signed(HttpSigner.builder(KEY)), SignaturePolicy.recommended2026(), key);
    }

    @Test
    void verify_oneOfTwoSignaturesThatExpiresMeanwhile_isRefused() {
        HttpMessage unsigned = request().build();
        HttpMessage message = request()
                .fields(HttpSigner.builder(KEY)
                        .clock(InstantSource.fixed(NOW))
                        .build()
                        .sign(unsigned, BODY))
                .fields(HttpSigner.builder(GATEWAY)
                        .clock(InstantSource.fixed(NOW))
                        .label("gateway")
                        .expiresAfter(Duration.ofSeconds(20))
                        .build()
                        .sign(unsigned))
                .build();
        int calls = MovingClock.sweep(NOW, JUMP, clock -> {
            HttpVerifier verifier = HttpVerifier.builder(
                            clock.keys(KeyResolver.of(KEY.verificationKey(), GATEWAY.verificationKey())))
                    .clock(clock)
                    .replayGuard(clock.guard((key, nonce, until) -> ReplayGuard.Claim.FIRST))
                    .signatures(
                            2,
                            SignaturePolicy.recommended2026().keyIds("client"),
                            SignaturePolicy.recommended2026()
                                    .keyIds("gateway")
                                    .ignore(dev.signet.http.Component.CONTENT_DIGEST))
                    .build();
            assertThat(isAccepted(verifier, message, clock.body(new ByteArrayInputStream(BODY))))
                    .isEqualTo(!clock.hasJumped());
        });
        assertThat(calls).isGreaterThan(8);
    }

    @Test
    void verify_messageThatExpiresMeanwhile_claimsNothing() {
        HttpMessage message = signed(HttpSigner.builder(KEY).expiresAfter(Duration.ofSeconds(20)));
        MovingClock.sweep(NOW, JUMP, clock -> {
            List<String> claims = new ArrayList<>();
            KeyResolver keys = clock.keys(KeyResolver.of(KEY.verificationKey()));
            HttpVerifier guarded = HttpVerifier.builder(keys)
                    .clock(clock)
                    .replayGuard((key, nonce, until) -> {
                        claims.add(nonce);
                        return ReplayGuard.Claim.FIRST;
                    })
                    .build();
            assertThat(isAccepted(guarded, message, clock.body(new ByteArrayInputStream(BODY))))
                    .isEqualTo(!clock.hasJumped());
            assertThat(claims).hasSize(clock.hasJumped() ? 0 : 1);
            HttpVerifier unguarded =
                    HttpVerifier.builder(keys).clock(clock).ignoreReplay().build();
            assertThat(isAccepted(unguarded, message, clock.body(new ByteArrayInputStream(BODY))))
                    .isEqualTo(!clock.hasJumped());
        });
    }

    @Test
    void verify_copiesHeldOpenBeyondTheWindow_areRefused() {
        AtomicReference<Instant> time = new AtomicReference<>(NOW);
        HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(KEY.verificationKey()))
                .clock(time::get)
                .build();
        HttpMessage message = signed(HttpSigner.builder(KEY));
        assertThat(isAccepted(verifier, message, new ByteArrayInputStream(BODY)))
                .isTrue();
        for (int copy = 0; copy < 3; copy++) {
            time.set(NOW.plusSeconds(299));
            InputStream held = new InputStream() {
                private int position;

                @Override
                public int read() {
                    if (position == BODY.length) {
                        time.set(NOW.plusSeconds(302));
                        return -1;
                    }
                    return BODY[position++];
                }
            };
            assertThat(isAccepted(verifier, message, held)).isFalse();
        }
    }

    @Test
    void verify_bodyThatTakesTooLong_isRefused() {
        MovingClock.sweep(NOW, Duration.ofSeconds(61), clock -> {
            HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(KEY.verificationKey()))
                    .clock(clock)
                    .build();
            InputStream body = clock.body(new ByteArrayInputStream(BODY));
            HttpMessage message = signed(HttpSigner.builder(KEY));
            if (isAccepted(verifier, message, body)) {
                assertThat(clock.hasJumped()).isFalse();
            } else {
                assertThat(clock.hasJumped()).isTrue();
            }
        });
        assertThatThrownBy(() -> HttpVerifier.builder(KeyResolver.of()).maxBodyTime(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        AtomicReference<Instant> time = new AtomicReference<>(NOW);
        HttpVerifier quick = HttpVerifier.builder(KeyResolver.of(KEY.verificationKey()))
                .clock(time::get)
                .maxBodyTime(Duration.ofSeconds(2))
                .build();
        InputStream trickling = new InputStream() {
            @Override
            public int read() {
                time.set(time.get().plusMillis(100));
                return 0;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                buffer[offset] = (byte) read();
                return 1;
            }
        };
        assertThatThrownBy(() -> quick.verify(signed(HttpSigner.builder(KEY)), trickling))
                .isInstanceOf(InvalidMessageException.class);
        assertThat(time.get()).isBefore(NOW.plusSeconds(3));
    }

    /** With the clock moved at each call: refused, and nothing reported as verified. */
    private static void sweep(HttpMessage message, SignaturePolicy policy, VerificationKey key) {
        int calls = MovingClock.sweep(NOW, JUMP, clock -> {
            List<SecurityEvent.Type> events = new ArrayList<>();
            HttpVerifier verifier = HttpVerifier.builder(clock.keys(KeyResolver.of(key)))
                    .clock(clock)
                    .signature(policy)
                    .listener(event -> events.add(event.type()))
                    .replayGuard(clock.guard(ReplayGuard.inMemory(100, 100, clock)))
                    .build();
            boolean accepted = isAccepted(verifier, message, clock.body(new ByteArrayInputStream(BODY)));
            assertThat(accepted).isEqualTo(!clock.hasJumped());
            assertThat(events).containsExactly(accepted ? SecurityEvent.Type.VERIFIED : SecurityEvent.Type.REJECTED);
        });
        // The key source, chunks of the body and its end, the guard before and after it looks.
        assertThat(calls).isGreaterThan(7);
    }

    private static boolean isAccepted(HttpVerifier verifier, HttpMessage message, InputStream body) {
        try {
            verifier.verify(message, body).close();
            return true;
        } catch (MessageSecurityException e) {
            return false;
        }
    }

    private static dev.signet.http.HttpMessageBuilder request() {
        return HttpMessage.request("POST", URI.create("https://api.example.com/payments"));
    }

    private static HttpMessage signed(HttpSigner.Builder signer) {
        return request()
                .fields(signer.clock(InstantSource.fixed(NOW))
                        .build()
                        .sign(request().build(), BODY))
                .build();
    }
}
