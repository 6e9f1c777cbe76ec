// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.Key;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.Limits;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.base.WholeFile;
import dev.signet.jose.Jwks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = "Write the public keys of a file as a JWK set, or one key as PEM. Disabled keys are left out.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet key export keys.jwks > public.jwks",
            "  signet key export keys.jwks --pem --id payments-2026",
            "  signet key export keys.jwks --dangerously-private --pem --out key.pem",
        })
final class KeyExport implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "Keyset, JWK set or PEM; - for standard input.")
    private String file = "";

    @ArgGroup
    private Form form = new Form();

    @Option(names = "--id", paramLabel = "ID", description = "Only this key; for PEM the primary key by default.")
    private @Nullable String id;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where to write; standard output by default. A file of public keys is replaced, any other kept.")
    private @Nullable String out;

    @Option(names = "--dangerously-private", description = "Write private keys or shared secrets, unencrypted.")
    private boolean dangerouslyPrivate;

    @Mixin
    private KeyReading reading = new KeyReading();

    /** At most one. */
    static final class Form {
        @Option(names = "--public", description = "As a JWK set (the default).")
        private boolean jwks;

        @Option(names = "--pem", description = "As PEM.")
        private boolean pem;
    }

    KeyExport(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (dangerouslyPrivate && form.jwks) {
            throw Failure.input("--public and --dangerously-private exclude each other");
        }
        KeyFile keys = KeyFile.read(shell, file, reading.options(shell, null));
        if (dangerouslyPrivate && !keys.isPrivate()) {
            throw Failure.input(Inputs.display(file) + " holds public keys only");
        }
        if (keys.keys().isEmpty()) {
            throw Failure.input(Inputs.display(file) + " has no usable key: "
                    + keys.leftOut().get(0));
        }
        byte[] content = form.pem ? pem(keys).getBytes(StandardCharsets.US_ASCII) : jwks(keys);
        if (out == null) {
            shell.out().write(content, 0, content.length);
        } else {
            write(Inputs.output("--out", out), content);
        }
        for (String left : keys.leftOut()) {
            note("left out " + left);
        }
        return ExitCode.OK;
    }

    private byte[] jwks(KeyFile keys) {
        List<Key> chosen = id != null
                ? List.of(keys.require(id))
                : keys.keys().stream()
                        .filter(key -> dangerouslyPrivate || key.status() != KeyStatus.DISABLED)
                        .toList();
        int disabled = id != null ? 0 : keys.keys().size() - chosen.size();
        if (disabled > 0) {
            note("left out " + disabled + " disabled");
        }
        try {
            // A keyset needs an active key, and a single one may be on its way in or out.
            Keyset<Key> keyset = chosen.size() == 1 && id != null
                    ? Keyset.of(chosen.get(0).withStatus(KeyStatus.ACTIVE))
                    : Keyset.of(keys.primaryId().orElseGet(() -> firstActive(chosen)), chosen);
            return dangerouslyPrivate ? Jwks.dangerousToPrivateJson(keyset) : Jwks.toPublicJson(keyset);
        } catch (IllegalArgumentException e) {
            throw Failure.input(secretHint(e, chosen));
        }
    }

    private String firstActive(List<Key> chosen) {
        return chosen.stream()
                .filter(key -> key.status() == KeyStatus.ACTIVE)
                .map(Key::id)
                .findFirst()
                .orElseThrow(
                        () -> Failure.input(Inputs.display(file) + " has no active key; --id exports a single one"));
    }

    private String secretHint(IllegalArgumentException e, List<Key> chosen) {
        return chosen.stream().anyMatch(key -> key.algorithm().isSymmetric()) && !dangerouslyPrivate
                ? Inputs.display(file) + " holds shared secrets, which have no public half "
                        + "(--dangerously-private exports the secret itself)"
                : Inputs.display(file) + ": " + e.getMessage();
    }

    private String pem(KeyFile keys) {
        Key key = keys.require(id != null ? id : keys.keyset().primary().id());
        if (key.algorithm().isSymmetric()) {
            throw Failure.input("the key '" + key.id() + "' is a shared secret, which has no PEM form");
        }
        if (dangerouslyPrivate) {
            if (key instanceof SigningKey signing) {
                return signing.dangerousToPem();
            }
            if (key instanceof DecryptionKey decryption) {
                return encode(
                        "PRIVATE KEY",
                        decryption.dangerousPrivateKey().orElseThrow().getEncoded());
            }
        }
        if (key instanceof SigningKey signing) {
            return signing.verificationKey().toPem();
        }
        if (key instanceof VerificationKey verification) {
            return verification.toPem();
        }
        EncryptionKey encryption =
                key instanceof DecryptionKey decryption ? decryption.encryptionKey() : (EncryptionKey) key;
        return encode("PUBLIC KEY", encryption.publicKey().orElseThrow().getEncoded());
    }

    /** Private keys only into a new file; public ones also over older public ones, as rotation needs it. */
    private void write(Path path, byte[] content) {
        try {
            if (dangerouslyPrivate) {
                Inputs.reserve(path);
                Files.write(path, content);
            } else {
                requireReplaceable(path);
                WholeFile.write(path, content, WholeFile.Secrecy.PUBLIC, Duration.ZERO);
            }
        } catch (IOException e) {
            throw Failure.input("cannot write " + path + ": " + Texts.cause(e));
        }
        note("wrote " + path + (dangerouslyPrivate ? ", unencrypted, readable by you only" : ""));
    }

    private void requireReplaceable(Path path) {
        if (Files.isDirectory(path)) {
            throw Failure.input(path + " is a directory");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw Failure.input(path + " is no regular file; without --out the keys go to standard output");
        }
        if (Files.exists(path) && !holdsPublicKeys(path)) {
            throw Failure.input(path + " exists already, is no file of public keys, and is not overwritten");
        }
    }

    private boolean holdsPublicKeys(Path path) {
        byte[] present =
                Inputs.read(shell, path.toString(), Limits.recommended2026().maxJsonBytes());
        return KeyFile.isPublic(present);
    }

    private static String encode(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    private void note(String text) {
        shell.err().println(shell.errStyle().dim(Texts.oneLine(text)));
    }
}
