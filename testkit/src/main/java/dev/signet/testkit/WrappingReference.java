// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import static dev.signet.testkit.SignatureDraft.DS;
import static dev.signet.testkit.SignatureDraft.EXCLUSIVE;
import static dev.signet.testkit.SignatureDraft.algorithm;
import static dev.signet.testkit.SignatureDraft.reference;
import static dev.signet.testkit.SignatureDraft.transform;
import static dev.signet.testkit.WrappingSubject.MARK;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** What the references say: what is covered, by which transforms, with which digest. All of it was signed by the signer. */
final class WrappingReference {
    private static final String DIGEST_METHOD = algorithm("DigestMethod", SignatureDraft.SHA_256);
    private static final String COMMENTS = EXCLUSIVE + "WithComments";

    private final WrappingCollector out;
    private final WrappingSubject subject;
    private final byte[] content;
    private final byte[] digest;

    private WrappingReference(WrappingCollector out, WrappingSubject subject) {
        this.out = out;
        this.subject = subject;
        content = subject.content();
        digest = WrappingKeys.digest("SHA-256", content);
    }

    static void add(WrappingCollector out, WrappingSubject subject) {
        WrappingReference reference = new WrappingReference(out, subject);
        reference.uris();
        reference.targets();
        reference.transforms();
        reference.digests();
        if (subject.isSoap()) {
            reference.timestamps();
        }
    }

    private void uris() {
        out.attack("uri");
        String own = subject.uri().isEmpty() ? "evil-1" : subject.id();
        uri("xpointer-id", "an XPointer names the id", "#xpointer(id('" + own + "'))");
        uri("xpointer-quoted", "an XPointer names the id in double quotes", "#xpointer(id(&quot;" + own + "&quot;))");
        uri("xpointer-root", "an XPointer names the root", "#xpointer(/)");
        uri("xpointer-path", "an XPointer names a path", "#xpointer(/*[1])");
        uri("element-scheme", "an XPointer of the element scheme", "#element(/1)");
        uri("hash", "there is a fragment without a name", "#");
        uri("http", "the content would be fetched", "http://127.0.0.1:9/content.xml");
        uri(
                "http-fragment",
                "the content would be fetched, and found by its id there",
                "http://127.0.0.1:9/content.xml#" + own);
        uri("https", "the content would be fetched by https", "https://127.0.0.1:9/content.xml");
        uri("file", "the content would be read from a file", "file:///nonexistent/content.xml");
        uri("file-passwd", "a file of the system is referred to", "file:///etc/passwd");
        uri("jar", "the content would be read from an archive", "jar:file:///nonexistent/a.jar!/content.xml");
        uri("relative", "the content would be beside the document", "content.xml");
        uri("cid", "the content would be an attachment", "cid:content");
        uri("data", "the content is in the address", "data:text/xml,%3Cx/%3E");
        uri("percent", "the id is percent-encoded", "#%" + Integer.toHexString(own.charAt(0)) + own.substring(1));
        uri("space", "a space precedes", " #" + own);
        uri("space-after", "a space follows", "#" + own + " ");
        uri("case", "the id is in another case", "#" + own.toUpperCase(Locale.ROOT));
        uri("unknown", "nothing has the id", "#nothing");
        uri("query", "there is a query", "?#" + own);
        uri("two-hashes", "there are two hashes", "##" + own);
        refused("missing", "there is no URI", reference("", subject.transforms(), DIGEST_METHOD, base64(digest)));
        if (!subject.coversRoot()) {
            byte[] whole = Canonical.bytes(subject.with(""), "", EXCLUSIVE);
            String transforms = transform(SignatureDraft.ENVELOPED) + transform(EXCLUSIVE);
            forged("whole", "the whole document is covered, instead of the element", reference("", transforms, whole));
            refused(
                    "whole-too",
                    "the whole document is covered too",
                    subject.reference() + reference("", transforms, whole));
        }
    }

    private void uri(String variant, String description, String uri) {
        refused(variant, description, reference(uri, subject.transforms(), content));
    }

