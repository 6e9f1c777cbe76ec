// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.demo;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Style;
import dev.signet.cli.shell.Table;
import dev.signet.core.Keyset;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import dev.signet.records.RecordFiles;
import dev.signet.records.RecordPolicy;
import dev.signet.records.RecordRevealer;
import dev.signet.records.RecordTokenizer;
import dev.signet.tokens.Access;
import dev.signet.tokens.RevealLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A file of made-up customers that is tokenized, revealed by purpose, and attacked. */
final class DemoCustomers {
    private static final String INDENT = "   ";
    private static final String CUSTOMERS = """
            name,card,email,iban,ssn
            Ada Moreau,4111111111111111,ada.moreau@example.com,DE89370400440532013000,536-22-8741
            Ben Okafor,5500005555555559,ben.okafor@example.org,GB29NWBK60161331926819,219-09-9987
            """;
    private static final String POLICY = """
            {"fields": [
              {"column": "name", "domain": "name", "mode": "authenticated", "version": {"column": "name_key"}},
              {"column": "card", "domain": "card", "format": "payment-card", "version": {"column": "card_key"}},
              {"column": "email", "domain": "email", "format": "email", "version": {"column": "email_key"}},
              {"column": "iban", "domain": "iban", "format": "iban", "version": {"column": "iban_key"}},
              {"column": "ssn", "domain": "ssn", "format": "ssn", "version": {"column": "ssn_key"}}],
             "reveal": {"support": "partial", "fraud": {"show": "clear", "callers": ["fraud-desk"]}, "analytics": "token"}}
            """;

    private final Shell shell;
    private final Judge judge;
    private final RecordPolicy policy =
            RecordPolicy.parse("the demo's policy", POLICY.getBytes(StandardCharsets.US_ASCII));
    private final Keyset<TokenizationKey> keys =
            Keyset.of(TokenizationKey.generate().withId("demo"));
    private final SecretBytes logKey = RevealLog.deriveKey(keys.primary());
    private final List<String> lines = new ArrayList<>();
    private final RevealLog log = RevealLog.to(event -> lines.add(event.line()), logKey);

    /** Counts a step, and gives the word for it. */
    interface Judge {
        String of(boolean good);
    }

    DemoCustomers(Shell shell, Judge judge) {
        this.shell = shell;
        this.judge = judge;
    }

    void show() {
        String stored = transform(
                RecordFiles.tokenizing(RecordTokenizer.builder(policy, keys)
                        .clock(shell.clock())
                        .build()),
                CUSTOMERS);
        reveal(stored);
        shell.out().println();
        refuse(stored);
        shell.out().println();
        checkLog();
    }

    // ---- what each may see -----------------------------------------------------------------------------------------

    private void reveal(String stored) {
        Style style = shell.outStyle();
        Table table = new Table(INDENT);
        table.row(row("", "AS", header()).stream().map(style::dim).toArray(String[]::new));
        table.row(row("", "it came", first(CUSTOMERS)).toArray(String[]::new));
        boolean isHidden = Arrays.stream(CUSTOMERS.split("[,\n]")).skip(5).noneMatch(stored::contains);
        table.row(row(judge.of(isHidden), "it is stored", first(stored)).toArray(String[]::new));
        String partial = revealed(stored, "support", "desk-3");
        boolean isPartial = partial.contains("************1111") && !partial.contains("411111");
        table.row(row(judge.of(isPartial), "support sees it", first(partial)).toArray(String[]::new));
        String clear = revealed(stored, "fraud", "fraud-desk");
        table.row(row(judge.of(clear.equals(CUSTOMERS)), "fraud sees it", first(clear))
                .toArray(String[]::new));
        String tokens = revealed(stored, "analytics", "reports");
        table.row(row(judge.of(tokens.equals(stored)), "analytics sees it", first(tokens))
                .toArray(String[]::new));
        table.print(shell.out());
    }

    private static List<String> header() {
        return List.of("NAME", "CARD", "EMAIL", "IBAN", "SSN");
    }

    private static List<String> first(String csv) {
        List<String> cells = new ArrayList<>(List.of(csv.split("\n")[1].split(",")));
        // Forty characters of random ones say nothing.
        cells.set(0, cells.get(0).length() > 14 ? cells.get(0).substring(0, 11) + "..." : cells.get(0));
        return cells.subList(0, 5);
    }

    private static List<String> row(String judged, String what, List<String> cells) {
        List<String> row = new ArrayList<>(List.of(judged, what));
        row.addAll(cells);
        return row;
    }

    // ---- what nobody sees ------------------------------------------------------------------------------------------

    private void refuse(String stored) {
        Style style = shell.outStyle();
        Table table = new Table(INDENT).row("", style.dim("REQUEST"), style.dim("CODE"));
        refusal(
                table,
                "a purpose that nobody granted",
                "purpose-not-allowed",
                () -> revealed(stored, "marketing", "x"));
        refusal(
                table,
                "fraud's purpose, by another caller",
                "purpose-not-allowed",
                () -> revealed(stored, "fraud", "x"));
        String token = stored.split("\n")[1].split(",")[0];
        char other = token.charAt(0) == 'A' ? 'B' : 'A';
        String forged = stored.replace(token, other + token.substring(1));
        refusal(table, "a forged token of a name", "decryption-failed", () -> revealed(forged, "fraud", "fraud-desk"));
        table.print(shell.out());
    }

    private void refusal(Table table, String what, String code, Runnable attempt) {
        String answer = "revealed";
        try {
            attempt.run();
        } catch (Failure | MessageSecurityException e) {
            answer = (e instanceof MessageSecurityException known ? known.code() : String.valueOf(e.getMessage()))
                            .contains(code)
                    ? code
                    : "another failure";
        }
        table.row(judge.of(answer.equals(code)), what, answer);
    }

    private void checkLog() {
        List<String> gap = new ArrayList<>(lines);
        gap.remove(gap.size() / 2);
        new Table(INDENT)
                .row(judge.of(isWhole(lines)), "the log", lines.size() + " events in their order, none changed")
                .row(judge.of(!isWhole(gap)), "the log without one line", "is found out")
                .print(shell.out());
    }

    private boolean isWhole(List<String> events) {
        try {
            return RevealLog.verify(events.iterator(), logKey).events() == events.size();
        } catch (MessageSecurityException e) {
            return false;
        }
    }

    // ---- files -----------------------------------------------------------------------------------------------------

    private String revealed(String csv, String purpose, String caller) {
        RecordRevealer revealer =
                RecordRevealer.builder(policy, keys, log).clock(shell.clock()).build();
        return transform(RecordFiles.revealing(revealer, Access.by(caller).forPurpose(purpose)), csv);
    }

    private static String transform(RecordFiles.Builder files, String csv) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> refused = new ArrayList<>();
        try {
            var unused = files.inputName("the demo's customers")
                    .build()
                    .run(new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)), block -> {
                        block.rejected().forEach(row -> refused.add(row.code()));
                        block.writeTo(out);
                        return true;
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!refused.isEmpty()) {
            throw Failure.refused("refused: " + refused.get(0));
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
