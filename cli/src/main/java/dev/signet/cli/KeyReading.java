// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a key file is read. */
final class KeyReading {
    private static final int MAX_PASSWORD_BYTES = 4096;

    @Option(
            names = "--alg",
            paramLabel = "[ID=]NAME",
            description = "Algorithm of keys whose file names none: NAME for all of its kind, or ID=NAME for one. "
                    + "Repeatable.")
    private List<String> algorithms = new ArrayList<>();

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File whose first line opens an encrypted PEM key.")
    private @Nullable String passwordFile;

    @Option(names = "--ignore-file-mode", description = "Read private keys although others can read the file.")
    private boolean ignoreFileMode;

    /** @param pemId names the key of a PEM file; null for its thumbprint */
    KeyFile.Options options(Shell shell, @Nullable String pemId) {
        char[] password = null;
        if (passwordFile != null) {
            byte[] bytes = Inputs.read(shell, passwordFile, MAX_PASSWORD_BYTES);
            CharBuffer text = StandardCharsets.UTF_8.decode(java.nio.ByteBuffer.wrap(bytes));
            password = text.toString().lines().findFirst().orElse("").toCharArray();
        }
        return new KeyFile.Options(AlgorithmHints.parse(algorithms), pemId, password, ignoreFileMode);
    }
}
