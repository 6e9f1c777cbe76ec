// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.exchange.InboundPipeline;
import dev.signet.http.Component;
import dev.signet.http.HttpSigner;
import dev.signet.http.SignaturePolicy;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.net.http.HttpClient;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the application reads a body that was read before. */
class BodyTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    private final SignedClient client = SignedClient.create();
    private TestServer server;

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
        Spools.awaitNone();
    }

    // ---- streams and readers ---------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1, 16_384, 262_143, 262_144, 262_145, 10 << 20})
    void getInputStream_anySize_givesWhatWasSigned(int size) throws Exception {
        AtomicInteger spools = new AtomicInteger();
        serve((request, response) -> {
            spools.set(Spools.count());
            response.getWriter().print(sha256(request.getInputStream()));
        });
        byte[] body = random(size);
        for (boolean chunked : new boolean[] {false, true}) {
            SignedClient.Call call = client.post(server.uri("/"), "application/octet-stream", body);
            assertThat((chunked ? call.chunked() : call).send().body()).isEqualTo(sha256(body));
            assertThat(spools).hasValue(size > 262_144 ? 1 : 0);
            Spools.awaitNone();
        }
    }

    @Test
    void getInputStream_largeBodies_doNotStayInMemory() throws Exception {
        AtomicLong most = new AtomicLong();
        serve((request, response) -> {
            System.gc();
            most.accumulateAndGet(used(), Math::max);
            request.getInputStream().skipNBytes(10 << 20);
        });
        HttpSigner signer = HttpSigner.builder(SignedClient.KEY).build();
        byte[] body = random(10 << 20);
        try (RawClient raw = RawClient.connect(server)) {
            for (int i = 0; i < 4; i++) {
                RawClient.Lines lines = RawClient.Lines.signed(signer, "POST", server.authority(), "/", body);
                System.gc();
                long before = used();
                assertThat(raw.write(lines.head()).write(body).read().status()).isEqualTo(200);
                // The first request loads classes.
                if (i > 0) {
                    assertThat(most.get() - before).isLessThan(2L << 20);
                }
                most.set(0);
            }
        }
    }

    @Test
    void getInputStream_handlerFails_spoolIsRemoved() throws Exception {
        serve((request, response) -> {
            assertThat(Spools.count()).isEqualTo(1);
            request.getInputStream().read();
            throw new IllegalStateException("the application's");
        });
        assertThat(client.post(server.uri("/"), "application/octet-stream", random(1 << 20))
                        .send()
                        .statusCode())
                .isEqualTo(500);
        Spools.awaitNone();
    }

    @Test
    void getInputStream_calledTwice_isTheSameStream() throws Exception {
        serve((request, response) -> {
            InputStream stream = request.getInputStream();
            check(stream.read() == 'a');
            check(request.getInputStream() == stream && stream.read() == 'b' && stream.read() == -1);
            check(stream.read(new byte[4], 0, 4) == -1);
            refuses(IllegalStateException.class, request::getReader);
        });
        send("text/plain", "ab");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain; charset=utf-8, UTF-8",
        "text/plain;charset=\"UTF-16BE\", UTF-16BE",
        "text/plain, ISO-8859-1",
        "application/json, UTF-8",
        "application/problem+json, UTF-8"
    })
    void getReader_charset_isTheBodys(String type, String charset) throws Exception {
        serve((request, response) -> {
            check("süß €"
                    .replace("€", charset.startsWith("ISO") ? "e" : "€")
                    .equals(request.getReader().readLine()));
            refuses(IllegalStateException.class, request::getInputStream);
            BufferedReader reader = request.getReader();
            check(request.getReader() == reader);
        });
        String text = charset.startsWith("ISO") ? "süß e" : "süß €";
        assertThat(client.post(server.uri("/"), type, text.getBytes(charset))
                        .send()
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.failures()).isEmpty();
    }

    @Test
    void getReader_setCharacterEncoding_isObeyed() throws Exception {
        serve((request, response) -> {
            request.setCharacterEncoding("UTF-8");
            check("ü".equals(request.getReader().readLine()));
        });
        send("text/plain", "ü");
    }

    @Test
    void getReader_unknownCharset_isRejected() throws Exception {
        serve((request, response) -> refuses(UnsupportedEncodingException.class, request::getReader));
        send("text/plain; charset=nonsense", "x");
    }

    @Test
    void getContentLength_isTheBodys() throws Exception {
        serve((request, response) -> check(request.getContentLength() == 5 && request.getContentLengthLong() == 5));
        send("text/plain", "12345");
    }

    @Test
    void getInputStream_afterTheRequest_isClosed() throws Exception {
        HttpServletRequest[] kept = new HttpServletRequest[1];
        serve((request, response) -> kept[0] = request);
        send("text/plain", "x");
        Thread.sleep(50);
        assertThatThrownBy(() -> kept[0].getInputStream()).isInstanceOf(java.io.IOException.class);
    }

    @Test
    void getParts_multipart_saysWhatToDo() throws Exception {
        serve((request, response) -> {
            refuses(ServletException.class, request::getParts);
            refuses(ServletException.class, () -> request.getPart("a"));
            check(request.getInputStream().readAllBytes().length > 0);
        });
        send(
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n");
    }

    // ---- bodies that no signature covers ---------------------------------------------------------------------------

    @Test
    void getInputStream_uncoveredBody_isRefusedUnlessAllowed() throws Exception {
        HttpSigner bare = HttpSigner.builder(SignedClient.KEY)
                .cover(Component.METHOD, Component.TARGET_URI)
                .build();
        SignedClient careless = new SignedClient(bare, HttpClient.Version.HTTP_1_1);
        InboundPipeline.Builder pipeline = InboundPipeline.builder(SignedClient.verifier()
                .signature(SignaturePolicy.recommended2026()
                        .ignore(Component.CONTENT_DIGEST, Component.field("content-type")))
                .build());
        TestServer.Handler echo = (request, response) ->
                response.getOutputStream().write(request.getInputStream().readAllBytes());
        server = TestServer.start(SignatureFilter.of(pipeline.build()), echo);
        SignatureFilterTest.assertRefused(
                careless.post(server.uri("/"), "text/plain", "whole".getBytes(UTF_8))
                        .send(),
                401,
                "component-not-covered");
        server.close();
        server = TestServer.start(
                SignatureFilter.of(pipeline.allowUncoveredBody().build()), echo);
        assertThat(careless.post(server.uri("/"), "text/plain", "whole".getBytes(UTF_8))
                        .send()
                        .body())
                .isEqualTo("whole");
    }

    // ---- forms -----------------------------------------------------------------------------------------------------

    @Test
    void getParameter_form_comesAfterTheQuery() throws Exception {
        serve((request, response) -> {
            check("query".equals(request.getParameter("a")));
            check(Arrays.equals(request.getParameterValues("a"), new String[] {"query", "1", "2"}));
            check("süß & €=".equals(request.getParameter("b c")));
            check("".equals(request.getParameter("empty")) && "".equals(request.getParameter("bare")));
            check("".equals(request.getParameter("")));
            check(request.getParameter("absent") == null && request.getParameterValues("absent") == null);
            check(Collections.list(request.getParameterNames()).size() == 6);
            Map<String, String[]> map = request.getParameterMap();
            check(map.size() == 6);
            refuses(UnsupportedOperationException.class, () -> map.clear());
        });
        send("/?a=query&q=%C3%BC", FORM, "a=1&&b+c=s%c3%BC%C3%9F+%26+%E2%82%AC=&a=2&empty=&bare&=");
    }

    @Test
    void getParameter_formInItsCharset_isDecoded() throws Exception {
        serve((request, response) -> check("ü".equals(request.getParameter("a"))));
        send(FORM + "; charset=windows-1252", "a=%FC");
    }

    @Test
    void getParameter_chunkedForm_isRead() throws Exception {
        serve((request, response) -> check("1".equals(request.getParameter("a"))));
        assertThat(client.post(server.uri("/"), FORM, "a=1".getBytes(UTF_8))
                        .chunked()
                        .send()
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.failures()).isEmpty();
    }

    @Test
    void getParameter_spooledForm_isRead() throws Exception {
        serve((request, response) -> check(request.getParameter("a").length() == 1_000_000));
        send(FORM, "a=" + "x".repeat(1_000_000));
    }

    @ParameterizedTest
    @CsvSource({"PUT, " + FORM, "POST, text/plain", "POST, application/x-www-form-urlencoded2"})
    void getParameter_noPostedForm_isNotParsed(String method, String type) throws Exception {
        serve((request, response) -> {
            check(request.getParameter("a") == null && "1".equals(request.getParameter("q")));
            check(request.getInputStream().readAllBytes().length == 3);
        });
        assertThat(client.call(method, server.uri("/?q=1"), "a=1".getBytes(UTF_8))
                        .field("content-type", type)
                        .send()
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.failures()).isEmpty();
    }

    @Test
    void getParameter_afterTheStream_hasTheQueryOnly() throws Exception {
        serve((request, response) -> {
            check(request.getInputStream().readAllBytes().length == 3);
            check(request.getParameter("a") == null && "1".equals(request.getParameter("q")));
        });
        send("/?q=1", FORM, "a=1");
    }

    @ParameterizedTest
    @CsvSource({
        "a=%, 400, message-malformed",
        "a=%4, 400, message-malformed",
        "a=%zz, 400, message-malformed",
        "a=%FF, 400, message-malformed",
        "%C3=1, 400, message-malformed",
        "a=%C3%28, 400, message-malformed"
    })
    void getParameter_malformedForm_isRefused(String form, int status, String code) throws Exception {
        serve((request, response) -> {
            response.getWriter();
            request.getParameter("a");
        });
        SignatureFilterTest.assertRefused(
                client.post(server.uri("/"), FORM, form.getBytes(ISO_8859_1)).send(), status, code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "long"})
    void getParameter_largeForm_isRefused(String kind) throws Exception {
        serve((request, response) -> request.getParameterMap());
        String form = kind.equals("many") ? "a&".repeat(1001) : "a".repeat((2 << 20) + 1);
        SignatureFilterTest.assertRefused(
                client.post(server.uri("/"), FORM, form.getBytes(UTF_8)).send(), 413, "message-too-large");
    }

    @Test
    void getParameter_malformedFormThatHandlerCatches_isItsBusiness() throws Exception {
        serve((request, response) -> {
            try {
                request.getParameter("a");
            } catch (InvalidMessageException e) {
                response.setStatus(422);
            }
        });
        assertThat(client.post(server.uri("/"), FORM, "%".getBytes(UTF_8))
                        .send()
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    void doFilter_handlersOwnInvalidMessage_passesUnchanged() throws Exception {
        serve((request, response) -> {
            throw InvalidMessageException.malformed("another message, fetched by the handler");
        });
        assertThat(client.get(server.uri("/")).send().statusCode()).isEqualTo(500);
        assertThat(server.failures()).hasOnlyElementsOfType(InvalidMessageException.class);
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    private interface Attempt {
        void run() throws Exception;
    }

    private static void refuses(Class<? extends Exception> expected, Attempt attempt) {
        try {
            attempt.run();
        } catch (Exception e) {
            check(expected.isInstance(e));
            return;
        }
        throw new IllegalStateException("nothing was thrown");
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("the check failed");
        }
    }

    private void serve(TestServer.Handler handler) {
        server = TestServer.start(SignedClient.filter(), handler);
    }

    private void send(String type, String body) throws Exception {
        send("/", type, body);
    }

    private void send(String target, String type, String body) throws Exception {
        assertThat(client.post(server.uri(target), type, body.getBytes(UTF_8))
                        .send()
                        .statusCode())
                .isEqualTo(HttpServletResponse.SC_OK);
        assertThat(server.failures()).isEmpty();
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static String sha256(InputStream in) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] chunk = new byte[5000];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            digest.update(chunk, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
