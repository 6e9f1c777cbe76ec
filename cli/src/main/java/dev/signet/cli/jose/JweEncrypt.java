// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.jose;

import dev.signet.cli.keys.KeyReading;
import dev.signet.cli.keys.RecipientOptions;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Tokens;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.SecurityPolicy;
import dev.signet.jose.JweEncrypter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "encrypt",
        description =
                "Encrypt content and print it as a JWE. This does not say who sent it: sign first if that matters.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet jwe encrypt --encrypt-to partner.jwks order.json > order.jwe",
            "  signet jwe encrypt --encrypt-to shop.jwks --encrypt-to bank.jwks --json order.json",
            "  signet jwe encrypt --allow-passwords 210000 notes.txt > notes.jwe",
        })
final class JweEncrypt implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "The content; - for standard input.")
    private String file = "";

    @Mixin
    private RecipientOptions recipients = new RecipientOptions();

    @Option(names = "--json", description = "Print the JSON form instead of the compact one.")
    private boolean json;

    @Option(names = "--type", paramLabel = "TYPE", description = "Type of the whole (typ).")
    private @Nullable String type;

    @Option(names = "--content-type", paramLabel = "TYPE", description = "Type of the content (cty).")
    private @Nullable String contentType;

    @Option(
            names = "--allow-passwords",
            paramLabel = "ITERATIONS",
            description = "Encrypt under a passphrase instead of a key, with so many rounds of PBKDF2.")
    private @Nullable Integer iterations;

    @Mixin
    private KeyReading reading = new KeyReading();

    JweEncrypt(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (recipients.isGiven() == (iterations != null)) {
            throw Failure.input("either --encrypt-to FILE or --allow-passwords ITERATIONS is needed");
        }
        if (recipients.count() > 1 && !json) {
            throw Failure.input("several recipients need --json");
        }
        try {
            JweEncrypter.Builder builder = iterations == null
                    ? recipients.builder(shell, reading.options(shell, null))
                    : underPassphrase(iterations);
            if (type != null) {
                builder.type(type);
            }
            if (contentType != null) {
                builder.contentType(contentType);
            }
            JweEncrypter encrypter = builder.build();
            byte[] content = Tokens.content(shell, file);
            Tokens.print(shell, json ? encrypter.encryptJson(content) : encrypter.encrypt(content));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw Failure.input("cannot encrypt so: " + e.getMessage());
        }
        return ExitCode.OK;
    }

    private JweEncrypter.Builder underPassphrase(int rounds) {
        SecurityPolicy policy = SecurityPolicy.recommended2026().allowPasswords(rounds);
        DecryptionKey key = DecryptionKey.secret(
                Algorithm.PBES2_HS512_A256KW, reading.passphrase().fresh(shell, "the JWE", ""));
        return recipients
                .with(JweEncrypter.builder(key.encryptionKey()))
                .policy(policy)
                .withoutKeyId();
    }
}
