// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Documents that are well-formed, of a given size, and made to cost more than others of that size. */
final class AdversarialDocuments {
    static final String NAMESPACE = "urn:adversary";
    private static final String START = "<doc xmlns=\"" + NAMESPACE + "\"";
    private static final String END = "</doc>";

    private final int length;

    private AdversarialDocuments(int length) {
        this.length = length;
    }

    /** A document of a name; its root is {@code doc}. */
    record Document(String name, String xml) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * What a partner sends: payments of a dozen elements each.
     *
     * @param texts how many sentences each has; with 5 a megabyte is within the recommended limits
     */
    static Document benign(int length, int texts) {
        String remittance = " Invoices of the third quarter, as agreed in the contract of last year.".repeat(texts);
        return new Document(
                "benign",
                new AdversarialDocuments(length)
                        .content(i -> "<CdtTrfTxInf><PmtId><EndToEndId>E2E-" + i + "</EndToEndId></PmtId><Amt>"
                                + "<InstdAmt Ccy=\"EUR\">" + i * 17 % 9999
                                + ".00</InstdAmt></Amt><Cdtr><Nm>Müller &amp; Sons "
                                + i + "</Nm></Cdtr><CdtrAcct><Id><IBAN>DE021203000000002020" + i % 100
                                + "</IBAN></Id></CdtrAcct>\n  <RmtInf><Ustrd>No. " + i + remittance
                                + "</Ustrd></RmtInf></CdtTrfTxInf>\n"));
    }

    /** Every one of about so many characters. */
    static List<Document> all(int length) {
        AdversarialDocuments of = new AdversarialDocuments(length);
        List<Document> all = new ArrayList<>();
        of.elements(all);
        of.namespaces(all);
        of.attributes(all);
        of.names(all);
        of.content(all);
        of.withinLimits(all);
        return all;
    }

    private void elements(List<Document> all) {
        all.add(new Document("tiny elements", content(i -> "<a/>")));
        all.add(new Document("deep nesting", nested(i -> "<a>", i -> "</a>", "")));
        all.add(new Document(
                "wide in deep nesting",
                nested(i -> i < length / 20 ? "<a>" : "<b/>", i -> i < length / 20 ? "</a>" : "", "")));
    }

    private void namespaces(List<Document> all) {
        all.add(new Document("namespaces on one element", attributes(i -> " xmlns:p" + i + "=\"urn:" + i + "\"", "")));
        all.add(new Document(
                "namespaces on one element, last used", used(i -> " xmlns:p" + i + "=\"urn:" + i + "\"", i -> "p0")));
        all.add(new Document(
                "namespaces on one element, each used",
                used(i -> " xmlns:p" + i + "=\"urn:" + i + "\"", i -> "p" + i % (length / 60))));
        all.add(new Document(
                "namespaces on one element, used by attributes",
                attributes(i -> " xmlns:p" + i + "=\"urn:" + i + "\" p" + i + ":a=\"\"", "")));
        all.add(new Document(
                "namespaces on one element, default used",
                START + repeat(length / 2, i -> " xmlns:p" + i + "=\"urn:" + i + "\"") + ">"
                        + repeat(length / 2, i -> "<a/>") + END));
        all.add(new Document(
                "namespaces on nested elements",
                nested(i -> "<a xmlns:p" + i + "=\"urn:" + i + "\">", i -> "</a>", "")));
        all.add(new Document(
                "namespaces on nested elements, used",
                nested(i -> "<p" + i + ":a xmlns:p" + i + "=\"urn:" + i + "\">", i -> "</p" + i + ":a>", "")));
        all.add(new Document(
                "namespaces on nested elements, first used",
                nested(i -> "<p0:a xmlns:p" + i + "=\"urn:" + i + "\">", i -> "</p0:a>", "")));
        all.add(new Document(
                "one prefix on nested elements", nested(i -> "<p:a xmlns:p=\"urn:" + i + "\">", i -> "</p:a>", "")));
        all.add(new Document(
                "default namespace changed on nested elements",
                nested(i -> "<a xmlns=\"" + (i % 2 == 0 ? "" : "urn:a") + "\">", i -> "</a>", "")));
        all.add(new Document(
                "namespaces on siblings", content(i -> "<p:a xmlns:p=\"urn:" + i + "\" xmlns:q" + i + "=\"urn:q\"/>")));
        all.add(new Document(
                "prefixes of one hash", attributes(i -> " xmlns:" + colliding(i) + "=\"urn:" + i + "\"", "")));
        all.add(new Document(
                "namespace names of one hash", attributes(i -> " xmlns:p" + i + "=\"" + colliding(i) + "\"", "")));
        all.add(new Document(
                "namespaces of one hash, used by attributes",
                attributes(i -> " xmlns:p" + i + "=\"" + colliding(i) + "\" p" + i + ":a=\"\"", "")));
        all.add(new Document(
                "prefixes of one hash on nested elements",
                nested(i -> "<a xmlns:" + colliding(i) + "=\"urn:" + i + "\">", i -> "</a>", "")));
    }

