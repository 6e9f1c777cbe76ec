// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.MessageSecurityException;

/**
 * What a host wants to know of a message that is found good before it counts as accepted: nothing has been claimed of the
 * replay guard, nor reported, so a refusal uses nothing up. A {@link MessageSecurityException} from here is the verdict. All
 * that depends on time is checked anew behind it. With a last check the whole body is taken, whether a signature covers it or not.
 */
@FunctionalInterface
public interface LastCheck {
    /** Asked once the signatures and what they cover hold, before the rest of a body that none covers is taken. */
    default void beforeBody(VerifiedMessage verified) {}

    /**
     * Asked once all of the body is here.
     *
     * @param body as received, for a host to hand on; {@link VerifiedMessage#isBodyCovered()} says whether it is verified
     */
    void check(VerifiedMessage verified, ReceivedBody body);
}
