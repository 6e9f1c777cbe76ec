// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What is done with one field in every block. Immutable. */
final class FieldPlan {
    private final RecordPolicy.Field field;
    private final Step step;
    private final String prefix;
    private final byte[] prefixBytes;
    private final @Nullable String adds;
    private final boolean readsVersion;
    private final boolean dropsVersion;

    /** Puts results, or rejections, for all values of a field. */
    interface Step {
        void run(BlockCells cells, int field);
    }

    /**
     * @param prefix what is written in front of each result
     * @param adds the version that is written beside the result; null for none
     * @param readsVersion whether the version stands beside the value
     * @param dropsVersion whether it is taken away with the token that it belonged to
     */
    FieldPlan(
            RecordPolicy.Field field,
            Step step,
            String prefix,
            @Nullable String adds,
            boolean readsVersion,
            boolean dropsVersion) {
        this.field = field;
        this.step = step;
        this.prefix = prefix;
        this.prefixBytes = prefix.getBytes(StandardCharsets.UTF_8);
        this.adds = adds;
        this.readsVersion = readsVersion;
        this.dropsVersion = dropsVersion;
    }

    RecordPolicy.Field field() {
        return field;
    }

    Step step() {
        return step;
    }

    FieldTarget target() {
        return field.target;
    }

    String prefix() {
        return prefix;
    }

    /** Not to be changed. */
    byte[] prefixBytes() {
        return prefixBytes;
    }

    @Nullable
    String adds() {
        return adds;
    }

    /** Where the version of a token is to be written; null for in front of it, or nowhere. */
    @Nullable
    FieldTarget addedVersion() {
        return adds == null ? null : field.version;
    }

    /** Where the version of a token is to be read. */
    @Nullable
    FieldTarget readVersion() {
        return readsVersion ? field.version : null;
    }

    boolean dropsVersion() {
        return dropsVersion;
    }
}
