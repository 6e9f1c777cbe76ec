// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of components, by the examples of RFC 9421, section 2, and beyond. */
class SignatureBaseTest {
    private static final SfLimits LIMITS = new SfLimits(16 << 10, 1000);

    // ---- fields (2.1) ----------------------------------------------------------------------------------------------

    @Test
    void field_examplesOfSection21() {
        HttpMessage message = get("https://www.example.com/")
                .field("X-OWS-Header", "  Leading and trailing whitespace.   ")
                .field("Cache-Control", "max-age=60")
                .field("Cache-Control", "   must-revalidate")
                .field("Example-Dict", " a=1,    b=2;x=1;y=2,   c=(a   b   c)")
                .field("X-Empty-Header", "")
                .build();
        assertThat(value(message, "\"x-ows-header\"")).isEqualTo("Leading and trailing whitespace.");
        assertThat(value(message, "\"cache-control\"")).isEqualTo("max-age=60, must-revalidate");
        assertThat(value(message, "\"example-dict\"")).isEqualTo("a=1,    b=2;x=1;y=2,   c=(a   b   c)");
        assertThat(value(message, "\"x-empty-header\"")).isEmpty();
    }

    @Test
    void sf_exampleOfSection211() {
        HttpMessage message = get("https://www.example.com/")
                .field("Example-Dict", " a=1,    b=2;x=1;y=2,   c=(a   b   c)")
                .build();
        assertThat(value(message, "\"example-dict\";sf")).isEqualTo("a=1, b=2;x=1;y=2, c=(a b c)");
        assertThatThrownBy(() ->
                        value(get("https://a.example/").field("x-other", "a").build(), "\"x-other\";sf"))
                .isInstanceOf(ComponentException.class);
    }

