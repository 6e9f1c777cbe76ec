// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.xml;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Texts;
import dev.signet.xml.XmlProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the signature of a kind of document stands, and what it covers: the same for who signs and who verifies. */
final class XmlProfileOptions {
    private static final String SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/";
    private static final String SOAP_12 = "http://www.w3.org/2003/05/soap-envelope";

    @Option(
            names = "--root",
            paramLabel = "NAME",
            description =
                    "The signature is in the root, which is called so: '{namespace}Name'. It covers the document.")
    private @Nullable String root;

    @Option(
            names = "--enveloping",
            paramLabel = "NAME",
            description = "The signature is the root, and has the element of this name in it.")
    private @Nullable String enveloping;

    @Option(
            names = "--soap11",
            description = "A SOAP 1.1 message: WS-Security's header holds the signature, which covers the body.")
    private boolean soap11;

    @Option(names = "--soap12", description = "The same for SOAP 1.2.")
    private boolean soap12;

    @Option(
            names = "--header",
            paramLabel = "NAME",
            description = "With --soap11 or --soap12: this header block is covered, too. Repeatable.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--signature-in",
            paramLabel = "PLACE",
            description = "The signature is a child of this element; names from the root down: '{ns}Name/{ns}Name'.")
    private @Nullable String signatureIn;

    @Option(
            names = "--covers",
            paramLabel = "PLACE",
            description = "With --signature-in: the element at this place must be covered. The first is the content. "
                    + "Repeatable.")
    private List<String> covers = new ArrayList<>();

    @Option(
            names = "--may-cover",
            paramLabel = "PLACE",
            description = "With --signature-in: the element at this place may be covered. Repeatable.")
    private List<String> mayCover = new ArrayList<>();

    @Option(
            names = "--id-attribute",
            paramLabel = "NAME",
            description =
                    "With --root or --signature-in: ids are the attributes of this name, instead of Id, ID, wsu:Id "
                            + "and xml:id. Repeatable.")
    private List<String> idAttributes = new ArrayList<>();

    boolean isGiven() {
        return kinds() > 0 || Stream.of(headers, covers, mayCover, idAttributes).anyMatch(list -> !list.isEmpty());
    }

    /** Where a signature is looked for. */
    String signaturePlace() {
        if (soap11 || soap12) {
            return "wsse:Security";
        }
        return root != null ? root : signatureIn != null ? signatureIn : "the root's place";
    }

    /** What may explain why a file is not of this kind. */
    String rootHint(String file) {
        String start = root != null ? root : enveloping != null ? enveloping : signatureIn;
        QName said = start == null ? new QName(soap11 ? SOAP_11 : SOAP_12, "Envelope") : XmlNames.place("", start)[0];
        return XmlReading.rootHint(file, said);
    }

    /** @param signed the file that is to be signed, whose root is a good example; null where it cannot be trusted */
    XmlProfile profile(@Nullable String signed) {
        if (kinds() == 0) {
            throw Failure.input("what is signed, and where the signature stands, has to be said: "
                    + (signed == null
                            ? example(null)
                            : example(XmlReading.peekRoot(signed).orElse(null)))
                    + "; or --enveloping, --soap11, --soap12, --signature-in (--help says more)");
        }
        requireTogether();
        try {
            return build();
        } catch (IllegalArgumentException e) {
            throw Failure.input("there is no such kind of document: " + e.getMessage());
        }
    }

    private XmlProfile build() {
        if (enveloping != null) {
            return XmlProfile.enveloping(XmlNames.name("--enveloping", enveloping));
        }
        if (soap11 || soap12) {
            QName[] blocks = XmlNames.names("--header", headers);
            return soap11 ? XmlProfile.soap11(blocks) : XmlProfile.soap12(blocks);
        }
        XmlProfile.Builder builder;
        if (root != null) {
            QName name = XmlNames.name("--root", root);
            builder = XmlProfile.builder(name).covers(name);
        } else {
            builder = XmlProfile.builder(XmlNames.place("--signature-in", Objects.requireNonNull(signatureIn)));
        }
        covers.forEach(place -> builder.covers(XmlNames.place("--covers", place)));
        mayCover.forEach(place -> builder.mayCover(XmlNames.place("--may-cover", place)));
        if (!idAttributes.isEmpty()) {
            builder.idAttributes(XmlNames.names("--id-attribute", idAttributes));
        }
        return builder.build();
    }

    private void requireTogether() {
        if (kinds() > 1) {
            throw Failure.input("only one of --root, --enveloping, --soap11, --soap12 and --signature-in can be said");
        }
        if (!headers.isEmpty() && !soap11 && !soap12) {
            throw Failure.input("--header belongs to --soap11 or --soap12");
        }
        if ((!covers.isEmpty() || !mayCover.isEmpty()) && signatureIn == null) {
            throw Failure.input("--covers and --may-cover belong to --signature-in");
        }
        if (signatureIn != null && covers.isEmpty()) {
            throw Failure.input("--signature-in needs --covers PLACE, which says what is signed");
        }
        if (!idAttributes.isEmpty() && root == null && signatureIn == null) {
            throw Failure.input("--id-attribute belongs to --root or --signature-in");
        }
    }

    private long kinds() {
        return Stream.of(root != null, enveloping != null, soap11, soap12, signatureIn != null)
                .filter(given -> given)
                .count();
    }

    private static String example(@Nullable QName found) {
        if (found == null) {
            return "--root '{urn:example}Order' if it is the whole document";
        }
        String namespace = found.getLocalPart().equals("Envelope") ? found.getNamespaceURI() : "";
        if (namespace.equals(SOAP_11) || namespace.equals(SOAP_12)) {
            return (namespace.equals(SOAP_11) ? "--soap11" : "--soap12") + " if it is the body";
        }
        return "--root " + Texts.shellWord(found.toString()) + " if it is the whole document";
    }
}
