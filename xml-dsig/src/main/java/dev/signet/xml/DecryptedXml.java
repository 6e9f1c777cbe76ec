// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;

/**
 * A document with the plaintext where it was encrypted, which only {@link XmlDecrypter} makes.
 *
 * <p><b>Security properties.</b> What was encrypted by AES-GCM is as its sender made it. With a public key anybody may be the
 * sender, and what is around it is as anybody left it: encryption hides, it does not sign. Immutable and thread-safe;
 * {@link #toString()} shows no content.
 */
public final class DecryptedXml {
    private final byte[] xml;
    private final DecryptionKey key;
    private final @Nullable Algorithm contentEncryption;
    private final StrictReader.Factory documents;

    DecryptedXml(byte[] xml, DecryptionKey key, @Nullable Algorithm contentEncryption, StrictReader.Factory documents) {
        this.xml = xml;
        this.key = key;
        this.contentEncryption = contentEncryption;
        this.documents = documents;
    }

    /** The document, as a copy: byte for byte what was received, but for what was encrypted. */
    public byte[] contentBytes() {
        return xml.clone();
    }

    /** A reader over the document, at its start. */
    public XMLStreamReader openReader() {
        return documents.open(xml, 0, xml.length).current();
    }

    /** The document as a new DOM. */
    public Document toDocument() {
        try {
            return DomBuilder.build(documents.open(xml, 0, xml.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The key that decrypted it. */
    public DecryptionKey key() {
        return key;
    }

    /** The algorithm of the content; empty for AES-CBC, with which others may have changed the content. */
    public Optional<Algorithm> contentEncryption() {
        return Optional.ofNullable(contentEncryption);
    }

    @Override
    public String toString() {
        return "DecryptedXml[key=" + key.id() + ", " + key.algorithm().joseName() + ", "
                + (contentEncryption == null ? "AES-CBC" : contentEncryption.joseName()) + ", " + xml.length
                + " bytes]";
    }
}
