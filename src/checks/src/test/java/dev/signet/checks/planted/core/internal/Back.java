// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.core.internal;

import dev.signet.checks.planted.core.CoreOfAll;

/** One half of a ring. */
public final class Back {
    private final CoreOfAll core = new CoreOfAll();

    @Override
    public String toString() {
        return core.toString();
    }
}
