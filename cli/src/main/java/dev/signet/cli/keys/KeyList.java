// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Style;
import dev.signet.cli.shell.Table;
import dev.signet.cli.shell.Texts;
import dev.signet.core.Key;
import dev.signet.core.KeyStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "list",
        description = "List the keys of a keyset or JWK set, public or private.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  signet key list keys.jwks", "  curl -s https://example.com/jwks | signet key list -"})
final class KeyList implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "Keyset, JWK set or PEM; - for standard input.")
    private String file = "";

    @Mixin
    private KeyReading reading = new KeyReading();

    KeyList(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        KeyFile keys = KeyFile.read(shell, file, reading.options(shell, null));
        Style style = shell.outStyle();
        Instant now = shell.clock().instant();
        Table table = new Table("")
                .row(
                        style.dim(" "),
                        style.dim("ID"),
                        style.dim("ALG"),
                        style.dim("USE"),
                        style.dim("STATUS"),
                        style.dim("VALID"));
        for (Key key : keys.keys()) {
            boolean primary =
                    !keys.isPem() && keys.primaryId().filter(key.id()::equals).isPresent();
            String id = primary ? style.bold(key.id()) : key.id();
            String validity = validity(key, now);
            table.row(
                    primary ? "*" : " ",
                    id,
                    key.algorithm().joseName(),
                    key.algorithm().use().name().toLowerCase(Locale.ROOT),
                    status(key, style),
                    validity.startsWith("expired") ? style.red(validity) : validity);
        }
        if (!keys.keys().isEmpty()) {
            table.print(shell.out());
        }
        for (String left : keys.leftOut()) {
            shell.out().println(style.yellow("left out ") + Texts.oneLine(left));
        }
        if (keys.primaryId().isPresent() && !keys.isPem()) {
            shell.out().println(style.dim("* primary" + (keys.isPrivate() ? ", private keys" : ", public keys")));
        }
        return ExitCode.OK;
    }

    private static String status(Key key, Style style) {
        String text = KeyFile.status(key);
        return key.status() == KeyStatus.ACTIVE
                ? style.green(text)
                : key.status() == KeyStatus.DISABLED ? style.red(text) : style.yellow(text);
    }

    static String validity(Key key, Instant now) {
        Instant from = key.notBefore().orElse(null);
        Instant until = key.notAfter().orElse(null);
        if (until != null && !now.isBefore(until)) {
            return "expired " + until + " (" + Texts.roughly(Duration.between(until, now)) + " ago)";
        }
        String text = "always";
        if (from != null && now.isBefore(from)) {
            text = "from " + from.truncatedTo(ChronoUnit.SECONDS);
        }
        if (until != null) {
            String end = "until " + until + " (" + Texts.roughly(Duration.between(now, until)) + ")";
            text = text.equals("always") ? end : text + " " + end;
        }
        return text;
    }
}
