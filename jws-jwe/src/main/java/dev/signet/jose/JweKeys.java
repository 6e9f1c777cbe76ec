// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Algorithm;
import dev.signet.core.Key;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Keys in the form that the engine wants, made once. */
final class JweKeys {
    private JweKeys() {}

    static SecretKey aes(SecretBytes secret) {
        byte[] bytes = secret.dangerousToByteArray();
        try {
            return new SecretKeySpec(bytes, "AES");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

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

    /** The same key as an object of the provider's own, so that it is not converted for each message. */
    static PublicKey translate(PublicKey key, String type, Provider provider) {
        try {
            return KeyFactory.getInstance(type, provider).generatePublic(new X509EncodedKeySpec(key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the provider cannot use the public key", e);
        }
    }

    static PrivateKey translate(PrivateKey key, String type, Provider provider) {
        byte[] encoded = key.getEncoded();
        try {
            return KeyFactory.getInstance(type, provider).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the provider cannot use the private key", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }
}
