// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.Keyset;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.TokenizationKey;
import dev.signet.tokens.Access;
import dev.signet.tokens.Reveal;
import dev.signet.tokens.TokenDomain;
import dev.signet.tokens.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a record are tokenized, how, and who may see them again: what a policy file says.
 *
 * <p>A field is a column, by its name, or a JSON Pointer (RFC 6901); all fields of a policy are of one kind. The file is
 * JSON, as {@code docs/guide/tokenize-files.md} describes it:
 *
 * <pre>{@code
 * RecordPolicy policy = RecordPolicy.read(file);
 * RecordTokenizer tokenizer = RecordTokenizer.builder(policy, keys).build();
 * }</pre>
 *
 * <p><b>Security properties.</b> Whatever is unknown, doubled, missing or contradictory in the file is refused, with its line
 * and member. Whoever can change the file can see everything, so protect it like the keys. {@code toString} names all that
 * lowers safety: {@code allow-tokens}, {@code allow-rate}, {@code allow-small-domain-for-reading}.
 *
 * <p>Immutable and thread-safe.
 */
@CheckReturnValue
public final class RecordPolicy {
    /** The longest time of a rate, and so how long what a caller has seen may count. */
    public static final Duration LONGEST_RATE = PolicyReader.LONGEST_RATE;

    private static final int MAX_BYTES = 1 << 20;

    private final Map<String, Field> fields;
    private final String fingerprint;

    RecordPolicy(List<Field> fields, String fingerprint) {
        Map<String, Field> byName = new LinkedHashMap<>();
        fields.forEach(field -> byName.put(field.name(), field));
        this.fields = byName;
        this.fingerprint = fingerprint;
    }

    /**
     * Reads a policy file of at most 1 MiB.
     *
     * @throws IllegalArgumentException if it is no policy; the message names file, line and member
     * @throws IOException if it cannot be read
     */
    public static RecordPolicy read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException(file + " is longer than " + MAX_BYTES + " bytes");
            }
            return parse(file.toString(), bytes);
        }
    }

    /**
     * Reads a policy.
     *
     * @param name what messages call it
     * @throws IllegalArgumentException if it is none; the message names line and member
     */
    public static RecordPolicy parse(String name, byte[] json) {
        return PolicyReader.parse(name, json);
    }

    /** The fields, in their order. */
    public List<Field> fields() {
        return List.copyOf(fields.values());
    }

    /** The field at a column or pointer; empty if the policy names none there. */
    public Optional<Field> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** Whether the fields are JSON Pointers, and else columns. */
    public boolean isJson() {
        return fields().get(0).isPointer();
    }

    /** The SHA-256 of the file in hex, by which a run that goes on knows it again. */
    public String fingerprint() {
        return fingerprint;
    }

    /** Why a purpose and caller may not see all fields that the policy has rules for; empty if they may. */
    Optional<String> refusal(Field field, Access access) {
        Rule rule = field.reveal.get(access.purpose());
        if (rule != null && (rule.callers.isEmpty() || rule.callers.contains(access.caller()))) {
            return Optional.empty();
        }
        String known = field.reveal.isEmpty() ? "none" : String.join(", ", field.reveal.keySet());
        return Optional.of(
                rule == null
                        ? "for '" + field.name() + "' the policy has no purpose '" + access.purpose() + "'; it has "
                                + known
                        : "for '" + field.name() + "' the policy grants '" + access.purpose()
                                + "' to other callers than '" + access.caller() + "'");
    }

    @Override
    public String toString() {
        return fields.values().stream().map(Field::toString).collect(Collectors.joining(", ", "RecordPolicy[", "]"));
    }

    /** One field of a record. Immutable. */
    public static final class Field {
        final PolicyNode node;
        final FieldTarget target;
        final Mode mode;
        final @Nullable FieldTarget version;
        final @Nullable FieldTarget context;
        final boolean allowsTokens;
        final Map<String, Rule> reveal;

        private final TokenDomain domain;
        private final boolean isOptional;

        /**
         * @param version where the version of the key goes; null for in front of the token
         * @param context the place of what each record's tokens are bound to
         * @param allowsTokens whether what is a token already is tokenized again
         * @param reveal by purpose
         */
        Field(
                PolicyNode node,
                FieldTarget target,
                TokenDomain domain,
                Mode mode,
                @Nullable FieldTarget version,
                @Nullable FieldTarget context,
                boolean isOptional,
                boolean allowsTokens,
                Map<String, Rule> reveal) {
            this.node = node;
            this.target = target;
            this.domain = domain;
            this.mode = mode;
            this.version = version;
            this.context = context;
            this.isOptional = isOptional;
            this.allowsTokens = allowsTokens;
            this.reveal = reveal;
        }

        /** The column or pointer. */
        public String name() {
            return target.text();
        }

        /** Whether it is a JSON Pointer, and else a column. */
        public boolean isPointer() {
            return target.isPointer();
        }

        /** The kind of value. */
        public TokenDomain domain() {
            return domain;
        }

        /** The column or pointer of what the tokens of each record are bound to. */
        public Optional<String> context() {
            return Optional.ofNullable(context).map(FieldTarget::text);
        }

        /** The column or pointer of the key's version; empty if it stands in front of the token. */
        public Optional<String> version() {
            return Optional.ofNullable(version).map(FieldTarget::text);
        }

        /** Whether a record may have no value here. */
        public boolean isOptional() {
            return isOptional;
        }

        /** Whether values can come back from its tokens. */
        public boolean isReversible() {
            return mode.isReversible;
        }

        /** The purposes that may see something of it. */
        public Set<String> purposes() {
            return reveal.keySet();
        }

        /** Whether tokens can be made, and not only read. */
        void requireNewTokens(Tokenizer tokenizer) {
            try {
                var unused = tokenizer.tokenizeAll(List.of("-"));
            } catch (IllegalStateException e) {
                throw node.wrong(String.valueOf(e.getMessage()));
            } catch (IllegalArgumentException e) {
                // A context is missing, which records will bring.
            }
        }

        /** A refusal of what the policy file asks for names the field. */
        Tokenizer tokenizer(Keyset<TokenizationKey> keys, SecurityPolicy policy, InstantSource clock) {
            try {
                return mode.build.apply(
                        Tokenizer.builder(keys, domain).policy(policy).clock(clock));
            } catch (IllegalArgumentException e) {
                throw node.wrong(String.valueOf(e.getMessage()));
            }
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(name()).append(": ").append(domain);
            if (allowsTokens) {
                text.append(", allow-tokens");
            }
            if (mode.isSmallDomainAllowed) {
                text.append(", allow-small-domain-for-reading");
            }
            reveal.forEach((purpose, rule) -> {
                if (rule.rate != null && rule.rate.mayBeHigh) {
                    text.append(", allow-rate for ").append(purpose);
                }
            });
            return text.toString();
        }
    }

    /**
     * How tokens are made.
     *
     * @param keepsAscii whether tokens of ASCII characters are as long as their values, and of ASCII characters, too
     * @param symbols that stand in tokens in the place of others, beside letters and digits
     */
    record Mode(
            boolean isReversible,
            boolean needsContext,
            boolean isSmallDomainAllowed,
            boolean keepsAscii,
            String symbols,
            Function<Tokenizer.Builder, Tokenizer> build) {}

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
