// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.core.Keyset;
import dev.signet.core.TokenizationKey;
import dev.signet.tokens.Reveal;
import dev.signet.tokens.TokenDomain;
import dev.signet.tokens.Tokenizer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a file are tokenized, how, and who may see them again: what a policy file says.
 *
 * @param isJson whether the fields are JSON Pointers, and else columns of CSV
 * @param fingerprint of the file, by which an unfinished run knows it again
 */
public record FilePolicy(List<Field> fields, boolean isJson, String fingerprint) {
    /**
     * One field.
     *
     * @param version where the version of the key goes; null for in front of the token
     * @param context the place of what each row's tokens are bound to
     * @param isOptional whether a row may have no value here
     * @param allowsTokens whether what is a token already is tokenized again
     * @param reveal by purpose
     */
    record Field(
            PolicyNode node,
            FieldTarget target,
            TokenDomain domain,
            Mode mode,
            @Nullable FieldTarget version,
            @Nullable FieldTarget context,
            boolean isOptional,
            boolean allowsTokens,
            Map<String, Rule> reveal) {
        String name() {
            return target.text();
        }

        /** Whether tokens can be made, and not only read. */
        void requireNewTokens(Tokenizer tokenizer) {
            try {
                tokenizer.tokenizeAll(List.of("-"));
            } catch (IllegalStateException e) {
                throw node.wrong(String.valueOf(e.getMessage()));
            } catch (IllegalArgumentException e) {
                // A context is missing, which rows will bring.
            }
        }

        /** A refusal of what the policy file asks for names the field. */
        Tokenizer tokenizer(Keyset<TokenizationKey> keys, InstantSource clock) {
            try {
                return mode.build.apply(Tokenizer.builder(keys, domain).clock(clock));
            } catch (IllegalArgumentException e) {
                throw node.wrong(String.valueOf(e.getMessage()));
            }
        }
    }

    /** How tokens are made. */
    record Mode(boolean isReversible, boolean needsContext, Function<Tokenizer.Builder, Tokenizer> build) {}

    /**
     * What one purpose may see.
     *
     * @param callers who may name it; empty for everybody
     * @param rate how many values; null for the usual rate
     */
    record Rule(
            PolicyNode node,
            Reveal reveal,
            Set<String> callers,
            @Nullable Rate rate) {}

    /** So many values in a time; more than usual only if that is said. */
    record Rate(PolicyNode node, int values, Duration time, boolean mayBeHigh) {}
}
