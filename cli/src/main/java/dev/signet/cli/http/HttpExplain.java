// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.http;

import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Style;
import dev.signet.cli.shell.Texts;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import dev.signet.http.Explanation;
import dev.signet.http.VerifiedMessage;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "explain",
        description = "Find out why an HTTP message does not verify: which component was changed, and by what.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet http explain --keys public.jwks signed.txt",
            "  signet http sign --key keys.jwks --show-base request.txt 2> base.txt > signed.txt",
            "  signet http explain --keys public.jwks --base base.txt received.txt",
            "",
            "Ends with 0 if there is nothing to explain since the message verifies, and with 1 otherwise.",
        })
final class HttpExplain implements Callable<Integer> {
    private static final int MAX_BASE_BYTES = 1 << 20;

    private final Shell shell;

    @Mixin
    private MessageOptions message = new MessageOptions();

    @Mixin
    private VerifyOptions options = new VerifyOptions();

    @Option(names = "--base", paramLabel = "FILE", description = "The signer's signature base, to compare with.")
    private @Nullable String base;

    @Option(names = "--show-values", description = "Print the values of both sides, which may be secret.")
    private boolean showValues;

    HttpExplain(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (base != null && Inputs.isStandardInput(base) && Inputs.isStandardInput(message.name())) {
            throw Failure.input("--base and the message cannot both be standard input");
        }
        MessageOptions.Loaded loaded = message.read(shell);
        VerifyOptions.Setting setting = options.setting(shell, message, loaded);
        byte[] body = loaded.raw().body();
        message.note(shell);
        Style style = shell.outStyle();
        MessageSecurityException refusal;
        try (VerifiedMessage verified = setting.verifier().verify(loaded.message(), body)) {
            shell.out()
                    .println(style.green("verified") + "  "
                            + style.bold(verified.signatures().get(0).label()) + ": nothing to explain");
            return ExitCode.OK;
        } catch (VerificationException | InvalidMessageException e) {
            refusal = e;
        }
        String hint = refusal instanceof VerificationException verification
                ? options.hint(verification, setting, message, loaded)
                : VerifyOptions.hint((InvalidMessageException) refusal, loaded);
        shell.out()
                .println(style.red("refused") + "  " + refusal.code() + ": "
                        + Texts.oneLine(refusal.getMessage() + hint));
        Explanation explanation = base == null
                ? setting.verifier().explain(loaded.message(), body)
                : setting.verifier().explain(loaded.message(), body, signerBase(base));
        String text = showValues ? explanation.dangerousText() : explanation.toString();
        if (!text.equals(refusal.getMessage())) {
            shell.out().println(text);
        }
        if (!explanation.differences().isEmpty()) {
            if (!showValues) {
                shell.out().println(style.dim("(--show-values shows the values of both sides)"));
            }
        } else if (base == null && isInvalid(refusal)) {
            showBase(loaded, setting, style);
        }
        return ExitCode.REFUSED;
    }

    /** What is left to do is to compare both sides' bases, so this side's must be had. */
    private void showBase(MessageOptions.Loaded loaded, VerifyOptions.Setting setting, Style style) {
        if (!showValues) {
            shell.out()
                    .println(style.dim(
                            "(--base compares with the signer's; --show-values shows this side's signature base)"));
            return;
        }
        for (String label :
                setting.verifier().unverifiedSignatures(loaded.message()).keySet()) {
            shell.out().println(style.bold("this side's signature base of " + label + ":"));
            shell.out().println(setting.verifier().unverifiedSignatureBase(loaded.message(), label));
        }
    }

    private static boolean isInvalid(MessageSecurityException refusal) {
        return refusal instanceof VerificationException verification
                && verification.reason() == Reason.SIGNATURE_INVALID;
    }

    private String signerBase(String name) {
        return new String(Inputs.read(shell, name, MAX_BASE_BYTES), StandardCharsets.ISO_8859_1);
    }
}
