// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.http.HttpMessage;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;

/** Tests of what is admitted, whichever way: {@link AsyncWayTest} runs them again without waiting for bodies. */
interface Ways {
    ExecutorService EXECUTOR = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "admitting");
        thread.setDaemon(true);
        return thread;
    });

    /** Whether nobody waits. */
    default boolean isAsync() {
        return false;
    }

    default Admission admit(InboundPipeline pipeline, HttpMessage request, String peer, InputStream body) {
        if (!isAsync()) {
            return pipeline.admit(request, peer, body);
        }
        Flow.Publisher<ByteBuffer> publisher = subscriber -> StreamPump.start(subscriber, () -> body, Runnable::run);
        return join(pipeline.admitAsync(request, peer, publisher, EXECUTOR).toCompletableFuture());
    }

    static <T> T join(CompletableFuture<T> running) {
        try {
            return running.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
