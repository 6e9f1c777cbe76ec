// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import static dev.signet.httpclient.Fixtures.CLIENT_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.MessageSecurityException;
import dev.signet.http.Component;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import dev.signet.http.When;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.Random;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over clear-text HTTP/2, by upgrade first and on the same connection then. */
@Timeout(60)
class Http2Test {
    private static final HttpSigner EVERY_PART = HttpSigner.builder(CLIENT_KEY)
            .cover(
                    Component.METHOD,
                    Component.TARGET_URI,
                    Component.AUTHORITY,
                    Component.REQUEST_TARGET,
                    Component.PATH,
                    Component.QUERY)
            .cover(When.body(), Component.CONTENT_DIGEST, Component.field("content-length"))
            .cover(When.field("cookie"), Component.field("cookie"))
            .build();

    private static Server server;
    private static URI base;

    @BeforeAll
    static void start() throws Exception {
        server = new Server();
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        ServerConnector connector = new ServerConnector(
                server, new HttpConnectionFactory(configuration), new HTTP2CServerConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Verifying());
        server.start();
        base = URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    @Test
    void send_overHttp2_verifiesBothWays() throws Exception {
        SigningHttpClient client = client();
        // The server upgrades no request that has a body.
        client.send(HttpRequest.newBuilder(base).build(), BodyHandlers.discarding());
        byte[] body = new byte[1_000_000];
        new Random(3).nextBytes(body);
        for (int i = 0; i < 3; i++) {
            HttpRequest request = HttpRequest.newBuilder(base.resolve("/echo?i=" + i))
                    .header("Cookie", "a=1")
                    .header("Cookie", "b=2")
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(body);
            assertThat(SigningHttpClient.verified(response)).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "/p?", "/p?#f", "/p??", "//a", "/caf\u00e9?n=\u00e9", "/a%2fb;c=1?x=%20+&y"})
    void send_anyUri_isSignedAsItIsWritten(String pathAndQuery) throws Exception {
        SigningHttpClient client = client();
        for (String method : new String[] {"GET", "OPTIONS", "GET"}) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(base + pathAndQuery))
                    .method(method, BodyPublishers.noBody())
                    .build();
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.statusCode()).isEqualTo(200);
        }
    }

    private static SigningHttpClient client() {
        return SigningHttpClient.builder(
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_2)
                                .build(),
                        EVERY_PART)
                .verifyResponses(Fixtures.responses())
                .build();
    }

    /** Answers a verified request with its body. */
    private static final class Verifying extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            boolean isHttp2 = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
            HttpMessageBuilder builder = HttpMessage.request(request.getMethod())
                    .scheme("http")
                    .authority(Request.getServerName(request) + ":" + Request.getServerPort(request))
                    .target(request.getHttpURI().getPathQuery());
            request.getHeaders().forEach(field -> builder.field(field.getName(), field.getValue()));
            HttpMessage message = builder.build();
            byte[] body = Content.Source.asInputStream(request).readAllBytes();
            HttpMessage reply;
            try {
                Fixtures.requests().verify(message, body);
                reply = HttpMessage.response(200).answering(message).build();
            } catch (MessageSecurityException e) {
                reply = HttpMessage.response(401).answering(message).build();
                System.out.println(e.getMessage() + " over HTTP/" + (isHttp2 ? "2" : "1.1"));
            }
            response.setStatus(reply.status());
            Fixtures.SERVER_SIGNER.sign(reply, body).forEach(response.getHeaders()::add);
            response.write(true, ByteBuffer.wrap(body), callback);
            return true;
        }
    }
}
