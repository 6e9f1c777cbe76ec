// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.util.StreamReaderDelegate;
import org.codehaus.stax2.XMLStreamReader2;
import org.w3c.dom.Document;

/**
 * What a verified XML signature covers, and by which key: the elements that were signed, each as the canonical bytes that
 * were digested.
 *
 * <p><b>Security properties.</b> Nothing else of the message can be reached from here: not its other elements, not its
 * comments, not the signature. Every view is made from the bytes that were digested.
 *
 * <p>Immutable and thread-safe. What does not fit in the policy's memory is in temporary files until {@link #close}.
 */
public final class VerifiedXml implements AutoCloseable {
    private final VerificationKey key;
    private final List<Part> parts;

    VerifiedXml(VerificationKey key, List<Part> parts) {
        this.key = key;
        this.parts = parts;
    }

    /** The key that the signature was made with, as it was configured. */
    public VerificationKey key() {
        return key;
    }

    /** The element that the profile names first. */
    public Part content() {
        return parts.get(0);
    }

    /** The covered elements, in the order of the profile. */
    public List<Part> parts() {
        return parts;
    }

    /**
     * The covered element of this name.
     *
     * @throws IllegalArgumentException if none is covered, or several of this name are
     */
    public Part part(QName element) {
        List<Part> found =
                parts.stream().filter(part -> part.name().equals(element)).toList();
        if (found.size() != 1) {
            throw new NotCovered(
                    (found.isEmpty() ? "no covered element is called " : "several covered elements are called ")
                            + element);
        }
        return found.get(0);
    }

    /** Told from the other mistakes of a caller, since what is covered is the signer's choice. */
    static final class NotCovered extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        NotCovered(String message) {
            super(message);
        }
    }

    /** Deletes the temporary files, if there are any. */
    @Override
    public void close() {
        parts.forEach(part -> part.content.close());
    }

    @Override
    public String toString() {
        return "VerifiedXml[" + parts + ", " + key + "]";
    }

    /**
     * One signed element.
     *
     * <p>Paths go from the element down: {@code GrpHdr/MsgId}, {@code Amt/@Ccy}, or {@code .} for the element itself. A step
     * is a local name in the element's own namespace, or a name with its namespace, {@code {urn:example}Id}.
     */
    public static final class Part {
        private final XmlProfile.Part place;
        private final Spool content;
        private final StrictReader.Factory readers;
        private final int skipped;

        /** @param skipped levels of elements around the one that the application means */
        Part(XmlProfile.Part place, Spool content, StrictReader.Factory readers, int skipped) {
            this.place = place;
            this.content = content;
            this.readers = readers;
            this.skipped = skipped;
        }

        /** The element's name. */
        public QName name() {
            return place.name();
        }

        /** Where the signed element stood in the message: the names from the root down. */
        public List<QName> place() {
            return place.place();
        }

        /** Bytes of the canonical form. */
        public long length() {
            return content.size();
        }

        /** The canonical bytes, a copy. For an enveloping signature they begin with {@code ds:Object}. */
        public byte[] contentBytes() {
            try {
                return content.toBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The canonical bytes as a stream; close it if they are many. */
        public InputStream contentStream() {
            try {
                return content.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Reads the canonical bytes event by event; close it if they are many. */
        public XMLStreamReader openReader() {
            try {
                InputStream file = content.openFile();
                XMLStreamReader2 reader = readers.open(content, file).current();
                return file == null ? reader : new Closing(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The canonical bytes as a new DOM, which is the caller's to change. */
        public Document toDocument() {
            try (InputStream file = content.openFile()) {
                return DomBuilder.build(readers.open(content, file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /**
         * The text of the one element or attribute at a path, all its pieces joined.
         *
         * @throws InvalidMessageException if there is none, there are several elements at the path, whether they have the
         *     attribute or not, or it has elements in it
         */
        public String text(String path) {
            TextPath.Found found = read(path);
            if (found.elements() > 1 || found.texts().size() != 1) {
                throw InvalidMessageException.malformed(
                        "the signed content has " + (found.elements() > 1 ? "more than one " : "no ") + path);
            }
            return found.texts().get(0);
        }

        /**
         * The texts of all elements or attributes at a path, in the order of the document.
         *
         * @throws InvalidMessageException if one has elements in it
         */
        public List<String> texts(String path) {
            return read(path).texts();
        }

        private TextPath.Found read(String path) {
            TextPath parsed = TextPath.parse(path, name().getNamespaceURI());
            try (InputStream file = content.openFile()) {
                return parsed.read(readers.open(content, file), skipped);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /**
         * The time at a path ({@code xs:dateTime} with a zone).
         *
         * @throws InvalidMessageException if there is not exactly one, or it is no time
         */
        public Instant instant(String path) {
            try {
                return OffsetDateTime.parse(text(path).strip()).toInstant();
            } catch (DateTimeException e) {
                throw InvalidMessageException.malformed("the signed content has no time with a zone at " + path);
            }
        }

        @Override
        public String toString() {
            return name() + ", " + length() + " bytes";
        }
    }
    /** Closes the file with the reader, which by itself leaves open what it was given. */
    private static final class Closing extends StreamReaderDelegate {
        private final XMLStreamReader2 reader;

        Closing(XMLStreamReader2 reader) {
            super(reader);
            this.reader = reader;
        }

        @Override
        public void close() throws XMLStreamException {
            reader.closeCompletely();
        }
    }
}
