// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import org.jspecify.annotations.Nullable;

/** One mode under one version of the key. Immutable and thread-safe. */
abstract class TokenEngine {
    /** The name of the mode or format, as it stands in logs. */
    abstract String format();

    abstract String tokenize(String value, @Nullable String context);

    /** Tokenizes some rows of a column; engines that can share work among rows do. */
    void tokenize(ColumnJob job, int from, int to) {
        eachRow(job, from, to, this::tokenize);
    }

    static void eachRow(ColumnJob job, int from, int to, RowStep step) {
        for (int i = from; i < to && !job.isStopped(); i++) {
            try {
                job.put(i, step.apply(job.value(i), job.context(i)));
            } catch (InvalidMessageException | DecryptionException e) {
                job.fail(i, e);
            }
        }
    }

    /** The step of one row. */
    interface RowStep {
        String apply(String value, @Nullable String context);
    }
}
