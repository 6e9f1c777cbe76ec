// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.testkit.WrappingCase.Kind;
import dev.signet.testkit.WrappingCase.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.URIDereferencer;
import javax.xml.crypto.URIReferenceException;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * That the corpus bites: what its name says is an attack is one, for a verifier that looks for signatures and ids anywhere, as
 * many do, and asks the JDK whether the signature is valid.
 */
class XmlWrappingCorpusTest {
    private static List<WrappingCase> cases;
    private static Map<WrappingCase, Boolean> naive;

    @BeforeAll
    static void validate() throws Exception {
        cases = XmlWrappingCorpus.cases();
        naive = new TreeMap<>((a, b) -> a.name().compareTo(b.name()));
        for (WrappingCase one : cases) {
            naive.put(one, isValidSomewhere(one));
        }
    }

    @Test
    void cases_allKinds_areMany() {
        assertThat(cases).hasSizeGreaterThan(1000);
        for (Kind kind : Kind.values()) {
            assertThat(cases.stream().filter(c -> c.kind() == kind).count()).isGreaterThan(200);
            for (int xsw = 1; xsw <= 8; xsw++) {
                String attack = "xsw" + xsw;
                assertThat(cases).anyMatch(c -> c.kind() == kind && c.attack().equals(attack));
            }
        }
    }

    @Test
    void cases_madeTwice_areTheSame() {
        List<WrappingCase> again = XmlWrappingCorpus.cases();
        assertThat(again).hasSameSizeAs(cases);
        for (int i = 0; i < cases.size(); i++) {
            assertThat(again.get(i).name()).isEqualTo(cases.get(i).name());
            assertThat(again.get(i).xml()).isEqualTo(cases.get(i).xml());
        }
    }

    @Test
    void cases_differentNames_areDifferentDocuments() {
        Map<String, List<String>> same = cases.stream()
                .collect(Collectors.groupingBy(
                        c -> c.usesSecret() + c.kind().name() + new String(c.xml(), StandardCharsets.ISO_8859_1),
                        Collectors.mapping(WrappingCase::name, Collectors.toList())));
        assertThat(same.values().stream().filter(names -> names.size() > 1)).isEmpty();
    }

    @Test
    void cases_accepted_areValidForTheJdk() {
        assertThat(naive.entrySet().stream()
                        .filter(e -> e.getKey().verdict() == Verdict.ACCEPTED && !e.getValue())
                        .map(e -> e.getKey().name()))
                .isEmpty();
    }

    @Test
    void cases_xsw_areValidForTheJdk() {
        assertThat(naive.entrySet().stream()
                        .filter(e -> e.getKey().attack().startsWith("xsw") && !e.getValue())
                        .map(e -> e.getKey().name())
                        // The whole document is not found by an id, and so cannot be moved; only its signature can.
                        .filter(name -> !name.endsWith("/iso20022-whole")))
                .isEmpty();
    }

    @Test
    void cases_refused_areManyThatTheJdkFindsValid() {
        Map<String, Long> biting = naive.entrySet().stream()
                .filter(e -> e.getKey().verdict() == Verdict.REFUSED && e.getValue())
                .collect(Collectors.groupingBy(e -> e.getKey().attack(), TreeMap::new, Collectors.counting()));
        assertThat(biting.values().stream().mapToLong(n -> n).sum()).isGreaterThan(900);
        assertThat(biting)
                .containsKeys("entity", "id", "instruction", "key-info", "name", "number", "place", "second-part")
                .containsKeys(
                        "comment-in-signature", "digest", "hmac", "stranger", "target", "transform", "uri", "value");
    }

    @Test
    void cases_attackersKey_areNeverValidWithTheSigners() {
        assertThat(naive.entrySet().stream().filter(e -> e.getKey().attack().equals("attacker-key")))
                .hasSizeGreaterThan(50)
                .noneMatch(Map.Entry::getValue);
    }

    /** Whether any signature of the document is valid, the ids found in one order or the other. */
    private static boolean isValidSomewhere(WrappingCase one) throws Exception {
        Document document;
        try {
            DocumentBuilder parser =
                    DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder();
            parser.setErrorHandler(new Silent());
            document = parser.parse(new ByteArrayInputStream(one.xml()));
        } catch (SAXException | IOException e) {
            return false;
        }
        Key key = one.usesSecret()
                ? new SecretKeySpec(XmlWrappingCorpus.secret(), "HmacSHA256")
                : XmlWrappingCorpus.publicKey();
        NodeList signatures = document.getElementsByTagNameNS(SignatureDraft.DS, "Signature");
        for (int i = 0; i < signatures.getLength(); i++) {
            ignoreStrangers((Element) signatures.item(i));
            if (isValid(key, (Element) signatures.item(i), false) || isValid(key, (Element) signatures.item(i), true)) {
                return true;
            }
        }
        return false;
    }

    /** The JDK refuses foreign children of a signature; one that passes over them validates the same as if they were in Objects. */
    private static void ignoreStrangers(Element signature) {
        List<Node> strangers = new ArrayList<>();
        for (Node child = signature.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element && !SignatureDraft.DS.equals(child.getNamespaceURI())) {
                strangers.add(child);
            }
        }
        for (Node stranger : strangers) {
            Element object = signature.getOwnerDocument().createElementNS(SignatureDraft.DS, "ds:Object");
            signature.appendChild(object);
            object.appendChild(stranger);
        }
    }

    private static boolean isValid(Key key, Element signature, boolean reversed) {
        DOMValidateContext context = new DOMValidateContext(key, signature);
        context.setProperty("org.jcp.xml.dsig.secureValidation", false);
        URIDereferencer inside = XMLSignatureFactory.getInstance("DOM").getURIDereferencer();
        context.setURIDereferencer((uri, about) -> {
            if (uri.getURI() != null && !uri.getURI().isEmpty() && !uri.getURI().startsWith("#")) {
                throw new URIReferenceException("nothing is fetched");
            }
            return inside.dereference(uri, about);
        });
        List<Attr> ids = ids(signature.getOwnerDocument());
        if (reversed) {
            Collections.reverse(ids);
        }
        ids.forEach(id -> context.setIdAttributeNS(id.getOwnerElement(), id.getNamespaceURI(), id.getLocalName()));
        try {
            return XMLSignatureFactory.getInstance("DOM")
                    .unmarshalXMLSignature(context)
                    .validate(context);
        } catch (MarshalException | XMLSignatureException | RuntimeException e) {
            return false;
        }
    }

    private static List<Attr> ids(Document document) {
        List<Attr> ids = new ArrayList<>();
        NodeList elements = document.getElementsByTagName("*");
        for (int i = 0; i < elements.getLength(); i++) {
            NamedNodeMap attributes = elements.item(i).getAttributes();
            for (int k = 0; k < attributes.getLength(); k++) {
                Attr attribute = (Attr) attributes.item(k);
                if ("id".equalsIgnoreCase(attribute.getLocalName())) {
                    ids.add(attribute);
                }
            }
        }
        return ids;
    }

    private static final class Silent implements ErrorHandler {
        @Override
        public void warning(SAXParseException e) {}

        @Override
        public void error(SAXParseException e) {}

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }
}
