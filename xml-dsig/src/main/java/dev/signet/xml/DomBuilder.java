// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.io.IOException;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.stream.XMLStreamConstants;
import org.codehaus.stax2.XMLStreamReader2;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Builds a DOM from the events of the one parser, without comments. */
final class DomBuilder {
    /** The platform's own, and not what the class path offers; used for an empty document only. */
    private static final DocumentBuilderFactory FACTORY = DocumentBuilderFactory.newDefaultNSInstance();

    private DomBuilder() {}

    static Document build(StrictReader reader) throws IOException {
        Document document;
        try {
            document = FACTORY.newDocumentBuilder().newDocument();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the platform has no DOM", e);
        }
        Node at = document;
        StringBuilder text = new StringBuilder();
        XMLStreamReader2 current = reader.current();
        for (int event = reader.next(); event != XMLStreamConstants.END_DOCUMENT; event = reader.next()) {
            if (event == XMLStreamConstants.CHARACTERS) {
                text.append(current.getTextCharacters(), current.getTextStart(), current.getTextLength());
                continue;
            }
            if (event == XMLStreamConstants.COMMENT) {
                continue;
            }
            if (text.length() > 0) {
                // Adjacent text is one node: whoever reads the first has all of it.
                at.appendChild(document.createTextNode(text.toString()));
                text.setLength(0);
            }
            switch (event) {
                case XMLStreamConstants.START_ELEMENT -> at = at.appendChild(element(document, reader));
                case XMLStreamConstants.END_ELEMENT -> at = at.getParentNode();
                default -> {
                    String data = current.getPIData();
                    at.appendChild(
                            document.createProcessingInstruction(current.getPITarget(), data == null ? "" : data));
                }
            }
        }
        return document;
    }

    private static Element element(Document document, StrictReader reader) {
        XMLStreamReader2 tag = reader.current();
        Element element = document.createElementNS(
                reader.namespace().isEmpty() ? null : reader.namespace(),
                qualified(reader.prefix(), tag.getLocalName()));
        for (int i = 0; i < tag.getNamespaceCount(); i++) {
            String prefix = tag.getNamespacePrefix(i);
            String uri = tag.getNamespaceURI(i);
            element.setAttributeNS(
                    XMLConstants.XMLNS_ATTRIBUTE_NS_URI,
                    prefix == null || prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix,
                    uri == null ? "" : uri);
        }
        for (int i = 0; i < tag.getAttributeCount(); i++) {
            String namespace = tag.getAttributeNamespace(i);
            String prefix = tag.getAttributePrefix(i);
            element.setAttributeNS(
                    namespace == null || namespace.isEmpty() ? null : namespace,
                    qualified(prefix == null ? "" : prefix, tag.getAttributeLocalName(i)),
                    tag.getAttributeValue(i));
        }
        return element;
    }

    private static String qualified(String prefix, String local) {
        return prefix.isEmpty() ? local : prefix + ":" + local;
    }
}
