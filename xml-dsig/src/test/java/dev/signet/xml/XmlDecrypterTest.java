// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static dev.signet.xml.EncryptionFixtures.utf8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecurityPolicy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Set;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before any cryptography, since anybody can see that it is wrong. */
class XmlDecrypterTest {
    private static final DecryptionKey RSA = EncryptionFixtures.RSA;
    private static final DecryptionKey KW = EncryptionFixtures.KW;
    private static final DecryptionKey EC = EncryptionFixtures.agreementKey(Algorithm.ECDH_ES_A128KW, "secp256r1");
    private static final QName R = new QName("r");
    private static final QName A = new QName("a");
    private static final QName B = new QName("b");
    private static final String XML = "<r><a>secret</a><b>public</b></r>";
    /** What comes back says that its names have no namespace. */
    private static final String BACK = "<r><a xmlns=\"\">secret</a><b>public</b></r>";

    private static String encrypted(DecryptionKey key) {
        return new String(
                XmlEncrypter.builder(key.encryptionKey()).element(R, A).build().encrypt(utf8(XML)), UTF_8);
    }

    private static XmlDecrypter decrypter(DecryptionKey key) {
        return XmlDecrypter.builder(key).element(R, A).build();
    }

    private static void assertMalformed(DecryptionKey key, String xml) {
        assertRefused(decrypter(key), xml);
    }

    private static void assertRefused(XmlDecrypter decrypter, String xml) {
        assertThatThrownBy(() -> decrypter.decrypt(utf8(xml)))
                .isExactlyInstanceOf(InvalidMessageException.class)
                .hasNoCause()
                .matches(e -> !((InvalidMessageException) e).isTooLarge());
    }

    /** That the rest of a changed message is as it should be: only the change is refused. */
    private static String changed(String xml, String from, String to) {
        assertThat(xml).contains(from);
        return xml.replace(from, to);
    }

