// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import static dev.signet.testkit.WrappingSubject.MARK;

import dev.signet.testkit.WrappingCase.Kind;

/** What is done with the signature as an element: where it stands, how many there are, and what is in it. */
final class WrappingStructure {
    private static final String FOREIGN = "<x:Extra xmlns:x=\"urn:example:extra\"></x:Extra>";

    private final WrappingCollector out;
    private final WrappingSubject subject;
    private final SignatureDraft draft;
    private final String inner;
    private final String signature;
    private final String signed;

    private WrappingStructure(WrappingCollector out, WrappingSubject subject) {
        this.out = out;
        this.subject = subject;
        draft = subject.draft();
        inner = draft.inner();
        signature = draft.build();
        signed = subject.with(signature);
    }

    static void add(WrappingCollector out, WrappingSubject subject) {
        WrappingStructure structure = new WrappingStructure(out, subject);
        structure.places();
        structure.number();
        structure.signedInfos();
        structure.strangers();
        structure.attributes();
        structure.comments();
        structure.order();
    }

    private void places() {
        out.attack("place");
        String bare = subject.with("");
        out.forged(subject, "none", "there is no signature", bare);
        if (subject.enveloped()) {
            String first = Texts.prepend(subject.original(), signature);
            String last = Texts.append(subject.original(), signature);
            accepted("first", "the signature is the first child of the signed element", subject.replaceCovered(first));
            if (subject.kind() != Kind.ISO_20022) {
                accepted("last", "the signature is the last child of the signed element", subject.replaceCovered(last));
            }
        }
        refused(
                "wrapped",
                "the signature is in a foreign element",
                subject.with("<x:Extra xmlns:x=\"urn:example:extra\">" + signature + "</x:Extra>"));
        refused(
                "in-victim",
                "the signature is where the text is that matters",
                Texts.insertAfter(bare, subject.victim(), signature));
        refused("before-document", "the signature is the root, and the document follows", signature + bare);
        refused("after-document", "the signature follows the root", bare + signature);
        refused("as-root", "the signature is the root, and the document is its child", Texts.append(signature, bare));
        refused(
                "as-root-object",
                "the signature is the root, and the document is in its Object",
                Texts.append(signature, "<ds:Object>" + bare + "</ds:Object>"));
        if (subject.isSoap()) {
            refused(
                    "header",
                    "the signature is in the header, outside of wsse:Security",
                    Texts.insertBefore(bare, "<wsse:Security", signature));
            refused(
                    "envelope",
                    "the signature is a child of the envelope",
                    Texts.insertBefore(bare, "<soap:Body", signature));
            refused(
                    "body",
                    "the signature is in the body",
                    subject.replaceCovered(Texts.append(subject.covered(), signature))
                            .replace(MARK, ""));
            refused(
                    "security-namespace",
                    "the security header is of another namespace",
                    signed.replace(WrappingSubject.WSSE, "urn:example:wsse"));
            refused(
                    "security-twice",
                    "a second security header follows",
                    Texts.insertAfter(
                            signed,
                            "</wsse:Security>",
                            "<wsse:Security xmlns:wsse=\"" + WrappingSubject.WSSE + "\"/>"));
            refused(
                    "header-twice",
                    "a second header follows",
                    Texts.insertAfter(signed, "</soap:Header>", "<soap:Header></soap:Header>"));
            refused("body-empty", "an empty body follows", Texts.insertAfter(signed, "</soap:Body>", "<soap:Body/>"));
            refused("body-first", "an empty body precedes", Texts.insertBefore(signed, "<soap:Body", "<soap:Body/>"));
        } else if (!subject.coversRoot()) {
            refused(
                    "response",
                    "the signature is a child of the response",
                    Texts.insertAfter(bare, subject.header(), signature));
            refused(
                    "moved",
                    "the signed element is elsewhere",
                    subject.replaceCovered("<x:Extra xmlns:x=\"urn:example:extra\">" + subject.covered() + "</x:Extra>")
                            .replace(MARK, signature));
        }
    }