    @Test
    void key_exampleOfSection212() {
        HttpMessage message = get("https://www.example.com/")
                .field("Example-Dict", " a=1, b=2;x=1;y=2, c=(a   b    c), d")
                .build();
        assertThat(value(message, "\"example-dict\";key=\"a\"")).isEqualTo("1");
        assertThat(value(message, "\"example-dict\";key=\"d\"")).isEqualTo("?1");
        assertThat(value(message, "\"example-dict\";key=\"b\"")).isEqualTo("2;x=1;y=2");
        assertThat(value(message, "\"example-dict\";key=\"c\"")).isEqualTo("(a b c)");
        assertThatThrownBy(() -> value(message, "\"example-dict\";key=\"e\"")).isInstanceOf(ComponentException.class);
        HttpMessage doubled =
                get("https://a.example/").field("Example-Dict", "a=1, a=2").build();
        assertThatThrownBy(() -> value(doubled, "\"example-dict\";key=\"a\""))
                .isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void bs_exampleOfSection213() {
        HttpMessage message = get("https://www.example.com/")
                .field("Example-Header", "value, with, lots")
                .field("Example-Header", "of, commas")
                .build();
        assertThat(value(message, "\"example-header\";bs")).isEqualTo(":dmFsdWUsIHdpdGgsIGxvdHM=:, :b2YsIGNvbW1hcw==:");
        HttpMessage joined = get("https://www.example.com/")
                .field("Example-Header", "value, with, lots, of, commas")
                .build();
        assertThat(value(joined, "\"example-header\";bs")).isEqualTo(":dmFsdWUsIHdpdGgsIGxvdHMsIG9mLCBjb21tYXM=:");
        HttpMessage latin = get("https://a.example/").field("x", "caf\u00e9").build();
        assertThat(value(latin, "\"x\";bs")).isEqualTo(":Y2Fm6Q==:");
        assertThatThrownBy(() -> value(latin, "\"x\"")).isInstanceOf(ComponentException.class);
    }

    @Test
    void tr_takesTrailersOnly() {
        HttpMessage message = HttpMessage.response(200)
                .field("Trailer", "Expires")
                .trailer("Expires", "Wed, 9 Nov 2022 07:28:00 GMT")
                .build();
        assertThat(value(message, "\"expires\";tr")).isEqualTo("Wed, 9 Nov 2022 07:28:00 GMT");
        assertThatThrownBy(() -> value(message, "\"expires\"")).isInstanceOf(ComponentException.class);
        assertThatThrownBy(() -> value(message, "\"trailer\";tr")).isInstanceOf(ComponentException.class);
    }

    @Test
    void req_takesTheRequestOfAResponse() {
        HttpMessage request =
                get("https://www.example.com/a?b=c").field("x", "of request").build();
        HttpMessage response = HttpMessage.response(503)
                .answering(request)
                .field("x", "of response")
                .build();
        assertThat(value(response, "\"@method\";req")).isEqualTo("GET");
        assertThat(value(response, "\"@authority\";req")).isEqualTo("www.example.com");
        assertThat(value(response, "\"@query-param\";name=\"b\";req")).isEqualTo("c");
        assertThat(value(response, "\"x\";req")).isEqualTo("of request");
        assertThat(value(response, "\"x\"")).isEqualTo("of response");
        assertThat(value(response, "\"@status\"")).isEqualTo("503");
        assertThatThrownBy(() -> value(response, "\"@method\"")).isInstanceOf(ComponentException.class);
        assertThatThrownBy(() -> value(request, "\"x\";req")).isInstanceOf(ComponentException.class);
        assertThatThrownBy(() -> value(request, "\"@status\"")).isInstanceOf(ComponentException.class);
        HttpMessage unbound = HttpMessage.response(200).build();
        assertThatThrownBy(() -> value(unbound, "\"@method\";req")).isInstanceOf(ComponentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-type", "content-length", "host", "authorization"})
    void field_thatMayComeOnce_isRefusedTwice(String name) {
        HttpMessage message =
                get("https://a.example/").field(name, "1").field(name, "1").build();
        assertThatThrownBy(() -> value(message, '"' + name + '"')).isInstanceOf(ComponentException.class);
    }

    // ---- derived components (2.2) ----------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "https://www.example.com/path?param=value, https://www.example.com/path?param=value, www.example.com, https, /path, ?param=value",
        "https://WWW.Example.com:443/path, https://www.example.com/path, www.example.com, https, /path, ?",
        "http://www.example.com:8080, http://www.example.com:8080/, www.example.com:8080, http, /, ?",
        "https://[2001:DB8::1]:443/a%2Fb?, https://[2001:db8::1]/a%2Fb?, [2001:db8::1], https, /a%2Fb, ?",
        "HTTP://a.example:80/%7euser?x=%2f, http://a.example/%7euser?x=%2f, a.example, http, /%7euser, ?x=%2f",
        "https://a.example:8443/?queryString, https://a.example:8443/?queryString, a.example:8443, https, /, ?queryString",
    })
    void derived_ofOriginForm(String uri, String target, String authority, String scheme, String path, String query) {
        HttpMessage message = get(uri).build();
        assertThat(value(message, "\"@target-uri\"")).isEqualTo(target);
        assertThat(value(message, "\"@authority\"")).isEqualTo(authority);
        assertThat(value(message, "\"@scheme\"")).isEqualTo(scheme);
        assertThat(value(message, "\"@path\"")).isEqualTo(path);
        assertThat(value(message, "\"@query\"")).isEqualTo(query);
    }

    @Test
    void requestTarget_examplesOfSection225() {
        HttpMessage absolute = HttpMessage.request("GET")
                .scheme("https")
                .authority("www.example.com")
                .target("https://www.example.com/path?param=value")
                .build();
        assertThat(value(absolute, "\"@request-target\"")).isEqualTo("https://www.example.com/path?param=value");
        assertThat(value(absolute, "\"@path\"")).isEqualTo("/path");
        HttpMessage connect = HttpMessage.request("CONNECT")
                .scheme("https")
                .authority("www.example.com:80")
                .target("www.example.com:80")
                .build();
        assertThat(value(connect, "\"@request-target\"")).isEqualTo("www.example.com:80");
        HttpMessage options = HttpMessage.request("OPTIONS")
                .scheme("https")
                .authority("www.example.com")
                .target("*")
                .build();
        assertThat(value(options, "\"@request-target\"")).isEqualTo("*");
        assertThat(value(options, "\"@target-uri\"")).isEqualTo("https://www.example.com");
    }

    @Test
    void absoluteForm_winsOverTheHostField() {
        HttpMessage message = HttpMessage.request("GET")
                .scheme("https")
                .authority("front.example")
                .target("http://Real.example:80?x")
                .build();
        assertThat(value(message, "\"@target-uri\"")).isEqualTo("http://real.example/?x");
        assertThat(value(message, "\"@authority\"")).isEqualTo("real.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a example",
                "a.example\r\nx",
                "user@a.example",
                "a.example/b",
                "caf\u00e9.example",
                "a.example:x",
                "a.example?b",
                "a%2eexample",
                "\u0000"
            })
    void authority_thatNoHostHas_isInvalid(String authority) {
        HttpMessage message = HttpMessage.request("GET")
                .scheme("https")
                .authority(authority)
                .target("/")
                .build();
        assertThatThrownBy(() -> value(message, "\"@authority\"")).isInstanceOf(InvalidMessageException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "path", "/a b", "/a\r\nb", "/caf\u00e9", "/a#b", "://x", "?q"})
    void requestTarget_ofNoForm_isInvalid(String target) {
        HttpMessage message = HttpMessage.request("GET")
                .scheme("https")
                .authority("a.example")
                .target(target)
                .build();
        assertThatThrownBy(() -> value(message, "\"@target-uri\"")).isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void queryParam_examplesOfSection228() {
        HttpMessage message = get("https://www.example.com/path?param=value&foo=bar&baz=batman&qux=")
                .build();
        assertThat(value(message, "\"@query-param\";name=\"baz\"")).isEqualTo("batman");
        assertThat(value(message, "\"@query-param\";name=\"qux\"")).isEmpty();
        assertThat(value(message, "\"@query-param\";name=\"param\"")).isEqualTo("value");
        HttpMessage encoded = get("https://www.example.com/parameters?var=this%20is%20a%20big%0Amultiline%20value"
                        + "&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something")
                .build();
        assertThat(value(encoded, "\"@query-param\";name=\"var\""))
                .isEqualTo("this%20is%20a%20big%0Amultiline%20value");
        assertThat(value(encoded, "\"@query-param\";name=\"bar\"")).isEqualTo("with%20plus%20whitespace");
        assertThat(value(encoded, "\"@query-param\";name=\"fa%C3%A7ade%22%3A%20\""))
                .isEqualTo("something");
        assertThat(Component.queryParam("fa\u00e7ade\": ").identifier())
                .isEqualTo("\"@query-param\";name=\"fa%C3%A7ade%22%3A%20\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "b=1", "a=1&a=2", "a=1&%61=1", "a=%ff", "a=1&a"})
    void queryParam_absentDoubledOrNotUtf8_hasNoValue(String query) {
        HttpMessage message = HttpMessage.request("GET")
                .scheme("https")
                .authority("a.example")
                .target("/?" + query)
                .build();
        assertThatThrownBy(() -> value(message, "\"@query-param\";name=\"a\"")).isInstanceOf(ComponentException.class);
    }

    // ---- identifiers -----------------------------------------------------------------------------------------------

    @Test
    void component_equalityIgnoresTheOrderOfParameters_andTheBaseKeepsIt() {
        Component one = parse("\"a\";key=\"b\";req");
        Component two = parse("\"a\";req;key=\"b\"");
        assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
        assertThat(two.identifier()).isEqualTo("\"a\";req;key=\"b\"");
        assertThat(Component.field("A").key("b").req()).isEqualTo(two);
        assertThat(Component.field("a").sf()).isNotEqualTo(Component.field("a"));
    }

    @Test
    void component_impossibleCombination_cannotBeMade() {
        for (Runnable make : List.<Runnable>of(
                () -> Component.field("a").bs().sf(),
                () -> Component.field("a").sf().bs(),
                () -> Component.field("a").bs().key("x"),
                () -> Component.METHOD.sf(),
                () -> Component.PATH.tr(),
                () -> Component.QUERY.key("a"),
                () -> Component.STATUS.req(),
                () -> Component.field("set-cookie"),
                () -> Component.field("a b"),
                () -> Component.field(""),
                () -> Component.field("@method"),
                () -> Component.field("caf\u00e9"),
                () -> Component.field("a").key("\n"))) {
            assertThatThrownBy(make::run).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Component.field("a\r\nb")).isInstanceOf(IllegalArgumentException.class);
    }

    private static HttpMessageBuilder get(String uri) {
        return HttpMessage.request("GET", URI.create(uri));
    }

    private static Component parse(String identifier) {
        return Component.parse(StructuredFields.parseItem(identifier, LIMITS));
    }

    private static String value(HttpMessage message, String identifier) {
        AsciiBuffer out = new AsciiBuffer(16);
        Map<String, FieldType> types = new java.util.HashMap<>(FieldType.KNOWN);
        types.put("example-dict", FieldType.DICTIONARY);
        new FieldValues(message, types, LIMITS).append(out, parse(identifier));
        return out.substring(0);
    }
}
