// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

/** Names of domains, purposes, callers and versions: they stand in logs, and are no personal data. */
final class Names {
    private static final int MAX_LENGTH = 256;

    private Names() {}

    /** The name itself, of 1 to 256 printable ASCII characters. */
    static String check(String name, String what) {
        if (!isValid(name)) {
            throw new IllegalArgumentException(what + " has 1 to 256 printable ASCII characters");
        }
        return name;
    }

    static boolean isValid(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) < 0x20 || name.charAt(i) > 0x7e) {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= MAX_LENGTH;
    }
}
