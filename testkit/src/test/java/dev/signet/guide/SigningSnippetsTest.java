// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.SigningKey;
import dev.signet.http.AcceptSignature;
import dev.signet.http.Component;
import dev.signet.http.ContentDigest;
import dev.signet.http.DigestAlgorithm;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignatureFields;
import dev.signet.http.SignaturePolicy;
import dev.signet.http.When;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/sign-requests.md. */
class SigningSnippetsTest {
    @TempDir
    Path directory;

    private final SigningKey key = SigningKey.generate(Algorithm.ED25519);
    private final byte[] body = "{\"amount\":\"12.50\"}".getBytes(StandardCharsets.UTF_8);

    @Test
    void sign() {
        // tag::sign[]
        HttpSigner signer = HttpSigner.builder(key).build();

        HttpMessage request = HttpMessage.request("POST", URI.create("https://api.example.com/payments"))
                .field("Content-Type", "application/json")
                .build();
        SignatureFields signature = signer.sign(request, body);

        Map<String, String> headers = new LinkedHashMap<>();
        signature.forEach(headers::put); // content-digest, signature-input, signature
        // end::sign[]
        assertThat(headers).containsOnlyKeys("content-digest", "signature-input", "signature");
    }

    @Test
    void cover() {
        // tag::cover[]
        HttpSigner signer = HttpSigner.builder(key)
                .cover(Component.METHOD, Component.AUTHORITY, Component.PATH, Component.QUERY)
                .cover(When.field("idempotency-key"), Component.field("idempotency-key"))
                .cover(When.body(), Component.field("content-type"), Component.CONTENT_DIGEST)
                .tag("payments")
                .expiresAfter(Duration.ofMinutes(1))
                .digest(DigestAlgorithm.SHA_512)
                .build();
        // end::cover[]
        HttpMessage request = HttpMessage.request("POST", URI.create("https://api.example.com/payments"))
                .field("Content-Type", "application/json")
                .build();
        assertThat(signer.sign(request, body).signatureInput())
                .contains("(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-type\" \"content-digest\")");
    }

    @Test
    void stream() throws IOException {
        Path file = Files.write(directory.resolve("upload"), new byte[100_000]);
        HttpSigner signer = HttpSigner.builder(key).build();
        HttpMessage request = HttpMessage.request("PUT", URI.create("https://api.example.com/files/1"))
                .build();
        // tag::stream[]
        ContentDigest digest;
        try (InputStream in = Files.newInputStream(file)) {
            digest = ContentDigest.of(DigestAlgorithm.SHA_256, in, 1L << 30);
        }
        SignatureFields signature = signer.sign(request, digest);
        // end::stream[]
        assertThat(signature.contentDigest()).contains(digest.fieldValue());
    }

    @Test
    void async() {
        HttpMessage request = HttpMessage.request("POST", URI.create("https://api.example.com/payments"))
                .build();
        HttpSigner signer = HttpSigner.builder(key).build();
        // tag::async[]
        CompletionStage<SignatureFields> signature = signer.signAsync(request, body);
        // end::async[]
        assertThat(signature.toCompletableFuture().join().contentDigest()).isPresent();
    }

    @Test
    void response() {
        HttpMessage rates = HttpMessage.request("GET", URI.create("https://api.example.com/rates"))
                .build();
        HttpMessage receivedRequest = HttpMessage.request("GET", URI.create("https://api.example.com/rates"))
                .fields(HttpSigner.builder(key).build().sign(rates))
                .build();
        HttpSigner signer = HttpSigner.builder(key).build();
        // tag::response[]
        HttpMessage response = HttpMessage.response(200)
                .field("Content-Type", "application/json")
                .answering(receivedRequest)
                .build();
        SignatureFields signature = signer.sign(response, body);
        // end::response[]
        assertThat(signature.signatureInput())
                .contains("\"@status\"", "\"@method\";req", "\"@target-uri\";req", "\"signature\";key=\"sig\";req");
    }

    @Test
    void accept() {
        List<String> fieldLines = List.of("sig1=(\"@method\" \"@target-uri\");created;nonce=\"n-7\"");
        HttpMessage request = HttpMessage.request("GET", URI.create("https://api.example.com/rates"))
                .build();
        // tag::accept[]
        HttpSigner signer = HttpSigner.builder(key).allowRequestedNonce().build();
        AcceptSignature wanted = AcceptSignature.parse(fieldLines).get(0);
        SignatureFields signature = signer.answering(wanted).sign(request);
        // end::accept[]
        assertThat(signature.label()).isEqualTo("sig1");
        HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(key.verificationKey()))
                .signature(SignaturePolicy.recommended2026())
                .build();
        HttpMessage signed = HttpMessage.request("GET", URI.create("https://api.example.com/rates"))
                .fields(signature)
                .build();
        verifier.verify(signed).close();
    }
}
