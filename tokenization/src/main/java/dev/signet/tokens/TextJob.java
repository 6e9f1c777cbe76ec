// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of strings on its way. */
final class TextJob extends ColumnJob {
    private final String[] values;
    private final @Nullable String[] results;

    TextJob(List<String> values, ColumnOptions options) {
        this(ColumnOptions.snapshot(values, "value"), options);
    }

    private TextJob(String[] values, ColumnOptions options) {
        super(values.length, options);
        this.values = values;
        results = new String[values.length];
    }

    ColumnResult run(Step step, String version) {
        run(step);
        return new ColumnResult(results, errors(), version);
    }

    @Override
    String value(int row) {
        return values[row];
    }

    @Override
    void put(int row, String result) {
        results[row] = result;
    }

    @Override
    void load(int row, Work work) {
        work.load(values[row]);
    }

    @Override
    void store(int row, Work work) {
        results[row] = work.text();
    }
}
