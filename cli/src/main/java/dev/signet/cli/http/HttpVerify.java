// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Style;
import dev.signet.cli.shell.Table;
import dev.signet.cli.shell.Texts;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import dev.signet.http.Component;
import dev.signet.http.SignatureParameters;
import dev.signet.http.VerifiedMessage;
import dev.signet.http.VerifiedSignature;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description = "Verify an HTTP message and print what its signature vouches for.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet http verify --keys public.jwks signed.txt",
            "  signet http verify --keys public.jwks --request request.txt response.txt",
            "  signet http verify --keys key.pem --key-id my-key --require '\"date\"' --json - < signed.txt",
            "",
            "Ends with 0 if verified, 1 if refused, 2 if it could not be tried. Options that start with --ignore "
                    + "or --allow let through what proves less. Messages seen before are not remembered.",
        })
final class HttpVerify implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    private final Shell shell;

    @Mixin
    private MessageOptions message = new MessageOptions();

    @Mixin
    private VerifyOptions options = new VerifyOptions();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    HttpVerify(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        MessageOptions.Loaded loaded = message.read(shell);
        VerifyOptions.Setting setting = options.setting(shell, message, loaded);
        byte[] body = loaded.raw().body();
        try (VerifiedMessage verified = setting.verifier().verify(loaded.message(), body)) {
            if (json) {
                print(verified, body.length);
            } else {
                show(verified, body.length, setting.now());
            }
            message.note(shell);
            return ExitCode.OK;
        } catch (VerificationException | InvalidMessageException e) {
            throw refused(e, setting, loaded);
        }
    }

    private Failure refused(MessageSecurityException e, VerifyOptions.Setting setting, MessageOptions.Loaded loaded) {
        String text = String.valueOf(e.getMessage());
        if (e instanceof VerificationException refusal) {
            text += options.hint(refusal, setting, message, loaded);
            if (refusal.reason() == Reason.SIGNATURE_INVALID || refusal.reason() == Reason.DIGEST_MISMATCH) {
                text += " ('signet http explain' looks for the cause)";
            }
        }
        if (e instanceof InvalidMessageException malformed) {
            text += VerifyOptions.hint(malformed, loaded);
        }
        if (json) {
            ObjectNode result = JSON.createObjectNode();
            result.put("verified", false).put("code", e.code()).put("message", text);
            print(result);
        }
        return Failure.refused("refused: " + e.code() + ": " + text);
    }

    // ---- for people ------------------------------------------------------------------------------------------------

    private void show(VerifiedMessage verified, int bodyLength, Instant now) {
        PrintStream out = shell.out();
        Style style = shell.outStyle();
        for (VerifiedSignature signature : verified.signatures()) {
            SignatureParameters parameters = signature.parameters();
            out.println(style.green("verified") + "  " + style.bold(signature.label()));
            Table table = new Table("  ");
            table.row(
                    "key",
                    signature.key().id() + " (" + signature.key().algorithm().joseName() + ")");
            parameters.created().ifPresent(t -> table.row("created", t + " " + style.dim(relative(t, now))));
            parameters.expires().ifPresent(t -> table.row("expires", t + " " + style.dim(relative(t, now))));
            parameters.nonce().ifPresent(nonce -> table.row("nonce", nonce));
            parameters.tag().ifPresent(tag -> table.row("tag", tag));
            List<Component> components = parameters.components();
            if (components.isEmpty()) {
                table.row("covers", style.yellow("nothing"));
            }
            for (int i = 0; i < components.size(); i++) {
                Component component = components.get(i);
                String value = verified.value(component).orElse("");
                table.row(i == 0 ? "covers" : "", component.identifier() + ": " + value);
            }
            table.row("body", body(verified, bodyLength, style)).print(out);
        }
    }

    private static String body(VerifiedMessage verified, int length, Style style) {
        if (length == 0) {
            return "none";
        }
        return verified.isBodyCovered()
                ? "covered: " + length + " bytes match the signed digest"
                : style.yellow("NOT covered: the signature says nothing about these " + length + " bytes");
    }

    private static String relative(Instant time, Instant now) {
        Duration age = Duration.between(time, now);
        return age.isNegative() ? "(in " + Texts.roughly(age) + ")" : "(" + Texts.roughly(age) + " ago)";
    }

    // ---- for programs ----------------------------------------------------------------------------------------------

    private void print(VerifiedMessage verified, int bodyLength) {
        ObjectNode result = JSON.createObjectNode().put("verified", true);
        for (VerifiedSignature signature : verified.signatures()) {
            SignatureParameters parameters = signature.parameters();
            ObjectNode one = result.withArray("signatures")
                    .addObject()
                    .put("label", signature.label())
                    .put("keyId", signature.key().id())
                    .put("algorithm", signature.key().algorithm().joseName());
            parameters.created().ifPresent(t -> one.put("created", t.getEpochSecond()));
            parameters.expires().ifPresent(t -> one.put("expires", t.getEpochSecond()));
            parameters.nonce().ifPresent(nonce -> one.put("nonce", nonce));
            parameters.tag().ifPresent(tag -> one.put("tag", tag));
            one.putArray("components");
            for (Component component : parameters.components()) {
                one.withArray("components")
                        .addObject()
                        .put("identifier", component.identifier())
                        .put("value", verified.value(component).orElse(""));
            }
        }
        result.putObject("body")
                .put("length", bodyLength)
                .put("covered", bodyLength == 0 ? false : verified.isBodyCovered());
        print(result);
    }

    private void print(ObjectNode result) {
        try {
            shell.out().println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(result));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }
}
