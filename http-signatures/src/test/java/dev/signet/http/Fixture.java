// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A key, a request and a moment that the tests of this package share. */
final class Fixture {
    static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");
    static final InstantSource CLOCK = InstantSource.fixed(NOW);
    static final SigningKey KEY = SigningKey.hmac(
                    Algorithm.HS256,
                    SecretBytes.copyOf("an HMAC key for tests: 32 bytes+".getBytes(StandardCharsets.US_ASCII)))
            .withId("client-1");
    static final SigningKey OTHER_KEY = SigningKey.generate(Algorithm.ED25519).withId("client-2");
    static final KeyResolver KEYS = KeyResolver.of(KEY.verificationKey(), OTHER_KEY.verificationKey());
    static final byte[] BODY = "{\"amount\":\"12.50\"}".getBytes(StandardCharsets.UTF_8);

    private Fixture() {}

    static HttpMessageBuilder request() {
        return HttpMessage.request("POST", URI.create("https://api.example.com/payments?run=17"))
                .field("Content-Type", "application/json")
                .field("Date", "Mon, 23 Nov 2026 09:00:00 GMT");
    }

    static HttpSigner.Builder signer() {
        return HttpSigner.builder(KEY).clock(CLOCK);
    }

    static HttpVerifier.Builder verifier() {
        return HttpVerifier.builder(KEYS).clock(CLOCK);
    }

    static HttpVerifier verifierAt(Instant instant) {
        return HttpVerifier.builder(KEYS).clock(InstantSource.fixed(instant)).build();
    }

    /** The fixture's request, signed as the signer comes. */
    static HttpMessage signed() {
        return signed(signer(), BODY);
    }

    static HttpMessage signed(HttpSigner.Builder signer, byte[] body) {
        return request().fields(signer.build().sign(request().build(), body)).build();
    }

    /** A request whose signature fields are written by hand. */
    static HttpMessage claiming(String signatureInput, String signature) {
        return request()
                .field("signature-input", signatureInput)
                .field("signature", signature)
                .build();
    }

    /** Signs a base of the test's own making, to get a valid signature over what a signer would not sign. */
    static HttpMessage forged(HttpMessageBuilder message, String listAndParameters) {
        HttpMessage unsigned = message.build();
        SfMember member = StructuredFields.parseDictionary("s=" + listAndParameters, new SfLimits(10_000, 1000))
                .value(0);
        SignatureParameters parameters = SignatureParameters.parse(member, new ComponentLists());
        String base = SignatureBase.of(
                        new FieldValues(unsigned, FieldType.KNOWN, new SfLimits(100_000, 1000)), parameters)
                .toString();
        byte[] signature = KEY.sign(base.getBytes(StandardCharsets.US_ASCII));
        return message.field("signature-input", "s=" + listAndParameters)
                .field("signature", "s=:" + java.util.Base64.getEncoder().encodeToString(signature) + ":")
                .build();
    }

    static String created() {
        return ";created=" + NOW.getEpochSecond() + ";keyid=\"client-1\"";
    }

    static void assertRejected(Reason reason, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(VerificationException.class);
        assertThat(((VerificationException) thrown).reason()).isEqualTo(reason);
        assertSilent(thrown);
    }

    static void assertInvalid(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(InvalidMessageException.class);
        assertSilent(thrown);
    }

    /** No message of a failure holds a value of the request. */
    static void assertSilent(Throwable thrown) {
        for (String value : List.of("12.50", "run=17", "api.example.com", "client-1", "application/json")) {
            assertThat(thrown.getMessage()).doesNotContain(value);
        }
    }
}
