// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.TargetUri;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose word counts for the target URI. */
class PublicOriginTest {
    private static final String PROXY = "10.1.2.3";
    private static final PublicOrigin FORWARDED = PublicOrigin.allowForwarded("10.0.0.0/8", "2001:db8::/32");
    private static final PublicOrigin X_FORWARDED = PublicOrigin.allowXForwarded("10.0.0.0/8");

    // ---- as received, configured -----------------------------------------------------------------------------------

    @Test
    void asReceived_forwardingFields_areIgnored() {
        HttpMessage request = received()
                .field("forwarded", "proto=https;host=evil.example")
                .field("x-forwarded-proto", "https")
                .field("x-forwarded-host", "evil.example")
                .build();
        assertThat(target(PublicOrigin.asReceived(), request, PROXY)).isEqualTo("http://internal:8080/a?b=c");
    }

    @Test
    void of_origin_replacesSchemeAndAuthority() {
        PublicOrigin origin = PublicOrigin.of(URI.create("https://API.example.com:443/"));
        HttpMessage request =
                received().field("x-forwarded-host", "evil.example").build();
        assertThat(target(origin, request, PROXY)).isEqualTo("https://api.example.com/a?b=c");
    }

    @ParameterizedTest
    @CsvSource({
        "http://internal:8080/a?b=c, https://api.example.com/a?b=c",
        "https://other.example/a, https://api.example.com/a",
        "https://other.example?b, https://api.example.com/?b",
        "HTTPS://API.EXAMPLE.COM/a, https://api.example.com/a",
        "*, https://api.example.com"
    })
    void of_targetInOtherForms_isAtTheOrigin(String requestTarget, String expected) {
        HttpMessage request = HttpMessage.request("GET")
                .scheme("http")
                .authority("internal")
                .target(requestTarget)
                .build();
        assertThat(target(PublicOrigin.of(URI.create("https://api.example.com")), request, PROXY))
                .isEqualTo(expected);
    }

