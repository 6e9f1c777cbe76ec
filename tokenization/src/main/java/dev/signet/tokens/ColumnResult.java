// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.MessageSecurityException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What became of a column: a text or an error for each position. Immutable; {@code toString} shows counts only.
 *
 * <p>A position that was not reached, since the work stopped at an error before, has neither.
 */
@CheckReturnValue
public final class ColumnResult {
    private final @Nullable String[] texts;
    private final Map<Integer, MessageSecurityException> errors;
    private final @Nullable String version;

    ColumnResult(@Nullable String[] texts, Map<Integer, MessageSecurityException> errors, @Nullable String version) {
        this.texts = texts;
        this.errors = errors.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(errors));
        this.version = version;
    }

    /** The number of positions. */
    public int size() {
        return texts.length;
    }

    /** The text at a position; empty if there is an error, or it was not reached. */
    public Optional<String> text(int position) {
        return Optional.ofNullable(texts[position]);
    }

    /**
     * The texts of all positions.
     *
     * @throws MessageSecurityException the first error, if there is one
     */
    public List<String> texts() {
        for (MessageSecurityException first : errors.values()) {
            throw first;
        }
        @SuppressWarnings("NullAway") // without an error each position has a text
        String[] complete = texts;
        return Collections.unmodifiableList(Arrays.asList(complete));
    }

    /** The errors by position, in ascending order. */
    public Map<Integer, MessageSecurityException> errors() {
        return errors;
    }

    /**
     * The id of the key that made, or read, the tokens.
     *
     * @throws IllegalStateException if each token of the column brought its own
     */
    public String version() {
        if (version == null) {
            throw new IllegalStateException("the tokens of this column brought their own versions");
        }
        return version;
    }

    /** This column with each text changed. */
    ColumnResult map(UnaryOperator<String> change) {
        @Nullable String[] changed = new String[texts.length];
        for (int i = 0; i < texts.length; i++) {
            String text = texts[i];
            changed[i] = text == null ? null : change.apply(text);
        }
        return new ColumnResult(changed, errors, version);
    }

    /** The number of positions with a text. */
    int count() {
        return (int) Arrays.stream(texts).filter(Objects::nonNull).count();
    }

    @Override
    public String toString() {
        return "ColumnResult[" + texts.length + " rows, " + errors.size() + " errors"
                + (version == null ? "]" : ", version=" + version + "]");
    }
}
