// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static dev.signet.xml.Canonicalizer.DOCUMENT;
import static dev.signet.xml.XmlCanonicalization.EXCLUSIVE;
import static dev.signet.xml.XmlCanonicalization.INCLUSIVE_10;
import static dev.signet.xml.XmlCanonicalization.INCLUSIVE_11;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The examples of Canonical XML 1.0 and 1.1 and of Exclusive XML Canonicalization, and what their text says where Apache
 * Santuario, which {@link CanonicalOracleTest} compares with, does otherwise.
 *
 * <p>Left out, since a document type is refused: 3.5 (entities), and in 3.1, 3.3 and 3.4 the declaration, default attributes
 * and attributes of types other than CDATA. Left out, since no XPath is run: 3.7 and the subsets of 3.8 that leave out
 * elements inside.
 */
class CanonicalVectorsTest {
    // ---- Canonical XML 1.0, 3 --------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(XmlCanonicalization.class)
    void canonicalize_instructionsAndCommentsOutside_followsExample31(XmlCanonicalization algorithm) {
        assertThat(whole(algorithm, """
                <?xml version="1.0"?>

                <?xml-stylesheet   href="doc.xsl"
                   type="text/xsl"   ?>

                <doc>Hello, world!<!-- Comment 1 --></doc>

                <?pi-without-data     ?>

                <!-- Comment 2 -->

                <!-- Comment 3 -->
                """)).isEqualTo("""
                <?xml-stylesheet href="doc.xsl"
                   type="text/xsl"   ?>
                <doc>Hello, world!</doc>
                <?pi-without-data?>""");
    }

