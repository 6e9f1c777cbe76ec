// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationException;
import dev.signet.tokens.Access;
import dev.signet.tokens.RevealEvent;
import dev.signet.tokens.RevealLog;
import dev.signet.tokens.ReversibleTokenizer;
import dev.signet.tokens.Token;
import dev.signet.tokens.Tokenizer;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reveals the values behind the tokens of records, as far as a {@link RecordPolicy} lets a purpose see them.
 *
 * <pre>{@code
 * RecordRevealer revealer = RecordRevealer.builder(policy, keys, log).build();
 * Map<String, String> shown =
 *         revealer.reveal(stored, Access.by("desk-3").forPurpose("support")); // ************1111
 * }</pre>
 *
 * <p><b>Security properties.</b> Those of {@link dev.signet.tokens.Detokenizer}: no value without an event in the log, which
 * refusals leave, too. A rate is one of values of a domain: fields of one domain whose purposes have the same rate share it.
 * Fields that are one-way stay as they are.
 *
 * <p>Thread-safe. Build one, and keep it, since it counts what callers see.
 */
@CheckReturnValue
public final class RecordRevealer {
    private final RecordPolicy policy;
    private final Map<String, FieldRevealer> fields = new LinkedHashMap<>();

    private RecordRevealer(Builder builder) {
        policy = builder.policy;
        RevealRates rates = new RevealRates(builder.log, builder.clock, builder.before);
        for (RecordPolicy.Field field : policy.fields()) {
            Tokenizer tokenizer = field.tokenizer(builder.keys, builder.security, builder.clock);
            if (tokenizer instanceof ReversibleTokenizer reversible) {
                fields.put(
                        field.name(),
                        new FieldRevealer(policy, field, rates.detokenizers(field, reversible), builder.keys));
            }
        }
    }

    /** Starts a revealer of all fields of a policy. */
    public static Builder builder(RecordPolicy policy, Keyset<TokenizationKey> keys, RevealLog log) {
        return new Builder(policy, keys, log);
    }

    /** What reveals the tokens of a column or pointer; empty if there are none that can be reversed. */
    public Optional<FieldRevealer> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** What reveals each field whose tokens can be reversed, in the policy's order. */
    public List<FieldRevealer> fields() {
        return List.copyOf(fields.values());
    }

    /**
     * A record, by columns or pointers, with its tokens replaced by what the purpose may see, and without the versions of those
     * that were.
     *
     * @throws VerificationException if the purpose or caller is not granted every field, or the rate is exceeded
     * @throws InvalidMessageException if a token, its version or its context is missing or malformed
     */
    public Map<String, String> reveal(Map<String, String> record, Access access) {
        fields.values().forEach(field -> field.requireGranted(access));
        Map<String, String> shown = new LinkedHashMap<>(record);
        for (FieldRevealer field : fields.values()) {
            String name = field.field().name();
            String stored = record.get(name);
            if (stored == null || stored.isEmpty()) {
                if (!field.field().isOptional()) {
                    throw InvalidMessageException.malformed(name + ": the value is missing");
                }
                continue;
            }
            Optional<String> place = field.field().version();
            Optional<String> context = field.field().context();
            Token token = place.isPresent() ? token(stored, place.get(), record.get(place.get())) : Token.parse(stored);
            String text = context.isPresent()
                    ? field.reveal(token, RecordTokenizer.context(context.get(), record), access)
                            .value()
                    : field.reveal(token, access).value();
            if (field.isShown(access)) {
                shown.put(name, text);
                place.ifPresent(shown::remove);
            }
        }
        return shown;
    }

    private static Token token(String stored, String place, @Nullable String version) {
        if (version == null || version.isEmpty()) {
            throw InvalidMessageException.malformed("the version '" + place + "' is missing");
        }
        try {
            return Token.ofText(stored).withVersion(version);
        } catch (IllegalArgumentException e) {
            throw InvalidMessageException.malformed("the version '" + place + "' is none");
        }
    }

    RecordPolicy policy() {
        return policy;
    }

    @Override
    public String toString() {
        return "RecordRevealer[" + policy + "]";
    }

    /** Collects what a revealer of records needs. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final RecordPolicy policy;
        private final Keyset<TokenizationKey> keys;
        private final RevealLog log;
        private SecurityPolicy security = SecurityPolicy.recommended2026();
        private InstantSource clock = InstantSource.system();
        private List<RevealEvent> before = List.of();

        private Builder(RecordPolicy policy, Keyset<TokenizationKey> keys, RevealLog log) {
            this.policy = policy;
            this.keys = keys;
            this.log = log;
        }

        /** Whose cryptography is used. */
        public Builder policy(SecurityPolicy newPolicy) {
            security = newPolicy;
            return this;
        }

        /** The clock by which rates are counted and events are dated. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /** Counts values that were revealed before against the rates of their callers, as {@link dev.signet.tokens.Detokenizer} does. */
        public Builder alreadyRevealed(List<RevealEvent> events) {
            before = List.copyOf(events);
            return this;
        }

        /**
         * The revealer.
         *
         * @throws IllegalArgumentException if a rate of the policy is high and not called so
         */
        @CheckReturnValue
        public RecordRevealer build() {
            return new RecordRevealer(this);
        }
    }
}
