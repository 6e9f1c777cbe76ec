// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static dev.signet.xml.EncryptionFixtures.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyStatus;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Providers;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.internal.ProviderKeys;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong after the first look at a key is always the same failure. */
class XmlDecryptionFailuresTest {
    private static final DecryptionKey DIRECT = EncryptionFixtures.DIRECT;
    private static final DecryptionKey KW = EncryptionFixtures.KW;
    private static final QName R = new QName("r");
    private static final QName A = new QName("a");
    private static final String XML = "<r><a>secret</a><b/></r>";
    /** What comes back says that its names have no namespace. */
    private static final String BACK = "<r><a xmlns=\"\">secret</a><b/></r>";

    static Stream<DecryptionKey> keys() {
        return EncryptionFixtures.allKeys().stream();
    }

    static Stream<DecryptionKey> wrappingKeys() {
        return EncryptionFixtures.wrappingKeys().stream();
    }

    static void assertSameFailure(XmlDecrypter decrypter, String xml) {
        assertThatThrownBy(() -> decrypter.decrypt(utf8(xml)))
                .isExactlyInstanceOf(DecryptionException.class)
                .hasMessage("the message could not be decrypted")
                .hasNoCause()
                .hasNoSuppressedExceptions()
                .extracting(e -> ((MessageSecurityException) e).code())
                .isEqualTo("decryption-failed");
    }

