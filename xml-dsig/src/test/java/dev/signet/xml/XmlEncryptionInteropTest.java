// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecurityPolicy;
import java.io.ByteArrayOutputStream;
import java.security.Key;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.interfaces.XECPublicKey;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.namespace.QName;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.xml.security.encryption.EncryptedData;
import org.apache.xml.security.encryption.EncryptedKey;
import org.apache.xml.security.encryption.XMLCipher;
import org.apache.xml.security.encryption.params.ConcatKDFParams;
import org.apache.xml.security.encryption.params.KeyAgreementParameters;
import org.apache.xml.security.keys.KeyInfo;
import org.apache.xml.security.keys.content.DEREncodedKeyValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Against Apache Santuario, used as it comes: what either side encrypts, the other decrypts. */
class XmlEncryptionInteropTest {
    private static final QName ORDER = XmlEncryptionTest.ORDER;
    private static final QName CARD = XmlEncryptionTest.CARD;
    private static final byte[] XML = EncryptionFixtures.utf8(XmlEncryptionTest.XML);
    private static final String PLAIN = EncryptionFixtures.canonical(XML);
    private static final List<Algorithm> CIPHERS = List.of(Algorithm.A128GCM, Algorithm.A192GCM, Algorithm.A256GCM);

    static Stream<DecryptionKey> keys() {
        return EncryptionFixtures.allKeys().stream();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void decrypt_bySantuario_ofWhatWeEncrypt(DecryptionKey key) throws Exception {
        for (Algorithm enc : CIPHERS) {
            if (key.algorithm().isContentEncryption() && key.algorithm() != enc) {
                continue;
            }
            for (XmlEncrypter.Builder builder : List.of(
                    XmlEncrypter.builder(key.encryptionKey()),
                    XmlEncrypter.builder(key.encryptionKey()).element(ORDER, CARD),
                    XmlEncrypter.builder(key.encryptionKey()).content(ORDER, CARD),
                    XmlEncrypter.builder(key.encryptionKey()).content(ORDER))) {
                byte[] xml = builder.contentEncryption(enc).build().encrypt(XML);
                assertThat(EncryptionFixtures.canonical(santuarioDecrypt(xml, key)))
                        .isEqualTo(PLAIN);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void encrypt_bySantuario_isDecryptedByUs(DecryptionKey key) throws Exception {
        for (Algorithm enc : CIPHERS) {
            if (key.algorithm().isContentEncryption() && key.algorithm() != enc) {
                continue;
            }
            String uri = enc.xmlUri().orElseThrow();
            for (boolean named : new boolean[] {true, false}) {
                byte[] whole = santuarioEncrypt(XML, key, uri, null, false, named);
                assertThat(canonical(XmlDecrypter.builder(key), whole)).isEqualTo(PLAIN);
                byte[] element = santuarioEncrypt(XML, key, uri, CARD, false, named);
                assertThat(canonical(XmlDecrypter.builder(key).element(ORDER, CARD), element))
                        .isEqualTo(PLAIN);
                byte[] content = santuarioEncrypt(XML, key, uri, CARD, true, named);
                assertThat(canonical(XmlDecrypter.builder(key).content(ORDER, CARD), content))
                        .isEqualTo(PLAIN);
            }
        }
    }

    /**
     * Santuario tries DSA before X25519, and the JDK takes for a key of DSA what begins as an integer in DER. Once in 2,000
     * keys would be enough to make a recipient complain.
     */
    @Test
    void encrypt_manyTimes_neverSendsAKeyThatSantuarioTakesForAnother() throws Exception {
        Document document = EncryptionFixtures.parse(XML);
        byte[] misread = HexFormat.of()
                .parseHex("302a300506032b656e032100"
                        + "0207440f5a16037a5987e4477e7e2044bceb8d054e738703af5c87e761ff64b4");
        assertThat(new DEREncodedKeyValue(document, misread).getPublicKey()).isInstanceOf(DSAPublicKey.class);

        DecryptionKey key = EncryptionFixtures.agreementKey(Algorithm.ECDH_ES_A128KW, "X25519");
        CekSealer sealer = CekSealer.of(key.encryptionKey(), SecurityPolicy.recommended2026());
        SecretKey cek = EncryptionKeys.random(16, new SecureRandom());
        Pattern pattern = Pattern.compile("DEREncodedKeyValue[^>]*>([^<]*)<");
        for (int i = 0; i < 3000; i++) {
            Matcher matcher = pattern.matcher(sealer.seal(cek, "").keyInfo());
            assertThat(matcher.find()).isTrue();
            byte[] sent = Base64Text.decode(matcher.group(1), "test");
            assertThat(new DEREncodedKeyValue(document, sent).getPublicKey()).isInstanceOf(XECPublicKey.class);
            assertThat(sent[12]).isNotEqualTo((byte) 2);
        }
    }

    @Test
    void encrypt_byCbc_isDecryptedOnlyWhereItIsAllowed() throws Exception {
        DecryptionKey key = EncryptionFixtures.RSA;
        for (String uri : List.of(XMLCipher.AES_128, XMLCipher.AES_192, XMLCipher.AES_256)) {
            byte[] xml = santuarioEncrypt(XML, key, uri, CARD, false, true);
            XmlDecrypter.Builder builder = XmlDecrypter.builder(key).element(ORDER, CARD);
            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> builder.build().decrypt(xml)))
                    .isInstanceOf(InvalidMessageException.class)
                    .hasMessageContaining("not accepted");
            DecryptedXml decrypted = builder.allowUnauthenticatedCbc().build().decrypt(xml);
            assertThat(EncryptionFixtures.canonical(decrypted.contentBytes())).isEqualTo(PLAIN);
            assertThat(decrypted.contentEncryption()).isEmpty();
            assertThat(decrypted.toString()).contains("AES-CBC");
        }
    }

    private static String canonical(XmlDecrypter.Builder builder, byte[] xml) {
        return EncryptionFixtures.canonical(builder.build().decrypt(xml).contentBytes());
    }

    // ---- Santuario -------------------------------------------------------------------------------------------------

    static byte[] santuarioDecrypt(byte[] xml, DecryptionKey key) throws Exception {
        Document document = EncryptionFixtures.parse(xml);
        XMLCipher cipher = XMLCipher.getInstance();
        Key own = key.dangerousPrivateKey().<Key>map(k -> k).orElseGet(() -> secret(key));
        if (key.algorithm().isContentEncryption()) {
            cipher.init(XMLCipher.DECRYPT_MODE, own);
        } else {
            cipher.init(XMLCipher.DECRYPT_MODE, null);
            cipher.setKEK(own);
        }
        Element data = (Element)
                document.getElementsByTagNameNS(Xenc.XENC, "EncryptedData").item(0);
        cipher.doFinal(document, data);
        return bytes(document);
    }

    /** @param target null for the root */
    static byte[] santuarioEncrypt(
            byte[] xml, DecryptionKey key, String enc, QName target, boolean content, boolean named) throws Exception {
        Document document = EncryptionFixtures.parse(xml);
        Element element = target == null
                ? document.getDocumentElement()
                : (Element) document.getElementsByTagNameNS(target.getNamespaceURI(), target.getLocalPart())
                        .item(0);
        XMLCipher cipher = XMLCipher.getInstance(enc);
        KeyInfo keyInfo = new KeyInfo(document);
        if (key.algorithm().isContentEncryption()) {
            cipher.init(XMLCipher.ENCRYPT_MODE, secret(key));
            keyInfo.addKeyName(key.id());
        } else {
            int bytes = enc.contains("128") ? 16 : enc.contains("192") ? 24 : 32;
            byte[] cek = new byte[bytes];
            new SecureRandom().nextBytes(cek);
            SecretKey contentKey = new SecretKeySpec(cek, "AES");
            cipher.init(XMLCipher.ENCRYPT_MODE, contentKey);
            keyInfo.add(encryptedKey(document, contentKey, key, named));
        }
        EncryptedData data = cipher.getEncryptedData();
        if (named || !key.algorithm().isContentEncryption()) {
            data.setKeyInfo(keyInfo);
        }
        cipher.doFinal(document, element, content);
        return bytes(document);
    }

    private static EncryptedKey encryptedKey(Document document, SecretKey cek, DecryptionKey key, boolean named)
            throws Exception {
        PublicKey publicKey = key.encryptionKey().publicKey().orElse(null);
        EncryptedKey encrypted;
        if (publicKey == null) {
            XMLCipher wrap = XMLCipher.getInstance(WrapKeys.uri(key.algorithm()));
            wrap.init(XMLCipher.WRAP_MODE, secret(key));
            encrypted = wrap.encryptKey(document, cek);
        } else if (publicKey instanceof RSAPublicKey) {
            String bits = key.algorithm().joseName().substring("RSA-OAEP-".length());
            String digest = bits.equals("384")
                    ? "http://www.w3.org/2001/04/xmldsig-more#sha384"
                    : "http://www.w3.org/2001/04/xmlenc#sha" + bits;
            XMLCipher wrap = XMLCipher.getInstance(XMLCipher.RSA_OAEP_11, null, digest);
            wrap.init(XMLCipher.WRAP_MODE, publicKey);
            encrypted = wrap.encryptKey(document, cek, "http://www.w3.org/2009/xmlenc11#mgf1sha" + bits, null);
        } else {
            boolean x25519 = !publicKey.getAlgorithm().equals("EC");
            String wrapUri = WrapKeys.uri(key.algorithm());
            int bits = Integer.parseInt(wrapUri.substring(wrapUri.length() - 3));
            KeyAgreementParameters parameters = new KeyAgreementParameters(
                    KeyAgreementParameters.ActorType.ORIGINATOR,
                    x25519
                            ? "http://www.w3.org/2021/04/xmldsig-more#x25519"
                            : "http://www.w3.org/2009/xmlenc11#ECDH-ES",
                    ConcatKDFParams.createBuilder(bits, "http://www.w3.org/2001/04/xmlenc#sha256")
                            .algorithmID("00616C67")
                            .partyUInfo("0055")
                            .partyVInfo("0056")
                            .suppPubInfo("0001")
                            .build());
            XMLCipher wrap = XMLCipher.getInstance(wrapUri);
            wrap.init(XMLCipher.WRAP_MODE, publicKey);
            encrypted = wrap.encryptKey(document, cek, parameters, null);
        }
        if (named) {
            encrypted.setRecipient(key.id());
        }
        return encrypted;
    }

    private static SecretKey secret(DecryptionKey key) {
        return new SecretKeySpec(key.dangerousSecret().orElseThrow().dangerousToByteArray(), "AES");
    }

    private static byte[] bytes(Document document) throws Exception {
        Transformer transformer = TransformerFactory.newDefaultInstance().newTransformer();
        transformer.setOutputProperty(OutputKeys.ENCODING, UTF_8.name());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        transformer.transform(new DOMSource(document), new StreamResult(out));
        return out.toByteArray();
    }
}