    private void attributes(List<Document> all) {
        all.add(new Document("attributes", attributes(i -> " a" + i + "=\"\"", "")));
        all.add(new Document("attributes in falling order", attributes(i -> " a" + (9_999_999 - i) + "=\"\"", "")));
        all.add(new Document("attributes of one hash", attributes(i -> " " + colliding(i) + "=\"\"", "")));
        all.add(new Document("attributes on each element", content(i -> "<a b=\"\" c=\"\" d=\"\" e=\"\" f=\"\"/>")));
        all.add(new Document("ids", content(i -> "<a Id=\"i" + i + "\"/>")));
        all.add(new Document("ids of one hash", content(i -> "<a Id=\"" + colliding(i) + "\"/>")));
        all.add(new Document("attribute of references", START + " a=\"" + repeat(length, i -> "&#xA;") + "\">" + END));
        all.add(new Document("long attribute", START + " a=\"" + repeat(length, i -> "long text ") + "\">" + END));
        all.add(new Document("white space in a tag", START + " ".repeat(length) + ">" + END));
        all.add(new Document(
                "xml:base on nested elements", nested(i -> "<a xml:base=\"b" + i + "/\">", i -> "</a>", "")));
        all.add(new Document(
                "xml:lang on nested elements", nested(i -> "<a xml:lang=\"l" + i + "\">", i -> "</a>", "")));
    }

    private void names(List<Document> all) {
        all.add(new Document("names", content(i -> "<a" + i + "/>")));
        all.add(new Document("names of one hash", content(i -> "<" + colliding(i) + "/>")));
        all.add(new Document("one long name", START + "><" + "n".repeat(length) + "/>" + END));
        all.add(new Document("long names", content(i -> "<n" + i + "n".repeat(2000) + "/>")));
        all.add(new Document("long names, once", content(i -> "<" + "n".repeat(2000) + "/>")));
        all.add(new Document(
                "long prefixes",
                nested(
                        i -> "<" + "p".repeat(500) + i + ":a xmlns:" + "p".repeat(500) + i + "=\"urn:p\">",
                        i -> "</" + "p".repeat(500) + i + ":a>",
                        "")));
    }

    private void content(List<Document> all) {
        all.add(new Document("text", content(i -> "long text ")));
        all.add(new Document("text that is escaped", content(i -> ">")));
        all.add(new Document("text of two line ends", content(i -> "\r\n")));
        all.add(new Document("text of supplementary characters", content(i -> "\uD83D\uDD10")));
        all.add(new Document("entity references", content(i -> "&amp;")));
        all.add(new Document("character references", content(i -> "&#13;")));
        all.add(new Document("long character references", content(i -> "&#x" + "0".repeat(1000) + "41;")));
        all.add(new Document("character data sections", content(i -> "<![CDATA[]]>")));
        all.add(new Document(
                "one character data section", START + "><![CDATA[" + "]]".repeat(length / 2) + "]]>" + END));
        all.add(new Document("processing instructions", content(i -> "<?p?>")));
        all.add(new Document("one processing instruction", START + "><?p " + "?".repeat(length) + "?>" + END));
        all.add(new Document("comments", content(i -> "<!---->")));
        all.add(new Document("one comment", START + "><!--" + "- ".repeat(length / 2) + "-->" + END));
        all.add(new Document("comments that split text", content(i -> "a<!---->")));
    }