    private void targets() {
        out.attack("target");
        String enveloped = transform(SignatureDraft.ENVELOPED) + transform(EXCLUSIVE);
        String self = reference("#sig-1", enveloped, new byte[0]);
        out.forged(
                subject,
                "self",
                "only the signature is covered, without the signature",
                subject.with(new SignatureDraft(subject.keys())
                        .attributes(" Id=\"sig-1\"")
                        .references(self)
                        .build()));
        String key =
                "<ds:KeyInfo Id=\"key-1\"><ds:KeyName>" + XmlWrappingCorpus.KEY_NAME + "</ds:KeyName></ds:KeyInfo>";
        part("key", "KeyInfo", key, "#key-1", "");
        part("object", "an Object", "<ds:Object Id=\"object-1\">true</ds:Object>", "#object-1", "");
        part(
                "object-copy",
                "a copy of the content in an Object",
                "<ds:Object Id=\"object-1\"><x:Copy xmlns:x=\"urn:example:copy\">" + subject.victim()
                        + "</x:Copy></ds:Object>",
                "#object-1",
                "");
        String manifest = "<ds:Manifest Id=\"manifest-1\">" + subject.reference() + "</ds:Manifest>";
        part("manifest", "a manifest that covers the content", manifest, "#manifest-1", " Type=\"" + DS + "Manifest\"");
        part("manifest-untyped", "a manifest that does not say so", manifest, "#manifest-1", "");
        part(
                "properties",
                "properties of the signature",
                "<ds:SignatureProperties Id=\"properties-1\"><ds:SignatureProperty Target=\"#sig-1\">true"
                        + "</ds:SignatureProperty></ds:SignatureProperties>",
                "#properties-1",
                " Type=\"" + DS + "SignatureProperties\"");
        String good = subject.reference();
        String bad = Texts.replaceOnce(good, base64(digest), base64(WrappingKeys.digest("SHA-256", new byte[1])));
        refused("tampered", "the digest is of something else", bad);
        refused("tampered-second", "a second reference has the digest of something else", good + bad);
        refused("tampered-first", "a first reference has the digest of something else", bad + good);
        refused("twice", "the content is covered twice", good + good);
        refused(
                "unknown-second",
                "a second reference names nothing",
                good + reference("#nothing", subject.transforms(), content));
        refused(
                "unknown-first",
                "a first reference names nothing",
                reference("#nothing", subject.transforms(), content) + good);
        refused("many", "the content is covered a hundred times", good.repeat(100));
        refused(
                "manifest-type",
                "the reference says that the content is a manifest",
                Texts.insertAfter(good, "<ds:Reference", " Type=\"" + DS + "Manifest\""));
    }

    /** A part of the signature is covered, alone, with the content forged, or with the content. */
    private void part(String variant, String what, String element, String uri, String type) {
        String after = element.startsWith("<ds:Manifest") || element.startsWith("<ds:SignatureProperties")
                ? "<ds:Object>" + element + "</ds:Object>"
                : element;
        String canonical = element.replaceFirst("^(<ds:\\w+)", "$1 xmlns:ds=\"" + DS + "\"");
        String reference = reference(
                type + " URI=\"" + uri + "\"",
                transform(EXCLUSIVE),
                DIGEST_METHOD,
                base64(WrappingKeys.digest("SHA-256", WrappingSubject.bytes(canonical))));
        String only = draft(reference).after(after).build();
        out.forged(subject, variant + "-only", "only this is covered: " + what, subject.forgedWith(only));
        refused(variant + "-too", "this is covered too: " + what, subject.reference() + reference, after);
    }

