// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import org.codehaus.stax2.XMLStreamReader2;

/**
 * A document in which plaintexts took the place of what was encrypted, and that is parsed again as a whole: a plaintext begins
 * and ends exactly where its element does, so that none closes an element of the document, hides a part of it in a comment,
 * or brings what the limits and rules for documents refuse.
 */
final class DecryptedDocument {
    private static final byte[] NO_XML = {'<'};

    final byte[] xml;

    private final List<EncryptionPlace> missing;
    private final List<EncryptionPlace> places;
    private final List<Span> spans;
    private final OpenElements open = new OpenElements();
    private boolean wrong;

    private record Span(boolean content, int start, int end) {}

    private DecryptedDocument(byte[] xml, List<EncryptionPlace> places, List<Span> spans) {
        this.xml = xml;
        this.places = places;
        this.spans = spans;
        missing = new ArrayList<>(places);
    }

    static DecryptedDocument of(
            byte[] encrypted,
            List<EncryptionPlace> places,
            List<EncryptedDocument.Region> regions,
            List<byte[]> plaintexts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(encrypted.length);
        List<Span> spans = new ArrayList<>();
        int copied = 0;
        for (int i = 0; i < regions.size(); i++) {
            EncryptedDocument.Region region = regions.get(i);
            out.write(encrypted, copied, region.start() - copied);
            int start = out.size();
            out.writeBytes(plaintexts.get(i));
            spans.add(new Span(region.content(), start, out.size()));
            copied = region.end();
        }
        out.write(encrypted, copied, encrypted.length - copied);
        return new DecryptedDocument(out.toByteArray(), places, spans);
    }

    /**
     * Whether each plaintext is what may stand at its place. Reads the document to its end, whatever is wrong before, so that
     * what is wrong does not show in the time; for the same reason one that does not fit ends as one that is no XML.
     *
     * @throws InvalidMessageException if the document is not well-formed, or over a limit
     */
    boolean fits(StrictReader.Factory readers) {
        try {
            read(readers.open(xml, 0, xml.length));
            if (!wrong && missing.isEmpty() && spans.isEmpty()) {
                return true;
            }
            readers.open(NO_XML, 0, NO_XML.length).next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return false;
    }

    private void read(StrictReader events) throws IOException {
        XMLStreamReader2 current = events.current();
        ByteOffsets offsets = new ByteOffsets(xml, events);
        int level = 0;
        for (int event = events.next(); event != XMLStreamConstants.END_DOCUMENT; event = events.next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                // What was encrypted twice is not decrypted twice.
                wrong |= current.getName().equals(Xenc.ENCRYPTED_DATA);
                open.start(current);
                if (level == 0 && enters(offsets)) {
                    level = events.depth();
                }
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                if (events.depth() == level) {
                    Span span = spans.remove(0);
                    wrong |= span.end() != (span.content() ? offsets.start() : offsets.end());
                    level = 0;
                }
                open.end();
            }
        }
    }

    /** Whether this element is at a place, and begins as the plaintext does. */
    private boolean enters(ByteOffsets offsets) throws IOException {
        for (EncryptionPlace place : places) {
            if (place.isAt(open.path())) {
                boolean expected = missing.remove(place)
                        && !spans.isEmpty()
                        && spans.get(0).content() == place.content()
                        && spans.get(0).start() == (place.content() ? offsets.end() : offsets.start());
                wrong |= !expected;
                return expected;
            }
        }
        return false;
    }
}
