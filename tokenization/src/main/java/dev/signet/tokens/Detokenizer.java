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
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reveals the values behind tokens: as much as the {@link RevealPolicy} grants, and never without an event in the {@link
 * RevealLog}.
 *
 * <pre>{@code
 * RevealLog log = RevealLog.file(file, logKey); // one for the process, closed at its end
 * Detokenizer detokenizer = Detokenizer.builder(cards, policy, log).build(); // one, too: it counts the rates
 *
 * Revealed revealed = detokenizer.detokenize(token, Access.by("billing").forPurpose("refund"));
 * String value = revealed.value(); // toString hides it
 * }</pre>
 *
 * <p><b>Security properties.</b> Each call names a purpose and a caller. First the policy is asked, then the caller's rate, then
 * the token is read, then the event is written, and only then is the value released. If the log fails, nothing is. Refusals are
 * logged, too. Rates are counted by each detokenizer: build one, and keep it; {@link Builder#alreadyRevealed} counts what was
 * revealed before.
 *
 * <p>All methods throw
 *
 * <ul>
 *   <li>{@link VerificationException} with {@link Reason#PURPOSE_NOT_ALLOWED} or {@link Reason#RATE_EXCEEDED}, or {@link
 *       Reason#KEY_UNKNOWN}, {@link Reason#KEY_DISABLED} or {@link Reason#KEY_NOT_VALID_NOW} about the version;
 *   <li>{@link UnavailableException} if the log is down, or too many callers are active;
 *   <li>and those for a single token {@link InvalidMessageException} if it has not the format, and {@link DecryptionException}
 *       if it is forged, or of another domain or context.
 * </ul>
 *
 * <p>Thread-safe.
 */
@CheckReturnValue
public final class Detokenizer {
    private final KeyedReversibleTokenizer tokenizer;
    private final RevealGate gate;
    private final RevealPolicy policy;

    private Detokenizer(Builder builder) {
        tokenizer = builder.tokenizer;
        policy = builder.policy;
        Detokenizer shared = builder.rateOf;
        gate = shared == null
                ? new RevealGate(builder.policy, builder.log, builder.clock)
                : shared.gate.withRateOfThis(builder.log, builder.clock);
        gate.count(builder.before, tokenizer.domain(), Optional.empty());
    }

    /** Starts a detokenizer of one domain. */
    public static Builder builder(ReversibleTokenizer tokenizer, RevealPolicy policy, RevealLog log) {
        return new Builder(tokenizer, policy, log);
    }

    /** The value of a token. */
    public Revealed detokenize(Token token, Access access) {
        return reveal(token, null, access);
    }

    /** The value of a token that was made in the context of a row. */
    public Revealed detokenize(Token token, TokenContext context, Access access) {
        return reveal(token, context.text(), access);
    }

    /** The values of a column of tokens of one version; errors are listed by position and do not stop the others. */
    public ColumnResult detokenizeAll(List<String> texts, String version, Access access) {
        return detokenizeAll(texts, version, access, ColumnOptions.defaults());
    }

    /** The values of a column of tokens of one version. */
    public ColumnResult detokenizeAll(List<String> texts, String version, Access access, ColumnOptions options) {
        options.requireContextsFor(texts.size());
        return reveal(texts.size(), List.of(version), access, reveal -> {
            if (reveal == Reveal.TOKEN) {
                return new ColumnResult(texts.toArray(new String[0]), Map.of(), version);
            }
            ReversibleEngine engine = tokenizer.engine(version);
            return new TextJob(texts, options)
                    .run(engine::detokenize, version)
                    .map(clear -> show(engine, clear, reveal));
        });
    }

    /** The values of a column of tokens that bring their own versions; an unknown version is an error of its position. */
    public ColumnResult detokenizeAll(List<Token> tokens, Access access) {
        return detokenizeAll(tokens, access, ColumnOptions.defaults());
    }

    /** The values of a column of tokens that bring their own versions. */
    public ColumnResult detokenizeAll(List<Token> tokens, Access access, ColumnOptions options) {
        options.requireContextsFor(tokens.size());
        Collection<String> versions = tokens.stream().map(Token::version).collect(Collectors.toSet());
        return reveal(tokens.size(), versions, access, reveal -> {
            if (reveal == Reveal.TOKEN) {
                String[] texts = tokens.stream().map(Token::text).toArray(String[]::new);
                return new ColumnResult(texts, Map.of(), null);
            }
            // The shape of a clear value does not depend on the version of the key.
            return tokenizer.read(tokens, options).map(clear -> show(tokenizer.primaryEngine(), clear, reveal));
        });
    }

    /**
     * The values of a column of bytes whose tokens have one version, into an array like the column's. Rows with an error are
     * filled with zeros.
     *
     * @param target another array, of the length of the column's
     * @return the errors by position, in ascending order
     * @throws IllegalStateException if the tokens of the mode have other lengths than their values
     */
    public Map<Integer, MessageSecurityException> detokenizeAll(
            ByteColumn tokens, byte[] target, String version, Access access, ColumnOptions options) {
        tokens.requireTarget(target);
        // The caller's own array gets nothing before the event is safe: another thread may look into it.
        byte[] values = new byte[target.length];
        Arrays.fill(target, (byte) 0);
        try {
            Map<Integer, MessageSecurityException> errors =
                    reveal(tokens, new ByteJob(tokens, values, options), version, access);
            System.arraycopy(values, 0, target, 0, values.length);
            return errors;
        } finally {
            Arrays.fill(values, (byte) 0);
        }
    }

    private Map<Integer, MessageSecurityException> reveal(
            ByteColumn tokens, ByteJob job, String version, Access access) {
        return gate.pass(note(access, List.of(version)), tokens.size(), attempt -> {
            Reveal reveal = attempt.note(policy.require(access));
            ColumnJob.Step step;
            if (reveal == Reveal.TOKEN) {
                step = (rows, from, to) -> TokenEngine.eachRow(rows, from, to, (token, context) -> token);
            } else {
                attempt.claim(access);
                ReversibleEngine engine = tokenizer.engine(version);
                step = reveal == Reveal.CLEAR
                        ? engine::detokenize
                        : (rows, from, to) -> TokenEngine.eachRow(
                                rows,
                                from,
                                to,
                                (token, context) -> show(engine, engine.detokenize(token, context), reveal));
            }
            Map<Integer, MessageSecurityException> errors = job.runToEnd(step);
            return attempt.release(errors, job.count(), errors.size());
        });
    }

    private Revealed reveal(Token token, @Nullable String context, Access access) {
        return gate.pass(note(access, List.of(token.version())), 1, attempt -> {
            Reveal reveal = attempt.note(policy.require(access));
            if (reveal == Reveal.TOKEN) {
                return attempt.release(new Revealed(token.text(), reveal), 1, 0);
            }
            attempt.claim(access);
            ReversibleEngine engine = tokenizer.engine(token.version());
            String shown = show(engine, engine.detokenize(token.text(), context), reveal);
            return attempt.release(new Revealed(shown, reveal), 1, 0);
        });
    }

    private ColumnResult reveal(
            int rows, Collection<String> versions, Access access, Function<Reveal, ColumnResult> reader) {
        return gate.pass(note(access, versions), rows, attempt -> {
            Reveal reveal = attempt.note(policy.require(access));
            if (reveal != Reveal.TOKEN) {
                attempt.claim(access);
            }
            ColumnResult result = reader.apply(reveal);
            return attempt.release(result, result.count(), result.errors().size());
        });
    }

    private RevealNote note(Access access, Collection<String> versions) {
        return RevealNote.of(access, tokenizer.domain(), null, tokenizer.format(), tokenizer.known(versions));
    }

    private static String show(ReversibleEngine engine, String clear, Reveal reveal) {
        return switch (reveal) {
            case CLEAR -> clear;
            case PARTIAL -> engine.partial(clear);
            case MASKED -> engine.masked(clear);
            case TOKEN -> throw new IllegalStateException("nothing was to be decrypted");
        };
    }

    @Override
    public String toString() {
        return "Detokenizer[" + tokenizer + ", " + policy + ", " + gate.log() + "]";
    }

    /** Collects what a detokenizer needs. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final KeyedReversibleTokenizer tokenizer;
        private final RevealPolicy policy;
        private final RevealLog log;
        private InstantSource clock = InstantSource.system();
        private List<RevealEvent> before = List.of();
        private @Nullable Detokenizer rateOf;

        private Builder(ReversibleTokenizer tokenizer, RevealPolicy policy, RevealLog log) {
            this.tokenizer = (KeyedReversibleTokenizer) tokenizer;
            this.policy = policy;
            this.log = log;
        }

        /** The clock by which rates are counted and events are dated. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /**
         * Counts values that were revealed before against the rates of their callers, so that these outlast a restart: give the
         * events of the log in their order, as {@link RevealLog#verify} tells them. Those of other domains, and those older than
         * the policy's window, count nothing.
         */
        public Builder alreadyRevealed(List<RevealEvent> events) {
            before = List.copyOf(events);
            return this;
        }

        /**
         * Shares the rate of another detokenizer of the domain, as where several columns hold its tokens in several formats: what
         * either reveals counts for both, what the other one {@linkplain #alreadyRevealed knows of} included. The rate is the
         * other's; that of this policy does not apply.
         *
         * @throws IllegalArgumentException if the other's domain is another one
         */
        public Builder rateOf(Detokenizer other) {
            if (!other.tokenizer.domain().equals(tokenizer.domain())) {
                throw new IllegalArgumentException("a rate is shared within one domain");
            }
            rateOf = other;
            return this;
        }

        /** The detokenizer. */
        @CheckReturnValue
        public Detokenizer build() {
            return new Detokenizer(this);
        }
    }
}
