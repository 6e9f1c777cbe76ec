// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import static dev.signet.testkit.WrappingSubject.MARK;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What is done to the text of a document: comments, instructions, entities, white space, encodings. */
final class WrappingText {
    private static final Pattern EMPTY_ELEMENT = Pattern.compile("<([\\w:]+)([^<>]*)/>");

    private final WrappingCollector out;
    private final WrappingSubject subject;
    private final String signed;
    private final String victim;

    private WrappingText(WrappingCollector out, WrappingSubject subject) {
        this.out = out;
        this.subject = subject;
        signed = subject.signed();
        victim = subject.victim();
    }

    static void add(WrappingCollector out, WrappingSubject subject) {
        WrappingText text = new WrappingText(out, subject);
        text.comments();
        text.forms();
        text.instructions();
        text.entities();
        text.whiteSpace();
        text.encodings();
    }

    private void comments() {
        out.attack("comment");
        accepted("middle", "a comment splits the text: readers of the first text node see half", split("<!---->"));
        accepted("start", "a comment stands before the text", edit("<!--a-->" + victim));
        accepted("end", "a comment stands after the text", edit(victim + "<!--a-->"));
        accepted("many", "comments stand between all characters", edit(victim.replaceAll("(.)", "$1<!---->")));
        accepted("forged", "a comment has the text that the attacker wants", split("<!--" + subject.evil() + "-->"));
        accepted("cdata", "a comment and a CDATA section split the text", split("<!----><![CDATA[]]><!---->"));
        accepted("before-root", "a comment stands before the root", "<!--a-->" + signed);
        accepted("after-root", "a comment stands after the root", signed + "<!--a-->");
        accepted("before-signature", "a comment stands before the signature", beforeSignature("<!--a-->"));
        accepted(
                "after-signature",
                "a comment follows the signature",
                Texts.insertAfter(signed, "</ds:Signature>", "<!--a-->"));
        accepted(
                "in-signed-element",
                "a comment begins the signed element",
                subject.replaceCovered(Texts.prepend(subject.covered(), "<!--a-->"))
                        .replace(MARK, subject.signature()));
        refused("unterminated", "a comment has no end", split("<!--"));
        refused("double-hyphen", "a comment has two hyphens inside, which XML forbids", split("<!-- -- -->"));
    }

    private void forms() {
        out.attack("form");
        int half = victim.length() / 2;
        accepted("cdata", "the text is a CDATA section", edit("<![CDATA[" + victim + "]]>"));
        accepted(
                "cdata-part",
                "half of the text is a CDATA section",
                edit(victim.substring(0, half) + "<![CDATA[" + victim.substring(half) + "]]>"));
        accepted(
                "decimal",
                "a character of the text is a reference",
                edit("&#" + (int) victim.charAt(0) + ";" + victim.substring(1)));
        accepted(
                "hexadecimal",
                "a character of the text is a hexadecimal reference",
                edit("&#x" + Integer.toHexString(victim.charAt(0)) + ";" + victim.substring(1)));
        accepted(
                "quotes",
                "attributes are in single quotes",
                subject.document().replace('"', '\'').replace(MARK, subject.signature()));
        accepted("tag-space", "there is space in the end tag of the root", Texts.replaceLast(signed, ">", " >"));
        accepted(
                "empty-elements",
                "empty elements are written with two tags, or none are there",
                EMPTY_ELEMENT.matcher(signed).replaceAll("<$1$2></$1>"));
        refused(
                "cdata-markup",
                "a CDATA section turns an element into text",
                edit("<![CDATA[<forged>" + victim + "</forged>]]>"));
        refused(
                "cdata-forged",
                "a CDATA section has the text that the attacker wants",
                edit("<![CDATA[" + subject.evil() + "]]>"));
        refused("changed", "the text is the attacker's", edit(subject.evil()));
        refused("appended", "a character is appended to the text", edit(victim + "."));
        refused("emptied", "the text is gone", edit(""));
        refused("zero-width", "the text has a character without width in it", split("\u200b"));
    }

