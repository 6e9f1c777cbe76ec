// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stays of a client that ends without a chance to tidy up. */
@Timeout(60)
class KilledClientTest {
    @TempDir
    Path folder;

    @Test
    void kill_whileABodyIsSent_leavesNoPlaintext() throws Exception {
        assumeTrue(File.separatorChar == '/', "open files keep their names on this system");
        CountDownLatch received = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        try (RawServer server = RawServer.answering((request, out) -> {
            received.countDown();
            await(killed);
        })) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-Djava.io.tmpdir=" + folder,
                            "-cp",
                            System.getProperty("java.class.path"),
                            Sending.class.getName(),
                            server.uri("/").toString())
                    .inheritIO()
                    .start();
            try {
                assertThat(received.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(server.only().body()).hasSize(1_000_000);
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.waitFor()).isEqualTo(128 + 9);
            assertThat(folder).isEmptyDirectory();
        } finally {
            killed.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends a body that is kept in a file until the answer comes. */
    static final class Sending {
        private Sending() {}

        public static void main(String[] arguments) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0]))
                    .POST(BodyPublishers.ofByteArray(new byte[1_000_000]))
                    .build();
            SigningHttpClient.wrap(HttpClient.newHttpClient(), Fixtures.SIGNER)
                    .send(request, BodyHandlers.discarding());
        }
    }
}
