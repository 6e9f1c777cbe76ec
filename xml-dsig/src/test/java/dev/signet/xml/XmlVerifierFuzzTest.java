// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.xml.security.Init;
import org.junit.jupiter.api.BeforeAll;
import org.w3c.dom.Document;

/**
 * Any bytes are refused by one of the library's errors, or what is given out is the content of one of the documents that were
 * signed; also with any bytes put into a signed document, or in place of a part of it. Whatever our parser accepts has a
 * canonical form that is its own canonical form, and is Santuario's if the platform's parser accepts it too.
 *
 * <p>Without the variable JAZZER_FUZZ only the seeds run.
 */
class XmlVerifierFuzzTest {
    private static final QName DOC = new QName("urn:a", "doc");
    private static final QName PART = new QName("urn:a", "part");

    private static final List<Signed> DOCUMENTS = List.of(
            Signed.of(
                    XmlProfile.enveloped(DOC),
                    "<doc xmlns='urn:a' xmlns:u='urn:u' u:b='1' a='&amp;&#10;2'>text<!-- no --> <part>1</part></doc>"),
            Signed.of(
                    XmlProfile.builder(DOC, PART).covers(DOC, PART).build(),
                    "<a:doc xmlns:a='urn:a'><a:part Id='x'><a:b>admin</a:b></a:part><a:other/></a:doc>"),
            Signed.of(
                    XmlProfile.soap11(),
                    "<s:Envelope xmlns:s='" + XmlProfile.SOAP_11 + "'><s:Body xmlns:w='" + XmlProfile.WSU
                            + "' w:Id='b'><pay xmlns='urn:a'>1</pay></s:Body></s:Envelope>"));

    /** A document, signed, and what may be given out of it. */
    private record Signed(XmlVerifier verifier, byte[] document, byte[] content) {
        static Signed of(XmlProfile profile, String xml) {
            byte[] signed =
                    XmlSigner.builder(EnvelopedSignatures.KEY, profile).build().sign(xml.getBytes(UTF_8));
            XmlVerifier verifier = XmlVerifier.builder(
                            KeyResolver.of(EnvelopedSignatures.KEY.verificationKey()), profile)
                    .build();
            return new Signed(
                    verifier, signed, verifier.verify(signed).content().contentBytes());
        }
    }

    private final CanonicalOracleTest.Oracle oracle = new CanonicalOracleTest.Oracle();

    @BeforeAll
    static void initSantuario() {
        Init.init();
    }

    @FuzzTest(maxDuration = "1h")
    void verify(byte[] data) throws Exception {
        for (Signed signed : DOCUMENTS) {
            verify(signed, data);
            if (data.length > 3) {
                int at = ((data[0] & 0xff) << 8 | data[1] & 0xff) % (signed.document.length + 1);
                verify(signed, replaced(signed.document, at, 0, data));
                verify(signed, replaced(signed.document, at, data[2] & 0xff, data));
            }
        }
        canonicalize(data);
    }

    private static byte[] replaced(byte[] document, int at, int count, byte[] data) {
        int rest = Math.min(document.length, at + count);
        byte[] mutated = Arrays.copyOf(document, at + data.length - 3 + document.length - rest);
        System.arraycopy(data, 3, mutated, at, data.length - 3);
        System.arraycopy(document, rest, mutated, at + data.length - 3, document.length - rest);
        return mutated;
    }

    private static void verify(Signed signed, byte[] message) throws IOException, XMLStreamException {
        try (VerifiedXml verified = signed.verifier.verify(message)) {
            // The seeds hold other documents that this key signed.
            VerifiedXml.Part content = verified.content();
            assertThat(DOCUMENTS.stream().map(Signed::content))
                    .anyMatch(known ->
                            Arrays.equals(known, 0, known.length, content.contentBytes(), 0, (int) content.length()));
            assertThat(content.toDocument().getDocumentElement().getLocalName())
                    .isEqualTo(content.name().getLocalPart());
            XMLStreamReader reader = content.openReader();
            while (reader.hasNext()) {
                reader.next();
            }
        } catch (MessageSecurityException e) {
            assertThat(e.getMessage()).hasSizeLessThan(200);
        }
        try (VerifiedXml verified = signed.verifier.verify(new ByteArrayInputStream(message))) {
            assertThat(signed.verifier.verify(message).content().contentBytes())
                    .isEqualTo(verified.content().contentBytes());
        } catch (MessageSecurityException e) {
            assertThat(e.code()).isNotEmpty();
        }
    }

    private void canonicalize(byte[] data) {
        for (XmlCanonicalization algorithm : XmlCanonicalization.values()) {
            C14n c14n = new C14n(algorithm, List.of());
            byte[] canonical;
            try {
                canonical = Canonicalizer.canonicalize(data, c14n, Canonicalizer.DOCUMENT);
            } catch (InvalidMessageException e) {
                return;
            }
            assertThat(Canonicalizer.canonicalize(canonical, c14n, Canonicalizer.DOCUMENT))
                    .isEqualTo(canonical);
            byte[] expected;
            try {
                Document dom = oracle.parse(data);
                expected = oracle.canonicalize(dom, c14n, Canonicalizer.DOCUMENT);
            } catch (AssertionError e) {
                // Names of the fifth edition of XML, relative namespace names.
                continue;
            }
            assertThat(canonical).isEqualTo(expected);
        }
    }
}
