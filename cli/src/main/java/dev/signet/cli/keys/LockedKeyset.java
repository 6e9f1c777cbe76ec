// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import dev.signet.cli.shell.Failure;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import dev.signet.jose.DecryptedJwe;
import dev.signet.jose.JweDecrypter;
import dev.signet.jose.JweEncrypter;
import dev.signet.jose.UnverifiedToken;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A keyset file that is encrypted under a passphrase (RFC 7517, 7). */
final class LockedKeyset {
    private static final Algorithm ALGORITHM = Algorithm.PBES2_HS512_A256KW;
    private static final int ITERATIONS = 210_000;
    private static final int MAX_ITERATIONS = 600_000;

    private final String name;
    private final String jwe;
    private final UnverifiedToken peeked;

    private LockedKeyset(String name, String jwe, UnverifiedToken peeked) {
        this.name = name;
        this.jwe = jwe;
        this.peeked = peeked;
    }

    /** The encrypted keyset that a file's text is; empty if it is something else. */
    static Optional<LockedKeyset> of(String name, String text) {
        String stripped = text.strip();
        if (!stripped.startsWith("e")) {
            return Optional.empty();
        }
        try {
            UnverifiedToken token = UnverifiedToken.peek(stripped);
            return token.kind() == UnverifiedToken.Kind.JWE
                    ? Optional.of(new LockedKeyset(name, stripped, token))
                    : Optional.empty();
        } catch (InvalidMessageException e) {
            return Optional.empty();
        }
    }

    /** The JWK set inside. */
    byte[] open(SecretBytes passphrase) {
        try {
            DecryptedJwe decrypted = JweDecrypter.builder(DecryptionKey.secret(ALGORITHM, passphrase))
                    .policy(SecurityPolicy.recommended2026().allowPasswords(MAX_ITERATIONS))
                    .build()
                    .decrypt(jwe);
            String type = decrypted.header().string("cty").orElse("").toLowerCase(Locale.ROOT);
            if (!type.equals("jwk-set+json") && !type.equals("application/jwk-set+json")) {
                throw Failure.input(name + " is a JWE, but no encrypted keyset");
            }
            return decrypted.contentBytes();
        } catch (InvalidMessageException e) {
            throw Failure.input(name + ": " + e.getMessage());
        } catch (DecryptionException | IllegalArgumentException e) {
            // What is shorter than a passphrase may be is a wrong one, too.
            throw Failure.input(
                    isPassphraseLocked()
                            ? name + " cannot be opened: the passphrase is wrong, or the file was changed"
                            : name + " is encrypted, but not under a passphrase as Signet does it");
        }
    }

    /** A JWK set as {@link dev.signet.jose.KeysetLock} writes it; the set is wiped. */
    static byte[] seal(byte[] json, SecretBytes passphrase) {
        try {
            return JweEncrypter.builder(
                            DecryptionKey.secret(ALGORITHM, passphrase).encryptionKey())
                    .policy(SecurityPolicy.recommended2026().allowPasswords(ITERATIONS))
                    .contentType("jwk-set+json")
                    .withoutKeyId()
                    .build()
                    .encrypt(json)
                    .getBytes(StandardCharsets.US_ASCII);
        } finally {
            Arrays.fill(json, (byte) 0);
        }
    }

    private boolean isPassphraseLocked() {
        return peeked.unverifiedHeader().contains('"' + ALGORITHM.joseName() + '"');
    }
}
