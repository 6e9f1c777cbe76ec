// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.XmlLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.xml.stream.XMLStreamConstants;

/** Canonical forms of a whole document or of one element in it, by the parser and the writer that signatures use. */
final class Canonicalizer {
    /** Stands for the whole document. */
    static final int DOCUMENT = -1;

    private static final StrictReader.Factory READERS = new StrictReader.Factory(wideLimits(), true);

    private Canonicalizer() {}

    static byte[] canonicalize(String xml, C14n c14n, int element) {
        return canonicalize(xml.getBytes(StandardCharsets.UTF_8), c14n, element);
    }

    /** @param element which start tag of the document begins it, counted from 0, or {@link #DOCUMENT} */
    static byte[] canonicalize(byte[] xml, C14n c14n, int element) {
        return canonicalize(READERS, xml, c14n, element);
    }

    static byte[] canonicalize(StrictReader.Factory readers, byte[] xml, C14n c14n, int element) {
        try (CanonicalOutput out = CanonicalOutput.bounded(new byte[xml.length], 1 << 28)) {
            write(readers.open(xml, 0, xml.length), c14n, element, out);
            return Arrays.copyOf(out.buffer(), out.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(StrictReader reader, C14n c14n, int element, CanonicalOutput out) throws IOException {
        NamespaceScope scope = new NamespaceScope();
        CanonicalWriter writer = new CanonicalWriter(c14n, out, scope, new EncodedNames());
        boolean document = element == DOCUMENT;
        int first = document ? 0 : element;
        int seen = 0;
        boolean writing = false;
        boolean after = false;
        for (int event = reader.next(); event != XMLStreamConstants.END_DOCUMENT; event = reader.next()) {
            switch (event) {
                case XMLStreamConstants.START_ELEMENT -> {
                    scope.enter(reader);
                    writing |= seen++ == first;
                    if (writing) {
                        writer.start(reader);
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (writing) {
                        writer.end();
                        writing = !writer.isDone();
                        after |= !writing;
                    }
                    scope.leave();
                }
                case XMLStreamConstants.CHARACTERS -> {
                    if (writing) {
                        writer.text(reader.current());
                    }
                }
                case XMLStreamConstants.PROCESSING_INSTRUCTION -> {
                    if (writing) {
                        writer.instruction(reader.current());
                    } else if (document) {
                        // Canonical XML 1.0, 2.3: a line end between it and the root.
                        if (after) {
                            out.ascii('\n');
                        }
                        writer.instruction(reader.current());
                        if (!after) {
                            out.ascii('\n');
                        }
                    }
                }
                default -> {
                    // Comments are never part of it.
                }
            }
        }
    }

    static XmlLimits wideLimits() {
        int many = 1 << 28;
        return XmlLimits.recommended2026()
                .withMaxBytes(many)
                .withMaxBytesInMemory(many)
                .withMaxDepth(many)
                .withMaxElements(many)
                .withMaxChildren(many)
                .withMaxAttributes(4096)
                .withMaxNamespaces(256)
                .withMaxNames(many)
                .withMaxNameLength(many)
                .withMaxTextLength(many)
                .withMaxAttributeLength(many)
                .withMaxSignedInfoBytes(many)
                .withMaxReferences(many);
    }
}
