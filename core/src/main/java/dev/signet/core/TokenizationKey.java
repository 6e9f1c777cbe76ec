// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.jspecify.annotations.Nullable;

/** The secret from which tokenization derives the key of each domain. Immutable and thread-safe. */
public final class TokenizationKey implements Key {
    /** RFC 5869, 2.3: at most 255 blocks of the hash. */
    private static final int MAX_DERIVED = 255 * 32;

    private final KeyInfo info;
    private final SecretBytes secret;

    private TokenizationKey(KeyInfo info, SecretBytes secret) {
        this.info = info;
        this.secret = secret;
    }

    /** A fresh key of 32 bytes, for {@link Algorithm#HKDF_SHA256}. */
    public static TokenizationKey generate() {
        return of(SecretBytes.random(Algorithm.HKDF_SHA256.length));
    }

    /** A secret of exactly 32 bytes, with a random id. */
    public static TokenizationKey of(SecretBytes secret) {
        KeyChecks.checkSecret(Algorithm.HKDF_SHA256, secret);
        return new TokenizationKey(KeyInfo.of(KeyInfo.randomId(), Algorithm.HKDF_SHA256), secret);
    }

    /** The secret. */
    public SecretBytes dangerousSecret() {
        return secret;
    }

    /**
     * A key for one use, by HKDF-SHA256 without a salt (RFC 5869, 2).
     *
     * @param info names the use: two uses with the same bytes share a key
     * @param length of the derived key in bytes, from 1 to 8160
     */
    public SecretBytes derive(byte[] info, int length) {
        if (length < 1 || length > MAX_DERIVED) {
            throw new IllegalArgumentException("HKDF-SHA256 derives from 1 to " + MAX_DERIVED + " bytes");
        }
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
        byte[] input = secret.dangerousToByteArray();
        try {
            hkdf.init(new HKDFParameters(input, null, info));
        } finally {
            Arrays.fill(input, (byte) 0);
        }
        byte[] derived = new byte[length];
        hkdf.generateBytes(derived, 0, length);
        try {
            return SecretBytes.copyOf(derived);
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    /**
     * Checks that tokens of this key may be made and read at an instant.
     *
     * @throws VerificationException with {@link Reason#KEY_DISABLED} or {@link Reason#KEY_NOT_VALID_NOW} if not
     */
    void requireUsable(Instant now) {
        info.requireUsable(now);
    }

    @Override
    public String id() {
        return info.id();
    }

    @Override
    public Algorithm algorithm() {
        return info.algorithm();
    }

    @Override
    public KeyStatus status() {
        return info.status();
    }

    @Override
    public Optional<Instant> notBefore() {
        return Optional.ofNullable(info.notBefore());
    }

    @Override
    public Optional<Instant> notAfter() {
        return Optional.ofNullable(info.notAfter());
    }

    @Override
    public TokenizationKey withId(String id) {
        return new TokenizationKey(info.withId(id), secret);
    }

    @Override
    public TokenizationKey withStatus(KeyStatus status) {
        return new TokenizationKey(info.withStatus(status), secret);
    }

    @Override
    public TokenizationKey withValidity(@Nullable Instant notBefore, @Nullable Instant notAfter) {
        return new TokenizationKey(info.withValidity(notBefore, notAfter), secret);
    }

    @Override
    public String toString() {
        return info.describe("TokenizationKey");
    }
}