    // ---- structure -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<xenc:CipherData><xenc:CipherValue> | <xenc:CipherData><xenc:CipherReference URI='file:///etc/passwd'/><xenc:CipherValue>",
                "<xenc:CipherData><xenc:CipherValue> | <xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue><xenc:CipherValue>",
                "<xenc:CipherData><xenc:CipherValue> | <xenc:CipherData><xenc:CipherValue><!-- c -->",
                "<xenc:CipherData><xenc:CipherValue> | <xenc:CipherData><xenc:CipherValue><x/>",
                "<xenc:CipherData><xenc:CipherValue> | <xenc:CipherData><xenc:CipherValue>*",
                "<xenc:CipherData><xenc:CipherValue> | <xenc:CipherData><xenc:CipherValue>=",
                "<xenc:CipherData><xenc:CipherValue> | <xenc:CipherData><xenc:CipherValue>&#xA0;",
                "<xenc:CipherData><xenc:CipherValue> | <xenc:CipherData>text<xenc:CipherValue>",
                "<xenc:CipherData><xenc:CipherValue> | <xenc:CipherData x='y'><xenc:CipherValue>",
                "<ds:KeyName> | <ds:RetrievalMethod URI='#k'/><ds:KeyName>",
                "<ds:KeyName> | <ds:KeyInfoReference URI='#k'/><ds:KeyName>",
                "<ds:KeyName> | <dsig11:KeyInfoReference xmlns:dsig11='http://www.w3.org/2009/xmldsig11#' URI='#k'/><ds:KeyName>",
                "<ds:KeyName> | <ds:KeyName>other</ds:KeyName><ds:KeyName>",
                "<xenc:EncryptedKey> | <ds:RetrievalMethod URI='#k'/><xenc:EncryptedKey>",
                "<xenc:EncryptedKey> | <ds:X509Data/><xenc:EncryptedKey>",
                "<xenc:EncryptedKey> | <xenc:AgreementMethod Algorithm='x'/><xenc:EncryptedKey>",
                "<xenc:EncryptedKey> | <xenc:EncryptedKey Recipient=''>",
                "<xenc:EncryptedKey> | <xenc:EncryptedKey Recipient='other'>",
                "</xenc:EncryptedKey> | <xenc:ReferenceList><xenc:DataReference URI='#x'/></xenc:ReferenceList></xenc:EncryptedKey>",
                "</xenc:EncryptedKey> | <xenc:CarriedKeyName>a</xenc:CarriedKeyName><xenc:CarriedKeyName>b</xenc:CarriedKeyName></xenc:EncryptedKey>",
                "</xenc:EncryptedKey> | <xenc:EncryptionProperties/></xenc:EncryptedKey>",
                "</xenc:EncryptedData> | <xenc:EncryptionProperties/></xenc:EncryptedData>",
                "</xenc:EncryptedData> | <xenc:EncryptedData/></xenc:EncryptedData>",
                "</xenc:EncryptedData> | text</xenc:EncryptedData>",
                "#Element\" | #Content\"",
                " Type=\"http://www.w3.org/2001/04/xmlenc#Element\" | ''",
                " Type= | ' Encoding=\"http://www.w3.org/2000/09/xmldsig#base64\" Type='",
                "aes256-gcm\"/> | aes256-gcm\"><xenc:KeySize>256</xenc:KeySize></xenc:EncryptionMethod>",
                "<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\"/> | ''",
                "http://www.w3.org/2009/xmlenc11#aes256-gcm | http://www.w3.org/2001/04/xmlenc#aes256-cbc",
                "http://www.w3.org/2009/xmlenc11#aes256-gcm | http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
                "http://www.w3.org/2009/xmlenc11#aes256-gcm | http://www.w3.org/2009/xmlenc11#AES256-gcm",
                "http://www.w3.org/2009/xmlenc11#rsa-oaep | http://www.w3.org/2001/04/xmlenc#rsa-1_5",
                "http://www.w3.org/2009/xmlenc11#rsa-oaep | http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
                "http://www.w3.org/2009/xmlenc11#rsa-oaep | http://www.w3.org/2001/04/xmlenc#kw-aes256",
                "#mgf1sha256 | #mgf1sha1",
                "#mgf1sha256 | #mgf1sha512",
                "http://www.w3.org/2001/04/xmlenc#sha256 | http://www.w3.org/2000/09/xmldsig#sha1",
                "http://www.w3.org/2001/04/xmlenc#sha256 | http://www.w3.org/2001/04/xmlenc#sha512",
                "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/> | ''",
                "<ds:DigestMethod | <xenc:OAEPparams>AAAA</xenc:OAEPparams><ds:DigestMethod",
                "<ds:DigestMethod | <ds:DigestMethod Algorithm='x'/><ds:DigestMethod",
                "<b> | <b><?pi x?>",
                "<b> | <b>&undefined;",
                "</r> | '</r><!DOCTYPE r>'"
            })
    void decrypt_otherStructureOrAlgorithm_isMalformed(String from, String to) {
        String xml = encrypted(RSA);
        assertThat(decrypter(RSA).decrypt(utf8(xml)).contentBytes()).isEqualTo(utf8(BACK));
        assertMalformed(RSA, changed(xml, from, to));
    }

    @Test
    void decrypt_withDoctype_isMalformed() {
        assertMalformed(RSA, "<!DOCTYPE r>" + encrypted(RSA));
        assertMalformed(RSA, "<!DOCTYPE r [<!ENTITY e 'x'>]>" + encrypted(RSA).replace("public", "&e;"));
    }

    @Test
    void decrypt_base64OfSeveralSpellings_isMalformed() {
        for (int length = 1; length < 9; length++) {
            DecryptionKey key = EncryptionFixtures.DIRECT;
            String plain = "<a>" + "x".repeat(length) + "</a>";
            String xml =
                    new String(XmlEncrypter.builder(key.encryptionKey()).build().encrypt(utf8(plain)), UTF_8);
            XmlDecrypter decrypter = XmlDecrypter.builder(key).build();
            assertThat(decrypter.decrypt(utf8(xml)).contentBytes()).isEqualTo(utf8(plain));
            assertThat(decrypter
                            .decrypt(utf8(xml.replace("<xenc:CipherValue>", "<xenc:CipherValue>\r\n ")))
                            .contentBytes())
                    .isEqualTo(utf8(plain));
            int padding = xml.indexOf("=</xenc:CipherValue>");
            if (padding < 0) {
                continue;
            }
            assertRefused(decrypter, xml.replace("=</xenc:CipherValue>", "</xenc:CipherValue>"));
            int last = xml.charAt(padding - 1) == '=' ? padding - 2 : padding - 1;
            // The bits that no byte has.
            assertRefused(decrypter, xml.substring(0, last) + (char) (xml.charAt(last) + 1) + xml.substring(last + 1));
        }
    }

    @Test
    void decrypt_lengthsOfAnotherAlgorithm_areMalformed() {
        String rsa = encrypted(RSA);
        int start = rsa.indexOf("<xenc:CipherValue>") + "<xenc:CipherValue>".length();
        assertMalformed(RSA, rsa.substring(0, start) + "AAAA" + rsa.substring(start));
        String kw = encrypted(KW);
        start = kw.indexOf("<xenc:CipherValue>") + "<xenc:CipherValue>".length();
        assertMalformed(KW, kw.substring(0, start) + "AAAAAAAAAAAA" + kw.substring(start));
        int end = kw.lastIndexOf("</xenc:CipherValue>");
        start = kw.lastIndexOf("<xenc:CipherValue>") + "<xenc:CipherValue>".length();
        assertMalformed(KW, kw.substring(0, start) + Base64Text.encode(new byte[27]) + kw.substring(end));
        assertMalformed(KW, kw.substring(0, start) + kw.substring(end));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ConcatKDF\" | ConcatKDF2\"",
                "xmlenc#sha256\"/></xenc11:ConcatKDFParams> | xmlenc#sha512\"/></xenc11:ConcatKDFParams>",
                "AlgorithmID=\"00 | AlgorithmID=\"04",
                "AlgorithmID=\"00 | AlgorithmID=\"0",
                "AlgorithmID=\"00 | AlgorithmID=\"0g",
                "AlgorithmID= | ' Nonce=\"1\" AlgorithmID='",
                "urn:oid:1.2.840.10045.3.1.7 | urn:oid:1.3.132.0.34",
                "urn:oid:1.2.840.10045.3.1.7 | urn:oid:1.3.132.0.10",
                "xmlenc11#ECDH-ES | xmlenc11#ECDH-SS",
                "http://www.w3.org/2009/xmlenc11#ECDH-ES | http://www.w3.org/2021/04/xmldsig-more#x25519",
                "kw-aes128\"/> | kw-aes256\"/>",
                "kw-aes128\"/> | kw-aes128\"><ds:DigestMethod Algorithm='x'/></xenc:EncryptionMethod>",
                "<xenc:RecipientKeyInfo> | <xenc:KA-Nonce>AA==</xenc:KA-Nonce><xenc:RecipientKeyInfo>",
                "<ds:KeyValue> | <ds:X509Data/><ds:KeyValue>",
                "<dsig11:NamedCurve | <dsig11:ECParameters/><dsig11:NamedCurve"
            })
    void decrypt_otherAgreement_isMalformed(String from, String to) {
        assertMalformed(EC, changed(encrypted(EC), from, to));
    }

    @Test
    void decrypt_pointThatIsNotOnTheCurve_isMalformed() {
        String xml = encrypted(EC);
        int start = xml.indexOf("<dsig11:PublicKey>") + "<dsig11:PublicKey>".length();
        int end = xml.indexOf("</dsig11:PublicKey>");
        byte[] point = Base64Text.decode(xml.substring(start, end), "point");
        for (int at : new int[] {0, 1, 40, 64}) {
            byte[] changed = point.clone();
            changed[at] ^= 1;
            assertMalformed(EC, xml.substring(0, start) + Base64Text.encode(changed) + xml.substring(end));
        }
        assertMalformed(EC, xml.substring(0, start) + Base64Text.encode(new byte[65]) + xml.substring(end));
        assertMalformed(EC, xml.substring(0, start) + Base64Text.encode(new byte[1]) + xml.substring(end));
    }

    // ---- places ----------------------------------------------------------------------------------------------------

    @Test
    void decrypt_encryptedElsewhere_isMalformed() {
        String xml = encrypted(KW);
        String data = xml.substring(xml.indexOf("<xenc:EncryptedData"), xml.indexOf("<b>"));
        assertMalformed(KW, XML);
        assertMalformed(KW, "<r><b/></r>");
        assertMalformed(KW, data);
        assertMalformed(KW, "<r>" + data + data + "</r>");
        assertMalformed(KW, "<r>" + data + "<b>" + data + "</b></r>");
        assertMalformed(KW, "<r><b>" + data + "</b></r>");
        assertMalformed(KW, "<q>" + data + "</q>");
        assertMalformed(KW, "<r xmlns='urn:x'>" + data + "</r>");
        // What is wrapped around it is not what was asked for.
        assertMalformed(KW, "<r><r>" + data + "</r></r>");
    }

    @Test
    void decrypt_placeAlsoInPlaintext_isMalformed() {
        String xml = encrypted(KW);
        assertMalformed(KW, changed(xml, "<b>", "<a>injected</a><b>"));
        assertMalformed(KW, changed(xml, "<r>", "<r><a>injected</a>"));
        XmlDecrypter decrypter = XmlDecrypter.builder(KW).content(R, A).build();
        String content = new String(
                XmlEncrypter.builder(KW.encryptionKey()).content(R, A).build().encrypt(utf8(XML)), UTF_8);
        assertThat(decrypter.decrypt(utf8(content)).contentBytes()).isEqualTo(utf8(XML));
        assertRefused(decrypter, changed(content, "<b>", "<a/><b>"));
        assertRefused(decrypter, changed(content, "<a>", "<a><c/>"));
        assertRefused(decrypter, changed(content, "</a>", "text</a>"));
        assertRefused(decrypter, changed(content, "</a>", "<![CDATA[x]]></a>"));
        assertRefused(decrypter, changed(content, "<a>", "<a/><a>"));
        assertRefused(decrypter, XML);
        assertRefused(decrypter, "<r><a/></r>");
    }

    @Test
    void decrypt_oneOfTwoPlacesNotEncrypted_isMalformed() {
        byte[] both = XmlEncrypter.builder(KW.encryptionKey())
                .element(R, A)
                .element(R, B)
                .build()
                .encrypt(utf8(XML));
        XmlDecrypter decrypter =
                XmlDecrypter.builder(KW).element(R, A).element(R, B).build();
        assertThat(decrypter.decrypt(both).contentBytes()).isEqualTo(utf8(BACK.replace("<b>", "<b xmlns=\"\">")));
        assertRefused(decrypter, encrypted(KW));
        String xml = new String(both, UTF_8);
        String first = xml.substring(3, xml.indexOf("</xenc:EncryptedData>") + 21);
        assertRefused(decrypter, "<r>" + first + "</r>");
        // The same one twice is both elements for the schema, and one of them for the reader of the plaintext.
        assertThatThrownBy(() -> decrypter.decrypt(utf8("<r>" + first + first + "</r>")))
                .isExactlyInstanceOf(DecryptionException.class);
    }

    // ---- limits ----------------------------------------------------------------------------------------------------

    @Test
    void decrypt_overALimit_isTooLarge() {
        String xml = encrypted(KW);
        assertTooLarge(xml.replace("</r>", " ".repeat(1 << 20) + "</r>"));
        assertTooLarge(xml.replace("public", "x".repeat((256 << 10) + 1)));
        assertTooLarge(xml.replace("public", "<x>".repeat(31) + "</x>".repeat(31)));
        String key = xml.substring(
                xml.indexOf("<xenc:EncryptedKey>"),
                xml.indexOf("</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>", xml.indexOf("</xenc:EncryptedKey>")));
        String eight = xml.replace(key, key.repeat(8));
        assertThat(decrypter(KW).decrypt(utf8(eight)).contentBytes()).isEqualTo(utf8(BACK));
        assertTooLarge(xml.replace(key, key.repeat(9)));
        assertMalformed(KW, xml.replace("<ds:KeyName>", "<ds:KeyName>" + "k".repeat(300)));
    }

    @Test
    void decrypt_ciphertextLongerThanATextMayBe_isDecrypted() {
        String plain = "<r>" + ("<a>" + "x".repeat(200_000) + "</a>").repeat(3) + "</r>";
        byte[] xml = XmlEncrypter.builder(KW.encryptionKey()).build().encrypt(utf8(plain));
        assertThat(XmlDecrypter.builder(KW).build().decrypt(xml).contentBytes()).isEqualTo(utf8(plain));
    }

    private static void assertTooLarge(String xml) {
        assertThatThrownBy(() -> decrypter(KW).decrypt(utf8(xml)))
                .isExactlyInstanceOf(InvalidMessageException.class)
                .matches(e -> ((InvalidMessageException) e).isTooLarge());
    }

    @Test
    void decrypt_otherEncodingThanUtf8_isMalformed() {
        String xml =
                "<?xml version='1.0' encoding='ISO-8859-1'?>" + encrypted(KW).replace("public", "\u00e9");
        assertThatThrownBy(() -> decrypter(KW).decrypt(xml.getBytes(ISO_8859_1)))
                .isExactlyInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(
                        () -> decrypter(KW).decrypt(encrypted(KW).getBytes(java.nio.charset.StandardCharsets.UTF_16)))
                .isExactlyInstanceOf(InvalidMessageException.class);
    }

    // ---- nothing is fetched ----------------------------------------------------------------------------------------

    @Test
    void decrypt_referencesToAddresses_openNoSocket() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort() + "/x";
            String xml = encrypted(RSA);
            String xslt = "<ds:Transforms><ds:Transform Algorithm='http://www.w3.org/TR/1999/REC-xslt-19991116'>"
                    + "<x:stylesheet xmlns:x='http://www.w3.org/1999/XSL/Transform' version='1.0'><x:include href='"
                    + url
                    + "'/></x:stylesheet></ds:Transform></ds:Transforms>";
            List<String> messages = List.of(
                    "<!DOCTYPE r SYSTEM '" + url + "'>" + xml,
                    "<!DOCTYPE r [<!ENTITY % e SYSTEM '" + url + "'>%e;]>" + xml,
                    "<!DOCTYPE r [<!ENTITY e SYSTEM '" + url + "'>]>" + xml.replace("public", "&e;"),
                    "<?xml-stylesheet href='" + url + "'?>" + xml,
                    xml.replace(
                            "<xenc:CipherData><xenc:CipherValue>",
                            "<xenc:CipherData><xenc:CipherReference URI='" + url
                                    + "'/></xenc:CipherData><xenc:CipherData><xenc:CipherValue>"),
                    xml.replaceAll(
                            "<xenc:CipherValue>[^<]*</xenc:CipherValue>",
                            "<xenc:CipherReference URI='" + url + "'>" + xslt + "</xenc:CipherReference>"),
                    xml.replace(
                            "<ds:KeyName>",
                            "<ds:RetrievalMethod URI='" + url + "'>" + xslt + "</ds:RetrievalMethod><ds:KeyName>"),
                    xml.replace(
                            "<xenc:EncryptedKey>",
                            "<ds:RetrievalMethod Type='http://www.w3.org/2001/04/xmlenc#EncryptedKey' URI='" + url
                                    + "'/><xenc:EncryptedKey>"),
                    xml.replace(
                            "<ds:KeyName>",
                            "<k:KeyInfoReference xmlns:k='http://www.w3.org/2009/xmldsig11#' URI='" + url
                                    + "'/><ds:KeyName>"));
            for (String message : messages) {
                assertThat(message).contains(url);
                assertMalformed(RSA, message);
            }
            // What is not looked at may hold an address.
            assertThat(decrypter(RSA)
                            .decrypt(utf8(xml.replace(
                                    "</ds:KeyName>",
                                    "</ds:KeyName><ds:X509Data><ds:X509SubjectName>" + url
                                            + "</ds:X509SubjectName></ds:X509Data>")))
                            .contentBytes())
                    .isEqualTo(utf8(BACK));
            server.setSoTimeout(300);
            assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    // ---- building --------------------------------------------------------------------------------------------------

    @Test
    void build_keysAndPlacesThatDoNotFit_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XmlDecrypter.builder(DecryptionKey.generate(Algorithm.ECDH_ES))
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XmlDecrypter.builder(DecryptionKey.generate(Algorithm.A256GCMKW))
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XmlDecrypter.builder(DecryptionKey.generate(Algorithm.A128CBC_HS256))
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        XmlDecrypter.builder(KW, KW.withStatus(KW.status())).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XmlDecrypter.builder(KW).element());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> XmlDecrypter.builder(KW).element(R, A).content(R).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        XmlDecrypter.builder(KW).content(R, A).element(R, A).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XmlDecrypter.builder(KW)
                        .contentEncryption(Algorithm.A128CBC_HS256)
                        .build());
        SecurityPolicy narrow =
                SecurityPolicy.recommended2026().withAlgorithms(Set.of(Algorithm.A256KW, Algorithm.A256GCM));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XmlDecrypter.builder(RSA).policy(narrow).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XmlDecrypter.builder(KW)
                        .policy(narrow)
                        .contentEncryption(Algorithm.A128GCM)
                        .build());
    }

    @ValueSource(booleans = {true, false})
    @ParameterizedTest
    void decrypt_cipherThatIsNotAmongThose_isMalformed(boolean byPolicy) {
        byte[] xml = XmlEncrypter.builder(KW.encryptionKey())
                .contentEncryption(Algorithm.A128GCM)
                .build()
                .encrypt(utf8(XML));
        XmlDecrypter.Builder builder = XmlDecrypter.builder(KW);
        assertThat(builder.build().decrypt(xml).contentBytes()).isEqualTo(utf8(XML));
        if (byPolicy) {
            builder.policy(
                    SecurityPolicy.recommended2026().withAlgorithms(Set.of(Algorithm.A256KW, Algorithm.A256GCM)));
        } else {
            builder.contentEncryption(Algorithm.A256GCM);
        }
        assertRefused(builder.build(), new String(xml, UTF_8));
    }
}
