// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import dev.signet.cli.shell.Shell;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say how a key file is read. */
public final class KeyReading {
    @Option(
            names = "--alg",
            paramLabel = "[ID=]NAME",
            description = "Algorithm of keys whose file names none: NAME for all of its kind, or ID=NAME for one. "
                    + "Repeatable.")
    private List<String> algorithms = new ArrayList<>();

    @Mixin
    private PassphraseOptions passphrase = new PassphraseOptions();

    @Option(names = "--ignore-file-mode", description = "Read private keys although others can read the file.")
    private boolean ignoreFileMode;

    public PassphraseOptions passphrase() {
        return passphrase;
    }

    /** @param pemId names the key of a PEM file; null for its thumbprint */
    public KeyFile.Options options(Shell shell, @Nullable String pemId) {
        return new KeyFile.Options(AlgorithmHints.parse(algorithms), pemId, passphrase, ignoreFileMode);
    }
}
