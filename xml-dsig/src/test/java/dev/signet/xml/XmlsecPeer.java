// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.core.Algorithm;
import dev.signet.core.SigningKey;
import dev.signet.xml.SignatureShape.Covered;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command of libxmlsec, in C on libxml2 and OpenSSL. */
final class XmlsecPeer implements Peers.Peer {
    private static final String COMMAND = "xmlsec1";

    @Override
    public byte[] sign(Peers.Wanted wanted) throws Exception {
        String template = template(wanted);
        SignatureShape shape = wanted.shape();
        String xml = shape.parent == null
                ? template.replace(
                        "</ds:Signature>",
                        "<ds:Object Id=\"" + shape.covered.get(0).id() + "\">" + shape.unsigned()
                                + "</ds:Object></ds:Signature>")
                : shape.document.replace(SignatureShape.MARK, template);
        return inFolder(folder -> {
            Path signed = folder.resolve("signed.xml");
            run(
                    folder,
                    shape,
                    "--sign",
                    wanted.key(),
                    xml.getBytes(StandardCharsets.UTF_8),
                    List.of("--output", signed.toString()));
            return Files.readAllBytes(signed);
        });
    }

    @Override
    public void verify(SignatureShape shape, byte[] signed, SigningKey key) throws Exception {
        inFolder(folder -> {
            run(folder, shape, "--verify", key, signed, List.of());
            return signed;
        });
    }

    /** Of Debian's 1.2.37. */
    @Override
    public Set<Algorithm> lacking() {
        return EnumSet.of(Algorithm.PS256, Algorithm.PS384, Algorithm.PS512, Algorithm.ED25519);
    }

    @Override
    public Set<XmlDigest> lackingDigests() {
        return EnumSet.of(XmlDigest.SHA3_256, XmlDigest.SHA3_384, XmlDigest.SHA3_512);
    }

    @Override
    public void require() {
        boolean present;
        try {
            present = new ProcessBuilder(COMMAND, "--version")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException e) {
            present = false;
        }
        if (System.getenv("CI") != null) {
            assertThat(present).as("xmlsec1 is installed").isTrue();
        }
        assumeTrue(present, "xmlsec1 is not installed (package xmlsec1)");
    }

    @Override
    public String toString() {
        return COMMAND;
    }

    private static String template(Peers.Wanted wanted) {
        String c14n = wanted.canonicalization().uri();
        String inclusive = wanted.prefixes().isEmpty()
                ? ""
                : "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\""
                        + String.join(" ", wanted.prefixes()) + "\"/>";
        StringBuilder references = new StringBuilder();
        for (Covered covered : wanted.shape().covered) {
            references
                    .append("<ds:Reference URI=\"")
                    .append(covered.uri())
                    .append("\">\n<ds:Transforms>")
                    .append(
                            covered.enveloped()
                                    ? "<ds:Transform Algorithm=\"" + XmlProfile.DSIG + "enveloped-signature\"/>"
                                    : "")
                    .append("<ds:Transform Algorithm=\"" + c14n + "\">" + inclusive
                            + "</ds:Transform></ds:Transforms>\n")
                    .append("<ds:DigestMethod Algorithm=\"" + wanted.digest().uri()
                            + "\"/><ds:DigestValue/></ds:Reference>\n");
        }
        return "<ds:Signature xmlns:ds=\"" + XmlProfile.DSIG
                + "\">\n<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"" + c14n
                + "\">" + inclusive + "</ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"" + wanted.method()
                + "\"/>\n"
                + references + "</ds:SignedInfo><ds:SignatureValue/></ds:Signature>";
    }

    private static void run(
            Path folder, SignatureShape shape, String action, SigningKey key, byte[] xml, List<String> more)
            throws Exception {
        Path input = Files.write(folder.resolve("input.xml"), xml);
        List<String> command = new ArrayList<>(List.of(COMMAND, action));
        Path keyFile = folder.resolve("key");
        if (key.algorithm().isSymmetric()) {
            Files.write(keyFile, Peers.secretBytes(key));
            command.addAll(List.of("--hmackey", keyFile.toString()));
        } else if (action.equals("--sign")) {
            Files.writeString(keyFile, key.dangerousToPem());
            command.addAll(List.of("--privkey-pem", keyFile.toString()));
        } else {
            Files.writeString(keyFile, key.verificationKey().toPem());
            command.addAll(List.of("--pubkey-pem", keyFile.toString()));
        }
        for (Covered covered : shape.covered) {
            if (covered.attribute() != null) {
                String namespace = covered.element().getNamespaceURI();
                command.add("--id-attr:" + covered.attribute().getLocalPart());
                command.add((namespace.isEmpty() ? "" : namespace + ":")
                        + covered.element().getLocalPart());
            }
        }
        command.addAll(more);
        command.add(input.toString());
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("xmlsec1 " + action + ": " + Files.readString(output));
        }
    }

    private static byte[] inFolder(InFolder work) throws Exception {
        Path folder = Files.createTempDirectory("xmlsec");
        try {
            return work.in(folder);
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private interface InFolder {
        byte[] in(Path folder) throws Exception;
    }
}
