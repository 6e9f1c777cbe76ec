// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

import java.util.List;

/**
 * Colours for people.
 *
 * @param on whether to use any
 */
public record Style(boolean on) {
    private static final List<String> CODES = List.of("0", "1", "2", "1;31", "32", "33");

    public String bold(String text) {
        return wrap("1", text);
    }

    public String dim(String text) {
        return wrap("2", text);
    }

    public String red(String text) {
        return wrap("1;31", text);
    }

    public String green(String text) {
        return wrap("32", text);
    }

    public String yellow(String text) {
        return wrap("33", text);
    }

    /** The length of what one of these colours begins or ends with, at this place; 0 for anything else. */
    static int sequenceAt(String text, int at) {
        for (String code : CODES) {
            if (text.startsWith("\033[" + code + "m", at)) {
                return code.length() + 3;
            }
        }
        return 0;
    }

    /** The number of columns that a text takes, colours apart. */
    public static int width(String text) {
        return text.indexOf('\033') < 0
                ? text.length()
                : text.replaceAll("\033\\[[0-9;]*m", "").length();
    }

    private String wrap(String code, String text) {
        return on ? "\033[" + code + "m" + Visible.text(text) + "\033[0m" : text;
    }
}