    private void transforms() {
        out.attack("transform");
        String enveloped = subject.enveloped() ? transform(SignatureDraft.ENVELOPED) : "";
        String c14n = transform(EXCLUSIVE);
        for (String[] accepted :
                new String[][] {{"inclusive", SignatureDraft.INCLUSIVE}, {"inclusive-11", SignatureDraft.INCLUSIVE_11}
                }) {
            byte[] inclusive = Canonical.bytes(subject.with(""), subject.uri(), accepted[1]);
            out.accepted(
                    subject,
                    accepted[0],
                    "the canonicalization is not exclusive",
                    WrappingSubject.bytes(subject.with(
                            draft(reference(subject.uri(), enveloped + transform(accepted[1]), inclusive))
                                    .build())),
                    inclusive);
        }
        byte[] implied = Canonical.bytes(subject.with(""), subject.uri(), SignatureDraft.INCLUSIVE);
        out.accepted(
                subject,
                "implied",
                "no canonicalization is named, so that Canonical XML 1.0 is meant",
                WrappingSubject.bytes(subject.with(
                        draft(reference(subject.uri(), enveloped, implied)).build())),
                implied);
        for (String[] method : new String[][] {
            {"comments", EXCLUSIVE, COMMENTS},
            {"comments-inclusive", SignatureDraft.INCLUSIVE, SignatureDraft.INCLUSIVE + "#WithComments"}
        }) {
            // A reference to the same document leaves comments out before any transform (XML Signature, 4.4.3.3).
            byte[] covered = Canonical.bytes(subject.with(""), subject.uri(), method[1]);
            String xml = subject.with(draft(reference(subject.uri(), enveloped + transform(method[2]), covered))
                    .build());
            out.either(
                    subject,
                    method[0],
                    "the canonicalization is with comments, and there are none",
                    WrappingSubject.bytes(xml),
                    covered);
            out.either(
                    subject,
                    method[0] + "-there",
                    "the canonicalization is with comments, and one was added that is not covered",
                    WrappingSubject.bytes(Texts.insertBefore(xml, subject.victim(), "<!--a-->")),
                    covered);
        }
        transformed("canonicalization-twice", "the canonicalization is there twice", enveloped + c14n + c14n);
        transformed(
                "enveloped-last",
                "the signature is taken out of what is no longer a tree",
                c14n + transform(SignatureDraft.ENVELOPED));
        transformed(
                "enveloped-twice",
                "the signature is taken out twice",
                transform(SignatureDraft.ENVELOPED) + transform(SignatureDraft.ENVELOPED) + c14n);
        transformed("base64", "the text of the content is decoded", enveloped + transform(DS + "base64"));
        transformed("unknown", "the transform is unknown", enveloped + transform("urn:example:evil") + c14n);
        transformed("many", "there are many transforms", enveloped + c14n.repeat(50));
        transformed(
                "decrypt",
                "the content would be decrypted",
                enveloped + transform("http://www.w3.org/2002/07/decrypt#XML") + c14n);
        transformed(
                "security-token",
                "the reference to a security token would be followed",
                enveloped
                        + transform(
                                "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform"));
        transformed("xslt", "a style sheet makes the content", enveloped + xslt() + c14n);
        transformed(
                "xslt-evil",
                "a style sheet would run code",
                enveloped
                        + algorithm(
                                "Transform",
                                "http://www.w3.org/TR/1999/REC-xslt-19991116",
                                "<xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\">"
                                        + "<xsl:template match=\"/\"><xsl:value-of xmlns:r=\"http://xml.apache.org/xalan/java/java.lang.Runtime\""
                                        + " select=\"r:getRuntime()\"></xsl:value-of></xsl:template></xsl:stylesheet>")
                        + c14n);
        transformed("xpath-all", "an XPath filter lets everything through", enveloped + xpath("true()") + c14n);
        transformed(
                "xpath-loop",
                "an XPath filter costs much",
                enveloped + xpath("count(//. | //@* | //namespace::*) &gt; 0") + c14n);
        transformed(
                "filter2",
                "an XPath filter 2.0 takes everything",
                enveloped
                        + algorithm(
                                "Transform",
                                "http://www.w3.org/2002/06/xmldsig-filter2",
                                "<f:XPath xmlns:f=\"http://www.w3.org/2002/06/xmldsig-filter2\" Filter=\"union\">/</f:XPath>")
                        + c14n);
        xpathExcluded(enveloped, c14n);
        refused("empty", "Transforms is empty", Texts.replaceOnce(reference(subject.uri(), c14n, content), c14n, ""));
        refused(
                "no-algorithm",
                "a transform has no algorithm",
                Texts.replaceOnce(
                        subject.reference(), "<ds:Transform Algorithm=\"" + EXCLUSIVE + "\">", "<ds:Transform>"));
        refused(
                "dereferenced",
                "an XPath filter is in a transform that has none",
                Texts.insertBefore(subject.reference(), "</ds:Transform>", "<ds:XPath>false()</ds:XPath>"));
        out.attack("prefix-list");
        out.accepted(
                subject,
                "unused",
                "the canonicalization names a prefix that nothing declares",
                WrappingSubject.bytes(
                        subject.with(draft(reference(subject.uri(), enveloped + prefixes("nothing"), content))
                                .build())),
                content);
        refused(
                "twice",
                "there are two lists of prefixes",
                reference(
                        subject.uri(),
                        enveloped + Texts.insertAfter(prefixes("a"), "</ec:InclusiveNamespaces>", inclusive("b")),
                        content));
        refused(
                "foreign",
                "the list of prefixes is of another namespace",
                reference(
                        subject.uri(),
                        enveloped + prefixes("a").replace("xmlns:ec=\"" + EXCLUSIVE, "xmlns:ec=\"urn:example:evil"),
                        content));
    }

