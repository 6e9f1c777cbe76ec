// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An {@code EncryptedData} that has been taken apart, and that keeps the rules which need no key.
 *
 * @param type of what was encrypted: element or content
 * @param algorithm of the content
 * @param keyName names the key itself where there is no {@code EncryptedKey}
 */
record EncryptedPart(
        String type, String algorithm, @Nullable String keyName, List<EncryptedKey> keys, byte[] ciphertext) {
    /**
     * A content key, encrypted for one recipient.
     *
     * @param name of the recipient's key
     * @param digest of OAEP
     * @param mgf of OAEP
     */
    record EncryptedKey(
            String algorithm,
            @Nullable String name,
            @Nullable String digest,
            @Nullable String mgf,
            @Nullable AgreedKey agreement,
            byte[] ciphertext) {}

    /**
     * How the key that wraps was agreed on.
     *
     * @param curve the URI of a named curve; null for a key in DER
     * @param publicKey the originator's: a point, or SubjectPublicKeyInfo
     * @param otherInfo what ConcatKDF hashes beside the secret
     */
    record AgreedKey(String algorithm, @Nullable String curve, byte[] publicKey, byte[] otherInfo) {}
}
