// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.jose.RemoteJwks.FailureCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpsResponseTest {
    private static final int MAX = 10;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and more",
                "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.0 200 OK\r\nServer: old\r\n\r\nhello",
                "HTTP/1.1 200 OK\nContent-Length:5\n\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nVary: a\r\nVary: b\r\n\r\nhello"
            })
    void body_wellFormed_isRead(String response) throws IOException {
        assertThat(body(response)).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "ICY 200 OK\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5",
                "HTTP/1.1 200 OK\r\nno field\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"
            })
    void body_malformed_isRejected(String response) {
        assertRejected(response, FailureCode.RESPONSE_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\nhello, world",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello,\r\n6\r\n world\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n"
            })
    void body_overTheCap_isTooLarge(String response) {
        assertRejected(response, FailureCode.TOO_LARGE);
    }

    @Test
    void head_withoutEnd_isTooLarge() {
        assertRejected("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(5_000), FailureCode.TOO_LARGE);
        assertRejected("HTTP/1.1 200 " + "x".repeat(20_000), FailureCode.TOO_LARGE);
    }

    @Test
    void body_withoutEnd_isReadNoFurtherThanTheCap() {
        InputStream endless = new InputStream() {
            private int read;

            @Override
            public int read() {
                assertThat(read).isLessThan(100);
                String head = "HTTP/1.1 200 OK\r\n\r\n";
                char next = read < head.length() ? head.charAt(read) : 'x';
                read++;
                return next;
            }
        };
        assertThatThrownBy(() -> HttpsResponse.read(endless, MAX).body())
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.TOO_LARGE));
    }

    private static String body(String response) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(response.getBytes(StandardCharsets.ISO_8859_1));
        return new String(HttpsResponse.read(in, MAX).body(), StandardCharsets.ISO_8859_1);
    }

    private static void assertRejected(String response, FailureCode code) {
        assertThatThrownBy(() -> body(response))
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
