// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.namespace.QName;
import org.codehaus.stax2.XMLStreamReader2;

/** The elements around the current event, from the root down, and the namespaces that they declare. */
final class OpenElements {
    private final List<QName> path = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final List<Declaration> declarations = new ArrayList<>();

    private record Declaration(String prefix, String uri) {}

    void start(XMLStreamReader2 reader) {
        path.add(reader.getName());
        marks.add(declarations.size());
        for (int i = 0; i < reader.getNamespaceCount(); i++) {
            declarations.add(
                    new Declaration(orEmpty(reader.getNamespacePrefix(i)), orEmpty(reader.getNamespaceURI(i))));
        }
    }

    void end() {
        path.remove(path.size() - 1);
        int mark = marks.remove(marks.size() - 1);
        declarations.subList(mark, declarations.size()).clear();
    }

    /** Read only, and good until the next event. */
    List<QName> path() {
        return path;
    }

    /**
     * The namespaces that the innermost element takes from those around it, by prefix, without those that it declares itself.
     * The default namespace is among them as the empty URI if it was undone.
     */
    Map<String, String> inherited() {
        int own = marks.get(marks.size() - 1);
        Map<String, String> namespaces = new LinkedHashMap<>();
        for (Declaration declaration : declarations.subList(0, own)) {
            namespaces.put(declaration.prefix, declaration.uri);
        }
        for (Declaration declaration : declarations.subList(own, declarations.size())) {
            namespaces.remove(declaration.prefix);
        }
        namespaces.remove("xml");
        return namespaces;
    }

    /** Whether the innermost element or one around it says what names without a prefix mean. */
    boolean declareDefault() {
        for (Declaration declaration : declarations) {
            if (declaration.prefix.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
