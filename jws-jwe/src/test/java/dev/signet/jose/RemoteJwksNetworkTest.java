// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpHandler;
import dev.signet.core.UnavailableException;
import dev.signet.jose.RemoteJwks.FailureCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a fetch may lead, and what a server may do to it. */
@Timeout(60)
class RemoteJwksNetworkTest {
    private static final byte[] SET = RfcKeys.set(RfcKeys.ED25519_PUBLIC + ",\"kid\":\"key\"");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    private static KeyServer.Identity identity;
    private static KeyServer.Identity stranger;

    private final CountDownLatch released = new CountDownLatch(1);
    private KeyServer server;

    @BeforeAll
    static void makeIdentities() throws Exception {
        identity = KeyServer.Identity.create();
        stranger = KeyServer.Identity.create();
    }

    @BeforeEach
    void start() throws Exception {
        server = new KeyServer(identity).serves(SET);
    }

    @AfterEach
    void stop() {
        released.countDown();
        server.close();
    }

    // ---- addresses
    // ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"})
    void resolve_loopbackByAnyName_isRefusedWithoutConnecting(String host) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri;
            try {
                uri = new URI("https://" + host + ":" + listener.getLocalPort() + "/");
                assertFails(RemoteJwks.builder(uri), FailureCode.ADDRESS_REFUSED);
            } catch (IllegalArgumentException e) {
                // Spellings that java.net.URI takes for no host do not even get this far.
                assertThat(e).hasMessageContaining("no usable host");
            }
            assertNobodyConnects(listener);
        }
    }

    @Test
    void resolve_oneOfSeveralAddressesIsPrivate_isRefusedWithoutConnecting() {
        // The first one is public and would never answer; it must not even be tried.
        HttpsFetch.Names names = host -> List.of(InetAddress.getByName("1.1.1.1"), InetAddress.getLoopbackAddress());
        assertFails(RemoteJwks.builder(server.uri("keys.example")).names(names), FailureCode.ADDRESS_REFUSED);
        assertThat(server.count()).isZero();
    }

    @Test
    void resolve_nameThatPointsElsewhereNextTime_isConnectedAsItWasChecked() {
        AtomicInteger lookups = new AtomicInteger();
        HttpsFetch.Names rebinding = host -> {
            assertThat(host).isEqualTo("keys.example");
            return List.of(
                    lookups.getAndIncrement() == 0
                            ? InetAddress.getLoopbackAddress()
                            : InetAddress.getByName("169.254.169.254"));
        };
        // DNS has no such name: a second look-up by whoever connects would fail.
        assertFetches(trusting(server.uri("keys.example")).names(rebinding));
        assertThat(lookups).hasValue(1);
        assertThat(server.requests().get(0).getFirst("Host")).isEqualTo("keys.example:" + server.port());
    }

    @Test
    void resolve_privateAddressesAllowed_metadataStaysRefused() {
        HttpsFetch.Names names = host -> List.of(InetAddress.getByName("169.254.169.254"));
        assertFails(trusting(server.uri()).names(names), FailureCode.ADDRESS_REFUSED);
    }

    @Test
    void resolve_unknownHost_isUnavailable() {
        HttpsFetch.Names names = host -> {
            throw new java.net.UnknownHostException(host);
        };
        assertFails(trusting(server.uri()).names(names), FailureCode.UNKNOWN_HOST);
        assertFails(trusting(server.uri()).names(host -> List.of()), FailureCode.UNKNOWN_HOST);
    }

    @Test
    void resolve_namesThatHang_endWithTheTotalTimeout() {
        HttpsFetch.Names names = host -> {
            await(released);
            return List.of(InetAddress.getLoopbackAddress());
        };
        assertFails(trusting(server.uri()).names(names).timeouts(LONG, LONG, SHORT), FailureCode.TIMED_OUT);
    }

    @Test
    void resolve_firstAddressDead_secondIsTried() throws Exception {
        List<InetAddress> addresses = List.of(InetAddress.getByName("127.99.99.99"), InetAddress.getLoopbackAddress());
        assertFetches(trusting(server.uri("keys.example")).names(host -> addresses));
    }

    // ---- TLS
    // ---------------------------------------------------------------------------------------------------------

    @Test
    void resolve_certificateOfAnotherIssuer_isRefused() {
        assertFails(trusting(server.uri()).sslContext(stranger.client()), FailureCode.TLS_FAILED);
        assertThat(server.count()).isZero();
    }

    @Test
    void resolve_noContextGiven_defaultOfTheProcessIsNotUsed() throws Exception {
        SSLContext before = SSLContext.getDefault();
        SSLContext.setDefault(identity.client());
        try {
            assertFails(RemoteJwks.builder(server.uri()).allowPrivateAddresses(), FailureCode.TLS_FAILED);
        } finally {
            SSLContext.setDefault(before);
        }
    }

    @Test
    void resolve_certificateOfAnotherHost_isRefused() {
        HttpsFetch.Names names = host -> List.of(InetAddress.getLoopbackAddress());
        assertFails(trusting(server.uri("other.example")).names(names), FailureCode.TLS_FAILED);
        assertFails(trusting(server.uri("127.0.0.1")), FailureCode.TLS_FAILED);
        assertThat(server.count()).isZero();
    }

    // ---- redirects and status
    // ----------------------------------------------------------------------------------------

    @Test
    void resolve_redirect_isNotFollowedByDefault() {
        server.answers(KeyServer.redirect("/elsewhere"));
        assertFails(trusting(server.uri()), FailureCode.REDIRECT_REFUSED);
        assertThat(server.count()).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://other.example:%d/",
                "http://localhost:%d/",
                "https://localhost:1/",
                "https://localhost/",
                "https://user@localhost:%d/",
                "https://localhost:%d/#fragment",
                "//other.example:%d/",
                "file:///etc/passwd",
                "https://169.254.169.254:%d/",
                "not a uri"
            })
    void resolve_redirectElsewhere_isRefused(String to) {
        server.answers(KeyServer.redirect(to.formatted(server.port())));
        assertFails(trusting(server.uri()).allowHosts("keys.example"), FailureCode.REDIRECT_REFUSED);
        assertThat(server.count()).isOne();
    }

    @Test
    void resolve_redirectToAnAllowedHostOnAPrivateAddress_isRefused() throws Exception {
        HttpsFetch.Names names = host -> List.of(
                host.equals("localhost") ? InetAddress.getLoopbackAddress() : InetAddress.getByName("169.254.169.254"));
        server.answers(KeyServer.redirect("https://keys.example:" + server.port() + "/"));
        assertFails(trusting(server.uri()).allowHosts("keys.example").names(names), FailureCode.ADDRESS_REFUSED);
    }

    @Test
    void resolve_redirectToNowhere_isRefused() {
        server.answers(KeyServer.answer(302, new byte[0]));
        assertFails(trusting(server.uri()).allowHosts(), FailureCode.REDIRECT_REFUSED);
    }

    @Test
    void resolve_redirectLoop_ends() {
        server.answers(KeyServer.redirect("/again"));
        assertFails(trusting(server.uri()).allowHosts(), FailureCode.REDIRECT_REFUSED);
        assertThat(server.count()).isEqualTo(4);
    }

    @Test
    void resolve_redirectToAnAllowedHost_isFollowed() {
        HttpHandler redirect = KeyServer.redirect("https://keys.example:" + server.port() + "/");
        HttpHandler set = KeyServer.answer(200, SET);
        server.answers(exchange -> (server.count() == 1 ? redirect : set).handle(exchange));
        assertFetches(trusting(server.uri())
                .allowHosts("keys.example")
                .names(host -> List.of(InetAddress.getLoopbackAddress())));
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 203, 204, 206, 304, 400, 401, 403, 404, 407, 429, 500, 503})
    void resolve_anyStatusBut200_isRefused(int status) {
        byte[] body = status == 204 || status == 304 ? new byte[0] : SET;
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
            KeyServer.write(exchange, status, body);
        });
        assertFails(trusting(server.uri()), FailureCode.STATUS_NOT_200);
        assertThat(server.count()).isOne();
    }

    // ---- size and time
    // -----------------------------------------------------------------------------------------------

    @Test
    void resolve_setOverTheCap_isTooLarge() {
        assertFails(trusting(server.uri()).maxBytes(SET.length - 1), FailureCode.TOO_LARGE);
        assertFetches(trusting(server.uri()).maxBytes(SET.length));
    }

    @Test
    void resolve_endlessBody_isTooLarge() {
        server.answers(exchange -> {
            exchange.sendResponseHeaders(200, 0); // chunked
            byte[] spaces = " ".repeat(8192).getBytes(StandardCharsets.US_ASCII);
            try (OutputStream out = exchange.getResponseBody()) {
                while (released.getCount() > 0) {
                    out.write(spaces);
                }
            }
        });
        assertFails(trusting(server.uri()), FailureCode.TOO_LARGE);
    }

    @Test
    void resolve_bodyByteByByte_endsWithTheTotalTimeout() {
        server.answers(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 400 && released.getCount() > 0; i++) {
                    out.write(' ');
                    out.flush();
                    pause();
                }
            }
        });
        assertFails(trusting(server.uri()).timeouts(LONG, LONG, SHORT.multipliedBy(3)), FailureCode.TIMED_OUT);
    }

    @Test
    void resolve_silentServer_endsWithTheReadTimeout() {
        server.answers(exchange -> await(released));
        assertFails(trusting(server.uri()).timeouts(LONG, SHORT, LONG), FailureCode.TIMED_OUT);
    }

    @Test
    void resolve_handshakeThatHangs_endsWithTheTotalTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("https://localhost:" + silent.getLocalPort() + "/");
            assertFails(trusting(uri).timeouts(LONG, LONG, SHORT), FailureCode.TIMED_OUT);
        }
    }

    @Test
    void resolve_plainHttpServer_isRefused() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                try (Socket socket = plain.accept();
                        InputStream in = socket.getInputStream()) {
                    in.read();
                    socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n{}".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // The client has gone.
                }
            });
            thread.start();
            URI uri = URI.create("https://localhost:" + plain.getLocalPort() + "/");
            assertFails(trusting(uri), FailureCode.TLS_FAILED);
            thread.join();
        }
    }

    // ---- what the request carries
    // ------------------------------------------------------------------------------------

    @Test
    void resolve_proxyAndCookiesOfTheProcess_areNotUsed() throws Exception {
        CookieManager cookies = new CookieManager();
        cookies.put(server.uri(), Map.of("Set-Cookie", List.of("session=secret; Path=/; Secure")));
        CookieHandler cookiesBefore = CookieHandler.getDefault();
        ProxySelector proxiesBefore = ProxySelector.getDefault();
        AtomicInteger asked = new AtomicInteger();
        CookieHandler.setDefault(cookies);
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                asked.incrementAndGet();
                return List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });
        try {
            assertFetches(trusting(server.uri()));
        } finally {
            CookieHandler.setDefault(cookiesBefore);
            ProxySelector.setDefault(proxiesBefore);
        }
        assertThat(asked).hasValue(0);
        Headers request = server.requests().get(0);
        assertThat(request.keySet())
                .containsExactlyInAnyOrder("Host", "Accept", "Accept-encoding", "User-agent", "Connection");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/jwk-set+json", "application/json; charset=utf-8", "text/plain", "text/html"})
    void resolve_anyContentType_isReadAsStrictly(String type) {
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            KeyServer.write(exchange, 200, SET);
        });
        assertFetches(trusting(server.uri()));
    }

    @Test
    void resolve_compressedBody_isRefused() {
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            KeyServer.write(exchange, 200, SET);
        });
        assertFails(trusting(server.uri()), FailureCode.RESPONSE_MALFORMED);
    }

    // ---- helpers
    // -----------------------------------------------------------------------------------------------------

    private static RemoteJwks.Builder trusting(URI uri) {
        return RemoteJwks.builder(uri)
                .allowPrivateAddresses()
                .sslContext(identity.client())
                .timeouts(LONG, LONG, LONG);
    }

    private static void assertFetches(RemoteJwks.Builder builder) {
        try (RemoteJwks keys = builder.build()) {
            assertThat(keys.resolve("key")).isPresent();
        }
    }

    private static void assertFails(RemoteJwks.Builder builder, FailureCode code) {
        try (RemoteJwks keys = builder.build()) {
            assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> keys.resolve("key"));
            assertThat(keys.state().lastFailure().orElseThrow().code()).isEqualTo(code);
        }
    }

    private static void assertNobodyConnects(ServerSocket listener) throws IOException {
        listener.setSoTimeout(100);
        assertThatExceptionOfType(java.net.SocketTimeoutException.class).isThrownBy(listener::accept);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What makes a slow server slow. */
    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
