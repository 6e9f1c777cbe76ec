// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.xml.security.Init;
import org.apache.xml.security.exceptions.XMLSecurityException;
import org.apache.xml.security.utils.XMLUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Canonical bytes are those of Apache Santuario on the DOM of the JDK's own parser: on generated documents, whole and from
 * any element on, for each algorithm.
 */
class CanonicalOracleTest {
    private static final int SLICE = 250;

    @BeforeAll
    static void initSantuario() {
        Init.init();
    }

    @Test
    void canonicalize_generatedDocuments_equalsSantuario() {
        compare(10_000, 20_261_126);
    }

    @Test
    @Tag("slow")
    void canonicalize_manyGeneratedDocuments_equalsSantuario() {
        compare(200_000, System.nanoTime());
    }

    private static void compare(int documents, long seed) {
        long compared = IntStream.range(0, documents / SLICE)
                .parallel()
                .mapToLong(slice -> compareSlice(new SplittableRandom(seed + slice)))
                .sum();
        assertThat(compared).as("seed %d", seed).isEqualTo(documents * 6L);
    }

    private static long compareSlice(SplittableRandom random) {
        Oracle oracle = new Oracle();
        long compared = 0;
        for (int i = 0; i < SLICE; i++) {
            DocumentGenerator.Generated generated = DocumentGenerator.generate(random);
            byte[] xml = generated.xml().getBytes(StandardCharsets.UTF_8);
            Document dom = oracle.parse(xml);
            for (XmlCanonicalization algorithm : XmlCanonicalization.values()) {
                C14n c14n = new C14n(
                        algorithm,
                        algorithm == XmlCanonicalization.EXCLUSIVE && random.nextBoolean()
                                ? generated.prefixes()
                                : List.of());
                compared += compare(oracle, dom, xml, c14n, Canonicalizer.DOCUMENT);
                compared += compare(oracle, dom, xml, c14n, random.nextInt(generated.elements()));
            }
        }
        return compared;
    }

    private static int compare(Oracle oracle, Document dom, byte[] xml, C14n c14n, int element) {
        byte[] expected = oracle.canonicalize(dom, c14n, element);
        byte[] actual = Canonicalizer.canonicalize(xml, c14n, element);
        int different = Arrays.mismatch(actual, expected);
        if (different >= 0) {
            throw new AssertionError("%s of element %d:%n ours      %s%n Santuario %s%n of %s"
                    .formatted(
                            c14n, element, around(actual, different), around(expected, different), around(xml, 1000)));
        }
        return 1;
    }

    /** Some of it, since the whole may be long. */
    private static String around(byte[] bytes, int at) {
        int from = Math.max(0, at - 1000);
        return new String(bytes, from, Math.min(bytes.length, at + 1000) - from, StandardCharsets.UTF_8);
    }

    /** Apache Santuario, for one thread. */
    static final class Oracle {
        private final DocumentBuilder parser;

        Oracle() {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setNamespaceAware(true);
            try {
                factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
                parser = factory.newDocumentBuilder();
            } catch (ParserConfigurationException e) {
                throw new IllegalStateException(e);
            }
            parser.setErrorHandler(new DefaultHandler());
        }

        Document parse(byte[] xml) {
            try {
                Document dom = parser.parse(new ByteArrayInputStream(xml));
                if (!dom.getDocumentElement().hasChildNodes()) {
                    // Santuario forgets what comes after a root without children; an empty text changes nothing else.
                    dom.getDocumentElement().appendChild(dom.createTextNode(""));
                }
                return dom;
            } catch (Exception e) {
                throw new AssertionError("the generator made: " + new String(xml, StandardCharsets.UTF_8), e);
            }
        }

