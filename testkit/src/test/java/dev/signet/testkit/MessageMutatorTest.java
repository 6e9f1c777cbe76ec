// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SigningKey;
import dev.signet.http.Component;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignaturePolicy;
import dev.signet.http.VerifiedMessage;
import dev.signet.http.When;
import dev.signet.testkit.MessageMutator.Mutation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every byte of a signed request is changed: none that is covered gets through, and none that isn't gets in the way. */
class MessageMutatorTest {
    private static final TestClock CLOCK = TestClock.at(1_795_424_400);
    private static final Set<String> UNCOVERED = Set.of("x-trace", "user-agent");

    static Stream<SigningKey> keys() {
        return Stream.of(RfcKeys.sharedSecret(), RfcKeys.ed25519(), RfcKeys.eccP256());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void mutations_ofCoveredBytes_areNeverAccepted(SigningKey key) {
        TestRequest signed = signed(key, Component.METHOD, Component.TARGET_URI);
        HttpVerifier verifier = verifier(key, SignaturePolicy.recommended2026());
        String base = accept(verifier, signed);
        List<Mutation> mutations = MessageMutator.mutations(signed);
        assertThat(mutations.size()).isGreaterThan(10_000);
        List<String> harmful = new ArrayList<>();
        int accepted = 0;
        for (Mutation mutation : mutations) {
            String verdict = verdict(verifier, mutation.request(), base, signed.body());
            if (verdict.equals("same")) {
                accepted++;
            }
            boolean uncovered = UNCOVERED.contains(mutation.part());
            if (verdict.equals("other") || (uncovered && !verdict.equals("same"))) {
                harmful.add(mutation.part() + ": " + mutation.change() + ": " + verdict);
            }
        }
        System.out.println(key.algorithm() + ": " + mutations.size() + " mutations, " + accepted
                + " left the signed content as it was, " + harmful.size() + " did harm");
        assertThat(harmful.stream().limit(10)).isEmpty();
    }

    /** The same where the parts of the target are covered one by one, and the scheme is not. */
    @Test
    void mutations_ofPartsOfTheTarget_areNeverAccepted() {
        SigningKey key = RfcKeys.sharedSecret();
        TestRequest signed = signed(key, Component.METHOD, Component.AUTHORITY, Component.PATH, Component.QUERY);
        HttpVerifier verifier = verifier(key, SignaturePolicy.recommended2026());
        String base = accept(verifier, signed);
        for (Mutation mutation : MessageMutator.mutations(signed)) {
            assertThat(verdict(verifier, mutation.request(), base, signed.body()))
                    .as("%s: %s", mutation.part(), mutation.change())
                    .isNotEqualTo("other");
        }
    }

    @Test
    void mutations_allPartsAreReached() {
        TestRequest signed = signed(RfcKeys.sharedSecret(), Component.METHOD, Component.TARGET_URI);
        assertThat(MessageMutator.mutations(signed).stream().map(Mutation::part).distinct())
                .containsExactlyInAnyOrder(
                        "method",
                        "scheme",
                        "authority",
                        "request-target",
                        "content-type",
                        "x-trace",
                        "user-agent",
                        "content-digest",
                        "signature-input",
                        "signature",
                        "body");
    }

    private static TestRequest signed(SigningKey key, Component... components) {
        HttpSigner signer = HttpSigner.builder(key)
                .cover(components)
                .cover(When.body(), Component.field("content-type"), Component.CONTENT_DIGEST)
                .clock(CLOCK)
                .build();
        byte[] body = "{\"amount\":\"12.50\",\"currency\":\"EUR\",\"to\":\"DE02120300000000202051\"}"
                .getBytes(StandardCharsets.US_ASCII);
        return TestRequest.of("POST", URI.create("https://api.example.com/payments/2026?run=17&dry=no"), body)
                .with("content-type", "application/json")
                .with("x-trace", "0123456789abcdef")
                .with("user-agent", "demo/1.0")
                .signedBy(signer);
    }

    private static HttpVerifier verifier(SigningKey key, SignaturePolicy policy) {
        return HttpVerifier.builder(KeyResolver.of(key.verificationKey()))
                .signature(policy)
                .ignoreReplay()
                .clock(CLOCK)
                .build();
    }

    private static String accept(HttpVerifier verifier, TestRequest request) {
        try (VerifiedMessage verified = verifier.verify(request.message(), request.body())) {
            return verified.signatures().get(0).signatureBase();
        }
    }

    /** {@code same} if what was signed came through, {@code other} if something else did, or the code of the refusal. */
    private static String verdict(HttpVerifier verifier, TestRequest request, String base, byte[] body) {
        try (VerifiedMessage verified = verifier.verify(request.message(), request.body())) {
            boolean same = verified.signatures().get(0).signatureBase().equals(base)
                    && java.util.Arrays.equals(verified.contentBytes(), body);
            return same ? "same" : "other";
        } catch (MessageSecurityException e) {
            return e.code();
        }
    }
}
