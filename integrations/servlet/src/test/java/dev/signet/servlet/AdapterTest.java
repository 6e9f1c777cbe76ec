// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.exchange.Admission;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other containers do than the one of the other tests. */
class AdapterTest {
    private final Map<String, Object> answers = new HashMap<>();

    @Test
    void authority_severalHosts_isRefused() {
        answers.put("getHeaders", Collections.enumeration(List.of("a", "a")));
        assertThatThrownBy(() -> new ServletMessage(request()).authority()).isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void authority_http2WithoutHostField_isThePseudoField() {
        answers.putAll(Map.of("getProtocol", "HTTP/2.0", "getServerName", "api.example.com", "getServerPort", 8443));
        answers.put("getHeaders", null);
        assertThat(new ServletMessage(request()).authority()).isEqualTo("api.example.com:8443");
    }

    @Test
    void authority_http1WithoutHostField_isEmpty() {
        answers.putAll(Map.of("getProtocol", "HTTP/1.0", "getServerName", "guessed", "getServerPort", 80));
        assertThat(new ServletMessage(request()).authority()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"test.example", "api.example.com:8444", "api.example.com", "api.example.com:x"})
    void authority_http2HostFieldOfAnother_isRefused(String host) {
        answers.putAll(Map.of("getProtocol", "HTTP/2.0", "getServerName", "api.example.com", "getServerPort", 8443));
        answers.put("getHeaders", Collections.enumeration(List.of(host)));
        assertThatThrownBy(() -> new ServletMessage(request()).authority()).isInstanceOf(InvalidMessageException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "api.example.com, 80, API.example.com",
        "api.example.com, 8443, api.example.com:8443",
        "::1, 80, [::1]:80",
        "[::1], 8080, [::1]:8080",
        "api.example.com, 0, api.example.com"
    })
    void authority_http2HostFieldOfTheSame_isThePseudoField(String name, int port, String host) {
        answers.putAll(Map.of("getProtocol", "HTTP/2.0", "getServerName", name, "getServerPort", port));
        answers.put("getHeaders", Collections.enumeration(List.of(host)));
        assertThat(new ServletMessage(request()).authority())
                .isEqualTo((name.startsWith(":") ? "[" + name + "]" : name) + (port > 0 ? ":" + port : ""));
    }

    @Test
    void authority_http1ServerGoesByAnotherName_isRefused() {
        answers.putAll(
                Map.of("getProtocol", "HTTP/1.1", "getHeaders", Collections.enumeration(List.of("api.example"))));
        answers.put("getRequestURL", new StringBuffer("http://evil.example/x"));
        assertThatThrownBy(() -> new ServletMessage(request()).authority()).isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void authority_http1ServerGuessesAnotherPort_isTheHostField() {
        answers.putAll(
                Map.of("getProtocol", "HTTP/1.1", "getHeaders", Collections.enumeration(List.of("api.example:8443"))));
        answers.put("getRequestURL", new StringBuffer("https://API.example/x"));
        assertThat(new ServletMessage(request()).authority()).isEqualTo("api.example:8443");
    }

    @Test
    void requestTarget_none_isMalformed() {
        answers.put("getMethod", "GET");
        assertThatThrownBy(() -> new ServletMessage(request()).requestTarget())
                .isInstanceOf(InvalidMessageException.class);
        answers.put("getRequestURI", "http://evil.example/x");
        assertThatThrownBy(() -> new ServletMessage(request()).requestTarget())
                .isInstanceOf(InvalidMessageException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, text/plain, ABSENT",
        "HTTP/1.0, application/x-www-form-urlencoded, ABSENT",
        "HTTP/2.0, text/plain, UNKNOWN",
        "HTTP/2.0, Application/X-www-form-urlencoded; charset=utf-8, ANNOUNCED",
        "HTTP/3.0, multipart/form-data; boundary=x, ANNOUNCED"
    })
    void bodyPresence_withoutLength_isWhatTheVersionSays(
            String protocol, String type, HttpMessage.BodyPresence presence) {
        answers.putAll(Map.of("getProtocol", protocol, "getContentType", type, "getMethod", "POST"));
        assertThat(new ServletMessage(request()).bodyPresence()).isEqualTo(presence);
    }

    @Test
    void scheme_ofARequestWithoutConnection_isTheRequests() {
        HttpServletRequest request = proxy(HttpServletRequest.class, name -> {
            if (name.equals("getServletConnection")) {
                throw new UnsupportedOperationException();
            }
            return name.equals("isSecure") ? true : null;
        });
        assertThat(new ServletMessage(request).scheme()).isEqualTo("https");
    }

    @Test
    void scheme_ofTheRequestLine_doesNotCount() {
        answers.putAll(Map.of("getScheme", "https", "isSecure", false));
        assertThat(new ServletMessage(request()).scheme()).isEqualTo("http");
    }

    @Test
    void isUserInRole_containersRole_isNotTheCallers() {
        answers.put("isUserInRole", true);
        answers.put("getRemoteUser", "container's");
        AdmittedRequest admitted = new AdmittedRequest(request(), null, admission(), null);
        assertThat(admitted.isUserInRole("admin")).isFalse();
        assertThat(admitted.getRemoteUser()).isEqualTo("client-1");
    }

    @Test
    void afterDispatch_dispatchedAgain_bodyStays() throws IOException {
        AtomicInteger listeners = new AtomicInteger();
        Completion completion = new Completion(admission());
        completion.listen(proxy(AsyncContext.class, name -> {
            listeners.incrementAndGet();
            return null;
        }));
        // Jakarta Servlet 6.0, ServletRequest.isAsyncStarted: false once it was dispatched again.
        answers.put("isAsyncStarted", false);
        completion.afterDispatch(request());
        assertThat(completion.open().readAllBytes()).hasSize(4);
        completion.onComplete(null);
        assertThatThrownBy(completion::open).isInstanceOf(IOException.class);
        assertThat(listeners).hasValue(1);
    }

    @Test
    void read_containersException_isABrokenBody() {
        HttpServletRequest request = proxy(HttpServletRequest.class, name -> {
            throw new IllegalStateException("the container's");
        });
        InputStream body = new ReceivedBody(request);
        assertThatThrownBy(body::read).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> body.read(new byte[1], 0, 1)).isInstanceOf(IOException.class);
    }

    @Test
    void doFilter_noHttp_isRejected() {
        ServletRequest request = proxy(ServletRequest.class, name -> null);
        ServletResponse response = proxy(ServletResponse.class, name -> null);
        assertThatThrownBy(() -> SignedClient.filter().doFilter(request, response, (a, b) -> {}))
                .isInstanceOf(ServletException.class);
    }

    private static Admission admission() {
        byte[] body = "body".getBytes(UTF_8);
        HttpMessageBuilder message = HttpMessage.request("POST", URI.create("https://example.com/"));
        message.fields(HttpSigner.builder(SignedClient.KEY).build().sign(message.build(), body));
        return SignedClient.pipeline().admit(message.build(), "", new ByteArrayInputStream(body));
    }

    private HttpServletRequest request() {
        return proxy(HttpServletRequest.class, name -> answers.get(name));
    }

    private interface Answer {
        Object to(String method);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.to(method.getName())));
    }
}
