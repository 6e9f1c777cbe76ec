// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Style;
import dev.signet.cli.shell.Texts;
import dev.signet.core.Key;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.internal.base.WholeFile;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
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
            "An encrypted file stays encrypted, under the same passphrase. Runs at the same time wait for each other by a "
                    + "lock on .keys.jwks.lock, which stays there, empty. Owner, group and mode of the file are kept.",
        })
final class KeyRotate implements Callable<Integer> {
    /** How long others may take; deriving a key from a passphrase is the longest of it. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

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

    /** What was done to a keyset, and to which key of it. */
    private record Change(String id, String done, Keyset<Key> before, Keyset<Key> after) {}

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
        KeyFile.Options options = KeyFile.Options.plain(passphrase, ignoreFileMode);
        // Finds mistakes, and asks for the passphrase, while others may still change the file.
        KeyFile first = requirePrivateKeyset(KeyFile.read(shell, file, options));
        Change change;
        try {
            change = WholeFile.exclusively(Texts.path(file), PATIENCE, locked -> {
                KeyFile keys = requirePrivateKeyset(first.again(shell, file, options));
                Change made = action == null ? add(keys.keyset()) : change(keys.keyset(), action);
                locked.replace(keys.seal(made.after), WholeFile.Secrecy.AS_IT_WAS);
                return made;
            });
        } catch (IOException e) {
            throw Failure.input("cannot change " + file + ": " + Texts.cause(e));
        }
        if (action == null) {
            showAdded(change);
        } else {
            showChanged(change, action);
        }
        return ExitCode.OK;
    }

    private KeyFile requirePrivateKeyset(KeyFile keys) {
        if (keys.isPem() || !keys.isPrivate() || !keys.leftOut().isEmpty()) {
            throw Failure.input(file + " is no private keyset of Signet"
                    + (keys.leftOut().isEmpty() ? "" : ": " + keys.leftOut().get(0)));
        }
        return keys;
    }

    private Change add(Keyset<Key> keyset) {
        Key key = newKey.generate(keyset.primary().algorithm(), shell.clock().instant());
        try {
            return new Change(key.id(), "", keyset, keyset.add(key));
        } catch (IllegalArgumentException e) {
            throw Failure.input(file + ": " + e.getMessage() + ": " + key.id());
        }
    }

    private void showAdded(Change change) {
        Key primary = change.before.primary();
        Key key = change.after.find(change.id).orElseThrow();
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

    private Change change(Keyset<Key> keyset, Action chosen) {
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
        return new Change(id, done, keyset, changed);
    }

    private void showChanged(Change change, Action chosen) {
        Style style = shell.outStyle();
        Key before = change.before.primary();
        shell.out().println(style.bold(change.id) + " " + change.done);
        if (chosen.promote != null && !before.id().equals(change.id)) {
            shell.out()
                    .println(style.bold(before.id())
                            + " only verifies from now on; drop it when the last old message has run out");
        } else if (!change.after.primary().algorithm().isSymmetric()) {
            shell.out().println("next: signet key export " + Texts.shellWord(file) + " --out public.jwks");
        }
    }
}
