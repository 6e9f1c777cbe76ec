// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.http;

import dev.signet.cli.shell.Failure;
import dev.signet.http.Component;
import java.util.ArrayList;
import java.util.List;

/** Lists of component identifiers as people type them. */
final class Components {
    private Components() {}

    /**
     * Reads identifiers in the syntax of RFC 9421, apart by blanks or commas. The quotes around a name may be left out, since
     * shells take them away easily.
     */
    static Component[] parse(String option, String text) {
        List<Component> components = new ArrayList<>();
        for (String identifier : split(text)) {
            String quoted = identifier;
            if (!identifier.startsWith("\"")) {
                int end = identifier.indexOf(';') < 0 ? identifier.length() : identifier.indexOf(';');
                quoted = "\"" + identifier.substring(0, end) + "\"" + identifier.substring(end);
            }
            try {
                components.add(Component.parse(quoted));
            } catch (IllegalArgumentException e) {
                throw Failure.input(option + ": " + quoted + ": " + e.getMessage());
            }
        }
        if (components.isEmpty()) {
            throw Failure.input(option + " names no component");
        }
        return components.toArray(new Component[0]);
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!quoted && (c == ' ' || c == ',' || c == '\t' || c == '\n')) {
                if (part.length() > 0) {
                    parts.add(part.toString());
                    part.setLength(0);
                }
                continue;
            }
            if (c == '"') {
                quoted = !quoted;
            }
            part.append(c);
        }
        if (part.length() > 0) {
            parts.add(part.toString());
        }
        return parts;
    }
}
