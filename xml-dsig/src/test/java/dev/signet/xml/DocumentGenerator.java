// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Makes documents with what canonical forms are about, at random: well-formed, without a document type, with absolute
 * namespace names, and written in as many ways as XML has.
 */
final class DocumentGenerator {
    /** No supplementary characters beside U+E000 to U+FFFF, where orders by code points and by UTF-16 differ. */
    private static final String[] URIS = {
        "urn:a",
        "urn:b",
        "urn:B",
        "urn:aa",
        "http://a.example/",
        "http://a.example/z",
        "urn:é",
        "urn:\uD83D\uDD10",
        "urn:a&amp;b",
        "urn:a\"b",
        "urn:&#9;tab",
        "urn:%20"
    };

    private static final String[] PREFIXES = {"a", "b", "c", "p", "z", "A", "xs", "é", "ж1", "a-b", "a.b", "_"};
    /** Not base: Santuario takes an attribute of that name in any namespace for xml:base. */
    private static final String[] LOCALS = {
        "a",
        "b",
        "c",
        "x",
        "A",
        "Id",
        "lang",
        "space",
        "ünï",
        "漢字",
        "имя",
        "a-1",
        "a.1",
        "_a",
        "long-name-of-an-element"
    };
    /**
     * Relative ones, and absolute ones that are too deep to climb out of by {@code ..}: from there, and for opaque ones and for
     * ones without a path, Santuario gives wrong results or throws. XmlBaseTest has those.
     */
    private static final String[] BASES = {
        "a",
        "a/",
        "b/c",
        "../d",
        "../../e/",
        "..",
        "../",
        "./f",
        "n?q=1",
        "a/./b/../c",
        "p%20q",
        "o?p#f",
        "/g/../1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/",
        "http://b.example/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17?x",
        "http://b.example/1/2/3/4/5/6/7/8/./9/10/11/12/13/14/15/16/17/"
    };

    private static final String[] SPECIAL = {
        "&amp;",
        "&lt;",
        "&gt;",
        "&quot;",
        "&apos;",
        "&#13;",
        "&#xD;",
        "&#10;",
        "&#xA;",
        "&#9;",
        "&#x20;",
        "&#x85;",
        "&#x2028;",
        "&#xE9;",
        "&#x1F510;",
        "&#128272;",
        "&#x0041;",
        "&#38;",
        "&#60;",
        "&#x3e;",
        "&#34;",
        "&#39;",
        "\r",
        "\r\n",
        "\n\r",
        "\n",
        "\t",
        " ",
        "  ",
        ">",
        "'",
        "]",
        "]]",
        "\u0085",
        "\u2028",
        "\u00A0",
        "é",
        "ß",
        "漢",
        "\uD83D\uDD10",
        "\uD800\uDC00",
        "\uDBFF\uDFFD",
        "\uFFFD",
        "\uE000",
        "\u007F",
        "\u0080",
        "\u07FF",
        "\u0800",
        "\uD7FF",
        "-",
        "--",
        "?",
        "x",
        "0",
        "text",
        "a b"
    };

    private final RandomGenerator random;
    private final StringBuilder xml = new StringBuilder();
    private int elements;
    private int budget;
    private int maxDepth;
    private int longTexts;

    private DocumentGenerator(RandomGenerator random) {
        this.random = random;
    }

    /**
     * A document.
     *
     * @param elements how many it has
     * @param prefixes for exclusive canonicalization, what may be in an InclusiveNamespaces PrefixList
     */
    record Generated(String xml, int elements, List<String> prefixes) {}

    static Generated generate(RandomGenerator random) {
        return new DocumentGenerator(random).document();
    }

    private Generated document() {
        budget = 1 << random.nextInt(1, 6);
        maxDepth = oneIn(40) ? 200 : random.nextInt(2, 12);
        if (maxDepth == 200) {
            budget = 300;
        }
        longTexts = oneIn(30) ? 2 : 0;
        if (oneIn(3)) {
            xml.append(
                    oneIn(2)
                            ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                            : "<?xml version='1.0' standalone='yes' ?>\n");
        }
        aside();
        element(new HashMap<>(Map.of("", "")), 0);
        aside();
        List<String> listed = new ArrayList<>();
        for (String prefix : List.of("", "a", "b", "p", "z", "xs", "é", "unknown")) {
            if (oneIn(3)) {
                listed.add(prefix);
            }
        }
        return new Generated(xml.toString(), elements, List.copyOf(listed));
    }

