// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.Providers;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamReader;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** What is encrypted comes back, by every algorithm, at every kind of place. */
class XmlEncryptionTest {
    static final String U = "urn:orders";
    static final QName ORDER = new QName(U, "Order");
    static final QName CARD = new QName(U, "Card");
    static final QName NUMBER = new QName("urn:card", "Number");
    static final String XML = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- é € \ud83d\ude00 -->
            <Order xmlns="urn:orders" xmlns:c="urn:card"  id='7'>
              <Item>Bücher &amp; more</Item>
              <Card kind="credit" ><c:Number>4111 1111 1111 1111</c:Number><c:Name><![CDATA[Zoë <x>]]></c:Name></Card>
              <Note/>
            </Order>
            """;

    static Stream<DecryptionKey> keys() {
        return EncryptionFixtures.allKeys().stream();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void encrypt_everyKeyPlaceAndCipher_isDecryptedToTheSameBytes(DecryptionKey key) {
        for (Algorithm enc : List.of(Algorithm.A128GCM, Algorithm.A192GCM, Algorithm.A256GCM)) {
            if (key.algorithm().isContentEncryption() && key.algorithm() != enc) {
                continue;
            }
            XmlEncrypter.Builder whole =
                    XmlEncrypter.builder(key.encryptionKey()).contentEncryption(enc);
            DecryptedXml decrypted =
                    XmlDecrypter.builder(key).build().decrypt(whole.build().encrypt(utf8(XML)));
            assertThat(text(decrypted)).isEqualTo(XML);
            assertThat(decrypted.contentEncryption()).contains(enc);
            assertThat(decrypted.key()).isSameAs(key);

            byte[] content = XmlEncrypter.builder(key.encryptionKey())
                    .contentEncryption(enc)
                    .content(ORDER)
                    .build()
                    .encrypt(utf8(XML));
            DecryptedXml inner =
                    XmlDecrypter.builder(key).content(ORDER).build().decrypt(content);
            assertThat(EncryptionFixtures.canonical(inner.contentBytes()))
                    .isEqualTo(EncryptionFixtures.canonical(utf8(XML)));

            byte[] element = XmlEncrypter.builder(key.encryptionKey())
                    .contentEncryption(enc)
                    .element(ORDER, CARD)
                    .build()
                    .encrypt(utf8(XML));
            assertThat(new String(element, UTF_8))
                    .startsWith(XML.substring(0, XML.indexOf("<Card")))
                    .endsWith(XML.substring(XML.indexOf("</Card>") + 7))
                    .doesNotContain("4111 1111");
            DecryptedXml card =
                    XmlDecrypter.builder(key).element(ORDER, CARD).build().decrypt(element);
            assertThat(EncryptionFixtures.canonical(card.contentBytes()))
                    .isEqualTo(EncryptionFixtures.canonical(utf8(XML)));
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void decrypt_byBouncyCastleAlone_isTheSame(DecryptionKey key) {
        SecurityPolicy pinned =
                SecurityPolicy.recommended2026().withProviders(Providers.pinned(new BouncyCastleProvider()));
        byte[] xml = XmlEncrypter.builder(key.encryptionKey()).build().encrypt(utf8(XML));
        assertThat(text(XmlDecrypter.builder(key).policy(pinned).build().decrypt(xml)))
                .isEqualTo(XML);
        byte[] back =
                XmlEncrypter.builder(key.encryptionKey()).policy(pinned).build().encrypt(utf8(XML));
        assertThat(text(XmlDecrypter.builder(key).build().decrypt(back))).isEqualTo(XML);
    }

    @Test
    void encrypt_severalRecipients_isDecryptedByEach() {
        List<DecryptionKey> keys = EncryptionFixtures.wrappingKeys().subList(0, 6);
        byte[] xml = XmlEncrypter.builder(
                        keys.get(0).encryptionKey(),
                        keys.stream().skip(1).map(DecryptionKey::encryptionKey).toArray(EncryptionKey[]::new))
                .element(ORDER, CARD)
                .build()
                .encrypt(utf8(XML));
        for (DecryptionKey key : keys) {
            DecryptedXml decrypted =
                    XmlDecrypter.builder(key).element(ORDER, CARD).build().decrypt(xml);
            assertThat(text(decrypted)).contains("4111 1111 1111 1111");
            assertThat(decrypted.key()).isSameAs(key);
        }
    }

    @Test
    void encrypt_severalPlaces_areAllDecrypted() {
        DecryptionKey key = EncryptionFixtures.KW;
        byte[] xml = XmlEncrypter.builder(key.encryptionKey())
                .element(ORDER, CARD, NUMBER)
                .content(ORDER, CARD, new QName("urn:card", "Name"))
                .element(ORDER, new QName(U, "Item"))
                .content(ORDER, new QName(U, "Note"))
                .build()
                .encrypt(utf8(XML));
        assertThat(new String(xml, UTF_8))
                .doesNotContain("4111 1111", "Zoë", "Bücher")
                .contains("</Note>");
        XmlDecrypter decrypter = XmlDecrypter.builder(key)
                .content(ORDER, new QName(U, "Note"))
                .element(ORDER, new QName(U, "Item"))
                .content(ORDER, CARD, new QName("urn:card", "Name"))
                .element(ORDER, CARD, NUMBER)
                .build();
        byte[] decrypted = decrypter.decrypt(xml).contentBytes();
        assertThat(EncryptionFixtures.canonical(decrypted)).isEqualTo(EncryptionFixtures.canonical(utf8(XML)));
    }

    @Test
    void encrypt_elementWithoutItsContext_keepsItsNamespaces() {
        DecryptionKey key = EncryptionFixtures.KW;
        String xml =
                "<a:r xmlns:a='urn:a' xmlns:x='urn:x&amp;\"' xmlns='urn:d'><a:m xmlns=''><v a:t='x:int'/><w/></a:m></a:r>";
        QName r = new QName("urn:a", "r");
        QName m = new QName("urn:a", "m");
        byte[] encrypted =
                XmlEncrypter.builder(key.encryptionKey()).content(r, m).build().encrypt(utf8(xml));
        // As a signature's exclusive canonical form would leave it: nothing is declared that is not seen.
        String moved = new String(encrypted, UTF_8)
                .replace(" xmlns:x='urn:x&amp;\"' xmlns='urn:d'", " xmlns='urn:other'")
                .replace("<a:m xmlns=''>", "<a:m>");
        DecryptedXml decrypted = XmlDecrypter.builder(key).content(r, m).build().decrypt(utf8(moved));
        Element v = (Element)
                decrypted.toDocument().getElementsByTagNameNS("*", "v").item(0);
        assertThat(v.getNamespaceURI()).isNull();
        assertThat(v.lookupNamespaceURI("x")).isEqualTo("urn:x&\"");
        assertThat(decrypted
                        .toDocument()
                        .getElementsByTagNameNS("*", "w")
                        .item(0)
                        .getNamespaceURI())
                .isNull();
    }

    @Test
    void encrypt_namesWithoutANamespace_keepNoneWhateverStandsAround() {
        DecryptionKey key = EncryptionFixtures.KW;
        String[][] cases = {
            // All of an element, its content, names below one with a prefix, and several children.
            {"<r><m><number>1</number></m></r>", "element"},
            {"<r><m><number>1</number><number/>text</m></r>", "content"},
            {"<r><m><p:a xmlns:p='urn:p'><number>1</number></p:a><q:b xmlns:q='urn:q'/><number/></m></r>", "content"},
            {"<p:r xmlns:p='urn:p'><m><p:a><number>1</number></p:a></m></p:r>", "content"}
        };
        for (String[] one : cases) {
            QName r = one[0].startsWith("<p:r") ? new QName("urn:p", "r") : new QName("r");
            QName m = new QName("m");
            XmlEncrypter.Builder encrypter = XmlEncrypter.builder(key.encryptionKey());
            XmlDecrypter.Builder decrypter = XmlDecrypter.builder(key);
            boolean content = one[1].equals("content");
            byte[] encrypted = (content ? encrypter.content(r, m) : encrypter.element(r, m))
                    .build()
                    .encrypt(utf8(one[0]));
            String moved = new String(encrypted, UTF_8)
                    .replaceFirst("<r>", "<r xmlns='urn:attacker'>")
                    .replaceFirst("<p:r ", "<p:r xmlns='urn:attacker' ")
                    .replace("<m>", "<m xmlns=''>");
            // The place itself is the verifier's to compare; what is in it keeps its names.
            if (content) {
                moved = moved.replace("<m xmlns=''>", "<m>");
            }
            QName attackers = new QName("urn:attacker", "m");
            QName root = r.getNamespaceURI().isEmpty() ? new QName("urn:attacker", "r") : r;
            DecryptedXml decrypted = (content ? decrypter.content(root, attackers) : decrypter.element(root, m))
                    .build()
                    .decrypt(utf8(moved));
            assertThat(decrypted
                            .toDocument()
                            .getElementsByTagNameNS("*", "number")
                            .item(0)
                            .getNamespaceURI())
                    .as(one[0])
                    .isNull();
            // Where nothing was changed, it is the document that it was.
            String back = new String(
                    (content
                                    ? XmlDecrypter.builder(key).content(r, m)
                                    : XmlDecrypter.builder(key).element(r, m))
                            .build()
                            .decrypt(encrypted)
                            .contentBytes(),
                    UTF_8);
            assertThat(back.replace(" xmlns=\"\"", "")).isEqualTo(one[0].replace("<p:a>", "<p:a xmlns:p=\"urn:p\">"));
        }
    }

    @Test
    void encrypt_schemaTypeWithoutAPrefix_keepsNoNamespaceWhateverStandsAround() {
        DecryptionKey key = EncryptionFixtures.KW;
        String xml = "<p:r xmlns:p='urn:p' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
                + "<p:m><p:a><p:b xsi:type='Card'>1</p:b></p:a></p:m></p:r>";
        QName r = new QName("urn:p", "r");
        QName m = new QName("urn:p", "m");
        byte[] encrypted =
                XmlEncrypter.builder(key.encryptionKey()).content(r, m).build().encrypt(utf8(xml));
        String moved = new String(encrypted, UTF_8).replace("<p:m>", "<p:m xmlns='urn:other'>");
        assertThat(XmlDecrypter.builder(key)
                        .content(r, m)
                        .build()
                        .decrypt(utf8(moved))
                        .toDocument()
                        .getElementsByTagNameNS("urn:p", "b")
                        .item(0)
                        .lookupNamespaceURI(null))
                .isNull();
    }

    @Test
    void encrypt_namesWithPrefixesOnly_needNoDefaultNamespace() {
        DecryptionKey key = EncryptionFixtures.KW;
        String xml = "<p:r xmlns:p='urn:p'><p:m><q:a xmlns:q='urn:q'>1</q:a></p:m></p:r>";
        QName r = new QName("urn:p", "r");
        QName m = new QName("urn:p", "m");
        byte[] encrypted =
                XmlEncrypter.builder(key.encryptionKey()).content(r, m).build().encrypt(utf8(xml));
        assertThat(new String(
                        XmlDecrypter.builder(key)
                                .content(r, m)
                                .build()
                                .decrypt(encrypted)
                                .contentBytes(),
                        UTF_8))
                .doesNotContain("xmlns=\"\"");
    }

    @ValueSource(
            strings = {
                "<r/>",
                "<r></r>",
                "\ufeff<r>é</r>",
                "<?xml version='1.0'?>\r\n<r>\r\n</r>\r\n",
                "<p:r xmlns:p='u'/>"
            })
    @ParameterizedTest
    void encrypt_oddDocuments_comeBackAsTheyWere(String xml) {
        DecryptionKey key = EncryptionFixtures.KW;
        byte[] encrypted = XmlEncrypter.builder(key.encryptionKey()).build().encrypt(utf8(xml));
        assertThat(text(XmlDecrypter.builder(key).build().decrypt(encrypted))).isEqualTo(xml);
    }

    @Test
    void encrypt_contentOfOneTag_isEmptyAndDecryptsToTwoTags() {
        DecryptionKey key = EncryptionFixtures.KW;
        QName r = new QName("u", "r");
        byte[] encrypted = XmlEncrypter.builder(key.encryptionKey())
                .content(r)
                .build()
                .encrypt(utf8("<p:r xmlns:p='u' a='/>' />"));
        assertThat(text(XmlDecrypter.builder(key).content(r).build().decrypt(encrypted)))
                .isEqualTo("<p:r xmlns:p='u' a='/>' ></p:r>");
    }

    @Test
    void encrypt_withoutKeyId_isForADecrypterOfOneKey() {
        for (DecryptionKey key : EncryptionFixtures.allKeys()) {
            byte[] xml = XmlEncrypter.builder(key.encryptionKey())
                    .withoutKeyId()
                    .build()
                    .encrypt(utf8(XML));
            assertThat(new String(xml, UTF_8)).doesNotContain("KeyName");
            assertThat(text(XmlDecrypter.builder(key).build().decrypt(xml))).isEqualTo(XML);
        }
    }

    @Test
    void decrypt_documentsAndReaders_showThePlaintext() throws Exception {
        DecryptionKey key = EncryptionFixtures.KW;
        DecryptedXml decrypted = XmlDecrypter.builder(key)
                .build()
                .decrypt(XmlEncrypter.builder(key.encryptionKey()).build().encrypt(utf8(XML)));
        Document document = decrypted.toDocument();
        assertThat(document.getElementsByTagNameNS("urn:card", "Name").item(0).getTextContent())
                .isEqualTo("Zoë <x>");
        assertThat(document.getElementsByTagNameNS("urn:card", "Name")
                        .item(0)
                        .getChildNodes()
                        .getLength())
                .isEqualTo(1);
        XMLStreamReader reader = decrypted.openReader();
        while (reader.next() != XMLStreamConstants.START_ELEMENT) {
            // Up to the root.
        }
        assertThat(reader.getName()).isEqualTo(ORDER);
        byte[] mine = decrypted.contentBytes();
        mine[100] ^= 1;
        assertThat(text(decrypted)).isEqualTo(XML);
        assertThat(decrypted.toString()).contains("A256KW").doesNotContain("4111 1111");
    }

    @Test
    void listener_hearsWhatHappened() {
        DecryptionKey key = EncryptionFixtures.KW;
        List<SecurityEvent> events = new ArrayList<>();
        byte[] xml = XmlEncrypter.builder(key.encryptionKey())
                .listener(events::add)
                .build()
                .encrypt(utf8(XML));
        XmlDecrypter decrypter = XmlDecrypter.builder(key).listener(events::add).build();
        decrypter.decrypt(xml);
        try {
            decrypter.decrypt(utf8("<r/>"));
        } catch (dev.signet.core.InvalidMessageException e) {
            assertThat(e.isTooLarge()).isFalse();
        }
        assertThat(events)
                .extracting(SecurityEvent::type)
                .containsExactly(
                        SecurityEvent.Type.ENCRYPTED, SecurityEvent.Type.DECRYPTED, SecurityEvent.Type.REJECTED);
        assertThat(events).extracting(SecurityEvent::format).containsOnly("xml-enc");
    }

    private static byte[] utf8(String text) {
        return EncryptionFixtures.utf8(text);
    }

    private static String text(DecryptedXml decrypted) {
        return new String(decrypted.contentBytes(), UTF_8);
    }
}
