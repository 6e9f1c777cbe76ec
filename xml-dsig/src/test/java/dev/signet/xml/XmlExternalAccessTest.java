// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static dev.signet.xml.EnvelopedSignatures.ENVELOPED;
import static dev.signet.xml.EnvelopedSignatures.insert;
import static dev.signet.xml.EnvelopedSignatures.reference;
import static dev.signet.xml.EnvelopedSignatures.sha256;
import static dev.signet.xml.EnvelopedSignatures.signature;
import static dev.signet.xml.EnvelopedSignatures.transforms;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A message makes nobody open a socket or a file, whatever it refers to and wherever. A listener counts connections; a named
 * pipe without a writer holds fast whoever opens it.
 */
class XmlExternalAccessTest {
    private static final String DSIG = XmlProfile.DSIG;
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final AtomicInteger connections = new AtomicInteger();
    private ServerSocket listener;
    private Path pipe;

    private final XmlVerifier verifier = XmlVerifier.builder(
                    KeyResolver.of(EnvelopedSignatures.KEY.verificationKey()),
                    XmlProfile.enveloped(new QName("urn:a", "doc")))
            .allowProcessingInstructions()
            .build();

    @BeforeEach
    void listen() throws Exception {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(
                () -> {
                    while (!listener.isClosed()) {
                        try (Socket socket = listener.accept()) {
                            connections.incrementAndGet();
                        } catch (IOException e) {
                            // Closed.
                        }
                    }
                },
                "listener");
        thread.setDaemon(true);
        thread.start();
        pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    @Test
    void parse_platformParser_isHeardByTheListenerAndHeldByThePipe() throws IOException {
        // Shows that the two notice somebody who does fetch.
        String fetching = "<!DOCTYPE doc [<!ENTITY e SYSTEM \"" + http() + "\">]><doc>&e;</doc>";
        assertThatThrownBy(() -> DocumentBuilderFactory.newDefaultInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(fetching.getBytes(UTF_8))))
                .isInstanceOf(IOException.class);
        assertThat(connections.get()).isPositive();

        String opening = fetching.replace(http(), pipe.toUri().toString());
        assertThatThrownBy(() -> assertTimeoutPreemptively(
                        Duration.ofMillis(500),
                        () -> DocumentBuilderFactory.newDefaultInstance()
                                .newDocumentBuilder()
                                .parse(new ByteArrayInputStream(opening.getBytes(UTF_8)))))
                .isInstanceOf(AssertionError.class);
        // Lets go of the reader, without a wait for one that has not come yet.
        Files.newByteChannel(pipe, READ, WRITE).close();
    }

    @Test
    void verify_externalEntities_areRefusedUnopened() {
        String signed = signed("");
        for (String uri : uris()) {
            List.of(
                            "<!DOCTYPE doc SYSTEM \"" + uri + "\">",
                            "<!DOCTYPE doc PUBLIC \"-//a//b\" \"" + uri + "\">",
                            "<!DOCTYPE doc [<!ENTITY e SYSTEM \"" + uri + "\">]>",
                            "<!DOCTYPE doc [<!ENTITY % e SYSTEM \"" + uri + "\"> %e;]>",
                            "<!DOCTYPE doc [<!NOTATION n SYSTEM \"" + uri + "\"><!ENTITY u SYSTEM \"" + uri
                                    + "\" NDATA n>]>")
                    .forEach(type -> {
                        assertRefused(type + signed, InvalidMessageException.class);
                        assertRefused(type + signed.replace("text", "&e;"), InvalidMessageException.class);
                        assertRefused(
                                "<?xml version=\"1.0\" standalone=\"no\"?>" + type + signed,
                                InvalidMessageException.class);
                    });
        }
        assertNothingOpened();
    }

    @Test
    void verify_externalReferences_areRefusedUnopened() {
        for (String uri : uris()) {
            assertReason(
                    insert(document(""), signature(reference(uri, "", new byte[32]), "")), Reason.COMPONENT_FORBIDDEN);
            assertReason(
                    insert(document(""), signature(good("") + reference(uri, "", new byte[32]), "")),
                    Reason.COMPONENT_FORBIDDEN);
            assertReason(
                    insert(
                            document(""),
                            signature(good("").replace("URI=\"\"", "URI=\"" + uri + "#xpointer(/)\""), "")),
                    Reason.COMPONENT_FORBIDDEN);
        }
        assertNothingOpened();
    }

    @Test
    void verify_keysElsewhere_areRefusedUnopened() {
        for (String uri : uris()) {
            for (String keyInfo : List.of(
                    "<ds:RetrievalMethod URI=\"" + uri + "\" Type=\"" + DSIG + "X509Data\"/>",
                    "<ds:RetrievalMethod URI=\"" + uri
                            + "\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/></ds:Transforms></ds:RetrievalMethod>",
                    "<d:KeyInfoReference xmlns:d=\"http://www.w3.org/2009/xmldsig11#\" URI=\"" + uri + "\"/>")) {
                assertReason(
                        insert(document(""), signature(good(""), "<ds:KeyInfo>" + keyInfo + "</ds:KeyInfo>")),
                        Reason.PARAMETER_FORBIDDEN);
            }
        }
        assertNothingOpened();
    }

