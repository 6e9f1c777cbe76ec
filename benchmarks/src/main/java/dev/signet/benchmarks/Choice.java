// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmarks;

import dev.signet.core.Providers;
import java.security.Security;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** The providers that a benchmark's parameter names. */
final class Choice {
    private Choice() {}

    /** @param name {@code automatic} for the fastest of all present, {@code BC} for what is chosen without ACCP */
    static Providers of(String name) {
        return name.equals("BC")
                ? Providers.pinned(new BouncyCastleProvider(), Security.getProviders())
                : Providers.automatic();
    }
}
