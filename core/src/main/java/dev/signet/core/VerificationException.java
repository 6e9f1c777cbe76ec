// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

/** A message that was understood and must not be trusted: {@link #reason()} says why. */
public final class VerificationException extends MessageSecurityException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** A refusal that needs no further words than its reason. */
    public VerificationException(Reason reason) {
        super(reason.description());
        this.reason = reason;
    }

    /** A refusal with a detail: the name of a component, parameter or field, never its value. */
    public VerificationException(Reason reason, String detail) {
        super(reason.description() + ": " + detail);
        this.reason = reason;
    }

    /** The first thing found wrong. */
    public Reason reason() {
        return reason;
    }

    @Override
    public String code() {
        return reason.code();
    }
}
