// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Limits;
import dev.signet.core.SecurityPolicy;
import dev.signet.exchange.InboundPipeline;
import dev.signet.exchange.PublicOrigin;
import dev.signet.http.Component;
import dev.signet.http.HttpSigner;
import dev.signet.http.SignaturePolicy;
import dev.signet.servlet.RawClient.Lines;
import dev.signet.servlet.RawClient.Response;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no well-behaved client sends, byte by byte. */
class WireTest {
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] BODY = "some body".getBytes(UTF_8);
    private static final HttpSigner SIGNER =
            HttpSigner.builder(SignedClient.KEY).build();

    private final AtomicInteger handled = new AtomicInteger();
    private final AtomicReference<String> uri = new AtomicReference<>();
    private final AtomicReference<Integer> bytes = new AtomicReference<>();
    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
        assertThat(server.failures()).isEmpty();
        assertThat(Spools.count()).isZero();
    }

    // ---- request targets -------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/?",
                "/?a",
                "/x?a=b&a=c&&=",
                "/caf%C3%A9/%E2%82%AC?q=%C3%BC",
                "/caf%c3%a9?Q=%C3%bc+%20",
                "/a%20b",
                "/%7Euser/~user",
                "/a;jsessionid=1234/b;c=d",
                "/a?b=/c/../d",
                "/a?b=c?d",
                "/!$&'()*+,=:@"
            })
    void doFilter_targetAsReceived_isAdmitted(String target) throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Response response = client.exchange(signed("GET", target, NOTHING));
            assertThat(response.status()).isEqualTo(200);
            assertThat(uri.get()).isEqualTo(target);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%2Fb", "/a%2fb/%2e%2e", "/a/%25/b", "/a/./b/../c", "/a//b"})
    void doFilter_ambiguousTarget_isVerifiedAsReceived(String target) throws IOException {
        server = TestServer.create()
                .anyUri()
                .filter(SignedClient.filter(), DispatcherType.REQUEST)
                .servlet("/*", (request, response) -> uri.set(request.getRequestURI()))
                .start();
        try (RawClient client = RawClient.connect(server)) {
            assertThat(client.exchange(signed("GET", target, NOTHING)).status()).isEqualTo(200);
            assertThat(uri.get()).isEqualTo(target);
            Lines decoded = signed("GET", target.replace("%2F", "/").replace("%2f", "/") + "x", NOTHING);
            Lines sent = new Lines("GET", target);
            sent.field("Host", server.authority())
                    .field("Signature-Input", decoded.value("signature-input"))
                    .field("Signature", decoded.value("signature"));
            assertThat(client.exchange(sent).code()).isEqualTo("signature-invalid");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/caf\u00c3\u00a9", "/a?b=\u00e9", "/a?b=\"<>", "/a|b", "/a?[]^`{}"})
    void doFilter_targetWithUnusualCharacters_neverFails(String target) throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = signed("GET", "/", NOTHING);
            Lines sent = new Lines("GET", target);
            sent.field("Host", server.authority())
                    .field("Signature-Input", lines.value("signature-input"))
                    .field("Signature", lines.value("signature"));
            assertThat(client.exchange(sent).status()).isBetween(400, 401);
        }
        assertThat(handled).hasValue(0);
    }

    @Test
    void doFilter_absoluteForm_isAdmitted() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            String target = "http://" + server.authority() + "/x?y";
            assertThat(client.exchange(signed("GET", target, NOTHING)).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example/x", "http:///x", "http://evil.example", "ftp://a/x", "x://", "://"})
    void doFilter_absoluteFormOfAnotherHost_isRefused(String target) throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Lines good = signed("GET", "/x", NOTHING);
            Lines sent = new Lines("GET", target)
                    .field("Host", server.authority())
                    .field("Signature-Input", good.value("signature-input"))
                    .field("Signature", good.value("signature"));
            assertThat(client.exchange(sent).status()).isBetween(400, 421);
        }
        assertThat(handled).hasValue(0);
    }

    @Test
    void doFilter_asteriskForm_neverFails() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            assertThat(client.exchange(signed("OPTIONS", "*", NOTHING)).status())
                    .isLessThan(500);
        }
    }

    // ---- authority -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1", "127.0.0.1:1", "localhost"})
    void doFilter_otherHostThanSigned_isRefused(String host) throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Response response = client.exchange(signed("GET", "/", NOTHING).replace("Host", host));
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.code()).isEqualTo("signature-invalid");
        }
    }

    @Test
    void doFilter_hostInOtherCase_isAdmitted() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = Lines.signed(SIGNER, "GET", "api.example.com", "/", NOTHING);
            assertThat(client.exchange(lines.replace("Host", "API.Example.COM:80"))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void doFilter_twoHosts_isRefused() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            assertThat(client.exchange(signed("GET", "/", NOTHING).field("Host", "evil.example"))
                            .status())
                    .isEqualTo(400);
        }
        assertThat(handled).hasValue(0);
    }

    @Test
    void doFilter_noHostInOldVersion_isRefused() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Response response =
                    client.exchange(signed("GET", "/", NOTHING).remove("Host").version("HTTP/1.0"));
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.code()).isEqualTo("component-unavailable");
        }
    }

    // ---- behind a proxy --------------------------------------------------------------------------------------------

    @Test
    void doFilter_configuredOrigin_acceptsOnlyWhatWasSignedForIt() throws IOException {
        serve(filter(PublicOrigin.of(URI.create("https://api.example.com"))));
        SignedClient outside = SignedClient.create();
        try (RawClient client = RawClient.connect(server)) {
            assertThat(client.exchange(relayed(outside, "https://api.example.com/pay"))
                            .status())
                    .isEqualTo(200);
            // Signed for this connection's address, or for another service with the same keys.
            assertThat(client.exchange(signed("GET", "/pay", NOTHING)).code()).isEqualTo("signature-invalid");
            assertThat(client.exchange(relayed(outside, "https://other.example.com/pay"))
                            .code())
                    .isEqualTo("signature-invalid");
            assertThat(client.exchange(relayed(outside, "https://other.example.com/pay")
                                    .field("X-Forwarded-Host", "other.example.com"))
                            .code())
                    .isEqualTo("signature-invalid");
        }
        assertThat(handled).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Forwarded | host=evil.example, for=1.2.3.4;proto=https;host=api.example.com | 200 | ''",
                "Forwarded | proto=https;host=api.example.com, for=x | 401 | signature-invalid",
                "Forwarded | proto=https;host=\"api | 400 | message-malformed",
                "Forwarded | proto=ftp | 400 | message-malformed",
                "X-Forwarded-Host | api.example.com | 401 | signature-invalid"
            })
    void doFilter_forwardedByTrustedProxy_isFollowed(String field, String value, int status, String code)
            throws IOException {
        serve(filter(PublicOrigin.allowForwarded("127.0.0.0/8")));
        try (RawClient client = RawClient.connect(server)) {
            Response response = client.exchange(relayed(SignedClient.create(), "https://api.example.com/pay")
                    .field(field, value));
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.code()).isEqualTo(code);
        }
    }

    @Test
    void doFilter_xForwardedByTrustedProxy_isFollowed() throws IOException {
        serve(filter(PublicOrigin.allowXForwarded("127.0.0.1")));
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = relayed(SignedClient.create(), "https://api.example.com/pay")
                    .field("X-Forwarded-Proto", "http, https")
                    .field("X-Forwarded-Host", "evil.example, api.example.com");
            assertThat(client.exchange(lines).status()).isEqualTo(200);
        }
    }

    @Test
    void doFilter_forwardedByAnybodyElse_isIgnored() throws IOException {
        serve(filter(PublicOrigin.allowForwarded("10.0.0.0/8", "::1")));
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = relayed(SignedClient.create(), "https://api.example.com/pay")
                    .field("Forwarded", "proto=https;host=api.example.com");
            assertThat(client.exchange(lines).code()).isEqualTo("signature-invalid");
            assertThat(client.exchange(signed("GET", "/", NOTHING).field("Forwarded", "\""))
                            .status())
                    .isEqualTo(200);
        }
    }

    // ---- fields ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Signature | x",
                "Signature | sig",
                "Signature | sig=",
                "Signature | sig=::",
                "Signature | sig=:AA==:",
                "Signature | sig=:!!!!:",
                "Signature | sig=:AAAA",
                "Signature | sig=1",
                "Signature | sig=(:AA==:)",
                "Signature | sig=:AA==:, sig=:AA==:",
                "Signature | other=:AA==:",
                "Signature | sig=:AA==:;a;b;c",
                "Signature-Input | sig",
                "Signature-Input | sig=",
                "Signature-Input | sig=()",
                "Signature-Input | sig=();keyid=\"client-1\";created=1",
                "Signature-Input | sig=(\"@method\" \"@target-uri\")",
                "Signature-Input | sig=(\"@method\" \"@target-uri\");created=9999999999;keyid=\"client-1\"",
                "Signature-Input | sig=(\"@method\" \"@target-uri\");created=-1",
                "Signature-Input | sig=(\"@method\" \"@target-uri\");created=1.5",
                "Signature-Input | sig=(\"@method\" \"@target-uri\");created=999999999999999",
                "Signature-Input | sig=(\"@method\" \"@target-uri\");created=9999999999999999",
                "Signature-Input | sig=(\"@method\" \"@method\" \"@target-uri\")",
                "Signature-Input | sig=(\"@nothing\")",
                "Signature-Input | sig=(\"@status\")",
                "Signature-Input | sig=(\"X-Upper\")",
                "Signature-Input | sig=(\"\")",
                "Signature-Input | sig=(\"a b\")",
                "Signature-Input | sig=(\"@query-param\")",
                "Signature-Input | sig=(\"@query-param\";name=\"%\")",
                "Signature-Input | sig=(\"x\";sf;bs)",
                "Signature-Input | sig=(\"@method\";req \"@target-uri\")",
                "Signature-Input | sig=(\"@method\" \"@target-uri\" \"host\";tr);created=1",
                "Signature-Input | sig=(@method)",
                "Signature-Input | sig=\"@method\"",
                "Signature-Input | sig=(((((",
                "Signature-Input | sig=(\"@method\" \"@target-uri\");keyid=client-1",
                "Signature-Input | sig=(\"@method\" \"@target-uri\");keyid=\"\"",
                "Signature-Input | sig=(\"@method\" \"@target-uri\");nonce=\"\"",
                "Signature-Input | sig=(\"@method\" \"@target-uri\");alg=\"none\"",
                "Signature-Input | sig=(\"@method\" \"@target-uri\");created=1;created=2"
            })
    void doFilter_garbageInSignatureFields_isRefusedAndNeverFails(String name, String value) throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Response response = client.exchange(signed("GET", "/", NOTHING).replace(name, value));
            assertThat(response.status()).isBetween(400, 401);
            assertThat(response.code()).isNotEmpty();
            assertThat(response.field("content-type")).isEqualTo("application/problem+json");
        }
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Signature", "Signature-Input"})
    void doFilter_signatureFieldTwice_isRefused(String name) throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = signed("GET", "/", NOTHING);
            Response response = client.exchange(lines.field(name, lines.value(name)));
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.code()).isEqualTo("message-malformed");
        }
    }

    @Test
    void doFilter_secondLabelOnLinesOfItsOwn_isAdmitted() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = signed("GET", "/", NOTHING);
            Lines other = Lines.signed(
                    HttpSigner.builder(SignedClient.KEY).label("other").build(),
                    "GET",
                    server.authority(),
                    "/else",
                    NOTHING);
            lines.field("signature-input", other.value("signature-input")).field("SIGNATURE", other.value("signature"));
            assertThat(client.exchange(lines).status()).isEqualTo(200);
        }
    }

    @Test
    void doFilter_coveredFieldTwice_isRefused() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = Lines.signed(SIGNER, "POST", server.authority(), "/", BODY, "Content-Type", "text/plain");
            Response response = client.exchange(lines.field("Content-Type", "text/html"));
            assertThat(response.status()).isBetween(400, 401);
        }
        assertThat(handled).hasValue(0);
    }

    @Test
    void doFilter_secondContentDigest_isRefused() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = signed("POST", "/", BODY);
            Response response = client.exchange(lines.field("Content-Digest", lines.value("content-digest")));
            assertThat(response.status()).isBetween(400, 401);
        }
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain;\r\n charset=utf-8", "text/\r\n\tplain", "\r\n text/plain"})
    void doFilter_foldedField_isRefusedOrJoined(String folded) throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = Lines.signed(
                    SIGNER, "POST", server.authority(), "/", BODY, "Content-Type", "text/plain; charset=utf-8");
            Response response = client.exchange(lines.replace("Content-Type", folded));
            assertThat(response.status()).isLessThan(500);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/json;charset=UTF-8, application/json;charset=utf-8, 401",
        "application/json;charset=UTF-8, application/json;charset=UTF-8, 200",
        "text/html; CHARSET=utf-8, text/html; CHARSET=utf-8, 200"
    })
    void doFilter_containerThatKeepsCase_verifiesWhatWasSent(String signed, String sent, int status)
            throws IOException {
        server = TestServer.create()
                .exactFields()
                .filter(SignedClient.filter(), DispatcherType.REQUEST)
                .servlet("/*", (request, response) -> handled.incrementAndGet())
                .start();
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = Lines.signed(SIGNER, "POST", server.authority(), "/", BODY, "Content-Type", signed);
            assertThat(client.exchange(lines.replace("Content-Type", sent)).status())
                    .isEqualTo(status);
        }
    }

    @Test
    void doFilter_containerThatChangesCase_refuses() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = Lines.signed(
                    SIGNER, "POST", server.authority(), "/", BODY, "Content-Type", "application/json;charset=UTF-8");
            assertThat(client.exchange(lines).code()).isEqualTo("signature-invalid");
        }
    }

    @Test
    void doFilter_hugeSignatureInput_isRefused() throws IOException {
        serve(SignedClient.filter());
        for (int length : new int[] {500, 7_000, 20_000, 1_000_000}) {
            try (RawClient client = RawClient.connect(server)) {
                StringBuilder list = new StringBuilder("sig=(\"@method\" \"@target-uri\"");
                for (int i = 0; list.length() < length; i++) {
                    list.append(" \"x-").append(i).append('"');
                }
                client.write(signed("GET", "/", NOTHING)
                        .replace("Signature-Input", list + ");keyid=\"client-1\";created=1")
                        .head());
                assertThat(client.read().status()).isIn(400, 401, 413, 431);
            } catch (IOException e) {
                // The container may hang up on a head that it does not want to read.
                assertThat(length).isGreaterThan(8_000);
            }
        }
        assertThat(handled).hasValue(0);
    }

    // ---- bodies ----------------------------------------------------------------------------------------------------

    @Test
    void doFilter_declaredLengthOverCap_isRefusedWithoutReading() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            client.write(signed("POST", "/", BODY)
                    .replace("Content-Length", Long.toString((10L << 20) + 1))
                    .head());
            // No byte of the body was sent, so an answer shows that none was waited for.
            Response response = client.read();
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.code()).isEqualTo("message-too-large");
        }
        assertThat(handled).hasValue(0);
    }

    @Test
    void doFilter_tooLongBodyThatWaitsForLeave_getsNone() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            client.write(signed("POST", "/", BODY)
                    .replace("Content-Length", Long.toString((10L << 20) + 1))
                    .field("Expect", "100-continue")
                    .head());
            assertThat(client.read().status()).isEqualTo(413);
        }
    }

    @Test
    void doFilter_unsignedBodyThatWaitsForLeave_getsNone() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            client.write(signed("POST", "/", BODY)
                    .remove("Signature")
                    .remove("Signature-Input")
                    .field("Expect", "100-continue")
                    .head());
            assertThat(client.read().status()).isEqualTo(401);
        }
    }

    @Test
    void doFilter_signedBodyThatWaitsForLeave_getsIt() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            client.write(
                    signed("POST", "/", BODY).field("Expect", "100-continue").head());
            assertThat(client.read().status()).isEqualTo(100);
            client.write(BODY);
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void doFilter_chunkedBody_isAdmitted() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = signed("POST", "/", BODY).replace("Content-Length", "");
            lines.remove("Content-Length").field("Transfer-Encoding", "chunked");
            client.write(lines.head()).write("4\r\nsome\r\n5;x=y\r\n body\r\n0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(bytes.get()).isEqualTo(BODY.length);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\n",
                "-4\r\nsome\r\n",
                "4\r\nsomeXX",
                "FFFFFFFFFFFFFFFFF\r\n",
                "4\r\nsome\r\n0\r\nbad trailer\r\n\r\n"
            })
    void doFilter_brokenChunks_areRefused(String chunks) throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = signed("POST", "/", BODY).remove("Content-Length").field("Transfer-Encoding", "chunked");
            client.write(lines.head()).write(chunks);
            assertThat(client.read().status()).isBetween(400, 401);
        }
        assertThat(handled).hasValue(0);
    }

    @Test
    void doFilter_chunkedBodyOverCap_isRefused() throws IOException {
        serve(SignatureFilter.of(InboundPipeline.builder(SignedClient.verifier()
                        .policy(SecurityPolicy.recommended2026()
                                .withLimits(Limits.recommended2026()
                                        .withMaxBodyBytes(100_000)
                                        .withMaxBodyBytesInMemory(1000)))
                        .build())
                .build()));
        try (RawClient client = RawClient.connect(server)) {
            Lines lines = signed("POST", "/", BODY).remove("Content-Length").field("Transfer-Encoding", "chunked");
            client.write(lines.head());
            byte[] chunk = ("3E8\r\n" + "x".repeat(1000) + "\r\n").getBytes(UTF_8);
            // No end: the answer must come from the cap.
            for (int i = 0; i < 120; i++) {
                client.write(chunk);
            }
            Response response = client.read();
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.code()).isEqualTo("message-too-large");
        }
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"Content-Length, 5", "Content-Length, -1", "Content-Length, x", "Transfer-Encoding, gzip"})
    void doFilter_contradictingLengths_areRefused(String name, String value) throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            assertThat(client.exchange(signed("POST", "/", BODY).field(name, value))
                            .status())
                    .isBetween(400, 501);
        }
        assertThat(handled).hasValue(0);
    }

    @Test
    void doFilter_clientAbortsMidBody_isForgotten() throws Exception {
        serve(SignedClient.filter());
        byte[] large = new byte[1 << 20];
        for (int i = 0; i < 5; i++) {
            RawClient client = RawClient.connect(server);
            client.write(signed("POST", "/", large).head()).write(new byte[700_000]);
            Thread.sleep(50);
            client.abort();
        }
        Spools.awaitNone();
        try (RawClient client = RawClient.connect(server)) {
            assertThat(client.exchange(signed("POST", "/", large)).status()).isEqualTo(200);
        }
        assertThat(handled).hasValue(1);
    }

    @Test
    void doFilter_clientStopsMidBody_isAnsweredAfterTheIdleTimeout() throws Exception {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            client.write(signed("POST", "/", BODY).head()).write("some");
            assertThat(client.read().status()).isIn(400, 408);
        }
        assertThat(handled).hasValue(0);
    }

    // ---- trailers --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"good, 200", "evil, 401"})
    void doFilter_coveredTrailer_isVerified(String value, int status) throws IOException {
        serve(SignatureFilter.of(InboundPipeline.builder(SignedClient.verifier()
                        .signature(SignaturePolicy.recommended2026().allowTrailers())
                        .build())
                .build()));
        HttpSigner signer = HttpSigner.builder(SignedClient.KEY)
                .cover(
                        Component.METHOD,
                        Component.TARGET_URI,
                        Component.CONTENT_DIGEST,
                        Component.field("x-check").tr())
                .build();
        dev.signet.http.HttpMessageBuilder message = dev.signet.http.HttpMessage.request("POST")
                .scheme("http")
                .authority(server.authority())
                .target("/")
                .trailer("x-check", "good");
        Lines lines = new Lines("POST", "/")
                .field("Host", server.authority())
                .field("Transfer-Encoding", "chunked")
                .field("Trailer", "x-check");
        signer.sign(message.build(), BODY).forEach(lines::field);
        try (RawClient client = RawClient.connect(server)) {
            client.write(lines.head()).write("9\r\nsome body\r\n0\r\nX-Check: " + value + "\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(status);
        }
    }

    // ---- connections -----------------------------------------------------------------------------------------------

    @Test
    void doFilter_refusedBodyLeftUnread_keepsTheConnectionInStep() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            for (int i = 0; i < 10; i++) {
                Response refused = client.exchange(signed("POST", "/", BODY).remove("Signature"));
                assertThat(refused.status()).isEqualTo(400);
                assertThat(client.exchange(signed("POST", "/", BODY)).status()).isEqualTo(200);
            }
        }
        assertThat(handled).hasValue(10);
    }

    @Test
    void doFilter_refusedHead_hasNoBodyAndKeepsTheConnectionInStep() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            Response refused = client.exchange(signed("HEAD", "/", NOTHING).remove("Signature"));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.field("content-type")).isEqualTo("application/problem+json");
            assertThat(client.exchange(signed("HEAD", "/", NOTHING)).status()).isEqualTo(200);
            assertThat(client.exchange(signed("GET", "/", NOTHING)).status()).isEqualTo(200);
        }
    }

    @Test
    void doFilter_pipelinedRequests_areAnsweredInOrder() throws IOException {
        serve(SignedClient.filter());
        try (RawClient client = RawClient.connect(server)) {
            client.write(signed("GET", "/1", NOTHING).head()
                    + signed("GET", "/2", NOTHING).replace("Host", "evil").head()
                    + signed("GET", "/3", NOTHING).head());
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(401);
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    private Lines signed(String method, String target, byte[] body) {
        return Lines.signed(SIGNER, method, server.authority(), target, body);
    }

    /** A request as a proxy that ends TLS sends it on. */
    private Lines relayed(SignedClient outside, String publicUri) {
        Lines lines = new Lines("GET", URI.create(publicUri).getRawPath()).field("Host", "internal:8080");
        outside.get(URI.create(publicUri))
                .build()
                .headers()
                .map()
                .forEach((name, values) -> lines.field(name, values.get(0)));
        return lines;
    }

    private static SignatureFilter filter(PublicOrigin origin) {
        return SignatureFilter.of(
                InboundPipeline.builder(SignedClient.verifier().build())
                        .publicOrigin(origin)
                        .build());
    }

    private void serve(SignatureFilter filter) {
        server = TestServer.start(filter, (request, response) -> {
            handled.incrementAndGet();
            uri.set(request.getRequestURI() + (request.getQueryString() == null ? "" : "?" + request.getQueryString()));
            bytes.set(request.getInputStream().readAllBytes().length);
        });
    }
}
