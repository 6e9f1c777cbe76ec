// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.exc.WstxLazyException;
import com.ctc.wstx.io.InputBootstrapper;
import com.ctc.wstx.io.StreamBootstrapper;
import com.ctc.wstx.io.SystemId;
import com.ctc.wstx.stax.WstxInputFactory;
import com.ctc.wstx.util.DefaultXmlSymbolTable;
import com.ctc.wstx.util.SymbolTable;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.XmlLimits;
import dev.signet.core.internal.Spool;
import dev.signet.core.internal.base.ObjectPool;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.codehaus.stax2.XMLInputFactory2;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * Reads XML within limits, one event after the other. Every document that this module looks at comes through here: there is
 * one parser, and so one opinion on what a document says.
 *
 * <p>Refused: document type declarations, with them all entities but the five of XML; processing instructions, unless they
 * are allowed; XML 1.1; whatever is not well-formed, including duplicate attributes and prefixes without a namespace.
 */
final class StrictReader {
    /** Namespace declarations of the open elements, all of which the parser looks through for each prefix. */
    private static final int MAX_IN_SCOPE = 256;

    private static final double MAX_SEEK = 3;

    /** When names are not learned any more: signers, too, could choose those that are slow. */
    private static final int ENOUGH_NAMES = 512;

    private static final Set<String> ENCODINGS = Set.of("UTF-8", "US-ASCII", "ISO-8859-1");

    private final XMLStreamReader2 reader;
    private final XmlLimits limits;
    private final boolean instructions;
    private int depth;
    private int elements;
    private int text;
    private boolean leaving;
    private int[] children = new int[16];
    /** Namespace declarations of the open elements, by depth, with those around them. */
    private int[] declarations = new int[16];

    // Of the current start tag: asking the parser costs more, each time.
    private String local = "";
    private String prefix = "";
    private int attributes;
    private int namespaces;

    private final Factory factory;
    private final SymbolTable symbols;
    private @Nullable NameCounter names;

    private StrictReader(Factory factory, XMLStreamReader2 reader, SymbolTable symbols) {
        this.factory = factory;
        this.reader = reader;
        this.symbols = symbols;
        limits = factory.limits;
        instructions = factory.instructions;
        names = limits.maxNames() == Integer.MAX_VALUE ? null : factory.counters.borrow();
    }

    /** Makes readers of one policy; thread-safe. */
    static final class Factory {
        private final WstxInputFactory woodstox;
        private final XmlLimits limits;
        private final boolean instructions;
        private final ObjectPool<NameCounter> counters;

        /**
         * Names that the parser finds without making them anew: those of good messages, and never of others. An attacker's
         * would stay, and make all later messages slow.
         */
        private final SymbolTable symbols = DefaultXmlSymbolTable.getInstance();

        /** @param instructions whether processing instructions pass */
        Factory(XmlLimits limits, boolean instructions) {
            this.limits = limits;
            this.instructions = instructions;
            // By name, and not by whatever the class path or a property offers (CVE-2019-12400).
            woodstox = new Parsers();
            symbols.setInternStrings(false);
            counters = new ObjectPool<>(() -> new NameCounter(limits.maxNames()));
            woodstox.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            woodstox.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            woodstox.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
            woodstox.setProperty(XMLInputFactory.IS_VALIDATING, false);
            woodstox.setProperty(XMLInputFactory.IS_COALESCING, false);
            woodstox.setProperty(XMLInputFactory2.P_AUTO_CLOSE_INPUT, false);
            woodstox.setProperty(XMLInputFactory2.P_REPORT_CDATA, false);
            // What is only skipped, such as a comment, is not kept in memory. All else is looked at by next() here.
            woodstox.setProperty(XMLInputFactory2.P_LAZY_PARSING, true);
            woodstox.setProperty(
                    WstxInputProperties.P_MAX_ATTRIBUTES_PER_ELEMENT, limits.maxAttributes() + limits.maxNamespaces());
            woodstox.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, limits.maxAttributeLength());
            // One more than is accepted, so that it is refused below as what it is, over a limit.
            woodstox.setProperty(
                    WstxInputProperties.P_MAX_ELEMENT_DEPTH, Math.min(limits.maxDepth(), Integer.MAX_VALUE - 1) + 1);
            woodstox.setProperty(WstxInputProperties.P_MAX_CHARACTERS, Long.MAX_VALUE);
        }

        /** @throws InvalidMessageException if it does not begin as XML does, or is over the limit */
        StrictReader open(byte[] xml, int offset, int length) {
            if (length > limits.maxBytes()) {
                throw InvalidMessageException.tooLarge("XML of more than " + limits.maxBytes() + " bytes");
            }
            try {
                StrictReader strict = open(StreamBootstrapper.getInstance(null, null, xml, offset, offset + length));
                strict.checkDeclaration(RunGuard.hasMark(xml, offset, length));
                return strict;
            } catch (XMLStreamException e) {
                throw malformed(e);
            }
        }