    private void number() {
        out.attack("number");
        String attacker = subject.draft().byAttacker().build();
        refused("twice", "the signature is there twice", subject.with(signature + signature));
        refused("attacker-second", "an attacker's signature follows", subject.with(signature + attacker));
        refused("attacker-first", "an attacker's signature precedes", subject.with(attacker + signature));
        String empty = "<ds:Signature xmlns:ds=\"" + SignatureDraft.DS + "\"></ds:Signature>";
        refused("empty-first", "an empty signature precedes", subject.with(empty + signature));
        refused("empty-second", "an empty signature follows", subject.with(signature + empty));
        refused("empty", "the signature is empty", subject.with(empty));
        refused(
                "nested",
                "the signature has itself in an Object",
                subject.with(Texts.append(signature, "<ds:Object>" + signature + "</ds:Object>")));
        refused(
                "nested-directly",
                "the signature has itself as a child",
                subject.with(Texts.append(signature, signature)));
        refused(
                "nested-attacker",
                "an attacker's signature has the signer's in its Object",
                subject.with(Texts.append(attacker, "<ds:Object>" + signature + "</ds:Object>")));
        out.either(
                subject,
                "nested-key",
                "the signature has an attacker's in its KeyInfo",
                subject.with(Texts.append(signature, "<ds:KeyInfo>" + attacker + "</ds:KeyInfo>")));
        refused("attacker", "only the attacker signed", subject.with(attacker));
        String forgedDocument = Texts.replaceOnce(subject.document(), subject.victim(), subject.evil());
        String forgedSignature = subject.draft()
                .references(subject.reference(forgedDocument))
                .byAttacker()
                .build();
        refused(
                "attacker-forged-first",
                "the attacker forged and signed, the signer's signature follows",
                subject.forgedWith(forgedSignature + signature));
        refused(
                "attacker-forged-second",
                "the attacker forged and signed, the signer's signature precedes",
                subject.forgedWith(signature + forgedSignature));
        if (!subject.coversRoot()) {
            out.either(
                    subject,
                    "outside",
                    "a second signature is outside of where the first is looked for",
                    Texts.insertAfter(signed, subject.header(), signature));
        }
    }

    private void signedInfos() {
        out.attack("signed-info");
        String forged = Texts.replaceOnce(subject.document(), subject.victim(), subject.evil());
        String other = SignatureDraft.signedInfo(
                subject.draft().references(subject.reference(forged)).inner());
        String own = SignatureDraft.signedInfo(inner);
        String value = draft.signatureValue(inner);
        refused("second-forged", "a forged SignedInfo follows", subject.forgedWith(draft.element(own + other, value)));
        refused("first-forged", "a forged SignedInfo precedes", subject.forgedWith(draft.element(other + own, value)));
        refused(
                "last-forged",
                "a forged SignedInfo follows SignatureValue",
                subject.forgedWith(draft.element(own, value + other)));
        refused(
                "nested-forged",
                "a forged SignedInfo is in the true one",
                subject.forgedWith(draft.element(SignatureDraft.signedInfo(inner + other), value)));
        refused(
                "object",
                "the forged SignedInfo precedes, the true one is in an Object",
                subject.forgedWith(draft.element(other, value + "<ds:Object>" + own + "</ds:Object>")));
        refused("replaced", "SignedInfo is forged", subject.forgedWith(draft.element(other, value)));
        refused("twice", "SignedInfo is there twice", subject.with(draft.element(own + own, value)));
        refused("none", "there is no SignedInfo", subject.with(draft.element("", value)));
        signed("empty", "SignedInfo is empty", "");
        signed(
                "no-reference",
                "SignedInfo has no reference",
                subject.draft().references("").inner());
        refused("value-none", "there is no SignatureValue", subject.with(draft.element(own, "")));
        String attacker = subject.draft().byAttacker().signatureValue(inner);
        refused("value-second", "a second SignatureValue follows", subject.with(draft.element(own, value + attacker)));
        refused("value-first", "another SignatureValue precedes", subject.with(draft.element(own, attacker + value)));
        refused("value-twice", "SignatureValue is there twice", subject.with(draft.element(own, value + value)));
        String second = SignatureDraft.base64(WrappingKeys.digest("SHA-256", subject.content(forged)));
        String digest = "<ds:DigestValue>" + second + "</ds:DigestValue>";
        refused(
                "digest-first",
                "a forged DigestValue precedes",
                subject.forgedWith(Texts.insertBefore(signature, "<ds:DigestValue>", digest)));
        refused(
                "digest-second",
                "a forged DigestValue follows",
                subject.forgedWith(Texts.insertAfter(signature, "</ds:DigestValue>", digest)));
        refused(
                "digest-comment",
                "DigestValue has the forged digest, and the true one in a comment",
                subject.forgedWith(Texts.insertAfter(signature, "<ds:DigestValue>", "<!--" + second + "-->")));
        refused(
                "digest-instruction",
                "DigestValue has the forged digest in an instruction",
                subject.forgedWith(Texts.insertAfter(signature, "<ds:DigestValue>", "<?" + "x " + second + "?>")));
    }