    @Test
    void verify_transformsThatRun_areRefusedUnrun() {
        for (String uri : uris()) {
            for (String transform : List.of(
                    "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"><xsl:stylesheet version=\"1.0\" xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"><xsl:include href=\""
                            + uri + "\"/><xsl:template match=\"/\"><xsl:copy-of select=\"document('" + uri
                            + "')\"/></xsl:template></xsl:stylesheet></ds:Transform>",
                    "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath>document('"
                            + uri + "')</ds:XPath></ds:Transform>",
                    "<ds:Transform Algorithm=\"http://www.w3.org/2002/06/xmldsig-filter2\"><f:XPath xmlns:f=\"http://www.w3.org/2002/06/xmldsig-filter2\" Filter=\"union\">document('"
                            + uri + "')</f:XPath></ds:Transform>",
                    "<ds:Transform Algorithm=\"" + DSIG + "base64\"/>",
                    "<ds:Transform Algorithm=\"" + uri + "\"/>")) {
                String reference = good("").replace("<ds:Transforms>", "<ds:Transforms>" + transform);

                assertReason(insert(document(""), signature(reference, "")), Reason.ALGORITHM_NOT_ALLOWED);
            }
        }
        assertNothingOpened();
    }

    @Test
    void verify_hintsInSignedContent_areOnlyContent() {
        for (String uri : uris()) {
            for (String hint : List.of(
                    "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"" + uri + "\" parse=\"text\"/>",
                    "<x xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:a " + uri
                            + "\" xsi:noNamespaceSchemaLocation=\"" + uri + "\"/>",
                    "<?xml-stylesheet type=\"text/xsl\" href=\"" + uri + "\"?>",
                    "<?xml-model href=\"" + uri + "\"?>",
                    "<x xml:base=\"" + uri + "\" xmlns:l=\"http://www.w3.org/1999/xlink\" l:href=\"" + uri + "\"/>")) {
                VerifiedXml verified = assertTimeoutPreemptively(
                        LONG, () -> verifier.verify(signed(hint).getBytes(UTF_8)));

                VerifiedXml.Part content = verified.content();
                assertThat(new String(content.contentBytes(), UTF_8)).contains(uri);
                assertTimeoutPreemptively(LONG, () -> {
                    assertThat(content.toDocument().getDocumentElement().getTextContent())
                            .isEqualTo("text");
                    assertThat(content.texts("x")).hasSizeLessThan(2);
                    var reader = content.openReader();
                    while (reader.hasNext()) {
                        reader.next();
                    }
                });
            }
        }
        assertNothingOpened();
    }

    // ---- messages --------------------------------------------------------------------------------------------------

    private List<String> uris() {
        return Stream.of(
                        http(),
                        http().replace("http", "https"),
                        http().replace("http", "ftp"),
                        pipe.toUri().toString())
                .flatMap(uri -> Stream.of(uri, "jar:" + uri + "!/entry"))
                .toList();
    }

    private String http() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/x";
    }

    private static String document(String hint) {
        return "<doc xmlns=\"urn:a\">text" + hint + "</doc>";
    }

    private static String good(String hint) {
        byte[] canonical = Canonicalizer.canonicalize(document(hint), C14n.EXCLUSIVE, Canonicalizer.DOCUMENT);
        return reference("", transforms(ENVELOPED, XmlCanonicalization.EXCLUSIVE.uri()), sha256(canonical));
    }

    private static String signed(String hint) {
        return insert(document(hint), signature(good(hint), ""));
    }

    private void assertRefused(String xml, Class<? extends MessageSecurityException> type) {
        assertTimeoutPreemptively(
                LONG,
                () -> assertThatThrownBy(() -> verifier.verify(xml.getBytes(UTF_8)))
                        .isInstanceOf(type));
        assertTimeoutPreemptively(
                LONG,
                () -> assertThatThrownBy(() -> verifier.verify(new ByteArrayInputStream(xml.getBytes(UTF_8))))
                        .isInstanceOf(type));
    }

    private void assertReason(String xml, Reason reason) {
        assertTimeoutPreemptively(
                LONG,
                () -> assertThatThrownBy(() -> verifier.verify(xml.getBytes(UTF_8)))
                        .isInstanceOfSatisfying(
                                VerificationException.class,
                                e -> assertThat(e.reason()).isEqualTo(reason)));
    }

    private void assertNothingOpened() {
        assertThat(connections.get()).isZero();
    }
}
