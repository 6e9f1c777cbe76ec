// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.core.XmlLimits;
import dev.signet.xml.VerifiedDecryptedXml;
import dev.signet.xml.VerifiedXml;
import dev.signet.xml.VerifyingXmlDecrypter;
import dev.signet.xml.XmlDecrypter;
import dev.signet.xml.XmlEncrypter;
import dev.signet.xml.XmlProfile;
import dev.signet.xml.XmlSigner;
import dev.signet.xml.XmlVerifier;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/xml-signatures.md and docs/guide/xml-encryption.md, and of the README. */
class XmlSnippetsTest {
    private static final String PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
    private static final String PAYMENT = "<Document xmlns='" + PAIN + "'><CstmrCdtTrfInitn><GrpHdr><MsgId>M-7</MsgId>"
            + "<CreDtTm>2026-11-26T09:30:00Z</CreDtTm></GrpHdr><PmtInf><CdtTrfTxInf><Amt><InstdAmt Ccy='EUR'>10.50</InstdAmt></Amt>"
            + "</CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>";

    private final SigningKey key = SigningKey.generate(Algorithm.ES256);
    private final byte[] payment = PAYMENT.getBytes(UTF_8);

    @Test
    void readme() {
        // tag::readme[]
        // Both sides agree on the kind of document: the signature is a child of the root, and covers all of it.
        XmlProfile profile =
                XmlProfile.enveloped(new QName("urn:iso:std:iso:20022:tech:xsd:pain.001.001.09", "Document"));
        byte[] signed = XmlSigner.builder(key, profile).build().sign(payment);

        // What comes back is what was digested. There is no way from here to anything else in the message.
        XmlVerifier verifier = XmlVerifier.builder(KeyResolver.of(key.verificationKey()), profile)
                .build();
        try (VerifiedXml verified = verifier.verify(signed)) {
            System.out.println(verified.content().text("CstmrCdtTrfInitn/GrpHdr/MsgId"));
        }
        // end::readme[]
        byte[] tampered = new String(signed, UTF_8).replace("10.50", "99.50").getBytes(UTF_8);
        assertThatThrownBy(() -> verifier.verify(tampered)).isInstanceOf(VerificationException.class);
    }

    @Test
    void read() {
        XmlProfile profile = XmlProfile.enveloped(new QName(PAIN, "Document"));
        byte[] signed = XmlSigner.builder(key, profile).build().sign(payment);
        XmlVerifier verifier = XmlVerifier.builder(KeyResolver.of(key.verificationKey()), profile)
                .build();
        // tag::read[]
        VerifiedXml.Part document = verifier.verify(signed).content();
        String amount = document.text("CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/Amt/InstdAmt");
        String currency = document.text("CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/Amt/InstdAmt/@Ccy");
        Instant created = document.instant("CstmrCdtTrfInitn/GrpHdr/CreDtTm");
        byte[] canonical = document.contentBytes(); // also contentStream(), openReader(), toDocument()
        // end::read[]
        assertThat(amount + currency + created).isEqualTo("10.50EUR2026-11-26T09:30:00Z");
        assertThat(canonical).isNotEmpty();
    }

    @Test
    void saml() {
        SigningKey idpKey = key;
        String samlp = "urn:oasis:names:tc:SAML:2.0:protocol";
        // tag::saml[]
        String saml = "urn:oasis:names:tc:SAML:2.0:assertion";
        QName response = new QName("urn:oasis:names:tc:SAML:2.0:protocol", "Response");
        QName assertion = new QName(saml, "Assertion");

        // The signature is a child of the one assertion in the response, and covers that assertion.
        XmlProfile profile = XmlProfile.builder(response, assertion)
                .covers(response, assertion)
                .build();
        // end::saml[]
        byte[] unsigned = ("<p:Response xmlns:p='" + samlp + "'><a:Assertion xmlns:a='" + saml
                        + "' ID='_1'><a:Issuer>me"
                        + "</a:Issuer><a:Subject><a:NameID>alice</a:NameID></a:Subject></a:Assertion></p:Response>")
                .getBytes(UTF_8);
        // tag::saml-sign[]
        byte[] signed = XmlSigner.builder(idpKey, profile)
                .after(new QName(saml, "Issuer"))
                .build()
                .sign(unsigned);
        // end::saml-sign[]
        XmlVerifier verifier = XmlVerifier.builder(KeyResolver.of(idpKey.verificationKey()), profile)
                .build();
        assertThat(verifier.verify(signed).content().text("Subject/NameID")).isEqualTo("alice");
    }

