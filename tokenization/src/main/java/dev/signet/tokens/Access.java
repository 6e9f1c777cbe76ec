// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;

/**
 * Who wants to see values, and what for: {@code Access.by("support").forPurpose("refund")}. The application has authenticated the
 * caller.
 *
 * <pre>{@code
 * Revealed revealed = detokenizer.detokenize(token, Access.by("billing").forPurpose("refund"));
 * String value = revealed.value(); // toString hides it
 * }</pre>
 */
@CheckReturnValue
public final class Access {
    private final String purpose;
    private final String caller;

    private Access(String purpose, String caller) {
        this.purpose = purpose;
        this.caller = caller;
    }

    /**
     * Names who asks.
     *
     * @param caller the service or person, as it shall stand in the log: 1 to 256 printable ASCII characters
     */
    public static By by(String caller) {
        return new By(Names.check(caller, "a caller"));
    }

    /** What the reveal policy knows, such as {@code refund}. */
    public String purpose() {
        return purpose;
    }

    /** The service or person. */
    public String caller() {
        return caller;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Access that && purpose.equals(that.purpose) && caller.equals(that.caller);
    }

    @Override
    public int hashCode() {
        return 31 * purpose.hashCode() + caller.hashCode();
    }

    @Override
    public String toString() {
        return "Access[by " + caller + " for " + purpose + "]";
    }

    /** A caller whose purpose is still to be named. */
    public static final class By {
        private final String caller;

        private By(String caller) {
            this.caller = caller;
        }

        /** The access for a purpose: 1 to 256 printable ASCII characters. */
        public Access forPurpose(String purpose) {
            return new Access(Names.check(purpose, "a purpose"), caller);
        }
    }
}