    /** Elements, attributes and text that do not belong where they are. */
    private void strangers() {
        out.attack("stranger");
        for (String tag : new String[] {"<ds:SignedInfo>", "<ds:SignatureValue>", "</ds:Signature>"}) {
            String label = tag.replaceAll("[^A-Za-z]", "").substring(2);
            refused(
                    "before-" + label,
                    "a foreign element stands before " + tag,
                    subject.with(Texts.insertBefore(signature, tag, FOREIGN)));
            refused(
                    "text-" + label,
                    "text stands before " + tag,
                    subject.with(Texts.insertBefore(signature, tag, "text")));
        }
        refused(
                "signature-value",
                "a foreign element is in SignatureValue",
                subject.with(Texts.insertAfter(signature, "<ds:SignatureValue>", FOREIGN)));
        for (String tag : new String[] {
            "<ds:CanonicalizationMethod",
            "</ds:CanonicalizationMethod>",
            "</ds:SignatureMethod>",
            "<ds:Reference ",
            "<ds:Transforms>",
            "</ds:Transforms>",
            "</ds:Transform>",
            "<ds:DigestMethod ",
            "</ds:DigestMethod>",
            "</ds:DigestValue>",
            "</ds:Reference>"
        }) {
            String label = (tag.startsWith("</") ? "end-" : "start-")
                    + tag.replaceAll("[^A-Za-z]", "").substring(2);
            signed(
                    label,
                    "a foreign element stands before " + tag + ", and was signed",
                    Texts.insertBefore(inner, tag, FOREIGN));
        }
        signed(
                "text-reference",
                "text is in a reference, and was signed",
                Texts.insertBefore(inner, "<ds:DigestMethod ", "text"));
        signed(
                "text-transform",
                "text is in a transform, and was signed",
                Texts.insertBefore(inner, "</ds:Transform>", "text"));
        signed(
                "text-method",
                "text is in SignatureMethod, and was signed",
                Texts.insertBefore(inner, "</ds:SignatureMethod>", "text"));
        signed("last", "a foreign element ends SignedInfo, and was signed", inner + FOREIGN);
        signed(
                "no-digest-value",
                "a reference has no DigestValue",
                inner.replaceAll("<ds:DigestValue>[^<]*</ds:DigestValue>", ""));
        signed(
                "no-digest-method",
                "a reference has no DigestMethod",
                inner.replaceAll("<ds:DigestMethod.*</ds:DigestMethod>", ""));
        signed(
                "no-algorithm",
                "DigestMethod has no algorithm",
                inner.replaceAll("<ds:DigestMethod [^>]*>", "<ds:DigestMethod>"));
    }

    /** Attributes that the schema does not have; those in SignedInfo were signed. */
    private void attributes() {
        out.attack("attribute");
        for (String name : new String[] {"Signature", "SignedInfo", "SignatureValue"}) {
            refused(
                    "foreign-" + name,
                    name + " has a foreign attribute",
                    subject.with(Texts.replaceOnce(
                            signature, "<ds:" + name, "<ds:" + name + " xmlns:x=\"urn:example:extra\" x:a=\"b\"")));
        }
        for (String name : new String[] {
            "CanonicalizationMethod",
            "SignatureMethod",
            "Reference",
            "Transforms",
            "Transform",
            "DigestMethod",
            "DigestValue"
        }) {
            // In canonical form: after the attributes without a namespace.
            String foreign = inner.replaceFirst(
                    "<ds:" + name + "( [^>]*)?>", "<ds:" + name + " xmlns:x=\"urn:example:extra\"$1 x:a=\"b\">");
            signed("signed-" + name, name + " has a foreign attribute, which was signed", foreign);
        }
        signed(
                "case",
                "the attribute of an algorithm is in another case, and was signed",
                Texts.replaceOnce(inner, "<ds:DigestMethod Algorithm", "<ds:DigestMethod algorithm"));
        signed(
                "prefixed",
                "the attribute of an algorithm has a prefix, and was signed",
                Texts.replaceOnce(inner, "<ds:DigestMethod Algorithm", "<ds:DigestMethod ds:Algorithm"));
    }

