// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.XmlLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class XmlSignerTest {
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ES256);
    private static final String NS = "urn:example:order";
    private static final QName ORDER = new QName(NS, "Order");
    private static final QName ID = new QName(NS, "Id");
    private static final QName LINES = new QName(NS, "Lines");
    private static final XmlProfile ENVELOPED = XmlProfile.enveloped(ORDER);
    private static final XmlProfile DETACHED =
            XmlProfile.builder(ORDER).covers(ORDER, ID).covers(ORDER, LINES).build();
    private static final String SOAP = XmlProfile.SOAP_12;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Order xmlns='urn:example:order'/>",
                "<Order xmlns='urn:example:order'   />",
                "<Order xmlns='urn:example:order'></Order  >",
                "\ufeff<Order xmlns='urn:example:order'>é</Order>",
                "<?xml version='1.0' encoding='UTF-8'?>\r\n<!-- é </Order> -->\r\n<Order xmlns='urn:example:order'>\r\n\r\n</Order>\r\n<!--</Order>-->",
                "\ufeff<?xml version='1.0'?><a:Order xmlns:a='urn:example:order' a:b='&#x1F600;\t😀'>😀<a:Order/>é𐀀</a:Order>",
                "<Order xmlns='urn:example:order'><![CDATA[</Order>]]><x:ds xmlns:x='urn:x' xmlns:ds='urn:other'/></Order>\n"
            })
    void sign_enveloped_leavesEveryOtherByte(String xml) {
        for (XmlCanonicalization c14n : XmlCanonicalization.values()) {
            byte[] signed = XmlSigner.builder(KEY, ENVELOPED)
                    .canonicalization(c14n)
                    .build()
                    .sign(xml.getBytes(UTF_8));

            String text = new String(signed, UTF_8);
            int start = text.indexOf("<ds:Signature");
            int end = text.indexOf("</ds:Signature>") + "</ds:Signature>".length();
            String around = text.substring(0, start) + text.substring(end);
            // Only a tag that was both a start and an end becomes two.
            assertThat(xml.endsWith("/>") && !xml.contains("</") ? around.replace("></Order>", "/>") : around)
                    .isEqualTo(xml);
            assertThat(verify(ENVELOPED, signed).content().name()).isEqualTo(ORDER);
        }
    }

    @Test
    void sign_latin1_staysLatin1() {
        byte[] xml = "<?xml version='1.0' encoding='ISO-8859-1'?><Order xmlns='urn:example:order'>é</Order>"
                .getBytes(ISO_8859_1);

        byte[] signed = XmlSigner.builder(KEY, ENVELOPED).build().sign(xml);

        assertThat(new String(signed, ISO_8859_1)).contains(">é<ds:Signature");
        assertThat(verify(ENVELOPED, signed).content().texts("Id")).isEmpty();
        assertThat(new String(verify(ENVELOPED, signed).content().contentBytes(), UTF_8))
                .contains(">é<");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "ISO-8859-1, <dü xmlns='urn:a'/>",
                "ISO-8859-1, <dü xmlns='urn:a' Id='é'></dü>",
                "ISO-8859-1, <dü xmlns='urn:a' Id='&#x20ac;&#x1f600;'></dü>",
                "US-ASCII, <d xmlns='urn:a' Id='&#xe9;'/>",
                "UTF-8, <dü xmlns='urn:a' Id='&#x1f600;é'/>"
            })
    void sign_namesAndIdsBeyondAscii_areWrittenInTheDocumentsEncoding(String encoding, String document)
            throws IOException {
        String xml = "<?xml version='1.0' encoding='" + encoding + "'?>" + document;
        XmlProfile profile = XmlProfile.enveloped(new QName("urn:a", document.startsWith("<dü") ? "dü" : "d"));
        XmlSigner signer = XmlSigner.builder(KEY, profile).build();

        byte[] signed = signer.sign(xml.getBytes(encoding));
        ByteArrayOutputStream streamed = new ByteArrayOutputStream();
        signer.sign(new ByteArrayInputStream(xml.getBytes(encoding)), streamed);

        assertThat(verify(profile, signed).content().length()).isPositive();
        assertThat(verify(profile, streamed.toByteArray()).content().length()).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {"UTF-8, ||", "UTF-8, <?xml version='1.0'?>", "UTF-8, <?xml version='1.0' encoding='UTF-8'?>"})
    void sign_documentWithByteOrderMark_setsTheSignatureAtItsPlace(String encoding, String declaration)
            throws IOException {
        for (String document :
                new String[] {"<Order xmlns='urn:example:order'/>", "<Order xmlns='urn:example:order'></Order>"}) {
            ByteArrayOutputStream xml = new ByteArrayOutputStream();
            xml.writeBytes("\ufeff".getBytes(UTF_8));
            xml.writeBytes((declaration + document).getBytes(encoding));
            ByteArrayOutputStream streamed = new ByteArrayOutputStream();

            byte[] signed = XmlSigner.builder(KEY, ENVELOPED).build().sign(xml.toByteArray());
            XmlSigner.builder(KEY, ENVELOPED).build().sign(new ByteArrayInputStream(xml.toByteArray()), streamed);

            assertThat(new String(signed, UTF_8))
                    .startsWith("\ufeff" + declaration + "<Order xmlns='urn:example:order'><ds:");
            assertThat(verify(ENVELOPED, signed).content().name()).isEqualTo(ORDER);
            assertThat(verify(ENVELOPED, streamed.toByteArray()).content().name())
                    .isEqualTo(ORDER);
        }
    }

    @Test
    void sign_placesOrIdsThatOccurTwice_isRefused() {
        for (String xml : new String[] {
            "<Order xmlns='urn:example:order'><Id/><Lines/><Lines/></Order>",
            "<Order xmlns='urn:example:order'><Id Id='a'/><Lines Id='a'/></Order>"
        }) {
            assertThatThrownBy(() -> XmlSigner.builder(KEY, DETACHED).build().sign(xml.getBytes(UTF_8)))
                    .isInstanceOf(InvalidMessageException.class);
        }
        assertThatThrownBy(() -> XmlProfile.builder(ORDER).idAttributes()).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(XmlDigest.class)
    void sign_detached_addsIdsAndCoversBoth(XmlDigest digest) {
        String xml =
                "<Order xmlns='urn:example:order' xml:lang='de'><Id>42</Id><Lines Id='é1'><L/></Lines><Note/></Order>";
        for (XmlCanonicalization c14n : XmlCanonicalization.values()) {
            byte[] signed = XmlSigner.builder(KEY, DETACHED)
                    .digest(digest)
                    .canonicalization(c14n)
                    .build()
                    .sign(xml.getBytes(UTF_8));

            assertThat(new String(signed, UTF_8)).contains("<Id Id=\"id-").contains("URI=\"#é1\"");
            VerifiedXml verified = verify(DETACHED, signed);
            assertThat(verified.part(ID).text(".")).isEqualTo("42");
            assertThat(verified.part(LINES).text("L")).isEmpty();
        }
    }

    @Test
    void sign_enveloping_wrapsTheRoot() {
        XmlProfile profile = XmlProfile.enveloping(ORDER);
        for (XmlCanonicalization c14n : XmlCanonicalization.values()) {
            byte[] signed = XmlSigner.builder(KEY, profile)
                    .canonicalization(c14n)
                    .build()
                    .sign("<?xml version='1.0'?>\n<!-- x --><Order xmlns='urn:example:order'><Id>é</Id></Order><!-- -->"
                            .getBytes(UTF_8));

            VerifiedXml verified = verify(profile, signed);
            assertThat(verified.content().name()).isEqualTo(ORDER);
            assertThat(verified.content().text("Id")).isEqualTo("é");
            assertThat(new String(signed, UTF_8)).startsWith("<ds:Signature").endsWith("</ds:Object></ds:Signature>");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Body><m>1</m></e:Body></e:Envelope>",
                "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Header/><e:Body><m>1</m></e:Body></e:Envelope>",
                "<Envelope xmlns='http://www.w3.org/2003/05/soap-envelope'><Header></Header><Body><m xmlns=''>1</m></Body></Envelope>",
                "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope' xmlns:wsu='urn:clash'><e:Header><w:Security xmlns:w='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'><u:Timestamp xmlns:u='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'><u:Created>2026-11-26T12:00:00Z</u:Created></u:Timestamp></w:Security></e:Header><e:Body><m>1</m></e:Body></e:Envelope>"
            })
    void sign_soap_makesWhatIsMissing(String xml) {
        XmlProfile profile = XmlProfile.soap12();

        byte[] signed = XmlSigner.builder(KEY, profile).build().sign(xml.getBytes(UTF_8));

        VerifiedXml verified = verify(profile, signed);
        assertThat(verified.content().name()).isEqualTo(new QName(SOAP, "Body"));
        assertThat(verified.content().text("{}m")).isEqualTo("1");
        assertThat(verified.parts()).hasSize(xml.contains("Timestamp") ? 2 : 1);
    }

    @Test
    void sign_after_standsBehindTheSibling() {
        for (String id : new String[] {"<Id>1</Id>", "<Id/>"}) {
            byte[] signed = XmlSigner.builder(KEY, ENVELOPED)
                    .after(ID)
                    .build()
                    .sign(("<Order xmlns='urn:example:order'>" + id + "<Lines/></Order>").getBytes(UTF_8));

            assertThat(new String(signed, UTF_8))
                    .contains(id + "<ds:Signature")
                    .endsWith("</ds:Signature><Lines/></Order>");
            assertThat(verify(ENVELOPED, signed).content().texts("Id")).hasSize(1);
        }
    }

    @Test
    void sign_twice_isRefused() {
        XmlSigner signer = XmlSigner.builder(KEY, ENVELOPED).build();
        byte[] signed = signer.sign("<Order xmlns='urn:example:order'/>".getBytes(UTF_8));

        assertThatThrownBy(() -> signer.sign(signed)).isInstanceOf(InvalidMessageException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Other/>",
                "",
                "<Order xmlns='urn:example:order'>",
                "<!DOCTYPE a><Order xmlns='urn:example:order'/>",
                "<?a b?><Order xmlns='urn:example:order'/>",
                "<?xml version='1.1'?><Order xmlns='urn:example:order'/>",
                "<Order xmlns='urn:example:order'>&a;</Order>"
            })
    void sign_notWhatTheProfileSays_isRefused(String xml) {
        assertThatThrownBy(() -> XmlSigner.builder(KEY, ENVELOPED).build().sign(xml.getBytes(UTF_8)))
                .isInstanceOf(InvalidMessageException.class)
                .hasNoCause();
    }

    @Test
    void sign_stream_equalsArrayAndSpools() throws IOException {
        XmlLimits limits = XmlLimits.recommended2026()
                .withMaxBytes(20 << 20)
                .withMaxBytesInMemory(4 << 10)
                .withMaxElements(1 << 20)
                .withMaxChildren(1 << 20)
                .withMaxDepth(8);
        SecurityPolicy policy = SecurityPolicy.recommended2026()
                .withLimits(Limits.recommended2026().withXml(limits));
        StringBuilder xml = new StringBuilder("<Order xmlns='urn:example:order'>");
        for (int i = 0; i < 20_000; i++) {
            xml.append("<Id n=\"").append(i).append("\">é😀&amp;").append(i).append("</Id>\r\n");
        }
        byte[] document = xml.append("</Order>").toString().getBytes(UTF_8);
        for (XmlCanonicalization c14n : XmlCanonicalization.values()) {
            ByteArrayOutputStream signed = new ByteArrayOutputStream();
            XmlSigner.builder(KEY, ENVELOPED)
                    .canonicalization(c14n)
                    .policy(policy)
                    .build()
                    .sign(new ByteArrayInputStream(document), signed);

            try (VerifiedXml verified = XmlVerifier.builder(KeyResolver.of(KEY.verificationKey()), ENVELOPED)
                    .policy(policy)
                    .build()
                    .verify(new ByteArrayInputStream(signed.toByteArray()))) {
                assertThat(verified.content().texts("Id")).hasSize(20_000).endsWith("é😀&19999");
                assertThat(verified.content().contentStream().readAllBytes())
                        .isEqualTo(verified.content().contentBytes());
            }
        }
    }

    private static VerifiedXml verify(XmlProfile profile, byte[] signed) {
        return XmlVerifier.builder(KeyResolver.of(KEY.verificationKey()), profile)
                .build()
                .verify(signed);
    }
}
