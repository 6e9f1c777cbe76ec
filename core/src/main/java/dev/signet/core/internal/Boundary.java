// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import dev.signet.core.MessageSecurityException;
import dev.signet.core.UnavailableException;
import java.util.function.Supplier;

/**
 * The one boundary to code that is not ours: key resolvers, stores, callbacks. What fails there is no verdict on the
 * message, and its text is for the operator (as the cause), never for the sender.
 */
public final class Boundary {
    private Boundary() {}

    /**
     * What foreign code answers.
     *
     * @param what names it in the error, such as {@code key resolver}
     * @throws UnavailableException if it fails otherwise than by one of our errors, or answers null
     */
    public static <T> T ask(String what, Supplier<T> foreign) {
        T answer;
        try {
            answer = foreign.get();
        } catch (MessageSecurityException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnavailableException("the " + what + " failed", e);
        }
        if (answer == null) {
            throw new UnavailableException("the " + what + " answered null");
        }
        return answer;
    }
}
