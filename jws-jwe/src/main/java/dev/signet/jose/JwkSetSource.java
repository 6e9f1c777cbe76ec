// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.jose.RemoteJwks.Failure;
import dev.signet.jose.RemoteJwks.FailureCode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a set, at most once in every interval, and keeps the last one that was good.
 *
 * <p>A fetch runs on a thread of this source and belongs to nobody who waits for it: whoever goes away ends nothing but
 * their own waiting, and only {@link #close()} ends the fetch. Thread-safe; nothing here waits for the network.
 */
final class JwkSetSource implements AutoCloseable {
    private final HttpsFetch https;
    private final Function<byte[], Jwks> parser;
    private final Duration interval;
    private final InstantSource clock;
    private final LongSupplier ticks;
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Fetch running;
    private @Nullable Moment attempted;
    private boolean closed;
    private volatile Status status = new Status(null, null, null, 0);

    /** A set as it was read. @param fetched when the request began */
    record FetchedSet(Jwks jwks, Moment fetched, MissingIds missing) {}

    /**
     * How the fetches went.
     *
     * @param last the last set that was read, however old
     * @param failure the last one, also if a success came after it
     * @param failures since the last success
     */
    record Status(
            @Nullable FetchedSet last,
            @Nullable Failure failure,
            @Nullable Moment failed,
            int failures) {}

    JwkSetSource(
            HttpsFetch https,
            Function<byte[], Jwks> parser,
            Duration interval,
            InstantSource clock,
            LongSupplier ticks) {
        this.https = https;
        this.parser = parser;
        this.interval = interval;
        this.clock = clock;
        this.ticks = ticks;
    }

    Moment now() {
        return Moment.now(clock, ticks);
    }

    Status status() {
        return status;
    }

    /** The answer of the fetch under way, or of one that begins now; null if it is too soon after the last one. */
    @Nullable
    Future<FetchedSet> fetch(Moment now) {
        lock.lock();
        try {
            if (running != null) {
                return running.answer;
            }
            Moment before = attempted;
            if (closed || (before != null && before.until(now).compareTo(interval) < 0)) {
                return null;
            }
            Fetch fetch = new Fetch(now);
            fetch.thread.start();
            attempted = now;
            running = fetch;
            return fetch.answer;
        } finally {
            lock.unlock();
        }
    }

    /** The same, where nobody waits. */
    void fetchInBackground(Moment now) {
        Future<FetchedSet> nobodyWaitsFor = fetch(now);
    }

    /** Ends the fetch under way, and whoever waits for it. No other one begins. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (running != null) {
                running.thread.interrupt();
                running.answer.completeExceptionally(
                        new FetchException(FailureCode.INTERRUPTED, "the source was closed"));
            }
        } finally {
            lock.unlock();
        }
    }

    private void ended(Fetch fetch, @Nullable FetchedSet set, @Nullable FailureCode code) {
        lock.lock();
        try {
            running = null;
            Status before = status;
            if (set != null && !closed) {
                status = new Status(set, before.failure, before.failed, 0);
            } else if (code != null) {
                Moment now = now();
                status = new Status(before.last, new Failure(code, now.wall()), now, before.failures + 1);
            }
        } finally {
            lock.unlock();
        }
        if (set != null) {
            fetch.answer.complete(set);
        }
    }

    /** One request, and those who wait for it. */
    private final class Fetch {
        private final CompletableFuture<FetchedSet> answer = new CompletableFuture<>();
        private final Thread thread = new Thread(null, this::run, "signet-jwk-set-refresh", 0, false);
        private final Moment begun;

        Fetch(Moment begun) {
            this.begun = begun;
            thread.setDaemon(true);
        }

        private void run() {
            try {
                ended(this, new FetchedSet(parser.apply(https.fetch()), begun, new MissingIds()), null);
            } catch (FetchException e) {
                ended(this, null, e.code());
                answer.completeExceptionally(e);
            } catch (RuntimeException | Error e) {
                // The parser's refusal, or whatever else: what was served goes on being served.
                ended(this, null, FailureCode.SET_REFUSED);
                answer.completeExceptionally(e);
            }
        }
    }
}
