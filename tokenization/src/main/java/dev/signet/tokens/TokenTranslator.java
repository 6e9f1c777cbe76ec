// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Turns tokens of one domain into tokens of another, for those who have the right to it; the values are not revealed.
 *
 * <pre>{@code
 * RevealPolicy policy = RevealPolicy.builder()
 *         .allowTranslation("export to lab A", own, lab, Set.of("export-job"))
 *         .build();
 * Tokenizer forLab = Tokenizer.builder(keys, lab).formatPreserving(TokenFormat.paymentCard());
 * TokenTranslator translator =
 *         TokenTranslator.builder(cards, forLab, policy, log).build();
 *
 * Token exported = translator.translate(token, Access.by("export-job").forPurpose("export to lab A"));
 * }</pre>
 *
 * <p><b>Security properties.</b> The purpose needs the right to translate from the one domain into the other ({@link
 * RevealPolicy.Builder#allowTranslation}); a right to reveal is none. Rates and events are those of a {@link Detokenizer}. An
 * error about the value names neither position nor rule.
 *
 * <p>All methods throw
 *
 * <ul>
 *   <li>{@link VerificationException} with {@link Reason#PURPOSE_NOT_ALLOWED} or {@link Reason#RATE_EXCEEDED};
 *   <li>{@link UnavailableException} if the log is down, or too many callers are active;
 *   <li>and those for a single token {@link VerificationException} about its version, {@link DecryptionException} if it is
 *       forged, and {@link InvalidMessageException} if token or value do not fit.
 * </ul>
 *
 * <p>Thread-safe.
 */
@CheckReturnValue
public final class TokenTranslator {
    private final KeyedReversibleTokenizer from;
    private final Tokenizer to;
    private final RevealPolicy policy;
    private final TokenMover mover;
    private final RevealGate gate;

    private TokenTranslator(Builder builder) {
        from = builder.from;
        to = builder.to;
        policy = builder.policy;
        mover = new TokenMover(from::read, to);
        gate = new RevealGate(builder.policy, builder.log, builder.clock);
        gate.count(builder.before, from.domain(), Optional.of(to.domain()));
    }

    /** Starts a translator between two domains. */
    public static Builder builder(ReversibleTokenizer from, Tokenizer to, RevealPolicy policy, RevealLog log) {
        return new Builder(from, to, policy, log);
    }

    /** The token of the same value in the other domain. */
    public Token translate(Token token, Access access) {
        return translate(token, ColumnOptions.defaults(), access);
    }

    /** The token of the same value in the other domain and the same context. */
    public Token translate(Token token, TokenContext context, Access access) {
        return translate(token, ColumnOptions.defaults().contexts(List.of(context.text())), access);
    }

    /** The tokens of a column; errors are listed by position and do not stop the others. */
    public ColumnResult translateAll(List<Token> tokens, Access access) {
        return translateAll(tokens, access, ColumnOptions.defaults());
    }

    /** The tokens of a column. */
    public ColumnResult translateAll(List<Token> tokens, Access access, ColumnOptions options) {
        options.requireContextsFor(tokens.size());
        return gate.pass(note(tokens, access), tokens.size(), attempt -> {
            ColumnResult result = move(attempt, tokens, access, options);
            return attempt.release(result, result.count(), result.errors().size());
        });
    }

    private Token translate(Token token, ColumnOptions options, Access access) {
        List<Token> one = List.of(token);
        return gate.pass(note(one, access), 1, attempt -> {
            ColumnResult result = move(attempt, one, access, options);
            for (MessageSecurityException error : result.errors().values()) {
                throw error;
            }
            return attempt.release(Token.of(result.text(0).orElseThrow(), result.version()), 1, 0);
        });
    }

    private ColumnResult move(RevealGate.Attempt attempt, List<Token> tokens, Access access, ColumnOptions options) {
        policy.requireTranslation(access, from.domain(), to.domain());
        attempt.claim(access);
        return mover.move(tokens, options);
    }

    private RevealNote note(List<Token> tokens, Access access) {
        Collection<String> versions = tokens.stream().map(Token::version).collect(Collectors.toSet());
        return RevealNote.of(access, from.domain(), to.domain(), from.format(), from.known(versions));
    }

    @Override
    public String toString() {
        return "TokenTranslator[" + from + ", " + to + ", " + policy + "]";
    }

    /** Collects what a translator needs. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final KeyedReversibleTokenizer from;
        private final Tokenizer to;
        private final RevealPolicy policy;
        private final RevealLog log;
        private InstantSource clock = InstantSource.system();
        private List<RevealEvent> before = List.of();

        private Builder(ReversibleTokenizer from, Tokenizer to, RevealPolicy policy, RevealLog log) {
            this.from = (KeyedReversibleTokenizer) from;
            this.to = to;
            this.policy = policy;
            this.log = log;
        }

        /** The clock by which rates are counted and events are dated. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /**
         * Counts values that were translated before between these domains against the rates of their callers, by the events of
         * the log in their order, as {@link RevealLog#verify} tells them.
         */
        public Builder alreadyTranslated(List<RevealEvent> events) {
            before = List.copyOf(events);
            return this;
        }

        /** The translator. */
        @CheckReturnValue
        public TokenTranslator build() {
            return new TokenTranslator(this);
        }
    }
}
