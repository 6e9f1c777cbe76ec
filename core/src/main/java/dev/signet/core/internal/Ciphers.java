// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import dev.signet.core.Algorithm;
import dev.signet.core.Providers;
import dev.signet.core.internal.base.Plumbing;
import java.security.MessageDigest;
import java.security.Provider;
import java.util.List;
import javax.crypto.Cipher;

/** What the providers of core give to Signet's own modules only. */
public final class Ciphers {
    private static final Plumbing CORE = Core.PLUMBING;

    private Ciphers() {}

    /**
     * A new cipher of the fastest provider that has it, not yet initialised; {@code transformation} is a JCA name such as
     * {@code AES/ECB/NoPadding}.
     */
    public static Cipher cipher(Providers providers, String transformation) {
        return CORE.cipher(providers, transformation);
    }

    /** A new message digest; {@code algorithm} is a JCA name such as {@code SHA-256}. */
    public static MessageDigest messageDigest(Providers providers, String algorithm) {
        return CORE.messageDigest(providers, algorithm);
    }

    /**
     * One JCA provider whose every service is that of the fastest provider here which has it, for engines that take a
     * single provider for a whole operation. It is not registered with the platform and belongs to {@code providers}.
     */
    public static Provider composite(Providers providers) {
        return CORE.composite(providers);
    }

    /** The providers that have an operation, in order of preference and before any self-test. */
    public static List<Provider> candidates(Providers providers, Algorithm algorithm, Providers.Operation operation) {
        return CORE.candidates(providers, algorithm, operation);
    }
}
