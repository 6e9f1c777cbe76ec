// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.jose;

import dev.signet.cli.keys.KeyFile;
import dev.signet.cli.keys.KeyReading;
import dev.signet.cli.keys.RecipientOptions;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Tokens;
import dev.signet.jose.JwsSigner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "sign",
        description = "Sign content and print it as a JWS.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet jws sign --key keys.jwks order.json > order.jws",
            "  signet jws sign --key key.pem --key-id my-key --detached photo.jpg > photo.jws",
            "  signet jws sign --key keys.jwks --encrypt-to partner.jwks - < order.json",
        })
final class JwsSign implements Callable<Integer> {
    private final Shell shell;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The payload; - for standard input.")
    private @Nullable String file;

    @Option(names = "--key", required = true, paramLabel = "FILE", description = "Private keyset, JWK or PEM.")
    private String key = "";

    @Option(
            names = "--key-id",
            paramLabel = "ID",
            description = "Which key of a keyset, by default the primary one; the id to write for a PEM key.")
    private @Nullable String keyId;

    @Option(names = "--detached", paramLabel = "FILE", description = "The payload, to be left out of the JWS.")
    private @Nullable String detached;

    @Option(names = "--json", description = "Print the JSON form instead of the compact one.")
    private boolean json;

    @Option(names = "--type", paramLabel = "TYPE", description = "Type of the whole (typ).")
    private @Nullable String type;

    @Option(names = "--content-type", paramLabel = "TYPE", description = "Type of the payload (cty).")
    private @Nullable String contentType;

    @Option(names = "--unencoded", description = "Sign the payload as it is (b64=false, RFC 7797).")
    private boolean unencoded;

    @Mixin
    private RecipientOptions recipient = new RecipientOptions();

    @Mixin
    private KeyReading reading = new KeyReading();

    JwsSign(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if ((file == null) == (detached == null)) {
            throw Failure.input("the payload is either FILE or --detached FILE");
        }
        if (json && (detached != null || recipient.isGiven())) {
            throw Failure.input("--json goes neither with --detached nor with --encrypt-to");
        }
        if (detached != null && recipient.isGiven()) {
            throw Failure.input("--detached and --encrypt-to exclude each other");
        }
        if (unencoded && !json && detached == null) {
            throw Failure.input("--unencoded needs --detached FILE or --json");
        }
        if (Inputs.isStandardInput(key) && Inputs.isStandardInput(String.valueOf(detached != null ? detached : file))) {
            throw Failure.input("the key and the payload cannot both be standard input");
        }
        KeyFile.Options options = reading.options(shell, keyId);
        KeyFile keys = KeyFile.read(shell, key, options);
        byte[] payload = Tokens.content(shell, String.valueOf(detached != null ? detached : file));
        try {
            JwsSigner.Builder builder =
                    JwsSigner.builder(keys.signingKey(keyId)).clock(shell.clock());
            if (type != null) {
                builder.type(type);
            }
            if (contentType != null) {
                builder.contentType(contentType);
            }
            if (unencoded) {
                builder.unencodedPayload();
            }
            JwsSigner signer = builder.build();
            Tokens.print(shell, sign(signer, payload, options));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw Failure.input("cannot sign so: " + e.getMessage());
        }
        return ExitCode.OK;
    }

    private String sign(JwsSigner signer, byte[] payload, KeyFile.Options options) {
        if (recipient.isGiven()) {
            return signer.signAndEncrypt(
                    payload, recipient.builder(shell, options).build());
        }
        return detached != null ? signer.signDetached(payload) : json ? signer.signJson(payload) : signer.sign(payload);
    }
}
