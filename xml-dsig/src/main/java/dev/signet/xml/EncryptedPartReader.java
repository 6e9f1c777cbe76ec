// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import dev.signet.xml.EncryptedPart.AgreedKey;
import dev.signet.xml.EncryptedPart.EncryptedKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamConstants;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@code EncryptedData} by its schema (XML Encryption 1.1, 3), and less than that: what refers to something
 * elsewhere is refused ({@code CipherReference}, {@code RetrievalMethod}, {@code KeyInfoReference}, {@code ReferenceList}), as
 * are transforms, properties and keys for the recipient. Certificates and key values beside a key are passed over.
 */
final class EncryptedPartReader {
    /** Of one parameter of ConcatKDF. */
    private static final int MAX_HEX = 1024;

    private static final Set<String> REFERRING =
            Set.of("CipherReference", "RetrievalMethod", "KeyInfoReference", "ReferenceList", "EncryptionProperties");

    private final StrictReader events;
    private final XMLStreamReader2 current;
    private final int maxKeys;
    private final int maxName;

    /** @param events at the start of the EncryptedData; they end at its end */
    EncryptedPartReader(StrictReader events, int maxKeys, int maxName) {
        this.events = events;
        current = events.current();
        this.maxKeys = maxKeys;
        this.maxName = maxName;
    }

    EncryptedPart read() throws IOException {
        attributes("Id", "Type", "MimeType");
        String type = required("Type");
        expect(Xenc.ENCRYPTION_METHOD);
        attributes("Algorithm");
        String algorithm = required("Algorithm");
        requireEnd();
        String keyName = null;
        List<EncryptedKey> keys = new ArrayList<>();
        QName child = child();
        if (Xenc.KEY_INFO.equals(child)) {
            attributes("Id");
            for (QName info = child(); info != null; info = child()) {
                if (info.equals(Xenc.KEY_NAME) && keyName == null) {
                    keyName = name();
                } else if (info.equals(Xenc.ENCRYPTED_KEY)) {
                    if (keys.size() == maxKeys) {
                        throw InvalidMessageException.tooLarge(
                                "XML Encryption: more than " + maxKeys + " EncryptedKeys");
                    }
                    keys.add(encryptedKey());
                } else {
                    throw unexpected(info);
                }
            }
            child = child();
        }
        byte[] ciphertext = cipherData(child);
        requireEnd();
        return new EncryptedPart(type, algorithm, keyName, List.copyOf(keys), ciphertext);
    }

    private EncryptedKey encryptedKey() throws IOException {
        attributes("Id", "Recipient");
        String name = current.getAttributeValue("", "Recipient");
        if (name != null) {
            requireName(name);
        }
        expect(Xenc.ENCRYPTION_METHOD);
        attributes("Algorithm");
        String algorithm = required("Algorithm");
        String digest = null;
        String mgf = null;
        for (QName parameter = child(); parameter != null; parameter = child()) {
            if (parameter.equals(Xenc.DIGEST_METHOD) && digest == null) {
                digest = algorithmOnly();
            } else if (parameter.equals(Xenc.MGF) && mgf == null) {
                mgf = algorithmOnly();
            } else {
                throw unexpected(parameter);
            }
        }
        AgreedKey agreement = null;
        QName child = child();
        if (Xenc.KEY_INFO.equals(child)) {
            attributes("Id");
            for (QName info = child(); info != null; info = child()) {
                if (info.equals(Xenc.KEY_NAME)) {
                    name = oneName(name, name());
                } else if (info.equals(Xenc.AGREEMENT_METHOD) && agreement == null) {
                    attributes("Algorithm");
                    agreement = agreement();
                    name = oneName(name, recipient());
                } else if (info.equals(Xenc.X509_DATA) || info.equals(Xenc.KEY_VALUE)) {
                    skip();
                } else {
                    throw unexpected(info);
                }
            }
            child = child();
        }
        byte[] ciphertext = cipherData(child);
        child = child();
        if (Xenc.CARRIED_KEY_NAME.equals(child)) {
            name();
            child = child();
        }
        if (child != null) {
            throw unexpected(child);
        }
        return new EncryptedKey(algorithm, name, digest, mgf, agreement, ciphertext);
    }

    /** XML Encryption 1.1, 5.6; ends before RecipientKeyInfo. */
    private AgreedKey agreement() throws IOException {
        String algorithm = required("Algorithm");
        expect(Xenc.KEY_DERIVATION_METHOD);
        attributes("Algorithm");
        if (!required("Algorithm").equals(Xenc.CONCAT_KDF)) {
            throw Xenc.malformed("the key derivation is not accepted");
        }
        byte[] otherInfo = concatKdf();
        requireEnd();
        expect(Xenc.ORIGINATOR_KEY_INFO);
        attributes();
        QName child = child();
        String curve = null;
        byte[] publicKey;
        if (Xenc.DER_ENCODED_KEY_VALUE.equals(child)) {
            attributes("Id");
            publicKey = base64("DEREncodedKeyValue");
        } else if (Xenc.KEY_VALUE.equals(child)) {
            attributes("Id");
            expect(Xenc.EC_KEY_VALUE);
            attributes("Id");
            expect(Xenc.NAMED_CURVE);
            attributes("URI");
            curve = required("URI");
            requireEnd();
            expect(Xenc.PUBLIC_KEY);
            attributes();
            publicKey = base64("PublicKey");
            requireEnd();
            requireEnd();
        } else {
            throw unexpected(child);
        }
        requireEnd();
        return new AgreedKey(algorithm, curve, publicKey, otherInfo);
    }

