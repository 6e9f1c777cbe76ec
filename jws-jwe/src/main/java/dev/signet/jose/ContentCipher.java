// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.impl.AESCBC;
import com.nimbusds.jose.crypto.impl.AuthenticatedCipherText;
import dev.signet.core.Algorithm;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** Authenticated encryption of content by one {@code enc} algorithm (RFC 7518, 5). Immutable and thread-safe. */
final class ContentCipher {
    private static final int GCM_IV_BYTES = 12;
    private static final int GCM_TAG_BYTES = 16;
    private static final int CBC_IV_BYTES = 16;

    final int keyBytes;
    final int ivBytes;
    final int tagBytes;

    private final boolean gcm;
    private final Provider provider;

    /** Content as it is written: three parts. */
    record Sealed(byte[] iv, byte[] ciphertext, byte[] tag) {}

    ContentCipher(Algorithm enc, Provider provider) {
        this.provider = provider;
        gcm = switch (enc) {
            case A128GCM, A192GCM, A256GCM -> true;
            default -> false;
        };
        keyBytes = switch (enc) {
            case A128GCM -> 16;
            case A192GCM -> 24;
            case A256GCM, A128CBC_HS256 -> 32;
            case A192CBC_HS384 -> 48;
            case A256CBC_HS512 -> 64;
            default -> throw new IllegalArgumentException(enc.joseName() + " does not encrypt content");
        };
        ivBytes = gcm ? GCM_IV_BYTES : CBC_IV_BYTES;
        // RFC 7518, 5.2.2.1, step 5: the MAC is cut to the length of its key.
        tagBytes = gcm ? GCM_TAG_BYTES : keyBytes / 2;
    }

    Sealed encrypt(SecretKey key, byte[] plaintext, byte[] aad, SecureRandom random)
            throws GeneralSecurityException, JOSEException {
        byte[] iv = new byte[ivBytes];
        random.nextBytes(iv);
        if (gcm) {
            return sealGcm(key, iv, plaintext, aad, provider);
        }
        AuthenticatedCipherText sealed = AESCBC.encryptAuthenticated(key, iv, plaintext, aad, provider, provider);
        return new Sealed(iv, sealed.getCipherText(), sealed.getAuthenticationTag());
    }

    /** The plaintext; any failure, of whatever class, means that it is not authentic. The lengths were checked before. */
    byte[] decrypt(SecretKey key, byte[] iv, byte[] ciphertext, byte[] tag, byte[] aad)
            throws GeneralSecurityException, JOSEException {
        if (gcm) {
            return openGcm(key, iv, ciphertext, tag, aad, provider);
        }
        // The tag is checked before anything is decrypted, so paddings tell nothing.
        return AESCBC.decryptAuthenticated(key, iv, ciphertext, aad, tag, provider, provider);
    }

    static Sealed sealGcm(SecretKey key, byte[] iv, byte[] plaintext, byte[] aad, Provider provider)
            throws GeneralSecurityException {
        byte[] out = gcm(Cipher.ENCRYPT_MODE, key, iv, aad, provider).doFinal(plaintext);
        int end = out.length - GCM_TAG_BYTES;
        return new Sealed(iv, Arrays.copyOf(out, end), Arrays.copyOfRange(out, end, out.length));
    }

    static byte[] openGcm(SecretKey key, byte[] iv, byte[] ciphertext, byte[] tag, byte[] aad, Provider provider)
            throws GeneralSecurityException {
        byte[] in = Arrays.copyOf(ciphertext, ciphertext.length + GCM_TAG_BYTES);
        System.arraycopy(tag, 0, in, ciphertext.length, GCM_TAG_BYTES);
        return gcm(Cipher.DECRYPT_MODE, key, iv, aad, provider).doFinal(in);
    }

    private static Cipher gcm(int mode, SecretKey key, byte[] iv, byte[] aad, Provider provider)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(mode, key, new GCMParameterSpec(GCM_TAG_BYTES * Byte.SIZE, iv));
        cipher.updateAAD(aad);
        return cipher;
    }
}
