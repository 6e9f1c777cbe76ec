// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.io.IOException;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/** Positions of the parser's events as positions in the bytes of a document in UTF-8, asked for in their order. */
final class ByteOffsets {
    private final StrictReader events;
    private final CharacterCursor cursor;

    /** @throws dev.signet.core.InvalidMessageException if the document is not in UTF-8, or its subset ASCII */
    ByteOffsets(byte[] xml, StrictReader events) {
        XMLStreamReader2 parser = events.current();
        if (!isUtf8(parser.getEncoding()) || !isUtf8(parser.getCharacterEncodingScheme())) {
            throw Xenc.malformed("the document is not in UTF-8");
        }
        this.events = events;
        cursor = new CharacterCursor(xml, xml.length, false);
    }

    /** Where the current event begins. */
    int start() {
        return cursor.find(events.startOffset());
    }

    /** Where the current event ends, after its last byte. */
    int end() throws IOException {
        return cursor.find(events.endOffset());
    }

    private static boolean isUtf8(@Nullable String encoding) {
        return encoding == null || encoding.equalsIgnoreCase("UTF-8") || encoding.equalsIgnoreCase("US-ASCII");
    }
}
