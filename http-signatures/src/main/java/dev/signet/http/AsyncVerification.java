// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.UnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Runs the steps of a {@link Verification} on an executor, each time with as much of the body as has come. */
final class AsyncVerification {
    private final HttpVerifier verifier;
    private final Verification steps;
    private final Body body;
    private final Executor executor;
    private final CompletableFuture<VerifiedMessage> result = new CompletableFuture<>();

    private AsyncVerification(
            HttpVerifier verifier, HttpMessage message, Body body, @Nullable LastCheck lastCheck, Executor executor) {
        this.verifier = verifier;
        this.body = body;
        this.executor = executor;
        steps = new Verification(verifier, message, body, lastCheck);
    }

    /** If the stage is cancelled, the body is let go of, and nothing is claimed. */
    static CompletionStage<VerifiedMessage> start(
            HttpVerifier verifier, HttpMessage message, Body body, @Nullable LastCheck lastCheck, Executor executor) {
        AsyncVerification run = new AsyncVerification(verifier, message, body, lastCheck, executor);
        var watched = run.result.whenComplete((verified, failure) -> {
            if (failure != null) {
                run.steps.abandon();
                run.body.close();
            }
        });
        run.schedule();
        return run.result;
    }

    private void schedule() {
        try {
            executor.execute(this::proceed);
        } catch (RejectedExecutionException e) {
            if (!result.isDone()) {
                result.completeExceptionally(
                        verifier.refused(new UnavailableException("the executor takes no more work", e)));
            }
        }
    }

    private void proceed() {
        if (result.isDone()) {
            return;
        }
        try {
            VerifiedMessage verified = steps.run();
            if (body instanceof ArrivingBody arriving) {
                arriving.release();
            }
            if (!result.complete(verified)) {
                verified.close();
            }
        } catch (BodyAwaited e) {
            ((ArrivingBody) body).await(this::schedule);
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }
}