        byte[] canonicalize(Document dom, C14n c14n, int element) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                if (element == Canonicalizer.DOCUMENT) {
                    write(dom, c14n, out);
                } else if (c14n.isExclusive()) {
                    write(element(dom, element), c14n, out);
                } else {
                    Document copy = (Document) dom.cloneNode(true);
                    Element apex = element(copy, element);
                    if (!ancestors(apex).isEmpty()) {
                        inherit(apex, c14n.algorithm());
                    }
                    write(apex, c14n, out);
                }
            } catch (Exception e) {
                throw new AssertionError("Santuario refuses", e);
            }
            return out.toByteArray();
        }

        private static Element element(Document dom, int number) {
            return (Element) dom.getElementsByTagName("*").item(number);
        }

        private static void write(Node apex, C14n c14n, OutputStream out) throws XMLSecurityException {
            var santuario = canonicalizer(c14n.algorithm());
            if (c14n.prefixes().isEmpty()) {
                santuario.canonicalizeSubtree(apex, out);
            } else {
                santuario.canonicalizeSubtree(apex, prefixList(c14n.prefixes()), out);
            }
        }

        /**
         * Gives an element the xml: attributes that its canonical form has, and takes them from its ancestors.
         *
         * <p>Asked for a subtree, Santuario lets the outermost ancestor win and joins xml:base in the wrong order. Asked for a
         * node-set it follows Canonical XML for the first element, but lets elements further inside inherit again. So the
         * first element's come from a node-set of nothing else.
         */
        private void inherit(Element apex, XmlCanonicalization algorithm) throws XMLSecurityException {
            Document copy = (Document) apex.getOwnerDocument().cloneNode(true);
            List<Element> elements = elements(apex.getOwnerDocument());
            Element alone = elements(copy).get(elements.indexOf(apex));
            if (algorithm == XmlCanonicalization.INCLUSIVE_11) {
                // Canonical XML 1.1, 2.4: all but lang, space, base and id are ordinary attributes; Santuario inherits
                // them.
                ancestors(alone).forEach(ancestor -> ancestor.removeAttributeNS(NamespaceScope.XML, "other"));
            }
            XMLUtils.circumventBug2650(copy);
            Set<Node> nodes = new HashSet<>();
            nodes.add(alone);
            attributes(alone).forEach(nodes::add);
            ByteArrayOutputStream tag = new ByteArrayOutputStream();
            canonicalizer(algorithm).canonicalizeXPathNodeSet(nodes, tag);
            ancestors(apex).forEach(Oracle::removeXmlAttributes);
            removeXmlAttributes(apex);
            attributes(parse(tag.toByteArray()).getDocumentElement())
                    .filter(Oracle::isXml)
                    .forEach(attribute ->
                            apex.setAttributeNS(NamespaceScope.XML, attribute.getName(), attribute.getValue()));
        }

        /** Each has a state that one use leaves behind. */
        private static org.apache.xml.security.c14n.Canonicalizer canonicalizer(XmlCanonicalization algorithm)
                throws XMLSecurityException {
            return org.apache.xml.security.c14n.Canonicalizer.getInstance(algorithm.uri());
        }

        private static List<Element> elements(Document dom) {
            NodeList elements = dom.getElementsByTagName("*");
            return IntStream.range(0, elements.getLength())
                    .mapToObj(i -> (Element) elements.item(i))
                    .toList();
        }

        private static List<Element> ancestors(Element element) {
            List<Element> ancestors = new ArrayList<>();
            for (Node node = element.getParentNode(); node instanceof Element ancestor; node = node.getParentNode()) {
                ancestors.add(ancestor);
            }
            return ancestors;
        }

        private static Stream<Attr> attributes(Element element) {
            NamedNodeMap attributes = element.getAttributes();
            return IntStream.range(0, attributes.getLength())
                    .mapToObj(attributes::item)
                    .map(Attr.class::cast)
                    .toList()
                    .stream();
        }

        private static void removeXmlAttributes(Element element) {
            attributes(element).filter(Oracle::isXml).forEach(element::removeAttributeNode);
        }

        private static boolean isXml(Attr attribute) {
            return NamespaceScope.XML.equals(attribute.getNamespaceURI());
        }

        private static String prefixList(List<String> prefixes) {
            return String.join(
                    " ",
                    prefixes.stream().map(p -> p.isEmpty() ? "#default" : p).toList());
        }
    }
}
