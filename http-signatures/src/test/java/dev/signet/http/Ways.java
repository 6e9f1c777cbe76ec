// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;

/** Tests of what is verified, whichever way: {@link AsyncWayTest} runs them again without waiting for bodies. */
interface Ways {
    ExecutorService EXECUTOR = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "verifying");
        thread.setDaemon(true);
        return thread;
    });

    /** Whether nobody waits. */
    default boolean isAsync() {
        return false;
    }

    default VerifiedMessage verify(HttpVerifier verifier, HttpMessage message) {
        return isAsync() ? verify(verifier, message, new byte[0]) : verifier.verify(message);
    }

    default VerifiedMessage verify(HttpVerifier verifier, HttpMessage message, byte[] body) {
        return isAsync() ? verify(verifier, message, new ByteArrayInputStream(body)) : verifier.verify(message, body);
    }

    default VerifiedMessage verify(HttpVerifier verifier, HttpMessage message, InputStream body) {
        if (!isAsync()) {
            return verifier.verify(message, body);
        }
        Flow.Publisher<ByteBuffer> publisher = subscriber -> new TestBody(subscriber, body).start();
        return join(verifier.verifyAsync(message, publisher, EXECUTOR).toCompletableFuture());
    }

    static <T> T join(java.util.concurrent.CompletableFuture<T> running) {
        try {
            return running.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw e;
        }
    }
}
