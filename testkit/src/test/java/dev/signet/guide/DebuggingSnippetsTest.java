// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SigningKey;
import dev.signet.http.Component;
import dev.signet.http.Explanation;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignatureFields;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/debugging-a-refusal.md. */
class DebuggingSnippetsTest {
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519);
    private final HttpVerifier verifier =
            HttpVerifier.builder(KeyResolver.of(key.verificationKey())).build();
    private final HttpMessage sent = HttpMessage.request("GET", URI.create("https://api.example.com/rates?day=1"))
            .build();
    private final SignatureFields signature = HttpSigner.builder(key).build().sign(sent);
    private final HttpMessage request = HttpMessage.request("GET")
            .scheme("https")
            .authority("api.example.com")
            .target("/rates?day=1&debug=1")
            .fields(signature)
            .build();
    private final byte[] body = new byte[0];

    @Test
    void explain() {
        // tag::explain[]
        Explanation explanation = verifier.explain(request, body);
        System.out.println(explanation); // components and causes, no values
        // end::explain[]
        assertThat(explanation.component()).contains(Component.TARGET_URI);
        assertThat(explanation.toString()).doesNotContain("debug=1");
    }

    @Test
    void compare() {
        // tag::bases[]
        String signers = signature.signatureBase(); // on the client
        String verifiers = verifier.unverifiedSignatureBase(request, "sig"); // on the server
        Explanation differences = verifier.explain(request, body, signers);
        // end::bases[]
        assertThat(verifiers).isNotEqualTo(signers);
        assertThat(differences.differences()).hasSize(1);
    }

    @Test
    void metrics() {
        KeyResolver keys = KeyResolver.of(key.verificationKey());
        // tag::metrics[]
        Map<String, LongAdder> verdicts = new ConcurrentHashMap<>();
        HttpVerifier counted = HttpVerifier.builder(keys)
                .listener((SecurityEvent event) -> verdicts.computeIfAbsent(event.code(), code -> new LongAdder())
                        .increment())
                .build();
        // end::metrics[]
        counted.verify(HttpMessage.request("GET", URI.create("https://api.example.com/rates?day=1"))
                        .fields(signature)
                        .build())
                .close();
        assertThat(verdicts).containsOnlyKeys("ok");
    }
}
