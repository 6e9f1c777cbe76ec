// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamConstants;
import org.jspecify.annotations.Nullable;

/** A path to the texts of elements or of one of their attributes. */
final class TextPath {
    private final String path;
    private final List<QName> steps;
    private final @Nullable QName attribute;

    private TextPath(String path, List<QName> steps, @Nullable QName attribute) {
        this.path = path;
        this.steps = steps;
        this.attribute = attribute;
    }

    /** @param namespace of steps that name none */
    static TextPath parse(String path, String namespace) {
        List<QName> steps = new ArrayList<>();
        QName attribute = null;
        for (String step : split(path)) {
            if (attribute != null) {
                throw new IllegalArgumentException("an attribute is the last step of a path");
            }
            if (step.startsWith("@")) {
                attribute = name(step.substring(1), "");
            } else if (!step.equals(".")) {
                steps.add(name(step, namespace));
            }
        }
        return new TextPath(path, steps, attribute);
    }

    private static List<String> split(String path) {
        List<String> steps = new ArrayList<>();
        StringBuilder step = new StringBuilder();
        boolean inNamespace = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            inNamespace = c == '{' || inNamespace && c != '}';
            if (c == '/' && !inNamespace) {
                steps.add(step.toString());
                step.setLength(0);
            } else {
                step.append(c);
            }
        }
        steps.add(step.toString());
        return steps;
    }

    private static QName name(String step, String namespace) {
        int end = step.startsWith("{") ? step.indexOf('}') : -1;
        QName name = end < 0 ? new QName(namespace, step) : new QName(step.substring(1, end), step.substring(end + 1));
        if (name.getLocalPart().isEmpty() || name.getLocalPart().matches(".*[\\[\\]{}()*:|@ ].*")) {
            throw new IllegalArgumentException("a path has names in it, with / between them, and nothing else");
        }
        return name;
    }

    /**
     * What is at the path.
     *
     * @param elements at the path, also those without the attribute
     */
    record Found(List<String> texts, int elements) {}

    /** @param skipped levels of elements around the one that the path begins at */
    Found read(StrictReader reader, int skipped) throws IOException {
        List<String> found = new ArrayList<>();
        int elements = 0;
        int target = skipped + 1 + steps.size();
        int matched = 0;
        StringBuilder text = null;
        for (int event = reader.next(); event != XMLStreamConstants.END_DOCUMENT; event = reader.next()) {
            int depth = reader.depth();
            switch (event) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (text != null) {
                        throw InvalidMessageException.malformed("the element at " + path + " has elements in it");
                    }
                    if (matched == depth - 1 && matches(reader, depth - skipped - 2)) {
                        matched = depth;
                        elements += depth == target ? 1 : 0;
                        if (depth == target && attribute == null) {
                            text = new StringBuilder();
                        } else if (depth == target) {
                            addAttribute(reader, found);
                        }
                    }
                }
                case XMLStreamConstants.CHARACTERS -> {
                    if (text != null) {
                        text.append(
                                reader.current().getTextCharacters(),
                                reader.current().getTextStart(),
                                reader.current().getTextLength());
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (text != null) {
                        found.add(text.toString());
                        text = null;
                    }
                    matched = Math.min(matched, depth - 1);
                }
                default -> {}
            }
        }
        return new Found(found, elements);
    }

    /** @param step below 0 for the elements that the path begins at, and those around it */
    private boolean matches(StrictReader reader, int step) {
        return step < 0
                || step < steps.size()
                        && reader.is(
                                steps.get(step).getNamespaceURI(),
                                steps.get(step).getLocalPart());
    }

    private void addAttribute(StrictReader reader, List<String> found) {
        if (attribute != null) {
            String value = reader.current().getAttributeValue(attribute.getNamespaceURI(), attribute.getLocalPart());
            if (value != null) {
                found.add(value);
            }
        }
    }
}
