// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import org.jspecify.annotations.Nullable;

/** A mode that can be reversed, under one version of the key. */
abstract class ReversibleEngine extends TokenEngine {
    abstract String detokenize(String token, @Nullable String context);

    /** Reveals some rows of a column. */
    void detokenize(ColumnJob job, int from, int to) {
        eachRow(job, from, to, this::detokenize);
    }

    /** Whether a token of another version of the key, or of none, is refused for certain. */
    boolean isAuthenticated() {
        return false;
    }

    /** The parts of a clear value that {@link Reveal#PARTIAL} shows. */
    abstract String partial(String clear);

    /** The shape of a clear value, each symbol hidden. */
    abstract String masked(String clear);
}
