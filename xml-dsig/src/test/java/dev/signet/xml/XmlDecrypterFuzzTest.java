// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Providers;
import dev.signet.core.SecretBytes;
import dev.signet.core.internal.ProviderKeys;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.w3c.dom.Node;

/**
 * Any bytes are refused by one of the library's errors, or what is given out holds what was encrypted; also with any bytes put
 * into an encrypted document, or in place of a part of it. Any bytes as a plaintext, encrypted by the right key, leave the rest
 * of the document what it was, or are the one failure. Any document that can be encrypted comes back byte for byte.
 *
 * <p>Without the variable JAZZER_FUZZ only the seeds run.
 */
class XmlDecrypterFuzzTest {
    private static final QName R = new QName("r");
    private static final QName A = new QName("a");
    private static final QName B = new QName("b");
    private static final String XML = "<r xmlns:p='urn:p'><a p:x='1'>secret &amp; one</a><b>]]&gt; --></b></r>";

    /** The seeds are encrypted by these. */
    private static final DecryptionKey DIRECT = key(Algorithm.A256GCM);

    private static final DecryptionKey KW = key(Algorithm.A256KW);

    private static final SecretKey SECRET =
            ProviderKeys.aes(DIRECT.dangerousSecret().orElseThrow());
    private static final ContentCipher CIPHER =
            ContentCipher.of(Algorithm.A256GCM, Providers.automatic()).orElseThrow();
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final XmlDecrypter ELEMENT_OF_DIRECT =
            XmlDecrypter.builder(DIRECT).element(R, A).build();
    private static final XmlDecrypter CONTENT_OF_DIRECT =
            XmlDecrypter.builder(DIRECT).content(R, A).build();
    private static final XmlDecrypter WHOLE_OF_DIRECT =
            XmlDecrypter.builder(DIRECT).build();
    private static final XmlEncrypter WHOLE =
            XmlEncrypter.builder(DIRECT.encryptionKey()).build();
    private static final XmlDecrypter CBC =
            XmlDecrypter.builder(KW).element(R, A).allowUnauthenticatedCbc().build();

    private static final Encrypted BY_ELEMENT = new Encrypted(
            ELEMENT_OF_DIRECT,
            XmlEncrypter.builder(DIRECT.encryptionKey()).element(R, A).build());
    private static final Encrypted BY_CONTENT = new Encrypted(
            CONTENT_OF_DIRECT,
            XmlEncrypter.builder(DIRECT.encryptionKey()).content(R, A).build());
    private static final List<Encrypted> DOCUMENTS = List.of(
            BY_ELEMENT,
            BY_CONTENT,
            new Encrypted(
                    XmlDecrypter.builder(KW).content(R, A).element(R, B).build(),
                    XmlEncrypter.builder(KW.encryptionKey())
                            .content(R, A)
                            .element(R, B)
                            .build()),
            wholeForAgreement());

    private record Encrypted(XmlDecrypter decrypter, byte[] document) {
        Encrypted(XmlDecrypter decrypter, XmlEncrypter encrypter) {
            this(decrypter, encrypter.encrypt(XML.getBytes(UTF_8)));
        }
    }

    private static Encrypted wholeForAgreement() {
        DecryptionKey key = EncryptionFixtures.agreementKey(Algorithm.ECDH_ES_A128KW, "X25519");
        return new Encrypted(
                XmlDecrypter.builder(key).build(),
                XmlEncrypter.builder(key.encryptionKey()).build());
    }

    @FuzzTest(maxDuration = "1h")
    void decrypt(byte[] data) throws Exception {
        for (Encrypted encrypted : DOCUMENTS) {
            decrypt(encrypted, data);
            if (data.length > 3) {
                int at = ((data[0] & 0xff) << 8 | data[1] & 0xff) % (encrypted.document.length + 1);
                decrypt(encrypted, replaced(encrypted.document, at, 0, data));
                decrypt(encrypted, replaced(encrypted.document, at, data[2] & 0xff, data));
            }
        }
        attempt(CBC, data);
        asPlaintext(BY_ELEMENT, data);
        asPlaintext(BY_CONTENT, data);
        asDocument(data);
    }

    // ---- any message -----------------------------------------------------------------------------------------------

