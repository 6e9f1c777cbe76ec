// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

    /**
     * Fails it, and stops what goes on behind it, if it is not complete after a time.
     *
     * @return what ends this watch before
     */
    Runnable expireAfter(Duration time) {
        boolean endless = time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0;
        CompletableFuture<Void> timer = new CompletableFuture<Void>()
                .orTimeout(endless ? Long.MAX_VALUE : time.toNanos(), TimeUnit.NANOSECONDS);
        var expired = timer.whenComplete((nothing, timeout) -> {
            if (timeout != null && completeExceptionally(new HttpTimeoutException("request timed out"))) {
                stop();
            }
        });
        Runnable disarm = () -> timer.complete(null);
        var disarmed = whenComplete((value, failure) -> disarm.run());
        return disarm;
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
