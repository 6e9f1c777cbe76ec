// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static dev.signet.xml.EnvelopedSignatures.ENVELOPED;
import static dev.signet.xml.EnvelopedSignatures.base64;
import static dev.signet.xml.EnvelopedSignatures.insert;
import static dev.signet.xml.EnvelopedSignatures.reference;
import static dev.signet.xml.EnvelopedSignatures.sha256;
import static dev.signet.xml.EnvelopedSignatures.signature;
import static dev.signet.xml.EnvelopedSignatures.transforms;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.core.XmlLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Executable;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other libraries for XML signatures fell for, and has no test of its own elsewhere. */
class XmlPastVulnerabilitiesTest {
    private static final String DSIG = XmlProfile.DSIG;
    private static final QName DOC = new QName("urn:a", "doc");
    private static final QName PART = new QName("urn:a", "part");
    private static final String DOCUMENT = "<doc xmlns=\"urn:a\"><part>secret</part></doc>";
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ES256);
    private static final XmlProfile PROFILE = XmlProfile.enveloped(DOC);
    private static final XmlVerifier BY_MAC = verifier(EnvelopedSignatures.KEY);

    // ---- the signature's own structure -----------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<ds:SignatureValue> | <ds:SignedInfo></ds:SignedInfo><ds:SignatureValue>",
                "<ds:SignedInfo> | <ds:SignedInfo></ds:SignedInfo><ds:SignedInfo>",
                "<ds:SignedInfo> | <ds:SignatureValue>AAAA</ds:SignatureValue><ds:SignedInfo>",
                "</ds:Signature> | <ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>",
                "</ds:Signature> | <other/></ds:Signature>",
                "</ds:Signature> | text</ds:Signature>",
                "</ds:Signature> | <ds:KeyInfo/><ds:KeyInfo/></ds:Signature>",
                "</ds:Signature> | <ds:Object/></ds:Signature>",
                "<ds:SignatureValue> | <ds:SignatureValue a='1'>"
            })
    void verify_signatureNotBySchema_isRejected(String from, String to) {
        String signed = signed();
        assertThat(BY_MAC.verify(signed.getBytes(UTF_8)).content().text("part")).isEqualTo("secret");

        assertInvalid(signed.replace(from, to));
    }

    /** CVE-2025-29775: the value before the comment is compared, the one after it is signed. */
    @ParameterizedTest
    @ValueSource(strings = {"DigestValue", "SignatureValue"})
    void verify_valueInPieces_isRejected(String element) {
        String start = "<ds:" + element + ">";
        for (String inside : List.of("<!---->", "<!-- AAAA -->", "<?p?>", "<ds:a/>", "<a>AAAA</a>")) {
            assertInvalid(signed().replace(start, start + inside));
            assertInvalid(signed().replace("</ds:" + element + ">", inside + "</ds:" + element + ">"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"****", "!!!!", "----", "____", "\u00a0", "\u00e4", "====", "AAA", "&#x200B;"})
    void verify_base64OfAnotherSpelling_isRejected(String junk) {
        for (String element : List.of("DigestValue", "SignatureValue")) {
            assertInvalid(signed().replace("<ds:" + element + ">", "<ds:" + element + ">" + junk));
        }
        assertThat(BY_MAC.verify(signed().replace("</ds:SignatureValue>", " \r\n\t</ds:SignatureValue>")
                                .getBytes(UTF_8))
                        .parts())
                .hasSize(1);
    }

    /** The last character of 32 bytes has two bits that say nothing. */
    @Test
    void verify_base64WithUnusedBits_isRejected() {
        String signed = signed();
        int last = signed.indexOf("</ds:SignatureValue>") - 2;
        char c = signed.charAt(last);

        assertInvalid(signed.substring(0, last) + (char) (c + 1) + signed.substring(last + 1));
    }

    // ---- what is signed --------------------------------------------------------------------------------------------

    @Test
    void verify_manifest_isRejected() {
        assertReason(
                Reason.COMPONENT_FORBIDDEN,
                insert(DOCUMENT, signature(good().replace("URI=", "Type=\"" + DSIG + "Manifest\" URI="), "")));
    }

    @Test
    void verify_idTwice_isRejectedEvenIfNothingRefersToIt() {
        for (String ids : List.of(
                "<a Id='x'/><a Id='x'/>",
                "<a Id='x'/><a ID='x'/>",
                "<a ID='x'/><a xml:id='x'/>",
                "<a Id='x' ID='x'/>",
                "<a Id='x'/><ds:KeyInfo xmlns:ds='" + DSIG + "' Id='&#x78;'/>")) {
            assertReason(Reason.COMPONENT_UNAVAILABLE, signed("<doc xmlns=\"urn:a\">" + ids + "</doc>"));
        }
    }

    @Test
    void verify_attributeThatLooksLikeAnId_isNone() {
        XmlProfile profile = XmlProfile.builder(DOC).covers(DOC, PART).build();
        String xml = "<doc xmlns=\"urn:a\"><part%s></part></doc>";
        for (String attribute : List.of(" id=\"x\"", " xmlns:f=\"urn:f\" f:Id=\"x\"", " AssertionID=\"x\"")) {
            assertThatThrownBy(() ->
                            verifier(EnvelopedSignatures.KEY, profile).verify(signedPart(xml.formatted(attribute))))
                    .isInstanceOfSatisfying(
                            VerificationException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.COMPONENT_FORBIDDEN));
        }
        assertThat(verifier(EnvelopedSignatures.KEY, profile)
                        .verify(signedPart(xml.formatted(" Id=\"x\"")))
                        .parts())
                .hasSize(1);
    }

    /** CVE-2026-33487: the last reference was checked instead of each. */
    @Test
    void verify_oneOfTwoPartsChanged_releasesNothing() {
        QName other = new QName("urn:a", "other");
        XmlProfile profile =
                XmlProfile.builder(DOC).covers(DOC, PART).covers(DOC, other).build();
        String signed = new String(
                XmlSigner.builder(KEY, profile)
                        .build()
                        .sign("<doc xmlns='urn:a'><part>one</part><other>two</other></doc>".getBytes(UTF_8)),
                UTF_8);
        XmlVerifier verifier = verifier(KEY, profile);
        assertThat(verifier.verify(signed.getBytes(UTF_8)).parts()).hasSize(2);

        for (String changed : List.of(signed.replace(">one<", ">1<"), signed.replace(">two<", ">2<"))) {
            assertThatThrownBy(() -> verifier.verify(changed.getBytes(UTF_8)))
                    .isInstanceOfSatisfying(
                            VerificationException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.DIGEST_MISMATCH));
        }
    }

    // ---- keys and algorithms ---------------------------------------------------------------------------------------

    /** CVE-2009-0217. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "8", "80", "128", "255", "257", "512", "-8", "", "x", "256.0", "99999999999"})
    void verify_truncatedMac_isRejected(String bits) {
        String length = "<ds:HMACOutputLength>" + bits + "</ds:HMACOutputLength></ds:SignatureMethod>";
        String canonical = EnvelopedSignatures.signedInfo(good(), "").replace("</ds:SignatureMethod>", length);
        byte[] mac = EnvelopedSignatures.KEY.sign(canonical
                .replaceFirst("<ds:SignedInfo>", "<ds:SignedInfo xmlns:ds=\"" + DSIG + "\">")
                .getBytes(UTF_8));
        for (int bytes : new int[] {1, 10, 16, 31, 32}) {
            String xml = insert(
                    DOCUMENT,
                    "<ds:Signature xmlns:ds=\"" + DSIG + "\">" + canonical + "<ds:SignatureValue>"
                            + base64(Arrays.copyOf(mac, bytes)) + "</ds:SignatureValue></ds:Signature>");

            assertThatThrownBy(() -> BY_MAC.verify(xml.getBytes(UTF_8))).isInstanceOf(MessageSecurityException.class);
        }
    }

    @Test
    void verify_macWithoutALengthThatIsShort_isRejected() {
        String signed = signed();
        int start = signed.indexOf("<ds:SignatureValue>") + "<ds:SignatureValue>".length();
        int end = signed.indexOf("</ds:SignatureValue>");
        byte[] mac = Base64Text.decode(signed.substring(start, end), "test");

        for (int bytes = 1; bytes < mac.length; bytes++) {
            assertReason(
                    Reason.SIGNATURE_INVALID,
                    signed.substring(0, start) + base64(Arrays.copyOf(mac, bytes)) + signed.substring(end));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
                "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
                "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
                "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
                "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512",
                "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                "HS256",
                ""
            })
    void verify_anotherAlgorithmThanTheKeys_isRejectedBeforeCryptography(String method) {
        String uri = EnvelopedSignatures.KEY.algorithm().xmlUri().orElseThrow();

        assertReason(Reason.ALGORITHM_MISMATCH, signed().replace(uri, method));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://www.w3.org/2000/09/xmldsig#sha1",
                "http://www.w3.org/2001/04/xmldsig-more#md5",
                "http://www.w3.org/2001/04/xmldsig-more#sha224",
                "SHA-256"
            })
    void verify_oldDigest_isRejected(String digest) {
        assertReason(Reason.DIGEST_NOT_SUPPORTED, signed().replace(XmlDigest.SHA_256.uri(), digest));
    }

    /** The message signs with a key of its own, and carries it. */
    @Test
    void verify_keyInTheMessage_isNotUsed() {
        SigningKey stranger = SigningKey.generate(Algorithm.ES256);
        byte[] encoded = stranger.verificationKey().publicKey().orElseThrow().getEncoded();
        String forged = new String(
                XmlSigner.builder(stranger, PROFILE).withoutKeyInfo().build().sign(DOCUMENT.getBytes(UTF_8)), UTF_8);
        assertThat(verifier(stranger).verify(forged.getBytes(UTF_8)).parts()).hasSize(1);
        String point = base64(Arrays.copyOfRange(encoded, encoded.length - 65, encoded.length));
        for (String keyInfo : List.of(
                "<ds:KeyValue><e:ECKeyValue xmlns:e=\"http://www.w3.org/2009/xmldsig11#\"><e:NamedCurve URI=\"urn:oid:1.2.840.10045.3.1.7\"/><e:PublicKey>"
                        + point + "</e:PublicKey></e:ECKeyValue></ds:KeyValue>",
                "<e:DEREncodedKeyValue xmlns:e=\"http://www.w3.org/2009/xmldsig11#\">" + base64(encoded)
                        + "</e:DEREncodedKeyValue>",
                "<ds:KeyName>" + KEY.id() + "</ds:KeyName><ds:KeyValue/>")) {
            String message = forged.replace(
                    "</ds:SignatureValue>", "</ds:SignatureValue><ds:KeyInfo>" + keyInfo + "</ds:KeyInfo>");

            assertThatThrownBy(() -> verifier(KEY).verify(message.getBytes(UTF_8)))
                    .isInstanceOfSatisfying(
                            VerificationException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.SIGNATURE_INVALID));
        }
    }

    // ---- around the module -----------------------------------------------------------------------------------------

    /** A caller's DOM has had its entities and default attributes put in by a parser that is not ours. */
    @Test
    void api_takesNoDocumentOrParserOfTheCaller() {
        List<Class<?>> entries = List.of(
                XmlVerifier.class,
                XmlVerifier.Builder.class,
                XmlSigner.class,
                XmlSigner.Builder.class,
                XmlProfile.class,
                XmlProfile.Builder.class,
                XmlEncrypter.class,
                XmlEncrypter.Builder.class,
                XmlDecrypter.class,
                XmlDecrypter.Builder.class,
                VerifyingXmlDecrypter.class);
        Set<String> packages = entries.stream()
                .flatMap(type -> Stream.<Executable>of(type.getMethods()))
                .filter(method -> entries.contains(method.getDeclaringClass()))
                .flatMap(method -> Stream.of(method.getParameterTypes()))
                .map(type -> type.isArray() ? type.getComponentType() : type)
                .map(Class::getPackageName)
                .filter(name -> !name.startsWith("dev.signet."))
                .collect(Collectors.toSet());

        assertThat(packages)
                .isSubsetOf(
                        "java.lang",
                        "java.io",
                        "java.time",
                        "java.util.function",
                        "java.security.cert",
                        "javax.xml.namespace")
                .contains("java.io");
    }

    /** CVE-2019-12400: whoever's class loader came first chose the parser. */
    @Test
    void verify_classPathAndProperties_chooseNoParser() throws IOException {
        List<String> properties =
                List.of("javax.xml.stream.XMLInputFactory", "javax.xml.parsers.DocumentBuilderFactory");
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        properties.forEach(property -> System.setProperty(property, "no.such.Factory"));
        Thread.currentThread().setContextClassLoader(new Refusing());
        try (VerifiedXml verified = verifier(EnvelopedSignatures.KEY).verify(signed().getBytes(UTF_8))) {
            assertThat(verified.content().text("part")).isEqualTo("secret");
            assertThat(verified.content().toDocument().getDocumentElement().getLocalName())
                    .isEqualTo("doc");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            properties.forEach(System::clearProperty);
        }
    }

    private static final class Refusing extends ClassLoader {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) {
            throw new AssertionError("asked for " + name);
        }

        @Override
        public Enumeration<URL> getResources(String name) {
            throw new AssertionError("asked for " + name);
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            throw new AssertionError("asked for " + name);
        }
    }

    @Test
    void verify_refusals_tellNothingOfTheMessage() {
        String signed = signed();
        for (String message : List.of(
                signed.replace("secret", "secret2"),
                signed.replace("<part>secret", "<part a=secret>"),
                signed.replace("<part>secret", "<secret>"),
                signed.replace("secret", "&secret;"),
                signed.replace("<ds:SignatureValue>", "<ds:SignatureValue>secret!"),
                signed.replace("URI=\"\"", "URI=\"#secret\""),
                signed.replace("URI=\"\"", "URI=\"http://secret/\""),
                signed.replace("#hmac-sha256", "#secret"),
                signed.replace("xml-exc-c14n#", "secret"),
                signed.replace(XmlDigest.SHA_256.uri(), "secret"),
                signed.replace("</ds:Signature>", "<secret xmlns='urn:secret'/></ds:Signature>"),
                signed.replace("<part>", "<part xmlns:p='secret'>"),
                signed.replace("<part>", "<part Id='secret' ID='secret'>"),
                signed.replace(
                        "</ds:Signature>",
                        "<ds:KeyInfo><ds:KeyName>secret</ds:KeyName></ds:KeyInfo></ds:Signature>"))) {
            assertThatThrownBy(() -> BY_MAC.verify(message.getBytes(UTF_8)))
                    .isInstanceOf(MessageSecurityException.class)
                    .hasNoCause()
                    .satisfies(e -> assertThat(e.toString()).doesNotContain("secret"));
        }
    }

    @Test
    void verify_spooled_isTheOwnersOnly() throws IOException {
        XmlLimits limits = XmlLimits.recommended2026().withMaxBytes(1 << 20).withMaxBytesInMemory(16);
        XmlVerifier spooling = XmlVerifier.builder(KeyResolver.of(EnvelopedSignatures.KEY.verificationKey()), PROFILE)
                .policy(SecurityPolicy.recommended2026()
                        .withLimits(Limits.recommended2026().withXml(limits)))
                .build();
        try (VerifiedXml verified = spooling.verify(
                new ByteArrayInputStream(signed("<doc xmlns=\"urn:a\">" + "text ".repeat(30_000) + "</doc>")
                        .getBytes(UTF_8)))) {
            List<Path> written = XmlVerifierTest.spoolsWithoutName();

            assertThat(verified.content().length()).isGreaterThan(100_000);
            assertThat(written).isNotEmpty();
            for (Path file : written) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
        }
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    private static XmlVerifier verifier(SigningKey key) {
        return verifier(key, PROFILE);
    }

    private static XmlVerifier verifier(SigningKey key, XmlProfile profile) {
        return XmlVerifier.builder(KeyResolver.of(key.verificationKey()), profile)
                .build();
    }

    private static String good() {
        return good(DOCUMENT);
    }

    private static String good(String xml) {
        byte[] digest = sha256(Canonicalizer.canonicalize(xml, C14n.EXCLUSIVE, Canonicalizer.DOCUMENT));
        return reference("", transforms(ENVELOPED, XmlCanonicalization.EXCLUSIVE.uri()), digest);
    }

    private static String signed() {
        return signed(DOCUMENT);
    }

    private static String signed(String xml) {
        return insert(xml, signature(good(xml), ""));
    }

    /** The second element of the document, by the id {@code x}. */
    private static byte[] signedPart(String xml) {
        byte[] digest = sha256(Canonicalizer.canonicalize(xml, C14n.EXCLUSIVE, 1));
        String reference = reference("#x", transforms(XmlCanonicalization.EXCLUSIVE.uri()), digest);
        return insert(xml, signature(reference, "")).getBytes(UTF_8);
    }

    private static void assertInvalid(String xml) {
        assertThat(xml).isNotEqualTo(signed());
        assertThatThrownBy(() -> BY_MAC.verify(xml.getBytes(UTF_8))).isInstanceOf(InvalidMessageException.class);
    }

    private static void assertReason(Reason reason, String xml) {
        assertThatThrownBy(() -> BY_MAC.verify(xml.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