    private void comments() {
        out.attack("comment-in-signature");
        for (String tag :
                new String[] {"<ds:DigestValue>", "<ds:SignatureValue>", "</ds:DigestValue>", "</ds:SignatureValue>"}) {
            String label = (tag.startsWith("</") ? "end-" : "start-")
                    + tag.replaceAll("[^A-Za-z]", "").substring(2);
            refused(
                    label,
                    "a comment is at " + tag,
                    subject.with(
                            tag.startsWith("</")
                                    ? Texts.insertBefore(signature, tag, "<!--a-->")
                                    : Texts.insertAfter(signature, tag, "<!--a-->")));
        }
        int middle = signature.indexOf("<ds:DigestValue>") + 20;
        refused(
                "middle-digest",
                "a comment splits the digest",
                subject.with(signature.substring(0, middle) + "<!--a-->" + signature.substring(middle)));
        int value = signature.indexOf("<ds:SignatureValue>") + 40;
        refused(
                "middle-value",
                "a comment splits the signature's value",
                subject.with(signature.substring(0, value) + "<!--a-->" + signature.substring(value)));
    }

    /** What the schema has in another order, or once. All was signed so. */
    private void order() {
        out.attack("order");
        String own = SignatureDraft.signedInfo(inner);
        String value = draft.signatureValue(inner);
        String key = "<ds:KeyInfo><ds:KeyName>" + XmlWrappingCorpus.KEY_NAME + "</ds:KeyName></ds:KeyInfo>";
        refused("value-first", "SignatureValue precedes SignedInfo", subject.with(draft.element("", value + own)));
        refused("key-first", "KeyInfo precedes SignedInfo", subject.with(draft.element(key + own, value)));
        refused("key-second", "KeyInfo precedes SignatureValue", subject.with(draft.element(own + key, value)));
        refused("key-twice", "KeyInfo is there twice", subject.with(draft.element(own, value + key + key)));
        refused(
                "key-after-object",
                "KeyInfo follows an Object",
                subject.with(draft.element(own, value + "<ds:Object></ds:Object>" + key)));
        String c14n = SignatureDraft.algorithm("CanonicalizationMethod", SignatureDraft.EXCLUSIVE);
        String method = SignatureDraft.algorithm("SignatureMethod", SignatureDraft.MORE + "rsa-sha256");
        String reference = subject.reference();
        signed("method-first", "SignatureMethod precedes CanonicalizationMethod", method + c14n + reference);
        signed("reference-first", "the reference precedes the methods", reference + c14n + method);
        signed("reference-second", "the reference precedes SignatureMethod", c14n + reference + method);
        signed("canonicalization-none", "there is no CanonicalizationMethod", method + reference);
        signed("canonicalization-twice", "there are two CanonicalizationMethods", c14n + c14n + method + reference);
        signed("method-none", "there is no SignatureMethod", c14n + reference);
        signed("method-twice", "there are two SignatureMethods", c14n + method + method + reference);
        String digestMethod = SignatureDraft.algorithm("DigestMethod", SignatureDraft.SHA_256);
        String bare = Texts.replaceOnce(reference, digestMethod, "");
        signed(
                "digest-method-last",
                "DigestMethod follows DigestValue",
                c14n + method + Texts.insertBefore(bare, "</ds:Reference>", digestMethod));
        signed(
                "digest-method-first",
                "DigestMethod precedes Transforms",
                c14n + method + Texts.insertBefore(bare, "<ds:Transforms>", digestMethod));
        signed(
                "digest-method-twice",
                "there are two DigestMethods",
                c14n + method + Texts.insertBefore(reference, "<ds:DigestMethod", digestMethod));
        signed(
                "transforms-twice",
                "there are two Transforms",
                c14n
                        + method
                        + Texts.insertAfter(
                                reference,
                                "</ds:Transforms>",
                                "<ds:Transforms>" + SignatureDraft.transform(SignatureDraft.EXCLUSIVE)
                                        + "</ds:Transforms>"));
    }

    private void accepted(String variant, String description, String xml) {
        out.accepted(subject, variant, description, xml);
    }

    private void refused(String variant, String description, String xml) {
        out.refused(subject, variant, description, xml);
    }

    /** The document with a signature over this inside of SignedInfo. */
    private void signed(String variant, String description, String signedInfo) {
        refused(variant, description, subject.with(draft.build(signedInfo)));
    }
}
