// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static dev.signet.testkit.SignetAssertions.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.exchange.Problem;
import dev.signet.http.Component;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignatureParameters.Name;
import dev.signet.http.SignaturePolicy;
import dev.signet.http.VerifiedMessage;
import dev.signet.http.When;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/verify-requests.md. */
class VerifyingSnippetsTest {
    private static final byte[] BODY = "{\"amount\":\"12.50\"}".getBytes(StandardCharsets.UTF_8);
    private static final URI PAYMENTS = URI.create("https://api.example.com/payments");

    private final SigningKey key = SigningKey.generate(Algorithm.ED25519).withId("client-7");
    private final VerificationKey clientKey = key.verificationKey();

    @Test
    void verify() throws IOException {
        HttpMessage request = signed(HttpSigner.builder(key));
        InputStream received = new ByteArrayInputStream(BODY);
        // tag::verify[]
        HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(clientKey)).build();

        try (VerifiedMessage verified = verifier.verify(request, received)) {
            String caller = verified.keyId();
            String uri = verified.targetUri().orElseThrow();
            InputStream body = verified.contentStream(); // exactly the bytes that were digested
            handle(caller, uri, body.readAllBytes());
        }
        // end::verify[]
        assertThat(handled).containsExactly("client-7 https://api.example.com/payments 18");
    }

    @Test
    void refusal() {
        HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(clientKey)).build();
        HttpMessage request = HttpMessage.request("POST", PAYMENTS).build();
        int status;
        // tag::refusal[]
        try (VerifiedMessage verified = verifier.verify(request, BODY)) {
            status = 200;
        } catch (VerificationException e) {
            log(e.reason().code()); // such as signature-missing
            status = 401;
        } catch (InvalidMessageException e) {
            status = e.isTooLarge() ? 413 : 400;
        } catch (UnavailableException e) {
            status = 503;
        }
        // end::refusal[]
        assertThat(status).isEqualTo(401);
        assertThat(handled).containsExactly("signature-missing");
        assertThat(Problem.of(new VerificationException(Reason.SIGNATURE_MISSING))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void policy() {
        // tag::policy[]
        SignaturePolicy policy = SignaturePolicy.recommended2026()
                .require(When.field("authorization"), Component.field("authorization"))
                .require(Name.EXPIRES)
                .tag("payments")
                .maxAge(Duration.ofSeconds(60));
        HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(clientKey))
                .signature(policy)
                .policy(SecurityPolicy.recommended2026()
                        .withAlgorithms(Set.of(Algorithm.ED25519, Algorithm.ES256))
                        .withLimits(Limits.recommended2026().withMaxBodyBytes(50L << 20)))
                .build();
        // end::policy[]
        assertRejected(
                Reason.PARAMETER_MISSING,
                () -> verifier.verify(signed(HttpSigner.builder(key).tag("payments")), BODY));
        HttpSigner.Builder signer = HttpSigner.builder(key).tag("payments").expiresAfter(Duration.ofSeconds(30));
        verifier.verify(signed(signer), BODY).close();
    }

    @Test
    void profiles() {
        // tag::webbotauth[]
        SignaturePolicy webBotAuth = SignaturePolicy.recommended2026()
                .ignoreAllComponents()
                .require(Component.AUTHORITY)
                .require(When.field("signature-agent"), Component.field("signature-agent"))
                .require(Name.CREATED, Name.EXPIRES, Name.KEYID)
                .tag("web-bot-auth")
                .keyIdIsThumbprint()
                .algorithms(Algorithm.ED25519, Algorithm.ES256, Algorithm.PS512);
        // end::webbotauth[]
        // tag::wimse[]
        SignaturePolicy wimse = SignaturePolicy.recommended2026()
                .ignoreAllComponents()
                .require(Component.METHOD, Component.REQUEST_TARGET, Component.field("workload-identity-token"))
                .require(When.body(), Component.CONTENT_DIGEST)
                .require(Name.CREATED, Name.EXPIRES, Name.NONCE)
                .forbid(Name.KEYID, Name.ALG)
                .tag("wimse-workload-to-workload");
        // end::wimse[]
        // tag::fapi[]
        SignaturePolicy fapi = SignaturePolicy.recommended2026()
                .require(When.field("authorization"), Component.field("authorization"))
                .tag("fapi-2-request")
                .maxAge(Duration.ofSeconds(60));
        // end::fapi[]
        // tag::ucp[]
        SignaturePolicy ucp = SignaturePolicy.recommended2026()
                .ignoreAllComponents()
                .require(Component.METHOD, Component.AUTHORITY, Component.PATH)
                .require(When.body(), Component.CONTENT_DIGEST)
                .ignore(Name.CREATED)
                .require(Name.KEYID)
                .replayBy("idempotency-key", Duration.ofHours(24));
        // end::ucp[]
        HttpMessage plain = signed(HttpSigner.builder(key));
        for (SignaturePolicy policy : List.of(webBotAuth, wimse, fapi)) {
            HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(clientKey))
                    .signature(policy)
                    .build();
            assertRejected(Reason.SIGNATURE_NOT_ACCEPTABLE, () -> verifier.verify(plain, BODY));
        }
        HttpVerifier verifier =
                HttpVerifier.builder(KeyResolver.of(clientKey)).signature(ucp).build();
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verifier.verify(plain, BODY));
    }

    @Test
    void several() {
        SigningKey gatewayKey = SigningKey.generate(Algorithm.ES256).withId("gateway");
        KeyResolver keys = KeyResolver.of(clientKey, gatewayKey.verificationKey());
        // tag::several[]
        SignaturePolicy client = SignaturePolicy.recommended2026().tag("client");
        SignaturePolicy gateway = SignaturePolicy.recommended2026().keyIds("gateway");
        HttpVerifier both =
                HttpVerifier.builder(keys).signatures(2, client, gateway).build();

        SignaturePolicy any = SignaturePolicy.recommended2026();
        HttpVerifier twoOfThree =
                HttpVerifier.builder(keys).signatures(2, any, any, any).build();
        // end::several[]
        HttpSigner first = HttpSigner.builder(key).tag("client").build();
        HttpSigner second = HttpSigner.builder(gatewayKey).build();
        HttpMessage once =
                unsigned().fields(first.sign(unsigned().build(), BODY)).build();
        assertRejected(Reason.SIGNATURE_NOT_ACCEPTABLE, () -> both.verify(once, BODY));
        var fields = first.sign(unsigned().build(), BODY);
        var more = second.sign(unsigned().fields(fields).build(), BODY);
        HttpMessage complete = unsigned().fields(fields).fields(more).build();
        both.verify(complete, BODY).close();
        twoOfThree.verify(complete, BODY).close();
        assertRejected(Reason.SIGNATURE_NOT_ACCEPTABLE, () -> twoOfThree.verify(once, BODY));
    }

    @Test
    void responses() {
        HttpMessage request = signed(HttpSigner.builder(key));
        SigningKey server = SigningKey.generate(Algorithm.ES256);
        KeyResolver serverKeys = KeyResolver.of(server.verificationKey());
        var signature = HttpSigner.builder(server)
                .build()
                .sign(HttpMessage.response(200).answering(request).build(), BODY);
        // tag::responses[]
        HttpVerifier verifier = HttpVerifier.builder(serverKeys)
                .signature(SignaturePolicy.responses2026())
                .ignoreReplay()
                .build();
        HttpMessage response = HttpMessage.response(200)
                .fields(signature)
                .answering(request) // the request that this side sent
                .build();
        try (VerifiedMessage verified = verifier.verify(response, BODY)) {
            show(verified.contentBytes());
        }
        // end::responses[]
        assertThat(handled).containsExactly("18 bytes");
    }

    private final List<String> handled = new ArrayList<>();

    private void handle(String caller, String uri, byte[] body) {
        handled.add(caller + " " + uri + " " + body.length);
    }

    private void show(byte[] body) {
        handled.add(body.length + " bytes");
    }

    private void log(String code) {
        handled.add(code);
    }

    private static dev.signet.http.HttpMessageBuilder unsigned() {
        return HttpMessage.request("POST", PAYMENTS).field("Content-Type", "application/json");
    }

    private static HttpMessage signed(HttpSigner.Builder signer) {
        return unsigned().fields(signer.build().sign(unsigned().build(), BODY)).build();
    }
}
