// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.KeyStatus;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.core.XmlLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import javax.xml.namespace.QName;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class XmlVerifierTest {
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ES256);
    private static final SigningKey OTHER = SigningKey.generate(Algorithm.ES256);
    private static final String NS = "urn:example:order";
    private static final QName ORDER = new QName(NS, "Order");
    private static final QName ITEM = new QName(NS, "Item");
    private static final XmlProfile PROFILE = XmlProfile.enveloped(ORDER);
    private static final byte[] DOCUMENT =
            "<Order xmlns='urn:example:order'><Id>42</Id><At>2026-11-26T09:00:00Z</At></Order>".getBytes(UTF_8);

    private final XmlVerifier verifier = verifier(KEY).build();

    // ---- what is given out -----------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(XmlCanonicalization.class)
    void verify_signedByThePlatform_givesWhatWasSigned(XmlCanonicalization c14n) throws Exception {
        byte[] signed = JdkSignatures.enveloped(
                ("<Order xmlns='urn:example:order' xmlns:u='urn:unused' b='2' a='1'><Id>4<!-- no -->2</Id>"
                                + "<Amt Ccy='EUR'>1 &amp; 2</Amt></Order>")
                        .getBytes(UTF_8),
                Algorithm.ES256.xmlUri().orElseThrow(),
                KEY.dangerousPrivateKey().orElseThrow(),
                c14n.uri());

        // Once by a second pass, and then by what was learned.
        for (int i = 0; i < 3; i++) {
            VerifiedXml.Part content = verifier.verify(signed).content();

            assertThat(content.text("Id")).isEqualTo("42");
            assertThat(content.text("Amt")).isEqualTo("1 & 2");
            assertThat(content.text("Amt/@Ccy")).isEqualTo("EUR");
            assertThat(content.place()).containsExactly(ORDER);
            assertThat(new String(content.contentBytes(), UTF_8))
                    .startsWith("<Order xmlns=\"urn:example:order\"")
                    .doesNotContain("Signature", "no");
        }
    }

    @Test
    void verify_messagesThatAskForDifferentThings_takeTurns() {
        List<byte[]> signed = Stream.of(XmlCanonicalization.values())
                .flatMap(c14n -> Stream.of(XmlDigest.values())
                        .map(digest -> XmlSigner.builder(KEY, PROFILE)
                                .canonicalization(c14n)
                                .digest(digest)
                                .build()
                                .sign(DOCUMENT)))
                .toList();
        for (int i = 0; i < 2; i++) {
            for (byte[] each : signed) {
                assertThat(verifier.verify(each).content().text("Id")).isEqualTo("42");
            }
        }
    }

    @Test
    void text_pathsThatDoNotNameOneText_areErrors() {
        VerifiedXml.Part content = verifier.verify(sign("<Order xmlns='urn:example:order' n='1'>"
                        + "<Id>1</Id><Id>2</Id><o:Id xmlns:o='urn:other'>3</o:Id><Deep><Id>4</Id></Deep></Order>"))
                .content();

        assertThat(content.texts("Id")).containsExactly("1", "2");
        assertThat(content.texts("{urn:other}Id")).containsExactly("3");
        assertThat(content.texts("./@n")).containsExactly("1");
        assertThat(content.texts("Nothing")).isEmpty();
        for (String path : new String[] {"Id", "Nothing", "Id/@n", "Deep", "."}) {
            assertThatThrownBy(() -> content.text(path)).isInstanceOf(InvalidMessageException.class);
        }
        for (String path : new String[] {"", "/Id", "//Id", "Id[1]", "*", "Id/@a/b", "text()", "{urn:other", "o:Id"}) {
            assertThatThrownBy(() -> content.texts(path)).as(path).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void parts_viewsAreMadeFromTheSignedBytes() throws Exception {
        byte[] signed = XmlSigner.builder(KEY, PROFILE)
                .allowProcessingInstructions()
                .build()
                .sign("<Order xmlns='urn:example:order'><?a b?><Id>4<!-- x -->2</Id><e a='&lt;'/></Order>"
                        .getBytes(UTF_8));
        assertMalformed(() -> verifier.verify(signed), "an instruction");
        VerifiedXml verified =
                verifier(KEY).allowProcessingInstructions().build().verify(signed);

        VerifiedXml.Part content = verified.content();
        var document = content.toDocument();
        assertThat(document.getDocumentElement().getChildNodes().getLength()).isEqualTo(3);
        assertThat(document.getElementsByTagNameNS(NS, "Id")
                        .item(0)
                        .getFirstChild()
                        .getNodeValue())
                .isEqualTo("42");
        var reader = content.openReader();
        int starts = 0;
        while (reader.hasNext()) {
            starts += reader.next() == javax.xml.stream.XMLStreamConstants.START_ELEMENT ? 1 : 0;
        }
        assertThat(starts).isEqualTo(3);
        content.contentBytes()[0] = 'x';
        assertThat(content.contentBytes()[0]).isEqualTo((byte) '<');
        assertThat(verified.part(ORDER)).isSameAs(content);
        assertThatThrownBy(() -> verified.part(ITEM)).isInstanceOf(IllegalArgumentException.class);
        assertThat(verified.toString()).doesNotContain("42");
    }

    @Test
    void verify_expansionByEscapes_canStillBeRead() {
        XmlLimits small = XmlLimits.recommended2026().withMaxBytes(2048).withMaxBytesInMemory(2048);
        SecurityPolicy policy = policy(small);
        byte[] signed = XmlSigner.builder(KEY, PROFILE)
                .policy(policy)
                .build()
                .sign(("<Order xmlns='urn:example:order'><Id>" + ">".repeat(800) + "</Id></Order>").getBytes(UTF_8));

        VerifiedXml verified = verifier(KEY).policy(policy).build().verify(signed);

        assertThat(verified.content().length()).isGreaterThan(2048);
        assertThat(verified.content().text("Id")).hasSize(800);
    }

    // ---- places ----------------------------------------------------------------------------------------------------

    @Test
    void verify_partInsideTheSignature_isCoveredLikeAnyOther() throws Exception {
        // As in XAdES: a reference to properties that stand in the signature itself.
        QName signature = new QName(XmlProfile.DSIG, "Signature");
        QName object = new QName(XmlProfile.DSIG, "Object");
        QName properties = new QName("urn:p", "Properties");
        XmlProfile profile = XmlProfile.builder(ORDER)
                .covers(ORDER)
                .covers(ORDER, signature, object, properties)
                .build();
        byte[] signed = JdkSignatures.envelopedWithProperties(
                DOCUMENT, KEY, "<Properties xmlns='urn:p' Id='p'>today</Properties>");

        VerifiedXml verified = XmlVerifier.builder(KeyResolver.of(KEY.verificationKey()), profile)
                .build()
                .verify(signed);

        assertThat(verified.part(properties).text(".")).isEqualTo("today");
        assertThat(new String(verified.content().contentBytes(), UTF_8)).doesNotContain("today");
        assertMalformed(() -> verifier.verify(signed), "an object that the profile does not have");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "<Other xmlns='urn:example:order'></Other>"})
    void verify_envelopingWithoutTheElement_isRejected(String inside) {
        // The signer signed an Object, but not one of what the profile says.
        String object = "<ds:Object xmlns:ds=\"" + XmlProfile.DSIG + "\" Id=\"o\">" + inside + "</ds:Object>";
        byte[] digest =
                EnvelopedSignatures.sha256(Canonicalizer.canonicalize(object, C14n.EXCLUSIVE, Canonicalizer.DOCUMENT));
        String signed = EnvelopedSignatures.signature(
                EnvelopedSignatures.reference(
                        "#o", EnvelopedSignatures.transforms(XmlCanonicalization.EXCLUSIVE.uri()), digest),
                object.replaceFirst(" xmlns:ds=\"[^\"]*\"", ""));

        assertReason(
                Reason.COMPONENT_UNAVAILABLE,
                () -> XmlVerifier.builder(
                                KeyResolver.of(EnvelopedSignatures.KEY.verificationKey()), XmlProfile.enveloping(ORDER))
                        .build()
                        .verify(signed.getBytes(UTF_8)));
    }

    @Test
    void verify_signatureElsewhere_doesNotCount() {
        String signed = new String(sign(new String(DOCUMENT, UTF_8)), UTF_8);
        int start = signed.indexOf("<ds:Signature");
        int end = signed.indexOf("</ds:Signature>") + "</ds:Signature>".length();
        String signature = signed.substring(start, end);
        String moved = signed.substring(0, start).replace("<Id>", "<Id>" + signature) + signed.substring(end);

        assertReason(Reason.SIGNATURE_MISSING, () -> verifier.verify(moved.getBytes(UTF_8)));
        assertReason(Reason.SIGNATURE_MISSING, () -> verifier.verify(DOCUMENT));
        assertReason(
                Reason.SIGNATURE_NOT_ACCEPTABLE,
                () -> verifier.verify(
                        signed.replace(signature, signature + signature).getBytes(UTF_8)));
    }

    @Test
    void verify_requiredPartThatIsNotCovered_isRejected() {
        XmlProfile one = XmlProfile.builder(ORDER).covers(ORDER, ITEM).build();
        QName note = new QName(NS, "Note");
        XmlProfile both = XmlProfile.builder(ORDER)
                .covers(ORDER, ITEM)
                .covers(ORDER, note)
                .build();
        XmlProfile optional = XmlProfile.builder(ORDER)
                .covers(ORDER, ITEM)
                .mayCover(ORDER, note)
                .build();
        byte[] document = "<Order xmlns='urn:example:order'><Item Id='a'/><Note Id='b'/></Order>".getBytes(UTF_8);
        byte[] signedOne = XmlSigner.builder(KEY, one).build().sign(document);
        byte[] signedBoth = XmlSigner.builder(KEY, both).build().sign(document);

        assertReason(Reason.COMPONENT_NOT_COVERED, () -> verify(both, signedOne));
        assertReason(Reason.COMPONENT_FORBIDDEN, () -> verify(one, signedBoth));
        assertThat(verify(optional, signedOne).parts()).hasSize(1);
        assertThat(verify(optional, signedBoth).parts()).hasSize(2);
        assertThat(verify(both, signedBoth).part(note).name()).isEqualTo(note);
        assertReason(
                Reason.COMPONENT_UNAVAILABLE,
                () -> verify(
                        one,
                        new String(signedOne, UTF_8)
                                .replace("<Item Id='a'/>", "")
                                .getBytes(UTF_8)),
                Reason.COMPONENT_FORBIDDEN);
    }

    // ---- keys ------------------------------------------------------------------------------------------------------

    @Test
    void verify_keyInfo_selectsAndNothingElse() throws Exception {
        X509Certificate certificate = certificate(KEY, 7);
        X509Certificate another = certificate(OTHER, 8);
        KeyResolver two = KeyResolver.of(
                KEY.verificationKey().withId("a"), OTHER.verificationKey().withId("b"));
        XmlVerifier plain = XmlVerifier.builder(two, PROFILE).build();
        XmlVerifier withCertificates = XmlVerifier.builder(two, PROFILE)
                .certificate("a", certificate)
                .certificate("b", another)
                .build();
        byte[] named = XmlSigner.builder(KEY.withId("a"), PROFILE).build().sign(DOCUMENT);
        byte[] misnamed = XmlSigner.builder(KEY.withId("b"), PROFILE).build().sign(DOCUMENT);
        byte[] unknown = XmlSigner.builder(KEY.withId("c"), PROFILE).build().sign(DOCUMENT);
        byte[] unnamed =
                XmlSigner.builder(KEY, PROFILE).withoutKeyInfo().build().sign(DOCUMENT);
        byte[] certified = XmlSigner.builder(KEY, PROFILE)
                .certificates(certificate)
                .build()
                .sign(DOCUMENT);

        assertThat(plain.verify(named).key().id()).isEqualTo("a");
        assertReason(Reason.SIGNATURE_INVALID, () -> plain.verify(misnamed));
        assertReason(Reason.KEY_UNKNOWN, () -> plain.verify(unknown));
        assertReason(Reason.KEY_UNKNOWN, () -> plain.verify(unnamed));
        assertReason(Reason.KEY_UNKNOWN, () -> plain.verify(certified));
        assertThat(withCertificates.verify(certified).key().id()).isEqualTo("a");
        assertThat(withCertificates.verify(named).key().id()).isEqualTo("a");
        // One key serves messages that name none, but no certificate makes a key.
        assertThat(verifier.verify(unnamed).key().id()).isEqualTo(KEY.id());
        assertThat(verifier.verify(certified).key().id()).isEqualTo(KEY.id());
        assertReason(
                Reason.KEY_UNKNOWN,
                () -> verifier(KEY).certificate(KEY.id(), another).build().verify(certified));
        assertReason(Reason.SIGNATURE_INVALID, () -> verifier(OTHER).build().verify(certified));
        assertReason(Reason.KEY_UNKNOWN, () -> verifier.verify(unknown));
        assertThat(verifier(KEY).ignoreKeyInfo().build().verify(unknown).key().id())
                .isEqualTo(KEY.id());
    }

    @Test
    void verify_certificateByNameOrIdentifier_selects() throws Exception {
        X509Certificate certificate = certificate(KEY, 7);
        byte[] skid = certificate.getExtensionValue("2.5.29.14");
        KeyResolver two = KeyResolver.of(KEY.verificationKey(), OTHER.verificationKey());
        XmlVerifier byCertificate = XmlVerifier.builder(two, PROFILE)
                .certificate(KEY.id(), certificate)
                .certificate(OTHER.id(), certificate(OTHER, 8))
                .build();
        String identifier = Base64Text.encode(java.util.Arrays.copyOfRange(skid, 4, skid.length));
        for (String data : List.of(
                "<ds:X509IssuerSerial><ds:X509IssuerName>CN=test</ds:X509IssuerName><ds:X509SerialNumber>7</ds:X509SerialNumber></ds:X509IssuerSerial>",
                "<ds:X509SKI>" + identifier + "</ds:X509SKI>")) {
            byte[] signed = withKeyInfo("<ds:KeyInfo><ds:X509Data>" + data + "</ds:X509Data></ds:KeyInfo>");

            assertThat(byCertificate.verify(signed).key().id()).isEqualTo(KEY.id());
            assertReason(
                    Reason.KEY_UNKNOWN,
                    () -> byCertificate.verify(new String(signed, UTF_8)
                            .replace("SerialNumber>7<", "SerialNumber>9<")
                            .replace(identifier, identifier.replace(identifier.charAt(0), 'Z'))
                            .getBytes(UTF_8)),
                    Reason.KEY_UNKNOWN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<ds:KeyInfo><ds:RetrievalMethod URI='#x'/></ds:KeyInfo>",
                "<ds:KeyInfo><ds:KeyName>a</ds:KeyName><d:KeyInfoReference xmlns:d='http://www.w3.org/2009/xmldsig11#' URI='#x'/></ds:KeyInfo>"
            })
    void verify_keyInfoThatPointsElsewhere_isRejected(String keyInfo) {
        assertReason(Reason.PARAMETER_FORBIDDEN, () -> verifier.verify(withKeyInfo(keyInfo)));
    }

    @Test
    void verify_keyOfAnotherAlgorithm_isRejectedBeforeCryptography() {
        SigningKey rsa = SigningKey.generate(Algorithm.PS256);
        SigningKey mac = SigningKey.hmac(Algorithm.HS256, SecretBytes.random(32));
        byte[] signed = XmlSigner.builder(KEY, PROFILE).withoutKeyInfo().build().sign(DOCUMENT);

        assertReason(Reason.ALGORITHM_MISMATCH, () -> verifier(rsa).build().verify(signed));
        assertReason(Reason.ALGORITHM_MISMATCH, () -> verifier(mac).build().verify(signed));
        assertReason(
                Reason.ALGORITHM_NOT_ALLOWED,
                () -> verifier(KEY)
                        .policy(SecurityPolicy.recommended2026().withAlgorithms(Set.of(Algorithm.PS256)))
                        .build()
                        .verify(signed));
        assertThatThrownBy(() -> XmlSigner.builder(SigningKey.generate(Algorithm.ML_DSA_44), PROFILE)
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void verify_disabledOrOutdatedKey_isRejected() {
        byte[] signed = XmlSigner.builder(KEY, PROFILE).build().sign(DOCUMENT);
        Instant now = Instant.now();

        assertReason(
                Reason.KEY_DISABLED,
                () -> verifier(KEY.withStatus(KeyStatus.DISABLED)).build().verify(signed));
        assertReason(
                Reason.KEY_NOT_VALID_NOW,
                () -> verifier(KEY.withValidity(null, now.minusSeconds(9)))
                        .build()
                        .verify(signed));
        assertThatThrownBy(() -> XmlVerifier.builder(
                                id -> {
                                    throw new UnavailableException("down");
                                },
                                PROFILE)
                        .build()
                        .verify(signed))
                .isInstanceOf(UnavailableException.class);
    }

    // ---- documents -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"ISO-8859-1", "US-ASCII", "iso-8859-1"})
    void verify_utf8MarkBesideAnotherEncoding_isRefused(String encoding) {
        String plain = "<Order xmlns='urn:example:order'><Id>4</Id></Order>";
        byte[] marked = ("\ufeff<?xml version='1.0' encoding='" + encoding + "'?>" + plain).getBytes(UTF_8);
        XmlSigner signer = XmlSigner.builder(KEY, PROFILE).build();
        assertMalformed(() -> signer.sign(marked), "signing");
        assertMalformed(
                () -> signer.sign(new ByteArrayInputStream(marked), OutputStream.nullOutputStream()), "a stream");

        // The mark and the declaration are no part of what is signed, so that anybody may add them.
        String signed = new String(signer.sign(plain.getBytes(UTF_8)), UTF_8);
        byte[] changed = ("\ufeff<?xml version='1.0' encoding='" + encoding + "'?>" + signed).getBytes(UTF_8);
        assertMalformed(() -> verifier.verify(changed), "verifying");
        SecurityPolicy spooling =
                policy(XmlLimits.recommended2026().withMaxBytes(1 << 20).withMaxBytesInMemory(16));
        assertMalformed(
                () -> verifier(KEY).policy(spooling).build().verify(new ByteArrayInputStream(changed)), "a stream");
        for (String fine : List.of("", "<?xml version='1.0'?>", "<?xml version='1.0' encoding='utf-8'?>")) {
            byte[] good = ("\ufeff" + fine + signed).getBytes(UTF_8);
            verifier.verify(good);
            assertThatCode(() -> verifier(KEY).policy(spooling).build().verify(new ByteArrayInputStream(good)))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "<Order",
                "<a></b>",
                "<a:b/>",
                "<a b='1' b='2'/>",
                "<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>",
                "<!DOCTYPE a><a/>",
                "<a>&b;</a>",
                "<?p?><a/>",
                "<?xml version='1.1'?><a/>",
                "<?xml version='1.0' encoding='windows-1252'?><a/>",
                "<?xml version='1.0' encoding='UTF-16'?><a/>",
                "<a/><b/>",
                "<a xmlns='relative/uri'/>"
            })
    void verify_notXmlThatIsAccepted_isMalformedForBytesAndStreams(String xml) {
        byte[] bytes = xml.getBytes(UTF_8);
        SecurityPolicy spooling =
                policy(XmlLimits.recommended2026().withMaxBytes(1 << 20).withMaxBytesInMemory(1));
        assertMalformed(() -> verifier.verify(bytes), xml);
        assertMalformed(() -> verifier.verify(new ByteArrayInputStream(bytes)), xml);
        assertMalformed(() -> verifier(KEY).policy(spooling).build().verify(new ByteArrayInputStream(bytes)), xml);
    }

    @Test
    void verify_overALimit_isTooLarge() {
        XmlLimits limits = XmlLimits.recommended2026();
        byte[] signed = XmlSigner.builder(KEY, PROFILE)
                .build()
                .sign("<Order xmlns='urn:example:order'><Id a='12345'>123456789</Id><Item><Item/></Item></Order>"
                        .getBytes(UTF_8));
        for (XmlLimits small : List.of(
                limits.withMaxBytes(signed.length - 1).withMaxBytesInMemory(1 << 20),
                limits.withMaxElements(10).withMaxChildren(100).withMaxDepth(100),
                limits.withMaxElements(100).withMaxChildren(2).withMaxDepth(100),
                limits.withMaxElements(100).withMaxChildren(100).withMaxDepth(2),
                limits.withMaxNames(5),
                limits.withMaxTextLength(8).withMaxAttributeLength(100),
                limits.withMaxTextLength(1000).withMaxAttributeLength(4))) {
            XmlVerifier strict = verifier(KEY).policy(policy(small)).build();
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> strict.verify(signed), () -> strict.verify(new ByteArrayInputStream(signed)))) {
                assertThatThrownBy(call)
                        .as("%s", small)
                        .isInstanceOfSatisfying(
                                InvalidMessageException.class,
                                e -> assertThat(e.isTooLarge()).isTrue());
            }
        }
        XmlVerifier enough = verifier(KEY)
                .policy(policy(limits.withMaxBytes(signed.length).withMaxBytesInMemory(1 << 20)))
                .build();
        assertThat(enough.verify(signed).content().text("Id")).isEqualTo("123456789");
    }

    @Test
    void verify_attributesAndNamespacesOfOneTag_haveLimitsOfTheirOwn() {
        assertThat(verifier.verify(sign(crowded(64, 16))).content().texts("e/@a63"))
                .containsExactly("");
        for (int[] counts : new int[][] {{65, 0}, {0, 17}, {60, 17}, {0, 3000}, {3000, 0}, {65, 16}}) {
            byte[] crowded = crowded(counts[0], counts[1]).getBytes(UTF_8);
            assertThatThrownBy(() -> verifier.verify(crowded))
                    .as("%d attributes, %d namespaces", counts[0], counts[1])
                    .isInstanceOfSatisfying(
                            InvalidMessageException.class,
                            e -> assertThat(e.isTooLarge()).isTrue());
        }
    }

    private static String crowded(int attributes, int namespaces) {
        StringBuilder xml = new StringBuilder("<Order xmlns='urn:example:order'><e");
        for (int i = 0; i < attributes; i++) {
            xml.append(" a").append(i).append("=''");
        }
        for (int i = 0; i < namespaces; i++) {
            xml.append(" xmlns:p").append(i).append("='urn:").append(i).append("'");
        }
        return xml.append("/></Order>").toString();
    }

    @Test
    void verify_longIssuerName_isTooLarge() {
        // The platform takes quadratic time for it.
        byte[] xml =
                withKeyInfo("<ds:KeyInfo><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>CN=" + "a".repeat(1100)
                        + "</ds:X509IssuerName><ds:X509SerialNumber>7</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>"
                        + "</ds:KeyInfo>");

        assertThatThrownBy(() -> verifier.verify(xml))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    @Test
    void verify_longNamespace_isTooLarge() {
        assertThat(verifier.verify(sign(namespaced("n".repeat(508)))).content().texts("{urn:" + "n".repeat(508) + "}e"))
                .containsExactly("");
        assertThat(verifier.verify(sign(namespaced("\uFB01".repeat(60)))).parts())
                .hasSize(1);
        for (String name : List.of("n".repeat(509), "n".repeat(64) + "\uFB01", "n".repeat(64) + "\uD83D\uDD10")) {
            byte[] xml = namespaced(name).getBytes(UTF_8);
            assertThatThrownBy(() -> verifier.verify(xml))
                    .isInstanceOfSatisfying(
                            InvalidMessageException.class,
                            e -> assertThat(e.isTooLarge()).isTrue());
        }
    }

    private static String namespaced(String name) {
        return "<Order xmlns='urn:example:order'><p:e xmlns:p='urn:" + name + "'/></Order>";
    }

    @Test
    void verify_spooled_deletesWhatItWrote() throws Exception {
        SecurityPolicy spooling =
                policy(XmlLimits.recommended2026().withMaxBytes(1 << 20).withMaxBytesInMemory(1 << 10));
        XmlVerifier small = verifier(KEY).policy(spooling).build();
        byte[] signed = sign("<Order xmlns='urn:example:order'><Id>" + "1234567890".repeat(10_000) + "</Id></Order>");
        byte[] tampered = new String(signed, UTF_8)
                .replaceFirst("1234567890", "1234567891")
                .getBytes(UTF_8);
        Set<Path> before = spools();

        assertReason(Reason.DIGEST_MISMATCH, () -> small.verify(new ByteArrayInputStream(tampered)));
        assertThatThrownBy(() -> small.verify(new ByteArrayInputStream(signed, 0, signed.length - 9)))
                .isInstanceOf(InvalidMessageException.class);
        assertNoneSince(before);
        try (VerifiedXml verified = small.verify(new ByteArrayInputStream(signed))) {
            // Without a name, so that nothing stays after a crash either.
            assertNoneSince(before);
            assertThat(spoolsWithoutName()).isNotEmpty();
            long open = openFiles();
            var reader = verified.content().openReader();
            reader.next();
            reader.close();
            assertThat(openFiles()).isEqualTo(open);
            assertThat(verified.content().text("Id")).hasSize(100_000);
        }
        assertNoneSince(before);
        assertThat(spoolsWithoutName()).isEmpty();
    }

    @Test
    void sign_spooled_leavesNothing() throws Exception {
        SecurityPolicy spooling =
                policy(XmlLimits.recommended2026().withMaxBytes(1 << 20).withMaxBytesInMemory(1 << 10));
        byte[] document = ("<Order xmlns='urn:example:order'><Id>" + "1234567890".repeat(10_000) + "</Id></Order>")
                .getBytes(UTF_8);
        Set<Path> before = spools();
        Set<Path> named = new HashSet<>();
        XmlSigner.builder(KEY, PROFILE)
                .policy(spooling)
                .build()
                .sign(new ByteArrayInputStream(document), new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        named.addAll(spools());
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        named.addAll(spools());
                    }
                });
        named.removeAll(before);
        assertThat(named).isEmpty();
        assertThat(spoolsWithoutName()).isEmpty();
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    private static XmlVerifier.Builder verifier(SigningKey key) {
        return XmlVerifier.builder(KeyResolver.of(key.verificationKey()), PROFILE);
    }

    private static VerifiedXml verify(XmlProfile profile, byte[] signed) {
        return XmlVerifier.builder(KeyResolver.of(KEY.verificationKey()), profile)
                .build()
                .verify(signed);
    }

    private static byte[] sign(String xml) {
        return XmlSigner.builder(KEY, PROFILE).build().sign(xml.getBytes(UTF_8));
    }

    private static SecurityPolicy policy(XmlLimits limits) {
        return SecurityPolicy.recommended2026()
                .withLimits(Limits.recommended2026().withXml(limits));
    }

    /** KeyInfo is not signed, so that anything can be put there. */
    private static byte[] withKeyInfo(String keyInfo) {
        byte[] signed = XmlSigner.builder(KEY, PROFILE).withoutKeyInfo().build().sign(DOCUMENT);
        return new String(signed, UTF_8)
                .replace("</ds:SignatureValue>", "</ds:SignatureValue>" + keyInfo)
                .getBytes(UTF_8);
    }

    private static X509Certificate certificate(SigningKey key, int serial) throws Exception {
        X500Principal name = new X500Principal("CN=test");
        var publicKey = key.verificationKey().publicKey().orElseThrow();
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.valueOf(serial),
                                Date.from(Instant.now().minusSeconds(1000)),
                                Date.from(Instant.now().plusSeconds(1000)),
                                name,
                                publicKey)
                        .addExtension(
                                Extension.subjectKeyIdentifier,
                                false,
                                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(publicKey))
                        .build(new JcaContentSignerBuilder("SHA256withECDSA")
                                .build(key.dangerousPrivateKey().orElseThrow())));
    }

    private static Set<Path> spools() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("signet-"))
                    .collect(Collectors.toSet());
        }
    }

    /** Temporary files that this process has open and nobody can find. */
    static List<Path> spoolsWithoutName() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
            for (Path handle : handles.toList()) {
                try {
                    String target = Files.readSymbolicLink(handle).toString();
                    if (target.contains("signet-") && target.endsWith("(deleted)")) {
                        found.add(handle);
                    }
                } catch (NoSuchFileException e) {
                    // The handle of this very listing.
                }
            }
        }
        return found;
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    /** Other processes write such files too, and delete them soon; what stays was left. */
    private static void assertNoneSince(Set<Path> before) throws Exception {
        Set<Path> left = spools();
        left.removeAll(before);
        for (int i = 0; i < 200 && !left.isEmpty(); i++) {
            Thread.sleep(50);
            left.removeIf(Files::notExists);
        }
        assertThat(left).isEmpty();
    }

    private static void assertReason(Reason reason, ThrowingCallable call, Reason... orElse) {
        assertThatThrownBy(call)
                .hasNoCause()
                .isInstanceOfSatisfying(
                        VerificationException.class,
                        e -> assertThat(e.reason())
                                .isIn(Stream.concat(Stream.of(reason), Stream.of(orElse))
                                        .toList()));
    }

    private static void assertMalformed(ThrowingCallable call, String xml) {
        assertThatThrownBy(call)
                .as(xml)
                .hasNoCause()
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isFalse());
    }
}
