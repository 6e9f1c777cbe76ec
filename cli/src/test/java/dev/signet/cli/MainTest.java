// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @TempDir
    private Path folder;

    @Test
    void run_withoutArguments_showsTheCommands() {
        Terminal.Result result = new Terminal(folder).run();
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("Usage: signet", "key", "http", "doctor", "completion", "Examples:");
        assertThat(result.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "key --help",
                "key generate --help",
                "key list --help",
                "key rotate --help",
                "key export --help",
                "http --help",
                "http sign --help",
                "http verify --help",
                "http explain --help",
                "jws --help",
                "jws sign --help",
                "jws verify --help",
                "jws inspect --help",
                "jwe --help",
                "jwe encrypt --help",
                "jwe decrypt --help",
                "jwe inspect --help",
                "jwt --help",
                "jwt issue --help",
                "jwt verify --help",
                "jwt inspect --help",
                "xml --help",
                "xml sign --help",
                "xml verify --help",
                "xml encrypt --help",
                "xml decrypt --help",
                "tokenize --help",
                "detokenize --help",
                "reveal-log --help",
                "reveal-log verify --help",
                "doctor --help",
                "demo --help",
                "completion --help"
            })
    void help_ofEachCommand_hasDescriptionAndExamplesAndFitsTheScreen(String arguments) {
        Terminal.Result result = new Terminal(folder).line(arguments);
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("Usage: signet").contains("--help").contains(" signet ");
        assertThat(result.out().lines()).allMatch(line -> line.length() <= 100, "fits");
    }

    @Test
    void version_isTheBuilds() {
        Terminal.Result result = new Terminal(folder).run("--version");
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("signet ").contains("Java ").doesNotContain("$", "unknown");
    }

    @Test
    void completion_isAShellScriptThatKnowsEveryCommand() {
        Terminal.Result result = new Terminal(folder).run("completion");
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("#!/usr/bin/env bash").contains("--dangerously-private", "complete -F");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key",
                "http",
                "keys",
                "key genrate",
                "--unknown",
                "key list",
                "key list a b",
                "key list --bogus a",
                "key generate",
                "key generate --alg ES256",
                "key generate --out x",
                "key generate --alg",
                "key generate --alg ES256 --alg ES384 --out x",
                "key rotate",
                "key rotate f --promote a --drop b",
                "key export",
                "key export f --public --pem",
                "http sign f",
                "http sign --key k",
                "http sign --key k --nonce a --no-nonce f",
                "http verify f",
                "http verify --keys k",
                "http explain f",
                "jws",
                "jws sign f",
                "jws verify f",
                "jws verify --keys k --jwks-url u f",
                "jwe decrypt",
                "jwt issue --key k",
                "jwt inspect",
                "xml",
                "xml sign f",
                "xml sign --key k",
                "xml verify f",
                "xml verify --keys k --jwks-url u f",
                "xml encrypt",
                "xml decrypt f",
                "xml decrypt --decrypt-with k --keys k --jwks-url u f",
                "tokenize",
                "tokenize f",
                "tokenize --policy p f",
                "tokenize --keys k f",
                "tokenize --policy p --keys k",
                "tokenize --policy p --keys k a b",
                "detokenize --policy p --keys k f",
                "reveal-log",
                "reveal-log verify f",
                "reveal-log verify --keys k",
                "reveal-log verify --keys k a b",
                "doctor extra",
                "demo extra",
                "completion extra"
            })
    void run_wrongUsage_isOneLineThatNamesTheHelp(String arguments) {
        Terminal.Result result = new Terminal(folder).line(arguments);
        Terminal.assertFails(result, 2, "--help')");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void run_misspeltCommand_isAskedAbout() {
        Terminal.assertFails(new Terminal(folder).line("key genrate"), 2, "did you mean", "generate");
    }

    @Test
    void run_argumentWithLineBreaksAndEscapes_staysOneHarmlessLine() {
        Terminal.Result result = new Terminal(folder).run("key", "list", "a\nb\033[31mc");
        Terminal.assertFails(result, 2, "a b\\u001b[31mc");
    }

    @Test
    void run_argumentThatTurnsTextAround_isShownEscaped() {
        Terminal.Result result = new Terminal(folder).run("key", "list", "a\u202eb\u009bc\u2028d\rx");
        Terminal.assertFails(result, 2, "a\\u202eb\\u009bc\\u2028d\\u000dx");
        assertThat(result.err()).doesNotContain("\u202e", "\u009b", "\u2028", "\r");
    }

    @Test
    void help_narrowTerminal_staysWithinItsWidth() {
        Terminal.Result narrow = new Terminal(folder).with("COLUMNS", "60").line("key rotate --help");
        assertThat(narrow.out().lines().filter(line -> !line.contains("signet key")))
                .allMatch(line -> line.length() <= 60);
    }

    @Test
    void run_atSignInArguments_namesNoFileOfArguments() {
        new Terminal(folder).write("arguments", "--version");
        Terminal.Result result = new Terminal(folder).run("@" + folder.resolve("arguments"));
        Terminal.assertFails(result, 2);
    }

    @Test
    void colours_onlyOnATerminalThatWantsThem() {
        assertThat(new Terminal(folder).run("--help").out()).doesNotContain("\033");
        assertThat(new Terminal(folder).colourful().run("--help").out()).contains("\033[");
        assertThat(new Terminal(folder)
                        .colourful()
                        .with("NO_COLOR", "1")
                        .run("--help")
                        .out())
                .doesNotContain("\033");
        assertThat(new Terminal(folder)
                        .colourful()
                        .with("TERM", "dumb")
                        .run("--help")
                        .out())
                .doesNotContain("\033");
        assertThat(new Terminal(folder).colourful().run("nonsense").err()).startsWith("\033[1;31msignet:");
        assertThat(new Terminal(folder)
                        .colourful()
                        .with("NO_COLOR", "1")
                        .run("nonsense")
                        .err())
                .startsWith("signet:");
    }
}
