// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.core.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a passphrase comes from: a file, the environment or a person, but never the arguments, which others can see. */
public final class PassphraseOptions {
    static final String VARIABLE = "SIGNET_PASSPHRASE";

    private static final int MIN_BYTES = 8;
    private static final int MAX_BYTES = 4096;
    private static final String WAYS = "--passphrase-file FILE or the variable " + VARIABLE;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description =
                    "File whose first line is the passphrase of encrypted key files; - for standard input. Without "
                            + "it the variable " + VARIABLE + " counts, or the terminal is asked.")
    private @Nullable String file;

    private byte @Nullable [] read;

    /** Whether it was named in the arguments. */
    boolean isGiven() {
        return file != null;
    }

    /** The passphrase of something that is encrypted already. */
    public SecretBytes existing(Shell shell, String name) {
        byte[] given = given(shell);
        if (given == null) {
            given = shell.prompt().ask("Passphrase of " + Texts.oneLine(name) + ": ");
        }
        if (given == null) {
            throw Failure.input(
                    name + " is encrypted, and there is no terminal to ask for its passphrase: give it by " + WAYS);
        }
        return secret(given);
    }

    /**
     * The passphrase of something new, which a person types twice.
     *
     * @param hint what else may be done where there is none
     */
    public SecretBytes fresh(Shell shell, String name, String hint) {
        byte[] given = given(shell);
        if (given == null) {
            given = typedTwice(shell, name, hint);
        }
        if (given.length < MIN_BYTES) {
            throw Failure.input("the passphrase has fewer than " + MIN_BYTES
                    + " bytes; take at least 12 characters, or a few words");
        }
        return secret(given);
    }

    private static byte[] typedTwice(Shell shell, String name, String hint) {
        byte[] typed = shell.prompt().ask("New passphrase of " + Texts.oneLine(name) + " (12 characters or more): ");
        if (typed == null) {
            throw Failure.input(
                    name + " needs a passphrase, and there is no terminal to ask for it: give it by " + WAYS + hint);
        }
        byte[] again = shell.prompt().ask("Once more: ");
        boolean same = again != null && java.security.MessageDigest.isEqual(typed, again);
        if (!same) {
            throw Failure.input("the two passphrases differ");
        }
        return typed;
    }

    /** Read once, since a pipe can be read only once. */
    private byte @Nullable [] given(Shell shell) {
        if (read == null && file != null) {
            read = fromFile(shell, file);
        } else if (read == null) {
            String text = shell.environment().getOrDefault(VARIABLE, "");
            read = text.isEmpty() ? null : text.getBytes(StandardCharsets.UTF_8);
        }
        return read == null ? null : read.clone();
    }

    private static byte[] fromFile(Shell shell, String name) {
        // A named pipe has no content that others could read later.
        if (!Inputs.isStandardInput(name) && Files.isRegularFile(Texts.path(name))) {
            Inputs.requireOwnerOnly(name, "the passphrase", "");
        }
        byte[] bytes = Inputs.read(shell, name, MAX_BYTES);
        if (startsWith(bytes, 0xef, 0xbb, 0xbf) || startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) {
            throw Failure.input(Inputs.display(name) + " begins with a byte order mark, which would be a part of the "
                    + "passphrase; save it as UTF-8 without one");
        }
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
            end++;
        }
        if (end == 0) {
            throw Failure.input(Inputs.display(name) + " has no passphrase in its first line");
        }
        return Arrays.copyOf(bytes, end);
    }

    private static boolean startsWith(byte[] bytes, int... start) {
        for (int i = 0; i < start.length; i++) {
            if (bytes.length <= i || (bytes[i] & 0xff) != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static SecretBytes secret(byte[] bytes) {
        try {
            return SecretBytes.copyOf(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
