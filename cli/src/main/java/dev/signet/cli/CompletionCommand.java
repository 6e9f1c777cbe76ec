// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = "Print the completion script for bash and zsh.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(signet completion)                               in this shell",
            "  signet completion > /etc/bash_completion.d/signet         for everybody",
        })
final class CompletionCommand implements Callable<Integer> {
    private final Shell shell;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CompletionCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        shell.out().print(AutoComplete.bash("signet", spec.root().commandLine()));
        return ExitCode.OK;
    }
}
