// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import static dev.signet.testkit.WrappingSubject.MARK;

import dev.signet.testkit.WrappingCase.Kind;
import dev.signet.testkit.WrappingSubject.Ids;

/**
 * XSW1 to XSW8 (Somorovsky and others, "On Breaking SAML: Be Whoever You Want to Be", 2012), and what they become where the
 * signed element is the root, or a SOAP body: the original moves to where a verifier still finds it by its id, and a forged
 * copy takes its place, where the application finds it.
 */
final class WrappingXsw {
    private final WrappingCollector out;
    private final WrappingSubject subject;
    private final Ids ids;
    private final String signature;
    private final String original;
    private final String forged;

    private WrappingXsw(WrappingCollector out, WrappingSubject subject, Ids ids) {
        this.out = out;
        this.subject = subject;
        this.ids = ids;
        signature = subject.signature();
        original = subject.original();
        forged = subject.forged(ids);
    }

    static void add(WrappingCollector out, WrappingSubject subject) {
        for (Ids ids : Ids.values()) {
            // The whole document is not found by an id.
            if (subject.uri().isEmpty() && ids != Ids.SAME) {
                continue;
            }
            WrappingXsw xsw = new WrappingXsw(out, subject, ids);
            switch (subject.kind()) {
                case SAML_RESPONSE, ISO_20022 -> xsw.root();
                case SAML_ASSERTION -> xsw.assertion();
                case SOAP_11_BODY, SOAP_12_BODY -> xsw.soap();
            }
        }
    }

    private void root() {
        String bare = forged.replace(MARK, "");
        String holding = forged.replace(MARK, signature);
        String enveloped = subject.signed();
        refused(1, "", "the original is a child of the signature", with(Texts.append(signature, original)));
        refused(
                1,
                "first",
                "the original is the first child of the signature",
                with(Texts.prepend(signature, original)));
        refused(2, "", "the original stands before the detached signature", with(original + signature));
        if (subject.kind() == Kind.SAML_RESPONSE) {
            // Elsewhere nothing follows the signature, and this is XSW5.
            refused(2, "after", "the original stands after the detached signature", with(signature + original));
        }
        refused(3, "", "the signed original is the first child of the forged root", Texts.prepend(bare, enveloped));
        refused(3, "twice", "so it is, and the forged root has the signature too", Texts.prepend(holding, enveloped));
        refused(4, "", "the signed original is the last child of the forged root", Texts.append(bare, enveloped));
        refused(4, "twice", "so it is, and the forged root has the signature too", Texts.append(holding, enveloped));
        refused(
                5,
                "",
                "the forged root has the signature, the original is its last child",
                Texts.append(holding, original));
        refused(
                5,
                "first",
                "the forged root has the signature, the original comes first",
                Texts.prepend(holding, original));
        refused(6, "", "the original is in the signature's KeyInfo", with(Texts.append(signature, keyInfo(original))));
        refused(7, "", "the signed original is in an extension", Texts.append(bare, extensions(enveloped)));
        refused(7, "detached", "the original is in an extension", Texts.append(holding, extensions(original)));
        refused(
                8,
                "",
                "the original is in an Object of the signature",
                with(Texts.append(signature, object(original))));
        refused(
                8,
                "deep",
                "the original is deep in an Object of the signature",
                with(Texts.append(signature, object(extensions(original)))));
        refused(
                8,
                "forged",
                "the forged root is in an Object of the original's signature",
                subject.with(Texts.append(signature, object(bare))));
    }

