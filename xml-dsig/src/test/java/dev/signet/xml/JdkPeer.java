// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.SigningKey;
import dev.signet.xml.SignatureShape.Covered;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchProviderException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLObject;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.ExcC14NParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import org.w3c.dom.Document;

/** The JDK's {@code javax.xml.crypto.dsig}. */
final class JdkPeer implements Peers.Peer {
    private final XMLSignatureFactory factory;

    JdkPeer() {
        try {
            // Santuario has a provider of the same interface, which is not meant.
            factory = XMLSignatureFactory.getInstance("DOM", "XMLDSig");
        } catch (NoSuchProviderException e) {
            throw new IllegalStateException("the JDK has no XML Signature", e);
        }
    }

    @Override
    public byte[] sign(Peers.Wanted wanted) throws Exception {
        SignatureShape shape = wanted.shape();
        C14NMethodParameterSpec prefixes =
                wanted.prefixes().isEmpty() ? null : new ExcC14NParameterSpec(wanted.prefixes());
        String c14n = wanted.canonicalization().uri();
        List<Reference> references = new ArrayList<>();
        for (Covered covered : shape.covered) {
            List<Transform> transforms = new ArrayList<>();
            if (covered.enveloped()) {
                transforms.add(factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null));
            }
            transforms.add(factory.newTransform(c14n, prefixes));
            references.add(factory.newReference(
                    covered.uri(), factory.newDigestMethod(wanted.digest().uri(), null), transforms, null, null));
        }
        SignedInfo signedInfo = factory.newSignedInfo(
                factory.newCanonicalizationMethod(c14n, prefixes),
                factory.newSignatureMethod(wanted.method(), null),
                references);
        Document document = Peers.unsigned(shape);
        if (shape.parent == null) {
            XMLObject object = factory.newXMLObject(
                    List.of(new DOMStructure(document.getDocumentElement())),
                    shape.covered.get(0).id(),
                    null,
                    null);
            Document enveloping = Peers.parse("<x/>".getBytes(StandardCharsets.UTF_8));
            enveloping.removeChild(enveloping.getDocumentElement());
            DOMSignContext context = new DOMSignContext(Peers.signingKey(wanted.key()), enveloping);
            factory.newXMLSignature(signedInfo, null, List.of(object), null, null)
                    .sign(context);
            return Peers.write(enveloping);
        }
        DOMSignContext context = new DOMSignContext(Peers.signingKey(wanted.key()), Peers.find(document, shape.parent));
        context.setDefaultNamespacePrefix("sig");
        factory.newXMLSignature(signedInfo, null).sign(context);
        return Peers.write(document);
    }

    @Override
    public void verify(SignatureShape shape, byte[] signed, SigningKey key) throws Exception {
        Document document = Peers.parse(signed);
        Peers.declareIds(document, shape);
        DOMValidateContext context = new DOMValidateContext(Peers.verifyingKey(key), Peers.signature(document));
        if (!factory.unmarshalXMLSignature(context).validate(context)) {
            throw new IllegalStateException("not valid for the JDK");
        }
    }

    @Override
    public String toString() {
        return "JDK";
    }
}
