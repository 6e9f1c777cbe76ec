// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import static dev.signet.testkit.WrappingSubject.MARK;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What is done with names: namespaces and their prefixes, and ids. */
final class WrappingNames {
    private static final Map<String, String> CONFIGURED = new TreeMap<>(Map.of(
            "upper", "ID=\"%s\"",
            "mixed", "Id=\"%s\"",
            "wsu", "xmlns:u=\"" + WrappingSubject.WSU + "\" u:Id=\"%s\"",
            "xml", "xml:id=\"%s\""));
    private static final Map<String, String> OTHERS = new TreeMap<>(Map.of(
            "lower", "id=\"%s\"",
            "odd", "iD=\"%s\"",
            "foreign", "xmlns:f=\"urn:example:foreign\" f:Id=\"%s\"",
            "foreign-upper", "xmlns:f=\"urn:example:foreign\" f:ID=\"%s\"",
            "assertion", "AssertionID=\"%s\""));

    private final WrappingCollector out;
    private final WrappingSubject subject;
    private final String signature;
    private final String signed;

    private WrappingNames(WrappingCollector out, WrappingSubject subject) {
        this.out = out;
        this.subject = subject;
        signature = subject.signature();
        signed = subject.with(signature);
    }

    static void add(WrappingCollector out, WrappingSubject subject) {
        WrappingNames names = new WrappingNames(out, subject);
        names.namespaces();
        names.otherNames();
        if (!subject.uri().isEmpty()) {
            names.ids();
        }
        if (!subject.coversRoot()) {
            names.idsOutside();
            names.siblings();
        }
    }

    private void namespaces() {
        out.attack("namespace");
        accepted(
                "unused",
                "the signed element declares a prefix that it does not use",
                covered("xmlns:unused=\"urn:example:unused\""));
        if (!subject.coversRoot()) {
            accepted(
                    "unused-root",
                    "the root declares a prefix that nothing uses",
                    Texts.attribute(signed, "xmlns:unused=\"urn:example:unused\""));
        }
        accepted(
                "xml",
                "the signed element declares the prefix xml as it is",
                covered("xmlns:xml=\"http://www.w3.org/XML/1998/namespace\""));
        accepted(
                "signature-default",
                "the signature has no prefix",
                subject.with(subject.draft().buildUnprefixed()));
        accepted(
                "signature-value",
                "SignatureValue has a prefix of its own",
                Texts.replaceOnce(
                        Texts.replaceOnce(
                                signed,
                                "<ds:SignatureValue>",
                                "<v:SignatureValue xmlns:v=\"" + SignatureDraft.DS + "\">"),
                        "</ds:SignatureValue>",
                        "</v:SignatureValue>"));
        refused(
                "undeclared",
                "a prefix of the signed element is not declared",
                Texts.attribute(signed, "nothing:a=\"b\""));
        refused("attribute-twice", "an attribute is there twice", Texts.attribute(signed, "a=\"1\" a=\"2\""));
        refused(
                "attribute-twice-resolved",
                "an attribute is there twice, by two prefixes",
                Texts.attribute(signed, "xmlns:p=\"urn:p\" xmlns:q=\"urn:p\" p:a=\"1\" q:a=\"2\""));
        refused("xml-rebound", "the prefix xml means something else", covered("xmlns:xml=\"urn:example:evil\""));
        refused("xmlns-bound", "the prefix xmlns is declared", covered("xmlns:xmlns=\"urn:example:evil\""));
        refused("undone", "a prefix is declared as nothing", covered("xmlns:unused=\"\""));
        refused("attribute", "the signed element has one more attribute", covered("evil=\"1\""));
        refused("xml-attribute", "the signed element has one more attribute of XML's own", covered("xml:lang=\"en\""));
        String declared = Texts.replaceOnce(signed, victimElement(), victimElement() + " xmlns=\"urn:example:evil\"");
        if (victimElement().contains(":")) {
            accepted(
                    "default",
                    "an element that has a prefix declares a default namespace, which nothing uses",
                    declared);
        } else {
            refused("default", "the default namespace of an element is another", declared);
        }
        refused(
                "relative",
                "the root declares a relative namespace, of which no canonical form exists",
                covered("xmlns:r=\"relative\""));
        refused(
                "signature-namespace",
                "the signature is of another namespace",
                signed.replace(SignatureDraft.DS + "\"", "http://www.w3.org/2000/09/xmldsig\""));
        refused(
                "signature-none",
                "the signature is of no namespace",
                signed.replace(" xmlns:ds=\"" + SignatureDraft.DS + "\"", "").replace("ds:", ""));
        refused(
                "signature-value-foreign",
                "SignatureValue is of another namespace",
                Texts.replaceOnce(
                        Texts.replaceOnce(
                                signed, "<ds:SignatureValue>", "<v:SignatureValue xmlns:v=\"urn:example:evil\">"),
                        "</ds:SignatureValue>",
                        "</v:SignatureValue>"));
        refused(
                "signature-case",
                "the signature's name is in another case",
                signed.replace("ds:Signature ", "ds:signature ").replace("</ds:Signature>", "</ds:signature>"));
    }

