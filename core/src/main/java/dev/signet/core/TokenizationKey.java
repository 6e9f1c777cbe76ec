// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The secret from which tokenization derives the key of each domain. Immutable and thread-safe. */
public final class TokenizationKey implements Key {
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
