// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * A document with encrypted parts at their places and nowhere else. It is read before any cryptography, and what is wrong
 * with it can be seen by everybody.
 */
final class EncryptedDocument {
    private final byte[] xml;
    private final List<EncryptionPlace> places;
    private final Limits limits;
    private final OpenElements open = new OpenElements();
    private final List<Region> found = new ArrayList<>();
    private final List<EncryptionPlace> missing;

    // The element whose whole content is encrypted, while it is open.
    private boolean inside;
    private int level;
    private int from;
    private @Nullable EncryptedPart content;

    /**
     * What a plaintext replaces.
     *
     * @param start of the bytes: of the EncryptedData, or of the whole content of the element at the place
     */
    record Region(boolean content, int start, int end, EncryptedPart part) {}

    private EncryptedDocument(byte[] xml, List<EncryptionPlace> places, Limits limits) {
        this.xml = xml;
        this.places = places;
        this.limits = limits;
        missing = new ArrayList<>(places);
    }

    /**
     * The regions, in their order.
     *
     * @param events whose limit for text leaves room for ciphertext
     * @throws InvalidMessageException if the document is malformed, over a limit, or encrypted elsewhere than at each place
     */
    static List<Region> read(byte[] xml, List<EncryptionPlace> places, StrictReader events, Limits limits) {
        EncryptedDocument document = new EncryptedDocument(xml, places, limits);
        try {
            document.read(events);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!document.missing.isEmpty()) {
            throw Xenc.malformed("a place is not encrypted, or not in the document");
        }
        return document.found;
    }

    private void read(StrictReader events) throws IOException {
        XMLStreamReader2 current = events.current();
        ByteOffsets offsets = new ByteOffsets(xml, events);
        int text = 0;
        for (int event = events.next(); event != XMLStreamConstants.END_DOCUMENT; event = events.next()) {
            switch (event) {
                case XMLStreamConstants.START_ELEMENT -> {
                    text = 0;
                    if (current.getName().equals(Xenc.ENCRYPTED_DATA)) {
                        encryptedData(events, offsets);
                    } else {
                        open.start(current);
                        enter(events, offsets);
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    text = 0;
                    if (inside && events.depth() == level) {
                        leave(offsets);
                    }
                    open.end();
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    text += current.getTextLength();
                    if (text > limits.xml().maxTextLength()) {
                        throw InvalidMessageException.tooLarge(
                                "a text longer than " + limits.xml().maxTextLength() + " characters");
                    }
                    if (inside && !current.isWhiteSpace()) {
                        throw Xenc.malformed("text beside the EncryptedData of an element's content");
                    }
                }
                default -> {}
            }
        }
    }

    private void encryptedData(StrictReader events, ByteOffsets offsets) throws IOException {
        String type = events.current().getAttributeValue("", "Type");
        // Which of several elements of one parent it is shows when it is decrypted.
        EncryptionPlace place = missing.stream()
                .filter(candidate ->
                        candidate.isIn(open.path()) && candidate.type().equals(type))
                .findFirst()
                .orElseThrow(() -> Xenc.malformed("an EncryptedData of this type is not accepted where it stands"));
        missing.remove(place);
        int start = offsets.start();
        EncryptedPart part = new EncryptedPartReader(events, limits.maxSignatures(), limits.maxKeyIdLength()).read();
        if (place.content()) {
            content = part;
        } else {
            found.add(new Region(false, start, offsets.end(), part));
        }
    }

    private void enter(StrictReader events, ByteOffsets offsets) throws IOException {
        if (inside) {
            throw Xenc.malformed("an element beside the EncryptedData of an element's content");
        }
        for (EncryptionPlace place : places) {
            if (place.isAt(open.path())) {
                if (!place.content() || !missing.contains(place)) {
                    throw Xenc.malformed("an element at a place that is not encrypted, or is twice in the document");
                }
                inside = true;
                level = events.depth();
                from = offsets.end();
            }
        }
    }

    private void leave(ByteOffsets offsets) throws IOException {
        if (content == null) {
            throw Xenc.malformed("the content of an element is not encrypted");
        }
        found.add(new Region(true, from, offsets.start(), content));
        content = null;
        inside = false;
    }
}
