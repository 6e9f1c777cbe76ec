// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.MessageSecurityException;
import dev.signet.core.TokenizationKey;
import dev.signet.core.internal.Boundary;
import dev.signet.core.internal.Keys;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A tokenizer by the primary key of a keyset. */
sealed class KeyedTokenizer implements Tokenizer permits KeyedReversibleTokenizer {
    private final TokenDomain domain;
    private final InstantSource clock;
    private final TokenizationKey primary;
    private final TokenEngine engine;

    KeyedTokenizer(TokenizationKey primary, TokenEngine engine, TokenDomain domain, InstantSource clock) {
        this.primary = primary;
        this.engine = engine;
        this.domain = domain;
        this.clock = clock;
    }

    @Override
    public final Token tokenize(String value) {
        requireUsable(primary);
        return Token.of(engine.tokenize(value, null), version());
    }

    @Override
    public final Token tokenize(String value, TokenContext context) {
        requireUsable(primary);
        return Token.of(engine.tokenize(value, context.text()), version());
    }

    @Override
    public final ColumnResult tokenizeAll(List<String> values) {
        return tokenizeAll(values, ColumnOptions.defaults());
    }

    @Override
    public final ColumnResult tokenizeAll(List<String> values, ColumnOptions options) {
        requireUsable(primary);
        return new TextJob(values, options).run(engine::tokenize, version());
    }

    @Override
    public final Map<Integer, MessageSecurityException> tokenizeAll(
            ByteColumn values, byte[] target, ColumnOptions options) {
        requireUsable(primary);
        return new ByteJob(values, target, options).runToEnd(engine::tokenize);
    }

    @Override
    public final String version() {
        return primary.id();
    }

    @Override
    public final TokenDomain domain() {
        return domain;
    }

    /** The name of the mode or format, as it stands in logs. */
    final String format() {
        return engine.format();
    }

    final void requireUsable(TokenizationKey key) {
        if (key.notBefore().isPresent() || key.notAfter().isPresent()) {
            Keys.requireUsable(key, Boundary.ask("clock", clock::instant));
        }
    }

    @Override
    public final String toString() {
        return "Tokenizer[" + domain + ", " + engine.format() + ", version=" + version() + "]";
    }
}
