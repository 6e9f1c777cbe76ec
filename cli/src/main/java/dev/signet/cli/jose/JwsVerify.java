// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.jose;

import dev.signet.cli.keys.DecryptionOptions;
import dev.signet.cli.keys.TrustOptions;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Tokens;
import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.VerificationException;
import dev.signet.jose.JwsVerifier;
import dev.signet.jose.VerifiedJws;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = "Verify a JWS and print the payload that was signed, and nothing else.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet jws verify --keys public.jwks order.jws > order.json",
            "  signet jws verify --jwks-url https://example.com/jwks --type order+jws - < order.jws",
            "  signet jws verify --keys public.jwks --detached photo.jpg photo.jws",
            "",
            "Ends with 0 if verified, 1 if refused, 2 if it could not be tried. Nothing is printed unless "
                    + "verified; a detached payload is not printed.",
        })
final class JwsVerify implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "TOKEN", description = "File with the JWS; - for standard input.")
    private String file = "";

    @Mixin
    private TrustOptions trust = new TrustOptions();

    @Option(names = "--detached", paramLabel = "FILE", description = "The payload, which is not in the JWS.")
    private @Nullable String detached;

    @Option(names = "--json", description = "The JWS is in JSON form.")
    private boolean json;

    @Option(names = "--type", paramLabel = "TYPE", description = "Accept only this type (typ).")
    private @Nullable String type;

    @Mixin
    private DecryptionOptions decryption = new DecryptionOptions();

    JwsVerify(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (decryption.isGiven() && (json || detached != null)) {
            throw Failure.input("--decrypt-with goes neither with --json nor with --detached");
        }
        JwsVerifier.Builder builder = JwsVerifier.builder(trust.resolver(shell)).clock(shell.clock());
        if (type != null) {
            builder.expectType(type);
        }
        String token = Tokens.token(shell, file);
        Tokens.requireForm(token, json);
        try {
            VerifiedJws verified = verify(builder.build(), token);
            Tokens.note(
                    shell,
                    "verified: signed by " + verified.key().id() + " ("
                            + verified.key().algorithm().joseName() + ")");
            if (detached == null) {
                Tokens.print(shell, verified.contentBytes());
            }
            return ExitCode.OK;
        } catch (VerificationException | InvalidMessageException | DecryptionException e) {
            throw trust.refused(e, token);
        }
    }

    private VerifiedJws verify(JwsVerifier verifier, String token) {
        if (decryption.isGiven()) {
            return verifier.decryptAndVerify(token, decryption.decrypter(shell, trust.reading()));
        }
        if (detached != null) {
            byte[] payload = Tokens.content(shell, detached);
            return json ? verifier.verifyJsonDetached(token, payload) : verifier.verifyDetached(token, payload);
        }
        return json ? verifier.verifyJson(token) : verifier.verify(token);
    }
}
