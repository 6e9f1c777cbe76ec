// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import dev.signet.core.DecryptionKey;
import dev.signet.core.SecretBytes;
import dev.signet.core.UnavailableException;
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

/** Keys as objects of a provider's own, made once, so that they are not converted for each message. */
public final class ProviderKeys {
    private ProviderKeys() {}

    public static SecretKey aes(SecretBytes secret) {
        byte[] bytes = secret.dangerousToByteArray();
        try {
            return new SecretKeySpec(bytes, "AES");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** @throws IllegalArgumentException if the provider cannot use the key */
    public static PublicKey translate(PublicKey key, String type, Provider provider) {
        try {
            return KeyFactory.getInstance(type, provider).generatePublic(new X509EncodedKeySpec(key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the provider cannot use the public key", e);
        }
    }

    /**
     * The same for a private key that is not a handle.
     *
     * @throws IllegalArgumentException if the provider cannot use the key
     */
    public static PrivateKey translate(PrivateKey key, String type, Provider provider) {
        byte[] encoded = key.getEncoded();
        try {
            return KeyFactory.getInstance(type, provider).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the provider cannot use the private key", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /**
     * A handle that can be initialised now: the key's, or one that is fetched anew. Asked before each message, whatever it
     * holds, so that what is found out of a session is nothing about a ciphertext.
     *
     * @throws UnavailableException if neither works
     */
    public static PrivateKey liveHandle(DecryptionKey key, Initialisation initialisation) {
        PrivateKey handle = key.dangerousPrivateKey().orElseThrow();
        try {
            initialisation.with(handle);
            return handle;
        } catch (GeneralSecurityException | RuntimeException e) {
            PrivateKey fresh = Keys.renewHandle(key, handle);
            try {
                initialisation.with(fresh);
                return fresh;
            } catch (GeneralSecurityException | RuntimeException again) {
                throw new UnavailableException("the handle of the key " + key.id() + " does not work", again);
            }
        }
    }

    /** Brings a private key to where it would decrypt next. */
    @FunctionalInterface
    public interface Initialisation {
        void with(PrivateKey key) throws GeneralSecurityException;
    }
}
