// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.assertInvalid;
import static dev.signet.http.Fixture.assertRejected;
import static dev.signet.http.Fixture.created;
import static dev.signet.http.Fixture.request;
import static dev.signet.http.Fixture.signer;
import static dev.signet.http.Fixture.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.signet.core.Reason;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Field lines of which two readers could make different values. */
class FieldLinesTest implements Ways {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0001guest",
                "guest\u0000",
                "guest\u000b",
                "\u001fguest",
                "guest\r",
                "guest\n",
                "\u007fguest",
                "gu\u0008est",
                "guest\r\n x",
                "guest\n\tx",
                "\r\n guest"
            })
    void verify_controlCharacter_isMalformedWhereverItStands(String value) {
        for (String component : new String[] {"\"x-role\"", "\"x-role\";bs"}) {
            for (String meant : new String[] {"guest", "guest x"}) {
                HttpMessage signed = Fixture.forged(
                        request().field("x-role", meant),
                        "(\"@method\" \"@target-uri\" \"content-type\" " + component + ")" + created());
                HttpMessage sent = request()
                        .field("x-role", value)
                        .field(
                                "signature-input",
                                signed.fieldValues("signature-input").get(0))
                        .field("signature", signed.fieldValues("signature").get(0))
                        .build();
                assertInvalid(() -> verify(verifier().build(), sent));
            }
        }
    }

    @Test
    void verify_blanksAroundAValue_areNotPartOfIt() {
        HttpMessage signed = Fixture.forged(
                request().field("x-role", "a\tb"),
                "(\"@method\" \"@target-uri\" \"content-type\" \"x-role\")" + created());
        HttpMessage sent = request()
                .field("x-role", " \ta\tb\t ")
                .field("signature-input", signed.fieldValues("signature-input").get(0))
                .field("signature", signed.fieldValues("signature").get(0))
                .build();
        assertThat(verify(verifier().build(), sent).field("x-role")).contains("a\tb");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "origin", "range", "if-range", "if-modified-since", "if-unmodified-since", "etag",
                        "proxy-authorization",
                "retry-after", "referer", "user-agent", "content-location", "dpop", "cookie", "authorization"
            })
    void verify_singleFieldInTwoLines_hasNoValue(String name) {
        HttpMessage signed = Fixture.forged(
                request().field(name, "a, b"),
                "(\"@method\" \"@target-uri\" \"content-type\" \"" + name + "\")" + created());
        HttpMessage sent = request()
                .field(name, "a")
                .field(name, "b")
                .field("signature-input", signed.fieldValues("signature-input").get(0))
                .field("signature", signed.fieldValues("signature").get(0))
                .build();
        verify(verifier().build(), signed).close();
        assertRejected(Reason.COMPONENT_UNAVAILABLE, () -> verify(verifier().build(), sent));
    }

    @Test
    void verify_doubledListField_isOneList() {
        HttpMessage signed = Fixture.forged(
                request().field("accept", "a, b"),
                "(\"@method\" \"@target-uri\" \"content-type\" \"accept\")" + created());
        HttpMessage sent = request()
                .field("accept", "a")
                .field("accept", "b")
                .field("signature-input", signed.fieldValues("signature-input").get(0))
                .field("signature", signed.fieldValues("signature").get(0))
                .build();
        verify(verifier().build(), sent).close();
    }

    @Test
    void verify_cookieLines_areOneFieldInHttp2Only() {
        String list = "(\"@method\" \"@target-uri\" \"content-type\" \"cookie\")" + created();
        HttpMessage signed = Fixture.forged(request().field("cookie", "a=1; b=2, c=3"), list);
        HttpMessage crumbs = cookies(signed, 2, "a=1", "b=2, c=3");
        assertThat(verify(verifier().build(), crumbs).field("cookie")).contains("a=1; b=2, c=3");
        HttpMessage otherCut = cookies(signed, 2, "a=1; b=2", "c=3");
        assertRejected(Reason.SIGNATURE_INVALID, () -> verify(verifier().build(), otherCut));
        HttpMessage lines = cookies(signed, 1, "a=1", "b=2, c=3");
        assertRejected(Reason.COMPONENT_UNAVAILABLE, () -> verify(verifier().build(), lines));
    }

    private static HttpMessage cookies(HttpMessage signed, int httpVersion, String... lines) {
        HttpMessageBuilder message = request().httpVersion(httpVersion);
        for (String line : lines) {
            message.field("cookie", line);
        }
        return message.field(
                        "signature-input", signed.fieldValues("signature-input").get(0))
                .field("signature", signed.fieldValues("signature").get(0))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%zz", "a=%2", "a=%", "a=x%4", "%zz=1&a=2", "a=%+1"})
    void verify_malformedPercentEncoding_isNoParameter(String query) {
        HttpMessage message = HttpMessage.request("GET")
                .scheme("https")
                .authority("api.example.com")
                .target("/?" + query)
                .field(
                        "signature-input",
                        "s=(\"@method\" \"@target-uri\" \"content-type\" \"@query-param\";name=\"a\")" + created())
                .field("signature", "s=:" + "A".repeat(43) + "=:")
                .build();
        assertRejected(Reason.COMPONENT_UNAVAILABLE, () -> verify(verifier().build(), message));
    }

    @Test
    void verify_queryParamsOfOneBase_areOneQuery() {
        SignaturePolicy policy = SignaturePolicy.recommended2026()
                .ignoreAllComponents()
                .require(Component.METHOD, Component.queryParam("a"));
        HttpMessage signed = Fixture.forged(
                HttpMessage.request("GET")
                        .scheme("https")
                        .authority("api.example.com")
                        .target("/?a=%25zz"),
                "(\"@method\" \"@query-param\";name=\"a\")" + created());
        HttpMessage sent = HttpMessage.request("GET")
                .scheme("https")
                .authority("api.example.com")
                .target("/?a=%zz")
                .field("signature-input", signed.fieldValues("signature-input").get(0))
                .field("signature", signed.fieldValues("signature").get(0))
                .build();
        HttpVerifier verifier = verifier().signature(policy).ignoreReplay().build();
        verify(verifier, signed).close();
        assertRejected(Reason.COMPONENT_UNAVAILABLE, () -> verify(verifier, sent));
    }

    @Test
    void sign_valueThatOneSideWouldFold_isRefused() {
        HttpMessage message = HttpMessage.request("GET", URI.create("https://a.example/"))
                .field("x", "a\r\n b")
                .build();
        assertThat(catchThrowable(
                        () -> signer().cover(Component.field("x")).build().sign(message)))
                .isNotNull();
    }
}
