// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.nimbusds.jose.JOSEException;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.internal.Agreement;
import dev.signet.core.internal.Ciphers;
import dev.signet.core.internal.ProviderKeys;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** The receiving side of one key: finds the content encryption keys that were hidden for it. Thread-safe. */
interface CekOpener {
    /** The header parameters that any of these algorithms reads (RFC 7518, 4.6 to 4.8). */
    List<String> PARAMETERS = List.of("alg", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c");

    /**
     * The content encryption key of a message. Its length is not yet checked.
     *
     * @param header of the message, whose {@code alg} is this key's
     * @param keyBytes how long the content encryption key has to be
     * @throws InvalidMessageException if a header parameter of the algorithm is absent or malformed, which anybody can see
     */
    SecretKey open(Map<String, Object> header, byte[] encryptedKey, Algorithm enc, int keyBytes)
            throws GeneralSecurityException, JOSEException;

    /** @throws IllegalArgumentException if the policy does not accept the key */
    static CekOpener of(DecryptionKey key, SecurityPolicy policy) {
        Algorithm algorithm = key.algorithm();
        JweKeys.requireAllowed(key, policy);
        if (algorithm.isContentEncryption()) {
            return new DirectKeys.Opener(
                    algorithm, ProviderKeys.aes(key.dangerousSecret().orElseThrow()));
        }
        PrivateKey privateKey = key.dangerousPrivateKey().orElse(null);
        PublicKey publicKey = key.encryptionKey().publicKey().orElse(null);
        boolean handle = privateKey != null && privateKey.getEncoded() == null;
        JweServices.requireKey(algorithm, publicKey, handle, policy.providers());
        if (privateKey == null || publicKey == null) {
            return algorithm.isPasswordBased()
                    ? new PasswordKeys.Opener(key, policy)
                    : new WrapKeys.Opener(
                            algorithm,
                            ProviderKeys.aes(key.dangerousSecret().orElseThrow()),
                            Ciphers.composite(policy.providers()));
        }
        // A handle belongs to the provider that made it, which the platform finds.
        return publicKey instanceof java.security.interfaces.RSAPublicKey rsa
                ? new OaepKeys.Opener(key, privateKey, rsa, Ciphers.composite(policy.providers()))
                : new AgreementKeys.Opener(
                        Agreement.of(publicKey, Ciphers.composite(policy.providers())), privateKey, key);
    }

    /** A parameter that has to be a string of base64url; null if absent. */
    static byte @Nullable [] bytes(Map<String, Object> header, String name) {
        Object value = header.get(name);
        if (value == null) {
            return null;
        }
        byte[] bytes = value instanceof String text ? Base64Url.decode(text) : null;
        if (bytes == null) {
            throw InvalidMessageException.malformed("JWE: " + name + " is not base64url without padding");
        }
        return bytes;
    }

    /** The same for a parameter that must be there, of a length that is known. */
    static byte[] bytes(Map<String, Object> header, String name, int length) {
        byte[] bytes = bytes(header, name);
        if (bytes == null || bytes.length != length) {
            throw InvalidMessageException.malformed("JWE: " + name + " does not have " + length + " bytes");
        }
        return bytes;
    }

    static void requireLength(byte[] encryptedKey, int length) {
        if (encryptedKey.length != length) {
            throw InvalidMessageException.malformed("JWE: the encrypted key does not have " + length + " bytes");
        }
    }
}
