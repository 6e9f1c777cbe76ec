// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A long body where there is no room for it. */
@Timeout(60)
class NoRoomTest {
    @TempDir
    Path folder;

    @Test
    void verify_noFolderForTheBody_isUnavailable() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Djava.io.tmpdir=" + folder.resolve("not-there"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Verifying.class.getName())
                .redirectErrorStream(true)
                .start();
        assertThat(said(process)).isEqualTo("unavailable: the spool for bodies cannot be written; UNAVAILABLE");
        assertThat(process.waitFor()).isZero();
    }

    static final class Verifying {
        private Verifying() {}

        public static void main(String[] arguments) {
            byte[] body = new byte[1_000_000];
            SigningKey key = SigningKey.generate(Algorithm.ED25519).withId("client");
            HttpMessage plain = HttpMessage.request("POST", URI.create("https://api.example.com/"))
                    .build();
            HttpMessage message = HttpMessage.request("POST", URI.create("https://api.example.com/"))
                    .fields(HttpSigner.builder(key).build().sign(plain, body))
                    .build();
            StringBuilder heard = new StringBuilder();
            HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(key.verificationKey()))
                    .listener(event -> heard.append(event.type()))
                    .build();
            try (VerifiedMessage verified = verifier.verify(message, new ByteArrayInputStream(body))) {
                System.out.println(verified);
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
