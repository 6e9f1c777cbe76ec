// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.XmlLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is to be encrypted in a document. Its bytes are taken as they are, but that its outermost elements get the
 * namespaces which they took from elements around them, and {@code xmlns=""} where names in them have no namespace because nobody declares
 * one, so that they mean the same wherever they are decrypted.
 */
final class Plaintexts {
    private static final String SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";
    private static final byte[] NO_DEFAULT = " xmlns=\"\"".getBytes(StandardCharsets.US_ASCII);

    private final byte[] xml;
    private final List<EncryptionPlace> places;
    private final XmlLimits limits;
    private final OpenElements open = new OpenElements();
    private final Set<EncryptionPlace> seen = new HashSet<>();
    private final List<Region> found = new ArrayList<>();

    // The element that is encrypted, while it is open.
    private @Nullable EncryptionPlace inside;
    private int level;
    private int regionStart;
    private int copied;
    private final ByteArrayOutputStream plaintext = new ByteArrayOutputStream();
    /** Where in the plaintext it has to be said that there is no default namespace. */
    private final List<Integer> undeclared = new ArrayList<>();
    /** Where it would be said for the current outermost element; below 0 if it need not be. */
    private int undeclaredHere = -1;

    /**
     * What is encrypted.
     *
     * @param start of the bytes that it replaces
     * @param end after them
     * @param name of the element's end tag, if the element was written as one tag and needs two now
     */
    record Region(
            EncryptionPlace place,
            int start,
            int end,
            byte[] plaintext,
            @Nullable String name) {}

    private Plaintexts(byte[] xml, List<EncryptionPlace> places, XmlLimits limits) {
        this.xml = xml;
        this.places = places;
        this.limits = limits;
    }

    /**
     * The regions, in their order.
     *
     * @throws InvalidMessageException if the document is over a limit, not in UTF-8, encrypted already, or does not have
     *     each place once
     */
    static List<Region> find(byte[] xml, List<EncryptionPlace> places, StrictReader events, XmlLimits limits) {
        Plaintexts plaintexts = new Plaintexts(xml, places, limits);
        try {
            plaintexts.read(events);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (plaintexts.found.size() < places.size()) {
            throw Xenc.malformed("a place that is to be encrypted is not in the document");
        }
        return plaintexts.found;
    }

    private void read(StrictReader events) throws IOException {
        XMLStreamReader2 current = events.current();
        ByteOffsets offsets = new ByteOffsets(xml, events);
        boolean oneTag = false;
        int tagEnd = 0;
        for (int event = events.next(); event != XMLStreamConstants.END_DOCUMENT; event = events.next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                if (current.getName().equals(Xenc.ENCRYPTED_DATA)) {
                    throw Xenc.malformed("the document is encrypted already");
                }
                open.start(current);
                oneTag = events.isEmptyElement();
                int start = offsets.start();
                tagEnd = offsets.end();
                if (inside == null) {
                    enter(events.depth(), start, tagEnd);
                }
                boolean apex = inside != null && events.depth() == (inside.content() ? level + 1 : level);
                if (apex) {
                    declareInherited(current, start, events.depth());
                }
                if (undeclaredHere >= 0
                        && (events.prefix().isEmpty() && events.namespace().isEmpty() || namesItsType(current))) {
                    undeclared.add(undeclaredHere);
                    undeclaredHere = -1;
                }
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                if (inside != null && events.depth() == level) {
                    leave(inside, oneTag, tagEnd, offsets, current);
                }
                open.end();
                oneTag = false;
            }
        }
    }

    /** A schema type without a prefix is a name in the default namespace, if there is one (XML Schema 1, 2.6.1). */
    private static boolean namesItsType(XMLStreamReader2 current) {
        String type = current.getAttributeValue(SCHEMA_INSTANCE, "type");
        return type != null && type.indexOf(':') < 0;
    }

    private void enter(int depth, int start, int tagEnd) {
        for (EncryptionPlace place : places) {
            if (place.isAt(open.path())) {
                if (!seen.add(place)) {
                    throw Xenc.malformed("a place that is to be encrypted is twice in the document");
                }
                inside = place;
                level = depth;
                regionStart = place.content() ? tagEnd : start;
                copied = regionStart;
                plaintext.reset();
                return;
            }
        }
    }

    private void leave(EncryptionPlace place, boolean oneTag, int tagEnd, ByteOffsets offsets, XMLStreamReader2 current)
            throws IOException {
        int start = regionStart;
        int end;
        String name = null;
        if (oneTag) {
            end = tagEnd;
            if (place.content()) {
                // The empty content goes between two tags in the place of one.
                start = end - 2;
                name = current.getPrefixedName();
            }
        } else {
            end = place.content() ? offsets.start() : offsets.end();
        }
        plaintext.write(xml, copied, end - copied);
        found.add(new Region(place, start, end, withUndeclared(), name));
        inside = null;
        undeclaredHere = -1;
    }

    private byte[] withUndeclared() {
        byte[] bytes = plaintext.toByteArray();
        if (undeclared.isEmpty()) {
            return bytes;
        }
        plaintext.reset();
        int written = 0;
        for (int at : undeclared) {
            plaintext.write(bytes, written, at - written);
            plaintext.writeBytes(NO_DEFAULT);
            written = at;
        }
        plaintext.write(bytes, written, bytes.length - written);
        undeclared.clear();
        requireSize();
        return plaintext.toByteArray();
    }

    private void declareInherited(XMLStreamReader2 current, int start, int depth) {
        Map<String, String> inherited = open.inherited();
        // Nothing stands around the root.
        boolean undeclares = depth > 1 && !open.declareDefault();
        undeclaredHere = -1;
        if (inherited.isEmpty() && !undeclares) {
            return;
        }
        int more = undeclares ? 1 : 0;
        if (inherited.size() + more + current.getNamespaceCount() > limits.maxNamespaces()) {
            throw InvalidMessageException.tooLarge(
                    "more than " + limits.maxNamespaces() + " namespaces in scope of an element");
        }
        StringBuilder declarations = new StringBuilder();
        inherited.forEach((prefix, uri) -> declarations
                .append(prefix.isEmpty() ? " xmlns" : " xmlns:" + prefix)
                .append("=\"")
                .append(Xenc.escape(uri))
                .append('"'));
        int nameEnd = start + 1 + current.getPrefixedName().getBytes(StandardCharsets.UTF_8).length;
        plaintext.write(xml, copied, nameEnd - copied);
        plaintext.writeBytes(declarations.toString().getBytes(StandardCharsets.UTF_8));
        copied = nameEnd;
        if (undeclares) {
            undeclaredHere = plaintext.size();
        }
        requireSize();
    }

    /** Long declarations may be repeated for each child of an element. */
    private void requireSize() {
        if (plaintext.size() > limits.maxBytes()) {
            throw InvalidMessageException.tooLarge("a plaintext of more than " + limits.maxBytes() + " bytes");
        }
    }
}