    /** XML Encryption 1.1, 5.4.1. */
    private byte[] concatKdf() throws IOException {
        expect(Xenc.CONCAT_KDF_PARAMS);
        attributes("AlgorithmID", "PartyUInfo", "PartyVInfo", "SuppPubInfo", "SuppPrivInfo");
        ByteArrayOutputStream otherInfo = new ByteArrayOutputStream();
        for (String parameter : List.of("AlgorithmID", "PartyUInfo", "PartyVInfo", "SuppPubInfo", "SuppPrivInfo")) {
            otherInfo.writeBytes(bits(current.getAttributeValue("", parameter)));
        }
        expect(Xenc.DIGEST_METHOD);
        if (!algorithmOnly().equals(Xenc.SHA256)) {
            throw Xenc.malformed("the digest of ConcatKDF is not accepted");
        }
        requireEnd();
        return otherInfo.toByteArray();
    }

    /** A bit string: hexadecimal, of which the first byte says how many bits pad the last one. */
    private static byte[] bits(@Nullable String hex) {
        if (hex == null || hex.isEmpty()) {
            return new byte[0];
        }
        try {
            byte[] bytes =
                    hex.length() > MAX_HEX ? new byte[] {1} : HexFormat.of().parseHex(hex);
            if (bytes[0] == 0) {
                return Arrays.copyOfRange(bytes, 1, bytes.length);
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw Xenc.malformed("a parameter of ConcatKDF is not a string of whole bytes");
    }

    private @Nullable String recipient() throws IOException {
        QName child = child();
        String name = null;
        if (child != null) {
            if (!child.equals(Xenc.RECIPIENT_KEY_INFO)) {
                throw unexpected(child);
            }
            attributes("Id");
            for (QName info = child(); info != null; info = child()) {
                if (info.equals(Xenc.KEY_NAME)) {
                    name = oneName(name, name());
                } else if (info.equals(Xenc.X509_DATA) || info.equals(Xenc.KEY_VALUE)) {
                    skip();
                } else if (info.equals(Xenc.DER_ENCODED_KEY_VALUE)) {
                    skip();
                } else {
                    throw unexpected(info);
                }
            }
            requireEnd();
        }
        return name;
    }

    private byte[] cipherData(@Nullable QName child) throws IOException {
        if (!Xenc.CIPHER_DATA.equals(child)) {
            throw unexpected(child);
        }
        attributes();
        expect(Xenc.CIPHER_VALUE);
        attributes();
        byte[] ciphertext = base64("CipherValue");
        requireEnd();
        return ciphertext;
    }

    private String algorithmOnly() throws IOException {
        attributes("Algorithm");
        String algorithm = required("Algorithm");
        requireEnd();
        return algorithm;
    }

    private String name() throws IOException {
        attributes();
        String name = text();
        requireName(name);
        return name;
    }

    private void requireName(String name) {
        if (name.isEmpty() || name.length() > maxName) {
            throw Xenc.malformed("the name of a key is empty or too long");
        }
    }

    private static @Nullable String oneName(@Nullable String name, @Nullable String other) {
        if (name != null && other != null && !name.equals(other)) {
            throw Xenc.malformed("an EncryptedKey has two names");
        }
        return name == null ? other : name;
    }

    private byte[] base64(String what) throws IOException {
        return Base64Text.decode(text(), what);
    }

    /** The text of the current element, and nothing else in it. */
    private String text() throws IOException {
        StringBuilder text = new StringBuilder();
        while (true) {
            switch (events.next()) {
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.SPACE ->
                    text.append(current.getTextCharacters(), current.getTextStart(), current.getTextLength());
                case XMLStreamConstants.END_ELEMENT -> {
                    return text.toString();
                }
                default -> throw Xenc.malformed("something beside text in a value");
            }
        }
    }

    private void skip() throws IOException {
        int depth = events.depth();
        while (events.next() != XMLStreamConstants.END_ELEMENT || events.depth() > depth) {
            // Not looked at.
        }
    }

    private void expect(QName name) throws IOException {
        QName child = child();
        if (!name.equals(child)) {
            throw unexpected(child);
        }
    }

    private void requireEnd() throws IOException {
        QName child = child();
        if (child != null) {
            throw unexpected(child);
        }
    }

    /** The next child's start, or null at the end of the element. */
    private @Nullable QName child() throws IOException {
        while (true) {
            switch (events.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return current.getName();
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return null;
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.SPACE -> {
                    if (!current.isWhiteSpace()) {
                        throw Xenc.malformed("text where it has no meaning");
                    }
                }
                case XMLStreamConstants.COMMENT -> {}
                default -> throw Xenc.malformed("something that is no element");
            }
        }
    }

    private String required(String attribute) {
        String value = current.getAttributeValue("", attribute);
        if (value == null) {
            throw Xenc.malformed("an element has no " + attribute);
        }
        return value;
    }

    /** Attributes of other namespaces, such as ids, have no meaning here. */
    private void attributes(String... known) {
        for (int i = 0; i < current.getAttributeCount(); i++) {
            String namespace = current.getAttributeNamespace(i);
            if ((namespace == null || namespace.isEmpty())
                    && !Arrays.asList(known).contains(current.getAttributeLocalName(i))) {
                throw Xenc.malformed("an attribute that is not accepted");
            }
        }
    }

    private static InvalidMessageException unexpected(@Nullable QName name) {
        if (name == null) {
            return Xenc.malformed("an element is absent");
        }
        // A name of the message's own choice is not repeated.
        return Xenc.malformed((REFERRING.contains(name.getLocalPart()) ? name.getLocalPart() : "an element")
                + " is not accepted where it stands");
    }
}
