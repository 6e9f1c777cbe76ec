// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static dev.signet.xml.EncryptionFixtures.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against {@code xmlsec1}: AES key wrap and AES-GCM, since version 1.2 has neither MGF1 with SHA-256 nor ECDH-ES. */
class XmlsecEncryptionInteropTest {
    private static final byte[] XML = utf8(XmlEncryptionTest.XML);
    private static final String PLAIN = EncryptionFixtures.canonical(XML);
    private static final String CARD_PATH = "/*[local-name()='Order']/*[local-name()='Card']";

    @TempDir
    Path directory;

    @BeforeAll
    static void requireTool() {
        boolean present;
        try {
            present = new ProcessBuilder("xmlsec1", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            present = false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        Assumptions.assumeTrue(present || System.getenv("CI") != null, "xmlsec1 is not installed (package xmlsec1)");
    }

    @ParameterizedTest
    @CsvSource({
        "A128KW,A128GCM",
        "A192KW,A192GCM",
        "A256KW,A256GCM",
        "A256KW,A128GCM",
        "A128GCM,A128GCM",
        "A192GCM,A192GCM",
        "A256GCM,A256GCM"
    })
    void decrypt_byXmlsec_ofWhatWeEncrypt(Algorithm algorithm, Algorithm enc) throws Exception {
        DecryptionKey key = DecryptionKey.generate(algorithm).withId("key-1");
        for (XmlEncrypter.Builder builder : List.of(
                XmlEncrypter.builder(key.encryptionKey()),
                XmlEncrypter.builder(key.encryptionKey()).element(XmlEncryptionTest.ORDER, XmlEncryptionTest.CARD),
                XmlEncrypter.builder(key.encryptionKey()).content(XmlEncryptionTest.ORDER, XmlEncryptionTest.CARD))) {
            byte[] xml = builder.contentEncryption(enc).build().encrypt(XML);
            byte[] decrypted = xmlsec("--decrypt", "--aeskey:key-1", secret(key), file("in.xml", xml));
            assertThat(EncryptionFixtures.canonical(decrypted)).isEqualTo(PLAIN);
        }
    }

    @ParameterizedTest
    @CsvSource({"A128KW,A128GCM", "A192KW,A192GCM", "A256KW,A256GCM", "A256KW,A128GCM"})
    void encrypt_byXmlsec_isDecryptedByUs(Algorithm algorithm, Algorithm enc) throws Exception {
        DecryptionKey key = DecryptionKey.generate(algorithm).withId("key-1");
        String keyInfo = "<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm='" + WrapKeys.uri(algorithm)
                + "'/><ds:KeyInfo><ds:KeyName>key-1</ds:KeyName></ds:KeyInfo><xenc:CipherData><xenc:CipherValue/>"
                + "</xenc:CipherData></xenc:EncryptedKey>";
        String session = "aes-" + enc.joseName().substring(1, 4);
        for (boolean content : new boolean[] {true, false}) {
            byte[] xml = xmlsec(
                    "--encrypt",
                    "--aeskey:key-1",
                    secret(key),
                    "--session-key",
                    session,
                    "--xml-data",
                    file("data.xml", XML),
                    "--node-xpath",
                    CARD_PATH,
                    template(enc.xmlUri().orElseThrow(), content, keyInfo));
            assertThat(decrypted(key, content, xml)).isEqualTo(PLAIN);
        }
    }

    @ParameterizedTest
    @CsvSource({"A128GCM", "A192GCM", "A256GCM"})
    void encrypt_byXmlsecWithASharedKey_isDecryptedByUs(Algorithm enc) throws Exception {
        DecryptionKey key = DecryptionKey.generate(enc).withId("key-1");
        byte[] xml = xmlsec(
                "--encrypt",
                "--aeskey:key-1",
                secret(key),
                "--xml-data",
                file("data.xml", XML),
                "--node-xpath",
                CARD_PATH,
                template(enc.xmlUri().orElseThrow(), false, "<ds:KeyName>key-1</ds:KeyName>"));
        assertThat(decrypted(key, false, xml)).isEqualTo(PLAIN);
    }

    @Test
    void encrypt_byXmlsecWithCbc_isDecryptedWhereItIsAllowed() throws Exception {
        DecryptionKey key = DecryptionKey.generate(Algorithm.A256KW).withId("key-1");
        String keyInfo = "<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm='" + Xenc.XENC + "kw-aes256'/>"
                + "<ds:KeyInfo><ds:KeyName>key-1</ds:KeyName></ds:KeyInfo><xenc:CipherData><xenc:CipherValue/>"
                + "</xenc:CipherData></xenc:EncryptedKey>";
        byte[] xml = xmlsec(
                "--encrypt",
                "--aeskey:key-1",
                secret(key),
                "--session-key",
                "aes-256",
                "--xml-data",
                file("data.xml", XML),
                "--node-xpath",
                CARD_PATH,
                template(Xenc.XENC + "aes256-cbc", false, keyInfo));
        assertThatThrownBy(() -> decrypted(key, false, xml)).isExactlyInstanceOf(InvalidMessageException.class);
        byte[] plain = XmlDecrypter.builder(key)
                .element(XmlEncryptionTest.ORDER, XmlEncryptionTest.CARD)
                .allowUnauthenticatedCbc()
                .build()
                .decrypt(xml)
                .contentBytes();
        assertThat(EncryptionFixtures.canonical(plain)).isEqualTo(PLAIN);
    }

    /** What its 1.2 has for RSA is what is never accepted. */
    @ParameterizedTest
    @CsvSource({"rsa-1_5", "rsa-oaep-mgf1p"})
    void encrypt_byXmlsecWithOldRsa_isRefused(String transport) throws Exception {
        DecryptionKey key = EncryptionFixtures.RSA;
        RSAPublicKey rsa = (RSAPublicKey) key.encryptionKey().publicKey().orElseThrow();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(rsa.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        String keyInfo = "<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm='" + Xenc.XENC + transport + "'/>"
                + "<xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey>";
        byte[] xml = xmlsec(
                "--encrypt",
                "--pubkey-pem",
                file("key.pem", utf8(pem)),
                "--session-key",
                "aes-256",
                "--xml-data",
                file("data.xml", XML),
                "--node-xpath",
                CARD_PATH,
                template(Xenc.XENC11 + "aes256-gcm", false, keyInfo));
        assertThatThrownBy(() -> decrypted(key, false, xml))
                .isExactlyInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("EncryptedKey");
    }

    private static String decrypted(DecryptionKey key, boolean content, byte[] xml) {
        XmlDecrypter.Builder builder = XmlDecrypter.builder(key);
        if (content) {
            builder.content(XmlEncryptionTest.ORDER, XmlEncryptionTest.CARD);
        } else {
            builder.element(XmlEncryptionTest.ORDER, XmlEncryptionTest.CARD);
        }
        return EncryptionFixtures.canonical(builder.build().decrypt(xml).contentBytes());
    }

    private String template(String enc, boolean content, String keyInfo) throws IOException {
        return file(
                "template.xml",
                utf8("<xenc:EncryptedData xmlns:xenc='" + Xenc.XENC + "' Type='" + Xenc.XENC
                        + (content ? "Content" : "Element") + "'><xenc:EncryptionMethod Algorithm='" + enc
                        + "'/><ds:KeyInfo xmlns:ds='" + XmlProfile.DSIG + "'>" + keyInfo
                        + "</ds:KeyInfo><xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>"));
    }

    private String secret(DecryptionKey key) throws IOException {
        return file("key.bin", key.dangerousSecret().orElseThrow().dangerousToByteArray());
    }

    private String file(String name, byte[] content) throws IOException {
        Path path = directory.resolve(name);
        Files.write(path, content);
        return path.toString();
    }

    private byte[] xmlsec(String... arguments) throws Exception {
        Path out = directory.resolve("out.xml");
        Path log = directory.resolve("log.txt");
        List<String> command = new ArrayList<>(List.of("xmlsec1", arguments[0], "--output", out.toString()));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(() -> {
                    try {
                        return Files.readString(log);
                    } catch (IOException e) {
                        return "no log";
                    }
                })
                .isZero();
        return Files.readAllBytes(out);
    }
}
