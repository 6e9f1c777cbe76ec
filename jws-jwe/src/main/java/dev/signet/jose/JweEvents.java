// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Key;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityListener;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells a listener what happened to JWEs. */
record JweEvents(SecurityListener listener, InstantSource clock) {
    void tell(SecurityEvent.Type type, String code, @Nullable Key key) {
        try {
            listener.onEvent(new SecurityEvent(
                    type,
                    "jwe",
                    code,
                    Optional.ofNullable(key).map(k -> new SecurityEvent.KeyName(k.id(), k.algorithm())),
                    clock.instant()));
        } catch (RuntimeException e) {
            // The verdict stands, whatever becomes of the note about it.
        }
    }
}
