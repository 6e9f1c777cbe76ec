// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.MessageSecurityException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A column on its way: each position is written by one thread only. */
abstract sealed class ColumnJob permits TextJob, ByteJob {
    /** Rows that one core takes at a time: enough to share the calls to the cipher, few enough to stay in its cache. */
    private static final int SLICE = 1024;

    private final int size;
    private final ColumnOptions options;
    private final Map<Integer, MessageSecurityException> errors = new ConcurrentSkipListMap<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;

    ColumnJob(int size, ColumnOptions options) {
        this.size = size;
        this.options = options;
        options.requireContextsFor(size);
    }

    /** A step over the rows from the first index, inclusive, to the second, exclusive. */
    interface Step {
        void run(ColumnJob job, int from, int to);
    }

    /** The text of a row. */
    abstract String value(int row);

    /** Ends a row with its text. */
    abstract void put(int row, String result);

    /** Hands a row over without a string. */
    abstract void load(int row, Work work);

    /** Ends a row. */
    abstract void store(int row, Work work);

    final void run(Step step) {
        int slices = (size + SLICE - 1) / SLICE;
        if (options.isOnAllCores() && slices > 1) {
            IntStream.range(0, slices).parallel().forEach(slice -> run(step, slice));
        } else {
            for (int slice = 0; slice < slices; slice++) {
                run(step, slice);
            }
        }
        Throwable failed = failure.get();
        if (failed instanceof Error error) {
            throw error;
        }
        if (failed != null) {
            throw (RuntimeException) failed;
        }
    }

    /** The errors by position, in ascending order. */
    final Map<Integer, MessageSecurityException> errors() {
        return errors.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(errors));
    }

    @Nullable
    final String context(int row) {
        return options.context(row);
    }

    final void fail(int row, MessageSecurityException error) {
        errors.put(row, error);
        if (options.isStoppedAtFirstError()) {
            stopped = true;
        }
    }

    final boolean isStopped() {
        return stopped;
    }

    private void run(Step step, int slice) {
        if (stopped) {
            return;
        }
        try {
            step.run(this, slice * SLICE, Math.min((slice + 1) * SLICE, size));
        } catch (RuntimeException | Error e) {
            // What is wrong with more than a row ends the column; the pool would wrap it in another of its type, and
            // throw it while other threads still write.
            stopped = true;
            failure.compareAndSet(null, e);
        }
    }
}
