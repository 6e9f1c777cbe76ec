// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.core.MessageSecurityException;
import dev.signet.tokens.ColumnResult;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/** What is stored for a column of a field: a text or an error for each position. Immutable; {@code toString} shows counts only. */
public final class FieldColumn {
    private final ColumnResult tokens;
    private final String prefix;
    private final Map<Integer, MessageSecurityException> errors;

    FieldColumn(ColumnResult tokens, String prefix, Map<Integer, MessageSecurityException> errors) {
        this.tokens = tokens;
        this.prefix = prefix;
        this.errors = Collections.unmodifiableMap(errors);
    }

    /** The number of positions. */
    public int size() {
        return tokens.size();
    }

    /** What is stored at a position; empty if there is an error, or it was not reached. */
    public Optional<String> stored(int position) {
        return errors.containsKey(position)
                ? Optional.empty()
                : tokens.text(position).map(prefix::concat);
    }

    /** The errors by position, in ascending order. */
    public Map<Integer, MessageSecurityException> errors() {
        return errors;
    }

    @Override
    public String toString() {
        return "FieldColumn[" + size() + " rows, " + errors.size() + " errors]";
    }
}
