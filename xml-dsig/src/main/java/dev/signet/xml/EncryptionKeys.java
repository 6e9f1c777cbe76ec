// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.Algorithm;
import dev.signet.core.Key;
import dev.signet.core.SecurityPolicy;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Fresh keys, and what XML Encryption and a policy say about a key's algorithm. */
final class EncryptionKeys {
    private EncryptionKeys() {}

    static SecretKey random(int bytes, SecureRandom random) {
        byte[] key = new byte[bytes];
        random.nextBytes(key);
        try {
            return new SecretKeySpec(key, "AES");
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** @throws IllegalArgumentException if the policy, or XML Encryption, does not have the key's algorithm */
    static void requireAllowed(Key key, SecurityPolicy policy) {
        Algorithm algorithm = key.algorithm();
        if (!policy.algorithms().contains(algorithm)) {
            throw new IllegalArgumentException("the policy does not accept " + algorithm.joseName());
        }
        switch (algorithm) {
            case RSA_OAEP_256, RSA_OAEP_384, RSA_OAEP_512 -> {}
            case ECDH_ES_A128KW, ECDH_ES_A192KW, ECDH_ES_A256KW -> {}
            case A128KW, A192KW, A256KW, A128GCM, A192GCM, A256GCM -> {}
            default -> throw new IllegalArgumentException("XML Encryption has no " + algorithm.joseName());
        }
    }
}
