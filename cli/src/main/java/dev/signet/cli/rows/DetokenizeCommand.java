// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationException;
import dev.signet.records.RecordFiles;
import dev.signet.records.RecordPolicy;
import dev.signet.records.RecordRevealer;
import dev.signet.tokens.Access;
import dev.signet.tokens.RevealEvent;
import dev.signet.tokens.RevealLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "detokenize",
        description = "Reveal the values behind tokens in a file, as far as the policy lets a purpose see them.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet detokenize --policy p.json --keys tokens.jwks --for-purpose support --caller desk-3 \\",
            "    --log reveal.log --out shown.csv safe.csv",
            "",
            "The policy file says what each purpose sees:",
            "",
            "  {\"fields\": [...], \"reveal\": {\"support\": \"partial\", \"fraud\": {\"show\": \"clear\",",
            "    \"callers\": [\"fraud-service\"], \"allow-rate\": {\"values\": 1000000, \"seconds\": 3600}}}}",
            "",
            "Every block of rows leaves an event in the log before it is written; 'signet reveal-log verify'",
            "checks the log. Ends with 0 if all rows were revealed, 1 if it was refused or some rows were",
            "rejected, 2 if it could not be done.",
        })
public final class DetokenizeCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private RowOptions options = new RowOptions();

    @Option(
            names = "--for-purpose",
            paramLabel = "NAME",
            required = true,
            description = "What for: a purpose that the policy knows.")
    private String purpose = "";

    @Option(names = "--caller", paramLabel = "NAME", required = true, description = "Who asks, as the log shall say.")
    private String caller = "";

    @Option(
            names = "--log",
            paramLabel = "FILE",
            required = true,
            description = "The reveal log, which is continued if it exists.")
    private String logFile = "";

    DetokenizeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Access access = access();
        RecordPolicy policy = options.policy(shell, logFile);
        Keyset<TokenizationKey> keys = options.keys(shell).tokenizationKeyset();
        Map<String, String> job = TokenizeCommand.job("detokenize", policy, keys);
        job.put("purpose", purpose);
        job.put("caller", caller);
        Path path = Texts.path(logFile);
        List<SecretBytes> logKeys = RevealLogVerify.candidates(keys);
        try (RevealLog log = open(path, logKeys)) {
            List<RevealEvent> before = before(path, logKeys, access);
            RecordFiles.Builder files = RowRun.mistakesNamed(() -> {
                RecordRevealer revealer = RecordRevealer.builder(policy, keys, log)
                        .clock(shell.clock())
                        .alreadyRevealed(before)
                        .build();
                return RecordFiles.revealing(revealer, access);
            });
            return new RowRun(shell, options, "detokenized").run(files, job);
        }
    }

    private Access access() {
        try {
            return Access.by(caller).forPurpose(purpose);
        } catch (IllegalArgumentException e) {
            throw Failure.input("--for-purpose and --caller: " + e.getMessage());
        }
    }

    /** With the key that the log was begun with: that of an earlier version, perhaps. */
    private static RevealLog open(Path path, List<SecretBytes> keys) {
        for (SecretBytes key : keys) {
            try {
                return RevealLog.file(path, key);
            } catch (VerificationException e) {
                // Of another key, perhaps.
            } catch (MessageSecurityException e) {
                throw Failure.input("--log: " + path + ": " + e.getMessage());
            }
        }
        throw changed(path, "its last event does not follow the one before");
    }

    /** What the caller has seen lately, in all runs that the log knows of: a rate that ends with the run would be none. */
    private List<RevealEvent> before(Path path, List<SecretBytes> keys, Access access) {
        Instant since = shell.clock().instant().minus(RecordPolicy.LONGEST_RATE);
        List<RevealEvent> events = new ArrayList<>();
        try (InputStream in = Files.newInputStream(path)) {
            RevealLogLines lines = new RevealLogLines(in);
            SecretBytes key = RevealLogVerify.beginner(lines, keys);
            String start = RevealLog.verify(Collections.emptyIterator(), key).head();
            var unused = RevealLog.verify(lines, key, start, event -> {
                if (event.caller().equals(access.caller()) && !event.time().isBefore(since)) {
                    events.add(event);
                }
            });
        } catch (VerificationException | InvalidMessageException | RevealLogLines.CutLine e) {
            throw changed(path, "an event does not follow the one before");
        } catch (IOException e) {
            throw Failure.input("--log: " + path + ": " + Texts.cause(e));
        }
        return events;
    }

    private static Failure changed(Path path, String how) {
        return Failure.input("--log: " + path + " was changed, or belongs to another keyset: " + how
                + " ('signet reveal-log verify' finds the place)");
    }
}