    @Test
    void of_connect_isLeftAlone() {
        HttpMessage request = HttpMessage.request("CONNECT")
                .scheme("http")
                .authority("internal")
                .target("example.com:99")
                .build();
        assertThat(PublicOrigin.of(URI.create("https://api.example.com")).resolve(request, PROXY))
                .isSameAs(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.example.com",
                "//api.example.com",
                "ftp://api.example.com",
                "https:api.example.com",
                "https://user@api.example.com",
                "https://api.example.com/path",
                "https://api.example.com?q",
                "https://api.example.com/#f",
                "https://api.example.com:port",
                "https://bücher.example"
            })
    void of_noOrigin_isRejected(String uri) {
        assertThatThrownBy(() -> PublicOrigin.of(URI.create(uri))).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- Forwarded -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "proto=https;host=api.example.com | https://api.example.com/a?b=c",
                "for=1.2.3.4;Proto=HTTPS;Host=\"api.example.com:8443\";by=x | https://api.example.com:8443/a?b=c",
                "host=evil.example;proto=http, proto=https;host=api.example.com | https://api.example.com/a?b=c",
                "host=evil.example , for=\"[2001:db8::1]:4711\" ; proto=https | https://internal:8080/a?b=c",
                "host=\"a\\pi.example\" | http://api.example/a?b=c",
                "for=_hidden;secret=x | http://internal:8080/a?b=c",
                ";proto=https; | https://internal:8080/a?b=c"
            })
    void allowForwarded_fromTrustedPeer_lastElementCounts(String field, String expected) {
        assertThat(target(FORWARDED, received().field("forwarded", field).build(), PROXY))
                .isEqualTo(expected);
    }

    @Test
    void allowForwarded_severalLines_lastLineCounts() {
        HttpMessage request = received()
                .field("forwarded", "host=evil.example")
                .field("forwarded", "host=api.example.com")
                .build();
        assertThat(target(FORWARDED, request, PROXY)).isEqualTo("http://api.example.com/a?b=c");
    }

    @Test
    void allowForwarded_otherFamily_isIgnored() {
        HttpMessage request = received()
                .field("x-forwarded-host", "evil.example")
                .field("x-forwarded-proto", "https")
                .build();
        assertThat(target(FORWARDED, request, PROXY)).isEqualTo("http://internal:8080/a?b=c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "11.0.0.1",
                "9.255.255.255",
                "192.168.0.1",
                "2001:db9::1",
                "::1",
                "",
                "unknown",
                "localhost",
                "10.1.2",
                "10.1.2.3.4",
                "010.1.2.3",
                "10.1.2.3 ",
                "10.1.2.256",
                "::ffff:11.1.2.3",
                "2001:db8::1::2",
                "2001:db8:1:2:3:4:5:6:7",
                "[2001:db8::1"
            })
    void allowForwarded_fromOtherPeers_isIgnored(String peer) {
        HttpMessage request =
                received().field("forwarded", "proto=https;host=evil.example").build();
        assertThat(target(FORWARDED, request, peer)).isEqualTo("http://internal:8080/a?b=c");
        // Not even read, so that a client cannot provoke an error.
        assertThat(target(FORWARDED, received().field("forwarded", "\"").build(), peer))
                .isEqualTo("http://internal:8080/a?b=c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.255.255.255",
                "::ffff:10.1.2.3",
                "::FFFF:0a01:0203",
                "2001:db8::",
                "2001:0DB8:ffff:ffff:ffff:ffff:ffff:ffff",
                "[2001:db8::7]",
                "2001:db8::7%eth0",
                "2001:db8:0:0:0:0:10.0.0.1"
            })
    void allowForwarded_anySpellingOfTrustedPeer_isTrusted(String peer) {
        HttpMessage request =
                received().field("forwarded", "host=api.example.com").build();
        assertThat(target(FORWARDED, request, peer)).isEqualTo("http://api.example.com/a?b=c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "host",
                "host=",
                "host=a,",
                ", host=a",
                "host=a b",
                "host =a",
                "host= a",
                "host=a;host=b",
                "host=a;Host=b",
                "host=api.example.com:8443",
                "host=\"api",
                "host=\"api\\",
                "host=\"\"",
                "host=\"a/b\"",
                "host=\"a b\"",
                "host=\"user@a\"",
                "host=\"a:port\"",
                "host=bücher",
                "proto=ftp",
                "proto=\"\"",
                "proto=https;=x",
                "host=evil.example;x=\", for=1.2.3.4;host=api.example.com;proto=https",
                "host=evil.example;x=\", for=\"[2001:db8::1]\";host=\"api.example.com:8443\""
            })
    void allowForwarded_malformed_isRejected(String field) {
        HttpMessage request = received().field("forwarded", field).build();
        assertThatThrownBy(() -> target(FORWARDED, request, PROXY)).isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void allowForwarded_schemeForRequestWithoutHost_isNoFailureYet() {
        HttpMessage request = HttpMessage.request("GET")
                .scheme("http")
                .authority("")
                .target("/")
                .field("forwarded", "proto=https")
                .build();
        assertThat(FORWARDED.resolve(request, PROXY).scheme()).isEqualTo("https");
    }

    // ---- X-Forwarded -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https | api.example.com | https://api.example.com/a?b=c",
                "http, HTTPS | evil.example,api.example.com:443 | https://api.example.com/a?b=c",
                "https | | https://internal:8080/a?b=c",
                " | api.example.com | http://api.example.com/a?b=c"
            })
    void allowXForwarded_fromTrustedPeer_lastValueCounts(String proto, String host, String expected) {
        HttpMessageBuilder request = received().field("forwarded", "host=evil.example");
        if (proto != null) {
            request.field("x-forwarded-proto", proto);
        }
        if (host != null) {
            request.field("x-forwarded-host", host);
        }
        assertThat(target(X_FORWARDED, request.build(), PROXY)).isEqualTo(expected);
    }

    @Test
    void allowXForwarded_fromOtherPeer_isIgnored() {
        HttpMessage request = received()
                .field("x-forwarded-proto", "https")
                .field("x-forwarded-host", "evil.example")
                .build();
        assertThat(target(X_FORWARDED, request, "192.0.2.1")).isEqualTo("http://internal:8080/a?b=c");
    }

    @ParameterizedTest
    @CsvSource({
        "x-forwarded-proto, ''",
        "x-forwarded-proto, 'https,'",
        "x-forwarded-proto, wss",
        "x-forwarded-proto, https://",
        "x-forwarded-host, ''",
        "x-forwarded-host, 'a, '",
        "x-forwarded-host, a b",
        "x-forwarded-host, a/b",
        "x-forwarded-host, user@a",
        "x-forwarded-host, a:b"
    })
    void allowXForwarded_malformed_isRejected(String field, String value) {
        HttpMessage request = received().field(field, value).build();
        assertThatThrownBy(() -> target(X_FORWARDED, request, PROXY)).isInstanceOf(InvalidMessageException.class);
    }

    // ---- address blocks --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-8",
                "10.0.0.0/8/8",
                "10.0.0.0/ 8",
                "10.0.0.1/8",
                "10.0.0/8",
                "0.0.0.0/0",
                "::/0",
                "2001:db8::1/32",
                "2001:db8::/129",
                "2001:db8:::/32",
                "12345::/16",
                "g::/16",
                "::ffff:10.0.0.0/104",
                "1.2.3.4::/32",
                "localhost",
                "proxy.example.com/24",
                "10.0.0.0-10.0.0.9",
                "fe80::1%eth0"
            })
    void allowForwarded_noAddressBlock_isRejected(String block) {
        assertThatThrownBy(() -> PublicOrigin.allowForwarded(block)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void allow_withoutBlocks_isRejected() {
        assertThatThrownBy(PublicOrigin::allowForwarded).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(PublicOrigin::allowXForwarded).isInstanceOf(IllegalArgumentException.class);
    }

    private static HttpMessageBuilder received() {
        return HttpMessage.request("GET")
                .scheme("http")
                .authority("internal:8080")
                .target("/a?b=c");
    }

    private static String target(PublicOrigin origin, HttpMessage request, String peer) {
        return TargetUri.of(origin.resolve(request, peer)).value();
    }
}
