// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.crypto.impl.AESKW;
import com.nimbusds.jose.crypto.impl.PBKDF2;
import com.nimbusds.jose.crypto.impl.PRFParams;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.internal.Ciphers;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** PBES2 (RFC 7518, 4.8): PBKDF2 makes a key of a password, which wraps the content encryption key. */
final class PasswordKeys {
    private static final int SALT_BYTES = 16;
    private static final int MAX_SALT_BYTES = 128;
    /** Fewer are what an attacker who wants the password cheaply would ask for. */
    private static final int MIN_ITERATIONS = 10_000;

    private final SecretBytes password;
    private final JWEAlgorithm algorithm;
    private final Provider provider;

    private PasswordKeys(Algorithm algorithm, SecretBytes password, Provider provider) {
        this.algorithm = new JWEAlgorithm(algorithm.joseName());
        this.password = password;
        this.provider = provider;
        requireUtf8(password);
    }

    private SecretKey derive(byte[] salt, int iterations) throws JOSEException {
        byte[] bytes = password.dangerousToByteArray();
        try {
            return PBKDF2.deriveKey(
                    bytes,
                    PBKDF2.formatSalt(algorithm, salt),
                    iterations,
                    PRFParams.resolve(algorithm, provider),
                    provider);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** The engine takes characters, and would take all malformed passwords for one and the same. */
    private static void requireUtf8(SecretBytes password) {
        byte[] bytes = password.dangerousToByteArray();
        try {
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            Arrays.fill(decoded.array(), '\0');
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a password is UTF-8 text", e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    static final class Sealer implements CekSealer {
        private final PasswordKeys keys;
        private final int iterations;

        Sealer(EncryptionKey key, SecurityPolicy policy) {
            keys = new PasswordKeys(
                    key.algorithm(), key.dangerousSecret().orElseThrow(), Ciphers.composite(policy.providers()));
            iterations = policy.passwordIterations();
        }

        @Override
        public void describe(Map<String, Object> header) {
            header.put("p2c", (long) iterations);
        }

        @Override
        public SealedCek seal(@Nullable SecretKey cek, SecureRandom random) throws JOSEException {
            SecretKey key = Objects.requireNonNull(cek);
            byte[] salt = new byte[SALT_BYTES];
            random.nextBytes(salt);
            byte[] wrapped = AESKW.wrapCEK(key, keys.derive(salt, iterations), keys.provider);
            return new SealedCek(key, wrapped, ",\"p2s\":\"" + Base64Url.encode(salt) + '"');
        }
    }

    static final class Opener implements CekOpener {
        private final PasswordKeys keys;
        private final int maxIterations;

        Opener(DecryptionKey key, SecurityPolicy policy) {
            keys = new PasswordKeys(
                    key.algorithm(), key.dangerousSecret().orElseThrow(), Ciphers.composite(policy.providers()));
            maxIterations = policy.passwordIterations();
        }

        @Override
        public SecretKey open(Map<String, Object> header, byte[] encryptedKey, Algorithm enc, int keyBytes)
                throws JOSEException {
            // All of this before the work starts, since the work is what an attacker would want done.
            if (!(header.get("p2c") instanceof Long iterations)
                    || iterations < MIN_ITERATIONS
                    || iterations > maxIterations) {
                throw InvalidMessageException.malformed(
                        "JWE: p2c is not between " + MIN_ITERATIONS + " and " + maxIterations);
            }
            byte[] salt = CekOpener.bytes(header, "p2s");
            if (salt == null || salt.length < PBKDF2.MIN_SALT_LENGTH || salt.length > MAX_SALT_BYTES) {
                throw InvalidMessageException.malformed(
                        "JWE: p2s does not have " + PBKDF2.MIN_SALT_LENGTH + " to " + MAX_SALT_BYTES + " bytes");
            }
            CekOpener.requireLength(encryptedKey, keyBytes + WrapKeys.OVERHEAD);
            return AESKW.unwrapCEK(keys.derive(salt, iterations.intValue()), encryptedKey, keys.provider);
        }
    }
}
