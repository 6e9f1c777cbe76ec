// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.core.Algorithm;
import dev.signet.core.EncryptionKey;
import dev.signet.jose.JweEncrypter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom a message is encrypted to. */
public final class RecipientOptions {
    @Option(
            names = "--encrypt-to",
            paramLabel = "FILE",
            description = "Recipient's keyset or JWK, of which the primary or first active key encrypts.")
    private List<String> files = new ArrayList<>();

    @Option(names = "--enc", paramLabel = "NAME", description = "Content encryption, A256GCM by default.")
    private @Nullable String enc;

    public boolean isGiven() {
        return !files.isEmpty();
    }

    public int count() {
        return files.size();
    }

    /** @throws IllegalArgumentException if the keys do not fit each other */
    public JweEncrypter.Builder builder(Shell shell, KeyFile.Options options) {
        List<EncryptionKey> keys = keys(shell, options);
        JweEncrypter.Builder builder =
                JweEncrypter.builder(keys.get(0), keys.subList(1, keys.size()).toArray(new EncryptionKey[0]));
        return with(builder).clock(shell.clock());
    }

    public JweEncrypter.Builder with(JweEncrypter.Builder builder) {
        contentEncryption().ifPresent(builder::contentEncryption);
        return builder;
    }

    public List<EncryptionKey> keys(Shell shell, KeyFile.Options options) {
        List<EncryptionKey> keys = new ArrayList<>();
        for (String file : files) {
            keys.add(KeyFile.read(shell, file, options).encryptionKey());
        }
        return keys;
    }

    public Optional<Algorithm> contentEncryption() {
        return Optional.ofNullable(enc)
                .map(name -> Texts.algorithm(name)
                        .filter(Algorithm::isContentEncryption)
                        .orElseThrow(() -> Failure.input("--enc: '" + name + "' encrypts no content")));
    }
}
