// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.signet.core.DecryptionKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the parser's positions are in the bytes. */
class CharacterCursorTest {
    private static final QName R = new QName("r");
    private static final QName A = new QName("a");
    private static final String[] PIECES = {
        "\r\n",
        "\r",
        "\n",
        "\u00e9",
        "\u20ac",
        "\ud83d\ude00",
        "x",
        "&amp;",
        "&#x10FFFF;",
        "<b/>",
        "]] >",
        "<![CDATA[\r\n\ud83d\ude00]]>",
        "<!-- \r\n\u20ac -->",
        "<b c='\r\n\ud83d\ude00&lt;'>y</b>"
    };

    @Test
    void find_anyCharacter_isWhereItBegins() {
        String text = "\ufeff<r>\u00e9\u20ac\ud83d\ude00x</r>";
        byte[] xml = text.getBytes(UTF_8);
        CharacterCursor cursor = new CharacterCursor(xml, xml.length, false);
        for (int i = 1; i <= text.length(); i++) {
            if (i < text.length() && Character.isLowSurrogate(text.charAt(i))) {
                continue;
            }
            assertThat(cursor.find(i - 1)).isEqualTo(text.substring(0, i).getBytes(UTF_8).length);
        }
        assertThat(cursor.find(CharacterCursor.END)).isEqualTo(xml.length);
        byte[] latin = "<r>\u00ef\u00ff</r>".getBytes(ISO_8859_1);
        assertThat(new CharacterCursor(latin, latin.length, true).find(5)).isEqualTo(5);
    }

    @Test
    void find_backOrPastTheEnd_isIllegal() {
        byte[] xml = "<r/>".getBytes(UTF_8);
        CharacterCursor cursor = new CharacterCursor(xml, xml.length, false);
        cursor.find(2);
        assertThatIllegalStateException().isThrownBy(() -> cursor.find(1));
        assertThatIllegalStateException().isThrownBy(() -> cursor.find(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<r><a/></r>", "<r>\u00e9<a/></r>", "<r><a/>\ud83d\ude00</r>", "<?xml version='1.0'?>\r\n<r/>"})
    void sign_withByteOrderMark_setsTheSignatureWhereItIsWithout(String xml) throws IOException {
        XmlSigner signer = XmlSigner.builder(EnvelopedSignatures.KEY, XmlProfile.enveloped(R))
                .build();
        String expected = "\ufeff" + new String(signer.sign(xml.getBytes(UTF_8)), UTF_8);
        byte[] marked = ("\ufeff" + xml).getBytes(UTF_8);
        ByteArrayOutputStream streamed = new ByteArrayOutputStream();
        signer.sign(new ByteArrayInputStream(marked), streamed);

        assertThat(new String(signer.sign(marked), UTF_8)).isEqualTo(expected);
        assertThat(streamed.toString(UTF_8)).isEqualTo(expected);
    }

    /** Longer than the parser's buffers, with all that it counts differently in and around them. */
    @Test
    void encryptAndDecrypt_longDocuments_areTheSameBytes() {
        DecryptionKey key = EncryptionFixtures.KW;
        XmlEncrypter encrypter =
                XmlEncrypter.builder(key.encryptionKey()).element(R, A).build();
        XmlDecrypter decrypter = XmlDecrypter.builder(key).element(R, A).build();
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            String xml = (random.nextBoolean() ? "\ufeff" : "")
                    + (random.nextBoolean() ? "<?xml version='1.0'?>\r\n" : "")
                    + "<r>" + text(random, 9000) + "<a>" + text(random, 9000) + "</a>" + text(random, 5000) + "</r>";
            byte[] encrypted = encrypter.encrypt(xml.getBytes(UTF_8));
            assertThat(new String(decrypter.decrypt(encrypted).contentBytes(), UTF_8))
                    .isEqualTo(xml.replace("<a>", "<a xmlns=\"\">"));
        }
    }

    private static String text(Random random, int most) {
        int length = random.nextInt(most);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(PIECES[random.nextInt(PIECES.length)].repeat(1 + random.nextInt(4)));
        }
        return text.toString();
    }
}
