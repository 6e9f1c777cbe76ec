// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.core.Limits;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.XmlLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import picocli.CommandLine.Option;

/** How documents are read: within limits that leave room for large files, and with or without instructions. */
final class XmlReading {
    /** What has to be in memory as a whole: documents that are encrypted or decrypted. */
    static final int MAX_IN_MEMORY = 128 << 20;

    private static final long MAX_STREAMED = 1L << 40;
    private static final int SPOOLED_FROM = 1 << 20;
    private static final int MAX_COUNT = Integer.MAX_VALUE;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_ATTRIBUTE = 64 << 10;
    private static final int PEEKED_BYTES = 64 << 10;
    private static final int BEGINNING = 1024;

    @Option(
            names = "--allow-processing-instructions",
            description = "Take documents with processing instructions, which mean something to some readers only.")
    private boolean allowInstructions;

    boolean allowsInstructions() {
        return allowInstructions;
    }

    /** For documents of any size, of which a mebibyte is kept in memory. */
    static SecurityPolicy streaming() {
        return policy(MAX_STREAMED, SPOOLED_FROM, MAX_COUNT);
    }

    static SecurityPolicy inMemory() {
        return policy(MAX_IN_MEMORY, MAX_IN_MEMORY, MAX_IN_MEMORY);
    }

    private static SecurityPolicy policy(long maxBytes, int inMemory, int maxCount) {
        XmlLimits xml = XmlLimits.recommended2026()
                .withMaxBytes(maxBytes)
                .withMaxBytesInMemory(inMemory)
                .withMaxElements(maxCount)
                .withMaxChildren(maxCount)
                .withMaxDepth(MAX_DEPTH)
                .withMaxTextLength(maxCount)
                .withMaxAttributeLength(MAX_ATTRIBUTE);
        return SecurityPolicy.recommended2026()
                .withLimits(Limits.recommended2026().withXml(xml));
    }

    /**
     * A document that is kept aside as a whole before it is read, unless it begins as none can: then only its beginning, so
     * that a verdict does not cost a copy of it.
     */
    static InputStream document(InputStream in) throws IOException {
        byte[] start = in.readNBytes(BEGINNING);
        InputStream beginning = new ByteArrayInputStream(start);
        return canBegin(start) ? new SequenceInputStream(beginning, in) : beginning;
    }

    /** White space may come first, and a byte order mark; UTF-16 has a zero beside the first character. */
    private static boolean canBegin(byte[] start) {
        for (int i = 0; i < start.length; i++) {
            byte b = start[i];
            if (b == '<') {
                return true;
            }
            boolean isMark = (b & 0xff) == 0xef || (b & 0xff) == 0xbb || (b & 0xff) == 0xbf || (b & 0xff) >= 0xfe;
            if (!isMark && b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return b == 0 && i + 1 < start.length && start[i + 1] == '<';
            }
        }
        // So much white space is nobody's, but it is no fault either.
        return start.length == BEGINNING;
    }

    /**
     * The name of a file's root element, to help with a mistake; never to decide by. Empty if it is not there, or there is a
     * document type, or it is no plain file, which could be read only once.
     */
    static Optional<QName> peekRoot(String file) {
        if (Inputs.isStandardInput(file)) {
            return Optional.empty();
        }
        Path path = Texts.path(file);
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try (InputStream in = Files.newInputStream(path)) {
            byte[] start = in.readNBytes(PEEKED_BYTES);
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(start));
            while (reader.hasNext()) {
                int event = reader.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    return Optional.of(reader.getName());
                }
                if (event == XMLStreamConstants.DTD) {
                    break;
                }
            }
        } catch (IOException | XMLStreamException e) {
            // It helps, or it does not.
        }
        return Optional.empty();
    }

    /** Another root than the one that was said may explain why a document does not have what was looked for. */
    static String rootHint(String file, QName said) {
        return peekRoot(file)
                .filter(root -> !root.equals(said))
                .map(root -> " (its root is " + root + ")")
                .orElse("");
    }
}