    /** Those whose canonical form would be up to hundreds of times as long: it has a namespace again in every tag. */
    static List<Document> growing(int length) {
        List<Document> all = new ArrayList<>();
        growing(length, 8000, all);
        // As long as they may be, so that it is the work that is bounded and not the name.
        growing(length, 500, all);
        return all;
    }

    private static void growing(int length, int characters, List<Document> all) {
        String namespace = "urn:" + "n".repeat(characters);
        all.add(new Document(
                "a namespace of " + characters + " that each tag needs",
                START + " xmlns:p=\"" + namespace + "\">"
                        + repeat(length - namespace.length(), i -> i < 4000 ? "<p:a/>" : "<!---->") + END));
        StringBuilder open = new StringBuilder(START).append('>');
        for (int i = 0; i < 32; i++) {
            open.append(i % 16 == 0 ? "<a xmlns:p" : " xmlns:p")
                    .append(i)
                    .append("=\"")
                    .append(namespace)
                    .append(i);
            open.append(i % 16 == 15 ? "\">" : "\"");
        }
        all.add(new Document(
                "32 namespaces of " + characters + " that each tag needs",
                open + repeat(length - open.length(), i -> attributesOf(0, 32, j -> "p" + j + ":a")) + "</a></a>"
                        + END));
        all.add(new Document(
                "namespaces that each tag needs, " + characters,
                new AdversarialDocuments(length - 480 * 440)
                        .scoped(i -> attributesOf(0, 60, j -> "p" + j + ":a"))
                        .replaceAll("\"urn:(?!adv)", "\"urn:" + "n".repeat(400))));
    }

    /** Under the recommended limits, and close to them. */
    private void withinLimits(List<Document> all) {
        all.add(new Document(
                "1,000 names of one hash, as attributes", tags(i -> attributesOf(i, 56, j -> colliding(j % 1000)))));
        all.add(new Document(
                "500 names of one hash, as attributes", tags(i -> attributesOf(i, 56, j -> colliding(j % 500)))));
        all.add(new Document("1,000 names, as attributes", tags(i -> attributesOf(i, 60, j -> "a" + j % 1000))));
        all.add(new Document(
                "40 attributes of one hash", tags(i -> attributesOf(0, 40, AdversarialDocuments::colliding))));
        all.add(new Document("60 attributes in falling order", tags(i -> attributesOf(0, 60, j -> "a" + (99 - j)))));
        all.add(new Document("240 namespaces in scope, first used", scoped(i -> attributesOf(0, 60, j -> "p0:a" + j))));
        all.add(new Document(
                "240 namespaces in scope, each used", scoped(i -> attributesOf(i, 60, j -> "p" + j % 240 + ":a"))));
        all.add(new Document("16 namespaces on each element, used", tags(i -> {
            StringBuilder tag = new StringBuilder("<a");
            for (int j = 0; j < 16; j++) {
                tag.append(" xmlns:p")
                        .append(j)
                        .append("=\"")
                        .append(colliding(i * 16 + j))
                        .append('"');
            }
            return attributesOf(0, 16, j -> "p" + j + ":a").replace("<a", tag);
        })));
        all.add(new Document(
                "ids of one hash, four on each element",
                tags(i -> "<a ID=\"" + colliding(4 * i) + "\" Id=\"" + colliding(4 * i + 1) + "\" xml:id=\""
                        + colliding(4 * i + 2) + "\" u:Id=\"" + colliding(4 * i + 3) + "\" xmlns:u=\"" + XmlProfile.WSU
                        + "\"/>")));
        all.add(new Document(
                "xml: attributes, all different", tags(i -> attributesOf(i, 60, j -> "xml:a" + j % 1000))));
        List<String> names = namesOfOnePlace();
        all.add(new Document(
                "1,000 names of one place in a table", tags(i -> attributesOf(i, 60, j -> names.get(j % 1000)))));
        all.add(new Document("instructions and elements", tags(i -> "<a/>" + "<?p?>".repeat(20))));
        all.add(new Document("comments and elements", tags(i -> "<a/>" + "<!---->".repeat(10))));
        all.add(new Document("escaped text and elements", tags(i -> "<a/>" + "&gt;".repeat(20))));
    }

