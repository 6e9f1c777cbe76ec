// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.XMLConstants;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What the JDK's {@code javax.xml.crypto.dsig} puts into the digest of a reference. */
final class Canonical {
    private Canonical() {}

    /**
     * The canonical bytes of what a reference covers in a document that has no signature yet.
     *
     * @param algorithm the canonicalization
     */
    static byte[] bytes(String document, String uri, String algorithm) {
        try {
            DocumentBuilderFactory parsers = DocumentBuilderFactory.newDefaultNSInstance();
            Document parsed = parsers.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
            XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
            Reference reference = factory.newReference(
                    uri,
                    factory.newDigestMethod(DigestMethod.SHA256, null),
                    List.of(
                            factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                            factory.newTransform(algorithm, (TransformParameterSpec) null)),
                    null,
                    null);
            SignedInfo signedInfo = factory.newSignedInfo(
                    factory.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
                    factory.newSignatureMethod(SignatureMethod.HMAC_SHA1, null),
                    List.of(reference));
            // The signature itself is thrown away.
            DOMSignContext context =
                    new DOMSignContext(new SecretKeySpec(new byte[32], "HmacSHA1"), parsed.getDocumentElement());
            context.setProperty("javax.xml.crypto.dsig.cacheReference", true);
            for (Attr id : ids(parsed.getDocumentElement(), new ArrayList<>())) {
                context.setIdAttributeNS(id.getOwnerElement(), id.getNamespaceURI(), id.getLocalName());
            }
            factory.newXMLSignature(signedInfo, null).sign(context);
            try (InputStream digested = reference.getDigestInputStream()) {
                return digested.readAllBytes();
            }
        } catch (GeneralSecurityException
                | ParserConfigurationException
                | SAXException
                | IOException
                | MarshalException
                | XMLSignatureException e) {
            throw new IllegalStateException("a document of the corpus cannot be signed", e);
        }
    }

    private static List<Attr> ids(Element element, List<Attr> found) {
        NamedNodeMap attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            Attr attribute = (Attr) attributes.item(i);
            boolean declaration = XMLConstants.XMLNS_ATTRIBUTE_NS_URI.equals(attribute.getNamespaceURI());
            if (!declaration && attribute.getLocalName().equalsIgnoreCase("id")) {
                found.add(attribute);
            }
        }
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                ids(inner, found);
            }
        }
        return found;
    }
}
