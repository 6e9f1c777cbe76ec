// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes tokens of one kind from tokens of another; the values between them stay inside. */
final class TokenMover {
    private final Reader from;
    private final Tokenizer to;

    TokenMover(Reader from, Tokenizer to) {
        this.from = from;
        this.to = to;
    }

    /** Reads the values of a column. */
    interface Reader {
        ColumnResult read(List<Token> tokens, ColumnOptions options);
    }

    ColumnResult move(List<Token> tokens, ColumnOptions options) {
        options.requireContextsFor(tokens.size());
        ColumnResult clear = from.read(tokens, options);
        List<Integer> rows = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < clear.size(); i++) {
            String value = clear.text(i).orElse(null);
            if (value != null) {
                rows.add(i);
                values.add(value);
            }
        }
        ColumnResult made = to.tokenizeAll(values, options.select(rows));
        @Nullable String[] texts = new String[tokens.size()];
        Map<Integer, MessageSecurityException> errors = new HashMap<>(clear.errors());
        for (int i = 0; i < rows.size(); i++) {
            texts[rows.get(i)] = made.text(i).orElse(null);
        }
        made.errors().keySet().forEach(i -> errors.put(rows.get(i), unfit()));
        return new ColumnResult(texts, errors, made.version());
    }

    /** Position and rule would tell of a value that the caller may not see. */
    private static InvalidMessageException unfit() {
        return InvalidMessageException.malformed("the value does not fit the format of the new token");
    }
}
