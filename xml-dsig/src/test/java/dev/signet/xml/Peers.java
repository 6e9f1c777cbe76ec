// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.Algorithm;
import dev.signet.core.SigningKey;
import dev.signet.xml.SignatureShape.Covered;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Other implementations of XML Signature, used as they come. */
final class Peers {
    static final List<Peer> ALL = List.of(new JdkPeer(), new SantuarioPeer(), new XmlsecPeer());

    private Peers() {}

    /**
     * What is signed and how.
     *
     * @param prefixes of InclusiveNamespaces; none leaves it out
     */
    record Wanted(
            SignatureShape shape,
            SigningKey key,
            XmlCanonicalization canonicalization,
            List<String> prefixes,
            XmlDigest digest) {
        String method() {
            return key.algorithm().xmlUri().orElseThrow();
        }

        @Override
        public String toString() {
            return shape + " " + key.algorithm() + " " + canonicalization + prefixes + " " + digest;
        }
    }

    /** An implementation. */
    interface Peer {
        byte[] sign(Wanted wanted) throws Exception;

        /** Throws unless the only signature is valid. */
        void verify(SignatureShape shape, byte[] signed, SigningKey key) throws Exception;

        /** What it cannot do. */
        default Set<Algorithm> lacking() {
            return EnumSet.noneOf(Algorithm.class);
        }

        default Set<XmlDigest> lackingDigests() {
            return EnumSet.noneOf(XmlDigest.class);
        }

        /** Fails, or aborts the test, if it is not there. */
        default void require() {}
    }

    static Document parse(byte[] xml) throws Exception {
        return DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml));
    }

    /** The document to be signed, its ids known. */
    static Document unsigned(SignatureShape shape) throws Exception {
        Document document = parse(shape.unsigned().getBytes(StandardCharsets.UTF_8));
        declareIds(document, shape);
        return document;
    }

    static void declareIds(Document document, SignatureShape shape) {
        for (Covered covered : shape.covered) {
            Element element = find(document, covered.element());
            QName attribute = covered.attribute();
            if (element != null && attribute != null) {
                String namespace = attribute.getNamespaceURI().isEmpty() ? null : attribute.getNamespaceURI();
                element.setIdAttributeNS(namespace, attribute.getLocalPart(), true);
            }
        }
    }

    static Element find(Document document, QName name) {
        String namespace = name.getNamespaceURI().isEmpty() ? null : name.getNamespaceURI();
        return (Element)
                document.getElementsByTagNameNS(namespace, name.getLocalPart()).item(0);
    }

    static Element signature(Document document) {
        return find(document, new QName(XmlProfile.DSIG, "Signature"));
    }

    static byte[] write(Document document) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TransformerFactory.newDefaultInstance()
                .newTransformer()
                .transform(new DOMSource(document), new StreamResult(out));
        return out.toByteArray();
    }

    /** The key as the JDK's own object. */
    static Key signingKey(SigningKey key) throws Exception {
        if (key.algorithm().isSymmetric()) {
            return secret(key);
        }
        PrivateKey own = key.dangerousPrivateKey().orElseThrow();
        return KeyFactory.getInstance(own.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(own.getEncoded()));
    }

    static Key verifyingKey(SigningKey key) throws Exception {
        if (key.algorithm().isSymmetric()) {
            return secret(key);
        }
        PublicKey own = key.verificationKey().publicKey().orElseThrow();
        return KeyFactory.getInstance(own.getAlgorithm()).generatePublic(new X509EncodedKeySpec(own.getEncoded()));
    }

    static byte[] secretBytes(SigningKey key) {
        return key.dangerousSecret().orElseThrow().dangerousToByteArray();
    }

    private static Key secret(SigningKey key) {
        return new SecretKeySpec(secretBytes(key), "HMAC");
    }
}
