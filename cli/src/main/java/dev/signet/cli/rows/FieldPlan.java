// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.rows.FilePolicy.Field;
import org.jspecify.annotations.Nullable;

/**
 * What is done with one field in every block.
 *
 * @param adds the version that is written beside the result; null for none
 * @param readsVersion whether the version stands beside the value
 * @param dropsVersion whether it is taken away with the token that it belonged to
 */
public record FieldPlan(Field field, Step step, @Nullable String adds, boolean readsVersion, boolean dropsVersion) {
    /** Puts results, or rejections, for all values of a field. */
    interface Step {
        void run(BlockCells cells, int field);
    }

    FieldTarget target() {
        return field.target();
    }

    /** Where the version of a token is to be written; null for in front of it, or nowhere. */
    @Nullable
    FieldTarget addedVersion() {
        return adds == null ? null : field.version();
    }

    /** Where the version of a token is to be read. */
    @Nullable
    FieldTarget readVersion() {
        return readsVersion ? field.version() : null;
    }
}
