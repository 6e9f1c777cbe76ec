// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.CLOCK;
import static dev.signet.http.Fixture.assertRejected;
import static dev.signet.http.Fixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who signs counts, not how often, and a signature that does not hold is not tried again. */
class SeveralSignaturesTest implements Ways {
    private static final SignaturePolicy ANY = SignaturePolicy.recommended2026();
    private static final SigningKey ONE = SigningKey.generate(Algorithm.ED25519).withId("one");
    private static final SigningKey TWO = SigningKey.generate(Algorithm.ED25519).withId("two");
    private static final SigningKey THREE =
            SigningKey.generate(Algorithm.ED25519).withId("three");

    @Test
    void verify_oneKeyUnderTwoIds_isOneParty() {
        SigningKey alias = ONE.withId("alias");
        HttpVerifier twoOfThree = twoOfThree(KeyResolver.of(ONE.verificationKey(), alias.verificationKey()));
        HttpMessage message = signedBy(ONE, alias).build();
        assertRejected(Reason.SIGNATURE_NOT_ACCEPTABLE, () -> verify(twoOfThree, message));
    }

    @Test
    void verify_oldAndNewKeyOfOneParty_areOneParty() {
        VerificationKey old = ONE.verificationKey().withParty("acme");
        VerificationKey current = TWO.verificationKey().withParty("acme");
        VerificationKey other = THREE.verificationKey().withParty("bank");
        HttpVerifier twoOfThree = twoOfThree(KeyResolver.of(old, current, other));
        HttpMessage rotated = signedBy(ONE, TWO).build();
        assertRejected(Reason.SIGNATURE_NOT_ACCEPTABLE, () -> verify(twoOfThree, rotated));
        verify(twoOfThree, signedBy(ONE, TWO, THREE).build()).close();
    }

    @Test
    void verify_badSignature_usesUpThePolicyThatSelectsIt() {
        KeyResolver keys = KeyResolver.of(ONE.verificationKey(), TWO.verificationKey(), THREE.verificationKey());
        HttpMessage badFirst =
                request().fields(badBy(ONE, "a")).fields(signedBy(TWO, "b")).build();
        HttpVerifier one = HttpVerifier.builder(keys).clock(CLOCK).build();
        assertRejected(Reason.SIGNATURE_INVALID, () -> verify(one, badFirst));
        HttpVerifier either = HttpVerifier.builder(keys)
                .clock(CLOCK)
                .signatures(1, ANY.keyIds("one"), ANY.keyIds("two"))
                .build();
        verify(either, badFirst).close();
        HttpMessage oneBad = request()
                .fields(badBy(ONE, "a"))
                .fields(signedBy(TWO, "b"))
                .fields(signedBy(THREE, "c"))
                .build();
        verify(twoOfThree(keys), oneBad).close();
        HttpMessage twoBad = request()
                .fields(badBy(ONE, "a"))
                .fields(badBy(TWO, "b"))
                .fields(signedBy(THREE, "c"))
                .build();
        assertRejected(Reason.SIGNATURE_INVALID, () -> verify(twoOfThree(keys), twoBad));
    }

    @Test
    void verify_strangeSignature_isPassedOver() {
        KeyResolver keys = KeyResolver.of(TWO.verificationKey());
        HttpVerifier one = HttpVerifier.builder(keys).clock(CLOCK).build();
        verify(one, signedBy(ONE, TWO).build()).close();
    }

    @Test
    void verify_keyOfASignature_isLookedUpOnce() {
        AtomicInteger lookUps = new AtomicInteger();
        HttpVerifier verifier = twoOfThree(keyId -> {
            lookUps.incrementAndGet();
            return Optional.empty();
        });
        HttpMessage message = signedBy(ONE, TWO, THREE).build();
        assertRejected(Reason.KEY_UNKNOWN, () -> verify(verifier, message));
        assertThat(lookUps).hasValue(3);
    }

    private static HttpVerifier twoOfThree(KeyResolver keys) {
        return HttpVerifier.builder(keys)
                .clock(CLOCK)
                .signatures(2, ANY, ANY, ANY)
                .build();
    }

    private static HttpMessageBuilder signedBy(SigningKey... keys) {
        HttpMessageBuilder message = request();
        for (SigningKey key : keys) {
            message.fields(signedBy(key, key.id()));
        }
        return message;
    }

    private static SignatureFields signedBy(SigningKey key, String label) {
        return HttpSigner.builder(key)
                .clock(CLOCK)
                .label(label)
                .build()
                .sign(request().build());
    }

    /** A signature over another method. */
    private static SignatureFields badBy(SigningKey key, String label) {
        return HttpSigner.builder(key)
                .clock(CLOCK)
                .label(label)
                .build()
                .sign(HttpMessage.request("PUT", java.net.URI.create("https://api.example.com/payments?run=17"))
                        .field("Content-Type", "application/json")
                        .build());
    }
}
