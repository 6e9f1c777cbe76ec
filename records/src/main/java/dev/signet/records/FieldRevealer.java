// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.Reason;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationException;
import dev.signet.records.RecordPolicy.Rate;
import dev.signet.records.RecordPolicy.Rule;
import dev.signet.tokens.Access;
import dev.signet.tokens.ColumnOptions;
import dev.signet.tokens.ColumnResult;
import dev.signet.tokens.Detokenizer;
import dev.signet.tokens.Reveal;
import dev.signet.tokens.Revealed;
import dev.signet.tokens.Token;
import dev.signet.tokens.TokenContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reveals the tokens of one field: the handle that an adapter keeps for a column, property or pointer.
 *
 * <p>Tokens come as {@link Token#parse} reads them where the version stands in front, and else from text and version by {@link
 * Token#of}. All methods throw what {@link Detokenizer} throws.
 *
 * <p>Thread-safe.
 */
@CheckReturnValue
public final class FieldRevealer {
    private final RecordPolicy policy;
    private final RecordPolicy.Field field;
    private final Map<String, Detokenizer> byPurpose;
    private final Set<String> live;

    /** @param byPurpose with one under the empty name for all others */
    FieldRevealer(
            RecordPolicy policy,
            RecordPolicy.Field field,
            Map<String, Detokenizer> byPurpose,
            Keyset<TokenizationKey> keys) {
        this.policy = policy;
        this.field = field;
        this.byPurpose = byPurpose;
        live = keys.keys().stream()
                .filter(key -> key.status() != KeyStatus.DISABLED
                        && key.notBefore().isEmpty()
                        && key.notAfter().isEmpty())
                .map(TokenizationKey::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Where the field stands, and what belongs to it. */
    public RecordPolicy.Field field() {
        return field;
    }

    /** What a purpose may see of a token. */
    public Revealed reveal(Token token, Access access) {
        return explained(access, () -> detokenizer(access).detokenize(token, access));
    }

    /** What a purpose may see of a token that was made in the context of its record. */
    public Revealed reveal(Token token, TokenContext context, Access access) {
        return explained(access, () -> detokenizer(access).detokenize(token, context, access));
    }

    /** What a purpose may see of a column; errors are listed by position and do not stop the others. */
    public ColumnResult revealAll(List<Token> tokens, Access access, ColumnOptions options) {
        return explained(access, () -> detokenizer(access).detokenizeAll(tokens, access, options));
    }

    /**
     * Refuses, with an event in the log, what the policy does not grant.
     *
     * @throws VerificationException if the purpose or caller is not allowed; the detail says what is
     */
    public void requireGranted(Access access) {
        Optional<String> refusal = policy.refusal(field, access);
        if (refusal.isPresent()) {
            try {
                var unused = detokenizer(access).detokenizeAll(List.of(), access);
            } catch (VerificationException e) {
                throw new VerificationException(e.reason(), refusal.get());
            }
            throw new IllegalStateException("the detokenizer grants what the policy refuses");
        }
    }

    /** Whether a purpose makes something else of the field's tokens, for which they need no version any more. */
    boolean isShown(Access access) {
        Rule rule = field.reveal.get(access.purpose());
        return rule != null && rule.reveal() != Reveal.TOKEN;
    }

    /** Whether tokens of a version can be read at any time. */
    boolean isLive(String version) {
        return live.contains(version);
    }

    Detokenizer detokenizer(Access access) {
        Detokenizer own = byPurpose.get(access.purpose());
        return own == null ? Objects.requireNonNull(byPurpose.get("")) : own;
    }

    /** Says of a rate that is exceeded which one it was, and how a higher one is granted. */
    <T> T explained(Access access, Supplier<T> attempt) {
        try {
            return attempt.get();
        } catch (VerificationException e) {
            if (e.reason() != Reason.RATE_EXCEEDED) {
                throw e;
            }
            Rule rule = field.reveal.get(access.purpose());
            Rate rate = rule == null ? null : rule.rate();
            String granted = rate == null
                    ? "1,000 values in 60 seconds, as where the policy names no rate"
                    : count(rate.values(), "value") + " in " + count(rate.time().toSeconds(), "second");
            throw new VerificationException(
                    Reason.RATE_EXCEEDED,
                    "for '" + field.name() + "' '" + access.caller() + "' may reveal for '" + access.purpose() + "' "
                            + granted
                            + ", those of earlier runs in the log included; if more is meant, say it in the policy, as in"
                            + " \"allow-rate\": {\"values\": 1000000, \"seconds\": 3600}");
        }
    }

    private static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%,d", number) + " " + noun + (number == 1 ? "" : "s");
    }

    @Override
    public String toString() {
        return "FieldRevealer[" + field + "]";
    }
}