    /** The signer signed an element, but not the one that it should be. */
    private void otherNames() {
        out.attack("name");
        String name = subject.covered().substring(1, subject.covered().indexOf(' '));
        String local = name.substring(name.indexOf(':') + 1);
        String same = name.contains(":") ? name.substring(0, name.indexOf(':') + 1) : "";
        forged(
                "namespace",
                "the signed element has the right local name, in another namespace",
                rename(name, "evil:" + local, " xmlns:evil=\"urn:example:evil\""));
        forged(
                "local",
                "the signed element has another local name in the right namespace",
                rename(name, same + "Evil", ""));
        forged(
                "case",
                "the signed element's name is in another case",
                rename(name, same + local.toUpperCase(Locale.ROOT), ""));
        String root = subject.document().substring(1, subject.document().indexOf(' '));
        if (!subject.coversRoot()) {
            String prefix = root.substring(0, root.indexOf(':') + 1);
            forged(
                    "root",
                    "the root has another name",
                    subject.document()
                            .replace("<" + root + " ", "<" + prefix + "Evil ")
                            .replace("</" + root + ">", "</" + prefix + "Evil>"));
        }
        forged(
                "deeper",
                "the whole document is inside of another root",
                "<x:Root xmlns:x=\"urn:example:root\">" + subject.document() + "</x:Root>");
        if (subject.isSoap()) {
            String other = subject.document().contains(WrappingSubject.SOAP_11)
                    ? WrappingSubject.SOAP_12
                    : WrappingSubject.SOAP_11;
            forged(
                    "version",
                    "the body is of the other version of SOAP",
                    rename(name, "other:Body", " xmlns:other=\"" + other + "\""));
        }
    }

    private void ids() {
        out.attack("id");
        String id = subject.id();
        CONFIGURED.forEach((variant, attribute) -> {
            refused(
                    "signature-" + variant,
                    "the signature has the id of the signed element",
                    subject.with(subject.draft()
                            .attributes(" " + attribute.formatted(id))
                            .build()));
            refused(
                    "key-info-" + variant,
                    "KeyInfo has the id of the signed element",
                    subject.with(subject.draft()
                            .after("<ds:KeyInfo " + attribute.formatted(id) + "><ds:KeyName>"
                                    + XmlWrappingCorpus.KEY_NAME + "</ds:KeyName></ds:KeyInfo>")
                            .build()));
        });
        refused(
                "signature-value",
                "SignatureValue has the id of the signed element",
                Texts.replaceOnce(signed, "<ds:SignatureValue>", "<ds:SignatureValue Id=\"" + id + "\">"));
        refused(
                "object",
                "an Object of the signature has the id of the signed element",
                Texts.insertAfter(signed, "</ds:SignatureValue>", "<ds:Object Id=\"" + id + "\"></ds:Object>"));
        SignatureDraft draft = subject.draft();
        refused(
                "reference",
                "the reference has the id of the signed element, and is signed",
                subject.with(draft.build(draft.inner().replace("<ds:Reference ", "<ds:Reference Id=\"" + id + "\" "))));
        String attribute = " " + subject.idAttribute() + "=\"" + id + "\"";
        refused("removed", "the signed element has no id", Texts.replaceOnce(signed, attribute, ""));
        refused(
                "renamed",
                "the signed element has another id",
                Texts.replaceOnce(signed, attribute, " " + subject.idAttribute() + "=\"other-1\""));
        String lower = Texts.replaceOnce(subject.document(), attribute, " id=\"" + id + "\"");
        out.refused(
                subject,
                "lower-case",
                "the attribute that the reference means is none that is an id",
                WrappingSubject.bytes(lower.replace(
                        MARK,
                        subject.draft().references(subject.reference(lower)).build())),
                subject.content(lower));
        forged("inner", "the signature covers an element in the one that it should cover", inner());
    }