    @Test
    void soap() {
        byte[] envelope =
                "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body><o xmlns='urn:o'/></s:Body></s:Envelope>"
                        .getBytes(UTF_8);
        // tag::soap[]
        XmlProfile profile = XmlProfile.soap12();
        byte[] signed = XmlSigner.builder(key, profile).build().sign(envelope); // adds the header and wsu:Id
        // end::soap[]
        XmlVerifier verifier = XmlVerifier.builder(KeyResolver.of(key.verificationKey()), profile)
                .build();
        assertThat(verifier.verify(signed).content().name().getLocalPart()).isEqualTo("Body");
    }

    @Test
    void fresh() {
        XmlProfile profile = XmlProfile.enveloped(new QName(PAIN, "Document"));
        byte[] signed = XmlSigner.builder(key, profile).build().sign(payment);
        Clock clock = Clock.fixed(Instant.parse("2026-11-26T09:31:00Z"), ZoneOffset.UTC);
        ReplayGuard guard = ReplayGuard.inMemory(1000, 1000, clock);
        // tag::fresh[]
        XmlVerifier verifier = XmlVerifier.builder(KeyResolver.of(key.verificationKey()), profile)
                .createdAt(verified -> verified.content().instant("CstmrCdtTrfInitn/GrpHdr/CreDtTm"))
                .replayGuard(guard, verified -> verified.content().text("CstmrCdtTrfInitn/GrpHdr/MsgId"))
                .clock(clock)
                .build();
        // end::fresh[]
        verifier.verify(signed);
        assertThatThrownBy(() -> verifier.verify(signed))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REPLAYED));
    }

    @Test
    void large() throws IOException {
        XmlProfile profile = XmlProfile.enveloped(new QName(PAIN, "Document"));
        InputStream in = new ByteArrayInputStream(payment);
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        OutputStream out = signed;
        // tag::large[]
        XmlLimits limits = XmlLimits.recommended2026()
                .withMaxBytes(500 << 20) // 1 MiB of it in memory, the rest in temporary files
                .withMaxElements(20_000_000)
                .withMaxChildren(5_000_000);
        SecurityPolicy policy = SecurityPolicy.recommended2026()
                .withLimits(Limits.recommended2026().withXml(limits));
        XmlSigner.builder(key, profile).policy(policy).build().sign(in, out);
        // end::large[]
        InputStream received = new ByteArrayInputStream(signed.toByteArray());
        // tag::large-verify[]
        XmlVerifier verifier = XmlVerifier.builder(KeyResolver.of(key.verificationKey()), profile)
                .policy(policy)
                .build();
        try (VerifiedXml verified = verifier.verify(received);
                InputStream content = verified.content().contentStream()) {
            content.transferTo(OutputStream.nullOutputStream());
        }
        // end::large-verify[]
    }

    @Test
    void encrypt() {
        DecryptionKey recipient = DecryptionKey.generate(Algorithm.ECDH_ES_A256KW);
        // tag::encrypt[]
        QName document = new QName("urn:iso:std:iso:20022:tech:xsd:pain.001.001.09", "Document");
        QName transfer = new QName(document.getNamespaceURI(), "CstmrCdtTrfInitn");

        byte[] encrypted = XmlEncrypter.builder(recipient.encryptionKey())
                .content(document, transfer)
                .build()
                .encrypt(payment);

        byte[] decrypted = XmlDecrypter.builder(recipient)
                .content(document, transfer)
                .build()
                .decrypt(encrypted)
                .contentBytes();
        // end::encrypt[]
        assertThat(new String(encrypted, UTF_8)).doesNotContain("10.50");
        assertThat(new String(decrypted, UTF_8)).contains("10.50");
    }

    @Test
    void verifyThenDecrypt() {
        DecryptionKey recipient = DecryptionKey.generate(Algorithm.RSA_OAEP_256);
        QName document = new QName(PAIN, "Document");
        QName transfer = new QName(PAIN, "CstmrCdtTrfInitn");
        XmlProfile profile = XmlProfile.enveloped(document);
        byte[] encrypted = XmlEncrypter.builder(recipient.encryptionKey())
                .content(document, transfer)
                .build()
                .encrypt(payment);
        byte[] message = XmlSigner.builder(key, profile).build().sign(encrypted);
        // tag::verify-then-decrypt[]
        VerifyingXmlDecrypter receiver = VerifyingXmlDecrypter.of(
                XmlVerifier.builder(KeyResolver.of(key.verificationKey()), profile)
                        .build(),
                XmlDecrypter.builder(recipient).content(document, transfer).build());
        try (VerifiedDecryptedXml received = receiver.decrypt(message)) {
            System.out.println(
                    received.key().id() + " sent " + received.decrypted().contentBytes().length + " bytes");
        }
        // end::verify-then-decrypt[]
    }
}
