// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Makes JWEs with any header at all, whose ciphertext and tag are right, so that only a rule can refuse them. */
final class JweForge {
    static final DecryptionKey KEY =
            DecryptionKey.secret(Algorithm.A256GCM, SecretBytes.random(32)).withId("k");

    /** The header of an acceptable message for {@link #KEY}, without the braces. */
    static final String HEADER = "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"k\"";

    private JweForge() {}

    /** Members of the header are given without the braces. */
    static String compact(String header) {
        return compact("{" + header + "}", RfcKeys.utf8("content"));
    }

    static String compact(String headerJson, byte[] plaintext) {
        return encodedHeader(Base64Url.encode(RfcKeys.utf8(headerJson)), plaintext, 12);
    }

    static String encodedHeader(String encoded, byte[] plaintext, int ivBytes) {
        byte[][] content = seal(plaintext, encoded, ivBytes);
        return encoded + ".." + Base64Url.encode(content[0]) + '.' + Base64Url.encode(content[1]) + '.'
                + Base64Url.encode(content[2]);
    }

    /** @param more members of the document, starting with a comma */
    static String json(String header, String more) {
        String encoded = Base64Url.encode(RfcKeys.utf8("{" + header + "}"));
        byte[][] content = seal(RfcKeys.utf8("content"), encoded, 12);
        return "{\"protected\":\"" + encoded + "\",\"iv\":\"" + Base64Url.encode(content[0]) + "\",\"ciphertext\":\""
                + Base64Url.encode(content[1]) + "\",\"tag\":\"" + Base64Url.encode(content[2]) + "\"" + more + "}";
    }

    private static byte[][] seal(byte[] plaintext, String aad, int ivBytes) {
        try {
            byte[] iv = SecretBytes.random(ivBytes).dangerousToByteArray();
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] key = KEY.dangerousSecret().orElseThrow().dangerousToByteArray();
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
            cipher.updateAAD(aad.getBytes(StandardCharsets.UTF_8));
            byte[] out = cipher.doFinal(plaintext);
            int end = out.length - 16;
            return new byte[][] {iv, Arrays.copyOf(out, end), Arrays.copyOfRange(out, end, out.length)};
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
