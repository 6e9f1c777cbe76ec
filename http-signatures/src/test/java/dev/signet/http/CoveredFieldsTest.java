// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.BODY;
import static dev.signet.http.Fixture.assertRejected;
import static dev.signet.http.Fixture.signer;
import static dev.signet.http.Fixture.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Reason;
import java.net.URI;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields that change what a body means, or in whose name a request is made, cannot be slipped in. */
class CoveredFieldsTest {
    @ParameterizedTest
    @CsvSource({
        "Content-Type, application/x-www-form-urlencoded",
        "Content-Encoding, gzip",
        "Authorization, Bearer stolen",
        "Cookie, session=EVIL"
    })
    void verify_fieldAddedToASignedRequest_isRejected(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        SignatureFields fields = signer().build().sign(plain().build(), BODY);
        HttpMessage added = plain().field(name, value).fields(fields).build();
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(SignaturePolicy.recommended2026(), added));
        // A further line beside one that is covered.
        HttpMessageBuilder honest = plain().field(name, value);
        SignatureFields own = signer().build().sign(honest.build(), BODY);
        HttpMessage signed = plain().field(name, value).fields(own).build();
        verify(SignaturePolicy.recommended2026(), signed);
        HttpMessage doubled =
                plain().field(name, value).field(name, "x").fields(own).build();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> verify(SignaturePolicy.recommended2026(), doubled)))
                .isInstanceOf(dev.signet.core.MessageSecurityException.class);
        // By name, one can do without.
        SignaturePolicy lowered = SignaturePolicy.recommended2026().ignore(Component.field(lower));
        verify(lowered, added);
        assertThat(lowered.toString()).contains("ignore \"" + lower + "\"");
        assertThat(SignaturePolicy.recommended2026().toString())
                .contains("require \"" + lower + "\" with field " + lower);
    }

    @ParameterizedTest
    @CsvSource({"Content-Type, text/html", "Content-Encoding, gzip"})
    void verify_fieldAddedToASignedResponse_isRejected(String name, String value) {
        HttpMessage request = Fixture.signed();
        SignatureFields fields = signer().build()
                .sign(HttpMessage.response(200).answering(request).build(), BODY);
        HttpMessage added = HttpMessage.response(200)
                .answering(request)
                .field(name, value)
                .fields(fields)
                .build();
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(SignaturePolicy.responses2026(), added));
        HttpMessage honest = HttpMessage.response(200)
                .answering(request)
                .field(name, value)
                .fields(signer().build()
                        .sign(
                                HttpMessage.response(200)
                                        .answering(request)
                                        .field(name, value)
                                        .build(),
                                BODY))
                .build();
        verify(SignaturePolicy.responses2026(), honest);
    }

    /** A profile that forbids what is demanded in some circumstance means it. */
    @Test
    void verify_forbiddenField_isNotDemandedAsWell() {
        SignaturePolicy policy = SignaturePolicy.recommended2026().forbid(Component.field("cookie"));
        HttpMessage request = plain().field("cookie", "a=1").build();
        SignatureFields without = signer().cover(Component.METHOD, Component.TARGET_URI, Component.CONTENT_DIGEST)
                .build()
                .sign(request, BODY);
        verify(policy, plain().field("cookie", "a=1").fields(without).build());
        SignatureFields with = signer().build().sign(request, BODY);
        assertRejected(
                Reason.COMPONENT_FORBIDDEN,
                () -> verify(policy, plain().field("cookie", "a=1").fields(with).build()));
    }

    private static HttpMessageBuilder plain() {
        return HttpMessage.request("POST", URI.create("https://api.example.com/payments"));
    }

    private static void verify(SignaturePolicy policy, HttpMessage message) {
        verifier()
                .signature(policy)
                .ignoreReplay()
                .build()
                .verify(message, BODY)
                .close();
    }
}
