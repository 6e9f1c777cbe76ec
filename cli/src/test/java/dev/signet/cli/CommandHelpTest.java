// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The help of every command that there is, also of those that are yet to come. */
class CommandHelpTest {
    private static final Terminal TERMINAL = new Terminal(Path.of("."));

    static Stream<List<String>> commands() {
        List<List<String>> found = new ArrayList<>();
        collect(root().getCommandSpec(), List.of(), found);
        return found.stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_eachCommand_namesEveryOptionAndParameter(List<String> command) {
        String help = help(command);
        CommandSpec spec = spec(command);
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                assertThat(help).contains(option.names());
                assertThat(option.description()).as(option.longestName()).isNotEmpty();
            }
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            assertThat(help).contains(parameter.paramLabel());
            assertThat(parameter.description()).as(parameter.paramLabel()).isNotEmpty();
        }
        for (String name : spec.subcommands().keySet()) {
            assertThat(help).contains(name);
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void unknownOption_eachCommand_isOneLine(List<String> command) {
        Terminal.Result result = run(command, "--no-such-option");
        Terminal.assertFails(result, 2);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void commands_ofAllLevels_areFound() {
        assertThat(commands())
                .contains(List.of(), List.of("key"), List.of("key", "rotate"), List.of("reveal-log", "verify"))
                .hasSizeGreaterThan(30);
    }

    private static String help(List<String> command) {
        Terminal.Result result = run(command, "--help");
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("Usage: " + String.join(" ", with("signet", command)));
        return result.out();
    }

    private static Terminal.Result run(List<String> command, String option) {
        List<String> arguments = new ArrayList<>(command);
        arguments.add(option);
        return TERMINAL.run(arguments.toArray(String[]::new));
    }

    private static void collect(CommandSpec spec, List<String> path, List<List<String>> found) {
        found.add(path);
        spec.subcommands().forEach((name, line) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            collect(line.getCommandSpec(), List.copyOf(longer), found);
        });
    }

    private static CommandSpec spec(List<String> command) {
        CommandSpec spec = root().getCommandSpec();
        for (String name : command) {
            spec = spec.subcommands().get(name).getCommandSpec();
        }
        return spec;
    }

    private static CommandLine root() {
        OutputStream nowhere = OutputStream.nullOutputStream();
        return new CommandLine(
                SignetCommand.class, TERMINAL.shell(nowhere, nowhere).factory());
    }

    private static List<String> with(String first, List<String> more) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(more);
        return all;
    }
}
