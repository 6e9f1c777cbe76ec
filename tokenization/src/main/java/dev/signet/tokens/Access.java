// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

/**
 * Who wants to see values, and what for. The application has authenticated the caller.
 *
 * @param purpose what the reveal policy knows, such as {@code refund}: 1 to 256 printable ASCII characters
 * @param caller the service or person, as it shall stand in the log: 1 to 256 printable ASCII characters
 */
public record Access(String purpose, String caller) {
    /** Checks the names. */
    public Access {
        Names.check(purpose, "a purpose");
        Names.check(caller, "a caller");
    }

    /** An access for a purpose by a caller. */
    public static Access of(String purpose, String caller) {
        return new Access(purpose, caller);
    }
}
