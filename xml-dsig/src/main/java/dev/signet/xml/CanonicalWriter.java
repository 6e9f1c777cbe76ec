// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * Writes the canonical form of an element and what is in it, event by event: Canonical XML 1.0 and 1.1, and Exclusive XML
 * Canonicalization 1.0, all without comments. The work for a tag depends on what the tag says, not on what is in scope.
 */
final class CanonicalWriter {
    private static final int SMALL = 12;

    private final C14n c14n;
    private final CanonicalOutput out;
    private final NamespaceScope scope;
    private final EncodedNames names;
    /** Numbers of the prefixes that are treated as by the inclusive canonicalization. */
    private final int[] listedPrefixes;

    private int depth;

    /** Exclusive: what each prefix was last written as, by its number; null if it was not. */
    private @Nullable String[] rendered;

    private int[] renderedNumbers;
    private @Nullable String[] renderedBefore;
    private int renderings;
    private int[] marks = new int[8];
    /** The names of the open elements, by depth. */
    private byte[][] openNames = new byte[8][];

    /** The namespaces that the current tag declares, by the numbers of their prefixes. */
    private int[] namespaces = new int[8];

    private int namespaceCount;

    private Attribute[] attributes = new Attribute[8];
    private int attributeCount;

    CanonicalWriter(C14n c14n, CanonicalOutput out, NamespaceScope scope, EncodedNames names) {
        this.c14n = c14n;
        this.out = out;
        this.scope = scope;
        this.names = names;
        int size = c14n.isExclusive() ? 8 : 0;
        listedPrefixes = c14n.prefixes().stream().mapToInt(scope::numberOf).toArray();
        rendered = new String[size];
        renderedNumbers = new int[size];
        renderedBefore = new String[size];
    }

    CanonicalOutput output() {
        return out;
    }

    C14n c14n() {
        return c14n;
    }

    /** Writes the start tag that is the current event; {@code scope} has entered it. */
    void start(StrictReader reader) throws IOException {
        collectAttributes(reader);
        write(reader.prefix(), reader.local());
    }

    /** Writes a start tag without attributes, of an element that is not in the document. */
    void start(String prefix, String local) throws IOException {
        attributeCount = 0;
        if (depth == 0 && !c14n.isExclusive()) {
            inheritXmlAttributes();
        }
        write(prefix, local);
    }

    private void write(String prefix, String local) throws IOException {
        open(prefix);
        byte[] name = names.of(prefix, local);
        openNames[depth] = name;
        if (namespaceCount == 0 && attributeCount == 0) {
            out.startTag(name);
            return;
        }
        out.begin('<', name);
        for (int i = 0; i < namespaceCount; i++) {
            writeNamespace(namespaces[i]);
        }
        for (int i = 0; i < attributeCount; i++) {
            Attribute attribute = attributes[i];
            out.begin(' ', names.of(attribute.prefix, attribute.local));
            writeValue(attribute.value);
        }
        out.ascii('>');
    }

    private void writeNamespace(int number) throws IOException {
        out.raw(" xmlns");
        if (number != NamespaceScope.DEFAULT) {
            out.ascii(':');
            out.raw(scope.prefix(number));
        }
        writeValue(scope.uri(number));
    }

    private void writeValue(String value) throws IOException {
        out.ascii('=');
        out.ascii('"');
        out.attribute(value);
        out.ascii('"');
    }

    /** Writes the end tag of the innermost element. */
    void end() throws IOException {
        out.endTag(openNames[depth]);
        leave();
    }

