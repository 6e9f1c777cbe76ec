// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static dev.signet.xml.EncryptionFixtures.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyStatus;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlEncrypterTest {
    private static final EncryptionKey KW = EncryptionFixtures.KW.encryptionKey();
    private static final QName R = new QName("r");
    private static final QName A = new QName("a");
    private static final QName B = new QName("b");
    private static final Pattern VALUE = Pattern.compile("<xenc:CipherValue>([^<]*)<");

    private static void assertMalformed(XmlEncrypter encrypter, byte[] xml) {
        assertThatThrownBy(() -> encrypter.encrypt(xml))
                .isExactlyInstanceOf(InvalidMessageException.class)
                .hasNoCause()
                .hasMessageNotContaining("secret");
    }

    @ValueSource(
            strings = {
                "<r/>",
                "<r><b>secret</b></r>",
                "<r><a>secret</a></r>",
                "<r><a>secret</a><b/><a/></r>",
                "<r><a>secret</a><b/><b/></r>",
                "<r xmlns='urn:x'><a>secret</a><b/></r>",
                "<q><a>secret</a><b/></q>",
                "<r><c><a>secret</a></c><b/></r>"
            })
    @ParameterizedTest
    void encrypt_documentWithoutEachPlaceOnce_isRefused(String xml) {
        XmlEncrypter encrypter =
                XmlEncrypter.builder(KW).element(R, A).content(R, B).build();
        assertThat(new String(encrypter.encrypt(utf8("<r><a>secret</a><b/></r>")), UTF_8))
                .contains("EncryptedData")
                .doesNotContain("secret");
        assertMalformed(encrypter, utf8(xml));
    }

    @ValueSource(
            strings = {
                "",
                "secret",
                "<r>secret",
                "<r>secret</q>",
                "<!DOCTYPE r><r>secret</r>",
                "<r><?pi secret?></r>",
                "<r>&secret;</r>",
                "<secret:r/>",
                "<?xml version='1.1'?><r>secret</r>",
                "<?xml version='1.0' encoding='ISO-8859-1'?><r>secret</r>",
                "<xenc:EncryptedData xmlns:xenc='http://www.w3.org/2001/04/xmlenc#'/>",
                "<r><xenc:EncryptedData xmlns:xenc='http://www.w3.org/2001/04/xmlenc#'/></r>"
            })
    @ParameterizedTest
    void encrypt_documentThatNoDecrypterWouldRead_isRefused(String xml) {
        assertMalformed(XmlEncrypter.builder(KW).build(), utf8(xml));
    }

    @Test
    void encrypt_otherEncodings_areRefused() {
        XmlEncrypter encrypter = XmlEncrypter.builder(KW).build();
        assertMalformed(encrypter, "<r>secret</r>".getBytes(StandardCharsets.UTF_16));
        assertMalformed(encrypter, "<r>\u00e9</r>".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void encrypt_overALimit_isTooLarge() {
        XmlEncrypter encrypter = XmlEncrypter.builder(KW).build();
        String text = "x".repeat(200_000);
        for (String xml : new String[] {
            "<r>" + ("<a>" + text + "</a>").repeat(6) + "</r>",
            // Under the limit as it is, and over it in Base64.
            "<r>" + ("<a>" + text + "</a>").repeat(5) + "</r>",
            "<r>" + "<x>".repeat(40) + "</x>".repeat(40) + "</r>",
            "<r>" + "x".repeat(300_000) + "</r>"
        }) {
            assertThatThrownBy(() -> encrypter.encrypt(utf8(xml)))
                    .isExactlyInstanceOf(InvalidMessageException.class)
                    .matches(e -> ((InvalidMessageException) e).isTooLarge());
        }
    }

    @Test
    void encrypt_moreNamespacesInScopeThanOneElementMayDeclare_isTooLarge() {
        StringBuilder xml = new StringBuilder("<r");
        IntStream.range(0, 10).forEach(i -> xml.append(" xmlns:p").append(i).append("='u'"));
        xml.append("><a");
        IntStream.range(10, 17).forEach(i -> xml.append(" xmlns:p").append(i).append("='u'"));
        xml.append("/></r>");
        assertThatThrownBy(() -> XmlEncrypter.builder(KW).element(R, A).build().encrypt(utf8(xml.toString())))
                .isExactlyInstanceOf(InvalidMessageException.class)
                .matches(e -> ((InvalidMessageException) e).isTooLarge());
        // One of them is that there is no default namespace.
        String fewer = xml.toString().replace(" xmlns:p16='u'", "").replace(" xmlns:p15='u'", "");
        XmlEncrypter.builder(KW).element(R, A).build().encrypt(utf8(fewer));
    }

    @Test
    void encrypt_longNamespacesForManyChildren_isTooLarge() {
        StringBuilder xml = new StringBuilder("<r");
        IntStream.range(0, 15)
                .forEach(i -> xml.append(" xmlns:p")
                        .append(i)
                        .append("='")
                        .append("x".repeat(8000))
                        .append('\''));
        xml.append("><a>").append("<c/>".repeat(4000)).append("</a></r>");
        // Half a gigabyte, if it were made first.
        assertThatThrownBy(() -> XmlEncrypter.builder(KW).content(R, A).build().encrypt(utf8(xml.toString())))
                .isExactlyInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("plaintext")
                .matches(e -> ((InvalidMessageException) e).isTooLarge());
    }

    @Test
    void encrypt_namespaceThatTheEncodingDoesNotHave_isDecrypted() {
        byte[] xml = utf8(
                "<?xml version='1.0' encoding='US-ASCII'?><r xmlns:p='urn:&#xE9;&#x1F600;&#9;&lt;\"'><a p:b=''/></r>");
        DecryptedXml decrypted = XmlDecrypter.builder(EncryptionFixtures.KW)
                .element(R, A)
                .build()
                .decrypt(XmlEncrypter.builder(KW).element(R, A).build().encrypt(xml));
        assertThat(EncryptionFixtures.canonical(decrypted.contentBytes())).isEqualTo(EncryptionFixtures.canonical(xml));
    }

    @Test
    void encrypt_listener_hearsOfBoth() {
        List<SecurityEvent> events = new ArrayList<>();
        XmlEncrypter encrypter =
                XmlEncrypter.builder(KW).element(R, A).listener(events::add).build();
        encrypter.encrypt(utf8("<r><a/></r>"));
        assertMalformed(encrypter, utf8("<r/>"));
        assertThat(events)
                .extracting(SecurityEvent::type)
                .containsExactly(SecurityEvent.Type.ENCRYPTED, SecurityEvent.Type.REJECTED);
    }

    @Test
    void encrypt_theSameTwice_isNeverTheSame() {
        XmlEncrypter encrypter =
                XmlEncrypter.builder(KW).element(R, A).content(R, B).build();
        Set<String> values = new HashSet<>();
        int count = 0;
        for (int i = 0; i < 50; i++) {
            Matcher matcher =
                    VALUE.matcher(new String(encrypter.encrypt(utf8("<r><a>1</a><b><a>1</a></b></r>")), UTF_8));
            while (matcher.find()) {
                values.add(matcher.group(1).substring(0, 16));
                count++;
            }
        }
        assertThat(count).isEqualTo(200);
        assertThat(values).hasSize(count);
    }

    @Test
    void encrypt_keyThatIsNotValid_isIllegal() {
        Instant now = Instant.parse("2026-06-01T00:00:00Z");
        InstantSource clock = InstantSource.fixed(now);
        for (EncryptionKey key :
                new EncryptionKey[] {KW.withValidity(now.plusSeconds(1), null), KW.withValidity(null, now)}) {
            XmlEncrypter encrypter = XmlEncrypter.builder(key).clock(clock).build();
            assertThatIllegalStateException().isThrownBy(() -> encrypter.encrypt(utf8("<r/>")));
        }
        XmlEncrypter.builder(KW.withValidity(now, now.plusSeconds(1)))
                .clock(clock)
                .build()
                .encrypt(utf8("<r/>"));
        for (KeyStatus status : new KeyStatus[] {KeyStatus.DISABLED, KeyStatus.VERIFY_ONLY}) {
            assertThatIllegalArgumentException().isThrownBy(() -> XmlEncrypter.builder(KW.withStatus(status)));
        }
    }

    @Test
    void build_whatDoesNotFit_isRejected() {
        EncryptionKey direct = EncryptionFixtures.DIRECT.encryptionKey();
        assertIllegal(XmlEncrypter.builder(KW, KW));
        assertIllegal(XmlEncrypter.builder(direct, KW));
        assertIllegal(XmlEncrypter.builder(KW, direct));
        assertIllegal(XmlEncrypter.builder(direct).contentEncryption(Algorithm.A128GCM));
        assertIllegal(XmlEncrypter.builder(KW).contentEncryption(Algorithm.A128CBC_HS256));
        assertIllegal(XmlEncrypter.builder(KW).contentEncryption(Algorithm.A256KW));
        assertIllegal(XmlEncrypter.builder(KW).element(R).element(R, A));
        assertIllegal(XmlEncrypter.builder(KW).element(R, A).element(R, A));
        for (Algorithm algorithm : new Algorithm[] {Algorithm.ECDH_ES, Algorithm.A128GCMKW, Algorithm.A256CBC_HS512}) {
            assertIllegal(XmlEncrypter.builder(DecryptionKey.generate(algorithm).encryptionKey()));
        }
        assertIllegal(XmlEncrypter.builder(
                KW, IntStream.range(0, 8).mapToObj(i -> KW.withId("k" + i)).toArray(EncryptionKey[]::new)));
        SecurityPolicy narrow =
                SecurityPolicy.recommended2026().withAlgorithms(Set.of(Algorithm.A256KW, Algorithm.A128GCM));
        assertIllegal(XmlEncrypter.builder(KW).policy(narrow));
        assertIllegal(XmlEncrypter.builder(EncryptionFixtures.RSA.encryptionKey())
                .policy(narrow)
                .contentEncryption(Algorithm.A128GCM));
        XmlEncrypter.builder(KW)
                .policy(narrow)
                .contentEncryption(Algorithm.A128GCM)
                .build();
    }

    @Test
    void encrypt_idThatNeedsEscaping_isEscaped() {
        DecryptionKey key = EncryptionFixtures.KW.withId("a<b>&\"c'");
        byte[] xml = XmlEncrypter.builder(key.encryptionKey()).build().encrypt(utf8("<r/>"));
        assertThat(XmlDecrypter.builder(key).build().decrypt(xml).contentBytes())
                .isEqualTo(utf8("<r/>"));
    }

    @Test
    void encrypt_processingInstructions_needToBeAllowedOnBothSides() {
        byte[] plain = utf8("<?style x?><r><?pi y?></r>");
        byte[] xml =
                XmlEncrypter.builder(KW).allowProcessingInstructions().build().encrypt(plain);
        XmlDecrypter.Builder decrypter = XmlDecrypter.builder(EncryptionFixtures.KW);
        assertThatThrownBy(() -> decrypter.build().decrypt(xml)).isInstanceOf(InvalidMessageException.class);
        assertThat(decrypter.allowProcessingInstructions().build().decrypt(xml).contentBytes())
                .isEqualTo(plain);
    }

    private static void assertIllegal(XmlEncrypter.Builder builder) {
        assertThatIllegalArgumentException().isThrownBy(builder::build);
    }
}
