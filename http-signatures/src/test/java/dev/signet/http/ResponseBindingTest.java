// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.BODY;
import static dev.signet.http.Fixture.OTHER_KEY;
import static dev.signet.http.Fixture.assertInvalid;
import static dev.signet.http.Fixture.assertRejected;
import static dev.signet.http.Fixture.request;
import static dev.signet.http.Fixture.signed;
import static dev.signet.http.Fixture.signer;
import static dev.signet.http.Fixture.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import org.junit.jupiter.api.Test;

/** A response answers one request. */
class ResponseBindingTest {
    private static final SignaturePolicy POLICY = SignaturePolicy.responses2026();
    private static final Component SIGNATURE =
            Component.field("signature").key("sig").req();

    @Test
    void sign_responseToASignedRequest_coversEachOfItsSignatures() {
        HttpMessage twice = twiceSigned();
        assertThat(input(signer().build(), twice))
                .contains(" \"signature\";key=\"sig\";req \"signature\";key=\"gw\";req)");
        assertThat(input(signer().requestLabels("sig").build(), twice))
                .contains(" \"signature\";key=\"sig\";req)")
                .doesNotContain("\"gw\"");
        assertThat(input(signer().allowUnboundToRequestSignature().build(), twice))
                .doesNotContain("\"signature\"");
        assertThat(input(signer().build(), request().build())).doesNotContain("\"signature\"");
        // A list of one's own is taken as it is.
        assertThat(input(signer().cover(Component.STATUS).build(), twice)).startsWith("sig=(\"@status\");");
        assertThat(signer().allowUnboundToRequestSignature().build())
                .hasToString("HttpSigner[client-1 HS256, " + SecurityPolicy.recommended2026()
                        + ", allowUnboundToRequestSignature]");
    }

    @Test
    void sign_requestWithoutTheWantedOrWithUnreadableSignatures_isRefused() {
        HttpMessage signed = signed();
        assertInvalid(() -> input(signer().requestLabels("other").build(), signed));
        for (String signatures : new String[] {"sig=:AA==:, sig=:AA==:", "=", "a=:AA==:,".repeat(9) + "b=:AA==:"}) {
            HttpMessage bad = request().field("signature", signatures).build();
            assertInvalid(() -> input(signer().build(), bad));
        }
        StringBuilder many = new StringBuilder("s0=:AA==:");
        for (int i = 1; i < 9; i++) {
            many.append(", s").append(i).append("=:AA==:");
        }
        HttpMessage bad = request().field("signature", many.toString()).build();
        assertInvalid(() -> input(signer().build(), bad));
    }

