// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a run come to a good end when the process is told to end, by Ctrl-C say. */
final class StopSignal implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "signet-stop");
    private volatile boolean isStopping;

    StopSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    boolean isStopping() {
        return isStopping;
    }

    private void stop() {
        isStopping = true;
        try {
            // The process ends when this returns, so it waits for the last checkpoint.
            if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        if (!isStopping) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // It has just begun, and has nothing to wait for.
            }
        }
    }
}
