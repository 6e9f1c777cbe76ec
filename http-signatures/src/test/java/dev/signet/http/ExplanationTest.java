// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.BODY;
import static dev.signet.http.Fixture.request;
import static dev.signet.http.Fixture.signed;
import static dev.signet.http.Fixture.signer;
import static dev.signet.http.Fixture.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private final HttpVerifier verifier = verifier().build();

    @Test
    void explain_hostRewrittenByAProxy_isFound() {
        Explanation explanation = explain("https", "10.0.0.7:8080", "/payments?run=17", "api.example.com");
        assertThat(explanation.component()).contains(Component.TARGET_URI);
        assertThat(explanation.toString()).contains("proxy rewrote the host").doesNotContain("api.example.com");
        assertThat(explanation.dangerousText()).contains("https://api.example.com/payments?run=17", "10.0.0.7");
    }

    @Test
    void explain_tlsEndedInFront_isFound() {
        assertThat(explain("http", "api.example.com", "/payments?run=17", "").toString())
                .contains("TLS ends in front");
        assertThat(explain("http", "backend", "/payments?run=17", "api.example.com")
                        .toString())
                .contains("proxy rewrote the host");
    }

    @Test
    void explain_queryOrPathChanged_isFound() {
        assertThat(explain("https", "api.example.com", "/payments?run=17&debug=1", "")
                        .toString())
                .contains("query parameter was added");
        assertThat(explain("https", "api.example.com", "/payments/?run=17", "").toString())
                .contains("final slash");
    }

    @Test
    void explain_partsCoveredSingly_namesThePart() {
        SignatureFields fields = signer().cover(
                        Component.METHOD, Component.SCHEME, Component.AUTHORITY, Component.PATH, Component.QUERY)
                .build()
                .sign(request().build());
        HttpMessage changed = HttpMessage.request("POST", "http", "internal:8080", "/payments?run=17")
                .field("x-forwarded-host", "api.example.com")
                .fields(fields)
                .build();
        Explanation explanation = verifier.explain(changed, new byte[0]);
        assertThat(explanation.differences())
                .extracting(Explanation.Difference::component)
                .containsExactly(Component.SCHEME, Component.AUTHORITY);
    }

    @Test
    void explain_contentTypeParameterAdded_isFound() {
        SignatureFields fields = signer().build().sign(request().build(), BODY);
        HttpMessage changed = HttpMessage.request("POST", "https", "api.example.com", "/payments?run=17")
                .field("content-type", "application/json;charset=UTF-8")
                .fields(fields)
                .build();
        assertThat(verifier.explain(changed, BODY).toString())
                .contains("\"content-type\"", "charset was added")
                .doesNotContain("UTF-8");
    }

    @Test
    void explain_bodyChanged_isFound() {
        Explanation explanation = verifier.explain(signed(), "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(explanation.component()).contains(Component.CONTENT_DIGEST);
        assertThat(explanation.verdict()).contains("the body does not");
    }

    @Test
    void explain_nothingToFind_saysSo() {
        assertThat(verifier.explain(request().build(), BODY).verdict()).contains("no signature");
        assertThat(verifier.explain(signed(signer().keyId("x"), BODY), BODY).verdict())
                .contains("no known key");
        assertThat(verifier.explain(signed(), BODY).verdict()).contains("comes from the policy");
        SignatureFields fields = signer().build().sign(request().build(), BODY);
        HttpMessage other = HttpMessage.request("POST", "https", "else.example", "/quite/different")
                .field("content-type", "application/json")
                .fields(fields)
                .build();
        assertThat(verifier.explain(other, BODY).verdict()).contains("compare this side's signature base");
    }

    @Test
    void explain_withTheSignersBase_showsEveryDifference() {
        SignatureFields fields = signer().build().sign(request().build(), BODY);
        HttpMessage changed = HttpMessage.request("PUT", "https", "else.example", "/other")
                .field("content-type", "application/json")
                .fields(fields)
                .build();
        Explanation explanation = verifier.explain(changed, BODY, fields.signatureBase());
        assertThat(explanation.differences())
                .extracting(Explanation.Difference::component)
                .containsExactly(Component.METHOD, Component.TARGET_URI);
        assertThat(explanation.toString()).doesNotContain("else.example", "/other");
        assertThat(verifier.explain(changed, BODY, "nonsense").verdict()).contains("belongs to none");
        assertThat(verifier.explain(signed(), BODY, "nonsense").differences()).isEmpty();
    }

    private Explanation explain(String scheme, String authority, String target, String forwardedHost) {
        SignatureFields fields = signer().build().sign(request().build(), BODY);
        HttpMessageBuilder changed = HttpMessage.request("POST", scheme, authority, target)
                .field("content-type", "application/json")
                .fields(fields);
        if (!forwardedHost.isEmpty()) {
            changed.field("x-forwarded-host", forwardedHost);
        }
        return verifier.explain(changed.build(), BODY);
    }
}
