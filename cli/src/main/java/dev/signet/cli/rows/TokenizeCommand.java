// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.shell.Shell;
import dev.signet.core.Keyset;
import dev.signet.core.TokenizationKey;
import dev.signet.records.RecordFiles;
import dev.signet.records.RecordPolicy;
import dev.signet.records.RecordTokenizer;
import dev.signet.tokens.TokenDomain;
import dev.signet.tokens.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "tokenize",
        description = "Replace personal data in a file of CSV or JSON Lines by tokens, row by row, in constant memory.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet key generate --alg HKDF-SHA256 --out tokens.jwks",
            "  signet tokenize --policy p.json --keys tokens.jwks --out safe.csv customers.csv",
            "  signet tokenize --policy p.json --keys tokens.jwks --rejects bad.csv --out safe.csv --resume c.csv",
            "  zcat events.jsonl.gz | signet tokenize --policy p.json --keys tokens.jwks - > safe.jsonl",
            "",
            "A policy file:",
            "",
            "  {\"fields\": [{\"column\": \"card\", \"domain\": \"card-number\", \"format\": \"payment-card\",",
            "    \"version\": {\"column\": \"card_version\"}}]}",
            "",
            "A row with a value that does not fit is left out and listed. Ends with 0 if all rows were",
            "tokenized, 1 if some were rejected or a pointer led to nothing, 2 if it could not be done.",
        })
public final class TokenizeCommand implements Callable<Integer> {
    private static final TokenDomain CHECK = TokenDomain.of("signet checkpoint");

    private final Shell shell;

    @Mixin
    private RowOptions options = new RowOptions();

    TokenizeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        RecordPolicy policy = options.policy(shell, null);
        Keyset<TokenizationKey> keys = options.keys(shell).tokenizationKeyset();
        Map<String, String> job = job("tokenize", policy, keys);
        RecordFiles.Builder files = RowRun.mistakesNamed(() -> RecordFiles.tokenizing(
                RecordTokenizer.builder(policy, keys).clock(shell.clock()).build()));
        return new RowRun(shell, options, "tokenized").run(files, job);
    }

    /** By what an unfinished run knows policy and keys again. */
    static Map<String, String> job(String command, RecordPolicy policy, Keyset<TokenizationKey> keys) {
        Map<String, String> job = new LinkedHashMap<>();
        job.put("command", command);
        job.put("policy", policy.fingerprint());
        // A one-way token of something known tells keys apart and says nothing about them.
        job.put("keys", Tokenizer.builder(keys, CHECK).oneWay().tokenize("").prefixed());
        return job;
    }
}
