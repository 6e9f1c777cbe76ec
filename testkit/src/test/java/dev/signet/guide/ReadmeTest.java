// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.SigningKey;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.VerifiedMessage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The code of the README. */
class ReadmeTest {
    @Test
    void readme() {
        byte[] body = "{\"amount\":\"12.50\"}".getBytes(StandardCharsets.UTF_8);
        // tag::readme[]
        SigningKey key = SigningKey.generate(Algorithm.ED25519);
        URI uri = URI.create("https://api.example.com/payments");

        // The client covers method, target URI and body; the three fields go into the request's headers.
        HttpSigner signer = HttpSigner.builder(key).build();
        HttpMessageBuilder request = HttpMessage.request("POST", uri);
        signer.sign(request.build(), body).forEach(request::field);

        // The server gets back only what was signed, or an exception with the reason.
        HttpVerifier verifier =
                HttpVerifier.builder(KeyResolver.of(key.verificationKey())).build();
        try (VerifiedMessage verified = verifier.verify(request.build(), body)) {
            System.out.println(verified.keyId() + " sent " + verified.contentBytes().length + " bytes");
        }
        // end::readme[]
        assertThat(signer).isNotNull();
    }
}
