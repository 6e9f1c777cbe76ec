// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.EncryptionKey;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.internal.ProviderKeys;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.SecretKey;

/** The sending side of one recipient's key: hides content encryption keys for it. Thread-safe. */
interface CekSealer {
    /** @param keyInfo elements that name the key, or nothing */
    Sealed seal(SecretKey cek, String keyInfo) throws GeneralSecurityException;

    /**
     * A hidden key.
     *
     * @param method the EncryptionMethod
     * @param keyInfo the content of KeyInfo
     */
    record Sealed(String method, String keyInfo, byte[] ciphertext) {}

    /** @throws IllegalArgumentException if the policy does not accept the key */
    static CekSealer of(EncryptionKey key, SecurityPolicy policy) {
        EncryptionKeys.requireAllowed(key, policy);
        PublicKey publicKey = key.publicKey().orElse(null);
        if (publicKey == null) {
            SecretKey kek = ProviderKeys.aes(key.dangerousSecret().orElseThrow());
            return new WrapKeys.Sealer(WrapKeys.uri(key.algorithm()), kek, policy.providers());
        }
        return publicKey instanceof RSAPublicKey rsa
                ? new OaepKeys.Sealer(key.algorithm(), rsa, policy.providers())
                : new AgreementKeys.Sealer(publicKey, key.algorithm(), key.id(), policy.providers());
    }
}
