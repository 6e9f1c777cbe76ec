// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.keys.KeyFile;
import dev.signet.cli.keys.KeyReading;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.records.RecordPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What tokenizing and detokenizing files have in common. */
final class RowOptions {
    private static final int MAX_POLICY = 1 << 20;

    @Parameters(paramLabel = "INPUT", description = "File of rows; - for standard input.")
    private String input = "";

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            required = true,
            description = "Policy file: which columns or pointers, their formats, and who may see them.")
    private String policy = "";

    @Option(names = "--keys", paramLabel = "FILE", required = true, description = "Keyset for tokenization.")
    private String keys = "";

    @Option(
            names = "--in-format",
            paramLabel = "FORMAT",
            description = "csv or jsonl. Without it the policy says: columns are CSV, pointers are JSON Lines.")
    private @Nullable String format;

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            description = "What stands between cells of CSV: a comma, but a tab in a file .tsv. 'tab' is one.")
    private @Nullable String delimiter;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write to this file, which must not exist, instead of standard output. Its owner's only.")
    private @Nullable String out;

    @Option(
            names = "--rejects",
            paramLabel = "FILE",
            description = "List the rows that are left out in this file: line, field, code and message, as CSV.")
    private @Nullable String rejects;

    @Option(
            names = "--dangerously-keep-rejected-rows",
            description = "Put the rejected rows themselves into that list, with the personal data in them.")
    private boolean keepsRejectedRows;

    @Option(names = "--resume", description = "Go on with a run that was stopped, if there is one.")
    private boolean resume;

    @Mixin
    private KeyReading reading = new KeyReading();

    String input() {
        return input;
    }

    @Nullable
    Path out() {
        return out == null ? null : Texts.path(out);
    }

    @Nullable
    Path rejects() {
        return rejects == null ? null : Texts.path(rejects);
    }

    boolean keepsRejectedRows() {
        return keepsRejectedRows;
    }

    byte delimiter() {
        if (delimiter == null) {
            return (byte) (lowerCaseName().endsWith(".tsv") ? '\t' : ',');
        }
        if (delimiter.equals("tab") || delimiter.equals("\\t")) {
            return '\t';
        }
        char c = delimiter.isEmpty() ? 0 : delimiter.charAt(0);
        if (delimiter.length() != 1 || c >= 0x7f || (c < ' ' && c != '\t') || c == '"') {
            throw Failure.input("--delimiter is one ASCII character, or tab, and no quote");
        }
        return (byte) c;
    }

    /** What the output depends on beside the policy, the keys and the input. */
    String fingerprint() {
        return delimiter() + "/" + (rejects != null) + "/" + keepsRejectedRows;
    }

    /**
     * Everything that can be said before a passphrase is asked for.
     *
     * @param log the reveal log; null for none
     */
    RecordPolicy policy(Shell shell, @Nullable String log) {
        if (resume && out == null) {
            throw Failure.input("--resume needs --out FILE");
        }
        if (resume && Inputs.isStandardInput(input)) {
            throw Failure.input("--resume needs a file as input, not standard input");
        }
        if (keepsRejectedRows && rejects == null) {
            throw Failure.input("--dangerously-keep-rejected-rows belongs to --rejects FILE");
        }
        delimiter();
        requireDifferent(log);
        if (!Inputs.isStandardInput(input) && !Files.exists(Texts.path(input))) {
            throw Failure.input("cannot read " + input + ": no such file or directory");
        }
        RowOutput.requireFree(out(), rejects(), resume);
        RecordPolicy read = read(shell);
        requireFormat(read);
        return read;
    }

    private RecordPolicy read(Shell shell) {
        byte[] bytes = Inputs.read(shell, policy, MAX_POLICY);
        try {
            return RecordPolicy.parse(Inputs.display(policy), bytes);
        } catch (IllegalArgumentException e) {
            throw Failure.input(String.valueOf(e.getMessage()));
        }
    }

    KeyFile keys(Shell shell) {
        return KeyFile.read(shell, keys, reading.options(shell, null));
    }

    private void requireDifferent(@Nullable String log) {
        Map<Path, String> names = new LinkedHashMap<>();
        names.put(Texts.path(input).toAbsolutePath().normalize(), "INPUT");
        add(names, "--policy", policy);
        add(names, "--keys", keys);
        add(names, "--out", out);
        add(names, "--rejects", rejects);
        add(names, "--log", log);
        // What stands beside them while the run goes on, and for the next one.
        addBeside(names, "--out", out, ".part", ".checkpoint");
        addBeside(names, "--rejects", rejects, ".part");
        addBeside(names, "--log", log, ".lock");
    }

    private static void addBeside(Map<Path, String> names, String option, @Nullable String name, String... endings) {
        for (String ending : endings) {
            add(names, option, name == null ? null : name + ending);
        }
    }

    private static void add(Map<Path, String> names, String option, @Nullable String name) {
        if (name != null && !Inputs.isStandardInput(name)) {
            String other = names.put(Texts.path(name).toAbsolutePath().normalize(), option);
            if (other != null) {
                throw Failure.input(other + " and " + option + " name one file");
            }
        }
    }

    private void requireFormat(RecordPolicy read) {
        String fields = read.isJson() ? "JSON Pointers" : "columns";
        if (format != null) {
            boolean isJson = switch (format.toLowerCase(Locale.ROOT)) {
                case "jsonl", "ndjson" -> true;
                case "csv" -> false;
                default -> throw Failure.input("--in-format is csv or jsonl, not '" + format + "'");
            };
            if (isJson != read.isJson()) {
                throw Failure.input("--in-format is " + format + ", but the fields of " + policy + " are " + fields);
            }
        } else if (read.isJson()
                ? lowerCaseName().matches(".*\\.[ct]sv")
                : lowerCaseName().matches(".*\\.(jsonl|ndjson|json)")) {
            throw Failure.input(input + " does not look like it, but the fields of " + policy + " are " + fields
                    + "; --in-format says what it is");
        }
        if (delimiter != null && read.isJson()) {
            throw Failure.input("--delimiter belongs to CSV");
        }
    }

    private String lowerCaseName() {
        return input.toLowerCase(Locale.ROOT);
    }
}
