// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static dev.signet.testkit.SignetAssertions.assertRejected;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.http.Component;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignaturePolicy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/replay.md. */
class ReplaySnippetsTest {
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519);
    private final KeyResolver keys = KeyResolver.of(key.verificationKey());

    @Test
    void bounds() {
        // tag::bounds[]
        ReplayGuard guard = ReplayGuard.inMemory(5_000_000, 50_000, InstantSource.system());
        HttpVerifier verifier = HttpVerifier.builder(keys).replayGuard(guard).build();
        // end::bounds[]
        assertOnce(verifier, HttpSigner.builder(key).build());
    }

    @Test
    void field() {
        // tag::field[]
        SignaturePolicy policy = SignaturePolicy.recommended2026().replayBy("idempotency-key", Duration.ofHours(24));
        HttpVerifier verifier = HttpVerifier.builder(keys).signature(policy).build();
        // end::field[]
        assertOnce(
                verifier,
                HttpSigner.builder(key)
                        .cover(Component.METHOD, Component.TARGET_URI, Component.field("idempotency-key"))
                        .build());
    }

    @Test
    void shared() {
        Store store = new Store();
        // tag::shared[]
        ReplayGuard guard = (keyId, nonce, expiresAt) -> {
            try {
                if (!expiresAt.isAfter(Instant.now())) {
                    return ReplayGuard.Claim.EXPIRED;
                }
                boolean added = store.putIfAbsent(keyId.length() + ":" + keyId + nonce, expiresAt);
                return added ? ReplayGuard.Claim.FIRST : ReplayGuard.Claim.REPLAYED;
            } catch (StoreDownException e) {
                throw new UnavailableException("the replay store is down", e);
            }
        };
        // end::shared[]
        assertOnce(
                HttpVerifier.builder(keys).replayGuard(guard).build(),
                HttpSigner.builder(key).build());
    }

    private static void assertOnce(HttpVerifier verifier, HttpSigner signer) {
        HttpMessage request = HttpMessage.request("GET", URI.create("https://api.example.com/rates"))
                .field("idempotency-key", "k-1")
                .build();
        HttpMessage signed = HttpMessage.request("GET", URI.create("https://api.example.com/rates"))
                .field("idempotency-key", "k-1")
                .fields(signer.sign(request))
                .build();
        verifier.verify(signed).close();
        assertRejected(Reason.REPLAYED, () -> verifier.verify(signed));
    }

    private static final class Store {
        private final Set<String> entries = new HashSet<>();

        synchronized boolean putIfAbsent(String entry, Instant expiresAt) throws StoreDownException {
            if (expiresAt.isBefore(Instant.EPOCH)) {
                throw new StoreDownException();
            }
            return entries.add(entry);
        }
    }

    private static final class StoreDownException extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
