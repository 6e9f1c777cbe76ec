// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

/** Edits of XML as text. An edit that finds nothing to do is an error: a case that changes nothing would test nothing. */
final class Texts {
    private Texts() {}

    /** Replaces the first occurrence. */
    static String replaceOnce(String text, String old, String replacement) {
        int at = text.indexOf(old);
        if (at < 0 || old.isEmpty()) {
            throw new IllegalArgumentException("nothing to replace: " + old);
        }
        return text.substring(0, at) + replacement + text.substring(at + old.length());
    }

    static String replaceLast(String text, String old, String replacement) {
        int at = text.lastIndexOf(old);
        if (at < 0 || old.isEmpty()) {
            throw new IllegalArgumentException("nothing to replace: " + old);
        }
        return text.substring(0, at) + replacement + text.substring(at + old.length());
    }

    static String insertBefore(String text, String anchor, String added) {
        return replaceOnce(text, anchor, added + anchor);
    }

    static String insertAfter(String text, String anchor, String added) {
        return replaceOnce(text, anchor, anchor + added);
    }

    /** Adds to the root element, after its start tag. */
    static String prepend(String element, String added) {
        return insertAfter(element, ">", added);
    }

    /** Adds to the root element, before its end tag. */
    static String append(String element, String added) {
        return replaceLast(element, "</", added + "</");
    }

    /** Adds attributes to the root element, or declarations. */
    static String attribute(String element, String added) {
        int end = element.indexOf('>');
        return element.substring(0, end) + " " + added + element.substring(end);
    }
}
