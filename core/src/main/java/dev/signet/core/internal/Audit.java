// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import dev.signet.core.Key;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityListener;
import dev.signet.core.UnavailableException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Tells a listener what became of the messages of one format. Costs nothing where nobody listens. */
public final class Audit {
    private final String format;
    private final SecurityListener listener;
    private final InstantSource clock;
    private final boolean heard;

    public Audit(String format, SecurityListener listener, InstantSource clock) {
        this.format = format;
        this.listener = listener;
        this.clock = clock;
        heard = listener != SecurityListener.none();
    }

    /** A message was handled as it should be. */
    public void accepted(SecurityEvent.Type type, Key key) {
        if (heard) {
            tell(type, "ok", key);
        }
    }

    /** A message was refused, or could not be judged; {@code key} is null if it is not known. */
    public <E extends MessageSecurityException> E refused(E reason, @Nullable Key key) {
        if (heard) {
            tell(
                    reason instanceof UnavailableException
                            ? SecurityEvent.Type.UNAVAILABLE
                            : SecurityEvent.Type.REJECTED,
                    reason.code(),
                    key);
        }
        return reason;
    }

    private void tell(SecurityEvent.Type type, String code, @Nullable Key key) {
        try {
            Core.PLUMBING.tell(listener, type, format, code, key, clock.instant());
        } catch (RuntimeException e) {
            // The verdict stands, whatever becomes of the note about it.
        }
    }
}
