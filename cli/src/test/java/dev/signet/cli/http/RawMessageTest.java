// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.cli.shell.Failure;
import dev.signet.http.HttpMessage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawMessageTest {
    @Test
    void parse_request_givesItsParts() {
        RawMessage raw = parse("PATCH /a?b HTTP/1.1\nHost: Example.com:8080\nX-A:  one \nx-a:two\n\n");
        HttpMessage message = raw.message("http", null);
        assertThat(message.method()).isEqualTo("PATCH");
        assertThat(message.requestTarget()).isEqualTo("/a?b");
        assertThat(message.authority()).isEqualTo("Example.com:8080");
        assertThat(message.scheme()).isEqualTo("http");
        assertThat(message.fieldValues("x-a")).containsExactly("one", "two");
        assertThat(raw.body()).isEmpty();
    }

    @Test
    void parse_chunks_areJoinedAndTrailersKept() {
        RawMessage raw = parse("HTTP/1.1 200 OK|Transfer-Encoding: Chunked||4|Wiki|A;ext=1|pedia in||0|X-Sum: 1||"
                .replace("|", "\r\n"));
        assertThat(raw.body()).asString().isEqualTo("Wikipedia in\r\n");
        assertThat(raw.message("https", null).trailerValues("x-sum")).containsExactly("1");
    }

    @Test
    void parse_contentLength_endsTheBodyAndALineBreakMayFollow() {
        assertThat(parse("POST / HTTP/1.1\nContent-Length: 2\n\nab\n").body())
                .asString()
                .isEqualTo("ab");
        assertThat(parse("POST / HTTP/1.1\nContent-Length: 2\n\nab\r\n\n").surplus())
                .isEqualTo(3);
        assertThat(parse("POST / HTTP/1.1\nContent-Length: 2\n\nab").surplus()).isZero();
    }

    @Test
    void parse_requestThatDeclaresNoBody_hasNone() {
        String two = "GET /a HTTP/1.1\nHost: a\n\nGET /b HTTP/1.1\nHost: a\n\n";
        assertThatThrownBy(() -> parse(two))
                .hasMessage(
                        "25 bytes follow the end of the message (RFC 9112, 6.3: a request without Content-Length and "
                                + "Transfer-Encoding has no body)");
        byte[] bytes = two.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(RawMessage.parse(bytes, false, true).body()).asString().startsWith("GET /b");
        assertThat(parse("GET /a HTTP/1.1\nHost: a\n\n\r\n").body()).isEmpty();
        // A response ends with its connection.
        assertThat(parse("HTTP/1.1 200 OK\n\nab\n").body()).asString().isEqualTo("ab\n");
    }

    @Test
    void parse_foldedLines_areUnfolded() {
        RawMessage raw = parse("GET / HTTP/1.1\nHost: a\nX: one\n \t two \r\n\tthree\nY:\n z\nZ: z\n  \n\n");
        assertThat(raw.message("https", null).fieldValues("x")).containsExactly("one two three");
        assertThat(raw.message("https", null).fieldValues("y")).containsExactly("z");
        assertThat(raw.message("https", null).fieldValues("z")).containsExactly("z");
        assertThatThrownBy(() -> parse("GET / HTTP/1.1\nX: a\n b\u0000c\n\n"))
                .hasMessageContaining("control character");
        assertThatThrownBy(() -> parse("GET / HTTP/1.1\nX: a\n \u007f\n\n")).hasMessageContaining("control character");
    }

    @Test
    void parse_answersWithoutBody_haveNone() {
        assertThat(parse("HTTP/1.1 304\nContent-Length: 5\n\n").body()).isEmpty();
        assertThat(parse("HTTP/1.1 204 No Content\n\n").body()).isEmpty();
        byte[] head = "HTTP/1.1 200 OK\nContent-Length: 5\n\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(RawMessage.parse(head, true).body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|no request line",
                "~|no request line",
                "GET /|neither a request line",
                "GET  / HTTP/1.1|neither a request line",
                "'GET / HTTP/1.1 '|neither a request line",
                "GET /a b HTTP/1.1|neither a request line",
                "GET / http/1.1|neither a request line",
                "G(T / HTTP/1.1|neither a request line",
                "HTTP/1.1 99|neither a request line",
                "HTTP/1.1 600 No|neither a request line",
                "HTTP/1.1 2000|neither a request line",
                "GET / HTTP/1.1~nonsense~|line 2: a field line without a colon",
                "GET / HTTP/1.1~: x~|line 2: not a field name",
                "GET / HTTP/1.1~Host : x~|line 2: not a field name",
                "GET / HTTP/1.1~ Host: x~|line 2: white space",
                "GET / HTTP/1.1~X: a\u0001b~|line 2: a control character",
                "GET / HTTP/1.1~X: a^b~|line 2: a CR that ends no line",
                "GET / HTTP/1.1~X: a^|line 2: a CR that ends no line",
                "GET / HTTP/1.1~Content-Length: x~~|Content-Length is no number",
                "GET / HTTP/1.1~Content-Length: -1~~|Content-Length is no number",
                "GET / HTTP/1.1~Content-Length: 1, 1~~a|Content-Length is no number",
                "GET / HTTP/1.1~Content-Length: 9999999999999999999~~|Content-Length is no number",
                "GET / HTTP/1.1~Content-Length: 999999999999999999~~|has 0 of 999999999999999999 bytes",
                "GET / HTTP/1.1~Content-Length: 1~Content-Length: 1~~a|2 Content-Length fields",
                "GET / HTTP/1.1~Content-Length: 3~~ab|has 2 of 3 bytes",
                "GET / HTTP/1.1~Content-Length: 1~~ab|1 bytes follow",
                "GET / HTTP/1.1~Content-Length: 1~Transfer-Encoding: chunked~~a|Content-Length and Transfer-Encoding",
                "GET / HTTP/1.1~Transfer-Encoding: gzip, chunked~~|no transfer coding",
                "GET / HTTP/1.1~Transfer-Encoding: identity~~|no transfer coding",
                "GET / HTTP/1.1~Transfer-Encoding: chunked~~|last chunk is missing",
                "GET / HTTP/1.1~Transfer-Encoding: chunked~~x~|not the size of a chunk",
                "GET / HTTP/1.1~Transfer-Encoding: chunked~~-1~|not the size of a chunk",
                "GET / HTTP/1.1~Transfer-Encoding: chunked~~FFFFFFFFFF~|not the size of a chunk",
                "GET / HTTP/1.1~Transfer-Encoding: chunked~~FFFFFFFF~a|a chunk has 1 of 4294967295 bytes",
                "GET / HTTP/1.1~Transfer-Encoding: chunked~~1~ab~0~~|longer than it says",
                "GET / HTTP/1.1~Transfer-Encoding: chunked~~1~a~|last chunk is missing",
                "GET / HTTP/1.1~Transfer-Encoding: chunked~~0~bad~~|without a colon",
                "GET / HTTP/1.1~Transfer-Encoding: chunked~~0~~more|4 bytes follow",
                "HTTP/1.1 204 No~~body|4 bytes follow"
            })
    void parse_malformed_isRefusedByItsRule(String text, String rule) {
        String message = text.replace('~', '\n').replace('^', '\r');
        assertThatThrownBy(() -> parse(message)).isInstanceOf(Failure.class).hasMessageContaining(rule);
    }

    @Test
    void message_twoHosts_isRefused() {
        RawMessage raw = parse("GET / HTTP/1.1\nHost: a\nHost: b\n\n");
        assertThatThrownBy(() -> raw.message("https", null))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("2 Host");
    }

    private static RawMessage parse(String text) {
        return RawMessage.parse(text.getBytes(StandardCharsets.ISO_8859_1), false);
    }
}
