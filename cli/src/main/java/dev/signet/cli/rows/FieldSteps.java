// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.rows.FilePolicy.Field;
import dev.signet.cli.rows.FilePolicy.Rate;
import dev.signet.cli.rows.FilePolicy.Rule;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Texts;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationException;
import dev.signet.tokens.Access;
import dev.signet.tokens.ColumnOptions;
import dev.signet.tokens.ColumnResult;
import dev.signet.tokens.Detokenizer;
import dev.signet.tokens.Reveal;
import dev.signet.tokens.RevealEvent;
import dev.signet.tokens.RevealLog;
import dev.signet.tokens.RevealPolicy;
import dev.signet.tokens.ReversibleTokenizer;
import dev.signet.tokens.Token;
import dev.signet.tokens.TokenDomain;
import dev.signet.tokens.Tokenizer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes of a policy what is done with the fields of each block. */
public final class FieldSteps {
    private FieldSteps() {}

    // ---- tokenizing ------------------------------------------------------------------------------------------------

    public static List<FieldPlan> tokenizing(FilePolicy policy, Keyset<TokenizationKey> keys, InstantSource clock) {
        List<FieldPlan> plans = new ArrayList<>();
        for (Field field : policy.fields()) {
            Tokenizer tokenizer = field.tokenizer(keys, clock);
            field.requireNewTokens(tokenizer);
            String version = tokenizer.version();
            String prefix = field.version() == null ? Token.of("", version).prefixed() : "";
            Set<String> taken = field.allowsTokens()
                    ? Set.of()
                    : keys.keys().stream().map(TokenizationKey::id).collect(Collectors.toSet());
            plans.add(new FieldPlan(
                    field,
                    (cells, number) -> tokenize(tokenizer, prefix, taken, cells, number),
                    field.version() == null ? null : version,
                    false,
                    false));
        }
        return plans;
    }

    /** @param taken the versions whose tokens are no values */
    private static void tokenize(Tokenizer tokenizer, String prefix, Set<String> taken, BlockCells cells, int field) {
        Rows rows = new Rows(cells, field);
        List<String> values = new ArrayList<>(rows.count);
        int kept = 0;
        for (int i = 0; i < rows.count; i++) {
            String value = rows.value(i);
            if (isToken(value, taken)) {
                rows.reject(
                        i,
                        new Rejection(
                                cells.target(field).text(),
                                "token-present",
                                "a token already; where tokens of tokens are meant, the field needs \"allow-tokens\": true"));
            } else {
                values.add(value);
                rows.keep(kept++, i);
            }
        }
        rows.count = kept;
        ColumnResult result = tokenizer.tokenizeAll(values, rows.options());
        rows.take(result, prefix);
    }

    /** Whether a value is a version of the keyset and something behind it, as a file has that was tokenized before. */
    private static boolean isToken(String value, Set<String> versions) {
        if (versions.isEmpty() || value.indexOf(':') < 1) {
            return false;
        }
        try {
            return versions.contains(Token.parse(value).version());
        } catch (InvalidMessageException e) {
            return false;
        }
    }

    // ---- revealing -------------------------------------------------------------------------------------------------

    /**
     * Fields that cannot be reversed are left as they are.
     *
     * @param before what the caller has seen, which counts against its rate
     */
    public static List<FieldPlan> revealing(
            FilePolicy policy,
            Keyset<TokenizationKey> keys,
            InstantSource clock,
            RevealLog log,
            List<RevealEvent> before,
            Access access) {
        List<FieldPlan> plans = new ArrayList<>();
        Map<RateOfDomain, Detokenizer> counting = new HashMap<>();
        for (Field field : policy.fields()) {
            if (field.tokenizer(keys, clock) instanceof ReversibleTokenizer tokenizer) {
                Detokenizer.Builder builder = Detokenizer.builder(tokenizer, rules(field, access), log)
                        .clock(clock);
                RateOfDomain rate = RateOfDomain.of(field, access);
                Detokenizer shared = counting.get(rate);
                Detokenizer detokenizer = shared == null
                        ? builder.alreadyRevealed(before).build()
                        : builder.rateOf(shared).build();
                counting.putIfAbsent(rate, detokenizer);
                requireGranted(field, detokenizer, access);
                boolean isShown = isShown(field, access);
                plans.add(new FieldPlan(
                        field,
                        (cells, number) -> reveal(field, detokenizer, access, isShown, cells, number),
                        null,
                        field.version() != null,
                        isShown));
            }
        }
        return plans;
    }

    /** What the fields of a domain share: a rate is one of values, however many columns hold them. */
    private record RateOfDomain(TokenDomain domain, long values, Duration time) {
        static RateOfDomain of(Field field, Access access) {
            Rule rule = field.reveal().get(access.purpose());
            Rate rate = rule == null ? null : rule.rate();
            return rate == null
                    ? new RateOfDomain(field.domain(), 0, Duration.ZERO)
                    : new RateOfDomain(field.domain(), rate.values(), rate.time());
        }
    }

