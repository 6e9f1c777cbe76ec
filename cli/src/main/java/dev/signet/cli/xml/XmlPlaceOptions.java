// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.xml;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.xml.namespace.QName;
import picocli.CommandLine.Option;

/** What is encrypted in a document. */
final class XmlPlaceOptions {
    @Option(
            names = "--element",
            paramLabel = "PLACE",
            description = "This element with its tags; names from the root down: '{ns}Name/{ns}Name'. Without it and "
                    + "--content, the whole document. Repeatable.")
    private List<String> elements = new ArrayList<>();

    @Option(
            names = "--content",
            paramLabel = "PLACE",
            description = "What is between the tags of this element. Repeatable.")
    private List<String> contents = new ArrayList<>();

    void addTo(Consumer<QName[]> element, Consumer<QName[]> content) {
        elements.forEach(place -> element.accept(XmlNames.place("--element", place)));
        contents.forEach(place -> content.accept(XmlNames.place("--content", place)));
    }

    /** What may explain why a file does not have these places. */
    String rootHint(String file) {
        List<String> all = elements.isEmpty() ? contents : elements;
        return all.isEmpty() ? "" : XmlReading.rootHint(file, XmlNames.place("", all.get(0))[0]);
    }
}
