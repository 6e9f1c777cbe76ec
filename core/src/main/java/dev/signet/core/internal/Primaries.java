// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import dev.signet.core.Key;
import dev.signet.core.Keyset;
import dev.signet.core.UnavailableException;
import java.util.function.Supplier;

/** The primary key at the time of use, for those who sign and encrypt while others rotate keys. */
public final class Primaries {
    private Primaries() {}

    /**
     * The primary key of what a supplier gives each time.
     *
     * @return a source that throws {@link UnavailableException} if the supplier fails
     */
    public static <K extends Key> Derived.Source<K> of(Supplier<Keyset<K>> keysets) {
        return Derived.Source.asked(
                () -> Boundary.ask("source of the keyset", keysets).primary());
    }
}
