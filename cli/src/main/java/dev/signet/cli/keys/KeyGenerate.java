// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Table;
import dev.signet.cli.shell.Texts;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.Key;
import dev.signet.core.Keyset;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.jose.KeysetFile;
import dev.signet.jose.KeysetLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "generate",
        description = "Make a key and a new keyset file around it, encrypted and readable by you only.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet key generate --alg ES256 --out keys.jwks",
            "  signet key generate --alg Ed25519 --id payments-2026 --valid-for 90d --out keys.jwks",
            "",
            "The file is encrypted under a passphrase: 12 characters or more, or a few random words. A file that "
                    + "programs read without a person is better kept in a secret store, as is its passphrase.",
        })
final class KeyGenerate implements Callable<Integer> {
    private final Shell shell;

    @Option(
            names = "--alg",
            required = true,
            paramLabel = "NAME",
            completionCandidates = AlgorithmNames.class,
            description = "Algorithm: ${COMPLETION-CANDIDATES}.")
    private String algorithm = "";

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file, which must not exist yet.")
    private String out = "";

    @Mixin
    private NewKey newKey = new NewKey();

    @Mixin
    private PassphraseOptions passphrase = new PassphraseOptions();

    @Option(names = "--unencrypted", description = "Write the keys in the clear.")
    private boolean unencrypted;

    KeyGenerate(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Algorithm chosen = Texts.algorithm(algorithm)
                .orElseThrow(() -> Failure.input(
                        "--alg: '" + algorithm + "' is none of " + String.join(", ", new AlgorithmNames())));
        Path path = Inputs.output("--out", out);
        newKey.check();
        if (unencrypted && passphrase.isGiven()) {
            throw Failure.input("--unencrypted and --passphrase-file exclude each other");
        }
        Inputs.requireFree(path);
        KeysetLock lock = unencrypted
                ? null
                : KeysetLock.passphrase(passphrase.fresh(shell, out, "; --unencrypted writes the keys in the clear"));
        Inputs.reserve(path);
        boolean written = false;
        Key key;
        try {
            key = newKey.generate(chosen, shell.clock().instant());
            if (lock == null) {
                KeysetFile.dangerousUnencrypted(path).write(Keyset.of(key));
            } else {
                KeysetFile.open(path, lock).write(Keyset.of(key));
            }
            written = true;
        } finally {
            if (!written) {
                remove(path);
            }
        }
        if (lock == null) {
            shell.warn(out + " is not encrypted: whoever gets the file has the key");
        }
        shell.out()
                .println("created " + shell.outStyle().bold(out) + (lock == null ? "" : ", encrypted")
                        + ", readable by you only");
        new Table("  ")
                .row("id", key.id())
                .row("algorithm", chosen.joseName())
                .row("valid", KeyList.validity(key, shell.clock().instant()))
                .print(shell.out());
        if (!chosen.isSymmetric()) {
            shell.out()
                    .println("\nnext: signet key export " + Texts.shellWord(out)
                            + " --out public.jwks    for those who "
                            + (key instanceof SigningKey ? "verify" : "encrypt"));
        }
        return ExitCode.OK;
    }

    private static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // An empty file stays behind; why nothing was written is being reported already.
        }
    }

    /** What is said of a fresh key. */
    static final class NewKey {
        @Option(names = "--id", paramLabel = "ID", description = "Key id; by default the thumbprint, or random.")
        private @Nullable String id;

        @Option(
                names = "--valid-for",
                paramLabel = "TIME",
                description = "How long it may be used, such as 90d or 1y; by default for ever.")
        private @Nullable String validFor;

        boolean isGiven() {
            return id != null || validFor != null;
        }

        /** Finds mistakes before anything is made. */
        void check() {
            if (validFor != null) {
                Texts.duration("--valid-for", validFor);
            }
            if (id != null
                    && (id.isEmpty() || id.length() > 256 || !id.chars().allMatch(c -> c >= 0x20 && c <= 0x7e))) {
                throw Failure.input("--id: a key id is 1 to 256 printable ASCII characters");
            }
        }

        Key generate(Algorithm algorithm, Instant now) {
            Key key = switch (algorithm.use()) {
                case SIGN, MAC -> SigningKey.generate(algorithm);
                case ENCRYPT -> DecryptionKey.generate(algorithm);
                case TOKENIZE -> TokenizationKey.generate();
            };
            if (id != null) {
                key = key.withId(id);
            }
            return validFor == null
                    ? key
                    : key.withValidity(
                            null,
                            now.plus(Texts.duration("--valid-for", validFor)).truncatedTo(ChronoUnit.SECONDS));
        }
    }

    /** The names of all algorithms. */
    static final class AlgorithmNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Algorithm.values())
                    .filter(algorithm -> !algorithm.isPasswordBased())
                    .map(Algorithm::joseName)
                    .iterator();
        }
    }
}
