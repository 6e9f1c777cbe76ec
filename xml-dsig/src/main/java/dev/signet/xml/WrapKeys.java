// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.Algorithm;
import dev.signet.core.Providers;
import dev.signet.core.internal.Ciphers;
import dev.signet.xml.EncryptedPart.EncryptedKey;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** AES key wrap (RFC 3394; XML Encryption 1.1, 5.7.2). */
final class WrapKeys {
    /** RFC 3394, 2.2.1: one block of 64 bits more. */
    static final int OVERHEAD = 8;

    private static final int SEMIBLOCK = 8;
    /** RFC 3394, 2.2.3.1. */
    private static final byte[] INITIAL_VALUE = {
        (byte) 0xa6, (byte) 0xa6, (byte) 0xa6, (byte) 0xa6, (byte) 0xa6, (byte) 0xa6, (byte) 0xa6, (byte) 0xa6
    };

    private WrapKeys() {}

    /** The identifier of the key wrap that an algorithm ends with. */
    static String uri(Algorithm algorithm) {
        return switch (algorithm) {
            case A128KW, ECDH_ES_A128KW -> Xenc.XENC + "kw-aes128";
            case A192KW, ECDH_ES_A192KW -> Xenc.XENC + "kw-aes192";
            default -> Xenc.XENC + "kw-aes256";
        };
    }

    static byte[] wrap(SecretKey cek, SecretKey kek, Providers providers) throws GeneralSecurityException {
        Cipher cipher = Ciphers.cipher(providers, "AESWrap");
        cipher.init(Cipher.WRAP_MODE, kek);
        return cipher.wrap(cek);
    }

    /**
     * The key that was wrapped; null if it is not what was wrapped. RFC 3394, 2.2.2, in so many words, since providers throw
     * where the integrity check fails, which takes longer than where it does not.
     *
     * @param ciphertext of the right length
     */
    static @Nullable SecretKey unwrap(byte[] ciphertext, SecretKey kek, Providers providers)
            throws GeneralSecurityException {
        Cipher aes = Ciphers.cipher(providers, "AES/ECB/NoPadding");
        aes.init(Cipher.DECRYPT_MODE, kek);
        int n = ciphertext.length / SEMIBLOCK - 1;
        byte[] r = ciphertext.clone();
        byte[] block = new byte[2 * SEMIBLOCK];
        System.arraycopy(ciphertext, 0, block, 0, SEMIBLOCK);
        for (int t = 6 * n; t > 0; t--) {
            int at = ((t - 1) % n + 1) * SEMIBLOCK;
            // Keys are short: t fits in the last byte.
            block[SEMIBLOCK - 1] ^= (byte) t;
            System.arraycopy(r, at, block, SEMIBLOCK, SEMIBLOCK);
            aes.doFinal(block, 0, block.length, block, 0);
            System.arraycopy(block, SEMIBLOCK, r, at, SEMIBLOCK);
        }
        boolean intact = MessageDigest.isEqual(Arrays.copyOf(block, SEMIBLOCK), INITIAL_VALUE);
        SecretKey cek = new SecretKeySpec(r, SEMIBLOCK, n * SEMIBLOCK, "AES");
        Arrays.fill(r, (byte) 0);
        Arrays.fill(block, (byte) 0);
        return intact ? cek : null;
    }

    static void checkLength(EncryptedKey key, int cekBytes) {
        if (key.ciphertext().length != cekBytes + OVERHEAD) {
            throw Xenc.malformed("an encrypted key does not have the length of its algorithm");
        }
    }

    record Sealer(String uri, SecretKey kek, Providers providers) implements CekSealer {
        @Override
        public Sealed seal(SecretKey cek, String keyInfo) throws GeneralSecurityException {
            String method = "<xenc:EncryptionMethod Algorithm=\"" + uri + "\"/>";
            return new Sealed(method, keyInfo, wrap(cek, kek, providers));
        }
    }

    record Opener(String uri, SecretKey kek, Providers providers) implements CekOpener {
        @Override
        public boolean fits(EncryptedKey key) {
            return key.algorithm().equals(uri) && key.agreement() == null;
        }

        @Override
        public void check(EncryptedKey key, int cekBytes) {
            if (key.digest() != null || key.mgf() != null) {
                throw Xenc.malformed("AES key wrap has no parameters");
            }
            checkLength(key, cekBytes);
        }

        @Override
        public @Nullable SecretKey open(EncryptedKey key) throws GeneralSecurityException {
            return unwrap(key.ciphertext(), kek, providers);
        }
    }
}