    @Test
    void verify_responseBoundToMethodAndTargetOnly_isRejected() {
        HttpMessage asked = signed();
        HttpMessage weak =
                answer(asked, signer().allowUnboundToRequestSignature().build());
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(POLICY, weak));
        verify(POLICY.allowUnboundToRequestSignature(), weak);
        verify(POLICY.ignore(Component.field("signature").req()), weak);
        // What is accepted then is as good an answer to a request that was made later.
        HttpMessage later = HttpMessage.response(200)
                .answering(signed())
                .field("signature-input", weak.fieldValues("signature-input").get(0))
                .field("signature", weak.fieldValues("signature").get(0))
                .field("content-digest", weak.fieldValues("content-digest").get(0))
                .build();
        verify(POLICY.allowUnboundToRequestSignature(), later);
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(POLICY, later));
    }

    @Test
    void verify_responseBoundToAnotherLabel_isRejectedWhereOneIsNamed() {
        HttpMessage twice = twiceSigned();
        HttpMessage byGateway = answer(twice, signer().requestLabels("gw").build());
        verify(POLICY, byGateway);
        verify(POLICY.requestLabel("gw"), byGateway);
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(POLICY.requestLabel("sig"), byGateway));
        HttpMessage both = answer(twice, signer().build());
        verify(POLICY.requestLabel("sig"), both);
        verify(POLICY.requestLabel("gw"), both);
    }

    @Test
    void verify_wholeSignatureField_bindsToo() {
        HttpMessage twice = twiceSigned();
        HttpSigner whole = covering(Component.field("signature").req());
        verify(POLICY, answer(twice, whole));
        verify(POLICY.requestLabel("sig"), answer(twice, whole));
    }

    /** Nothing of an unsigned request is its own, unless it asks for a nonce. */
    @Test
    void verify_responseToAnUnsignedRequest_needsTheNonceItAskedFor() {
        HttpMessage plain = request().build();
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(POLICY, answer(plain, signer().build())));
        AcceptSignature asked =
                AcceptSignature.builder("r", Component.STATUS).nonce("n-1").build();
        HttpMessage asking = request()
                .field("accept-signature", AcceptSignature.fieldValue(java.util.List.of(asked)))
                .build();
        HttpMessage asking2 = request()
                .field("accept-signature", "r=(\"@status\");nonce=\"n-2\"")
                .build();
        HttpSigner answering = signer().allowRequestedNonce().build().answering(asked);
        HttpMessage answer = answer(asking, answering);
        verify(POLICY, answer);
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(POLICY, answer(asking2, answering)));
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(POLICY, answer(asking, signer().build())));
        assertRejected(
                Reason.COMPONENT_NOT_COVERED,
                () -> verify(POLICY, answer(asking, signer().allowMissingNonce().build())));
        // A label means a signature.
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(POLICY.requestLabel("sig"), answer));
    }

    @Test
    void verify_requestNotKnown_isRejected() {
        SignaturePolicy noComponents = POLICY.ignore(Component.METHOD.req(), Component.TARGET_URI.req());
        HttpMessage response = HttpMessage.response(200)
                .fields(signer().cover(Component.STATUS, Component.CONTENT_DIGEST)
                        .build()
                        .sign(HttpMessage.response(200).build(), BODY))
                .build();
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(noComponents, response));
        HttpMessage bound = answer(signed(), signer().build());
        HttpMessage orphan = HttpMessage.response(200)
                .field("signature-input", bound.fieldValues("signature-input").get(0))
                .field("signature", bound.fieldValues("signature").get(0))
                .field("content-digest", bound.fieldValues("content-digest").get(0))
                .build();
        assertRejected(Reason.COMPONENT_UNAVAILABLE, () -> verify(noComponents, orphan));
    }

    @Test
    void toString_loweredPolicy_saysSo() {
        assertThat(POLICY.toString())
                .contains("require the request's signature")
                .doesNotContain("allow");
        assertThat(POLICY.requestLabel("sig").toString()).contains("require the request's signature sig");
        SignaturePolicy lowered = POLICY.allowUnboundToRequestSignature();
        assertThat(lowered.toString())
                .contains("allowUnboundToRequestSignature")
                .doesNotContain("the request's");
        assertThat(lowered.requestLabel("sig").toString()).doesNotContain("allowUnbound");
        assertThat(POLICY.ignore(SIGNATURE).toString())
                .contains("ignore \"signature\";key=\"sig\";req")
                .doesNotContain("the request's");
        assertThat(POLICY.ignoreAllComponents().toString())
                .contains("ignoreAllComponents")
                .doesNotContain("the request's");
        assertThat(POLICY.ignore(SignatureParameters.Name.CREATED).toString()).contains("ignore created");
        assertThat(POLICY.dangerouslyAllowEmptyCoverage().toString()).contains("dangerouslyAllowEmptyCoverage");
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    private static HttpSigner covering(Component... more) {
        return signer().cover(Component.STATUS, Component.CONTENT_DIGEST)
                .cover(Component.METHOD.req(), Component.TARGET_URI.req())
                .cover(more)
                .build();
    }

    /** A request by a client, which a gateway has signed again. */
    private static HttpMessage twiceSigned() {
        HttpMessage once = signed();
        SignatureFields gateway = HttpSigner.builder(OTHER_KEY)
                .label("gw")
                .clock(Fixture.CLOCK)
                .build()
                .sign(once, BODY);
        return request()
                .field("content-digest", once.fieldValues("content-digest").get(0))
                .field("signature-input", once.fieldValues("signature-input").get(0))
                .field("signature", once.fieldValues("signature").get(0))
                .field("signature-input", gateway.signatureInput())
                .field("signature", gateway.signature())
                .build();
    }

    private static String input(HttpSigner signer, HttpMessage request) {
        return signer.sign(HttpMessage.response(200).answering(request).build(), BODY)
                .signatureInput();
    }

    private static HttpMessage answer(HttpMessage request, HttpSigner signer) {
        SignatureFields fields =
                signer.sign(HttpMessage.response(200).answering(request).build(), BODY);
        return HttpMessage.response(200).answering(request).fields(fields).build();
    }

    private static void verify(SignaturePolicy policy, HttpMessage response) {
        HttpVerifier verifier = verifier().signature(policy).ignoreReplay().build();
        verifier.verify(response, BODY).close();
    }
}