    void text(XMLStreamReader2 reader) throws IOException {
        out.text(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
    }

    /** Canonical XML 1.0, 2.3, processing instruction nodes. */
    void instruction(XMLStreamReader2 reader) throws IOException {
        out.ascii('<');
        out.ascii('?');
        out.raw(reader.getPITarget());
        String data = reader.getPIData();
        if (data != null && !data.isEmpty()) {
            out.ascii(' ');
            out.raw(data);
        }
        out.ascii('?');
        out.ascii('>');
    }

    /** Whether the element with which it began has ended. */
    boolean isDone() {
        return depth == 0;
    }

    // ---- tags ------------------------------------------------------------------------------------------------------

    private void open(String prefix) {
        depth++;
        if (depth == marks.length) {
            marks = Arrays.copyOf(marks, depth * 2);
            openNames = Arrays.copyOf(openNames, depth * 2);
        }
        marks[depth] = renderings;
        namespaceCount = 0;
        if (c14n.isExclusive()) {
            exclusiveNamespaces(prefix);
        } else {
            inclusiveNamespaces();
        }
        sortNamespaces();
    }

    private void leave() {
        while (renderings > marks[depth]) {
            renderings--;
            rendered[renderedNumbers[renderings]] = renderedBefore[renderings];
        }
        depth--;
    }

    // ---- namespaces ------------------------------------------------------------------------------------------------

    /** Canonical XML 1.0, 2.3, namespace axis: whatever is new, and at first all that is in scope. */
    private void inclusiveNamespaces() {
        if (depth == 1) {
            for (int number = 0; number < scope.prefixes(); number++) {
                if (number != NamespaceScope.XML_PREFIX && !scope.uri(number).isEmpty()) {
                    addNamespace(number);
                }
            }
            return;
        }
        for (int i = scope.declarationsStart(); i < scope.declarationsEnd(); i++) {
            int number = scope.declared(i);
            if (number != NamespaceScope.XML_PREFIX && !scope.isRepeated(i)) {
                addNamespace(number);
            }
        }
    }

    /** Exclusive XML Canonicalization, 3: what the tag itself uses, unless it was written further out. */
    private void exclusiveNamespaces(String prefix) {
        render(scope.numberOf(prefix));
        for (int i = 0; i < attributeCount; i++) {
            String used = attributes[i].prefix;
            if (!used.isEmpty()) {
                render(scope.numberOf(used));
            }
        }
        for (int listed : listedPrefixes) {
            render(listed);
        }
    }

    private void render(int number) {
        if (number == NamespaceScope.XML_PREFIX) {
            return;
        }
        if (number >= rendered.length) {
            rendered = Arrays.copyOf(rendered, Math.max(number + 1, rendered.length * 2));
        }
        String uri = scope.uri(number);
        String known = rendered[number];
        // Nothing written stands for no default namespace.
        if (known == null ? uri.isEmpty() : known.equals(uri)) {
            return;
        }
        if (renderings == renderedNumbers.length) {
            renderedNumbers = Arrays.copyOf(renderedNumbers, renderings * 2);
            renderedBefore = Arrays.copyOf(renderedBefore, renderings * 2);
        }
        renderedNumbers[renderings] = number;
        renderedBefore[renderings] = known;
        renderings++;
        rendered[number] = uri;
        addNamespace(number);
    }

    private void addNamespace(int number) {
        if (namespaceCount == namespaces.length) {
            namespaces = Arrays.copyOf(namespaces, namespaceCount * 2);
        }
        namespaces[namespaceCount++] = number;
    }

    /** By prefix; the default namespace, whose prefix is empty, comes first. */
    private void sortNamespaces() {
        if (namespaceCount > SMALL) {
            Integer[] sorted = new Integer[namespaceCount];
            Arrays.setAll(sorted, i -> namespaces[i]);
            Arrays.sort(sorted, (a, b) -> compare(scope.prefix(a), scope.prefix(b)));
            for (int i = 0; i < namespaceCount; i++) {
                namespaces[i] = sorted[i];
            }
            return;
        }
        for (int i = 1; i < namespaceCount; i++) {
            int number = namespaces[i];
            int j = i;
            for (; j > 0 && compare(scope.prefix(namespaces[j - 1]), scope.prefix(number)) > 0; j--) {
                namespaces[j] = namespaces[j - 1];
            }
            namespaces[j] = number;
        }
    }

    // ---- attributes ------------------------------------------------------------------------------------------------

    private void collectAttributes(StrictReader tag) {
        attributeCount = 0;
        int count = tag.attributes();
        XMLStreamReader2 reader = tag.current();
        for (int i = 0; i < count; i++) {
            addAttribute(
                    reader.getAttributeNamespace(i),
                    reader.getAttributePrefix(i),
                    reader.getAttributeLocalName(i),
                    reader.getAttributeValue(i));
        }
        if (depth == 0 && !c14n.isExclusive()) {
            inheritXmlAttributes();
        }
        if (attributeCount > 1) {
            sortAttributes();
        }
    }

    private void addAttribute(@Nullable String uri, @Nullable String prefix, String local, String value) {
        if (attributeCount == attributes.length) {
            attributes = Arrays.copyOf(attributes, attributeCount * 2);
        }
        Attribute attribute = attributes[attributeCount];
        if (attribute == null) {
            attribute = new Attribute();
            attributes[attributeCount] = attribute;
        }
        attribute.uri = uri == null ? "" : uri;
        attribute.prefix = prefix == null ? "" : prefix;
        attribute.local = local;
        attribute.value = value;
        attributeCount++;
    }

    /** What the first element gets from those around it, which are not written. */
    private void inheritXmlAttributes() {
        boolean version11 = c14n.algorithm() == XmlCanonicalization.INCLUSIVE_11;
        var all = scope.xmlAttributes();
        for (int i = all.size() - 1; i >= 0; i--) {
            NamespaceScope.XmlAttribute inherited = all.get(i);
            String local = inherited.local();
            // Canonical XML 1.1, 2.4: xml:id is not inherited, and xml:base is joined.
            boolean outer = inherited.depth() < scope.depth();
            boolean plain = !version11 || local.equals("lang") || local.equals("space");
            if (outer && plain && !hasXmlAttribute(local)) {
                addAttribute(NamespaceScope.XML, "xml", local, inherited.value());
            }
        }
        if (version11) {
            joinBase();
        }
        if (attributeCount > 1) {
            sortAttributes();
        }
    }

    private boolean hasXmlAttribute(String local) {
        return indexOfXmlAttribute(local) >= 0;
    }

    private int indexOfXmlAttribute(String local) {
        for (int i = 0; i < attributeCount; i++) {
            if (attributes[i].local.equals(local) && attributes[i].uri.equals(NamespaceScope.XML)) {
                return i;
            }
        }
        return -1;
    }

    /** Canonical XML 1.1, 2.4: the values are joined in reverse order, and an empty result is not written. */
    private void joinBase() {
        String base = null;
        boolean outer = false;
        var all = scope.xmlAttributes();
        for (int i = all.size() - 1; i >= 0; i--) {
            NamespaceScope.XmlAttribute attribute = all.get(i);
            if (attribute.local().equals("base")) {
                base = base == null ? attribute.value() : XmlBase.join(attribute.value(), base);
                outer |= attribute.depth() < scope.depth();
            }
        }
        if (base == null || !outer) {
            return;
        }
        int own = indexOfXmlAttribute("base");
        if (own >= 0) {
            Attribute removed = attributes[own];
            attributes[own] = attributes[--attributeCount];
            attributes[attributeCount] = removed;
        }
        if (!base.isEmpty()) {
            addAttribute(NamespaceScope.XML, "xml", "base", base);
        }
    }

    /** By namespace, and then by local name; those without a namespace come first. */
    private void sortAttributes() {
        if (attributeCount > SMALL) {
            Arrays.sort(attributes, 0, attributeCount, Attribute.ORDER);
            return;
        }
        for (int i = 1; i < attributeCount; i++) {
            Attribute attribute = attributes[i];
            int j = i;
            for (; j > 0 && Attribute.ORDER.compare(attributes[j - 1], attribute) > 0; j--) {
                attributes[j] = attributes[j - 1];
            }
            attributes[j] = attribute;
        }
    }

    /** By code points, as Canonical XML 1.0, 2.2 has it, which is not how Java compares beyond the BMP. */
    static int compare(String a, String b) {
        int end = Math.min(a.length(), b.length());
        for (int i = 0; i < end; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogate = Character.isSurrogate(x);
                return surrogate == Character.isSurrogate(y) ? x - y : surrogate ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }

    private static final class Attribute {
        static final Comparator<Attribute> ORDER = (a, b) -> {
            int byNamespace = compareNamespaces(a.uri, b.uri);
            return byNamespace != 0 ? byNamespace : CanonicalWriter.compare(a.local, b.local);
        };

        private static int compareNamespaces(String a, String b) {
            return Math.min(a.length(), b.length()) > NamespaceScope.SHORT
                    ? a.compareTo(b)
                    : CanonicalWriter.compare(a, b);
        }

        String uri = "";
        String prefix = "";
        String local = "";
        String value = "";
    }
}
