// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.SigningKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.List;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Enveloped signatures by the platform's own XML Signature, for tests that need a signer other than ours. */
final class JdkSignatures {
    private JdkSignatures() {}

    static byte[] enveloped(byte[] xml, String method, Key key, String c14n) throws Exception {
        Document document = DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml));
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        var reference = factory.newReference(
                "",
                factory.newDigestMethod(DigestMethod.SHA256, null),
                List.of(
                        factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                        factory.newTransform(c14n, (TransformParameterSpec) null)),
                null,
                null);
        var signedInfo = factory.newSignedInfo(
                factory.newCanonicalizationMethod(c14n, (C14NMethodParameterSpec) null),
                factory.newSignatureMethod(method, null),
                List.of(reference));
        DOMSignContext context = new DOMSignContext(key, document.getDocumentElement());
        context.setDefaultNamespacePrefix("ds");
        factory.newXMLSignature(signedInfo, (KeyInfo) null).sign(context);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TransformerFactory.newDefaultInstance()
                .newTransformer()
                .transform(new DOMSource(document), new StreamResult(out));
        return out.toByteArray();
    }

    static final String EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE;

    /** As {@link #enveloped}, with a second reference, to an element with the id {@code p} in the signature's object. */
    static byte[] envelopedWithProperties(byte[] xml, SigningKey key, String properties) throws Exception {
        DocumentBuilder parser = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder();
        Document document = parser.parse(new ByteArrayInputStream(xml));
        Element element = (Element) document.importNode(
                parser.parse(new ByteArrayInputStream(properties.getBytes(StandardCharsets.UTF_8)))
                        .getDocumentElement(),
                true);
        element.setIdAttribute("Id", true);
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        DigestMethod sha256 = factory.newDigestMethod(DigestMethod.SHA256, null);
        Transform exclusive = factory.newTransform(EXCLUSIVE, (TransformParameterSpec) null);
        var whole = factory.newReference(
                "",
                sha256,
                List.of(factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null), exclusive),
                null,
                null);
        var signedInfo = factory.newSignedInfo(
                factory.newCanonicalizationMethod(EXCLUSIVE, (C14NMethodParameterSpec) null),
                factory.newSignatureMethod(key.algorithm().xmlUri().orElseThrow(), null),
                List.of(whole, factory.newReference("#p", sha256, List.of(exclusive), null, null)));
        DOMSignContext context =
                new DOMSignContext(key.dangerousPrivateKey().orElseThrow(), document.getDocumentElement());
        factory.newXMLSignature(
                        signedInfo,
                        null,
                        List.of(factory.newXMLObject(List.of(new DOMStructure(element)), null, null, null)),
                        null,
                        null)
                .sign(context);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TransformerFactory.newDefaultInstance()
                .newTransformer()
                .transform(new DOMSource(document), new StreamResult(out));
        return out.toByteArray();
    }
}
