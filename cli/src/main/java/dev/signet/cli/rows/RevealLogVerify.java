// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.keys.KeyFile;
import dev.signet.cli.keys.KeyReading;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.cli.shell.Tokens;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationException;
import dev.signet.tokens.RevealLog;
import dev.signet.tokens.RevealLog.VerifiedLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description =
                "Check that no event of a reveal log was changed, removed, inserted or moved, and count who saw what.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet reveal-log verify --keys tokens.jwks reveal.log > checked.txt",
            "  signet reveal-log verify --keys tokens.jwks --head checked.txt reveal.log",
            "  zcat reveal.log.gz | signet reveal-log verify --keys tokens.jwks -",
            "",
            "Events that are missing at the end show only against the head of an earlier check, kept where",
            "whoever writes the log cannot write. Whoever has the keyset can make a whole log anew.",
            "Ends with 0 if the log is whole, 1 if it is not, 2 if it could not be checked.",
        })
final class RevealLogVerify implements Callable<Integer> {
    private static final Pattern HEAD = Pattern.compile("[0-9]{1,18}\\.[-_A-Za-z0-9]{43}");
    private static final Pattern EVENT_NUMBER = Pattern.compile("\\{\"seq\":([0-9]{1,19}),.*");
    private static final int MAX_REPORT_BYTES = 1 << 24;

    private final Shell shell;

    @Parameters(paramLabel = "LOG", description = "The reveal log; - for standard input.")
    private String file = "";

    @Option(
            names = "--keys",
            paramLabel = "FILE",
            required = true,
            description = "The keyset for tokenization whose values were revealed.")
    private String keys = "";

    @Option(
            names = "--head",
            paramLabel = "HEAD|FILE",
            description = "The head that an earlier check printed, or a file with what it printed.")
    private @Nullable String head;

    @Mixin
    private KeyReading reading = new KeyReading();

    RevealLogVerify(Shell shell) {
        this.shell = shell;
    }

    /** The keys that a log may have been begun with: that of the primary version, or of an earlier one. */
    static List<SecretBytes> candidates(Keyset<TokenizationKey> keyset) {
        List<TokenizationKey> all = new ArrayList<>(keyset.keys());
        all.remove(keyset.primary());
        all.add(0, keyset.primary());
        return all.stream().map(RevealLog::deriveKey).toList();
    }

    @Override
    public Integer call() {
        String remembered = head == null ? null : remembered(head);
        try (InputStream in = open()) {
            Keyset<TokenizationKey> keyset =
                    KeyFile.read(shell, keys, reading.options(shell, null)).tokenizationKeyset();
            verify(new RevealLogLines(in), candidates(keyset), remembered);
            return ExitCode.OK;
        } catch (UncheckedIOException e) {
            throw unreadable(Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    /** A head, or the last word of what an earlier check printed. */
    private String remembered(String given) {
        if (HEAD.matcher(given).matches()) {
            return given;
        }
        String report = new String(Inputs.read(shell, given, MAX_REPORT_BYTES), StandardCharsets.ISO_8859_1).strip();
        String lastWord = report.substring(Math.max(report.lastIndexOf(' '), report.lastIndexOf('\n')) + 1);
        if (!HEAD.matcher(lastWord).matches()) {
            throw Failure.input("--head: " + Inputs.display(given)
                    + " does not end with a head, as what 'signet reveal-log verify' prints does");
        }
        return lastWord;
    }

    private InputStream open() throws IOException {
        if (Inputs.isStandardInput(file)) {
            if (!shell.in().take()) {
                throw Failure.input("standard input is named twice");
            }
            return shell.in();
        }
        if (Files.isDirectory(Texts.path(file))) {
            throw Failure.input(file + " is a directory");
        }
        return Files.newInputStream(Texts.path(file));
    }

    private Failure unreadable(IOException e) {
        return Failure.input("cannot read " + Inputs.display(file) + ": " + Texts.cause(e));
    }

    // ---- checking --------------------------------------------------------------------------------------------------

    private void verify(RevealLogLines lines, List<SecretBytes> candidates, @Nullable String remembered) {
        RevealLogSummary summary = new RevealLogSummary();
        try {
            SecretBytes key = beginner(lines, candidates);
            // An empty log's head is met by every log.
            String head = remembered == null
                    ? RevealLog.verify(Collections.emptyIterator(), key).head()
                    : remembered;
            show(RevealLog.verify(lines, key, head, summary::add), summary, remembered);
        } catch (RevealLogLines.CutLine e) {
            throw broken(
                    lines.number() + 1,
                    "message-malformed",
                    "the line is cut off; a crash leaves that, or a log that is being written");
        } catch (InvalidMessageException e) {
            throw broken(lines.number(), e.code(), "this is no event");
        } catch (VerificationException e) {
            throw summary.events() < lines.number()
                    ? broken(lines.number(), e.code(), cause(lines.last(), summary.events() + 1))
                    : Failure.refused("refused: " + e.code() + ": " + Inputs.display(file) + ": "
                            + lost(summary, String.valueOf(remembered)));
        } catch (IllegalArgumentException e) {
            throw Failure.input("--head: " + e.getMessage());
        }
    }

    /** The key of which the first event is; the primary one if it is of none. */
    static SecretBytes beginner(RevealLogLines lines, List<SecretBytes> candidates) {
        String first = lines.peek();
        for (SecretBytes key : candidates) {
            try {
                if (first != null) {
                    var unused = RevealLog.verify(List.of(first).iterator(), key);
                    return key;
                }
            } catch (VerificationException | InvalidMessageException e) {
                // Of another key, perhaps; and what is none of any is reported when all lines are checked.
            }
        }
        return candidates.get(0);
    }

    private Failure broken(long line, String code, String reason) {
        return Failure.refused("refused: " + code + ": " + Inputs.display(file) + ", line " + line + ": " + reason);
    }

    /** What may have happened to a line, by the number that it claims. */
    private static String cause(String line, long expected) {
        Matcher claim = EVENT_NUMBER.matcher(line);
        String number = claim.matches() ? claim.group(1) : "";
        if (!number.equals(Long.toString(expected))) {
            return "event number " + number + " stands where number " + expected
                    + " belongs: events were removed, inserted or moved";
        }
        return "event number " + number + " was changed"
                + (expected == 1 ? ", or the log belongs to another keyset" : ", or comes from another log");
    }

    private static String lost(RevealLogSummary summary, String remembered) {
        String number = remembered.substring(0, remembered.indexOf('.'));
        return Long.parseLong(number) > summary.events()
                ? "the log ends with event number " + summary.events() + ", and number " + number
                        + " is remembered: events were removed at the end"
                : "event number " + number
                        + " is not the one that is remembered: this is another log, or it was made anew";
    }

    private void show(VerifiedLog verified, RevealLogSummary summary, @Nullable String remembered) {
        PrintStream out = shell.out();
        summary.print(out, shell.outStyle());
        out.println("head  " + verified.head());
        if (remembered == null) {
            Tokens.note(
                    shell,
                    "events that are missing at the end show only against the head of an earlier check: keep this one"
                            + " elsewhere, and give it with --head next time");
        }
    }
}
