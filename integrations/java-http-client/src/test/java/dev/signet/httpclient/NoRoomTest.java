// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.UnavailableException;
import dev.signet.http.HttpSigner;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A long body of a request where there is no room for it. */
@Timeout(60)
class NoRoomTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"send", "sendAsync"})
    void send_noFolderForTheBody_isUnavailable(String method) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Djava.io.tmpdir=" + folder.resolve("not-there"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sending.class.getName(),
                        method)
                .redirectErrorStream(true)
                .start();
        assertThat(said(process)).isEqualTo("unavailable: the spool for bodies cannot be written");
        assertThat(process.waitFor()).isZero();
    }

    static final class Sending {
        private Sending() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            SigningHttpClient client = SigningHttpClient.builder(
                            HttpClient.newHttpClient(),
                            HttpSigner.builder(Fixtures.CLIENT_KEY).build())
                    .build();
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:9/"))
                    .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[1_000_000])))
                    .build();
            try {
                if (arguments[0].equals("send")) {
                    System.out.println(client.send(request, BodyHandlers.discarding()));
                } else {
                    System.out.println(
                            client.sendAsync(request, BodyHandlers.discarding()).join());
                }
            } catch (UnavailableException e) {
                System.out.println(e.code() + ": " + e.getMessage());
            } catch (CompletionException e) {
                System.out.println(
                        e.getCause() instanceof UnavailableException u ? u.code() + ": " + u.getMessage() : e);
            }
            System.exit(0);
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