    /** Fails before anything is read or written, but not without an event in the log. */
    private static void requireGranted(Field field, Detokenizer detokenizer, Access access) {
        Rule rule = field.reveal().get(access.purpose());
        if (rule != null && (rule.callers().isEmpty() || rule.callers().contains(access.caller()))) {
            return;
        }
        try {
            detokenizer.detokenizeAll(List.of(), access);
        } catch (VerificationException e) {
            String known = field.reveal().isEmpty()
                    ? "none"
                    : String.join(", ", field.reveal().keySet());
            throw Failure.refused("refused: " + e.code() + ": "
                    + (rule == null
                            ? "for '" + field.name() + "' the policy has no purpose '" + access.purpose() + "'; it has "
                                    + known
                            : "for '" + field.name() + "' the policy grants '" + access.purpose()
                                    + "' to other callers than '" + access.caller() + "'"));
        }
    }

    /** Whether a purpose makes something else of the field's tokens, for which they need no version any more. */
    private static boolean isShown(Field field, Access access) {
        Rule rule = field.reveal().get(access.purpose());
        return field.mode().isReversible() && rule != null && rule.reveal() != Reveal.TOKEN;
    }

    private static RevealPolicy rules(Field field, Access access) {
        RevealPolicy.Builder policy = RevealPolicy.builder();
        field.reveal().forEach((purpose, rule) -> {
            if (rule.callers().isEmpty()) {
                policy.purpose(purpose, rule.reveal());
            } else {
                policy.purpose(purpose, rule.reveal(), rule.callers());
            }
        });
        // One run is one purpose, so that the rate of that purpose is the rate of the run.
        Rule rule = field.reveal().get(access.purpose());
        Rate rate = rule == null ? null : rule.rate();
        if (rate != null) {
            try {
                if (rate.mayBeHigh()) {
                    policy.allowRate(rate.values(), rate.time());
                } else {
                    policy.rate(rate.values(), rate.time());
                }
            } catch (IllegalArgumentException e) {
                throw rate.node().wrong("more than 1,000 values a minute: call it 'allow-rate' if that is meant");
            }
        }
        return policy.build();
    }

    private static void reveal(
            Field field, Detokenizer detokenizer, Access access, boolean isShown, BlockCells cells, int number) {
        Rows rows = new Rows(cells, number);
        List<Token> tokens = new ArrayList<>(rows.count);
        int kept = 0;
        for (int i = 0; i < rows.count; i++) {
            try {
                tokens.add(rows.token(i));
                rows.keep(kept++, i);
            } catch (InvalidMessageException e) {
                rows.reject(i, e);
            }
        }
        rows.count = kept;
        try {
            ColumnResult result = detokenizer.detokenizeAll(tokens, access, rows.options());
            if (isShown) {
                rows.take(result, "");
            }
        } catch (VerificationException e) {
            throw e.reason() == Reason.RATE_EXCEEDED ? rateExceeded(field, access, e) : e;
        }
    }

    /** Says which rate it was, and how a higher one is granted. */
    private static Failure rateExceeded(Field field, Access access, VerificationException e) {
        Rule rule = field.reveal().get(access.purpose());
        Rate rate = rule == null ? null : rule.rate();
        String granted = rate == null
                ? "1,000 values in 60 seconds, as where the policy names no rate"
                : Texts.count(rate.values(), "value") + " in "
                        + Texts.count(rate.time().toSeconds(), "second");
        // Without a hint to go on: that would be the way round the rate.
        return Failure.refusedWithoutHint("refused: " + e.code() + ": for '" + field.name() + "' '" + access.caller()
                + "' may reveal for '" + access.purpose() + "' " + granted
                + ", those of earlier runs in the log included; if more is meant, say it in the policy, as in \"allow-rate\":"
                + " {\"values\": 1000000, \"seconds\": 3600}");
    }

    // ---- rows ------------------------------------------------------------------------------------------------------

    /** The rows of a block that have a value in a field and are not rejected yet. */
    private static final class Rows {
        private final BlockCells cells;
        private final int field;
        private final int[] numbers;
        private int count;
        private boolean hasContexts;

        Rows(BlockCells cells, int field) {
            this.cells = cells;
            this.field = field;
            numbers = new int[cells.rows()];
            for (int row = 0; row < cells.rows(); row++) {
                if (cells.rejection(row) == null && cells.value(field, row) != null) {
                    hasContexts |= cells.context(field, row) != null;
                    numbers[count++] = row;
                }
            }
        }

        void keep(int position, int from) {
            numbers[position] = numbers[from];
        }

        String value(int position) {
            return String.valueOf(cells.value(field, numbers[position]));
        }

        Token token(int position) {
            String version = cells.version(field, numbers[position]);
            try {
                return version == null ? Token.parse(value(position)) : Token.of(value(position), version);
            } catch (IllegalArgumentException e) {
                throw InvalidMessageException.malformed("the version is none");
            }
        }

        ColumnOptions options() {
            if (!hasContexts) {
                return ColumnOptions.defaults();
            }
            List<String> contexts = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                contexts.add(String.valueOf(cells.context(field, numbers[i])));
            }
            return ColumnOptions.defaults().contexts(contexts);
        }

        void take(ColumnResult result, String prefix) {
            for (int i = 0; i < count; i++) {
                int row = numbers[i];
                result.text(i).ifPresent(text -> cells.result(field, row, prefix.isEmpty() ? text : prefix + text));
            }
            result.errors().forEach((position, error) -> reject(position, error));
        }

        void reject(int position, MessageSecurityException error) {
            reject(position, Rejection.of(cells.target(field), error));
        }

        void reject(int position, Rejection rejection) {
            cells.reject(numbers[position], rejection);
        }
    }
}
