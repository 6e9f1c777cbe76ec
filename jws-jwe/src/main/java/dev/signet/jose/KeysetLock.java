// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What an encrypted keyset file is locked with: a passphrase, or a secret AES key.
 *
 * <pre>{@code
 * KeysetLock lock = KeysetLock.passphrase(passphrase); // or KeysetLock.key(…)
 * KeysetFile.open(file, lock).write(keyset);
 * Keyset<SigningKey> own = KeysetFile.open(file, lock).signingKeys();
 * }</pre>
 *
 * <p><b>Security properties.</b> The file is a JWE (RFC 7517, 7) with the content type {@code jwk-set+json} and A256GCM, so
 * changes are found: only who has the passphrase or key can make a file that it unlocks. That would not hold for RSA and
 * ECDH, where everybody who has the public key can, so that such keys are refused. A passphrase goes through PBKDF2 with HMAC-SHA-512, 210,000 iterations and a random salt; files that
 * ask for fewer than 10,000 or more than 600,000 are refused before the work. That slows guessing down; it does not make
 * a guessable passphrase safe. A wrong passphrase and a changed file are the same failure. Immutable and thread-safe.
 */
@CheckReturnValue
public final class KeysetLock {
    private static final int ITERATIONS = 210_000;
    private static final int MAX_ITERATIONS = 600_000;
    private static final String CONTENT_TYPE = "jwk-set+json";

    private final String name;
    private final JweEncrypter encrypter;
    private final JweDecrypter decrypter;

    private KeysetLock(DecryptionKey key, boolean named, SecurityPolicy writing, SecurityPolicy reading) {
        name = key.algorithm().joseName();
        JweEncrypter.Builder builder =
                JweEncrypter.builder(key.encryptionKey()).policy(writing).contentType(CONTENT_TYPE);
        encrypter = named ? builder.build() : builder.withoutKeyId().build();
        decrypter = JweDecrypter.builder(key).policy(reading).build();
    }

    /**
     * A passphrase in UTF-8, of at least 8 bytes. The caller may destroy its secret once the lock is not used any more.
     *
     * @throws IllegalArgumentException if it is shorter, or not UTF-8
     */
    public static KeysetLock passphrase(SecretBytes passphrase) {
        SecurityPolicy policy = SecurityPolicy.recommended2026();
        DecryptionKey key = DecryptionKey.secret(Algorithm.PBES2_HS512_A256KW, passphrase);
        return new KeysetLock(key, false, policy.allowPasswords(ITERATIONS), policy.allowPasswords(MAX_ITERATIONS));
    }

    /**
     * A shared secret that wraps keys (such as {@code A256KW}) or encrypts the content itself; its id is in the file.
     *
     * @throws IllegalArgumentException if the key is not active, is a password, or has a public half
     */
    public static KeysetLock key(DecryptionKey key) {
        if (key.encryptionKey().publicKey().isPresent()) {
            throw new IllegalArgumentException("a keyset file that is locked by "
                    + key.algorithm().joseName()
                    + " can be forged by everybody who has the public key; lock it with a secret key (A256KW) or a"
                    + " passphrase, and read one that is locked so already by JweDecrypter and Jwks, once it is known who"
                    + " made it");
        }
        SecurityPolicy policy = SecurityPolicy.recommended2026();
        return new KeysetLock(key, true, policy, policy);
    }

    @Override
    public String toString() {
        return "KeysetLock[" + name + "]";
    }

    /** A JWK set, encrypted for those who keep it elsewhere than in a {@link KeysetFile}; the caller wipes the set. */
    public byte[] lock(byte[] json) {
        return encrypter.encrypt(json).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The JWK set of an encrypted keyset, in the clear; the caller wipes it.
     *
     * @throws InvalidMessageException if this is no encrypted JWK set
     * @throws DecryptionException if it is locked with something else
     */
    public byte[] dangerousUnlock(byte[] file) {
        DecryptedJwe decrypted = decrypter.decrypt(new String(file, StandardCharsets.ISO_8859_1));
        String type = decrypted.header().string("cty").orElse("").toLowerCase(Locale.ROOT);
        if (!type.equals(CONTENT_TYPE) && !type.equals("application/" + CONTENT_TYPE)) {
            throw InvalidMessageException.malformed("encrypted keyset file: cty is not " + CONTENT_TYPE);
        }
        return decrypted.content();
    }
}
