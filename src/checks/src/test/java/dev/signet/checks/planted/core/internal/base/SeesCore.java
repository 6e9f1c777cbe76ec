// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.core.internal.base;

import dev.signet.checks.planted.core.CoreOfAll;

/** Looks up from the ground. */
public final class SeesCore {
    private final CoreOfAll core = new CoreOfAll();

    @Override
    public String toString() {
        return core.toString();
    }
}
