// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import dev.signet.core.KeyUnavailableException;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.VerificationException;
import java.time.Instant;

/** Turns the answers of a replay guard into refusals. */
public final class Replays {
    private Replays() {}

    /** Returns if nobody claimed the nonce of this key before. */
    public static void claim(ReplayGuard guard, String keyId, String nonce, Instant expiresAt) {
        switch (guard.claim(keyId, nonce, expiresAt)) {
            case FIRST -> {}
            case REPLAYED -> throw new VerificationException(Reason.REPLAYED);
            case QUOTA_EXCEEDED -> throw new VerificationException(Reason.REPLAY_QUOTA_EXCEEDED);
            case FULL -> throw new KeyUnavailableException("the replay guard is full");
        }
    }
}