    private static byte[] replaced(byte[] document, int at, int count, byte[] data) {
        int rest = Math.min(document.length, at + count);
        byte[] mutated = Arrays.copyOf(document, at + data.length - 3 + document.length - rest);
        System.arraycopy(data, 3, mutated, at, data.length - 3);
        System.arraycopy(document, rest, mutated, at + data.length - 3, document.length - rest);
        return mutated;
    }

    private static void decrypt(Encrypted encrypted, byte[] message) throws XMLStreamException {
        Optional<DecryptedXml> decrypted = attempt(encrypted.decrypter, message);
        if (decrypted.isPresent()) {
            // The documents and the seeds have nothing else encrypted.
            assertThat(new String(decrypted.get().contentBytes(), UTF_8))
                    .containsAnyOf("secret &amp; one", "]]&gt; -->");
        }
    }

    private static Optional<DecryptedXml> attempt(XmlDecrypter decrypter, byte[] message) throws XMLStreamException {
        DecryptedXml decrypted;
        try {
            decrypted = decrypter.decrypt(message);
        } catch (MessageSecurityException e) {
            assertThat(e).hasNoCause();
            assertThat(e.getMessage()).hasSizeLessThan(200).doesNotContain("secret");
            return Optional.empty();
        }
        // What was checked can be read, and nothing in it is encrypted again.
        assertThat(decrypted
                        .toDocument()
                        .getElementsByTagNameNS(Xenc.XENC, "EncryptedData")
                        .getLength())
                .isZero();
        XMLStreamReader reader = decrypted.openReader();
        while (reader.hasNext()) {
            reader.next();
        }
        return Optional.of(decrypted);
    }

    // ---- any plaintext ---------------------------------------------------------------------------------------------

    private static void asPlaintext(Encrypted encrypted, byte[] plaintext) throws GeneralSecurityException {
        String message = new String(encrypted.document, UTF_8);
        String open = "<xenc:CipherValue>";
        int start = message.indexOf(open) + open.length();
        String forged = message.substring(0, start)
                + Base64Text.encode(CIPHER.encrypt(SECRET, plaintext, RANDOM))
                + message.substring(message.indexOf("</", start));
        byte[] decrypted;
        Node root;
        try {
            DecryptedXml xml = encrypted.decrypter.decrypt(forged.getBytes(UTF_8));
            decrypted = xml.contentBytes();
            root = xml.toDocument().getDocumentElement();
        } catch (DecryptionException e) {
            assertThat(e).hasNoCause().hasMessage("the message could not be decrypted");
            return;
        } catch (InvalidMessageException e) {
            // Only for a ciphertext that makes the message too long.
            assertThat(e.isTooLarge()).isTrue();
            return;
        }
        String before = XML.substring(0, XML.indexOf("<a"));
        String after = XML.substring(XML.indexOf("<b>"));
        boolean element = encrypted == BY_ELEMENT;
        assertThat(decrypted)
                .isEqualTo(concat(
                        (element ? before : before + "<a p:x='1'>").getBytes(UTF_8),
                        plaintext,
                        (element ? after : "</a>" + after).getBytes(UTF_8)));
        // It still means the same: two elements and nothing else, of which the second one is as it was.
        Node first = root.getFirstChild();
        Node second = root.getLastChild();
        assertThat(first.getNodeName()).isEqualTo("a");
        assertThat(first.getNamespaceURI()).isNull();
        assertThat(first.getNextSibling()).isSameAs(second);
        assertThat(second.getNodeName()).isEqualTo("b");
        assertThat(second.getTextContent()).isEqualTo("]]> -->");
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    // ---- any document ----------------------------------------------------------------------------------------------

    private static void asDocument(byte[] xml) {
        byte[] encrypted;
        try {
            encrypted = WHOLE.encrypt(xml);
        } catch (InvalidMessageException e) {
            return;
        }
        assertThat(WHOLE_OF_DIRECT.decrypt(encrypted).contentBytes()).isEqualTo(xml);
    }

    private static DecryptionKey key(Algorithm algorithm) {
        return DecryptionKey.secret(algorithm, SecretBytes.copyOf("fedcba9876543210fedcba9876543210".getBytes(UTF_8)))
                .withId("k");
    }
}
