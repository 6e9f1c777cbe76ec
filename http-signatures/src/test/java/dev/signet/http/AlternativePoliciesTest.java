// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where one of several policies is enough, what one took is taken for all of them. */
class AlternativePoliciesTest implements Ways {
    private static final SignaturePolicy LASTING = SignaturePolicy.recommended2026();
    private static final SignaturePolicy SHORT = LASTING.maxAge(Duration.ofSeconds(10));
    private static final SignaturePolicy BY_FIELD = LASTING.replayBy("idempotency-key", Duration.ofHours(1));

    private Instant now = Fixture.NOW;
    private final InstantSource clock = () -> now;

    @Test
    void verify_againWhenTheStricterPolicyIsOver_isAReplay() {
        HttpVerifier verifier = HttpVerifier.builder(KEYS)
                .clock(clock)
                .signatures(1, SHORT, LASTING)
                .build();
        HttpMessage message = Fixture.signed();
        verify(verifier, message, Fixture.BODY).close();
        for (int seconds : new int[] {12, 280}) {
            now = Fixture.NOW.plusSeconds(seconds);
            Fixture.assertRejected(Reason.REPLAYED, () -> verify(verifier, message, Fixture.BODY));
        }
    }

    @Test
    void verify_againSoThatAnotherPolicyTakesIt_isAReplay() {
        HttpVerifier verifier = HttpVerifier.builder(KEYS)
                .clock(clock)
                .signatures(1, BY_FIELD, LASTING.ignore(Component.field("cookie")))
                .build();
        HttpMessageBuilder request = HttpMessage.request("POST")
                .scheme("https")
                .authority("api.example.com")
                .target("/payments")
                .field("idempotency-key", "7");
        HttpSigner signer = Fixture.signer()
                .cover(Component.METHOD, Component.TARGET_URI, Component.field("idempotency-key"))
                .build();
        request.fields(signer.sign(request.build()));
        verify(verifier, request.build()).close();
        // Nobody signed it, and the first policy refuses the message for it.
        HttpMessage again = request.field("cookie", "a=b").build();
        Fixture.assertRejected(Reason.REPLAYED, () -> verify(verifier, again));
    }

    @Test
    void verify_againWithoutTheSignatureThatCounted_isAReplay() {
        SignatureFields first = sign(Fixture.KEY, "a", "1");
        SignatureFields second = sign(Fixture.OTHER_KEY, "b", "2");
        KeyResolver oneParty = KeyResolver.of(
                Fixture.KEY.verificationKey().withParty("acme"),
                Fixture.OTHER_KEY.verificationKey().withParty("acme"));
        for (HttpVerifier.Builder builder : new HttpVerifier.Builder[] {
            HttpVerifier.builder(KEYS),
            HttpVerifier.builder(KEYS).signature(BY_FIELD),
            HttpVerifier.builder(KEYS).signatures(1, BY_FIELD, LASTING),
            HttpVerifier.builder(oneParty).signatures(1, LASTING.keyIds("client-1"), LASTING.keyIds("client-2"))
        }) {
            HttpVerifier verifier = builder.clock(clock).build();
            verify(verifier, payment().fields(first).fields(second).build()).close();
            HttpMessage again = payment().fields(second).build();
            Fixture.assertRejected(Reason.REPLAYED, () -> verify(verifier, again));
        }
    }

    /** What does not count yet may count later, and is used up all the same. */
    @Test
    void verify_againWhenTheOtherSignatureMayCount_isAReplay() {
        SignatureFields first = sign(Fixture.KEY, "a", "1");
        Instant start = Fixture.NOW;
        HttpSigner ahead = HttpSigner.builder(Fixture.OTHER_KEY)
                .clock(InstantSource.fixed(start.plusSeconds(90)))
                .label("b")
                .build();
        KeyResolver notYet = KeyResolver.of(
                Fixture.KEY.verificationKey(),
                Fixture.OTHER_KEY.verificationKey().withValidity(start.plusSeconds(60), null));
        for (KeyResolver keys : List.of(KEYS, notYet)) {
            SignatureFields second = keys == KEYS ? ahead.sign(payment().build()) : sign(Fixture.OTHER_KEY, "b", "2");
            now = start;
            HttpVerifier verifier = HttpVerifier.builder(keys).clock(clock).build();
            verify(verifier, payment().fields(first).fields(second).build()).close();
            now = start.plusSeconds(91);
            HttpMessage again = payment().fields(second).build();
            Fixture.assertRejected(Reason.REPLAYED, () -> verify(verifier, again));
        }
    }

