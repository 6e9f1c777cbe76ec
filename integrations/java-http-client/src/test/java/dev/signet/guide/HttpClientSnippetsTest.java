// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.signet.core.Algorithm;
import dev.signet.core.SigningKey;
import dev.signet.http.HttpSigner;
import dev.signet.httpclient.SigningHttpClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/sign-requests.md for java.net.http. */
class HttpClientSnippetsTest {
    @Test
    void send() throws Exception {
        SigningKey key = SigningKey.generate(Algorithm.ED25519);
        AtomicReference<String> signature = new AtomicReference<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            signature.set(exchange.getRequestHeaders().getFirst("Signature-Input"));
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/payments");
            // tag::client[]
            HttpClient client = SigningHttpClient.wrap(
                    HttpClient.newHttpClient(), HttpSigner.builder(key).build());
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"amount\":\"12.50\"}"))
                    .build();
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            // end::client[]
            assertThat(response.statusCode()).isEqualTo(204);
            assertThat(signature.get()).contains("\"content-digest\"");
        } finally {
            server.stop(0);
        }
    }
}
