// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.SigningKey;
import dev.signet.xml.SignatureShape.Covered;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.LinkedHashSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.crypto.SecretKey;
import org.apache.xml.security.Init;
import org.apache.xml.security.signature.ObjectContainer;
import org.apache.xml.security.signature.XMLSignature;
import org.apache.xml.security.transforms.Transforms;
import org.apache.xml.security.transforms.params.InclusiveNamespaces;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Apache Santuario's own API over DOM. */
final class SantuarioPeer implements Peers.Peer {
    /** It warns of every digest that does not match; held, so that the level stays. */
    private final Logger log = Logger.getLogger("org.apache.xml.security");

    SantuarioPeer() {
        log.setLevel(Level.OFF);
        Init.init();
    }

    @Override
    public byte[] sign(Peers.Wanted wanted) throws Exception {
        SignatureShape shape = wanted.shape();
        Document source = Peers.unsigned(shape);
        Document document = shape.parent == null ? empty() : source;
        XMLSignature signature = wanted.prefixes().isEmpty()
                ? new XMLSignature(
                        document, "", wanted.method(), wanted.canonicalization().uri())
                : new XMLSignature(document, "", method(document, wanted), canonicalization(document, wanted));
        if (shape.parent == null) {
            document.appendChild(signature.getElement());
            ObjectContainer object = new ObjectContainer(document);
            object.setId(shape.covered.get(0).id());
            object.appendChild(document.importNode(source.getDocumentElement(), true));
            signature.appendObject(object);
        } else {
            Peers.find(document, shape.parent).appendChild(signature.getElement());
        }
        for (Covered covered : shape.covered) {
            Transforms transforms = new Transforms(document);
            if (covered.enveloped()) {
                transforms.addTransform(Transforms.TRANSFORM_ENVELOPED_SIGNATURE);
            }
            String c14n = wanted.canonicalization().uri();
            if (wanted.prefixes().isEmpty()) {
                transforms.addTransform(c14n);
            } else {
                transforms.addTransform(c14n, inclusive(document, wanted));
            }
            signature.addDocument(covered.uri(), transforms, wanted.digest().uri());
        }
        signature.sign(Peers.signingKey(wanted.key()));
        return Peers.write(document);
    }

    @Override
    public void verify(SignatureShape shape, byte[] signed, SigningKey key) throws Exception {
        Document document = Peers.parse(signed);
        Peers.declareIds(document, shape);
        XMLSignature signature = new XMLSignature(Peers.signature(document), "", true);
        boolean valid = Peers.verifyingKey(key) instanceof PublicKey publicKey
                ? signature.checkSignatureValue(publicKey)
                : signature.checkSignatureValue((SecretKey) Peers.verifyingKey(key));
        if (!valid) {
            throw new IllegalStateException("not valid for Santuario");
        }
    }

    @Override
    public String toString() {
        return "Santuario";
    }

    private static Element method(Document document, Peers.Wanted wanted) {
        Element method = document.createElementNS(XmlProfile.DSIG, "ds:SignatureMethod");
        method.setAttributeNS(null, "Algorithm", wanted.method());
        return method;
    }

    private static Element canonicalization(Document document, Peers.Wanted wanted) {
        Element method = document.createElementNS(XmlProfile.DSIG, "ds:CanonicalizationMethod");
        method.setAttributeNS(null, "Algorithm", wanted.canonicalization().uri());
        method.appendChild(inclusive(document, wanted));
        return method;
    }

    private static Element inclusive(Document document, Peers.Wanted wanted) {
        InclusiveNamespaces list = new InclusiveNamespaces(document, new LinkedHashSet<>(wanted.prefixes()));
        list.getElement()
                .setAttributeNS("http://www.w3.org/2000/xmlns/", "xmlns:ec", "http://www.w3.org/2001/10/xml-exc-c14n#");
        return list.getElement();
    }

    private static Document empty() throws Exception {
        Document document = Peers.parse("<x/>".getBytes(StandardCharsets.UTF_8));
        document.removeChild(document.getDocumentElement());
        return document;
    }
}