    @Test
    void verify_besidesASignatureThatDoesNotHold_usesUpNothingOfIt() {
        HttpVerifier verifier = HttpVerifier.builder(KEYS).clock(clock).build();
        SignatureFields good = sign(Fixture.KEY, "a", "1");
        SignatureFields later = sign(Fixture.OTHER_KEY, "b", "2");
        HttpMessage message = payment()
                .fields(good)
                .field("signature-input", later.signatureInput())
                .field("signature", good.signature().replace("a=", "b="))
                .build();
        verify(verifier, message).close();
        verify(verifier, payment().fields(later).build()).close();
    }

    @Test
    void verify_twoSignaturesOfOneKeyWithOneNonce_areOneMessage() {
        HttpVerifier verifier = HttpVerifier.builder(KEYS).clock(clock).build();
        SignatureFields first = sign(Fixture.KEY, "a", "1");
        SignatureFields second = sign(Fixture.KEY, "b", "1");
        verify(verifier, payment().fields(first).fields(second).build()).close();
        HttpMessage again = payment().fields(second).build();
        Fixture.assertRejected(Reason.REPLAYED, () -> verify(verifier, again));
    }

    private static HttpMessageBuilder payment() {
        return HttpMessage.request("POST")
                .scheme("https")
                .authority("api.example.com")
                .target("/payments")
                .field("idempotency-key", "7");
    }

    private SignatureFields sign(SigningKey key, String label, String nonce) {
        return HttpSigner.builder(key)
                .clock(clock)
                .label(label)
                .nonces(() -> nonce)
                .cover(Component.METHOD, Component.TARGET_URI, Component.field("idempotency-key"))
                .build()
                .sign(payment().build());
    }

    @Test
    void verify_twoGoodLongSignaturesWhereOneIsEnough_isWithinTheBudget() {
        HttpVerifier verifier = HttpVerifier.builder(KEYS)
                .clock(clock)
                .signatures(1, LASTING.keyIds("client-2"), LASTING.keyIds(Fixture.KEY.id()))
                .build();
        HttpMessageBuilder request = HttpMessage.request("GET")
                .scheme("https")
                .authority("api.example.com")
                .target("/")
                .field("x", "a".repeat(14_000));
        for (HttpSigner.Builder signer : new HttpSigner.Builder[] {
            Fixture.signer(), HttpSigner.builder(Fixture.OTHER_KEY).clock(clock)
        }) {
            request.fields(signer.cover(Component.METHOD, Component.TARGET_URI, Component.field("x"))
                    .build()
                    .sign(request.build()));
        }
        try (VerifiedMessage verified = verify(verifier, request.build())) {
            assertThat(verified.signatures()).hasSize(2);
        }
    }

    @Test
    void verify_chunksWithoutAByte_needACoveredDigestOfNothing() {
        HttpVerifier verifier = HttpVerifier.builder(KEYS).clock(clock).build();
        HttpMessageBuilder request = HttpMessage.request("POST")
                .scheme("https")
                .authority("api.example.com")
                .target("/")
                .field("transfer-encoding", "chunked");
        HttpMessage covered = request.build();
        HttpMessage unsigned = HttpMessage.request("POST")
                .scheme("https")
                .authority("api.example.com")
                .target("/")
                .field("transfer-encoding", "chunked")
                .field("content-digest", digestOfNothing())
                .build();
        SignatureFields good = Fixture.signer().build().sign(unsigned);
        HttpMessage honest = HttpMessage.request("POST")
                .scheme("https")
                .authority("api.example.com")
                .target("/")
                .field("transfer-encoding", "chunked")
                .field("content-digest", digestOfNothing())
                .fields(good)
                .build();
        try (VerifiedMessage verified = verify(verifier, honest, nothing())) {
            assertThat(verified.isBodyCovered()).isTrue();
            assertThat(verified.contentBytes()).isEmpty();
        }
        request.fields(Fixture.signer().build().sign(covered));
        HttpMessage bare = request.build();
        Fixture.assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(verifier, bare, nothing()));
        HttpVerifier careless = HttpVerifier.builder(KEYS)
                .clock(clock)
                .signature(LASTING.ignore(Component.CONTENT_DIGEST))
                .build();
        assertThat(catchThrowable(() -> verify(careless, bare, nothing()))).isInstanceOf(InvalidMessageException.class);
    }

    private static InputStream nothing() {
        return new ByteArrayInputStream(new byte[0]);
    }

    private static String digestOfNothing() {
        return ContentDigest.of(DigestAlgorithm.SHA_256, new byte[0]).fieldValue();
    }
}
