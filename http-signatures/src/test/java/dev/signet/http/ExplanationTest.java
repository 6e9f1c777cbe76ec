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
        HttpMessage changed = HttpMessage.request("POST")
                .scheme("http")
                .authority("internal:8080")
                .target("/payments?run=17")
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
        HttpMessage changed = HttpMessage.request("POST")
                .scheme("https")
                .authority("api.example.com")
                .target("/payments?run=17")
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
        HttpMessage other = HttpMessage.request("POST")
                .scheme("https")
                .authority("else.example")
                .target("/quite/different")
                .field("content-type", "application/json")
                .fields(fields)
                .build();
        assertThat(verifier.explain(other, BODY).verdict()).contains("compare this side's signature base");
    }

    @Test
    void explain_withTheSignersBase_showsEveryDifference() {
        SignatureFields fields = signer().build().sign(request().build(), BODY);
        HttpMessage changed = HttpMessage.request("PUT")
                .scheme("https")
                .authority("else.example")
                .target("/other")
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

    @Test
    void compare_changedBody_isNamedAndNotTheKey() {
        HttpMessage message = signed();
        Explanation explanation = verifier.explain(message, with("\n"), base(message));
        assertThat(explanation.component()).contains(Component.CONTENT_DIGEST);
        assertThat(explanation.toString())
                .contains("the signature holds, the body does not", "line breaks were added")
                .doesNotContain("another key");
    }

    @Test
    void compare_equalBases_blamesTheKeyOnlyAfterTryingIt() {
        HttpMessage message = signed();
        String base = base(message);
        HttpVerifier other = HttpVerifier.builder(dev.signet.core.KeyResolver.of(
                        dev.signet.core.SigningKey.generate(dev.signet.core.Algorithm.ED25519)
                                .verificationKey()
                                .withId(Fixture.KEY.id())))
                .ignoreReplay()
                .build();
        assertThat(other.explain(message, BODY, base).verdict())
                .contains("same signature base", "does not hold with the key '" + Fixture.KEY.id() + "' (Ed25519)");
        HttpVerifier none = HttpVerifier.builder(id -> java.util.Optional.empty())
                .ignoreReplay()
                .build();
        assertThat(none.explain(message, BODY, base).verdict())
                .contains("was not tried: the signature names no known key")
                .doesNotContain("another key", "changed itself");
        assertThat(verifier.explain(message, BODY, base).verdict()).contains("comes from the policy");
    }

    @Test
    void compare_differentBases_tellWhetherTheSignersWasSigned() {
        HttpMessage message = signed();
        String base = base(message);
        assertThat(verifier.explain(message, BODY, base.replace("POST", "PUT")).verdict())
                .contains("does not hold over that either with the key '");
    }

    @Test
    void compare_otherParameters_areNamedWithoutValues() {
        HttpMessage message = signed();
        String base = base(message);
        int created = base.indexOf(";created=");
        assertThat(verdict(message, base.substring(0, created + 9) + "9" + base.substring(created + 10)))
                .isEqualTo("the signer's base belongs to none of the message's signatures: "
                        + "\"@signature-params\" differs: created has another value");
        assertThat(verdict(message, base + ";tag=\"x\"")).endsWith("differs: tag is missing in the message");
        assertThat(verdict(message, base.replaceAll(";nonce=\"[^\"]*\"", "")))
                .endsWith("differs: nonce was added in the message");
        assertThat(verdict(message, base.replace("(\"@method\" ", "(\"date\" \"@method\" ")))
                .endsWith("differs: the signer covers \"date\", the message does not");
        assertThat(verdict(message, base.replace("(\"@method\" ", "(")))
                .endsWith("differs: the message covers \"@method\", the signer does not");
        assertThat(verdict(message, base.replaceAll("params\": .*", "params\": nonsense")))
                .contains("its last line is no");
    }

    @Test
    void explain_usualChangesOfBodies_areNamed() throws java.io.IOException {
        assertThat(bodyCause("{\"a\":1}", "{\"a\":1}\r\n")).contains("line breaks were added");
        assertThat(bodyCause("{\"a\":1}\n", "{\"a\":1}")).contains("line break at the end of the body was taken away");
        assertThat(bodyCause("a\nb\n", "a\r\nb\r\n")).contains("line breaks of the body were changed");
        assertThat(bodyCause("a\r\nb\r\nc", "a\nb\nc")).contains("line breaks of the body were changed");
        assertThat(bodyCause("a", "\u00ef\u00bb\u00bfa")).contains("byte order mark was added");
        assertThat(bodyCause("a", "  a ")).contains("blanks were added");
        assertThat(bodyCause("\u00e4", "\u00c3\u00a4")).contains("character set was changed");
        assertThat(bodyCause("{\"a\":[1,\"x y\"]}", "{\n  \"a\": [1, \"x y\"]\n}"))
                .contains("laid out anew");
        assertThat(bodyCause("abc", "")).contains("the body is gone");
        assertThat(bodyCause("{\"amount\":1}", "{\"amount\":2}"))
                .contains("by more than line breaks")
                .doesNotContain("Content-Encoding");
        java.io.ByteArrayOutputStream zipped = new java.io.ByteArrayOutputStream();
        try (java.util.zip.GZIPOutputStream out = new java.util.zip.GZIPOutputStream(zipped)) {
            out.write("abc".getBytes(StandardCharsets.ISO_8859_1));
        }
        String gzip = zipped.toString(StandardCharsets.ISO_8859_1);
        assertThat(bodyCause("abc", gzip))
                .contains("compressed after it was signed")
                .doesNotContain("Encoding");
        assertThat(bodyCause("abc", gzip, "gzip")).contains("its Content-Encoding says gzip)");
        assertThat(bodyCause("abd", gzip, "gzip")).contains("what is inside is not what was signed either");
        assertThat(bodyCause("abc", "xyz", "br")).contains("says br, which cannot be undone here");
        assertThat(bodyCause("abc", "xyz", "my-secret")).doesNotContain("my-secret");
    }

    @Test
    void explain_otherOrders_areFound() {
        assertThat(explain("https", "api.example.com", "/payments?b=2&run=17", "", "/payments?run=17&b=2"))
                .contains("query's parameters were put into another order");
        assertThat(explain("https", "api.example.com", "/p?a=1&b=2&c=3&d=4&e=5&f=6", "", "/p?f=6&a=1&c=3&b=2&e=5&d=4"))
                .contains("no usual change");
        assertThat(explain("https", "api.example.com", "/p?a=1&b=2&c=3&d=4&e=5&f=6", "", "/p?f=6&e=5&d=4&c=3&b=2&a=1"))
                .contains("another order");
        assertThat(explain("https", "api.example.com", "/stripped", "", "/prefix/stripped"))
                .contains("with the key '" + Fixture.KEY.id() + "' (", "likely a host or a path prefix");
        assertThat(fields("a, b, c", "c, a, b")).contains("members of the list were put into another order");
        assertThat(fields("a, b", "a, x, b")).contains("a member of the list was added");
    }

    @Test
    void explain_componentAddedToTheList_isFound() {
        SignatureFields fields = signer().cover(Component.METHOD, Component.PATH)
                .build()
                .sign(request().build());
        HttpMessageBuilder changed = HttpMessage.request("POST")
                .scheme("https")
                .authority("api.example.com")
                .target("/payments?run=17");
        fields.forEach((name, value) -> changed.field(name, value.replace("\"@path\"", "\"@path\" \"@query\"")));
        assertThat(verifier.explain(changed.build(), new byte[0]).toString())
                .contains("\"@query\": the component was added to the list");
    }

    @Test
    void explain_signatureOfAnotherLength_isOfAnotherAlgorithm() {
        dev.signet.core.SigningKey other = dev.signet.core.SigningKey.generate(dev.signet.core.Algorithm.ED25519)
                .withId(Fixture.KEY.id());
        SignatureFields fields =
                HttpSigner.builder(other).build().sign(request().build(), BODY);
        HttpMessage message = HttpMessage.request("POST")
                .scheme("https")
                .authority("api.example.com")
                .target("/payments?run=17")
                .field("content-type", "application/json")
                .fields(fields)
                .build();
        assertThat(verifier.explain(message, BODY).verdict()).contains("it has 64 bytes", "have 32");
    }

    @Test
    void explain_listWrittenWithOtherWhiteSpace_isNotOfAnotherOrder() {
        SignatureFields fields = signer().cover(Component.field("x-list"))
                .build()
                .sign(HttpMessage.request("GET")
                        .scheme("https")
                        .authority("api.example.com")
                        .target("/")
                        .field("x-list", "one, two")
                        .build());
        HttpMessage changed = HttpMessage.request("GET")
                .scheme("https")
                .authority("api.example.com")
                .target("/")
                .field("x-list", "one,two")
                .fields(fields)
                .build();
        String cause = "the field's lines or white space were re-written on the way";
        assertThat(verifier.explain(changed, new byte[0]).toString()).contains(cause);
        assertThat(verifier.explain(changed, new byte[0], fields.signatureBase())
                        .toString())
                .contains(cause);
    }

    private String verdict(HttpMessage message, String signerBase) {
        return verifier.explain(message, BODY, signerBase).verdict();
    }

    private static byte[] with(String end) {
        return (new String(BODY, StandardCharsets.UTF_8) + end).getBytes(StandardCharsets.UTF_8);
    }

    private String base(HttpMessage message) {
        return verifier.unverifiedSignatureBase(
                message,
                verifier.unverifiedSignatures(message).keySet().iterator().next());
    }

    private String bodyCause(String signed, String received, String... coding) {
        SignatureFields fields = signer().build().sign(request().build(), signed.getBytes(StandardCharsets.ISO_8859_1));
        HttpMessageBuilder message = HttpMessage.request("POST")
                .scheme("https")
                .authority("api.example.com")
                .target("/payments?run=17")
                .field("content-type", "application/json")
                .fields(fields);
        for (String each : coding) {
            message.field("content-encoding", each);
        }
        return verifier.explain(message.build(), received.getBytes(StandardCharsets.ISO_8859_1))
                .toString();
    }

    private String explain(String scheme, String authority, String target, String forwardedHost, String signedTarget) {
        HttpMessage signed = HttpMessage.request("POST")
                .scheme("https")
                .authority("api.example.com")
                .target(signedTarget)
                .field("content-type", "application/json")
                .build();
        HttpMessage changed = HttpMessage.request("POST")
                .scheme(scheme)
                .authority(authority)
                .target(target)
                .field("content-type", "application/json")
                .fields(signer().build().sign(signed, BODY))
                .build();
        return verifier.explain(changed, BODY).toString();
    }

    private String fields(String signedValue, String received) {
        SignatureFields fields = signer().cover(Component.METHOD, Component.field("x-list"))
                .build()
                .sign(request().field("x-list", signedValue).build());
        HttpMessage changed = HttpMessage.request("POST")
                .scheme("https")
                .authority("api.example.com")
                .target("/payments?run=17")
                .field("x-list", received)
                .fields(fields)
                .build();
        return verifier.explain(changed, new byte[0]).toString();
    }

    private Explanation explain(String scheme, String authority, String target, String forwardedHost) {
        SignatureFields fields = signer().build().sign(request().build(), BODY);
        HttpMessageBuilder changed = HttpMessage.request("POST")
                .scheme(scheme)
                .authority(authority)
                .target(target)
                .field("content-type", "application/json")
                .fields(fields);
        if (!forwardedHost.isEmpty()) {
            changed.field("x-forwarded-host", forwardedHost);
        }
        return verifier.explain(changed.build(), BODY);
    }
}