    // ---- ciphertext ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("keys")
    void decrypt_anyByteOfAnyCiphertextChanged_isTheSameFailure(DecryptionKey key) {
        String xml = encrypt(key);
        XmlDecrypter decrypter = decrypter(key);
        assertThat(decrypter.decrypt(utf8(xml)).contentBytes()).isEqualTo(utf8(BACK));
        int values = 0;
        for (int from = xml.indexOf(OPEN); from >= 0; from = xml.indexOf(OPEN, from + 1)) {
            int start = from + OPEN.length();
            int end = xml.indexOf("</", start);
            byte[] bytes = Base64Text.decode(xml.substring(start, end), "test");
            values++;
            int step = key.algorithm().joseName().startsWith("RSA") && bytes.length > 100 ? 16 : 1;
            for (int at = 0; at < bytes.length; at += step) {
                byte[] changed = bytes.clone();
                changed[at] ^= (byte) (1 << at % 8);
                assertSameFailure(decrypter, xml.substring(0, start) + Base64Text.encode(changed) + xml.substring(end));
            }
        }
        assertThat(values).isEqualTo(key.algorithm().isContentEncryption() ? 1 : 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kw", "direct"})
    void decrypt_anyBitOfTheMessageChanged_isRefusedOrTheSame(String kind) {
        DecryptionKey key = kind.equals("kw") ? KW : DIRECT;
        byte[] xml = XmlEncrypter.builder(key.encryptionKey()).build().encrypt(utf8("<r>secret</r>"));
        XmlDecrypter decrypter = XmlDecrypter.builder(key).build();
        for (int at = 0; at < xml.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = xml.clone();
                changed[at] ^= (byte) (1 << bit);
                try {
                    // A white space for another, or a name of an unused prefix.
                    assertThat(decrypter.decrypt(changed).contentBytes()).isEqualTo(utf8("<r>secret</r>"));
                } catch (DecryptionException | InvalidMessageException e) {
                    assertThat(e).hasNoCause();
                    assertThat(e.getMessage()).doesNotContain("secret");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("wrappingKeys")
    void decrypt_keyOfAnotherMessage_isTheSameFailure(DecryptionKey key) {
        String xml = encrypt(key);
        String other = encrypt(key);
        assertSameFailure(decrypter(key), xml.replace(encryptedKey(xml), encryptedKey(other)));
    }

    // ---- keys ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("keys")
    void decrypt_anotherKeyOfTheSameName_isTheSameFailure(DecryptionKey key) {
        DecryptionKey wrong = another(key);
        String xml = encrypt(key);
        assertSameFailure(decrypter(wrong.withId(key.id())), xml);
        // Another name selects nothing, whatever fits.
        assertSameFailure(decrypter(wrong), xml);
        assertSameFailure(decrypter(key.withId("other")), xml);
    }

    @Test
    void decrypt_keyThatIsNotInUse_isTheSameFailure() {
        String xml = encrypt(KW);
        Instant now = Instant.now();
        assertSameFailure(decrypter(KW.withStatus(KeyStatus.DISABLED)), xml);
        assertSameFailure(decrypter(KW.withValidity(now.plusSeconds(60), null)), xml);
        assertSameFailure(decrypter(KW.withValidity(null, now.minusSeconds(60))), xml);
        assertThat(decrypter(KW.withStatus(KeyStatus.VERIFY_ONLY))
                        .decrypt(utf8(xml))
                        .contentBytes())
                .isEqualTo(utf8(BACK));
    }

    @Test
    void decrypt_unnamedKeyAmongSeveral_isTheSameFailure() {
        String xml = new String(
                XmlEncrypter.builder(KW.encryptionKey())
                        .element(R, A)
                        .withoutKeyId()
                        .build()
                        .encrypt(utf8(XML)),
                UTF_8);
        assertThat(decrypter(KW).decrypt(utf8(xml)).contentBytes()).isEqualTo(utf8(BACK));
        XmlDecrypter two = XmlDecrypter.builder(KW, another(KW)).element(R, A).build();
        assertSameFailure(two, xml);
        // Nor are several of them tried with one.
        assertSameFailure(
                decrypter(KW), xml.replace(encryptedKey(xml), encryptedKey(xml).repeat(2)));
    }

    @Test
    void decrypt_partsForDifferentKeys_isTheSameFailure() {
        DecryptionKey other = another(KW);
        String first = new String(
                XmlEncrypter.builder(KW.encryptionKey()).element(R, A).build().encrypt(utf8(XML)), UTF_8);
        String second = new String(
                XmlEncrypter.builder(other.encryptionKey())
                        .element(R, new QName("b"))
                        .build()
                        .encrypt(utf8(XML)),
                UTF_8);
        String mixed = first.replace("<b/>", second.substring(second.indexOf("<xenc"), second.indexOf("</r>")));
        XmlDecrypter decrypter = XmlDecrypter.builder(KW, other)
                .element(R, A)
                .element(R, new QName("b"))
                .build();
        assertSameFailure(decrypter, mixed);
    }

    @Test
    void decrypt_agreementThatGivesZero_isTheSameFailure() {
        DecryptionKey key = EncryptionFixtures.agreementKey(Algorithm.ECDH_ES_A128KW, "X25519");
        String xml = encrypt(key);
        int start = xml.indexOf("DEREncodedKeyValue xmlns");
        start = xml.indexOf('>', start) + 1;
        int end = xml.indexOf("</", start);
        byte[] der = Base64Text.decode(xml.substring(start, end), "test");
        for (int low : new int[] {0, 1}) {
            byte[] smallOrder = der.clone();
            java.util.Arrays.fill(smallOrder, 12, 44, (byte) 0);
            smallOrder[12] = (byte) low;
            assertSameFailure(
                    decrypter(key), xml.substring(0, start) + Base64Text.encode(smallOrder) + xml.substring(end));
        }
    }

    // ---- plaintext -------------------------------------------------------------------------------------------------

    @ValueSource(
            strings = {
                "",
                " ",
                "text",
                "<a",
                "<a>",
                "</a>",
                "<a></b>",
                "<a/><a/>",
                "<a/><c/>",
                "<c/>",
                "<a xmlns='urn:other'/>",
                "<a/>text",
                "text<a/>",
                "<a/> ",
                " <a/>",
                "<!-- c --><a/>",
                "<a/><!-- c -->",
                "<?xml version='1.0'?><a/>",
                "<a><?pi x?></a>",
                "<!DOCTYPE a><a/>",
                "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
                "<a>&e;</a>",
                "<a>&#0;</a>",
                "<p:a/>",
                "<a x='1' x='2'/>",
                // Out of its place, and back into it.
                "<a/></r><r>",
                "</r><r><a/>",
                "<a></a></r><!--",
                "<!--",
                "<a/><!--",
                "<a><![CDATA[",
                "<a><b/></r>"
            })
    @ParameterizedTest
    void decrypt_plaintextThatIsNotTheElement_isTheSameFailure(String plaintext) {
        assertSameFailure(decrypter(DIRECT), forge(XML, A, false, utf8(plaintext)));
        assertThat(decrypter(DIRECT)
                        .decrypt(utf8(forge(XML, A, false, utf8("<a >ok</a>"))))
                        .contentBytes())
                .isEqualTo(utf8("<r><a >ok</a><b/></r>"));
    }

    @ValueSource(
            strings = {
                "</a>",
                "</a><a>",
                "</a><c/><a>",
                "<c>",
                "</c>",
                "<!--",
                "--><!--",
                "<![CDATA[",
                "]]>",
                "&e;",
                "<?pi?>",
                "<!DOCTYPE a>",
                "</a></r><r><a>",
                "<a xmlns='u'></a ><p:x/>",
                "\u0001"
            })
    @ParameterizedTest
    void decrypt_plaintextThatIsNotContent_isTheSameFailure(String plaintext) {
        XmlDecrypter decrypter = XmlDecrypter.builder(DIRECT).content(R, A).build();
        // What comes after it may close what it opened.
        String outer = "<r><a>secret</a><b>--></b><c>]]&gt;</c></r>";
        assertSameFailure(decrypter, forge(outer, A, true, utf8(plaintext)));
        assertThat(decrypter
                        .decrypt(utf8(forge(XML, A, true, utf8("text<c/>"))))
                        .contentBytes())
                .isEqualTo(utf8("<r><a>text<c/></a><b/></r>"));
    }

    @Test
    void decrypt_contentThatCommentsOutWhatFollows_isTheSameFailure() {
        XmlDecrypter decrypter = XmlDecrypter.builder(DIRECT).content(R, A).build();
        String outer = "<r><a>secret</a><b>hidden</b><!-- x --></r>";
        // Well-formed as a whole, with an end of its own: <b> would be gone.
        assertSameFailure(decrypter, forge(outer, A, true, utf8("</a><!-- ")));
        assertSameFailure(decrypter, forge("<r><a>secret</a><b/><a2>--></a2></r>", A, true, utf8("x</a><!-- ")));
    }

    @Test
    void decrypt_encryptedDataInsidePlaintext_isTheSameFailure() {
        String inner = encrypt(KW);
        String data = inner.substring(inner.indexOf("<xenc"), inner.indexOf("<b/>"));
        assertSameFailure(decrypter(DIRECT), forge(XML, A, false, utf8("<a>" + data + "</a>")));
        assertSameFailure(decrypter(DIRECT), forge(XML, A, false, utf8(data)));
        XmlDecrypter content = XmlDecrypter.builder(DIRECT).content(R, A).build();
        assertSameFailure(content, forge(XML, A, true, utf8(data)));
    }

    @Test
    void decrypt_plaintextOverALimit_isTheSameFailure() {
        List<String> plaintexts = List.of(
                "<a>" + "x".repeat((256 << 10) + 1) + "</a>",
                "<a>" + "<x>".repeat(31) + "</x>".repeat(31) + "</a>",
                "<a>" + "<x/>".repeat(4097) + "</a>",
                "<a x='" + "x".repeat((8 << 10) + 1) + "'/>",
                "<a " + "y".repeat(257) + "='1'/>");
        for (String plaintext : plaintexts) {
            assertSameFailure(decrypter(DIRECT), forge(XML, A, false, utf8(plaintext)));
        }
    }

    @Test
    void decrypt_plaintextThatIsNotUtf8_isTheSameFailure() {
        for (byte[] bytes : List.of(
                new byte[] {'<', 'a', '>', (byte) 0xff, '<', '/', 'a', '>'},
                new byte[] {'<', 'a', '>', (byte) 0xc0, (byte) 0x80, '<', '/', 'a', '>'},
                new byte[] {'<', 'a', '>', '<', '/', 'a', '>', (byte) 0xf0},
                "<a/>".getBytes(java.nio.charset.StandardCharsets.UTF_16LE))) {
            assertSameFailure(decrypter(DIRECT), forge(XML, A, false, bytes));
        }
    }

    // ---- AES-CBC ---------------------------------------------------------------------------------------------------

    @Test
    void decrypt_cbcThatWasChanged_isTheSameFailureOrOtherContent() throws Exception {
        byte[] xml = XmlEncryptionInteropTest.santuarioEncrypt(utf8(XML), KW, Xenc.XENC + "aes128-cbc", A, false, true);
        String text = new String(xml, UTF_8);
        XmlDecrypter decrypter =
                XmlDecrypter.builder(KW).element(R, A).allowUnauthenticatedCbc().build();
        assertThat(new String(decrypter.decrypt(xml).contentBytes(), UTF_8)).contains("<a>secret</a>");
        int end = text.lastIndexOf("</xenc:CipherValue>");
        int start = text.lastIndexOf(OPEN, end) + OPEN.length();
        byte[] bytes = Base64Text.decode(text.substring(start, end), "test");
        List<Consumer<byte[]>> changes = new ArrayList<>();
        // Padding: the last byte of the block before the last one.
        for (int mask = 1; mask < 256; mask++) {
            int m = mask;
            changes.add(b -> b[b.length - 17] ^= (byte) m);
        }
        // Content: '<' becomes something else.
        changes.add(b -> b[0] ^= 1);
        // Both.
        changes.add(b -> b[b.length - 1] ^= 1);
        int failures = 0;
        for (Consumer<byte[]> change : changes) {
            byte[] changed = bytes.clone();
            change.accept(changed);
            String message = text.substring(0, start) + Base64Text.encode(changed) + text.substring(end);
            try {
                decrypter.decrypt(utf8(message));
            } catch (DecryptionException e) {
                failures++;
                assertSameFailure(decrypter, message);
            }
        }
        assertThat(failures).isGreaterThan(240);
    }

    @Test
    void decrypt_cbcWithWrongPaddingAroundGoodContent_isTheSameFailure() throws Exception {
        XmlDecrypter decrypter =
                XmlDecrypter.builder(KW).content(R, A).allowUnauthenticatedCbc().build();
        SecretKey cek = EncryptionKeys.random(16, new SecureRandom());
        for (int last = 0; last < 256; last++) {
            byte[] padded = utf8("12345678901234567890            ");
            padded[31] = (byte) last;
            Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, cek, new IvParameterSpec(new byte[16]));
            byte[] sealed = cipher.doFinal(padded);
            byte[] ciphertext = Arrays.copyOf(new byte[16], 16 + sealed.length);
            System.arraycopy(sealed, 0, ciphertext, 16, sealed.length);
            String message = forgeForWrapped(KW, cek, Xenc.XENC + "aes128-cbc", ciphertext);
            if (last >= 1 && last <= 16) {
                assertThat(new String(decrypter.decrypt(utf8(message)).contentBytes(), UTF_8))
                        .contains("<a>1234567890");
            } else {
                assertSameFailure(decrypter, message);
            }
        }
    }

    /** RSA-OAEP hides keys of any length, and JCA takes AES keys of any. */
    @Test
    void decrypt_contentKeyOfAnotherLength_isTheSameFailure() throws Exception {
        DecryptionKey key = EncryptionFixtures.RSA;
        XmlDecrypter decrypter = XmlDecrypter.builder(key).content(R, A).build();
        for (int bytes : new int[] {16, 24, 32}) {
            SecretKey cek = EncryptionKeys.random(bytes, new SecureRandom());
            byte[] ciphertext = ContentCipher.of(Algorithm.A128GCM, Providers.automatic())
                    .orElseThrow()
                    .encrypt(cek, utf8("text"), new SecureRandom());
            String message = forgeForWrapped(key, cek, Xenc.XENC11 + "aes256-gcm", ciphertext);
            if (bytes == 32) {
                assertThat(decrypter.decrypt(utf8(message)).contentBytes()).isEqualTo(utf8("<r><a>text</a><b/></r>"));
            } else {
                assertSameFailure(decrypter, message);
            }
        }
    }

    @Test
    void decrypt_cbcOfTheWrongLength_isMalformed() throws Exception {
        byte[] xml = XmlEncryptionInteropTest.santuarioEncrypt(utf8(XML), KW, Xenc.XENC + "aes128-cbc", A, false, true);
        String text = new String(xml, UTF_8);
        int end = text.lastIndexOf("</xenc:CipherValue>");
        int start = text.lastIndexOf(OPEN, end) + OPEN.length();
        XmlDecrypter decrypter =
                XmlDecrypter.builder(KW).element(R, A).allowUnauthenticatedCbc().build();
        for (int length : new int[] {15, 16, 31, 33, 47}) {
            String message = text.substring(0, start) + Base64Text.encode(new byte[length]) + text.substring(end);
            assertThatThrownBy(() -> decrypter.decrypt(utf8(message)))
                    .isExactlyInstanceOf(InvalidMessageException.class);
        }
    }

    /** A key has one algorithm: a shared key for AES-GCM is not one for AES-CBC, whose padding would tell of it. */
    @Test
    void decrypt_cbcWithAKeyForGcm_isTheSameFailure() throws Exception {
        XmlDecrypter decrypter = XmlDecrypter.builder(DIRECT)
                .element(R, A)
                .allowUnauthenticatedCbc()
                .build();
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                ProviderKeys.aes(DIRECT.dangerousSecret().orElseThrow()),
                new IvParameterSpec(new byte[16]));
        byte[] sealed = cipher.doFinal(utf8("<a>good</a>"));
        byte[] ciphertext = new byte[16 + sealed.length];
        System.arraycopy(sealed, 0, ciphertext, 16, sealed.length);
        String xml = forge(XML, A, false, new byte[1]);
        int start = xml.indexOf(OPEN) + OPEN.length();
        String forged =
                xml.substring(0, start) + Base64Text.encode(ciphertext) + xml.substring(xml.indexOf("</", start));
        assertSameFailure(decrypter, forged.replace(Xenc.XENC11 + "aes256-gcm", Xenc.XENC + "aes256-cbc"));
    }

    // ---- forging ---------------------------------------------------------------------------------------------------

    private static final String OPEN = "<xenc:CipherValue>";

    /** A message whose sender has the key, and encrypts something else. */
    static String forge(String xml, QName place, boolean content, byte[] plaintext) {
        XmlEncrypter.Builder builder = XmlEncrypter.builder(DIRECT.encryptionKey());
        return withPlaintext(
                (content ? builder.content(R, place) : builder.element(R, place))
                        .build()
                        .encrypt(utf8(xml)),
                plaintext);
    }

    /** The same in place of a whole document. */
    static String forgeWhole(String plaintext) {
        return withPlaintext(
                XmlEncrypter.builder(DIRECT.encryptionKey()).build().encrypt(utf8("<r/>")), utf8(plaintext));
    }

    private static String withPlaintext(byte[] xml, byte[] plaintext) {
        String message = new String(xml, UTF_8);
        try {
            byte[] sealed = ContentCipher.of(Algorithm.A256GCM, Providers.automatic())
                    .orElseThrow()
                    .encrypt(ProviderKeys.aes(DIRECT.dangerousSecret().orElseThrow()), plaintext, new SecureRandom());
            int start = message.indexOf(OPEN) + OPEN.length();
            return message.substring(0, start)
                    + Base64Text.encode(sealed)
                    + message.substring(message.indexOf("</", start));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The same by a content key of the sender's choice, for the content of the first element. */
    private static String forgeForWrapped(DecryptionKey key, SecretKey cek, String uri, byte[] ciphertext)
            throws GeneralSecurityException {
        String message = new String(
                XmlEncrypter.builder(key.encryptionKey()).content(R, A).build().encrypt(utf8(XML)), UTF_8);
        byte[] wrapped = CekSealer.of(key.encryptionKey(), SecurityPolicy.recommended2026())
                .seal(cek, "")
                .ciphertext();
        int start = message.indexOf(OPEN) + OPEN.length();
        int end = message.indexOf("</", start);
        int start2 = message.lastIndexOf(OPEN) + OPEN.length();
        return (message.substring(0, start)
                        + Base64Text.encode(wrapped)
                        + message.substring(end, start2)
                        + Base64Text.encode(ciphertext)
                        + message.substring(message.indexOf("</", start2)))
                .replace(Xenc.XENC11 + "aes256-gcm", uri);
    }

    private static DecryptionKey another(DecryptionKey key) {
        if (!key.algorithm().joseName().startsWith("ECDH")) {
            return DecryptionKey.generate(key.algorithm());
        }
        int bits = key.encryptionKey().publicKey().orElseThrow() instanceof java.security.interfaces.ECPublicKey ec
                ? ec.getParams().getCurve().getField().getFieldSize()
                : 0;
        return EncryptionFixtures.agreementKey(key.algorithm(), bits == 0 ? "X25519" : "secp" + bits + "r1");
    }

    private static String encryptedKey(String xml) {
        return xml.substring(
                xml.indexOf("<xenc:EncryptedKey>"),
                xml.indexOf("</xenc:EncryptedKey>") + "</xenc:EncryptedKey>".length());
    }

    private static String encrypt(DecryptionKey key) {
        return new String(
                XmlEncrypter.builder(key.encryptionKey()).element(R, A).build().encrypt(utf8(XML)), UTF_8);
    }

    private static XmlDecrypter decrypter(DecryptionKey key) {
        return XmlDecrypter.builder(key).element(R, A).build();
    }
}