        /** The caller bounds the stream, which is closed at the document's end and on closing the parser. */
        StrictReader open(InputStream xml) throws IOException {
            try {
                RunGuard guard = new RunGuard(xml, limits);
                StrictReader strict = open(StreamBootstrapper.getInstance(null, null, guard));
                strict.checkDeclaration(guard.hasMark());
                return strict;
            } catch (XMLStreamException e) {
                throw failed(e);
            }
        }

        /** @param file by which to read what is not in memory, for the caller to close */
        StrictReader open(Spool content, @Nullable InputStream file) throws IOException {
            return file == null ? open(content.buffer(), 0, (int) content.size()) : open(file);
        }

        private StrictReader open(InputBootstrapper bootstrapper) throws XMLStreamException {
            SymbolTable child = symbols.makeChild();
            XMLStreamReader2 parser = woodstox.createSR(
                    woodstox.getConfig().createNonShared(child), (SystemId) null, bootstrapper, false, true);
            return new StrictReader(this, parser, child);
        }
    }

    /** Keeps no names by itself. */
    private static final class Parsers extends WstxInputFactory {
        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // does nothing
        public void updateSymbolTable(SymbolTable table) {}
    }

    /** Keeps the names of a document that was read to its end and found good. */
    void keepNames() {
        // Names on one place of the table would make every message slow, even if a partner chose them.
        if (symbols.isDirty()
                && symbols.size() <= Math.min(limits.maxNames(), ENOUGH_NAMES)
                && symbols.calcAvgSeek() < MAX_SEEK) {
            factory.symbols.mergeChild(symbols);
        }
    }

    /** The parser, for the content of the current event. */
    XMLStreamReader2 current() {
        return reader;
    }

    /** Levels of elements around the current event, a start or end tag's own included. */
    int depth() {
        return depth;
    }

    /** The local name of the current start tag. */
    String local() {
        return local;
    }

    /** The namespace prefix of the current start tag, or the empty string. */
    String prefix() {
        return prefix;
    }

    /** Attributes of the current start tag. */
    int attributes() {
        return attributes;
    }

    /** Namespace declarations of the current start tag. */
    int namespaces() {
        return namespaces;
    }

    /** The namespace of the current tag, or the empty string. */
    String namespace() {
        String uri = reader.getNamespaceURI();
        return uri == null ? "" : uri;
    }

    /** Whether the current tag has this name. */
    boolean is(String namespace, String local) {
        return reader.getLocalName().equals(local) && namespace().equals(namespace);
    }

    /** Characters before the current event in the document, as it was written. */
    long startOffset() {
        return reader.getLocationInfo().getStartingCharOffset();
    }

    /** Characters before the end of the current event. */
    long endOffset() throws IOException {
        try {
            return reader.getLocationInfo().getEndingCharOffset();
        } catch (XMLStreamException e) {
            throw failed(e);
        }
    }

    /** What the document is written in. */
    Charset charset() {
        String encoding = reader.getEncoding();
        if ("ISO-8859-1".equalsIgnoreCase(encoding)) {
            return StandardCharsets.ISO_8859_1;
        }
        return "US-ASCII".equalsIgnoreCase(encoding) ? StandardCharsets.US_ASCII : StandardCharsets.UTF_8;
    }

    /** Whether the current start tag is one that ends its element, too. */
    boolean isEmptyElement() throws IOException {
        try {
            return reader.isEmptyElement();
        } catch (XMLStreamException e) {
            throw failed(e);
        }
    }

    /**
     * The next event of {@link XMLStreamConstants}: START_ELEMENT, END_ELEMENT, CHARACTERS (in pieces), COMMENT,
     * PROCESSING_INSTRUCTION or END_DOCUMENT.
     *
     * @throws InvalidMessageException if the document is not well-formed, over a limit, or has what is never accepted
     * @throws IOException if the stream cannot be read
     */
    int next() throws IOException {
        if (leaving) {
            depth--;
            leaving = false;
        }
        try {
            return advance();
        } catch (XMLStreamException e) {
            throw failed(e);
        } catch (WstxLazyException e) {
            throw e.getCause() instanceof XMLStreamException cause ? failed(cause) : e;
        }
    }

    private int advance() throws XMLStreamException {
        int event = reader.next();
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> enter();
            case XMLStreamConstants.END_ELEMENT -> {
                text = 0;
                leaving = true;
            }
            case XMLStreamConstants.CHARACTERS, XMLStreamConstants.SPACE, XMLStreamConstants.CDATA -> {
                addText(reader.getTextLength());
                return XMLStreamConstants.CHARACTERS;
            }
            case XMLStreamConstants.COMMENT -> {}
            case XMLStreamConstants.PROCESSING_INSTRUCTION -> {
                if (!instructions) {
                    throw InvalidMessageException.malformed("a processing instruction" + at());
                }
                checkName(reader.getPITarget());
                addText(reader.getPIData() == null ? 0 : reader.getPIData().length());
            }
            case XMLStreamConstants.DTD ->
                throw InvalidMessageException.malformed("a document type declaration" + at());
            case XMLStreamConstants.ENTITY_REFERENCE -> throw InvalidMessageException.malformed("an entity" + at());
            case XMLStreamConstants.END_DOCUMENT -> endDocument();
            default -> throw InvalidMessageException.malformed("not XML that is accepted" + at());
        }
        return event;
    }

    private void endDocument() {
        if (names != null) {
            names.clear();
            factory.counters.giveBack(names);
            names = null;
        }
    }

    private void enter() {
        text = 0;
        depth++;
        if (depth > limits.maxDepth()) {
            throw tooMany(limits.maxDepth(), "levels of elements");
        }
        if (++elements > limits.maxElements()) {
            throw tooMany(limits.maxElements(), "elements");
        }
        if (depth == children.length) {
            children = Arrays.copyOf(children, depth * 2);
            declarations = Arrays.copyOf(declarations, depth * 2);
        }
        children[depth] = 0;
        if (++children[depth - 1] > limits.maxChildren()) {
            throw tooMany(limits.maxChildren(), "children of one element");
        }
        local = reader.getLocalName();
        checkName(local);
        String given = reader.getPrefix();
        prefix = given == null ? "" : given;
        checkName(prefix);
        attributes = reader.getAttributeCount();
        if (attributes > limits.maxAttributes()) {
            throw tooMany(limits.maxAttributes(), "attributes of one element");
        }
        for (int i = 0; i < attributes; i++) {
            checkName(reader.getAttributeLocalName(i));
            if (reader.getAttributeValue(i).length() > limits.maxAttributeLength()) {
                throw tooMany(limits.maxAttributeLength(), "characters in an attribute");
            }
        }
        namespaces = reader.getNamespaceCount();
        if (namespaces > limits.maxNamespaces()) {
            throw tooMany(limits.maxNamespaces(), "namespace declarations of one element");
        }
        declarations[depth] = declarations[depth - 1] + namespaces;
        if (declarations[depth] > MAX_IN_SCOPE) {
            throw tooMany(MAX_IN_SCOPE, "namespace declarations in scope");
        }
        for (int i = 0; i < namespaces; i++) {
            String declared = reader.getNamespacePrefix(i);
            checkName(declared == null ? "" : declared);
            String uri = reader.getNamespaceURI(i);
            if (uri != null && uri.length() > limits.maxAttributeLength()) {
                throw tooMany(limits.maxAttributeLength(), "characters in a namespace");
            }
        }
    }

    private void checkName(String name) {
        if (name.length() > limits.maxNameLength()) {
            throw tooMany(limits.maxNameLength(), "characters in a name");
        }
        if (names != null) {
            names.add(name);
        }
    }

    private void addText(int length) {
        text += length;
        if (text > limits.maxTextLength()) {
            throw tooMany(limits.maxTextLength(), "characters of text");
        }
    }

    /** One view of the characters: an encoding that is guessed wrong would make another document. */
    private void checkDeclaration(boolean utf8Mark) {
        String version = reader.getVersion();
        if (version != null && !version.equals("1.0")) {
            throw InvalidMessageException.malformed("XML of a version other than 1.0");
        }
        String encoding = reader.getEncoding();
        if (encoding != null && !ENCODINGS.contains(encoding.toUpperCase(Locale.ROOT))) {
            throw InvalidMessageException.malformed("XML in an encoding other than UTF-8, US-ASCII or ISO-8859-1");
        }
        String declared = reader.getCharacterEncodingScheme();
        if (utf8Mark && declared != null && !declared.equalsIgnoreCase("UTF-8")) {
            // XML 1.0, 4.3.3: an error, which parsers resolve in different ways.
            throw InvalidMessageException.malformed("XML with a mark of UTF-8 that declares another encoding");
        }
    }

    private String at() {
        Location at = reader.getLocation();
        return " at line " + at.getLineNumber() + ", column " + at.getColumnNumber();
    }

    static InvalidMessageException tooMany(int limit, String what) {
        return InvalidMessageException.tooLarge("XML: more than " + limit + " " + what);
    }

    private static RuntimeException failed(XMLStreamException e) throws IOException {
        if (e.getNestedException() instanceof IOException io && !(io instanceof CharConversionException)) {
            throw io;
        }
        return malformed(e);
    }

    private static InvalidMessageException malformed(XMLStreamException e) {
        String message = e.getMessage();
        if (message != null && (message.startsWith("Attribute limit") || message.startsWith("Maximum "))) {
            // The parser's own limits.
            return InvalidMessageException.tooLarge("XML: too many levels or attributes, or one that is too long");
        }
        Location at = e.getLocation();
        // The parser's own words quote the document.
        return InvalidMessageException.malformed(
                at == null
                        ? "not well-formed XML"
                        : "not well-formed XML at line " + at.getLineNumber() + ", column " + at.getColumnNumber());
    }
}
