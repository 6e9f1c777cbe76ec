// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.crypto.XMLStructure;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import org.apache.xml.security.Init;
import org.apache.xml.security.signature.XMLSignature;
import org.apache.xml.security.transforms.Transforms;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;

/** How others say in {@code KeyInfo} which key they signed with, where several are trusted. */
class KeyInfoInteropTest {
    private static final SignatureShape SHAPE = SignatureShape.ENVELOPED;
    private static final String ISSUER = "CN=M\u00fcller \\+ S\u00f6hne, O=\"Example, Inc.\", C=DE";
    private static final SigningKey SIGNER =
            SigningKey.generate(Algorithm.ES256).withId("signer");
    private static final SigningKey OTHER = SigningKey.generate(Algorithm.ES256).withId("other");
    private static final X509Certificate CERTIFICATE = certificate(SIGNER, 4711);
    private static final X509Certificate OTHERS = certificate(OTHER, 4712);
    private static final X509Certificate UNKNOWN = certificate(SigningKey.generate(Algorithm.ES256), 4713);
    private static final KeyInfoFactory KEY_INFO = KeyInfoFactory.getInstance("DOM");

    private final XmlVerifier verifier = XmlVerifier.builder(
                    KeyResolver.of(SIGNER.verificationKey(), OTHER.verificationKey()), SHAPE.profile)
            .certificate("signer", CERTIFICATE)
            .certificate("other", OTHERS)
            .build();

    static Stream<Arguments> known() {
        return Stream.of(
                Arguments.of("name", KEY_INFO.newKeyName("signer")),
                Arguments.of("certificate", x509(CERTIFICATE)),
                Arguments.of("chain", x509(CERTIFICATE, UNKNOWN)),
                Arguments.of("issuer and serial", x509(issuerSerial(CERTIFICATE))),
                Arguments.of("key identifier", x509((Object) keyIdentifier(CERTIFICATE))),
                Arguments.of(
                        "everything",
                        x509(
                                CERTIFICATE,
                                issuerSerial(CERTIFICATE),
                                keyIdentifier(CERTIFICATE),
                                CERTIFICATE.getSubjectX500Principal().getName())));
    }

    static Stream<Arguments> unknown() throws Exception {
        return Stream.of(
                Arguments.of("name", KEY_INFO.newKeyName("nobody")),
                Arguments.of("certificate", x509(UNKNOWN)),
                Arguments.of("issuer and serial", x509(issuerSerial(UNKNOWN))),
                Arguments.of("key identifier", x509((Object) keyIdentifier(UNKNOWN))),
                Arguments.of("subject", x509("CN=signer")),
                Arguments.of("value", KEY_INFO.newKeyValue((PublicKey) Peers.verifyingKey(SIGNER))));
    }

