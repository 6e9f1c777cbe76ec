// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.cli.shell.WatchedOutput;
import dev.signet.core.MessageSecurityException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the {@code signet} command starts. It ends with 0 for success, 1 for a refusal, and 2 for everything else. */
public final class Main {
    private Main() {}

    /** Runs the command and ends the process. */
    public static void main(String[] args) {
        WatchedOutput out = WatchedOutput.standard();
        Shell shell = Shell.ofProcess(out);
        int code = run(shell, args);
        shell.out().flush();
        IOException lost = out.failure();
        if (lost != null && !WatchedOutput.isBrokenPipe(lost)) {
            shell.report("cannot write to standard output: " + Texts.cause(lost));
            code = ExitCode.FAILED;
        }
        shell.err().flush();
        System.exit(code);
    }

    /** Runs the command with these streams and gives its exit code. */
    public static int run(Shell shell, String... args) {
        CommandLine line = new CommandLine(SignetCommand.class, shell.factory());
        line.getSubcommands().values().forEach(Main::addHelp);
        line.setOut(writer(shell.out(), shell));
        line.setErr(writer(shell.err(), shell));
        line.setColorScheme(Help.defaultColorScheme(shell.isColourful() ? Help.Ansi.ON : Help.Ansi.OFF));
        line.setUsageHelpWidth(shell.width());
        line.setUsageHelpLongOptionsMaxWidth(32);
        // "@method" is a component, not a file of arguments.
        line.setExpandAtFiles(false);
        line.setParameterExceptionHandler((e, unused) -> {
            shell.report(usageError(e));
            return ExitCode.FAILED;
        });
        line.setExecutionExceptionHandler((e, command, unused) -> failed(shell, e));
        int code = line.execute(args);
        shell.out().flush();
        return code;
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec().addMixin("help", CommandSpec.forAnnotatedObject(new SignetCommand.HelpOption()));
        command.getSubcommands().values().forEach(Main::addHelp);
    }

    private static PrintWriter writer(PrintStream out, Shell shell) {
        return new PrintWriter(new OutputStreamWriter(out, shell.charset()), true);
    }

    private static int failed(Shell shell, Exception e) {
        if (e instanceof Failure failure) {
            shell.report(String.valueOf(failure.getMessage()));
            return failure.exitCode();
        }
        if (e instanceof MessageSecurityException known) {
            shell.report(describe(known));
            return ExitCode.FAILED;
        }
        if ("1".equals(shell.environment().get("SIGNET_STACKTRACE"))) {
            e.printStackTrace(shell.err());
        }
        shell.report("unexpected failure: " + e.getClass().getSimpleName() + ": " + e.getMessage()
                + " (SIGNET_STACKTRACE=1 shows where)");
        return ExitCode.FAILED;
    }

    private static String describe(MessageSecurityException e) {
        return e.getMessage() + (e.getCause() instanceof IOException cause ? ": " + Texts.cause(cause) : "");
    }

    private static String usageError(ParameterException e) {
        StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()).trim());
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String first = unmatched.getUnmatched().get(0);
            text.setLength(0);
            text.append(first.startsWith("-") ? "unknown option '" : "unknown command or argument '")
                    .append(first)
                    .append('\'');
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                text.append("; did you mean '").append(suggestions.get(0)).append("'?");
            }
        }
        return text.append(" (see '")
                .append(e.getCommandLine().getCommandSpec().qualifiedName())
                .append(" --help')")
                .toString();
    }
}
