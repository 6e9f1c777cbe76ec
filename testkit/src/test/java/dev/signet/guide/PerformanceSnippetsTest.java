// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.Providers;
import dev.signet.core.Providers.Operation;
import dev.signet.core.SecurityPolicy;
import java.security.Provider;
import java.security.Security;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/performance.md. */
class PerformanceSnippetsTest {
    @Test
    void choice() {
        // tag::choice[]
        Providers.Choice choice = Providers.automatic().choice(Algorithm.ED25519, Operation.VERIFY);
        System.out.println(choice.provider().orElse("none") + ", failed: " + choice.failed());
        // end::choice[]
        assertThat(choice.provider()).isPresent();
    }

    @Test
    void pinned() {
        // tag::pinned[]
        Provider platform = Security.getProvider("SunEC");
        SecurityPolicy policy = SecurityPolicy.recommended2026().withProviders(Providers.pinned(platform));
        // end::pinned[]
        assertThat(policy.providers().choice(Algorithm.ES256, Operation.SIGN).provider())
                .contains("SunEC");
    }
}
