// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.internal.ProviderKeys;
import dev.signet.xml.EncryptedPart.EncryptedKey;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** The receiving side of one key: finds the content encryption keys that were hidden for it. Thread-safe. */
interface CekOpener {
    /** Whether a message says that it hid the key in this way; public. */
    boolean fits(EncryptedKey key);

    /**
     * What anybody can see to be wrong.
     *
     * @throws InvalidMessageException if the key was not hidden in this way, or has another length
     */
    void check(EncryptedKey key, int cekBytes);

    /**
     * The content encryption key, of whatever length. Null, or any exception of whatever class but UnavailableException,
     * means the same failure.
     *
     * @throws UnavailableException if a handle does not work, whatever the message holds
     */
    @Nullable
    SecretKey open(EncryptedKey key) throws GeneralSecurityException;

    /** @throws IllegalArgumentException if the policy does not accept the key */
    static CekOpener of(DecryptionKey key, SecurityPolicy policy) {
        EncryptionKeys.requireAllowed(key, policy);
        PrivateKey privateKey = key.dangerousPrivateKey().orElse(null);
        PublicKey publicKey = key.encryptionKey().publicKey().orElse(null);
        if (privateKey == null || publicKey == null) {
            SecretKey kek = ProviderKeys.aes(key.dangerousSecret().orElseThrow());
            return new WrapKeys.Opener(WrapKeys.uri(key.algorithm()), kek, policy.providers());
        }
        return publicKey instanceof RSAPublicKey rsa
                ? new OaepKeys.Opener(key, privateKey, rsa, policy.providers())
                : new AgreementKeys.Opener(publicKey, privateKey, key, policy.providers());
    }
}
