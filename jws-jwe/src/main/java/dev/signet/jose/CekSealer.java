// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.nimbusds.jose.JOSEException;
import dev.signet.core.Algorithm;
import dev.signet.core.EncryptionKey;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.internal.Agreement;
import dev.signet.core.internal.Ciphers;
import dev.signet.core.internal.ProviderKeys;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.util.Map;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** The sending side of one recipient's key: hides content encryption keys for it, or derives them. Thread-safe. */
interface CekSealer {
    /** Adds the header members that never change but for {@code alg}. */
    default void describe(Map<String, Object> header) {}

    /** Whether the key itself gives the content encryption key, which is then for one recipient only. */
    default boolean derives() {
        return false;
    }

    /**
     * Hides a key, or derives one.
     *
     * @param cek null where {@link #derives()}
     */
    SealedCek seal(@Nullable SecretKey cek, SecureRandom random) throws GeneralSecurityException, JOSEException;

    /**
     * A hidden key.
     *
     * @param encrypted empty where the key is derived
     * @param members header members that are new for each message, as JSON text that starts with a comma; or empty
     */
    record SealedCek(SecretKey cek, byte[] encrypted, String members) {}

    /** @throws IllegalArgumentException if the policy or the content encryption does not fit the key */
    static CekSealer of(EncryptionKey key, Algorithm enc, SecurityPolicy policy, byte[] apu, byte[] apv) {
        Algorithm algorithm = key.algorithm();
        JweKeys.requireAllowed(key, policy);
        if (algorithm.isContentEncryption()) {
            return new DirectKeys.Sealer(ProviderKeys.aes(key.dangerousSecret().orElseThrow()));
        }
        PublicKey publicKey = key.publicKey().orElse(null);
        JweServices.requireKey(algorithm, publicKey, false, policy.providers());
        if (publicKey == null) {
            return algorithm.isPasswordBased()
                    ? new PasswordKeys.Sealer(key, policy)
                    : new WrapKeys.Sealer(
                            algorithm,
                            ProviderKeys.aes(key.dangerousSecret().orElseThrow()),
                            Ciphers.composite(policy.providers()));
        }
        if (publicKey instanceof RSAPublicKey rsa) {
            return new OaepKeys.Sealer(algorithm, rsa, Ciphers.composite(policy.providers()));
        }
        return new AgreementKeys.Sealer(
                Agreement.of(publicKey, Ciphers.composite(policy.providers())), algorithm, enc, apu, apv);
    }
}
