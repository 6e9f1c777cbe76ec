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
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;

/** First the signature, then the plaintext, and of that only what was signed. */
class VerifyingXmlDecrypterTest {
    private static final SigningKey SIGNER = SigningKey.generate(Algorithm.ES256);
    private static final DecryptionKey KEY = EncryptionFixtures.KW;
    private static final QName ORDER = XmlEncryptionTest.ORDER;
    private static final QName CARD = XmlEncryptionTest.CARD;

    private final List<SecurityEvent> decryptions = new ArrayList<>();

    private VerifyingXmlDecrypter decrypter(DecryptionKey key) {
        return VerifyingXmlDecrypter.of(
                XmlVerifier.builder(KeyResolver.of(SIGNER.verificationKey()), XmlProfile.enveloped(ORDER))
                        .build(),
                XmlDecrypter.builder(key)
                        .element(ORDER, CARD)
                        .listener(decryptions::add)
                        .build());
    }

    private static String encrypted(DecryptionKey key) {
        return new String(
                XmlEncrypter.builder(key.encryptionKey())
                        .element(ORDER, CARD)
                        .build()
                        .encrypt(utf8(XmlEncryptionTest.XML)),
                UTF_8);
    }

    private static String signed(String xml, XmlCanonicalization c14n) throws Exception {
        return new String(
                JdkSignatures.enveloped(
                        utf8(xml),
                        Algorithm.ES256.xmlUri().orElseThrow(),
                        SIGNER.dangerousPrivateKey().orElseThrow(),
                        c14n.uri()),
                UTF_8);
    }

    @Test
    void decrypt_signedAndEncrypted_givesThePlaintextAndTheSigner() throws Exception {
        for (XmlCanonicalization c14n : XmlCanonicalization.values()) {
            try (VerifiedDecryptedXml result = decrypter(KEY).decrypt(utf8(signed(encrypted(KEY), c14n)))) {
                assertThat(result.key().id()).isEqualTo(SIGNER.id());
                assertThat(result.decrypted().key().id()).isEqualTo(KEY.id());
                assertThat(result.decrypted()
                                .toDocument()
                                .getElementsByTagNameNS("urn:card", "Number")
                                .item(0)
                                .getTextContent())
                        .isEqualTo("4111 1111 1111 1111");
                assertThat(new String(result.decrypted().contentBytes(), UTF_8))
                        .doesNotContain("Signature", "Encrypted");
                assertThat(new String(result.verified().content().contentBytes(), UTF_8))
                        .doesNotContain("4111 1111");
                assertThat(result.toString()).doesNotContain("4111 1111");
            }
        }
    }

    @Test
    void decrypt_signedByUs_givesThePlaintext() {
        byte[] xml =
                XmlSigner.builder(SIGNER, XmlProfile.enveloped(ORDER)).build().sign(utf8(encrypted(KEY)));
        try (VerifiedDecryptedXml result = decrypter(KEY).decrypt(xml)) {
            assertThat(new String(result.decrypted().contentBytes(), UTF_8)).contains("4111 1111 1111 1111");
        }
    }

    @Test
    void decrypt_signatureThatDoesNotHold_decryptsNothing() throws Exception {
        String xml = signed(encrypted(KEY), XmlCanonicalization.EXCLUSIVE);
        int at = xml.lastIndexOf("CipherValue>", xml.indexOf("</xenc:EncryptedData>")) - 20;
        char other = xml.charAt(at) == 'A' ? 'B' : 'A';
        for (String changed : List.of(
                xml.substring(0, at) + other + xml.substring(at + 1),
                xml.replace("<Note/>", "<Note>x</Note>"),
                xml.replaceAll("(?s)<ds:Signature .*</ds:Signature>", ""),
                encrypted(KEY),
                // A good ciphertext for the same key, which the signer did not sign.
                xml.replaceAll(
                        "(?s)<xenc:EncryptedData .*</xenc:EncryptedData>",
                        encrypted(KEY).replaceAll("(?s).*(<xenc:EncryptedData .*</xenc:EncryptedData>).*", "$1")))) {
            assertThat(changed).isNotEqualTo(xml);
            assertThatThrownBy(() -> decrypter(KEY).decrypt(utf8(changed)))
                    .isExactlyInstanceOf(VerificationException.class)
                    .extracting(e -> ((VerificationException) e).reason())
                    .isIn(Reason.DIGEST_MISMATCH, Reason.SIGNATURE_MISSING);
        }
        assertThat(decryptions).isEmpty();
    }

    @Test
    void decrypt_encryptedDataInTheSignature_isNotSeen() throws Exception {
        String plain = XmlEncryptionTest.XML.replaceAll("(?s)<Card.*</Card>", "");
        String data = encrypted(KEY).replaceAll("(?s).*(<xenc:EncryptedData .*</xenc:EncryptedData>).*", "$1");
        // What was signed has nothing that is encrypted, and the rest of the message is of no account.
        String xml = signed(plain, XmlCanonicalization.EXCLUSIVE);
        assertThatThrownBy(() -> decrypter(KEY).decrypt(utf8(xml))).isExactlyInstanceOf(InvalidMessageException.class);
        for (String changed : List.of(
                xml.replace("</ds:Signature>", "<ds:Object>" + data + "</ds:Object></ds:Signature>"),
                xml.replace("</ds:Signature>", data + "</ds:Signature>"),
                xml.replace("</Order>", data + "</Order>"))) {
            assertThat(changed).contains("EncryptedData");
            assertThatThrownBy(() -> decrypter(KEY).decrypt(utf8(changed)))
                    .isInstanceOfAny(InvalidMessageException.class, VerificationException.class);
        }
        assertThat(decryptions).extracting(SecurityEvent::type).doesNotContain(SecurityEvent.Type.DECRYPTED);
    }

    @Test
    void decrypt_signedForAnotherKey_isTheOneFailure() throws Exception {
        String xml = signed(
                encrypted(DecryptionKey.generate(Algorithm.A256KW).withId(KEY.id())), XmlCanonicalization.EXCLUSIVE);
        assertThatThrownBy(() -> decrypter(KEY).decrypt(utf8(xml)))
                .isExactlyInstanceOf(DecryptionException.class)
                .hasNoCause();
    }
}