    @ParameterizedTest
    @EnumSource(XmlCanonicalization.class)
    void canonicalize_whiteSpace_followsExample32(XmlCanonicalization algorithm) {
        String document = """
                <doc>
                   <clean>   </clean>
                   <dirty>   A   B   </dirty>
                   <mixed>
                      A
                      <clean>   </clean>
                      B
                      <dirty>   A   B   </dirty>
                      C
                   </mixed>
                </doc>""";

        assertThat(whole(algorithm, document)).isEqualTo(document);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INCLUSIVE_10", "INCLUSIVE_11"})
    void canonicalize_tags_followsExample33(XmlCanonicalization algorithm) {
        assertThat(whole(algorithm, TAGS)).isEqualTo("""
                <doc>
                   <e1></e1>
                   <e2></e2>
                   <e3 id="elem3" name="elem3"></e3>
                   <e4 id="elem4" name="elem4"></e4>
                   <e5 xmlns="http://example.org" xmlns:a="http://www.w3.org" xmlns:b="http://www.ietf.org" attr="I'm" attr2="all" b:attr="sorted" a:attr="out"></e5>
                   <e6 xmlns:a="http://www.w3.org">
                      <e7 xmlns="http://www.ietf.org">
                         <e8 xmlns="">
                            <e9 xmlns:a="http://www.ietf.org" attr="default"></e9>
                         </e8>
                      </e7>
                   </e6>
                </doc>""");
    }

    @Test
    void canonicalize_tagsExclusively_leavesOutNamespacesThatAreNotUsed() {
        assertThat(whole(EXCLUSIVE, TAGS)).isEqualTo("""
                <doc>
                   <e1></e1>
                   <e2></e2>
                   <e3 id="elem3" name="elem3"></e3>
                   <e4 id="elem4" name="elem4"></e4>
                   <e5 xmlns="http://example.org" xmlns:a="http://www.w3.org" xmlns:b="http://www.ietf.org" attr="I'm" attr2="all" b:attr="sorted" a:attr="out"></e5>
                   <e6>
                      <e7 xmlns="http://www.ietf.org">
                         <e8 xmlns="">
                            <e9 attr="default"></e9>
                         </e8>
                      </e7>
                   </e6>
                </doc>""");
    }

    private static final String TAGS = """
            <doc>
               <e1   />
               <e2   ></e2>
               <e3   name = "elem3"   id="elem3"   />
               <e4   name="elem4"   id="elem4"   ></e4>
               <e5 a:attr="out" b:attr="sorted" attr2="all" attr="I'm"
                  xmlns:b="http://www.ietf.org"
                  xmlns:a="http://www.w3.org"
                  xmlns="http://example.org"/>
               <e6 xmlns="" xmlns:a="http://www.w3.org">
                  <e7 xmlns="http://www.ietf.org">
                     <e8 xmlns="" xmlns:a="http://www.w3.org">
                        <e9 xmlns="" xmlns:a="http://www.ietf.org" attr="default"/>
                     </e8>
                  </e7>
               </e6>
            </doc>
            """;

    @ParameterizedTest
    @EnumSource(XmlCanonicalization.class)
    void canonicalize_characters_followsExample34(XmlCanonicalization algorithm) {
        assertThat(whole(algorithm, """
                <doc>
                   <text>First line&#x0d;&#10;Second line</text>
                   <value>&#x32;</value>
                   <compute><![CDATA[value>"0" && value<"10" ?"valid":"error"]]></compute>
                   <compute expr='value>"0" &amp;&amp; value&lt;"10" ?"valid":"error"'>valid</compute>
                   <norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/>
                </doc>
                """)).isEqualTo("""
                <doc>
                   <text>First line&#xD;
                Second line</text>
                   <value>2</value>
                   <compute>value&gt;"0" &amp;&amp; value&lt;"10" ?"valid":"error"</compute>
                   <compute expr="value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; ?&quot;valid&quot;:&quot;error&quot;">valid</compute>
                   <norm attr=" '    &#xD;&#xA;&#x9;   ' "></norm>
                </doc>""");
    }

    @ParameterizedTest
    @EnumSource(XmlCanonicalization.class)
    void canonicalize_otherEncoding_followsExample36(XmlCanonicalization algorithm) {
        byte[] latin = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<doc>&#169;©</doc>"
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThat(Canonicalizer.canonicalize(latin, new C14n(algorithm, List.of()), DOCUMENT))
                .isEqualTo("<doc>©©</doc>".getBytes(StandardCharsets.UTF_8));
    }

    // ---- Canonical XML 1.1, 2.4 and 3.8 ----------------------------------------------------------------------------

    private static final String BASES = """
            <doc xmlns="http://www.ietf.org" xmlns:w3c="http://www.w3.org" xml:base="http://www.example.com/something/else">
               <e1>
                  <e2 xmlns="" xml:id="abc" xml:base="../bar/">
                     <e3 id="E3" xml:base="foo"/>
                  </e2>
               </e1>
            </doc>
            """;

    @Test
    void canonicalize_baseOfAncestors_isJoinedIn11() {
        assertThat(element(INCLUSIVE_11, BASES, 3))
                .isEqualTo("<e3 xmlns:w3c=\"http://www.w3.org\" id=\"E3\""
                        + " xml:base=\"http://www.example.com/bar/foo\"></e3>");
        assertThat(element(INCLUSIVE_11, BASES, 1))
                .startsWith("<e1 xmlns=\"http://www.ietf.org\" xmlns:w3c=\"http://www.w3.org\""
                        + " xml:base=\"http://www.example.com/something/else\">\n      <e2 xmlns=\"\" xml:base=\"../bar/\""
                        + " xml:id=\"abc\">");
    }

    @Test
    void canonicalize_baseOfAncestors_isThatOfTheNearestIn10() {
        assertThat(element(INCLUSIVE_10, BASES, 3))
                .isEqualTo("<e3 xmlns:w3c=\"http://www.w3.org\" id=\"E3\" xml:base=\"foo\" xml:id=\"abc\"></e3>");
    }

    @Test
    void canonicalize_baseOfAncestors_isNotLookedAtExclusively() {
        assertThat(element(EXCLUSIVE, BASES, 3)).isEqualTo("<e3 id=\"E3\" xml:base=\"foo\"></e3>");
    }

    @Test
    void canonicalize_xmlId_isInheritedIn10Only() {
        String document = "<a xml:id='x' xml:lang='en'><b/></a>";

        assertThat(element(INCLUSIVE_10, document, 1)).isEqualTo("<b xml:id=\"x\" xml:lang=\"en\"></b>");
        assertThat(element(INCLUSIVE_11, document, 1)).isEqualTo("<b xml:lang=\"en\"></b>");
    }

    @Test
    void canonicalize_otherXmlAttribute_isOrdinaryIn11() {
        String document = "<a xml:other='x'><b xml:another='y'/></a>";

        assertThat(element(INCLUSIVE_10, document, 1)).isEqualTo("<b xml:another=\"y\" xml:other=\"x\"></b>");
        assertThat(element(INCLUSIVE_11, document, 1)).isEqualTo("<b xml:another=\"y\"></b>");
    }

    @ParameterizedTest
    @CsvSource({"x/y, .., ''", "x/y, '', x/y", "'', .., ../", "http://a.example/b, '', http://a.example/b"})
    void canonicalize_joinedBase_isWrittenUnlessEmpty(String outer, String own, String joined) {
        String document = "<a xml:base='" + outer + "'><b xml:base='" + own + "' base='c'/></a>";

        assertThat(element(INCLUSIVE_11, document, 1))
                .isEqualTo("<b base=\"c\"" + (joined.isEmpty() ? "" : " xml:base=\"" + joined + "\"") + "></b>");
    }

    // ---- Exclusive XML Canonicalization, 2 -------------------------------------------------------------------------

    @Test
    void canonicalize_movedElement_followsExample21() {
        String alone = """
                <n1:elem1 xmlns:n1="http://b.example">
                    content
                </n1:elem1>""";
        String moved = """
                <n0:pdu xmlns:n0="http://a.example">
                <n1:elem1 xmlns:n1="http://b.example">
                    content
                </n1:elem1>
                </n0:pdu>""";

        assertThat(element(INCLUSIVE_10, moved, 1)).isEqualTo("""
                <n1:elem1 xmlns:n0="http://a.example" xmlns:n1="http://b.example">
                    content
                </n1:elem1>""");
        assertThat(element(EXCLUSIVE, moved, 1)).isEqualTo(alone).isEqualTo(whole(EXCLUSIVE, alone));
    }

    private static final String LOCAL = """
            <n0:local xmlns:n0="foo:bar"
                      xmlns:n3="ftp://example.org">
              <n1:elem2 xmlns:n1="http://example.net"
                        xml:lang="en">
                 <n3:stuff xmlns:n3="ftp://example.org"/>
              </n1:elem2>
            </n0:local>
            """;
    private static final String PDU = """
            <n2:pdu xmlns:n1="http://example.com"
                    xmlns:n2="http://foo.example"
                    xml:lang="fr"
                    xml:space="retain">
              <n1:elem2 xmlns:n1="http://example.net"
                        xml:lang="en">
                 <n3:stuff xmlns:n3="ftp://example.org"/>
              </n1:elem2>
            </n2:pdu>
            """;

    @Test
    void canonicalize_twoSurroundings_followsExample22() {
        assertThat(element(INCLUSIVE_10, LOCAL, 1)).isEqualTo("""
                <n1:elem2 xmlns:n0="foo:bar" xmlns:n1="http://example.net" xmlns:n3="ftp://example.org" xml:lang="en">
                     <n3:stuff></n3:stuff>
                  </n1:elem2>""");
        assertThat(element(INCLUSIVE_10, PDU, 1)).isEqualTo("""
                <n1:elem2 xmlns:n1="http://example.net" xmlns:n2="http://foo.example" xml:lang="en" xml:space="retain">
                     <n3:stuff xmlns:n3="ftp://example.org"></n3:stuff>
                  </n1:elem2>""");
        assertThat(element(EXCLUSIVE, LOCAL, 1))
                .isEqualTo(element(EXCLUSIVE, PDU, 1))
                .isEqualTo("""
                <n1:elem2 xmlns:n1="http://example.net" xml:lang="en">
                     <n3:stuff xmlns:n3="ftp://example.org"></n3:stuff>
                  </n1:elem2>""");
    }

    @Test
    void canonicalize_listedPrefixes_areTreatedInclusively() {
        assertThat(element(new C14n(EXCLUSIVE, List.of("n3", "n9")), LOCAL, 1)).isEqualTo("""
                <n1:elem2 xmlns:n1="http://example.net" xmlns:n3="ftp://example.org" xml:lang="en">
                     <n3:stuff></n3:stuff>
                  </n1:elem2>""");
        assertThat(element(new C14n(EXCLUSIVE, List.of("")), "<a xmlns='urn:a'><p:b xmlns:p='urn:p'/></a>", 1))
                .isEqualTo("<p:b xmlns=\"urn:a\" xmlns:p=\"urn:p\"></p:b>");
    }

    // ---- where Santuario does otherwise ----------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(XmlCanonicalization.class)
    void canonicalize_instructionAfterEmptyRoot_isKept(XmlCanonicalization algorithm) {
        assertThat(whole(algorithm, "<a/><?p?>")).isEqualTo("<a></a>\n<?p?>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INCLUSIVE_10", "INCLUSIVE_11"})
    void canonicalize_inheritedAttribute_isThatOfTheNearestAncestor(XmlCanonicalization algorithm) {
        String document = "<a xml:lang='outer' xml:space='preserve'><b xml:lang='inner'><c><d/></c></b></a>";

        assertThat(element(algorithm, document, 2))
                .isEqualTo("<c xml:lang=\"inner\" xml:space=\"preserve\"><d></d></c>");
    }

    @ParameterizedTest
    @EnumSource(XmlCanonicalization.class)
    void canonicalize_supplementaryCharacters_areOrderedByCodePoint(XmlCanonicalization algorithm) {
        // U+1F510 is a surrogate pair from U+D83D on, and comes after U+FB01 all the same (Canonical XML 1.0, 2.2).
        assertThat(whole(algorithm, "<a xmlns:p='urn:\uD83D\uDD10' xmlns:q='urn:\uFB01' p:x='1' q:x='2'/>"))
                .endsWith(" q:x=\"2\" p:x=\"1\"></a>");
    }

    @ParameterizedTest
    @EnumSource(XmlCanonicalization.class)
    void canonicalize_longAndShortNamespaces_areOrderedAlike(XmlCanonicalization algorithm) {
        String n = "urn:" + "n".repeat(100);
        assertThat(whole(
                        algorithm,
                        "<a xmlns:p='" + n + "2' xmlns:q='" + n
                                + "1' xmlns:r='urn:n' xmlns:s='urn:\uFB01' p:x='1' q:x='2'" + " r:x='3' s:x='4'/>"))
                .endsWith(" r:x=\"3\" q:x=\"2\" p:x=\"1\" s:x=\"4\"></a>");
    }

    @ParameterizedTest
    @EnumSource(XmlCanonicalization.class)
    void canonicalize_severalPrefixesOfOneNamespace_ordersByLocalName(XmlCanonicalization algorithm) {
        assertThat(whole(
                        algorithm,
                        "<a xmlns:z='urn:a' xmlns:b='urn:b' xmlns:c='urn:a' b:a='1' c:b='2' z:a='3' z='4'/>"))
                .isEqualTo("<a xmlns:b=\"urn:b\" xmlns:c=\"urn:a\" xmlns:z=\"urn:a\""
                        + " z=\"4\" z:a=\"3\" c:b=\"2\" b:a=\"1\"></a>");
    }

    private static String whole(XmlCanonicalization algorithm, String document) {
        return element(new C14n(algorithm, List.of()), document, DOCUMENT);
    }

    private static String element(XmlCanonicalization algorithm, String document, int element) {
        return element(new C14n(algorithm, List.of()), document, element);
    }

    private static String element(C14n c14n, String document, int element) {
        return new String(Canonicalizer.canonicalize(document, c14n, element), StandardCharsets.UTF_8);
    }
}
