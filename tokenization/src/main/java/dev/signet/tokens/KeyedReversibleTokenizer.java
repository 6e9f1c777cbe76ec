// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A tokenizer with every live version of its key, so that a {@link Detokenizer} can read what any of them made. */
final class KeyedReversibleTokenizer extends KeyedTokenizer implements ReversibleTokenizer {
    private final ReversibleEngine primary;
    private final Map<String, Version> versions;

    private record Version(TokenizationKey key, @Nullable ReversibleEngine engine) {}

    private KeyedReversibleTokenizer(
            TokenizationKey primary,
            ReversibleEngine engine,
            Map<String, Version> versions,
            TokenDomain domain,
            InstantSource clock) {
        super(primary, engine, domain, clock);
        this.primary = engine;
        this.versions = versions;
    }

    static KeyedReversibleTokenizer of(
            Keyset<TokenizationKey> keys,
            TokenDomain domain,
            InstantSource clock,
            Function<TokenizationKey, ? extends ReversibleEngine> engines) {
        Map<String, Version> versions = new HashMap<>();
        for (TokenizationKey key : keys.keys()) {
            boolean live = key.status() != KeyStatus.DISABLED;
            versions.put(key.id(), new Version(key, live ? engines.apply(key) : null));
        }
        TokenizationKey primary = keys.primary();
        // A primary key is active, so it has an engine.
        ReversibleEngine engine = Objects.requireNonNull(Objects.requireNonNull(versions.get(primary.id())).engine);
        return new KeyedReversibleTokenizer(primary, engine, versions, domain, clock);
    }

    /** The engine of a version, if it may still be read. */
    ReversibleEngine engine(String id) {
        Version version = versions.get(id);
        if (version == null) {
            throw new VerificationException(Reason.KEY_UNKNOWN);
        }
        if (version.engine == null) {
            throw new VerificationException(Reason.KEY_DISABLED);
        }
        requireUsable(version.key);
        return version.engine;
    }

    /** The engine of new tokens. */
    ReversibleEngine primaryEngine() {
        return primary;
    }

    /** The versions that the tokenizer knows; what else claims to be one may be a value in the wrong place. */
    Set<String> known(Collection<String> ids) {
        Set<String> known = new HashSet<>(ids);
        known.retainAll(versions.keySet());
        return known;
    }

    /** The ids of all versions, live or not. */
    Set<String> versions() {
        return versions.keySet();
    }

    /** The values of a column whose tokens have several versions, with errors by position. */
    ColumnResult read(List<Token> tokens, ColumnOptions options) {
        options.requireContextsFor(tokens.size());
        Map<String, List<Integer>> rows = new LinkedHashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            rows.computeIfAbsent(tokens.get(i).version(), id -> new ArrayList<>())
                    .add(i);
        }
        @Nullable String[] texts = new String[tokens.size()];
        Map<Integer, MessageSecurityException> errors = new HashMap<>();
        for (Map.Entry<String, List<Integer>> group : rows.entrySet()) {
            if (options.isStoppedAtFirstError() && !errors.isEmpty()) {
                break;
            }
            List<Integer> positions = group.getValue();
            try {
                List<String> column =
                        positions.stream().map(i -> tokens.get(i).text()).toList();
                ColumnResult result = new TextJob(column, options.select(positions))
                        .run(engine(group.getKey())::detokenize, group.getKey());
                for (int i = 0; i < positions.size(); i++) {
                    texts[positions.get(i)] = result.text(i).orElse(null);
                }
                result.errors().forEach((i, error) -> errors.put(positions.get(i), error));
            } catch (VerificationException e) {
                positions.forEach(i -> errors.put(i, e));
            }
        }
        return new ColumnResult(texts, errors, null);
    }
}
