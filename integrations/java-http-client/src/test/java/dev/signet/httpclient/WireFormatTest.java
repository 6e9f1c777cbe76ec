// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import static dev.signet.httpclient.Fixtures.CLIENT_KEY;
import static dev.signet.httpclient.SigningHttpClientTest.assertSigned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.exchange.OutboundPipeline;
import dev.signet.http.Component;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.VerifiedMessage;
import dev.signet.httpclient.RawServer.Answer;
import dev.signet.httpclient.RawServer.Captured;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client writes, byte for byte, is what was signed. */
@Timeout(30)
class WireFormatTest {
    /** Covers a request in every way that its target can be covered. */
    private static final HttpSigner EVERY_PART = HttpSigner.builder(CLIENT_KEY)
            .cover(
                    Component.METHOD,
                    Component.TARGET_URI,
                    Component.SCHEME,
                    Component.AUTHORITY,
                    Component.REQUEST_TARGET,
                    Component.PATH,
                    Component.QUERY,
                    Component.field("host"))
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/ /",
                "'' /",
                "? /",
                "?a=b /?a=b",
                "/? /",
                "/p? /p",
                "/p?# /p",
                "/p#fragment /p",
                "/p?q=1#fragment /p?q=1",
                "/p?? /p??",
                "/p?a=1&a=2&&b /p?a=1&a=2&&b",
                "/p?a=b+c%20d /p?a=b+c%20d",
                "/a%2Fb%2fc/%7Eu/~u /a%2Fb%2fc/%7Eu/~u",
                "/caf\u00e9?n=caf\u00e9 /caf%C3%A9?n=caf%C3%A9",
                // Decomposed: both the client and URI compose first.
                "/cafe\u0301 /caf%C3%A9",
                "/\u6771\u4eac?\ud83d\ude00 /%E6%9D%B1%E4%BA%AC?%F0%9F%98%80",
                "/a/./b/../c /a/./b/../c",
                "//a//b //a//b",
                "/a;v=1,2:3@4!$&'()*+=5 /a;v=1,2:3@4!$&'()*+=5",
            },
            quoteCharacter = '\u0001')
    void send_anyUri_isSignedAsItIsWritten(String given, String target) throws Exception {
        try (RawServer server = RawServer.answering(Answer.ok())) {
            String pathAndQuery = given.equals("''") ? "" : given;
            send(HttpClient.newHttpClient(), server.uri(pathAndQuery));
            Captured captured = server.only();
            assertThat(captured.startLine()).isEqualTo("GET " + target + " HTTP/1.1");
            VerifiedMessage verified = assertSigned(captured, new byte[0]);
            assertThat(verified.value(Component.TARGET_URI)).contains("http://127.0.0.1:" + server.port() + target);
        }
    }

    /** The same over HTTP/2 only, whose wire shows no more than the path; see {@link OutboundPipeline#canonical}. */
    @ParameterizedTest
    @ValueSource(strings = {"http://h", "http://h?", "http://h/?", "http://h#f", "HTTP://h/", "http://h/?#"})
    void canonical_equivalentForms_areOne(String uri) {
        assertThat(OutboundPipeline.canonical(URI.create(uri))).hasToString("http://h/");
    }

    @ParameterizedTest
    @CsvSource({
        "http://LocalHost:%d/p, localhost:%d",
        "HTTP://localhost:%d/p, localhost:%d",
        "http://127.0.0.1:%d, 127.0.0.1:%d"
    })
    void send_spellingOfAuthority_isNormalisedAlike(String uri, String authority) throws Exception {
        try (RawServer server = RawServer.answering(Answer.ok())) {
            send(HttpClient.newHttpClient(), URI.create(uri.formatted(server.port())));
            VerifiedMessage verified = assertSigned(server.only(), new byte[0]);
            assertThat(verified.value(Component.AUTHORITY)).contains(authority.formatted(server.port()));
        }
    }

    @Test
    void send_ipv6Host_isSignedAsItIsWritten() throws Exception {
        try (RawServer server = RawServer.onIpv6(Answer.ok())) {
            send(HttpClient.newHttpClient(), URI.create("http://[::1]:" + server.port() + "/p"));
            Captured captured = server.only();
            assertThat(captured.values("host")).containsExactly("[::1]:" + server.port());
            VerifiedMessage verified = assertSigned(captured, new byte[0]);
            assertThat(verified.value(Component.AUTHORITY)).contains("[::1]:" + server.port());
        }
    }

    /** A proxy stands in for hosts and ports that no test can have. */
    @ParameterizedTest
    @CsvSource({
        "http://example.com/p?#f, http://example.com/p, example.com, example.com",
        "http://EXAMPLE.com:80/caf\u00e9, http://EXAMPLE.com:80/caf%C3%A9, EXAMPLE.com, example.com",
        "http://example.com:8080?q=1, http://example.com:8080/?q=1, example.com:8080, example.com:8080",
        "http://[2001:DB8::1]:80/, http://[2001:DB8::1]:80/, [2001:DB8::1], [2001:db8::1]"
    })
    void send_throughProxy_isSignedAsItIsWritten(String uri, String target, String host, String authority)
            throws Exception {
        try (RawServer proxy = RawServer.answering(Answer.ok())) {
            HttpClient client = HttpClient.newBuilder()
                    .proxy(ProxySelector.of(new InetSocketAddress("127.0.0.1", proxy.port())))
                    .build();
            HttpSigner signer = HttpSigner.builder(CLIENT_KEY)
                    .cover(Component.METHOD, Component.TARGET_URI, Component.AUTHORITY, Component.field("host"))
                    .build();
            SigningHttpClient.wrap(client, signer)
                    .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.discarding());
            Captured captured = proxy.only();
            assertThat(captured.target()).isEqualTo(target);
            assertThat(captured.values("host")).containsExactly(host);
            VerifiedMessage verified = assertSigned(captured, new byte[0]);
            assertThat(verified.value(Component.AUTHORITY)).contains(authority);
        }
    }

    @Test
    void send_asteriskForm_isNotWritten() throws Exception {
        try (RawServer server = RawServer.answering(Answer.ok())) {
            HttpRequest request = HttpRequest.newBuilder(server.uri(""))
                    .method("OPTIONS", BodyPublishers.noBody())
                    .build();
            SigningHttpClient.wrap(HttpClient.newHttpClient(), EVERY_PART).send(request, BodyHandlers.discarding());
            Captured captured = server.only();
            assertThat(captured.startLine()).isEqualTo("OPTIONS / HTTP/1.1");
            assertSigned(captured, new byte[0]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://user:secret@127.0.0.1/", "http://@127.0.0.1/"})
    void send_userInformation_isRefused(String uri) {
        assertThatThrownBy(() -> send(HttpClient.newHttpClient(), URI.create(uri)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://h", "http://h/p?q#f", "http://H:80/caf\u00e9?\u00e9", "https://h:443/"})
    void builder_ofACanonicalUri_isTheSameMessage(String text) {
        URI uri = OutboundPipeline.canonical(URI.create(text));
        HttpMessage wire = WireRequest.of(HttpRequest.newBuilder(uri).build(), 0);
        HttpMessage built = HttpMessage.request("GET", uri).build();
        assertThat(wire.method()).isEqualTo(built.method());
        assertThat(wire.scheme()).isEqualTo(built.scheme());
        assertThat(wire.authority()).isEqualTo(built.authority());
        assertThat(wire.requestTarget()).isEqualTo(built.requestTarget());
    }

    /** Why the URI is rewritten: the JDK's client itself leaves this question mark out, a URI has it. */
    @Test
    void httpClient_emptyQuery_isDroppedInHttp11() throws Exception {
        try (RawServer server = RawServer.answering(Answer.ok())) {
            HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(server.uri("/p?")).build(), BodyHandlers.discarding());
            assertThat(server.only().target()).isEqualTo("/p");
            assertThat(HttpMessage.request("GET", server.uri("/p?")).build().requestTarget())
                    .isEqualTo("/p?");
        }
    }

    private static void send(HttpClient plain, URI uri) throws Exception {
        SigningHttpClient.wrap(plain, EVERY_PART)
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
    }
}