    private void instructions() {
        out.attack("instruction");
        String pi = "<?evil " + subject.evil() + "?>";
        refused("in-text", "a processing instruction splits the text", split(pi));
        refused("empty", "a processing instruction without data splits the text", split("<?evil?>"));
        refused("before-root", "a processing instruction stands before the root", pi + signed);
        refused("after-root", "a processing instruction stands after the root", signed + pi);
        refused(
                "stylesheet",
                "a style sheet is named before the root",
                "<?xml-stylesheet type=\"text/xsl\" href=\"file:///evil\"?>" + signed);
        refused("before-signature", "a processing instruction stands before the signature", beforeSignature(pi));
        refused("in-signature", "a processing instruction is in the signature", in("</ds:SignedInfo>", pi, ""));
        refused("in-signed-info", "a processing instruction is in SignedInfo", in("<ds:Reference", "", pi));
        refused("in-digest-value", "a processing instruction is in DigestValue", in("<ds:DigestValue>", pi, ""));
        refused(
                "in-signature-value",
                "a processing instruction is in SignatureValue",
                in("<ds:SignatureValue>", pi, ""));
        String changed = Texts.insertAfter(subject.document(), victim, pi);
        out.refused(
                subject,
                "signed",
                "the signer signed a document that has a processing instruction, of which readers may make anything",
                WrappingSubject.bytes(changed.replace(
                        MARK,
                        subject.draft().references(subject.reference(changed)).build())),
                subject.content(changed));
    }

    private void entities() {
        out.attack("entity");
        String root = signed.substring(1, signed.indexOf(' '));
        String type = "<!DOCTYPE " + root;
        refused("doctype", "there is a document type, and nothing in it", type + ">" + signed);
        refused("doctype-empty", "there is an empty internal subset", type + " []>" + signed);
        refused(
                "external-http",
                "the document type is fetched",
                type + " SYSTEM \"http://127.0.0.1:9/evil.dtd\">" + signed);
        refused(
                "external-file",
                "the document type is read",
                type + " SYSTEM \"file:///nonexistent/evil.dtd\">" + signed);
        refused(
                "public",
                "the document type is a public one",
                type + " PUBLIC \"-//EVIL//DTD\" \"file:///nonexistent/evil.dtd\">" + signed);
        refused("internal", "the text is an entity", type + " [<!ENTITY e \"" + victim + "\">]>" + edit("&e;"));
        refused("internal-empty", "an entity of nothing splits the text", type + " [<!ENTITY e \"\">]>" + split("&e;"));
        refused(
                "internal-forged",
                "the text is an entity that is declared twice",
                type + " [<!ENTITY e \"" + victim + "\"><!ENTITY e \"" + subject.evil() + "\">]>" + edit("&e;"));
        refused(
                "file",
                "the text is an entity that is a file",
                type + " [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>" + edit("&e;"));
        refused(
                "http",
                "the text is an entity that is fetched",
                type + " [<!ENTITY e SYSTEM \"http://127.0.0.1:9/e\">]>" + edit("&e;"));
        refused(
                "parameter",
                "a parameter entity is fetched",
                type + " [<!ENTITY % p SYSTEM \"http://127.0.0.1:9/p\"> %p;]>" + signed);
        refused("unused", "an entity is declared and not used", type + " [<!ENTITY e \"x\">]>" + signed);
        refused("undeclared", "an entity is used and not declared", split("&e;"));
        refused(
                "laughs",
                "entities multiply",
                type + " [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
                        + "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]>"
                        + edit("&d;"));
        refused(
                "in-digest-value",
                "DigestValue begins with an entity",
                type + " [<!ENTITY e \"\">]>" + in("<ds:DigestValue>", "&e;", ""));
        if (!subject.uri().isEmpty()) {
            String covered = subject.covered().substring(1, subject.covered().indexOf(' '));
            String id = " " + subject.idAttribute() + "=\"" + subject.id() + "\"";
            refused(
                    "default-id",
                    "the id is a default of the document type",
                    type + " [<!ATTLIST " + covered + id.replace("=", " CDATA ") + ">]>"
                            + Texts.replaceOnce(signed, id, ""));
            refused(
                    "id-type",
                    "the document type makes an id of another attribute",
                    type + " [<!ATTLIST ds:Object Encoding ID #IMPLIED>]>"
                            + in(
                                    "</ds:SignatureValue>",
                                    "<ds:Object Encoding=\"" + subject.id() + "\"></ds:Object>",
                                    ""));
        }
    }

