// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import dev.signet.core.Providers;
import dev.signet.core.internal.base.Plumbing;
import java.lang.invoke.MethodHandles;

/** The door into core, which opens when core's providers are there. */
final class Core {
    static final Plumbing PLUMBING = enter();

    private Core() {}

    private static Plumbing enter() {
        try {
            MethodHandles.lookup().ensureInitialized(Providers.class);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        return Plumbing.DOOR.enter();
    }
}
