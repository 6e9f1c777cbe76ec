// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecretBytes;
import dev.signet.core.VerificationKey;
import dev.signet.testkit.WrappingCase;
import dev.signet.testkit.WrappingCase.Kind;
import dev.signet.testkit.XmlWrappingCorpus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The testkit's corpus: what comes out is nothing, or what was signed. */
class XmlWrappingTest {
    private static final String SAML = "urn:oasis:names:tc:SAML:2.0:assertion";
    private static final String SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol";
    private static final QName RESPONSE = new QName(SAMLP, "Response");

    private static final Map<Kind, XmlProfile> PROFILES = new EnumMap<>(Map.of(
            Kind.SAML_RESPONSE, XmlProfile.enveloped(RESPONSE),
            Kind.SAML_ASSERTION,
                    XmlProfile.builder(RESPONSE, new QName(SAML, "Assertion"))
                            .covers(RESPONSE, new QName(SAML, "Assertion"))
                            .build(),
            Kind.SOAP_11_BODY, XmlProfile.soap11(),
            Kind.SOAP_12_BODY, XmlProfile.soap12(),
            Kind.ISO_20022,
                    XmlProfile.enveloped(new QName("urn:iso:std:iso:20022:tech:xsd:pain.001.001.09", "Document"))));

    private static final VerificationKey PUBLIC =
            VerificationKey.of(Algorithm.RS256, XmlWrappingCorpus.publicKey()).withId(XmlWrappingCorpus.KEY_NAME);
    private static final VerificationKey SECRET = VerificationKey.hmac(
                    Algorithm.HS256, SecretBytes.copyOf(XmlWrappingCorpus.secret()))
            .withId(XmlWrappingCorpus.KEY_NAME);

    static List<WrappingCase> cases() {
        return XmlWrappingCorpus.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void verify_corpus_givesVerdict(WrappingCase one) throws IOException {
        XmlVerifier verifier = verifier(one);
        String released;
        try {
            released = text(verifier.verify(one.xml()).content().contentBytes());
        } catch (MessageSecurityException e) {
            released = null;
        }
        String expected = one.content().map(XmlWrappingTest::text).orElse(null);
        switch (one.verdict()) {
            case ACCEPTED -> assertThat(released).as(one.description()).isEqualTo(expected);
            case REFUSED -> assertThat(released).as(one.description()).isNull();
            case EITHER -> assertThat(released).as(one.description()).isIn(expected, null);
        }
        assertThat(streamed(verifier, one.xml())).as("as a stream").isEqualTo(released);
    }

    private static String streamed(XmlVerifier verifier, byte[] xml) throws IOException {
        try (VerifiedXml verified = verifier.verify(new ByteArrayInputStream(xml))) {
            return text(verified.content().contentBytes());
        } catch (MessageSecurityException e) {
            return null;
        }
    }

    @Test
    void corpus_size_isLarge() {
        assertThat(cases()).hasSizeGreaterThan(2500);
    }

    private static XmlVerifier verifier(WrappingCase one) {
        return XmlVerifier.builder(KeyResolver.of(one.usesSecret() ? SECRET : PUBLIC), PROFILES.get(one.kind()))
                .certificate(XmlWrappingCorpus.KEY_NAME, XmlWrappingCorpus.certificate())
                .build();
    }

    private static String text(byte[] xml) {
        return new String(xml, StandardCharsets.UTF_8);
    }
}