    private static String attributesOf(int element, int count, IntFunction<String> name) {
        StringBuilder tag = new StringBuilder("<a");
        for (int i = 0; i < count; i++) {
            tag.append(' ').append(name.apply(element * count + i)).append("=\"\"");
        }
        return tag.append("/>").toString();
    }

    /** In groups that are as large as an element may be. */
    private String tags(IntFunction<String> tag) {
        return content(i -> (i > 0 && i % 4000 == 0 ? "</g>" : "") + (i % 4000 == 0 ? "<g>" : "") + tag.apply(i))
                .replaceFirst(END + "$", "</g>" + END);
    }

    private String scoped(IntFunction<String> tag) {
        StringBuilder open = new StringBuilder();
        for (int level = 0; level < 30; level++) {
            open.append("<a");
            for (int i = 0; i < 16; i++) {
                int number = level * 16 + i;
                open.append(" xmlns:p")
                        .append(number)
                        .append("=\"urn:")
                        .append(number)
                        .append('"');
            }
            open.append('>');
        }
        return START + ">" + open + repeat(length, i -> i < 4000 ? tag.apply(i) : "<!---->") + "</a>".repeat(30) + END;
    }

    private String content(IntFunction<String> part) {
        return START + ">" + repeat(length, part) + END;
    }

    private String attributes(IntFunction<String> part, String content) {
        return START + repeat(length, part) + ">" + content + END;
    }

    /** Half of it declarations on one element, half of it elements of these prefixes. */
    private String used(IntFunction<String> declaration, IntFunction<String> prefix) {
        return START + repeat(length / 2, declaration) + ">" + repeat(length / 2, i -> "<" + prefix.apply(i) + ":a/>")
                + END;
    }

    private String nested(IntFunction<String> start, IntFunction<String> end, String innermost) {
        List<String> ends = new ArrayList<>();
        StringBuilder xml = new StringBuilder(length + 100).append(START).append('>');
        for (int i = 0, rest = length; rest > 0; i++) {
            String head = start.apply(i);
            String tail = end.apply(i);
            xml.append(head);
            ends.add(tail);
            rest -= head.length() + tail.length();
        }
        xml.append(innermost);
        for (int i = ends.size() - 1; i >= 0; i--) {
            xml.append(ends.get(i));
        }
        return xml.append(END).toString();
    }

    private static String repeat(int length, IntFunction<String> part) {
        StringBuilder text = new StringBuilder(length + 100);
        for (int i = 0; text.length() < length; i++) {
            text.append(part.apply(i));
        }
        return text.toString();
    }

    /** Names whose hashes differ and fall, spread as {@code HashMap} spreads them, on one place of a table of 2,048. */
    private static List<String> namesOfOnePlace() {
        List<String> names = new ArrayList<>();
        for (int i = 0; names.size() < 1000; i++) {
            String name = "name" + i;
            int hash = name.hashCode();
            if (((hash ^ hash >>> 15) & 2047) == 7) {
                names.add(name);
            }
        }
        return names;
    }

    /** Names of 16 pairs that are different for up to 65,536 numbers and have one {@link String#hashCode}. */
    static String colliding(int number) {
        StringBuilder name = new StringBuilder(32);
        for (int bit = 0; bit < 16; bit++) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }
}
