// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.core.DecryptionKey;
import dev.signet.jose.JweDecrypter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The keys that decrypt. */
public final class DecryptionOptions {
    @Option(names = "--decrypt-with", paramLabel = "FILE", description = "Private keyset or JWK that decrypts.")
    private @Nullable String file;

    public boolean isGiven() {
        return file != null;
    }

    public JweDecrypter decrypter(Shell shell, KeyReading reading) {
        List<DecryptionKey> keys = keys(shell, reading);
        try {
            return JweDecrypter.builder(
                            keys.get(0), keys.subList(1, keys.size()).toArray(new DecryptionKey[0]))
                    .clock(shell.clock())
                    .build();
        } catch (IllegalArgumentException e) {
            throw Failure.input("--decrypt-with: " + e.getMessage());
        }
    }

    List<DecryptionKey> keys(Shell shell, KeyReading reading) {
        return KeyFile.read(shell, String.valueOf(file), reading.options(shell, null))
                .decryptionKeys();
    }
}
