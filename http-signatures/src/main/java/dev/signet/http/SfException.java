// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

/**
 * A field that is not a structured field of the expected type, or is over a limit (RFC 9651, 4.2).
 *
 * <p><em>Security properties:</em> the message names the rule and the offset, never a character of the field. No stack
 * trace is recorded: an attacker's bad fields must stay cheap.
 */
final class SfException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String rule;
    private final int offset;
    private final boolean tooLarge;

    private SfException(String rule, int offset, boolean tooLarge) {
        super(null, null, false, false);
        this.rule = rule;
        this.offset = offset;
        this.tooLarge = tooLarge;
    }

    static SfException malformed(String rule, int offset) {
        return new SfException(rule, offset, false);
    }

    static SfException tooLarge(String rule, int offset) {
        return new SfException(rule, offset, true);
    }

    /** What was expected, with its section of RFC 9651; a constant text. */
    String rule() {
        return rule;
    }

    /** Index of the offending character in the field value, its lines joined with {@code ", "}. */
    int offset() {
        return offset;
    }

    /** True if the field is over a limit, false if it is malformed. */
    boolean tooLarge() {
        return tooLarge;
    }

    @Override
    public String getMessage() {
        return (tooLarge ? "structured field too large at offset " : "malformed structured field at offset ")
                + offset
                + ": "
                + rule;
    }
}
