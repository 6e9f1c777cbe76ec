// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.Algorithm;
import dev.signet.core.Providers;
import dev.signet.core.internal.Ciphers;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import org.jspecify.annotations.Nullable;

/** Encryption of content: AES-GCM (XML Encryption 1.1, 5.2.4), or AES-CBC (5.2.3) to decrypt only. Thread-safe. */
final class ContentCipher {
    private static final int GCM_IV_BYTES = 12;
    private static final int GCM_TAG_BYTES = 16;
    private static final int BLOCK_BYTES = 16;

    final String uri;
    final int keyBytes;
    /** Null for AES-CBC. */
    final @Nullable Algorithm algorithm;

    private final Providers providers;

    private ContentCipher(String uri, int keyBytes, @Nullable Algorithm algorithm, Providers providers) {
        this.uri = uri;
        this.keyBytes = keyBytes;
        this.algorithm = algorithm;
        this.providers = providers;
    }

    /** Empty if XML Encryption does not have the algorithm. */
    static Optional<ContentCipher> of(Algorithm algorithm, Providers providers) {
        int keyBytes = switch (algorithm) {
            case A128GCM -> 16;
            case A192GCM -> 24;
            case A256GCM -> 32;
            default -> 0;
        };
        return algorithm
                .xmlUri()
                .filter(uri -> keyBytes > 0)
                .map(uri -> new ContentCipher(uri, keyBytes, algorithm, providers));
    }

    /** @param bits of the key */
    static ContentCipher cbc(int bits, Providers providers) {
        return new ContentCipher(Xenc.XENC + "aes" + bits + "-cbc", bits / Byte.SIZE, null, providers);
    }

    byte[] encrypt(SecretKey key, byte[] plaintext, SecureRandom random) throws GeneralSecurityException {
        byte[] iv = new byte[GCM_IV_BYTES];
        random.nextBytes(iv);
        Cipher cipher = Ciphers.cipher(providers, "AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(GCM_TAG_BYTES * Byte.SIZE, iv));
        byte[] out = Arrays.copyOf(iv, GCM_IV_BYTES + plaintext.length + GCM_TAG_BYTES);
        cipher.doFinal(plaintext, 0, plaintext.length, out, GCM_IV_BYTES);
        return out;
    }

    /** Whether something could be encrypted as this: enough bytes, in whole blocks. */
    boolean hasLength(byte[] ciphertext) {
        return algorithm != null
                ? ciphertext.length >= GCM_IV_BYTES + GCM_TAG_BYTES
                : ciphertext.length >= 2 * BLOCK_BYTES && ciphertext.length % BLOCK_BYTES == 0;
    }

    /** Bytes of the plaintext, at the most. */
    int plaintextBytes(byte[] ciphertext) {
        return ciphertext.length - (algorithm != null ? GCM_IV_BYTES + GCM_TAG_BYTES : BLOCK_BYTES);
    }

    /**
     * The plaintext; null if it is not what was encrypted. With AES-CBC a wrong padding takes as long as a right one.
     *
     * @param ciphertext of the right length
     */
    byte @Nullable [] decrypt(SecretKey key, byte[] ciphertext) {
        try {
            if (algorithm != null) {
                Cipher cipher = Ciphers.cipher(providers, "AES/GCM/NoPadding");
                cipher.init(
                        Cipher.DECRYPT_MODE,
                        key,
                        new GCMParameterSpec(GCM_TAG_BYTES * Byte.SIZE, ciphertext, 0, GCM_IV_BYTES));
                return cipher.doFinal(ciphertext, GCM_IV_BYTES, ciphertext.length - GCM_IV_BYTES);
            }
            Cipher cipher = Ciphers.cipher(providers, "AES/CBC/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(ciphertext, 0, BLOCK_BYTES));
            return withoutPadding(cipher.doFinal(ciphertext, BLOCK_BYTES, ciphertext.length - BLOCK_BYTES));
        } catch (GeneralSecurityException | RuntimeException e) {
            // Providers fail in many ways, and each of them would tell an attacker something.
            return null;
        }
    }

    /** XML Encryption 1.1, 5.2.1: the last byte says how many there are; the others are arbitrary. */
    private static byte @Nullable [] withoutPadding(byte[] padded) {
        int length = padded[padded.length - 1] & 0xff;
        boolean valid = length >= 1 && length <= BLOCK_BYTES;
        byte[] plaintext = Arrays.copyOf(padded, padded.length - (valid ? length : 1));
        return valid ? plaintext : null;
    }
}
