// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XmlBaseTest {
    /** RFC 3986, 5.4, without fragments, which Canonical XML 1.1 drops. */
    @ParameterizedTest
    @CsvSource({
        "g:h, g:h",
        "g, http://a/b/c/g",
        "./g, http://a/b/c/g",
        "g/, http://a/b/c/g/",
        "/g, http://a/g",
        "//g, http://g",
        "?y, http://a/b/c/d;p?y",
        "g?y, http://a/b/c/g?y",
        "#s, http://a/b/c/d;p?q",
        "g#s, http://a/b/c/g",
        "g?y#s, http://a/b/c/g?y",
        ";x, http://a/b/c/;x",
        "g;x, http://a/b/c/g;x",
        "g;x?y#s, http://a/b/c/g;x?y",
        "'', http://a/b/c/d;p?q",
        "., http://a/b/c/",
        "./, http://a/b/c/",
        ".., http://a/b/",
        "../, http://a/b/",
        "../g, http://a/b/g",
        "../.., http://a/",
        "../../, http://a/",
        "../../g, http://a/g",
        "../../../g, http://a/g",
        "../../../../g, http://a/g",
        "/./g, http://a/g",
        "/../g, http://a/g",
        "g., http://a/b/c/g.",
        ".g, http://a/b/c/.g",
        "g.., http://a/b/c/g..",
        "..g, http://a/b/c/..g",
        "./../g, http://a/b/g",
        "./g/., http://a/b/c/g/",
        "g/./h, http://a/b/c/g/h",
        "g/../h, http://a/b/c/h",
        "g;x=1/./y, http://a/b/c/g;x=1/y",
        "g;x=1/../y, http://a/b/c/y",
        "g?y/./x, http://a/b/c/g?y/./x",
        "g?y/../x, http://a/b/c/g?y/../x",
        "g#s/../x, http://a/b/c/g"
    })
    void join_absoluteBase_followsRfc3986(String reference, String joined) {
        assertThat(XmlBase.join("http://a/b/c/d;p?q", reference)).isEqualTo(joined);
    }

    /** Canonical XML 1.1, 2.4: a relative base keeps what climbs out of it, and a last {@code ..} gets a slash. */
    @ParameterizedTest
    @CsvSource({
        "abc/, ../, ''",
        "../, .., ../../",
        ".., .., ../../",
        "a/b, .., ''",
        "a, .., ../",
        "a, b, b",
        "a/, b, a/b",
        "../d, ../../e/, ../../../e/",
        "'', .., ../",
        "'', a, a",
        "a, '', a",
        "a?q, '', a?q",
        "a/b, ?q, a/b?q",
        "/g/, ../../e/, /e/",
        "/., ../..//., /",
        "/a, http://b.example, http://b.example",
        "http://b.example, c, http://b.example/c",
        "//c.example/m, n, //c.example/n",
        "a//b/, c, a/b/c"
    })
    void join_relativeBase_followsCanonicalXml11(String base, String reference, String joined) {
        assertThat(XmlBase.join(base, reference)).isEqualTo(joined);
    }
}
