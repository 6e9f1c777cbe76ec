// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.KeyResolver;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.XmlLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A long document where there is no room for it. */
@Timeout(60)
class NoRoomTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"sign", "verify", "canonical"})
    void run_noFolderForTheDocument_isUnavailable(String step) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Djava.io.tmpdir=" + folder.resolve("not-there"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Running.class.getName(),
                        step)
                .redirectErrorStream(true)
                .start();
        assertThat(said(process)).matches("unavailable: the spool for XML cannot be written; (SIGNED)?UNAVAILABLE");
        assertThat(process.waitFor()).isZero();
    }

    static final class Running {
        private Running() {}

        public static void main(String[] arguments) throws IOException {
            SecurityPolicy policy = SecurityPolicy.recommended2026();
            policy = policy.withLimits(
                    policy.limits().withXml(XmlLimits.recommended2026().withMaxBytesInMemory(200_000)));
            XmlProfile profile = XmlProfile.enveloped(new QName("urn:example:order", "Order"));
            StringBuilder heard = new StringBuilder();
            XmlSigner signer = XmlSigner.builder(EnvelopedSignatures.KEY, profile)
                    .policy(policy)
                    .listener(event -> heard.append(event.type()))
                    .build();
            XmlVerifier verifier = XmlVerifier.builder(
                            KeyResolver.of(EnvelopedSignatures.KEY.verificationKey()), profile)
                    .policy(policy)
                    .listener(event -> heard.append(event.type()))
                    .build();
            byte[] document =
                    ("<Order xmlns='urn:example:order'><Id>" + ">".repeat(190_000) + "</Id></Order>").getBytes(UTF_8);
            try {
                switch (arguments[0]) {
                    case "sign" -> {
                        byte[] longer = Arrays.copyOf(document, 300_000);
                        signer.sign(new ByteArrayInputStream(longer), OutputStream.nullOutputStream());
                    }
                    case "verify" -> {
                        byte[] longer = Arrays.copyOf(document, 300_000);
                        verifier.verify(new ByteArrayInputStream(longer)).close();
                    }
                    // Fits in memory as it is, and not with what its canonical form escapes.
                    default -> verifier.verify(signer.sign(document)).close();
                }
                System.out.println("done");
            } catch (UnavailableException e) {
                System.out.println(e.code() + ": " + e.getMessage() + "; " + heard);
            }
        }
    }

    /** Its first line but for warnings of the runtime itself, which JDK 25 has more of. */
    private static String said(Process process) {
        return process.inputReader()
                .lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("WARNING"))
                .findFirst()
                .orElse("nothing");
    }
}