    static Stream<Arguments> others() {
        return Stream.of(
                Arguments.of("name", KEY_INFO.newKeyName("other")),
                Arguments.of("certificate", x509(OTHERS)),
                Arguments.of("issuer and serial", x509(issuerSerial(OTHERS))),
                Arguments.of("key identifier", x509((Object) keyIdentifier(OTHERS))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("known")
    void verify_keyInfoOfThePlatform_selectsKey(String what, XMLStructure keyInfo) throws Exception {
        assertThat(verifier.verify(sign(keyInfo)).key().id()).isEqualTo("signer");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unknown")
    void verify_unknownKeyInfo_isRejected(String what, XMLStructure keyInfo) {
        assertRejected(Reason.KEY_UNKNOWN, keyInfo);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void verify_keyInfoOfAnotherTrustedKey_isRejected(String what, XMLStructure keyInfo) {
        assertRejected(Reason.SIGNATURE_INVALID, keyInfo);
    }

    @Test
    void verify_certificateBySantuario_selectsKey() throws Exception {
        Init.init();
        Document document = Peers.unsigned(SHAPE);
        XMLSignature signature = new XMLSignature(
                document, "", Algorithm.ES256.xmlUri().orElseThrow(), XmlCanonicalization.EXCLUSIVE.uri());
        document.getDocumentElement().appendChild(signature.getElement());
        var transforms = new Transforms(document);
        transforms.addTransform(Transform.ENVELOPED);
        transforms.addTransform(XmlCanonicalization.EXCLUSIVE.uri());
        signature.addDocument("", transforms, XmlDigest.SHA_256.uri());
        signature.addKeyInfo(CERTIFICATE);
        signature.sign(Peers.signingKey(SIGNER));

        assertThat(verifier.verify(Peers.write(document)).key().id()).isEqualTo("signer");
    }

    @Test
    void sign_certificates_areReadBySantuario() throws Exception {
        Init.init();
        byte[] signed = XmlSigner.builder(SIGNER, SHAPE.profile)
                .certificates(CERTIFICATE, UNKNOWN)
                .build()
                .sign(SHAPE.unsigned().getBytes(StandardCharsets.UTF_8));

        XMLSignature signature = new XMLSignature(Peers.signature(Peers.parse(signed)), "", true);
        assertThat(signature.getKeyInfo().itemX509Data(0).lengthCertificate()).isEqualTo(2);
        assertThat(signature.getKeyInfo().itemX509Data(0).itemCertificate(0).getX509Certificate())
                .isEqualTo(CERTIFICATE);
        assertThat(signature.checkSignatureValue(CERTIFICATE)).isTrue();
        assertThat(verifier.verify(signed).key().id()).isEqualTo("signer");
    }

    private void assertRejected(Reason reason, XMLStructure keyInfo) {
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> verifier.verify(sign(keyInfo)))
                .extracting(VerificationException::reason)
                .isEqualTo(reason);
    }

    private static byte[] sign(XMLStructure keyInfo) throws Exception {
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        SignedInfo signedInfo = factory.newSignedInfo(
                factory.newCanonicalizationMethod(XmlCanonicalization.EXCLUSIVE.uri(), (C14NMethodParameterSpec) null),
                factory.newSignatureMethod(Algorithm.ES256.xmlUri().orElseThrow(), null),
                List.of(factory.newReference(
                        "",
                        factory.newDigestMethod(XmlDigest.SHA_256.uri(), null),
                        List.of(
                                factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                                factory.newTransform(
                                        XmlCanonicalization.EXCLUSIVE.uri(), (TransformParameterSpec) null)),
                        null,
                        null)));
        Document document = Peers.unsigned(SHAPE);
        KeyInfo info = KEY_INFO.newKeyInfo(List.of(keyInfo));
        factory.newXMLSignature(signedInfo, info)
                .sign(new DOMSignContext(Peers.signingKey(SIGNER), document.getDocumentElement()));
        return Peers.write(document);
    }

    private static XMLStructure x509(Object... content) {
        return KEY_INFO.newX509Data(List.of(content));
    }

    private static XMLStructure issuerSerial(X509Certificate certificate) {
        return KEY_INFO.newX509IssuerSerial(
                certificate.getIssuerX500Principal().getName(), certificate.getSerialNumber());
    }

    private static byte[] keyIdentifier(X509Certificate certificate) {
        try {
            return new JcaX509ExtensionUtils()
                    .createSubjectKeyIdentifier(certificate.getPublicKey())
                    .getKeyIdentifier();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate certificate(SigningKey key, long serial) {
        try {
            PublicKey publicKey = (PublicKey) Peers.verifyingKey(key);
            Instant now = Instant.parse("2026-11-01T00:00:00Z");
            SubjectKeyIdentifier identifier = new JcaX509ExtensionUtils().createSubjectKeyIdentifier(publicKey);
            var builder = new JcaX509v3CertificateBuilder(
                            new X500Name(ISSUER),
                            BigInteger.valueOf(serial),
                            Date.from(now),
                            Date.from(now.plusSeconds(1_000_000_000)),
                            new X500Name("CN=signer"),
                            publicKey)
                    .addExtension(Extension.subjectKeyIdentifier, false, identifier);
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build((PrivateKey) Peers.signingKey(key))));
        } catch (Exception e) {
            throw new IllegalStateException("no certificate", e);
        }
    }
}
