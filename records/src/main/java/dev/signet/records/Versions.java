// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.TokenizationKey;
import dev.signet.tokens.Token;
import java.util.Set;
import java.util.stream.Collectors;

/** The versions of a keyset, by which a value is known that is a token already. Immutable. */
final class Versions {
    static final String HINT =
            "a token already; where tokens of tokens are meant, the field needs \"allow-tokens\": true";

    private final Set<String> ids;

    private Versions(Set<String> ids) {
        this.ids = ids;
    }

    /** Those whose tokens are no values of a field. */
    static Versions takenBy(RecordPolicy.Field field, Keyset<TokenizationKey> keys) {
        return new Versions(
                field.allowsTokens
                        ? Set.of()
                        : keys.keys().stream().map(TokenizationKey::id).collect(Collectors.toSet()));
    }

    boolean isEmpty() {
        return ids.isEmpty();
    }

    /** Whether a value is a version of the keyset and something behind it, as a file has that was tokenized before. */
    boolean isToken(String value) {
        if (ids.isEmpty() || value.indexOf(':') < 1) {
            return false;
        }
        try {
            return ids.contains(Token.parse(value).version());
        } catch (InvalidMessageException e) {
            return false;
        }
    }
}
