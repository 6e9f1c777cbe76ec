// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.TokenizationKey;
import dev.signet.tokens.TokenContext;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Replaces the fields of records by tokens, as a {@link RecordPolicy} says.
 *
 * <pre>{@code
 * RecordTokenizer tokenizer = RecordTokenizer.builder(policy, keys).build();
 * Map<String, String> stored = tokenizer.tokenize(Map.of("id", "1", "card", "4111111111111111"));
 * }</pre>
 *
 * <p>What maps objects, rows or documents asks once, when it is built, for the {@link FieldTokenizer} of each of its places,
 * and then hands it values without any look-up.
 *
 * <p><b>Security properties.</b> Those of {@link dev.signet.tokens.Tokenizer}; a record is tokenized whole or refused. What no
 * field names passes through as it is.
 *
 * <p>Immutable and thread-safe.
 */
@CheckReturnValue
public final class RecordTokenizer {
    private final RecordPolicy policy;
    private final Map<String, FieldTokenizer> fields = new LinkedHashMap<>();

    private RecordTokenizer(Builder builder) {
        policy = builder.policy;
        for (RecordPolicy.Field field : policy.fields()) {
            fields.put(field.name(), FieldTokenizer.of(field, builder.keys, builder.security, builder.clock));
        }
    }

    /** Starts a tokenizer of all fields of a policy. */
    public static Builder builder(RecordPolicy policy, Keyset<TokenizationKey> keys) {
        return new Builder(policy, keys);
    }

    /** What tokenizes the values of a column or pointer; empty if the policy leaves them as they are. */
    public Optional<FieldTokenizer> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** What tokenizes each field, in the policy's order. */
    public List<FieldTokenizer> fields() {
        return List.copyOf(fields.values());
    }

    /**
     * A record, by columns or pointers, with its values replaced and the versions added for which the policy has a place.
     *
     * @throws InvalidMessageException if a value is missing or does not fit, or stands where a version would go
     */
    public Map<String, String> tokenize(Map<String, String> record) {
        Map<String, String> stored = new LinkedHashMap<>(record);
        for (FieldTokenizer field : fields.values()) {
            String value = record.get(field.field().name());
            if (value == null || value.isEmpty()) {
                if (!field.field().isOptional()) {
                    throw InvalidMessageException.malformed(field.field().name() + ": the value is missing");
                }
                continue;
            }
            stored.put(field.field().name(), tokenize(field, value, record));
            Optional<String> version = field.field().version();
            if (version.isPresent() && stored.put(version.get(), field.version()) != null) {
                throw InvalidMessageException.malformed(version.get() + ": a value stands where the version would go");
            }
        }
        return stored;
    }

    private static String tokenize(FieldTokenizer field, String value, Map<String, String> record) {
        try {
            Optional<String> context = field.field().context();
            return context.isPresent() ? field.tokenize(value, context(context.get(), record)) : field.tokenize(value);
        } catch (InvalidMessageException e) {
            String what = field.field().name() + ": " + e.getMessage();
            throw e.isTooLarge() ? InvalidMessageException.tooLarge(what) : InvalidMessageException.malformed(what);
        }
    }

    static TokenContext context(String name, Map<String, String> record) {
        String context = record.get(name);
        if (context == null || context.isEmpty()) {
            throw InvalidMessageException.malformed("the context '" + name + "' is missing");
        }
        return TokenContext.of(context);
    }

    RecordPolicy policy() {
        return policy;
    }

    @Override
    public String toString() {
        return "RecordTokenizer[" + policy + "]";
    }

    /** Collects what a tokenizer of records needs. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final RecordPolicy policy;
        private final Keyset<TokenizationKey> keys;
        private SecurityPolicy security = SecurityPolicy.recommended2026();
        private InstantSource clock = InstantSource.system();

        private Builder(RecordPolicy policy, Keyset<TokenizationKey> keys) {
            this.policy = policy;
            this.keys = keys;
        }

        /** Whose cryptography is used. */
        public Builder policy(SecurityPolicy newPolicy) {
            security = newPolicy;
            return this;
        }

        /** The clock by which the validity of keys is judged. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /**
         * The tokenizer.
         *
         * @throws IllegalArgumentException if a format of the policy makes no new tokens
         */
        @CheckReturnValue
        public RecordTokenizer build() {
            return new RecordTokenizer(this);
        }
    }
}