    private void whiteSpace() {
        out.attack("space");
        accepted("after-root", "line ends follow the root", signed + "\n\r\n \t\n");
        accepted("before-root", "a line end precedes the root", "\n" + signed);
        accepted("crlf", "lines end with CR and LF, which a parser makes LF", signed.replace("\n", "\r\n"));
        accepted("cr", "lines end with CR, which a parser makes LF", signed.replace("\n", "\r"));
        accepted(
                "signature-children",
                "lines are between the children of the signature",
                in("</ds:SignedInfo>", "\n  ", ""));
        accepted(
                "signature-tags",
                "there is space in the tags of the signature",
                Texts.replaceOnce(
                        Texts.replaceOnce(signed, "<ds:SignedInfo>", "<ds:SignedInfo  >"),
                        "</ds:SignatureValue>",
                        "</ds:SignatureValue\n>"));
        accepted(
                "signature-value",
                "SignatureValue is in lines",
                signed.replaceAll("(<ds:SignatureValue>)(.{76})(.{76})", "$1\n$2\n$3\n"));
        accepted(
                "signature-value-cr",
                "lines of SignatureValue end with a reference to CR, as some signers write",
                signed.replaceAll("(<ds:SignatureValue>)(.{76})(.{76})", "$1$2&#13;\n$3&#13;\n"));
        refused(
                "cr-reference",
                "a line of the content ends with a reference to CR",
                signed.replaceFirst("\n", "&#13;\n"));
        refused("text", "a space follows the text", edit(victim + " "));
        refused("text-before", "a line end precedes the text", edit("\n" + victim));
        refused(
                "element",
                "a space is in the signed element",
                subject.replaceCovered(Texts.append(subject.covered(), " ")).replace(MARK, subject.signature()));
        refused("removed", "a line end of the content is gone", signed.replaceFirst("\n", ""));
        refused("tab", "a line end of the content is a tab", signed.replaceFirst("\n", "\t"));
        refused(
                "signed-info",
                "lines are between the children of SignedInfo, but were not when it was signed",
                in("<ds:Reference", "", "\n"));
        refused(
                "digest-value",
                "a line end is in DigestValue, but was not when it was signed",
                in("<ds:DigestValue>", "\n", ""));
        refused(
                "no-break",
                "a space that XML does not know is in SignatureValue",
                in("<ds:SignatureValue>", "\u00a0", ""));
        refused(
                "algorithm",
                "a space is in the signature's algorithm",
                Texts.replaceOnce(signed, "rsa-sha256\"", "rsa-sha256 \""));
        String pretty = subject.draft()
                .inner()
                .replace("<ds:Reference ", "\n  <ds:Reference ")
                .replace("</ds:Reference>", "</ds:Reference>\n")
                .replace("<ds:DigestValue>", "<ds:DigestValue>\n")
                .replace("</ds:DigestValue>", "\n</ds:DigestValue>");
        accepted(
                "signed",
                "lines are between the children of SignedInfo and in DigestValue, and were signed",
                subject.with(subject.draft().build(pretty)));
        if (!subject.coversRoot()) {
            accepted(
                    "outside",
                    "lines are outside of what is covered",
                    Texts.insertAfter(signed, subject.header(), "\n  "));
            accepted("outside-root", "lines are in the root, outside of what is covered", Texts.append(signed, "\n  "));
        }
    }

    private void encodings() {
        out.attack("encoding");
        accepted("declared", "there is an XML declaration", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + signed);
        accepted("mark", "there is a byte order mark", "\ufeff" + signed);
        out.accepted(
                subject, "latin-1", "it is in ISO-8859-1", encoded(StandardCharsets.ISO_8859_1), subject.content());
        out.either(subject, "utf-16", "it is in UTF-16", encoded(StandardCharsets.UTF_16), subject.content());
        refused("unknown", "the encoding is unknown", "<?xml version=\"1.0\" encoding=\"evil\"?>" + signed);
        refused("version", "it is XML 1.1", "<?xml version=\"1.1\"?>" + signed);
        refused("late-declaration", "something precedes the XML declaration", " <?xml version=\"1.0\"?>" + signed);
        refused("null", "the text has a character that XML forbids", split("&#0;"));
        refused("surrogate", "the text has half a character", split("&#xd800;"));
        byte[] bytes = WrappingSubject.bytes(split("\u0001"));
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == 1 ? (byte) 0xff : bytes[i];
        }
        out.refused(subject, "bytes", "the text has a byte that is not UTF-8", bytes, subject.content());
        refused("two-roots", "a second root follows", signed + "<x/>");
        refused("trailing-text", "text follows the root", signed + "x");
        refused("cut", "the end is missing", signed.substring(0, signed.length() - 3));
        refused("two-documents", "the document is there twice", signed + signed);
    }

    private byte[] encoded(Charset charset) {
        String declared = "<?xml version=\"1.0\" encoding=\"" + charset.name() + "\"?>" + signed;
        return declared.getBytes(charset);
    }

    private void accepted(String variant, String description, String xml) {
        out.accepted(subject, variant, description, xml);
    }

    private void refused(String variant, String description, String xml) {
        out.refused(subject, variant, description, xml);
    }

    private String edit(String text) {
        return Texts.replaceOnce(signed, victim, text);
    }

    private String split(String middle) {
        return edit(victim.substring(0, 5) + middle + victim.substring(5));
    }

    private String beforeSignature(String added) {
        return Texts.insertBefore(signed, "<ds:Signature ", added);
    }

    /** The signed document with something before and after a tag of the signature. */
    private String in(String tag, String after, String before) {
        return Texts.replaceOnce(signed, tag, before + tag + after);
    }
}
