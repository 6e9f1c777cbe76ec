// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.exchange.KeptBody;
import dev.signet.exchange.OutboundPipeline;
import dev.signet.exchange.Problem;
import dev.signet.exchange.SignedRequest;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples in the Javadoc of dev.signet.exchange that no guide shows. */
class ExchangeExamplesTest {
    @Test
    void keptBody() throws IOException {
        OutboundPipeline pipeline = OutboundPipeline.builder(HttpSigner.builder(SigningKey.generate(Algorithm.ED25519))
                        .build())
                .build();
        byte[] bytes = "{\"amount\":\"12.50\"}".getBytes(StandardCharsets.UTF_8);
        HttpMessage request = HttpMessage.request("POST", URI.create("https://api.example.com/payments"))
                .build();
        ByteArrayOutputStream connection = new ByteArrayOutputStream();
        // tag::KeptBody[]
        try (KeptBody body = KeptBody.of(bytes)) {
            SignedRequest attempt = pipeline.sign(request, body);
            body.writeTo(connection); // the bytes that were signed, in this attempt and the next
        }
        // end::KeptBody[]
        assertThat(connection.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void problem() {
        MessageSecurityException refusal = new VerificationException(Reason.SIGNATURE_MISSING);
        Response response = new Response();
        // tag::Problem[]
        Problem problem = Problem.of(refusal);
        response.setStatus(problem.status());
        problem.fields().forEach(response::setHeader);
        response.setBody(problem.toJson());
        // end::Problem[]
        assertThat(response.status).isEqualTo(401);
        assertThat(response.fields).containsEntry("content-type", "application/problem+json");
        assertThat(new String(response.body, StandardCharsets.UTF_8)).contains("signature-missing");
    }

    /** A host's answer. */
    private static final class Response {
        private final Map<String, String> fields = new LinkedHashMap<>();
        private int status;
        private byte[] body = {};

        void setStatus(int newStatus) {
            status = newStatus;
        }

        void setHeader(String name, String value) {
            fields.put(name, value);
        }

        void setBody(byte[] json) {
            body = json;
        }
    }
}
