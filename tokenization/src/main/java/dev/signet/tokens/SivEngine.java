// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.crypto.tink.subtle.AesSiv;
import dev.signet.core.DecryptionException;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Deterministic authenticated encryption, AES-SIV with AES-256 (RFC 5297): the domain is in the key, and the context is
 * the one string of associated data.
 */
final class SivEngine extends ReversibleEngine {
    private static final int KEY_BYTES = 64;
    private static final int TAG_BYTES = 16;

    private final AesSiv siv;

    SivEngine(TokenizationKey key, TokenDomain domain) {
        SecretBytes derived = key.derive(domain.info("siv"), KEY_BYTES);
        byte[] bytes = derived.dangerousToByteArray();
        try {
            siv = new AesSiv(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-SIV is not available", e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            derived.destroy();
        }
    }

    @Override
    String format() {
        return "authenticated";
    }

    @Override
    String tokenize(String value, @Nullable String context) {
        try {
            byte[] sealed = siv.encryptDeterministically(Utf8.encode(value, "the value"), associated(context));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-SIV failed", e);
        }
    }

    @Override
    String detokenize(String token, @Nullable String context) {
        try {
            byte[] sealed = Base64.getUrlDecoder().decode(token);
            // One spelling for each token: no padding, no spare bits.
            if (sealed.length < TAG_BYTES
                    || !Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(sealed)
                            .equals(token)) {
                throw new DecryptionException();
            }
            return Utf8.decode(siv.decryptDeterministically(sealed, associated(context)));
        } catch (IllegalArgumentException | GeneralSecurityException | CharacterCodingException e) {
            throw new DecryptionException();
        }
    }

    @Override
    boolean isAuthenticated() {
        return true;
    }

    @Override
    String partial(String clear) {
        return masked(clear);
    }

    /** Of fixed length: here the format of the value is a secret, too. */
    @Override
    String masked(String clear) {
        return "********";
    }

    private static byte[] associated(@Nullable String context) {
        if (context == null) {
            return new byte[] {0};
        }
        byte[] bytes = Utf8.encode(context, "the context");
        return ByteBuffer.allocate(1 + bytes.length).put((byte) 1).put(bytes).array();
    }
}
