// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces and {@code xml:} attributes in scope at the current element. Every prefix gets a small number, by which all
 * look-ups are array accesses, however many declarations are in scope.
 */
final class NamespaceScope {
    /** Longer namespaces have no characters that Java orders otherwise than Unicode does. */
    static final int SHORT = 64;

    private static final int LONGEST = 512;

    static final String XML = "http://www.w3.org/XML/1998/namespace";
    /** The number of the default namespace's empty prefix. */
    static final int DEFAULT = 0;
    /** The number of the prefix {@code xml}, which is never declared in canonical form. */
    static final int XML_PREFIX = 1;

    /** So many prefixes are compared one by one. */
    private static final int FEW = 8;

    private static final int MANY = 256;

    private String[] prefixes = new String[16];
    /** What each prefix stands for now; empty if nothing. */
    private String[] uris = new String[16];

    private int count;
    /** A tree where names collide, so that whoever chooses the names cannot make this slow. */
    private Map<String, Integer> numbers = new HashMap<>();

    private String recent = "";
    private int recentNumber;

    /** The declarations of all open elements: which prefix, and what it stood for before. */
    private int[] declared = new int[16];

    private String[] before = new String[16];
    private int declarations;
    /** Where each open element's declarations begin. */
    private int[] marks = new int[16];

    private int depth;

    private final List<XmlAttribute> xmlAttributes = new ArrayList<>(0);

    NamespaceScope() {
        reset();
    }

    /** Makes it ready for the next document. */
    void reset() {
        if (count > MANY) {
            prefixes = new String[16];
            uris = new String[16];
            numbers = new HashMap<>();
        }
        if (count > FEW) {
            numbers.clear();
        }
        count = 0;
        declarations = 0;
        depth = 0;
        xmlAttributes.clear();
        add("");
        add("xml");
        uris[XML_PREFIX] = XML;
        recent = "";
        recentNumber = DEFAULT;
    }

    /** An inheritable attribute and the depth of its element. */
    record XmlAttribute(int depth, String local, String value) {}

    /** Enters the element whose start tag is the current event. */
    void enter(StrictReader tag) {
        XMLStreamReader2 reader = tag.current();
        depth++;
        if (depth == marks.length) {
            marks = Arrays.copyOf(marks, depth * 2);
        }
        marks[depth] = declarations;
        int namespaces = tag.namespaces();
        for (int i = 0; i < namespaces; i++) {
            declare(numberOf(reader.getNamespacePrefix(i)), reader.getNamespaceURI(i));
        }
        int attributes = tag.attributes();
        for (int i = 0; i < attributes; i++) {
            if (XML.equals(reader.getAttributeNamespace(i))) {
                xmlAttributes.add(
                        new XmlAttribute(depth, reader.getAttributeLocalName(i), reader.getAttributeValue(i)));
            }
        }
    }

    /** Enters an element that is not in the document, and declares its prefix. */
    void enter(String prefix, String uri) {
        depth++;
        if (depth == marks.length) {
            marks = Arrays.copyOf(marks, depth * 2);
        }
        marks[depth] = declarations;
        declare(numberOf(prefix), uri);
    }

    /** Leaves the current element. */
    void leave() {
        while (declarations > marks[depth]) {
            declarations--;
            uris[declared[declarations]] = before[declarations];
        }
        for (int i = xmlAttributes.size() - 1; i >= 0 && xmlAttributes.get(i).depth() == depth; i--) {
            xmlAttributes.remove(i);
        }
        depth--;
    }

    int depth() {
        return depth;
    }

    /** How many prefixes have been seen; their numbers are below. */
    int prefixes() {
        return count;
    }

    String prefix(int number) {
        return prefixes[number];
    }

    String uri(int number) {
        return uris[number];
    }

    /** Declarations of the current element: their indexes run from here to {@link #declarationsEnd()}. */
    int declarationsStart() {
        return marks[depth];
    }

    int declarationsEnd() {
        return declarations;
    }

    /** The prefix's number of a declaration of the current element. */
    int declared(int index) {
        return declared[index];
    }

    /** Whether a declaration of the current element says what was so before. */
    boolean isRepeated(int index) {
        return before[index].equals(uris[declared[index]]);
    }

    /** The {@code xml:} attributes of all open elements, outermost first. */
    List<XmlAttribute> xmlAttributes() {
        return xmlAttributes;
    }

    /** The number of a prefix, which is new if it was not seen before. */
    int numberOf(@Nullable String name) {
        String prefix = name == null ? "" : name;
        // The parser gives the same object for the same name.
        if (isSame(prefix, recent)) {
            return recentNumber;
        }
        int known = find(prefix);
        recentNumber = known < 0 ? add(prefix) : known;
        recent = prefix;
        return recentNumber;
    }

    private int find(String prefix) {
        if (count > FEW) {
            return numbers.getOrDefault(prefix, -1);
        }
        for (int i = 0; i < count; i++) {
            if (prefixes[i].equals(prefix)) {
                return i;
            }
        }
        return -1;
    }

    @SuppressWarnings("ReferenceEquality") // a short cut; others are found by equality
    private static boolean isSame(String a, String b) {
        return a == b;
    }

    private int add(String prefix) {
        if (count == prefixes.length) {
            prefixes = Arrays.copyOf(prefixes, count * 2);
            uris = Arrays.copyOf(uris, count * 2);
        }
        prefixes[count] = prefix;
        uris[count] = "";
        count++;
        if (count == FEW + 1) {
            for (int i = 0; i < count; i++) {
                numbers.put(prefixes[i], i);
            }
        } else if (count > FEW) {
            numbers.put(prefix, count - 1);
        }
        return count - 1;
    }

    private void declare(int number, @Nullable String uri) {
        if (uri != null && !uri.isEmpty() && isRelative(uri)) {
            throw InvalidMessageException.malformed("XML: a relative namespace, which has no canonical form");
        }
        if (uri != null && uri.length() > SHORT) {
            checkLong(uri);
        }
        if (declarations == declared.length) {
            declared = Arrays.copyOf(declared, declarations * 2);
            before = Arrays.copyOf(before, declarations * 2);
        }
        declared[declarations] = number;
        before[declarations] = uris[number];
        declarations++;
        uris[number] = uri == null ? "" : uri;
    }

    /** Tags may make the writer compare their namespaces over and over, which has to be cheap; see {@link #SHORT}. */
    private static void checkLong(String uri) {
        if (uri.length() > LONGEST) {
            throw InvalidMessageException.tooLarge("XML: more than " + LONGEST + " characters in a namespace");
        }
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) >= Character.MIN_SURROGATE) {
                throw InvalidMessageException.tooLarge(
                        "XML: more than " + SHORT + " characters in a namespace with some beyond U+D7FF");
            }
        }
    }

    /** Canonical XML 1.0, 1.3; RFC 3986, 3.1: an absolute one begins with a scheme. */
    private static boolean isRelative(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (i > 0 && c == ':') {
                return false;
            }
            if (!letter && (i == 0 || (c < '0' || c > '9') && c != '+' && c != '-' && c != '.')) {
                return true;
            }
        }
        return true;
    }
}