    /** The text that matters is left out of the digest, so that anybody can change it. */
    private void xpathExcluded(String enveloped, String c14n) {
        // With the text gone, the element is what an empty one is.
        String emptied = Texts.replaceOnce(subject.with(""), subject.victim(), "");
        byte[] digested = Canonical.bytes(emptied, subject.uri(), EXCLUSIVE);
        String filter = xpath("not(self::text()[. = '" + subject.victim() + "' or . = '" + subject.evil() + "'])");
        String signature = draft(reference(subject.uri(), enveloped + filter + c14n, digested))
                .build();
        out.forged(subject, "xpath-excluded", "an XPath filter leaves the text out", subject.with(signature));
        out.forged(
                subject,
                "xpath-excluded-forged",
                "an XPath filter leaves the text out, which is forged",
                subject.forgedWith(signature));
    }

    private void digests() {
        out.attack("digest");
        String text = base64(digest);
        for (String[] hash :
                new String[][] {{"SHA-384", SignatureDraft.MORE + "sha384"}, {"SHA-512", SignatureDraft.XENC + "sha512"}
                }) {
            out.accepted(
                    subject,
                    "strong-" + hash[0],
                    "the digest is another strong one",
                    WrappingSubject.bytes(
                            subject.with(draft(hashed(hash[0], hash[1])).build())),
                    content);
        }
        refused("sha-1", "the digest is SHA-1", hashed("SHA-1", DS + "sha1"));
        refused("md5", "the digest is MD5", hashed("MD5", SignatureDraft.MORE + "md5"));
        refused("sha-224", "the digest is SHA-224", hashed("SHA-224", SignatureDraft.MORE + "sha224"));
        refused("unknown", "the digest is unknown", hashed("SHA-256", "urn:example:evil"));
        refused("mixed", "the digest is as long as another algorithm's", hashed("SHA-512", SignatureDraft.SHA_256));
        value("empty", "the digest is empty", "");
        value("short", "the digest is cut", base64(Arrays.copyOf(digest, 31)));
        value("one", "the digest is one byte", base64(Arrays.copyOf(digest, 1)));
        value("long", "the digest has a byte more", base64(Arrays.copyOf(digest, 33)));
        value("no-padding", "the padding is missing", text.replace("=", ""));
        value("padding", "there is too much padding", text + "=");
        value("bits", "the last bits, which nobody reads, are set", lastBits(text));
        value("url", "characters of the alphabet of URLs precede", "-_" + text);
        value("junk", "a character is not of Base64", text.substring(0, 5) + "*" + text.substring(5));
        value("two", "two digests stand behind each other", text + text);
        value("hex", "the digest is hexadecimal", HexFormat.of().formatHex(digest));
    }

