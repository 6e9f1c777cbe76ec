// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.http;

import dev.signet.cli.keys.KeyFile;
import dev.signet.cli.keys.KeyReading;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SigningKey;
import dev.signet.http.DigestAlgorithm;
import dev.signet.http.HttpSigner;
import dev.signet.http.SignatureFields;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "sign",
        description = "Sign an HTTP message and print it with the fields of the signature.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet http sign --key keys.jwks request.txt > signed.txt",
            "  signet http sign --key key.pem --key-id my-key --fields-only - < request.txt",
            "  signet http sign --key keys.jwks --cover '\"@method\" \"@path\" \"content-digest\"' request.txt",
            "",
            "A Content-Digest field is added where it is covered and absent. By default these are covered:",
            "  of a request   method, target URI, Content-Type, Authorization, body",
            "  of a response  status, Content-Type, body, and its request's method and target URI (--request)",
        })
final class HttpSign implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private MessageOptions message = new MessageOptions();

    @Option(names = "--key", required = true, paramLabel = "FILE", description = "Private keyset, JWK or PEM.")
    private String key = "";

    @Option(
            names = "--key-id",
            paramLabel = "ID",
            description = "Which key of a keyset, by default the primary one; the id to write for a PEM key.")
    private @Nullable String keyId;

    @Option(
            names = "--cover",
            paramLabel = "COMPONENTS",
            description = "What to sign, instead of the default, such as '\"@method\" \"date\"'. Repeatable.")
    private List<String> cover = new ArrayList<>();

    @Option(names = "--label", paramLabel = "LABEL", description = "Label of the signature, sig by default.")
    private @Nullable String label;

    @Option(names = "--tag", paramLabel = "TAG", description = "Tag of the application.")
    private @Nullable String tag;

    @Option(names = "--expires", paramLabel = "TIME", description = "Let the signature expire after e.g. 60s.")
    private @Nullable String expires;

    @Option(names = "--created", paramLabel = "TIME", description = "Creation time, instead of now.")
    private @Nullable String created;

    @ArgGroup
    private @Nullable Nonce nonce;

    @Option(names = "--alg-param", description = "Write the algorithm's name into the signature.")
    private boolean algParam;

    @Option(
            names = "--digest",
            paramLabel = "NAME",
            defaultValue = "sha-256",
            description = "Digest of the body, sha-256 or sha-512; ${DEFAULT-VALUE} by default.")
    private String digest = "sha-256";

    @Option(names = "--fields-only", description = "Print only the fields to add.")
    private boolean fieldsOnly;

    @Option(
            names = "--show-base",
            description = "Print the signature base, which holds field values, to standard error.")
    private boolean showBase;

    @Mixin
    private KeyReading reading = new KeyReading();

    /** At most one. */
    static final class Nonce {
        @Option(names = "--nonce", paramLabel = "TEXT", description = "The nonce, instead of a random one.")
        private @Nullable String text;

        @Option(names = "--no-nonce", description = "Leave the nonce out.")
        private boolean none;
    }

    HttpSign(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (Inputs.isStandardInput(key) && Inputs.isStandardInput(message.name())) {
            throw Failure.input("the key and the message cannot both be standard input");
        }
        KeyFile keys = KeyFile.read(shell, key, reading.options(shell, keyId));
        SigningKey signing = keys.signingKey(keyId);
        MessageOptions.Loaded loaded = message.read(shell);
        SignatureFields fields = sign(signer(signing), loaded);
        if (showBase) {
            // Nothing but the base, which goes into a file.
            shell.err().println(fields.signatureBase());
        } else {
            message.note(shell);
        }
        if (fieldsOnly) {
            fields.forEach((name, value) -> shell.out().println(RawMessage.usualCase(name) + ": " + value));
        } else {
            byte[] signed = loaded.raw().with(fields);
            shell.out().write(signed, 0, signed.length);
        }
        return ExitCode.OK;
    }

    private HttpSigner signer(SigningKey signing) {
        try {
            HttpSigner.Builder builder = HttpSigner.builder(signing).digest(digest());
            for (String components : cover) {
                builder.cover(Components.parse("--cover", components));
            }
            message.types().forEach(builder::structuredField);
            if (label != null) {
                builder.label(label);
            }
            if (tag != null) {
                builder.tag(tag);
            }
            if (expires != null) {
                builder.expiresAfter(Texts.duration("--expires", expires));
            }
            if (algParam) {
                builder.withAlg();
            }
            if (nonce != null && nonce.none) {
                builder.allowMissingNonce();
            }
            if (nonce != null && nonce.text != null) {
                String text = checkedNonce(nonce.text);
                builder.nonces(() -> text);
            }
            Instant time = created == null ? shell.clock().instant() : Texts.instant("--created", created);
            return builder.clock(InstantSource.fixed(time)).build();
        } catch (IllegalArgumentException e) {
            throw Failure.input("cannot sign so: " + e.getMessage());
        }
    }

    private SignatureFields sign(HttpSigner signer, MessageOptions.Loaded loaded) {
        try {
            return signer.sign(loaded.message(), loaded.raw().body());
        } catch (MessageSecurityException | IllegalArgumentException e) {
            throw Failure.input(Inputs.display(message.name()) + ": " + e.getMessage() + requestHint(loaded));
        }
    }

    private String requestHint(MessageOptions.Loaded loaded) {
        return loaded.raw().isRequest() || message.hasRequest() || !cover.isEmpty()
                ? ""
                : " (--request names the request that the response answers)";
    }

    private DigestAlgorithm digest() {
        return DigestAlgorithm.ofKey(digest)
                .orElseThrow(() -> Failure.input("--digest is sha-256 or sha-512, not '" + digest + "'"));
    }

    private static String checkedNonce(String text) {
        boolean fits = !text.isEmpty()
                && text.getBytes(StandardCharsets.UTF_8).length <= 256
                && text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
        if (!fits) {
            throw Failure.input("--nonce is 1 to 256 printable ASCII characters");
        }
        return text;
    }
}
