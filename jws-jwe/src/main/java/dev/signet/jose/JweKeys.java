// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Algorithm;
import dev.signet.core.Key;
import dev.signet.core.SecurityPolicy;

/** What JWE says about a key's algorithm. */
final class JweKeys {
    private JweKeys() {}

    /** What {@code alg} says for a key: a key for content is used directly (RFC 7518, 4.5). */
    static String algName(Algorithm algorithm) {
        return algorithm.isContentEncryption() ? "dir" : algorithm.joseName();
    }

    static void requireAllowed(Key key, SecurityPolicy policy) {
        Algorithm algorithm = key.algorithm();
        if (!policy.algorithms().contains(algorithm)) {
            throw new IllegalArgumentException("the policy does not accept " + algorithm.joseName());
        }
        if (algorithm.isPasswordBased() && policy.passwordIterations() <= 0) {
            throw new IllegalArgumentException("the policy does not accept passwords");
        }
    }
}