    /** Comments, processing instructions and white space around the root. */
    private void aside() {
        while (oneIn(3)) {
            switch (random.nextInt(3)) {
                case 0 -> comment();
                case 1 -> instruction();
                default -> xml.append(pick(" ", "\n", "\r\n", "\t"));
            }
        }
    }

    private void element(Map<String, String> outer, int depth) {
        elements++;
        budget--;
        Map<String, String> scope = new HashMap<>(outer);
        Map<String, String> declared = declarations(scope);
        String prefix = usable(scope, true);
        String name = qualified(prefix, pick(LOCALS));
        List<String> parts = attributes(scope);
        declared.forEach((declaredPrefix, uri) -> parts.add(
                random.nextInt(parts.size() + 1),
                (declaredPrefix.isEmpty() ? "xmlns" : "xmlns:" + declaredPrefix) + equal() + quoted(uri)));
        xml.append('<').append(name);
        parts.forEach(part -> xml.append(space()).append(part));
        if (oneIn(4)) {
            xml.append(space());
        }
        if (oneIn(5)) {
            xml.append("/>");
            return;
        }
        xml.append('>');
        content(scope, depth);
        xml.append("</").append(name).append(oneIn(6) ? space() : "").append('>');
    }

    private void content(Map<String, String> scope, int depth) {
        boolean chain = maxDepth == 200 && depth < maxDepth;
        int parts = chain ? 1 : random.nextInt(6);
        for (int i = 0; i < parts || chain; i++) {
            int kind = random.nextInt(10);
            if ((kind < 4 || chain) && budget > 0 && depth < maxDepth) {
                element(scope, depth + 1);
                chain = false;
            } else if (chain) {
                return;
            } else if (kind < 7) {
                text();
            } else if (kind == 7) {
                section();
            } else if (kind == 8) {
                comment();
            } else {
                instruction();
            }
        }
    }

    // ---- namespaces and attributes ---------------------------------------------------------------------------------

