// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecretBytes;
import dev.signet.core.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Whatever a peer writes into the fields that Signet reads, there is one clear error or a result, and never an acceptance.
 * The input is a message: request target, authority, then field lines.
 */
class HttpParsersFuzzTest {
    private static final HttpVerifier VERIFIER = HttpVerifier.builder(KeyResolver.of(VerificationKey.hmac(
                            Algorithm.HS256,
                            SecretBytes.copyOf("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII)))
                    .withId("k")))
            .signature(SignaturePolicy.recommended2026().ignoreAllComponents())
            .build();

    @FuzzTest(maxDuration = "1h")
    void verify_anyMessage_neverAcceptsNorBreaks(byte[] input) {
        String[] lines = new String(input, StandardCharsets.ISO_8859_1).split("\n", -1);
        HttpMessageBuilder builder = HttpMessage.request("POST")
                .scheme("https")
                .authority(lines.length > 1 ? lines[1] : "")
                .target(lines[0]);
        for (int i = 2; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                builder.field(lines[i].substring(0, colon), lines[i].substring(colon + 1));
            }
        }
        HttpMessage message = builder.build();
        try (VerifiedMessage verified = VERIFIER.verify(message, input)) {
            throw new AssertionError("accepted without the key: " + verified);
        } catch (MessageSecurityException e) {
            assertThat(e.code()).isNotEmpty();
        }
        readFields(message);
        String explanation = VERIFIER.explain(message, input).toString();
        assertThat(explanation).isNotEmpty();
    }

    private static void readFields(HttpMessage message) {
        try {
            Map<String, SignatureParameters> claims = VERIFIER.unverifiedSignatures(message);
            for (String label : claims.keySet()) {
                String base = VERIFIER.unverifiedSignatureBase(message, label);
                assertThat(base.chars().allMatch(c -> c == '\n' || c == '\t' || (c >= ' ' && c <= '~')))
                        .isTrue();
                // Nothing can be injected: one line for each component, and one for the parameters.
                assertThat(base.lines().count())
                        .isEqualTo(claims.get(label).components().size() + 1L);
            }
        } catch (MessageSecurityException e) {
            assertThat(e.code()).isNotEmpty();
        }
        try {
            List<AcceptSignature> wanted = AcceptSignature.parse(message.fieldValues("accept-signature"));
            String written = AcceptSignature.fieldValue(wanted);
            assertThat(AcceptSignature.fieldValue(AcceptSignature.parse(List.of(written))))
                    .isEqualTo(written);
        } catch (MessageSecurityException e) {
            assertThat(e.code()).isNotEmpty();
        }
        try {
            ContentDigest digest = ContentDigest.parse(message.fieldValues("content-digest"));
            assertThat(ContentDigest.parse(List.of(digest.fieldValue())).fieldValue())
                    .isEqualTo(digest.fieldValue());
            ContentDigest.parseWanted(message.fieldValues("want-content-digest"));
        } catch (MessageSecurityException e) {
            assertThat(e.code()).isNotEmpty();
        }
    }
}
