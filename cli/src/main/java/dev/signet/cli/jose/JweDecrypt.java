// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.jose;

import dev.signet.cli.keys.DecryptionOptions;
import dev.signet.cli.keys.KeyReading;
import dev.signet.cli.keys.TrustOptions;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Tokens;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecurityPolicy;
import dev.signet.jose.JweDecrypter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "decrypt",
        description = "Decrypt a JWE and print the content, and nothing else.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet jwe decrypt --decrypt-with own.jwks order.jwe > order.json",
            "  signet jwe decrypt --allow-passwords 600000 notes.jwe > notes.txt",
            "",
            "Ends with 0 if decrypted, 1 if refused, 2 if it could not be tried. A signed token inside is not "
                    + "handed out: 'signet jws verify' and 'signet jwt verify' take --decrypt-with too.",
        })
final class JweDecrypt implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "TOKEN", description = "File with the JWE; - for standard input.")
    private String file = "";

    @Mixin
    private DecryptionOptions decryption = new DecryptionOptions();

    @Option(names = "--json", description = "The JWE is in JSON form.")
    private boolean json;

    @Option(
            names = "--allow-passwords",
            paramLabel = "ITERATIONS",
            description = "Decrypt with a passphrase instead of a key, with at most so many rounds of PBKDF2.")
    private @Nullable Integer iterations;

    @Mixin
    private KeyReading reading = new KeyReading();

    JweDecrypt(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (decryption.isGiven() == (iterations != null)) {
            throw Failure.input("either --decrypt-with FILE or --allow-passwords ITERATIONS is needed");
        }
        JweDecrypter decrypter = iterations == null ? decryption.decrypter(shell, reading) : withPassphrase(iterations);
        String token = Tokens.token(shell, file);
        Tokens.requireForm(token, json);
        try {
            byte[] content = (json ? decrypter.decryptJson(token) : decrypter.decrypt(token)).contentBytes();
            Tokens.print(shell, content);
            return ExitCode.OK;
        } catch (InvalidMessageException | DecryptionException e) {
            throw TrustOptions.refusal(e, "");
        }
    }

    private JweDecrypter withPassphrase(int rounds) {
        try {
            SecurityPolicy policy = SecurityPolicy.recommended2026().allowPasswords(rounds);
            DecryptionKey key = DecryptionKey.secret(
                    Algorithm.PBES2_HS512_A256KW, reading.passphrase().existing(shell, Inputs.display(file)));
            return JweDecrypter.builder(key).policy(policy).build();
        } catch (IllegalArgumentException e) {
            throw Failure.input("cannot decrypt so: " + e.getMessage());
        }
    }
}