    private Map<String, String> declarations(Map<String, String> scope) {
        Map<String, String> declared = new LinkedHashMap<>();
        int count = oneIn(2) ? 0 : oneIn(20) ? random.nextInt(20) : random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String prefix = oneIn(3) ? "" : pick(PREFIXES);
            // Often what holds already, or what another prefix stands for.
            String uri = oneIn(4) ? scope.getOrDefault(prefix, "urn:a") : pick(URIS);
            if (prefix.isEmpty() ? oneIn(3) : uri.isEmpty()) {
                uri = prefix.isEmpty() ? "" : "urn:a";
            }
            declared.put(prefix, uri);
        }
        if (oneIn(60)) {
            declared.put("xml", NamespaceScope.XML);
        }
        scope.putAll(declared);
        return declared;
    }

    private String usable(Map<String, String> scope, boolean element) {
        List<String> usable = new ArrayList<>(scope.keySet());
        usable.remove("xml");
        usable.sort(null);
        if (!element) {
            usable.remove("");
            if (usable.isEmpty() || oneIn(2)) {
                return "";
            }
        } else if (oneIn(3)) {
            return "";
        }
        return usable.get(random.nextInt(usable.size()));
    }

    private List<String> attributes(Map<String, String> scope) {
        List<String> parts = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int count = oneIn(2) ? 0 : oneIn(15) ? random.nextInt(25) : random.nextInt(5);
        for (int i = 0; i < count; i++) {
            String prefix = usable(scope, false);
            String local = count > 5 && oneIn(2) ? "n" + random.nextInt(100) : pick(LOCALS);
            String uri = prefix.isEmpty() ? "" : scope.getOrDefault(prefix, "");
            if (names.add(uri + " " + local)) {
                parts.add(qualified(prefix, local) + equal() + value());
            }
        }
        if (oneIn(4)) {
            xmlAttributes(parts);
        }
        return parts;
    }

    private void xmlAttributes(List<String> parts) {
        if (oneIn(2)) {
            parts.add("xml:lang" + equal() + quoted(pick("en", "de-CH", "", "fr", "x&#10;y")));
        }
        if (oneIn(3)) {
            parts.add("xml:space" + equal() + quoted(pick("preserve", "default")));
        }
        if (oneIn(4)) {
            parts.add("xml:id" + equal() + quoted("i" + random.nextInt(1000)));
        }
        if (oneIn(8)) {
            parts.add("xml:other" + equal() + value());
        }
        if (oneIn(2)) {
            parts.add("xml:base" + equal() + quoted(pick(BASES)));
        }
    }

    private String value() {
        if (longTexts > 0 && oneIn(10)) {
            longTexts--;
            return quoted(longText());
        }
        StringBuilder value = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            value.append(pick(SPECIAL));
        }
        return quoted(value.toString());
    }

    private String quoted(String value) {
        boolean single = oneIn(2);
        String escaped = single
                ? value.replace("'", oneIn(2) ? "&apos;" : "&#39;")
                : value.replace("\"", oneIn(2) ? "&quot;" : "&#x22;");
        return single ? "'" + escaped + "'" : '"' + escaped + '"';
    }

    // ---- content ---------------------------------------------------------------------------------------------------

    private void text() {
        if (longTexts > 0 && oneIn(3)) {
            longTexts--;
            xml.append(safe(longText()));
            return;
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(pick(SPECIAL));
        }
        xml.append(safe(text.toString()));
    }

    /** Around the sizes of buffers, with what is escaped or cannot be cut at each border. */
    private String longText() {
        StringBuilder text = new StringBuilder();
        int border = pick(500, 512, 1024, 2000, 3990, 4000, 4096, 8000, 8192) - random.nextInt(12);
        text.append((oneIn(2) ? "y" : "é").repeat(border));
        for (int i = 0; i < 12; i++) {
            text.append(pick(SPECIAL));
        }
        text.append((oneIn(2) ? "long text " : "\uD83D\uDD10").repeat(random.nextInt(900)));
        return text.toString();
    }

    /** {@code ]]>} may not stand in text (XML 1.0, 2.4). */
    private String safe(String text) {
        String before = xml.substring(Math.max(0, xml.length() - 2));
        boolean dangling = text.startsWith(">") || text.startsWith("]");
        return (dangling && before.endsWith("]") ? "x" : "") + text.replace("]]>", "]]&gt;");
    }

    private void section() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(pick(SPECIAL)).append(oneIn(4) ? pick("<", "&", "<a>", "]", "]]") : "");
        }
        String content = text.toString().replace("]]>", "]]]]><![CDATA[>");
        xml.append("<![CDATA[").append(content).append("]]>");
    }

    private void comment() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(pick(SPECIAL)).append(' ');
        }
        xml.append("<!--").append(text.toString().replace("-", "")).append("-->");
    }

    private void instruction() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(pick(SPECIAL));
        }
        String data = text.toString().replace("?", "");
        xml.append("<?").append(pick("p", "target", "xml-stylesheet", "é"));
        if (!data.isEmpty()) {
            xml.append(pick(" ", "  ", "\n")).append(data);
        } else if (oneIn(2)) {
            xml.append(' ');
        }
        xml.append("?>");
    }

    // ---- chance ----------------------------------------------------------------------------------------------------

    private static String qualified(String prefix, String local) {
        return prefix.isEmpty() ? local : prefix + ":" + local;
    }

    private String equal() {
        return oneIn(8) ? pick(" = ", "= ", " =", "\n=") : "=";
    }

    private String space() {
        return oneIn(6) ? pick("\n", "\t", "  ", "\r\n", "\r") : " ";
    }

    private boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    private String pick(String... of) {
        return of[random.nextInt(of.length)];
    }

    private int pick(int... of) {
        return of[random.nextInt(of.length)];
    }
}
