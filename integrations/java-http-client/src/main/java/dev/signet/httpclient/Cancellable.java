// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A future whose cancellation, or that of a stage derived from it, stops what goes on behind it, as with the JDK's client. */
final class Cancellable<T> extends CompletableFuture<T> {
    private final @Nullable Cancellable<?> parent;
    private volatile @Nullable Runnable stop;

    Cancellable() {
        this(null);
    }

    private Cancellable(@Nullable Cancellable<?> parent) {
        this.parent = parent;
    }

    /** Says what has to be stopped from now on; at once if this has failed already. */
    void onStop(Runnable newStop) {
        stop = newStop;
        if (isCompletedExceptionally()) {
            newStop.run();
        }
    }

    void stop() {
        Runnable running = stop;
        if (running != null) {
            running.run();
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (mayInterruptIfRunning && cancelled) {
            if (parent != null) {
                parent.cancel(true);
            }
            stop();
        }
        return cancelled;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Cancellable<>(this);
    }
}
