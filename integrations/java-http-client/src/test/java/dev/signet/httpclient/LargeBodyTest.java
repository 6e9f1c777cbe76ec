// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import static dev.signet.httpclient.Fixtures.CLIENT_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationKey;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignaturePolicy;
import dev.signet.http.VerifiedMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of 50 MB, from and to a process with a heap of 24 MB, which the server here verifies and signs. */
@Timeout(180)
class LargeBodyTest {
    private static final long SIZE = 50L << 20;

    @TempDir
    Path folder;

    @Test
    void send_bodiesBeyondTheHeap_areSignedAndVerified() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", LargeBodyTest::serve);
        server.start();
        try {
            Path file = folder.resolve("large");
            try (OutputStream out = Files.newOutputStream(file)) {
                byte[] block = new byte[1 << 20];
                for (int i = 0; i < SIZE >> 20; i++) {
                    java.util.Arrays.fill(block, (byte) i);
                    out.write(block);
                }
            }
            Path clientKey = Files.writeString(folder.resolve("client.pem"), CLIENT_KEY.dangerousToPem());
            Path serverKey = Files.writeString(
                    folder.resolve("server.pem"),
                    Fixtures.SERVER_KEY.verificationKey().toPem());
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx24m",
                            "-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Client.class.getName(),
                            "http://127.0.0.1:" + server.getAddress().getPort() + "/",
                            file.toString(),
                            clientKey.toString(),
                            serverKey.toString())
                    .redirectErrorStream(true)
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).contains("3 large bodies sent, 3 received, 0 files open");
            assertThat(folder.resolve("tmp")).isEmptyDirectory();
        } finally {
            server.stop(0);
        }
    }

    /** Verifies the request, and gives its body back in a signed response. */
    private static void serve(HttpExchange exchange) throws IOException {
        HttpMessageBuilder builder = HttpMessage.request(exchange.getRequestMethod())
                .scheme("http")
                .authority(exchange.getRequestHeaders().getFirst("Host"))
                .target(exchange.getRequestURI().toString());
        exchange.getRequestHeaders().forEach((name, values) -> values.forEach(value -> builder.field(name, value)));
        HttpMessage request = builder.build();
        try (VerifiedMessage verified = Fixtures.requests().verify(request, exchange.getRequestBody())) {
            HttpMessage response = HttpMessage.response(200).answering(request).build();
            var digest = Fixtures.SERVER_SIGNER.digest(response, verified.contentStream(), SIZE);
            Fixtures.SERVER_SIGNER.sign(response, digest).forEach(exchange.getResponseHeaders()::add);
            exchange.sendResponseHeaders(200, SIZE);
            try (InputStream in = verified.contentStream();
                    OutputStream out = exchange.getResponseBody()) {
                in.transferTo(out);
            }
        } catch (RuntimeException e) {
            exchange.sendResponseHeaders(401, -1);
        }
    }

    /** The process with the small heap. */
    static final class Client {
        private Client() {}

        public static void main(String[] arguments) throws Exception {
            URI uri = URI.create(arguments[0]);
            Path file = Path.of(arguments[1]);
            SigningKey key = SigningKey.fromPem(Algorithm.ED25519, Files.readString(Path.of(arguments[2])))
                    .withId("client");
            VerificationKey serverKey = VerificationKey.fromPem(
                            Algorithm.ED25519, Files.readString(Path.of(arguments[3])))
                    .withId("server");
            HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(serverKey))
                    .policy(SecurityPolicy.recommended2026()
                            .withLimits(Limits.recommended2026()
                                    .withMaxBodyBytes(SIZE)
                                    .withMaxBodyBytesInMemory(256 << 10)))
                    .signature(SignaturePolicy.responses2026())
                    .ignoreReplay()
                    .build();
            SigningHttpClient client = SigningHttpClient.builder(
                            HttpClient.newHttpClient(), HttpSigner.builder(key).build())
                    .verifyResponses(verifier)
                    .build();
            List<BodyPublisher> publishers = List.of(
                    BodyPublishers.ofFile(file),
                    BodyPublishers.ofInputStream(() -> open(file)),
                    BodyPublishers.fromPublisher(BodyPublishers.ofFile(file)));
            int received = 0;
            for (BodyPublisher publisher : publishers) {
                HttpRequest request =
                        HttpRequest.newBuilder(uri).POST(publisher).build();
                HttpResponse<InputStream> response = received == 0
                        ? client.send(request, BodyHandlers.ofInputStream())
                        : client.sendAsync(request, BodyHandlers.ofInputStream())
                                .get();
                try (InputStream in = response.body();
                        InputStream expected = open(file)) {
                    byte[] block = in.readNBytes(1 << 16);
                    while (block.length > 0) {
                        if (!java.util.Arrays.equals(block, expected.readNBytes(block.length))) {
                            throw new AssertionError("another body");
                        }
                        block = in.readNBytes(1 << 16);
                    }
                    received += expected.read() < 0 ? 1 : 0;
                }
            }
            System.out.println(publishers.size() + " large bodies sent, " + received + " received, "
                    + Fixtures.spools().size() + " files open");
        }

        private static InputStream open(Path file) {
            try {
                return Files.newInputStream(file);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