    private void assertion() {
        String bare = forged.replace(MARK, "");
        String holding = forged.replace(MARK, signature);
        String enveloped = subject.covered().replace(MARK, signature);
        replaced(
                1,
                "",
                "the signature with the original inside is the response's",
                Texts.append(signature, original) + bare);
        replaced(1, "last", "so it is, after the forged one", bare + Texts.append(signature, original));
        replaced(2, "", "original and detached signature stand before the forged one", original + signature + bare);
        replaced(
                2,
                "inside",
                "original and detached signature are in the forged one",
                Texts.append(bare, original + signature));
        replaced(3, "", "the forged one stands before the signed one", bare + enveloped);
        replaced(3, "after", "the forged one stands after the signed one", enveloped + bare);
        replaced(3, "twice", "the forged one stands first, and has the signature too", holding + enveloped);
        replaced(4, "", "the signed one is the last child of the forged one", Texts.append(bare, enveloped));
        replaced(4, "first", "the signed one is the first child of the forged one", Texts.prepend(bare, enveloped));
        replaced(5, "", "the forged one has the signature, the original follows", holding + original);
        replaced(5, "before", "the forged one has the signature, the original precedes", original + holding);
        replaced(
                6,
                "",
                "the original is in the signature, which the forged one has",
                with(Texts.append(signature, original)));
        String beside = subject.replaceCovered(extensions(bare) + enveloped);
        if (ids == Ids.SAME) {
            refused(7, "", "the forged one is in an extension", beside);
        } else {
            accepted(7, "", "the forged one is in an extension, where no application may look", beside);
        }
        replaced(7, "moved", "the signed one is in an extension", extensions(enveloped) + bare);
        replaced(7, "detached", "the original is in an extension", extensions(original) + holding);
        replaced(
                8,
                "",
                "the original is in an Object of the signature",
                with(Texts.append(signature, object(original))));
        replaced(
                8,
                "forged",
                "the forged one is in an Object of the original's signature",
                subject.covered().replace(MARK, Texts.append(signature, object(bare))));
    }

    private void soap() {
        String moved = Texts.append(forged, signature);
        header(1, "", "the original is a child of the signature", Texts.append(signature, original), forged);
        header(2, "", "the original stands before the signature", original + signature, forged);
        header(2, "after", "the original stands after the signature", signature + original, forged);
        header(3, "", "the forged body stands before the signed one", signature, forged + original);
        header(3, "after", "the forged body stands after the signed one", signature, original + forged);
        header(4, "", "the signed body is in the forged one", signature, Texts.append(forged, original));
        header(4, "first", "the signed body is first in the forged one", signature, Texts.prepend(forged, original));
        header(5, "", "the forged body has the signature, the original follows", "", moved + original);
        header(
                5,
                "wrapped",
                "the original follows the forged body, in a wrapper",
                signature,
                forged + extensions(original));
        header(
                6,
                "",
                "the original is in the signature, which the forged body has",
                "",
                Texts.append(forged, Texts.append(signature, original)));
        String beside = Texts.insertAfter(subject.signed(), "</wsse:Security>", extensions(forged));
        if (ids == Ids.SAME) {
            refused(7, "", "the forged body is in a header block", beside);
        } else {
            accepted(7, "", "the forged body is in a header block, where no application may look", beside);
        }
        refused(
                7,
                "moved",
                "the original is in a header block",
                Texts.insertAfter(
                        subject.replaceCovered(forged).replace(MARK, signature),
                        "</wsse:Security>",
                        extensions(original)));
        refused(
                7,
                "relayed",
                "the original is in a header block for another actor",
                Texts.insertAfter(
                        subject.replaceCovered(forged).replace(MARK, signature),
                        "</wsse:Security>",
                        "<x:Relay xmlns:x=\"urn:example:relay\" soap:mustUnderstand=\"0\">" + original + "</x:Relay>"));
        header(
                8,
                "",
                "the original is in an Object of the signature",
                Texts.append(signature, object(original)),
                forged);
        header(
                8,
                "forged",
                "the forged body is in an Object of the signature",
                Texts.append(signature, object(forged)),
                original);
    }

    private String with(String newSignature) {
        return forged.replace(MARK, newSignature);
    }

    private void replaced(int number, String variant, String description, String elements) {
        refused(number, variant, description, subject.replaceCovered(elements));
    }

    private void header(int number, String variant, String description, String security, String bodies) {
        refused(number, variant, description, subject.replaceCovered(bodies).replace(MARK, security));
    }

    private void refused(int number, String variant, String description, String xml) {
        out.attack("xsw" + number).refused(subject, variant(variant), describe(description), xml);
    }

    private void accepted(int number, String variant, String description, String xml) {
        out.attack("xsw" + number).accepted(subject, variant(variant), describe(description), xml);
    }

    private String variant(String variant) {
        return variant.isEmpty() ? ids.label : variant + "-" + ids.label;
    }

    private String describe(String description) {
        return "a forged copy " + ids.words + "; " + description;
    }

    private static String extensions(String content) {
        return "<x:Extensions xmlns:x=\"urn:example:extensions\">" + content + "</x:Extensions>";
    }

    private static String object(String content) {
        return "<ds:Object>" + content + "</ds:Object>";
    }

    private static String keyInfo(String content) {
        return "<ds:KeyInfo>" + content + "</ds:KeyInfo>";
    }
}
