// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;

/**
 * The work that one message may cause before a signature of it is known to hold, in bytes touched: parsed, encoded, copied
 * into a signature base, hashed. What the sender makes longer may cost more, in proportion; what he makes us do again and
 * again with the same bytes may not.
 */
final class WorkBudget {
    /** What a part of the message may cost for each of its bytes: a field as it stands. */
    static final int LINES = 3;
    /** A structured field or the request target, of which several components can be made. */
    static final int PARSED = 6;
    /** What a parameter, a member or a line costs besides its bytes, for the objects that are made of it. */
    static final int ENTRY = 48;

    /** So that a short message is never refused. */
    private static final long FREE = 8192;

    private final int signatures;
    private long allowed;
    private long spent;

    private WorkBudget(int signatures, long allowed) {
        this.signatures = signatures;
        this.allowed = allowed;
    }

    /** A budget that suffices for so many signatures over the whole of the message. */
    static WorkBudget of(int signatures) {
        return new WorkBudget(signatures, FREE);
    }

    /** For messages of one's own, and for looking into one on purpose. */
    static WorkBudget unlimited() {
        return new WorkBudget(0, Long.MAX_VALUE);
    }

    /** A part of the message is met for the first time. */
    void meet(long bytes, int rate) {
        allowed += bytes * rate * signatures;
    }

    /**
     * Work is about to be done.
     *
     * @throws InvalidMessageException if it is too much for the message's length
     */
    void spend(long bytes) {
        if (bytes > allowed - spent) {
            throw InvalidMessageException.tooLarge("checking the message is more work than its length allows");
        }
        spent += bytes;
    }

    /** A signature held: what it took since then does not count against another one. */
    void settle(long spentBefore) {
        spent = Math.min(spent, spentBefore);
    }

    /** The bytes touched so far. */
    long spent() {
        return spent;
    }
}
