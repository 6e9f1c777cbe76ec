// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import dev.signet.cli.shell.Failure;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecretBytes;
import dev.signet.jose.KeysetLock;
import dev.signet.jose.UnverifiedToken;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** A keyset file that is encrypted under a passphrase (RFC 7517, 7). */
final class LockedKeyset {
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
            return KeysetLock.passphrase(passphrase).dangerousUnlock(jwe.getBytes(StandardCharsets.ISO_8859_1));
        } catch (InvalidMessageException e) {
            throw Failure.input(
                    isKeyset() ? name + ": " + e.getMessage() : name + " is a JWE, but no encrypted keyset");
        } catch (DecryptionException | IllegalArgumentException e) {
            // What is shorter than a passphrase may be is a wrong one, too.
            throw Failure.input(
                    isPassphraseLocked()
                            ? name + " cannot be opened: the passphrase is wrong, or the file was changed"
                            : name + " is encrypted, but not under a passphrase as Signet does it");
        }
    }

    private boolean isKeyset() {
        return peeked.unverifiedHeader().toLowerCase(Locale.ROOT).contains("jwk-set+json");
    }

    private boolean isPassphraseLocked() {
        return peeked.unverifiedHeader().contains('"' + Algorithm.PBES2_HS512_A256KW.joseName() + '"');
    }
}
