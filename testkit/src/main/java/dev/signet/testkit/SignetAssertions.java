// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;

/** Assertions on verdicts, for any test framework: failures are {@link AssertionError}s. */
public final class SignetAssertions {
    private SignetAssertions() {}

    /** Something that verifies. */
    @FunctionalInterface
    public interface Verification {
        /** Verifies. */
        void run() throws Exception;
    }

    /** Passes if the verification refuses the message for this reason, and gives the exception. */
    public static VerificationException assertRejected(Reason reason, Verification verification) {
        Throwable thrown = thrownBy(verification);
        if (thrown instanceof VerificationException refusal && refusal.reason() == reason) {
            return refusal;
        }
        throw new AssertionError("expected a refusal for " + reason.code() + ", got " + describe(thrown), thrown);
    }

    /** Passes if the verification finds the message malformed or too large, and gives the exception. */
    public static InvalidMessageException assertInvalid(Verification verification) {
        Throwable thrown = thrownBy(verification);
        if (thrown instanceof InvalidMessageException invalid) {
            return invalid;
        }
        throw new AssertionError("expected an invalid message, got " + describe(thrown), thrown);
    }

    private static Throwable thrownBy(Verification verification) {
        try {
            verification.run();
        } catch (Exception e) {
            return e;
        }
        throw new AssertionError("expected a refusal, and the message was accepted");
    }

    private static String describe(Throwable thrown) {
        return thrown instanceof MessageSecurityException known ? known.code() : thrown.toString();
    }
}
