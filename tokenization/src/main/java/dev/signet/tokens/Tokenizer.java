// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.TokenizationKey;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Replaces values by tokens, in one {@link TokenDomain} and one mode.
 *
 * <pre>{@code
 * Keyset<TokenizationKey> keys = Keyset.of(TokenizationKey.generate());
 * ReversibleTokenizer cards =
 *         Tokenizer.builder(keys, TokenDomain.of("card-number")).formatPreserving(TokenFormat.paymentCard());
 * Token token = cards.tokenize("4111 1111 1111 1111"); // such as 8059 3416 2778 1111; store text and version
 * }</pre>
 *
 * <p>{@link Builder#formatPreserving} keeps the format of the value and can be reversed; {@link Builder#authenticated} can
 * be reversed, keeps no format and detects forged tokens; {@link Builder#oneWay} can never be reversed; {@link
 * Builder#dateShift} moves the dates of one person by the same secret number of days.
 *
 * <p><b>Security properties.</b> Tokens are deterministic: equal values of a domain have equal tokens, also for those who
 * only see tokens. Nothing passes through: a value that does not fit is refused. New tokens are made with the keyset's
 * primary key.
 *
 * <p>Immutable and thread-safe.
 */
@CheckReturnValue
public sealed interface Tokenizer permits ReversibleTokenizer, KeyedTokenizer {
    /** Starts a tokenizer of a domain. */
    static Builder builder(Keyset<TokenizationKey> keys, TokenDomain domain) {
        return new Builder(keys, domain);
    }

    /**
     * The token of a value.
     *
     * @throws InvalidMessageException if the value does not fit; the message names position and rule
     */
    Token tokenize(String value);

    /**
     * The token of a value in the context of a row: the same value has different tokens in different contexts. The same context must be given to read it.
     *
     * @throws InvalidMessageException if the value does not fit; the message names position and rule
     */
    Token tokenize(String value, TokenContext context);

    /** The tokens of a column; values that do not fit are listed by position and do not stop the others. */
    ColumnResult tokenizeAll(List<String> values);

    /** The tokens of a column. */
    ColumnResult tokenizeAll(List<String> values, ColumnOptions options);

    /** The tokens of an array, which is read as a column. */
    default ColumnResult tokenizeAll(String[] values) {
        return tokenizeAll(Arrays.asList(values));
    }

    /**
     * The tokens of a column of bytes, into an array like the column's. Nothing is allocated for a value. Rows with an error
     * are filled with zeros.
     *
     * @param target another array, of the length of the column's
     * @return the errors by position, in ascending order
     * @throws IllegalStateException if the tokens of this mode have other lengths than their values
     */
    Map<Integer, MessageSecurityException> tokenizeAll(ByteColumn values, byte[] target, ColumnOptions options);

    /** The id of the key that makes the tokens; it is stored beside each. */
    String version();

    /** The domain. */
    TokenDomain domain();

    /** Collects what a tokenizer needs; the last call chooses the mode. */
    final class Builder {
        private final Keyset<TokenizationKey> keys;
        private final TokenDomain domain;
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private InstantSource clock = InstantSource.system();

        private Builder(Keyset<TokenizationKey> keys, TokenDomain domain) {
            this.keys = keys;
            this.domain = domain;
        }

        /** Whose cryptography is used. */
        public Builder policy(SecurityPolicy newPolicy) {
            policy = newPolicy;
            return this;
        }

        /** The clock by which the validity of keys is judged. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /** Tokens in the format of the value, by FF1 with AES-256 (NIST SP 800-38G). Forged tokens are not detected. */
        public ReversibleTokenizer formatPreserving(TokenFormat format) {
            return KeyedReversibleTokenizer.of(
                    keys, domain, clock, key -> new FormatPreservingEngine(key, domain, format, policy.providers()));
        }

        /**
         * Tokens in base64url by deterministic authenticated encryption, AES-SIV (RFC 5297). Forged tokens are refused. The
         * cipher is Tink's, whatever providers the policy has. One token in 64 begins with a hyphen, which spreadsheets take for a
         * formula.
         */
        public ReversibleTokenizer authenticated() {
            return KeyedReversibleTokenizer.of(keys, domain, clock, key -> new SivEngine(key, domain));
        }

        /** Tokens in base64url by HMAC-SHA256, from which no value comes back. One in 64 begins with a hyphen. */
        public Tokenizer oneWay() {
            TokenizationKey primary = keys.primary();
            return new KeyedTokenizer(primary, new OneWayEngine(primary, domain, policy.providers()), domain, clock);
        }

        /**
         * Dates ({@code 2026-11-26}) moved by a secret number of days, the same for all dates of a context, so that
         * intervals stay true. Every call needs the context: the person whose dates they are.
         *
         * @param maxDays the farthest that a date is moved in either direction, at least 30
         */
        public ReversibleTokenizer dateShift(int maxDays) {
            return KeyedReversibleTokenizer.of(
                    keys, domain, clock, key -> new DateShiftEngine(key, domain, maxDays, policy.providers()));
        }
    }
}
