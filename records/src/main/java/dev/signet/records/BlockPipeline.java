// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.core.UnavailableException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Works on blocks by all cores, and hands them on in their order; the number on the way is bounded. */
final class BlockPipeline {
    private final RowFormat format;
    private final Sink sink;
    private final int workers = Runtime.getRuntime().availableProcessors();
    private final Queue<Future<Done>> onTheWay = new ArrayDeque<>();

    /** A block, and what became of it. */
    record Done(BlockCells cells, ByteBuilder output) {}

    /** Takes blocks in order. */
    interface Sink {
        /** Whether it wants more. */
        boolean take(Done done) throws IOException;
    }

    BlockPipeline(RowFormat format, Sink sink) {
        this.format = format;
        this.sink = sink;
    }

    /** Returns when all is done, or the sink has enough. */
    void run(BlockReader reader) throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(workers, task -> {
            Thread thread = new Thread(task, "signet-rows");
            thread.setDaemon(true);
            return thread;
        });
        try {
            boolean goesOn = true;
            RowBlock next = reader.next();
            while (next != null && goesOn) {
                RowBlock block = next;
                onTheWay.add(executor.submit(() -> work(block)));
                if (onTheWay.size() > 2 * workers) {
                    goesOn = takeFirst();
                }
                next = reader.next();
            }
            while (goesOn && !onTheWay.isEmpty()) {
                goesOn = takeFirst();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private Done work(RowBlock block) {
        BlockCells cells = new BlockCells(block, format.plans());
        return new Done(cells, format.transform(cells));
    }

    private boolean takeFirst() throws IOException {
        Future<Done> first = onTheWay.remove();
        try {
            return sink.take(first.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("a block could not be worked on", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted");
        }
    }
}
