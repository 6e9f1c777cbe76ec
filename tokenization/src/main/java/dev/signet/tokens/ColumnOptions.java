// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a column is worked on: on one core, past errors and without contexts, unless said otherwise. Immutable.
 *
 * <pre>{@code
 * ColumnResult result = cards.tokenizeAll(values, ColumnOptions.defaults().onAllCores());
 * result.errors().forEach((position, error) -> System.out.println(position + ": " + error.getMessage()));
 * String first = result.text(0).orElseThrow();
 * }</pre>
 */
@CheckReturnValue
public final class ColumnOptions {
    private static final ColumnOptions DEFAULTS = new ColumnOptions(false, false, null);

    private final boolean onAllCores;
    private final boolean stopAtFirstError;
    private final @Nullable String @Nullable [] contexts;

    private ColumnOptions(boolean onAllCores, boolean stopAtFirstError, @Nullable String @Nullable [] contexts) {
        this.onAllCores = onAllCores;
        this.stopAtFirstError = stopAtFirstError;
        this.contexts = contexts;
    }

    /** One core, past errors, no contexts. */
    public static ColumnOptions defaults() {
        return DEFAULTS;
    }

    /** All cores, by the common pool. */
    public ColumnOptions onAllCores() {
        return new ColumnOptions(true, stopAtFirstError, contexts);
    }

    /** Rows after an error are not worked on, or at least not all of them. */
    public ColumnOptions stopAtFirstError() {
        return new ColumnOptions(onAllCores, true, contexts);
    }

    /** The text of each row's {@link TokenContext}, by position; the list is copied. */
    public ColumnOptions contexts(List<String> newContexts) {
        return new ColumnOptions(onAllCores, stopAtFirstError, snapshot(newContexts, "context"));
    }

    /** The contexts of rows of which some have none. */
    ColumnOptions someContexts(@Nullable String[] newContexts) {
        return new ColumnOptions(onAllCores, stopAtFirstError, newContexts);
    }

    boolean isOnAllCores() {
        return onAllCores;
    }

    boolean isStoppedAtFirstError() {
        return stopAtFirstError;
    }

    @Nullable
    String context(int row) {
        return contexts == null ? null : contexts[row];
    }

    /** These options for some rows only. */
    ColumnOptions select(List<Integer> rows) {
        if (contexts == null) {
            return this;
        }
        return someContexts(rows.stream().map(row -> contexts[row]).toArray(String[]::new));
    }

    void requireContextsFor(int rows) {
        if (contexts != null && contexts.length != rows) {
            throw new IllegalArgumentException(rows + " values, but " + contexts.length + " contexts");
        }
    }

    /** A copy, so that neither the caller nor another thread changes rows that were checked. */
    static String[] snapshot(List<String> rows, String what) {
        String[] copy = rows.toArray(new String[0]);
        for (int row = 0; row < copy.length; row++) {
            if (copy[row] == null) {
                throw new IllegalArgumentException("the column has no " + what + " at position " + row);
            }
        }
        return copy;
    }
}
