// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.demo;

import dev.signet.core.VerificationKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * How many programs read signed documents: the JDK says whether the signature is valid, and then the document is read. For
 * the demo only, which shows what comes of it.
 */
final class DemoNaiveReader {
    private DemoNaiveReader() {}

    /** @param payment what the program would do next */
    record Finding(boolean valid, String payment) {}

    static Finding read(String xml, VerificationKey key) {
        try {
            Document document = parse(xml);
            return new Finding(isValid(document, key.publicKey().orElseThrow()), payment(document));
        } catch (ParserConfigurationException
                | SAXException
                | IOException
                | MarshalException
                | XMLSignatureException e) {
            return new Finding(false, "");
        }
    }

    private static Document parse(String xml) throws ParserConfigurationException, SAXException, IOException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    /** Core validation (XML Signature 1.1, 3.2), and nothing more. */
    private static boolean isValid(Document document, PublicKey key) throws MarshalException, XMLSignatureException {
        NodeList elements = document.getElementsByTagName("*");
        for (int i = 0; i < elements.getLength(); i++) {
            Element element = (Element) elements.item(i);
            if (element.hasAttribute("Id")) {
                element.setIdAttribute("Id", true);
            }
        }
        DOMValidateContext context = new DOMValidateContext(
                KeySelector.singletonKeySelector(key),
                document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature").item(0));
        return XMLSignatureFactory.getInstance("DOM")
                .unmarshalXMLSignature(context)
                .validate(context);
    }

    private static String payment(Document document) {
        Element amount = first(document, "InstdAmt");
        Element creditor = first(document, "CdtrAcct");
        return amount.getTextContent() + " " + amount.getAttribute("Ccy") + " to "
                + creditor.getTextContent().strip();
    }

    private static Element first(Document document, String name) {
        return (Element) document.getElementsByTagNameNS("*", name).item(0);
    }
}