    private void timestamps() {
        out.attack("second-part");
        String stamp = "<wsu:Timestamp xmlns:wsu=\"" + WrappingSubject.WSU
                + "\" wsu:Id=\"ts-1\"><wsu:Created>2026-11-01T00:00:00Z" + "</wsu:Created></wsu:Timestamp>";
        String document = Texts.insertBefore(subject.document(), MARK, stamp);
        String second = reference("#ts-1", transform(EXCLUSIVE), WrappingSubject.bytes(stamp));
        String both = document.replace(MARK, draft(subject.reference() + second).build());
        out.accepted(subject, "timestamp", "the time stamp is covered too", both);
        out.accepted(
                subject,
                "timestamp-first",
                "the time stamp is covered first",
                document.replace(MARK, draft(second + subject.reference()).build()));
        out.accepted(
                subject,
                "timestamp-unsigned",
                "there is a time stamp that is not covered",
                document.replace(MARK, draft(subject.reference()).build()));
        out.refused(
                subject,
                "timestamp-tampered",
                "the covered time stamp is another",
                both.replace("2026-11-01T00", "2027-11-01T00"));
        out.refused(
                subject,
                "timestamp-twice",
                "there are two time stamps",
                Texts.insertBefore(
                        both, "<wsu:Timestamp", stamp.replace("ts-1", "ts-2").replace("2026", "2027")));
        out.refused(
                subject,
                "body-tampered",
                "the time stamp is as it was, the body is not",
                Texts.replaceOnce(both, subject.victim(), subject.evil()));
        out.refused(
                subject,
                "timestamp-moved",
                "the covered time stamp is in another header block",
                Texts.insertAfter(Texts.replaceOnce(both, stamp, ""), "</wsse:Security>", stamp));
        out.refused(subject, "timestamp-removed", "the covered time stamp is gone", Texts.replaceOnce(both, stamp, ""));
        out.forged(
                subject,
                "timestamp-only",
                "only the time stamp is covered",
                document.replace(MARK, draft(second).build()));
        String block = "<x:Block xmlns:x=\"urn:example:block\" Id=\"block-1\"></x:Block>";
        out.refused(
                subject,
                "foreign",
                "a header block is covered too that the profile does not name",
                Texts.insertAfter(
                        subject.with(draft(subject.reference()
                                        + reference("#block-1", transform(EXCLUSIVE), WrappingSubject.bytes(block)))
                                .build()),
                        "</wsse:Security>",
                        block));
    }

    private void transformed(String variant, String description, String transforms) {
        refused(variant, description, reference(subject.uri(), transforms, content));
    }

    private void value(String variant, String description, String digestValue) {
        refused(
                variant,
                description,
                reference(" URI=\"" + subject.uri() + "\"", subject.transforms(), DIGEST_METHOD, digestValue));
    }

    private String hashed(String jcaName, String uri) {
        return reference(
                " URI=\"" + subject.uri() + "\"",
                subject.transforms(),
                algorithm("DigestMethod", uri),
                base64(WrappingKeys.digest(jcaName, content)));
    }

    private void refused(String variant, String description, String references) {
        out.refused(
                subject, variant, description, subject.with(draft(references).build()));
    }

    private void refused(String variant, String description, String references, String after) {
        out.refused(
                subject,
                variant,
                description,
                subject.with(draft(references).after(after).build()));
    }

    private void forged(String variant, String description, String references) {
        out.forged(subject, variant, description, subject.with(draft(references).build()));
    }

    private SignatureDraft draft(String references) {
        return new SignatureDraft(subject.keys()).references(references);
    }

    private static String xpath(String expression) {
        return algorithm(
                "Transform", "http://www.w3.org/TR/1999/REC-xpath-19991116", "<ds:XPath>" + expression + "</ds:XPath>");
    }

    private static String xslt() {
        return algorithm(
                "Transform",
                "http://www.w3.org/TR/1999/REC-xslt-19991116",
                "<xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\">"
                        + "<xsl:template match=\"/\"><xsl:copy-of select=\".\"></xsl:copy-of></xsl:template></xsl:stylesheet>");
    }

    private static String prefixes(String list) {
        return algorithm("Transform", EXCLUSIVE, inclusive(list));
    }

    private static String inclusive(String list) {
        return "<ec:InclusiveNamespaces xmlns:ec=\"" + EXCLUSIVE + "\" PrefixList=\"" + list
                + "\"></ec:InclusiveNamespaces>";
    }

    static String lastBits(String base64) {
        int last = base64.indexOf('=') - 1;
        // Two or four bits of the last character count for nothing.
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        return base64.substring(0, last)
                + alphabet.charAt(alphabet.indexOf(base64.charAt(last)) + 1)
                + base64.substring(last + 1);
    }

    private static String base64(byte[] bytes) {
        return SignatureDraft.base64(bytes);
    }
}
