// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A remote signer and how long it is waited for. */
final class RemoteSigning {
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private final RemoteSigner.Async signer;
    private final Duration timeout;

    RemoteSigning(RemoteSigner.Async signer, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the time limit of a remote signer is longer than nothing");
        }
        this.signer = signer;
        this.timeout = timeout;
    }

    /** A blocking client on threads of the caller's, whose work is interrupted when nobody waits for it any more. */
    static RemoteSigner.Async on(ExecutorService executor, RemoteSigner signer) {
        return data -> {
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            Future<?> work = executor.submit(() -> {
                try {
                    answer.complete(signer.sign(data));
                } catch (RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                }
            });
            answer.whenComplete((signature, failure) -> {
                if (answer.isCancelled()) {
                    work.cancel(true);
                }
            });
            return answer;
        };
    }

    /**
     * Asks the signer. Whoever cancels the answer cancels the signer's.
     *
     * @param data the signer's to keep
     * @param check throws if a signature is wrong
     */
    CompletableFuture<byte[]> sign(byte[] data, Consumer<byte[]> check) {
        CompletionStage<byte[]> asked;
        try {
            asked = signer.sign(data);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(unavailable(e));
        }
        if (asked == null) {
            return CompletableFuture.failedFuture(unavailable(null));
        }
        CompletableFuture<byte[]> waited = new CompletableFuture<>();
        asked.whenComplete((signature, failure) -> {
            if (failure == null) {
                waited.complete(signature);
            } else {
                waited.completeExceptionally(failure);
            }
        });
        if (!waited.isDone()) {
            waited.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
        CompletableFuture<byte[]> answer = waited.handle((signature, failure) -> {
            if (failure instanceof TimeoutException) {
                cancel(asked);
            }
            if (failure != null || signature == null) {
                throw unavailable(failure);
            }
            byte[] copy = signature.clone();
            check.accept(copy);
            return copy;
        });
        answer.whenComplete((signature, failure) -> {
            if (answer.isCancelled()) {
                cancel(asked);
                waited.cancel(true);
            }
        });
        return answer;
    }

    /** Waits; an interrupt ends the waiting and what is waited for, and stays set. */
    static byte[] join(CompletableFuture<byte[]> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while waiting for the remote signer", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new UnavailableException("the remote signer failed", e);
        }
    }

    private static void cancel(CompletionStage<byte[]> asked) {
        try {
            asked.toCompletableFuture().cancel(true);
        } catch (RuntimeException e) {
            // A stage that cannot be cancelled ends by itself.
        }
    }

    private static UnavailableException unavailable(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof UnavailableException known) {
            return known;
        }
        if (cause instanceof TimeoutException) {
            return new UnavailableException("the remote signer did not answer in time", cause);
        }
        return cause == null
                ? new UnavailableException("the remote signer gave no signature")
                : new UnavailableException("the remote signer failed", cause);
    }
}
