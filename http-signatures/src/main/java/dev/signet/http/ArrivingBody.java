// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.MessageSecurityException;
import dev.signet.core.UnavailableException;
import dev.signet.http.HttpMessage.BodyPresence;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A body that somebody gives, buffer by buffer, each asked for when the one before is done with. No thread waits for it: what
 * needs more of it than has come ends in {@link BodyAwaited}, and is run again when {@link #await} says so. What fits into
 * memory is taken on the giver's thread, and what goes to a file on the executor's.
 */
final class ArrivingBody extends Body implements Flow.Subscriber<ByteBuffer> {
    private final Flow.Publisher<ByteBuffer> publisher;
    private final BodyIntake intake;
    private final Executor executor;
    private final CompletableFuture<Void> timer = new CompletableFuture<>();
    /** Guards what follows: buffers, steps, the timer and whoever cancels come on threads of their own. */
    private final ReentrantLock lock = new ReentrantLock();

    private BodyFraming framing = BodyFraming.UNKNOWN;
    private boolean subscribing;
    private Flow.@Nullable Subscription upstream;
    private @Nullable Boolean present;
    /** Null until a step has said which digests it needs; the first buffer is held until then. */
    private @Nullable Set<DigestAlgorithm> wanted;

    private @Nullable ByteBuffer held;
    private @Nullable ContentDigest computed;
    private @Nullable MessageSecurityException failure;
    private @Nullable Runnable waiting;
    /** Whether a buffer is on its way to the file. */
    private boolean isTaking;

    private boolean ended;
    private boolean closed;

    ArrivingBody(Flow.Publisher<ByteBuffer> publisher, BodyIntake intake, Executor executor) {
        this.publisher = publisher;
        this.intake = intake;
        this.executor = executor;
    }

    // ---- what the steps ask ----------------------------------------------------------------------------------------

    @Override
    void announce(BodyFraming newFraming) {
        framing = newFraming;
    }

    @Override
    BodyPresence presence() {
        lock.lock();
        try {
            return presence(present, framing);
        } finally {
            lock.unlock();
        }
    }

    @Override
    boolean isPresent() {
        lock.lock();
        try {
            requireNoFailure();
            Boolean known = present;
            if (known == null) {
                throw new BodyAwaited();
            }
            requirePresence(framing, known);
            return known;
        } finally {
            lock.unlock();
        }
    }

    @Override
    void consume(@Nullable ContentDigest expected) {
        ContentDigest known;
        lock.lock();
        try {
            requireNoFailure();
            known = computed;
            if (known == null) {
                if (wanted == null) {
                    wanted = wanted(expected);
                    intake.begin(wanted);
                }
                throw new BodyAwaited();
            }
        } finally {
            lock.unlock();
        }
        if (expected != null) {
            expected.requireEqual(known);
        }
    }

    private void requireNoFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Runs this once, when what was awaited is there or cannot come any more. Subscribes if need be.
     *
     * @param resume runs on any thread, and must not block it
     */
    void await(Runnable resume) {
        ByteBuffer next = null;
        boolean subscribe = false;
        boolean ready = false;
        lock.lock();
        try {
            if (isSettled()) {
                ready = true;
            } else {
                waiting = resume;
                subscribe = !subscribing && !closed;
                subscribing = true;
                next = held;
                held = null;
                isTaking = next != null;
                if (next == null && ended) {
                    finish();
                }
            }
        } finally {
            lock.unlock();
        }
        if (ready) {
            resume.run();
        } else if (subscribe) {
            subscribe();
        } else if (next != null) {
            take(next);
        } else {
            wake();
        }
    }

    private boolean isSettled() {
        return failure != null || closed || (wanted == null ? present != null : computed != null);
    }

    private void subscribe() {
        intake.startTime();
        Duration time = intake.maxTime();
        boolean endless = time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0;
        var expired = timer.orTimeout(endless ? Long.MAX_VALUE : time.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((nothing, timeout) -> {
                    if (timeout != null) {
                        // The timer's thread is everybody's.
                        execute(() -> fail(intake.tooSlow()));
                    }
                });
        try {
            publisher.subscribe(this);
        } catch (RuntimeException e) {
            onError(e);
        }
    }

    // ---- what the giver says ---------------------------------------------------------------------------------------

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        Objects.requireNonNull(subscription, "subscription");
        boolean isWanted;
        lock.lock();
        try {
            isWanted = upstream == null && !isOver();
            if (isWanted) {
                upstream = subscription;
            }
        } finally {
            lock.unlock();
        }
        if (isWanted) {
            subscription.request(1);
        } else {
            subscription.cancel();
        }
    }

    @Override
    public void onNext(ByteBuffer buffer) {
        Objects.requireNonNull(buffer, "buffer");
        boolean isTaken = false;
        MessageSecurityException failed = null;
        lock.lock();
        try {
            if (isOver()) {
                return;
            }
            if (isTaking || held != null) {
                failed = new UnavailableException("the body's publisher gives more than was asked for");
            } else if (present == null && buffer.hasRemaining() && framing.presence() == BodyPresence.ABSENT) {
                failed = notAsAnnounced();
            } else {
                isTaken = wanted != null || !buffer.hasRemaining();
                isTaking = isTaken;
                held = isTaken ? null : buffer;
                if (buffer.hasRemaining()) {
                    present = true;
                }
            }
        } finally {
            lock.unlock();
        }
        if (failed != null) {
            fail(failed);
        } else if (isTaken) {
            take(buffer);
        } else {
            wake();
        }
    }

    @Override
    public void onError(Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        lock.lock();
        try {
            if (isOver()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        // A client that hangs up is not the verifier's failure.
        fail(cause instanceof MessageSecurityException refused ? refused : brokenOff());
    }

    @Override
    public void onComplete() {
        lock.lock();
        try {
            if (isOver()) {
                return;
            }
            ended = true;
            if (!isTaking && held == null) {
                finish();
            }
        } finally {
            lock.unlock();
        }
        timer.complete(null);
        wake();
    }

    private boolean isOver() {
        return closed || ended || failure != null;
    }

    // ---- taking it in ----------------------------------------------------------------------------------------------

    private void take(ByteBuffer buffer) {
        if (intake.needsFile(buffer.remaining())) {
            execute(() -> takeNow(buffer));
        } else {
            takeNow(buffer);
        }
    }

    /** Whoever has set {@link #isTaking} has the intake for itself, so that no lock is held while a file is written. */
    private void takeNow(ByteBuffer buffer) {
        MessageSecurityException failed = null;
        try {
            intake.checkTime();
            if (buffer.hasRemaining()) {
                intake.take(buffer);
            }
        } catch (MessageSecurityException e) {
            failed = e;
        }
        Flow.Subscription next = null;
        lock.lock();
        try {
            isTaking = false;
            if (closed || failure != null) {
                intake.close();
                return;
            }
            if (failed == null && ended) {
                finish();
            } else if (failed == null) {
                next = upstream;
            }
        } finally {
            lock.unlock();
        }
        if (failed != null) {
            fail(failed);
        } else if (next != null) {
            next.request(1);
        } else {
            wake();
        }
    }

    /** All has come; under the lock. */
    private void finish() {
        boolean isPresent = present != null && present;
        present = isPresent;
        if (wanted == null || computed != null || failure != null) {
            return;
        }
        try {
            intake.checkTime();
            requirePresence(framing, isPresent);
            if (isPresent) {
                compare(framing, intake.size());
            }
            computed = intake.digest();
        } catch (MessageSecurityException e) {
            failure = e;
        }
    }

    private void fail(MessageSecurityException reason) {
        Flow.Subscription given;
        lock.lock();
        try {
            if (closed || failure != null || computed != null) {
                return;
            }
            failure = reason;
            held = null;
            given = ended ? null : upstream;
            closeIntake();
        } finally {
            lock.unlock();
        }
        timer.complete(null);
        if (given != null) {
            given.cancel();
        }
        wake();
    }

    private void closeIntake() {
        if (!isTaking) {
            intake.close();
        }
    }

    /** Tells whoever waits, if there is something to tell. */
    private void wake() {
        Runnable resume = null;
        lock.lock();
        try {
            if (isSettled()) {
                resume = waiting;
                waiting = null;
            }
        } finally {
            lock.unlock();
        }
        if (resume != null) {
            resume.run();
        }
    }

    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            fail(new UnavailableException("the executor takes no more work", e));
        }
    }

    // ---- what is left of it ----------------------------------------------------------------------------------------

    /** Asks for nothing more, and keeps what has come. */
    void release() {
        Flow.Subscription given;
        lock.lock();
        try {
            given = ended || failure != null ? null : upstream;
            ended = true;
            held = null;
            subscribing = true;
        } finally {
            lock.unlock();
        }
        timer.complete(null);
        if (given != null) {
            given.cancel();
        }
    }

    @Override
    InputStream open() {
        return intake.open();
    }

    @Override
    long size() {
        return intake.size();
    }

    @Override
    byte[] bytes() {
        return intake.bytes();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closeIntake();
        } finally {
            lock.unlock();
        }
        release();
        wake();
    }
}
