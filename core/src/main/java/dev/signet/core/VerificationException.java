// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message that was understood and must not be trusted: {@link #reason()} says why. */
public final class VerificationException extends MessageSecurityException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final @Nullable Duration retryAfter;

    /** A refusal that needs no further words than its reason. */
    public VerificationException(Reason reason) {
        super(reason.description());
        this.reason = reason;
        retryAfter = null;
    }

    /** A refusal with a detail: the name of a component, parameter or field, never its value. */
    public VerificationException(Reason reason, String detail) {
        super(reason.description() + ": " + detail);
        this.reason = reason;
        retryAfter = null;
    }

    /**
     * A refusal for now: of a rate or quota that is used up.
     *
     * @param retryAfter how long it will take until there is room again
     */
    public VerificationException(Reason reason, Duration retryAfter) {
        super(reason.description());
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /** The first thing found wrong. */
    public Reason reason() {
        return reason;
    }

    /** How long to wait before the same can be asked again, where that is known. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    @Override
    public String code() {
        return reason.code();
    }
}