    private void idsOutside() {
        out.attack("id");
        String id = subject.id();
        CONFIGURED.forEach((variant, attribute) -> {
            refused(
                    "before-" + variant,
                    "an element before the signed one has its id",
                    outside(attribute.formatted(id)));
            refused(
                    "after-" + variant,
                    "an element after the signed one has its id",
                    Texts.append(signed, extra(attribute.formatted(id))));
        });
        OTHERS.forEach((variant, attribute) -> accepted(
                "other-" + variant,
                "an element has the id in an attribute that is none",
                outside(attribute.formatted(id))));
        accepted("distinct", "an element has another id", outside("Id=\"another-1\""));
        refused(
                "unrelated",
                "two elements that are not signed share an id",
                Texts.insertAfter(signed, subject.header(), extra("Id=\"twin-1\"") + extra("ID=\"twin-1\"")));
    }

    private void siblings() {
        out.attack("sibling");
        accepted("before", "an element that is not signed stands before the signed one", outside("a=\"b\""));
        accepted(
                "after",
                "an element that is not signed is the last child of the root",
                Texts.append(signed, extra("a=\"b\"")));
        accepted(
                "forged",
                "an element that is not signed has the text that the attacker wants",
                Texts.insertAfter(
                        signed,
                        subject.header(),
                        "<x:Extra xmlns:x=\"urn:example:extra\">" + subject.evil() + "</x:Extra>"));
        accepted(
                "same-local-name",
                "an element that is not signed has the local name of the signed one",
                Texts.insertAfter(
                        signed,
                        subject.header(),
                        "<Assertion xmlns=\"urn:example:extra\"/><Body xmlns=\"urn:example:extra\"/>"));
        accepted("attribute", "the root has one more attribute", Texts.attribute(signed, "extra=\"1\""));
    }

    private String inner() {
        String changed = subject.replaceCovered(Texts.prepend(
                subject.covered(), "<x:Inner xmlns:x=\"urn:example:inner\" Id=\"inner-1\">true</x:Inner>"));
        byte[] digested = Canonical.bytes(changed.replace(MARK, ""), "#inner-1", SignatureDraft.EXCLUSIVE);
        return changed.replace(
                MARK,
                subject.draft()
                        .references(SignatureDraft.reference("#inner-1", subject.transforms(), digested))
                        .build());
    }

    private String rename(String name, String newName, String declaration) {
        String renamed = Texts.replaceLast(
                Texts.replaceOnce(subject.covered(), "<" + name + " ", "<" + newName + declaration + " "),
                "</" + name + ">",
                "</" + newName + ">");
        return subject.replaceCovered(renamed);
    }

    /** The document with its signature made for it as it is now. */
    private void forged(String variant, String description, String document) {
        String xml = document.contains(MARK)
                ? document.replace(
                        MARK,
                        subject.draft().references(subject.reference(document)).build())
                : document;
        out.forged(subject, variant, description, xml);
    }

    private String victimElement() {
        int text = signed.indexOf(subject.victim());
        String before = signed.substring(0, text);
        return before.substring(before.lastIndexOf('<'), before.length() - 1);
    }

    private String covered(String attribute) {
        return subject.replaceCovered(Texts.attribute(subject.covered(), attribute))
                .replace(MARK, signature);
    }

    private String outside(String attribute) {
        return Texts.insertAfter(signed, subject.header(), extra(attribute));
    }

    private static String extra(String attribute) {
        return "<x:Extra xmlns:x=\"urn:example:extra\" " + attribute + "/>";
    }

    private void accepted(String variant, String description, String xml) {
        out.accepted(subject, variant, description, xml);
    }

    private void refused(String variant, String description, String xml) {
        out.refused(subject, variant, description, xml);
    }
}
