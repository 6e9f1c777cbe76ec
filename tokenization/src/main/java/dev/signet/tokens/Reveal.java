// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

/** How much of a value a purpose may see. */
public enum Reveal {
    /** All of it. */
    CLEAR,
    /** The parts that the format shows: at most the BIN and the last four digits of a payment card number. */
    PARTIAL,
    /** Its shape only, each symbol hidden. */
    MASKED,
    /** The token itself; nothing is decrypted. */
    TOKEN
}
