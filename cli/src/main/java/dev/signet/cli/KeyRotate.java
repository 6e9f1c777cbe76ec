// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.core.Key;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.jose.Jwks;
import dev.signet.jose.KeysetLock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rotate",
        description =
                "Change a keyset file: by default add a key of the primary key's algorithm, which only verifies until it "
                        + "is promoted.",
        sortOptions = false,
        footerHeading = "%nRotation without an outage:%n",
        footer = {
            "  1. signet key rotate keys.jwks                     add a key that only verifies yet",
            "  2. signet key export keys.jwks --out public.jwks   publish the public keys, and wait",
            "  3. signet key rotate keys.jwks --promote NEW       sign with it; wait until old messages ran out",
            "  4. signet key rotate keys.jwks --drop OLD          remove the old key, and export again",
            "",
            "An encrypted file stays encrypted, under the same passphrase.",
        })
final class KeyRotate implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "Private keyset file.")
    private String file = "";

    @ArgGroup
    private @Nullable Action action;

    @Mixin
    private KeyGenerate.NewKey newKey = new KeyGenerate.NewKey();

    @Mixin
    private PassphraseOptions passphrase = new PassphraseOptions();

    @Option(names = "--ignore-file-mode", description = "Read private keys although others can read the file.")
    private boolean ignoreFileMode;

    private @Nullable KeysetLock lock;

    /** At most one. */
    static final class Action {
        @Option(names = "--promote", paramLabel = "ID", description = "Sign with this key from now on.")
        private @Nullable String promote;

        @Option(names = "--disable", paramLabel = "ID", description = "Let this key verify nothing any more.")
        private @Nullable String disable;

        @Option(names = "--enable", paramLabel = "ID", description = "Let a disabled key verify again.")
        private @Nullable String enable;

        @Option(names = "--drop", paramLabel = "ID", description = "Remove this key for good.")
        private @Nullable String drop;
    }

    KeyRotate(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (Inputs.isStandardInput(file)) {
            throw Failure.input("a file is needed, since the keyset is written back");
        }
        if (action != null && newKey.isGiven()) {
            throw Failure.input("--id and --valid-for belong to a new key, and none is added here");
        }
        newKey.check();
        KeyFile keys = KeyFile.read(shell, file, KeyFile.Options.plain(passphrase, ignoreFileMode));
        if (keys.isPem() || !keys.isPrivate() || !keys.leftOut().isEmpty()) {
            throw Failure.input(file + " is no private keyset of Signet"
                    + (keys.leftOut().isEmpty() ? "" : ": " + keys.leftOut().get(0)));
        }
        lock = keys.lock().orElse(null);
        Keyset<Key> keyset = keys.keyset();
        if (action == null) {
            add(keyset);
        } else {
            change(keyset, action);
        }
        return Main.OK;
    }

    private void add(Keyset<Key> keyset) {
        Key primary = keyset.primary();
        Key key = newKey.generate(primary.algorithm(), shell.clock().instant());
        try {
            write(keyset.add(key));
        } catch (IllegalArgumentException e) {
            throw Failure.input(file + ": " + e.getMessage() + ": " + key.id());
        }
        PrintStream out = shell.out();
        String name = Texts.shellWord(file);
        out.println("added " + shell.outStyle().bold(key.id()) + " ("
                + key.algorithm().joseName() + "), which only verifies yet");
        out.println("\nnext, without an outage:");
        if (primary.algorithm().isSymmetric()) {
            step(out, 1, "give the file to those who share the secret, and wait until all use it", "");
        } else {
            step(
                    out,
                    1,
                    "publish the public keys, and wait until everybody has read them",
                    "signet key export " + name + " --out public.jwks");
        }
        step(
                out,
                2,
                "let the new key take over",
                "signet key rotate " + name + " --promote " + Texts.shellWord(key.id()));
        step(
                out,
                3,
                "when the last message of the old key has run out, drop that",
                "signet key rotate " + name + " --drop " + Texts.shellWord(primary.id()));
    }

    private void step(PrintStream out, int number, String what, String command) {
        out.println("  " + number + ". " + what);
        if (!command.isEmpty()) {
            out.println("     " + shell.outStyle().bold(command));
        }
    }

    private void change(Keyset<Key> keyset, Action chosen) {
        String id;
        String done;
        Keyset<Key> changed;
        try {
            if (chosen.promote != null) {
                id = chosen.promote;
                changed = keyset.promote(id);
                done = "is primary now";
                if (keyset.primary().id().equals(id)) {
                    done = "is primary already";
                }
            } else if (chosen.disable != null) {
                id = chosen.disable;
                changed = keyset.disable(id);
                done = "does nothing any more";
            } else if (chosen.enable != null) {
                id = chosen.enable;
                if (keyset.find(id)
                        .filter(key -> key.status() != KeyStatus.DISABLED)
                        .isPresent()) {
                    throw Failure.input("the key '" + id + "' is not disabled");
                }
                changed = keyset.enable(id);
                done = "verifies again";
            } else {
                id = String.valueOf(chosen.drop);
                changed = keyset.drop(id);
                done = "is gone";
            }
        } catch (IllegalArgumentException e) {
            throw Failure.input(file + ": " + e.getMessage());
        }
        write(changed);
        Style style = shell.outStyle();
        shell.out().println(style.bold(id) + " " + done);
        if (chosen.promote != null && !keyset.primary().id().equals(id)) {
            shell.out()
                    .println(style.bold(keyset.primary().id())
                            + " only verifies from now on; drop it when the last old " + "message has run out");
        } else if (!changed.primary().algorithm().isSymmetric()) {
            shell.out().println("next: signet key export " + Texts.shellWord(file) + " --out public.jwks");
        }
    }

    private void write(Keyset<Key> keyset) {
        try {
            // A link stays a link: the file behind it is replaced.
            Path path = Texts.path(file).toRealPath();
            if (lock == null) {
                Jwks.dangerousWritePrivate(path, keyset);
            } else {
                Jwks.writePrivate(path, keyset, lock);
            }
        } catch (IOException e) {
            throw Failure.input("cannot write " + file + ": " + Texts.cause(e));
        }
    }
}
