// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.BODY;
import static dev.signet.http.Fixture.CLOCK;
import static dev.signet.http.Fixture.NOW;
import static dev.signet.http.Fixture.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.http.SignatureParameters.Name;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** Four profiles of RFC 9421 that contradict each other, each as a policy. */
class ProfilesTest {
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ED25519);

    /** keyid is the key's thumbprint, a tag of its own, expiry needed, shared secrets forbidden. */
    @Test
    void webBotAuth() {
        SignaturePolicy policy = SignaturePolicy.recommended2026()
                .ignoreAllComponents()
                .require(Component.AUTHORITY)
                .require(When.field("signature-agent"), Component.field("signature-agent"))
                .require(Name.CREATED, Name.EXPIRES, Name.KEYID)
                .tag("web-bot-auth")
                .keyIdIsThumbprint()
                .algorithms(Algorithm.ED25519, Algorithm.ES256, Algorithm.PS512);
        HttpMessageBuilder request = HttpMessage.request("GET", URI.create("https://site.example/page"))
                .field("signature-agent", "\"https://bot.example\"");
        HttpSigner.Builder signer = HttpSigner.builder(KEY)
                .cover(Component.AUTHORITY, Component.field("signature-agent"))
                .tag("web-bot-auth")
                .expiresAfter(Duration.ofMinutes(1))
                .clock(CLOCK);
        accepted(policy, KEY, sign(request, signer, new byte[0]), new byte[0]);
        SigningKey renamed = KEY.withId("bot");
        HttpMessage byName = sign(
                HttpMessage.request("GET", URI.create("https://site.example/page")),
                HttpSigner.builder(renamed)
                        .cover(Component.AUTHORITY)
                        .tag("web-bot-auth")
                        .expiresAfter(Duration.ofMinutes(1))
                        .clock(CLOCK),
                new byte[0]);
        rejected(Reason.PARAMETER_UNEXPECTED, policy, renamed, byName, new byte[0]);
        SigningKey mac = SigningKey.generate(Algorithm.HS256);
        HttpMessage byMac = sign(
                HttpMessage.request("GET", URI.create("https://site.example/page")),
                HttpSigner.builder(mac)
                        .cover(Component.AUTHORITY)
                        .tag("web-bot-auth")
                        .expiresAfter(Duration.ofMinutes(1))
                        .clock(CLOCK),
                new byte[0]);
        rejected(Reason.ALGORITHM_NOT_ALLOWED, policy, mac, byMac, new byte[0]);
    }

    /** keyid and alg are forbidden: the key comes from the workload's token, and is the only one that may have signed. */
    @Test
    void wimse() {
        SignaturePolicy policy = SignaturePolicy.recommended2026()
                .ignoreAllComponents()
                .require(Component.METHOD, Component.REQUEST_TARGET, Component.field("workload-identity-token"))
                .require(When.body(), Component.CONTENT_DIGEST)
                .require(Name.CREATED, Name.EXPIRES, Name.NONCE)
                .forbid(Name.KEYID, Name.ALG)
                .tag("wimse-workload-to-workload");
        HttpSigner.Builder signer = HttpSigner.builder(KEY)
                .cover(Component.METHOD, Component.REQUEST_TARGET, Component.field("workload-identity-token"))
                .cover(When.body(), Component.CONTENT_DIGEST)
                .tag("wimse-workload-to-workload")
                .expiresAfter(Duration.ofMinutes(1))
                .clock(CLOCK);
        HttpMessageBuilder request = HttpMessage.request("POST", URI.create("https://b.example/do"))
                .field("workload-identity-token", "aGVhZA.Ym9keQ.c2ln");
        rejected(Reason.PARAMETER_FORBIDDEN, policy, KEY, sign(request, signer, BODY), BODY);
        HttpMessageBuilder again = HttpMessage.request("POST", URI.create("https://b.example/do"))
                .field("workload-identity-token", "aGVhZA.Ym9keQ.c2ln");
        accepted(policy, KEY, sign(again, signer.withoutKeyId(), BODY), BODY);
    }

    /** created is optional, and the idempotency key tells requests apart. */
    @Test
    void ucp() {
        SignaturePolicy policy = SignaturePolicy.recommended2026()
                .ignoreAllComponents()
                .require(Component.METHOD, Component.AUTHORITY, Component.PATH)
                .require(When.body(), Component.CONTENT_DIGEST)
                .ignore(Name.CREATED)
                .require(Name.KEYID)
                .replayBy("Idempotency-Key", Duration.ofHours(24));
        HttpSigner.Builder signer = HttpSigner.builder(KEY)
                .cover(Component.METHOD, Component.AUTHORITY, Component.PATH, Component.CONTENT_DIGEST)
                .cover(Component.field("idempotency-key"))
                .allowMissingCreated()
                .allowMissingNonce()
                .clock(CLOCK);
        HttpMessage message = sign(
                HttpMessage.request("POST", URI.create("https://shop.example/orders"))
                        .field("idempotency-key", "k-1"),
                signer,
                BODY);
        HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(KEY.verificationKey()))
                .signature(policy)
                .clock(CLOCK)
                .build();
        verifier.verify(message, BODY).close();
        // Another request under the same idempotency key is a replay, whatever else differs.
        HttpMessage other = sign(
                HttpMessage.request("POST", URI.create("https://shop.example/other"))
                        .field("idempotency-key", "k-1"),
                signer,
                BODY);
        assertRejected(Reason.REPLAYED, () -> verifier.verify(other, BODY));
        HttpMessage without = sign(
                HttpMessage.request("POST", URI.create("https://shop.example/orders")),
                HttpSigner.builder(KEY)
                        .cover(Component.METHOD, Component.AUTHORITY, Component.PATH, Component.CONTENT_DIGEST)
                        .clock(CLOCK),
                BODY);
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verifier.verify(without, BODY));
    }

    /** A tag for requests and one for responses, 60 seconds, the authorization covered, responses bound to their request. */
    @Test
    void fapi() {
        SignaturePolicy requests = SignaturePolicy.recommended2026()
                .require(When.field("authorization"), Component.field("authorization"))
                .tag("fapi-2-request")
                .maxAge(Duration.ofSeconds(60));
        HttpMessageBuilder request = HttpMessage.request("POST", URI.create("https://bank.example/payments"))
                .field("authorization", "Bearer t")
                .field("content-type", "application/json");
        HttpMessage signed = sign(
                request,
                HttpSigner.builder(KEY).tag("fapi-2-request").label("fapi").clock(CLOCK),
                BODY);
        accepted(requests, KEY, signed, BODY);
        HttpVerifier late = HttpVerifier.builder(KeyResolver.of(KEY.verificationKey()))
                .signature(requests)
                .clock(InstantSource.fixed(NOW.plusSeconds(61)))
                .build();
        assertRejected(Reason.TOO_OLD, () -> late.verify(signed, BODY));

        SignaturePolicy responses = SignaturePolicy.responses2026()
                .require(Component.field("signature").key("fapi").req())
                .tag("fapi-2-response");
        SigningKey bank = SigningKey.generate(Algorithm.ES256);
        HttpSigner.Builder responder = HttpSigner.builder(bank)
                .cover(Component.STATUS, Component.METHOD.req(), Component.TARGET_URI.req())
                .cover(
                        Component.CONTENT_DIGEST,
                        Component.field("signature").key("fapi").req())
                .tag("fapi-2-response")
                .clock(CLOCK);
        HttpMessage response = HttpMessage.response(201).answering(signed).build();
        SignatureFields fields = responder.build().sign(response, BODY);
        accepted(
                responses,
                bank,
                HttpMessage.response(201).answering(signed).fields(fields).build(),
                BODY);
        // The same response to another request, which has another signature.
        HttpMessage otherRequest = sign(
                HttpMessage.request("POST", URI.create("https://bank.example/payments"))
                        .field("content-type", "application/json"),
                HttpSigner.builder(KEY).tag("fapi-2-request").label("fapi").clock(CLOCK),
                BODY);
        rejected(
                Reason.SIGNATURE_INVALID,
                responses,
                bank,
                HttpMessage.response(201).answering(otherRequest).fields(fields).build(),
                BODY);
        rejected(
                Reason.COMPONENT_UNAVAILABLE,
                responses,
                bank,
                HttpMessage.response(201).fields(fields).build(),
                BODY);
    }

    private static HttpMessage sign(HttpMessageBuilder request, HttpSigner.Builder signer, byte[] body) {
        return request.fields(signer.build().sign(request.build(), body)).build();
    }

    private static void accepted(SignaturePolicy policy, SigningKey key, HttpMessage message, byte[] body) {
        try (VerifiedMessage verified = verifier(policy, key).verify(message, body)) {
            assertThat(verified.signatures()).hasSize(1);
        }
    }

    private static void rejected(
            Reason reason, SignaturePolicy policy, SigningKey key, HttpMessage message, byte[] body) {
        assertRejected(reason, () -> verifier(policy, key).verify(message, body));
    }

    private static HttpVerifier verifier(SignaturePolicy policy, SigningKey key) {
        return HttpVerifier.builder(KeyResolver.of(key.verificationKey()))
                .signature(policy)
                .clock(CLOCK)
                .build();
    }
}
