// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.ReplayGuard.Entry;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the answers of a replay guard into refusals. */
public final class Replays {
    private Replays() {}

    /**
     * What a builder was told of replays.
     *
     * @throws IllegalArgumentException if it was told two things
     */
    public static void requireOneWish(@Nullable ReplayGuard given, boolean ignored) {
        if (ignored && given != null) {
            throw new IllegalArgumentException("a replay guard is given and ignored at once");
        }
    }

    /** Returns if nobody claimed this before. */
    public static void claim(ReplayGuard guard, Entry entry) {
        claim(guard, List.of(entry));
    }

    /** Returns if nobody claimed any of these before; else none is claimed, if the guard can do so. */
    public static void claim(ReplayGuard guard, List<Entry> entries) {
        switch (Boundary.ask("replay guard", () -> guard.claimAll(entries))) {
            case FIRST -> {}
            case REPLAYED -> throw new VerificationException(Reason.REPLAYED);
            case QUOTA_EXCEEDED -> throw new VerificationException(Reason.REPLAY_QUOTA_EXCEEDED);
            case FULL -> throw new UnavailableException("the replay guard is full");
            case EXPIRED -> throw new VerificationException(Reason.TOO_OLD);
        }
    }
}
