// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.xml;

import dev.signet.cli.shell.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.namespace.QName;

/** Reads names of elements such as {@code {urn:example}Order}, and places of them, from the root down. */
final class XmlNames {
    private static final Pattern LOCAL = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}\\p{M}_.\\-]*");

    private XmlNames() {}

    static QName name(String option, String text) {
        int end = text.startsWith("{") ? text.indexOf('}') : -1;
        String local = text.substring(end + 1);
        if (!LOCAL.matcher(local).matches()) {
            String hint = local.matches("[^{}/]+:[^:{}/]+") ? "; prefixes mean nothing here" : "";
            throw Failure.input(option + " wants names such as '{urn:example}Order', not '" + text + "'" + hint);
        }
        return new QName(text.substring(end < 0 ? 0 : 1, Math.max(end, 0)), local);
    }

    /** A place: names with a slash between them. A slash in braces belongs to the namespace. */
    static QName[] place(String option, String text) {
        List<QName> names = new ArrayList<>();
        boolean inBraces = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            inBraces = c == '{' || inBraces && c != '}';
            if (c == '/' && !inBraces) {
                names.add(name(option, text.substring(start, i)));
                start = i + 1;
            }
        }
        names.add(name(option, text.substring(start)));
        return names.toArray(new QName[0]);
    }

    static QName[] names(String option, List<String> texts) {
        return texts.stream().map(text -> name(option, text)).toArray(QName[]::new);
    }
}
