// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.http.AcceptSignature;
import dev.signet.http.Component;
import dev.signet.http.ContentDigest;
import dev.signet.http.DigestAlgorithm;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.TargetUri;
import dev.signet.http.When;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples in the Javadoc of dev.signet.http that no guide shows. */
class HttpExamplesTest {
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519);
    private final byte[] body = "{\"amount\":\"12.50\"}".getBytes(StandardCharsets.UTF_8);

    @Test
    void acceptSignature() {
        HttpMessage request = HttpMessage.request("GET", URI.create("https://api.example.com/rates"))
                .build();
        // tag::AcceptSignature[]
        AcceptSignature wanted = AcceptSignature.builder("sig1", Component.METHOD, Component.TARGET_URI)
                .created()
                .build();
        String field = AcceptSignature.fieldValue(List.of(wanted)); // Accept-Signature of the server's answer

        AcceptSignature received = AcceptSignature.parse(List.of(field)).get(0); // and on the client's side
        HttpSigner signer = HttpSigner.builder(key).build().answering(received);
        // end::AcceptSignature[]
        assertThat(signer.sign(request).signatureInput()).startsWith("sig1=(\"@method\" \"@target-uri\"");
    }

    @Test
    void component() {
        // tag::Component[]
        Component path = Component.PATH; // @path, a derived component
        Component field = Component.field("idempotency-key");
        Component parameter = Component.queryParam("account"); // one parameter of the query, by its name
        Component asked = Component.METHOD.req(); // in a response: of the request that it answers
        // end::Component[]
        assertThat(List.of(path, field, parameter, asked))
                .extracting(Component::identifier)
                .containsExactly(
                        "\"@path\"", "\"idempotency-key\"", "\"@query-param\";name=\"account\"", "\"@method\";req");
    }

    @Test
    void contentDigest() {
        // tag::ContentDigest[]
        ContentDigest digest = ContentDigest.of(DigestAlgorithm.SHA_256, body);
        String field = digest.fieldValue(); // sha-256=:…:

        ContentDigest received = ContentDigest.parse(List.of(field));
        received.verify(body); // or a VerificationException
        // end::ContentDigest[]
        assertThat(field).startsWith("sha-256=:");
        assertThatThrownBy(() -> received.verify(new byte[1])).isInstanceOf(VerificationException.class);
    }

    @Test
    void httpMessage() {
        // tag::HttpMessage[]
        HttpMessage request = HttpMessage.request("POST", URI.create("https://api.example.com/payments"))
                .field("Content-Type", "application/json")
                .build();
        HttpMessage response = HttpMessage.response(201).answering(request).build();
        // end::HttpMessage[]
        assertThat(HttpSigner.builder(key).build().sign(response, body).signatureInput())
                .contains("\"@status\"", "\"@method\";req");
    }

    @Test
    void targetUri() {
        HttpMessage request = HttpMessage.request("GET", URI.create("https://API.example.com:443/rates?day=1"))
                .build();
        // tag::TargetUri[]
        TargetUri target = TargetUri.of(request);
        String authority = target.authority(); // in lower case, without the scheme's own port
        String path = target.path();
        // end::TargetUri[]
        assertThat(authority + path).isEqualTo("api.example.com/rates");
    }

    @Test
    void when() {
        // tag::When[]
        HttpSigner signer = HttpSigner.builder(key)
                .cover(Component.METHOD, Component.TARGET_URI)
                .cover(When.body(), Component.field("content-type"), Component.CONTENT_DIGEST)
                .cover(When.field("idempotency-key"), Component.field("idempotency-key"))
                .build();
        // end::When[]
        HttpMessage request = HttpMessage.request("POST", URI.create("https://api.example.com/payments"))
                .field("Content-Type", "application/json")
                .build();
        assertThat(signer.sign(request, body).signatureInput())
                .contains("(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\")");
    }
}
