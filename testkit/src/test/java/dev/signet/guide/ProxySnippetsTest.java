// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static dev.signet.testkit.SignetAssertions.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.exchange.Admission;
import dev.signet.exchange.InboundPipeline;
import dev.signet.exchange.Problem;
import dev.signet.exchange.PublicOrigin;
import dev.signet.http.Component;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignatureFields;
import dev.signet.http.SignaturePolicy;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/behind-a-proxy.md. */
class ProxySnippetsTest {
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519).withId("client-7");
    private final HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(key.verificationKey()))
            .ignoreReplay()
            .build();

    @Test
    void fixed() {
        // tag::fixed[]
        InboundPipeline pipeline = InboundPipeline.builder(verifier)
                .publicOrigin(PublicOrigin.of(URI.create("https://api.example.com")))
                .build();
        // end::fixed[]
        accepts(pipeline, "10.0.0.9", received());
    }

    @Test
    void forwarded() {
        // tag::forwarded[]
        InboundPipeline pipeline = InboundPipeline.builder(verifier)
                .publicOrigin(PublicOrigin.allowXForwarded("10.0.0.0/8"))
                .build();
        // end::forwarded[]
        HttpMessageBuilder received =
                received().field("x-forwarded-proto", "https").field("x-forwarded-host", "api.example.com");
        accepts(pipeline, "10.0.0.9", received);
        HttpMessage request = received.build();
        assertRejected(
                Reason.SIGNATURE_INVALID, () -> pipeline.admit(request, "192.0.2.1", InputStream.nullInputStream()));
    }

    @Test
    void parts() {
        // tag::parts[]
        SignaturePolicy policy = SignaturePolicy.recommended2026()
                .ignore(Component.TARGET_URI)
                .require(Component.AUTHORITY, Component.PATH, Component.QUERY);
        // end::parts[]
        HttpSigner signer = HttpSigner.builder(key)
                .cover(Component.METHOD, Component.AUTHORITY, Component.PATH, Component.QUERY)
                .build();
        HttpMessage sent = HttpMessage.request("GET", URI.create("https://api.example.com/rates"))
                .build();
        HttpMessage received = HttpMessage.request("GET")
                .scheme("http")
                .authority("api.example.com")
                .target("/rates")
                .fields(signer.sign(sent))
                .build();
        HttpVerifier.builder(KeyResolver.of(key.verificationKey()))
                .signature(policy)
                .build()
                .verify(received)
                .close();
    }

    @Test
    void admit() {
        InboundPipeline pipeline = InboundPipeline.builder(verifier).build();
        HttpMessage request = HttpMessage.request("GET")
                .scheme("http")
                .authority("backend:8080")
                .target("/rates")
                .build();
        InputStream body = new ByteArrayInputStream("".getBytes(StandardCharsets.UTF_8));
        String peerAddress = "10.0.0.9";
        // tag::admit[]
        try (Admission admission = pipeline.admit(request, peerAddress, body)) {
            handle(admission.caller(), admission.verified(), admission.body());
        } catch (MessageSecurityException e) {
            Problem problem = pipeline.refusal(e);
            send(problem.status(), problem.fields(), problem.toJson());
        }
        // end::admit[]
        assertThat(sent).isEqualTo(401);
    }

    private int sent;

    private void send(int status, java.util.Map<String, String> fields, byte[] json) {
        assertThat(fields).containsKey("content-type");
        assertThat(json).isNotEmpty();
        sent = status;
    }

    private static void handle(String caller, Object verified, InputStream body) {
        throw new AssertionError(caller + verified + body);
    }

    /** What a proxy that ends TLS makes of a signed request. */
    private HttpMessageBuilder received() {
        HttpMessage sentRequest = HttpMessage.request("GET", URI.create("https://api.example.com/rates"))
                .build();
        SignatureFields fields = HttpSigner.builder(key).build().sign(sentRequest);
        return HttpMessage.request("GET")
                .scheme("http")
                .authority("backend:8080")
                .target("/rates")
                .fields(fields);
    }

    private static void accepts(InboundPipeline pipeline, String peer, HttpMessageBuilder request) {
        try (Admission admission = pipeline.admit(request.build(), peer, InputStream.nullInputStream())) {
            assertThat(admission.caller()).isEqualTo("client-7");
        }
    }
}
