// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

/** The character classes of RFC 9651, as bits of a table over ASCII. */
final class SfChars {
    static final int KEY_START = 1;
    static final int KEY = 2;
    static final int TOKEN_START = 4;
    static final int TOKEN = 8;
    static final int DIGIT = 16;

    private static final byte[] CLASSES = new byte[128];

    static {
        mark("abcdefghijklmnopqrstuvwxyz*", KEY_START | KEY | TOKEN_START | TOKEN);
        mark("ABCDEFGHIJKLMNOPQRSTUVWXYZ", TOKEN_START | TOKEN);
        mark("0123456789", KEY | TOKEN | DIGIT);
        mark("_-.", KEY | TOKEN);
        // The rest of tchar (RFC 9110, 5.6.2), and ":" and "/".
        mark("!#$%&'+^`|~:/", TOKEN);
    }

    private SfChars() {}

    static boolean is(int characterClass, int c) {
        return c >= 0 && c < 128 && (CLASSES[c] & characterClass) != 0;
    }

    /** Printable ASCII: what strings and display strings may hold on the wire. */
    static boolean isPrintable(int c) {
        return c >= 0x20 && c <= 0x7e;
    }

    private static void mark(String characters, int classes) {
        for (int i = 0; i < characters.length(); i++) {
            CLASSES[characters.charAt(i)] |= (byte) classes;
        }
    }
}
