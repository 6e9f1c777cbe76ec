// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.xml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.cli.Main;
import dev.signet.cli.Terminal;
import dev.signet.core.Algorithm;
import dev.signet.core.SigningKey;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XmlCommandTest {
    /** With a slash in the namespace, which is no step of a place. */
    private static final String NS = "http://example.com/orders";

    private static final String ROOT = "{" + NS + "}Order";
    private static final String INSIDE = "<Id>7</Id>\n  <Card>4111111111111111</Card>";
    private static final String ORDER =
            "<?xml version=\"1.0\"?>\n<!-- new --><Order xmlns='" + NS + "'>" + INSIDE + "</Order>\n";
    private static final String CANONICAL = "<Order xmlns=\"" + NS + "\">" + INSIDE + "</Order>";
    private static final String SOAP = "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Header><o:Act "
            + "xmlns:o='urn:o'>buy</o:Act></s:Header><s:Body><o:Buy xmlns:o='urn:o'>7</o:Buy></s:Body></s:Envelope>";

    @TempDir
    private Path folder;

    private Terminal terminal;

    @BeforeEach
    void makeKeys() {
        terminal = new Terminal(folder);
        terminal.write("x", ORDER);
        ok("key generate --unencrypted --alg ES256 --id one --out %k");
        ok("key export %k --out %p");
    }

    // ---- sign and verify -------------------------------------------------------------------------------------------

    @Test
    void sign_root_keepsEveryOtherByte() {
        Terminal.Result signed = ok("xml sign --key %k --root " + ROOT + " %x");
        assertThat(signed.err()).isEmpty();
        int start = signed.out().indexOf("<ds:Signature ");
        int end = signed.out().indexOf("</ds:Signature>") + "</ds:Signature>".length();
        assertThat(signed.out().substring(0, start) + signed.out().substring(end))
                .isEqualTo(ORDER);
    }

    @Test
    void document_thatCannotBegin_isNotReadToItsEnd() throws IOException {
        AtomicLong read = new AtomicLong();
        InputStream zeros = new InputStream() {
            @Override
            public int read() {
                read.incrementAndGet();
                return 0;
            }
        };
        assertThat(XmlReading.document(zeros).readAllBytes()).hasSizeLessThan(2000);
        assertThat(read).hasValueLessThan(2000);
        for (String start :
                new String[] {"<a/>", " \r\n\t<a/>", "\u00ef\u00bb\u00bf<a/>", "\u00fe\u00ff\0<\0a", "\0<\0a"}) {
            byte[] whole = (start + " ".repeat(5000)).getBytes(StandardCharsets.ISO_8859_1);
            assertThat(XmlReading.document(new ByteArrayInputStream(whole)).readAllBytes())
                    .isEqualTo(whole);
        }
        terminal.write("zeros", new byte[100_000]);
        Terminal.assertFails(line("xml verify --keys %p --root " + ROOT + " %zeros"), 1, "line 1, column 1");
    }

    @Test
    void verify_leftOverOfAKilledRun_isNamedAsSuch() {
        sign("--root " + ROOT);
        terminal.write("out.part", "");
        Terminal.assertFails(
                line("xml verify --keys %p --root " + ROOT + " --out %out %s"),
                2,
                "out.part exists already: a run that was killed left it");
        Terminal.assertFails(line("xml verify --keys %p --root " + ROOT + " --out - %s"), 2, "name of a file, not '-'");
    }

    @Test
    void verify_rootThatTurnsTextAround_isEscaped() {
        terminal.write("t", "<a xmlns='urn:a\u202ea'/>".getBytes(StandardCharsets.UTF_8));
        Terminal.Result result = line("xml sign --key %k --root " + ROOT + " %t");
        Terminal.assertFails(result, 2, "urn:a\\u202ea");
        assertThat(result.err()).doesNotContain("\u202e");
    }

    @Test
    void verify_signed_printsTheCanonicalBytesAndNothingElse() {
        sign("--root " + ROOT);
        Terminal.Result verified = ok("xml verify --keys %p --root " + ROOT + " %s");
        assertThat(verified.out()).isEqualTo(CANONICAL);
        assertThat(verified.err()).isEqualTo("verified: signed by one (ES256)\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--c14n exclusive",
                "--c14n 1.0",
                "--c14n 1.1",
                "--digest SHA-384",
                "--digest sha3-512",
                "--no-key-info",
                "--key-id one",
                "--after {http://example.com/orders}Id"
            })
    void sign_withOptions_isVerifiedWithout(String options) {
        String signed = sign("--root " + ROOT + " " + options);
        assertThat(ok("xml verify --keys %p --root " + ROOT + " %s").out()).isEqualTo(CANONICAL);
        String mark = switch (options.substring(options.lastIndexOf(' ') + 1).toLowerCase(Locale.ROOT)) {
            case "1.0" -> "REC-xml-c14n-20010315";
            case "1.1" -> "xml-c14n11";
            case "sha-384" -> "#sha384";
            case "sha3-512" -> "#sha3-512";
            case "{http://example.com/orders}id" -> "</Id><ds:Signature";
            default -> "xml-exc-c14n#";
        };
        assertThat(signed).contains(mark);
        assertThat(signed.contains("KeyName")).isNotEqualTo(options.equals("--no-key-info"));
    }

    @Test
    void signatureIn_elsewhere_printsTheFirstPlaceOrTheOneThatIsAskedFor() {
        terminal.write("x", "<b:Batch xmlns:b='urn:b'><b:Head/>" + CANONICAL + "<b:Tail>t</b:Tail></b:Batch>");
        String kind = "--signature-in {urn:b}Batch/{urn:b}Head --covers {urn:b}Batch/" + ROOT
                + " --covers {urn:b}Batch/{urn:b}Tail --may-cover {urn:b}Batch/{urn:b}Head/{urn:b}Note --id-attribute Key";
        assertThat(sign(kind)).contains("<Order Key=\"id-").contains("<b:Head><ds:Signature");
        Terminal.Result first = ok("xml verify --keys %p " + kind + " %s");
        assertThat(first.out()).startsWith("<Order xmlns=").endsWith(INSIDE + "</Order>");
        assertThat(first.err()).isEqualTo("verified: signed by one (ES256), over Order, Tail\n");
        for (String part : List.of("{urn:b}Tail", "{urn:b}Batch/{urn:b}Tail")) {
            assertThat(ok("xml verify --keys %p " + kind + " --part " + part + " %s")
                            .out())
                    .startsWith("<b:Tail ")
                    .endsWith(">t</b:Tail>");
        }
        for (String part :
                List.of("{urn:b}Note", "{urn:x}Tail", "{urn:x}Batch/{urn:b}Tail", "{urn:b}Head/{urn:b}Note")) {
            refuses("xml verify --keys %p " + kind + " --part " + part + " %s", "component-not-covered");
        }
    }

    @Test
    void soap_andEnveloping_roundTrip() {
        terminal.write("x", SOAP);
        assertThat(sign("--soap12 --header {urn:o}Act")).contains("Security");
        assertThat(ok("xml verify --keys %p --soap12 --header {urn:o}Act %s").out())
                .contains(">7</o:Buy></s:Body>");
        assertThat(ok("xml verify --keys %p --soap12 --header {urn:o}Act --part {urn:o}Act %s")
                        .out())
                .contains(">buy</o:Act>");
        refuses("xml verify --keys %p --soap11 %s", "signature-missing", "looked for in wsse:Security");
        // What the other side wants signed has to be.
        sign("--soap12");
        refuses("xml verify --keys %p --soap12 --header {urn:o}Act %s", "component-not-covered");
        terminal.write("x", ORDER);
        assertThat(sign("--enveloping " + ROOT)).startsWith("<ds:Signature");
        assertThat(ok("xml verify --keys %p --enveloping " + ROOT + " %s").out())
                .contains(INSIDE);
    }

    @Test
    void standardInput_isRead() {
        Terminal.Result signed = terminal.input(ORDER).run("xml", "sign", "--key", "%k", "--root", ROOT, "-");
        assertThat(signed.code()).as(signed.err()).isZero();
        assertThat(terminal.input(signed.out())
                        .run("xml", "verify", "--keys", "%p", "--root", ROOT, "-")
                        .out())
                .isEqualTo(CANONICAL);
    }

    @Test
    void out_getsItsNameOnlyWhenItIsWhole() throws IOException {
        ok("xml sign --key %k --root " + ROOT + " --out %s %x");
        ok("xml verify --keys %p --root " + ROOT + " --out %v %s");
        assertThat(terminal.read("v")).isEqualTo(CANONICAL);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(terminal.path("v"))))
                .isEqualTo("rw-------");
        Terminal.assertFails(line("xml verify --keys %p --root " + ROOT + " --out %v %s"), 2, "is not overwritten");
        Terminal.assertFails(line("xml sign --key %k --root {urn:x}A --out %w %x"), 2, "at the place");
        refuses("xml verify --keys %p --root {urn:x}A --out %w %s", "signature-missing");
        assertThat(terminal.files()).contains("s", "v").doesNotContain("w", "w.part", "s.part", "v.part");
    }

    // ---- refused ---------------------------------------------------------------------------------------------------

    @Test
    void verify_changedWrappedOrByAStranger_printsNothing() {
        String signed = sign("--root " + ROOT);
        terminal.write("s", signed.replace("<Id>7", "<Id>8"));
        refuses("xml verify --keys %p --root " + ROOT + " %s", "digest-mismatch");
        terminal.write("s", signed.replaceAll("(<ds:SignatureValue>)....", "$1AAAA"));
        refuses("xml verify --keys %p --root " + ROOT + " %s", "signature-invalid");
        String inner = signed.substring(signed.indexOf("<Order"));
        terminal.write("s", "<Order xmlns='" + NS + "'><Id>9</Id><Old>" + inner.strip() + "</Old></Order>");
        refuses("xml verify --keys %p --root " + ROOT + " %s", "signature-missing", "looked for in " + ROOT);
        terminal.write("s", signed);
        ok("key generate --unencrypted --alg ES256 --id other --out %k2");
        refuses("xml verify --keys %k2 --root " + ROOT + " %s", "key-unknown", "k2 has other");
        refuses("xml verify --keys %k2 --ignore-key-info --root " + ROOT + " %s", "signature-invalid");
        refuses("xml verify --keys %p --root {urn:other}Order %s", "signature-missing");
        refuses("xml verify --keys %p --enveloping " + ROOT + " %s", "signature-missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<!DOCTYPE Order [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><Order>&e;</Order>|document type",
                "no XML|not well-formed XML at line 1",
                "<Order>|not well-formed XML",
                "''|not well-formed XML",
                "<?xml version='1.0' encoding='ISO-8859-2'?><Order/>|encoding",
                "<Order><?run me?></Order>|processing instruction"
            })
    void notAsItMustBe_isRefusedByBoth(String document, String words) {
        terminal.write("x", document);
        Terminal.Result signing = line("xml sign --key %k --root Order %x");
        Terminal.assertFails(signing, 2, "cannot sign", words);
        assertThat(signing.bytes()).isEmpty();
        refuses("xml verify --keys %p --root Order %x", "message-malformed", words);
    }

    @Test
    void instructions_whereAllowed_areSigned() {
        terminal.write("x", "<Order><?run me?></Order>");
        sign("--root Order --allow-processing-instructions");
        refuses("xml verify --keys %p --root Order %s", "processing instruction");
        assertThat(ok("xml verify --keys %p --root Order --allow-processing-instructions %s")
                        .out())
                .isEqualTo("<Order><?run me?></Order>");
    }

    @Test
    void limits_thatStayOnLargeFiles_areNamed() {
        String deep = "<a>".repeat(64) + "</a>".repeat(64);
        terminal.write("x", "<Order>" + deep + "</Order>");
        Terminal.assertFails(line("xml sign --key %k --root Order %x"), 2, "more than 64 levels");
        refuses("xml verify --keys %p --root Order %x", "message-too-large");
        terminal.write("x", "<Order a='" + "x".repeat(100_000) + "'/>");
        Terminal.assertFails(line("xml sign --key %k --root Order %x"), 2, "cannot sign");
        // What the library's own limits would not take.
        terminal.write("x", "<Order>" + "<i/>".repeat(30_000) + "x".repeat(1 << 20) + "</Order>");
        sign("--root Order");
        assertThat(ok("xml verify --keys %p --root Order %s").bytes().length).isGreaterThan(1 << 20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "xml sign --key %k %x|--root '{http://example.com/orders}Order' if it is the whole document",
                "xml sign --key %k %soap|--soap12 if it is the body",
                "xml sign --key %k %evil|--root '{urn:example}Order' if",
                "xml sign --key %k -|--root '{urn:example}Order' if",
                "xml sign --key %k %absent|--root '{urn:example}Order' if",
                "xml verify --keys %p %x|--root '{urn:example}Order' if",
                "xml sign --key %k --root Order --soap12 %x|only one of",
                "xml sign --key %k --root b:Order %x|prefixes mean nothing",
                "xml sign --key %k --root {urn:b} %x|wants names",
                "xml sign --key %k --root {urn:b}A/{urn:b}B %x|wants names",
                "xml sign --key %k --root {urn:b %x|wants names",
                "xml sign --key %k --root Other %x|(its root is {http://example.com/orders}Order)",
                "xml sign --key %k --root Order --header Act %x|--header belongs",
                "xml sign --key %k --root Order --covers Order %x|belong to --signature-in",
                "xml sign --key %k --signature-in A %x|needs --covers",
                "xml sign --key %k --signature-in A --covers A/ %x|wants names",
                "xml sign --key %k --signature-in A --covers A --covers A %x|named twice",
                "xml sign --key %k --soap12 --id-attribute Key %x|--id-attribute belongs",
                "xml sign --key %k --covers A %x|has to be said",
                "xml sign --key %k --root Order --c14n 2.0 %x|exclusive, 1.0 or 1.1",
                "xml sign --key %k --root Order --digest SHA-1 %x|SHA-256",
                "xml sign --key %k --root Order --certificate %p --no-key-info %x|exclude each other",
                "xml sign --key %k --root Order --certificate %p %x|no certificate",
                "xml sign --key %p --root Order %x|public keys, which sign nothing",
                "xml sign --key %k --root Order %absent|no such file",
                "xml sign --key - --root Order -|both be standard input",
                "xml sign --key %k --root Order --out %k %x|is not overwritten",
                "xml verify --keys %p --root Order --certificate one %x|ID=FILE",
                "xml verify --keys %p --root Order --certificate one=k --ignore-key-info %x|exclude each other",
                "xml verify --keys %p --root Order --part a:b %x|prefixes mean nothing",
                "xml verify --keys %p --root Order %absent|no such file",
                "xml encrypt %x|--encrypt-to FILE is needed",
                "xml encrypt --encrypt-to %p %x|no key that encrypts",
                "xml encrypt --encrypt-to %ep --enc A256CBC-HS512 %x|A256CBC-HS512",
                "xml encrypt --encrypt-to %ep --element Order %x|not in the document",
                "xml encrypt --encrypt-to %ep --element A --content A/B %x|in another one",
                "xml encrypt --encrypt-to %ep %evil|document type",
                "xml decrypt --decrypt-with %ep %x|no key that decrypts",
                "xml decrypt --decrypt-with %e --root Order %x|belongs to --keys",
                "xml decrypt --decrypt-with %e --ignore-key-info %x|belongs to --keys",
                "xml decrypt --decrypt-with %e --keys %p %x|has to be said"
            })
    void wrongUse_isOneLine(String arguments, String words) {
        terminal.write("soap", SOAP);
        terminal.write("evil", "<!DOCTYPE Evil SYSTEM 'file:///etc/passwd'><Evil/>");
        makeEncryptionKeys();
        Terminal.Result result = line(arguments);
        Terminal.assertFails(result, 2, words);
        assertThat(result.bytes()).isEmpty();
    }

    // ---- certificates ----------------------------------------------------------------------------------------------

    @Test
    void certificate_isSentAndSelectsTheKeyItIsGivenFor() throws Exception {
        SigningKey key = SigningKey.generate(Algorithm.ES256);
        writePrivate("key.pem", key);
        writeCertificate("cert.pem", key);
        String sending = "xml sign --key %key.pem --key-id a --root " + ROOT + " --certificate %cert.pem %x";
        terminal.write("s", ok(sending).out());
        assertThat(terminal.read("s")).contains("X509Certificate").doesNotContain("KeyName");
        String keys = "xml verify --keys %key.pem --key-id a --root " + ROOT + " ";
        assertThat(ok(keys + "--certificate a=" + terminal.path("cert.pem") + " %s")
                        .out())
                .isEqualTo(CANONICAL);

        writeCertificate("other.pem", SigningKey.generate(Algorithm.ES256));
        Terminal.assertFails(line(sending.replace("cert.pem", "other.pem")), 2, "not the key's");
        Terminal.assertFails(line(keys + "--certificate a=" + terminal.path("other.pem") + " %s"), 2, "not that of");
        Terminal.assertFails(line(keys + "--certificate b=" + terminal.path("cert.pem") + " %s"), 2, "unknown key 'b'");
        // A second certificate of the same key is not the one that was configured.
        writeCertificate("second.pem", key);
        refuses(keys + "--certificate a=" + terminal.path("second.pem") + " %s", "key-unknown", "key.pem has a");
    }

    // ---- encrypt and decrypt ---------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--element {http://example.com/orders}Order/{http://example.com/orders}Card",
                "--content {http://example.com/orders}Order"
            })
    void encrypt_roundTrip_givesTheVeryBytes(String places) {
        makeEncryptionKeys();
        terminal.write(
                "t",
                ok("xml encrypt --encrypt-to %ep --enc A128GCM " + places + " %x")
                        .out());
        assertThat(terminal.read("t")).contains("EncryptedData", "aes128-gcm").doesNotContain("4111");
        Terminal.Result decrypted = ok("xml decrypt --decrypt-with %e " + places + " %t");
        // Encrypted elements took the namespaces from around them along.
        assertThat(decrypted.out().replace(" xmlns=\"" + NS + "\"", "")).isEqualTo(ORDER);
        assertThat(decrypted.err()).isEmpty();
        String elsewhere = places.isEmpty() ? "--content Order" : "";
        refuses("xml decrypt --decrypt-with %e " + elsewhere + " %t", "message-malformed");
    }

    @Test
    void decrypt_wrongKeyOrChanged_isTheOneRefusal() {
        makeEncryptionKeys();
        String encrypted = ok("xml encrypt --encrypt-to %ep %x").out();
        terminal.write("t", encrypted);
        ok("key generate --unencrypted --alg ECDH-ES+A256KW --id box --out %e2");
        refuses("xml decrypt --decrypt-with %e2 %t", "refused: decryption-failed");
        int value = encrypted.lastIndexOf("<xenc:CipherValue>") + 30;
        char other = encrypted.charAt(value) == 'A' ? 'B' : 'A';
        terminal.write("t", encrypted.substring(0, value) + other + encrypted.substring(value + 1));
        refuses("xml decrypt --decrypt-with %e --out %d %t", "refused: decryption-failed");
        assertThat(terminal.files()).doesNotContain("d", "d.part");
    }

    @Test
    void decrypt_withKeys_verifiesFirstAndPrintsOnlyWhatIsSigned() {
        makeEncryptionKeys();
        String content = "--content " + ROOT;
        terminal.write(
                "x", ok("xml encrypt --encrypt-to %ep " + content + " %x").out());
        String signed = sign("--root " + ROOT);
        String receiving = "xml decrypt --decrypt-with %e " + content + " --keys %p --root " + ROOT + " %s";
        Terminal.Result received = ok(receiving);
        assertThat(received.out())
                .startsWith("<Order ")
                .contains(">4111111111111111</Card></Order>")
                .doesNotContain("ds:");
        assertThat(received.err()).isEqualTo("verified: signed by one (ES256)\n");

        terminal.write("s", signed.replaceFirst("(<xenc:CipherValue>)....", "$1AAAA"));
        refuses(receiving, "digest-mismatch");
        terminal.write("s", terminal.read("x"));
        refuses(receiving, "signature-missing");
        terminal.write("s", signed);
        ok("key generate --unencrypted --alg ES256 --id other --out %k2");
        refuses(receiving.replace("%p", "%k2"), "key-unknown", "k2 has other");
    }

    @Test
    void decrypt_cbc_onlyWhereAllowed() {
        makeEncryptionKeys();
        // Sixteen bytes of IV and sixteen of content, which is no XML under this key.
        String cbc = ok("xml encrypt --encrypt-to %ep %x")
                .out()
                .replace("http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2001/04/xmlenc#aes256-cbc")
                .replaceFirst(
                        "(?s)(.*CipherValue>)[^<]+(</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>)",
                        "$1" + Base64.getEncoder().encodeToString(new byte[32]) + "$2");
        terminal.write("t", cbc);
        refuses("xml decrypt --decrypt-with %e %t", "message-malformed", "is not accepted");
        refuses("xml decrypt --decrypt-with %e --allow-unauthenticated-cbc %t", "decryption-failed");
    }

    // ---- large -----------------------------------------------------------------------------------------------------

    @Test
    @Timeout(300)
    void largeFile_isStreamed() throws Exception {
        long bytes = writeLarge(20);
        process("-Xmx40m", "xml", "sign", "--key", "k", "--root", ROOT, "--out", "s", "large");
        process("-Xmx40m", "xml", "verify", "--keys", "p", "--root", ROOT, "--out", "v", "s");
        assertThat(Files.size(terminal.path("v"))).isEqualTo(bytes);
        assertThat(Files.mismatch(terminal.path("large"), terminal.path("v"))).isEqualTo(-1);
        // No temporary files are left.
        assertThat(terminal.files()).noneMatch(name -> name.startsWith("signet-xml"));
    }

    @Test
    @Tag("slow")
    @Timeout(600)
    void veryLargeFile_isStreamed() throws Exception {
        writeLarge(200);
        process("-Xmx64m", "xml", "sign", "--key", "k", "--root", ROOT, "--out", "s", "large");
        process("-Xmx64m", "xml", "verify", "--keys", "p", "--root", ROOT, "--out", "v", "s");
        assertThat(Files.mismatch(terminal.path("large"), terminal.path("v"))).isEqualTo(-1);
    }

    /** A document that is its own canonical form. */
    private long writeLarge(int mebibytes) throws IOException {
        String line = "<Line><Id>1</Id><Text>" + "some words ".repeat(8) + "</Text></Line>\n";
        try (BufferedWriter out = Files.newBufferedWriter(terminal.path("large"), StandardCharsets.US_ASCII)) {
            out.write("<Order xmlns=\"" + NS + "\">");
            for (long i = 0; i < ((long) mebibytes << 20) / line.length(); i++) {
                out.write(line);
            }
            out.write("</Order>");
        }
        return Files.size(terminal.path("large"));
    }

    private void process(String heap, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(heap, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.io.tmpdir=" + folder));
        command.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(terminal.path("out").toFile())
                .redirectError(terminal.path("err").toFile())
                .start();
        try {
            assertThat(process.waitFor(500, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(terminal.read("err")).isZero();
            assertThat(terminal.path("out")).isEmptyFile();
        } finally {
            process.destroyForcibly();
        }
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    private void makeEncryptionKeys() {
        ok("key generate --unencrypted --alg ECDH-ES+A256KW --id box --out %e");
        ok("key export %e --out %ep");
    }

    private void writePrivate(String name, SigningKey key) {
        terminal.write(name, pem("PRIVATE KEY", privateKey(key).getEncoded()));
    }

    private void writeCertificate(String name, SigningKey key) throws Exception {
        X500Name subject = new X500Name("CN=" + name);
        byte[] certificate = new JcaX509v3CertificateBuilder(
                        subject,
                        BigInteger.valueOf(name.hashCode() & 0xffff),
                        Date.from(Terminal.NOW.minusSeconds(60)),
                        Date.from(Terminal.NOW.plusSeconds(60)),
                        subject,
                        key.verificationKey().publicKey().orElseThrow())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(privateKey(key)))
                .getEncoded();
        terminal.write(name, pem("CERTIFICATE", certificate));
    }

    private static PrivateKey privateKey(SigningKey key) {
        return key.dangerousPrivateKey().orElseThrow();
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + what
                + "-----\n";
    }

    private String sign(String options) {
        String signed = ok("xml sign --key %k " + options + " %x").out();
        terminal.write("s", signed);
        return signed;
    }

    private void refuses(String arguments, String... words) {
        Terminal.Result result = line(arguments);
        Terminal.assertFails(result, 1, words);
        assertThat(result.bytes()).isEmpty();
    }

    private Terminal.Result line(String arguments) {
        return terminal.run(
                Stream.of(arguments.split(" +")).filter(a -> !a.isEmpty()).toArray(String[]::new));
    }

    private Terminal.Result ok(String arguments) {
        Terminal.Result result = line(arguments);
        assertThat(result.code()).as(arguments + ": " + result.err()).isZero();
        return result;
    }
}
