// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.SigningKey;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stays of a process that ends without a chance to tidy up. */
@Timeout(60)
class KilledProcessTest {
    @TempDir
    Path folder;

    @Test
    void kill_whileABodyIsSpooled_leavesNoPlaintext() throws Exception {
        assumeTrue(File.separatorChar == '/', "open files keep their names on this system");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holding.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("1 spooled, 1000000 bytes");
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).isEqualTo(128 + 9);
        assertThat(folder).isEmptyDirectory();
    }

    /** Holds a verified body in a file, and waits to be killed. */
    static final class Holding {
        private Holding() {}

        public static void main(String[] arguments) throws IOException {
            byte[] body = new byte[1_000_000];
            SigningKey key = SigningKey.generate(Algorithm.ED25519).withId("client");
            HttpMessage plain = HttpMessage.request("POST", URI.create("https://api.example.com/"))
                    .build();
            HttpMessage message = HttpMessage.request("POST", URI.create("https://api.example.com/"))
                    .fields(HttpSigner.builder(key).build().sign(plain, body))
                    .build();
            HttpVerifier verifier =
                    HttpVerifier.builder(KeyResolver.of(key.verificationKey())).build();
            try (VerifiedMessage verified = verifier.verify(message, new ByteArrayInputStream(body))) {
                System.out.println(Spools.open().size() + " spooled, "
                        + verified.contentStream().readAllBytes().length + " bytes");
                int end = System.in.read();
                System.out.println(end);
            }
        }
    }
}
