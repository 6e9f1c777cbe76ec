// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

/**
 * How large a field may be.
 *
 * @param maxLength characters of the field value, its lines joined with {@code ", "}
 * @param maxMembers members, items of inner lists and parameters, counted together and with duplicates
 */
record SfLimits(int maxLength, int maxMembers) {
    SfLimits {
        if (maxLength < 0 || maxMembers < 0) {
            throw new IllegalArgumentException("a limit is negative");
        }
    }
}
