// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.TokenizationKey;
import dev.signet.tokens.ColumnOptions;
import dev.signet.tokens.ColumnResult;
import dev.signet.tokens.Token;
import dev.signet.tokens.TokenContext;
import dev.signet.tokens.Tokenizer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tokenizes the values of one field: the handle that an adapter keeps for a column, property or pointer. Results are as they
 * are stored, with the version in front where the policy wants it there, and else without it.
 *
 * <p>Immutable and thread-safe.
 */
@CheckReturnValue
public final class FieldTokenizer {
    private final RecordPolicy.Field field;
    private final Tokenizer tokenizer;
    private final Versions taken;
    private final String prefix;

    private FieldTokenizer(RecordPolicy.Field field, Tokenizer tokenizer, Versions taken) {
        this.field = field;
        this.tokenizer = tokenizer;
        this.taken = taken;
        prefix = field.version == null
                ? Token.ofText("").withVersion(tokenizer.version()).prefixed()
                : "";
    }

    static FieldTokenizer of(
            RecordPolicy.Field field, Keyset<TokenizationKey> keys, SecurityPolicy policy, InstantSource clock) {
        Tokenizer tokenizer = field.tokenizer(keys, policy, clock);
        field.requireNewTokens(tokenizer);
        return new FieldTokenizer(field, tokenizer, Versions.takenBy(field, keys));
    }

    /** Where the field stands, and what belongs to it. */
    public RecordPolicy.Field field() {
        return field;
    }

    /** The id of the key that makes the tokens, to be stored where {@link RecordPolicy.Field#version()} says. */
    public String version() {
        return tokenizer.version();
    }

    /**
     * What is stored for a value.
     *
     * @throws InvalidMessageException if the value does not fit, or is a token already
     */
    public String tokenize(String value) {
        requireNoToken(value);
        return prefix + tokenizer.tokenize(value).text();
    }

    /**
     * What is stored for a value, in the context of its record.
     *
     * @throws InvalidMessageException if the value does not fit, or is a token already
     */
    public String tokenize(String value, TokenContext context) {
        requireNoToken(value);
        return prefix + tokenizer.tokenize(value, context).text();
    }

    /** What is stored for a column; values that do not fit are listed by position and do not stop the others. */
    public FieldColumn tokenizeAll(List<String> values, ColumnOptions options) {
        ColumnResult result = tokenizer.tokenizeAll(values, options);
        Map<Integer, MessageSecurityException> errors = new TreeMap<>(result.errors());
        for (int i = 0; i < values.size(); i++) {
            if (taken.isToken(values.get(i))) {
                errors.put(i, InvalidMessageException.malformed(Versions.HINT));
            }
        }
        return new FieldColumn(result, prefix, errors);
    }

    private void requireNoToken(String value) {
        if (taken.isToken(value)) {
            throw InvalidMessageException.malformed(Versions.HINT);
        }
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    Versions taken() {
        return taken;
    }

    String prefix() {
        return prefix;
    }

    @Override
    public String toString() {
        return "FieldTokenizer[" + field + ", version=" + version() + "]";
    }
}
