// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

/** A message that cannot be parsed, or that is over a limit. */
public final class InvalidMessageException extends MessageSecurityException {
    private static final long serialVersionUID = 1L;

    private final boolean tooLarge;

    private InvalidMessageException(String message, boolean tooLarge) {
        super(message);
        this.tooLarge = tooLarge;
    }

    /** The message breaks a syntax rule; {@code what} names the rule and the place, without the content. */
    public static InvalidMessageException malformed(String what) {
        return new InvalidMessageException(what, false);
    }

    /** The message is over a limit; {@code what} names the limit. */
    public static InvalidMessageException tooLarge(String what) {
        return new InvalidMessageException(what, true);
    }

    /** Whether a size limit was the cause, which HTTP answers with 413 instead of 400. */
    public boolean isTooLarge() {
        return tooLarge;
    }

    @Override
    public String code() {
        return tooLarge ? "message-too-large" : "message-malformed";
    }
}
