// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import dev.signet.core.KeyResolver;
import dev.signet.core.ReplayGuard;
import dev.signet.core.VerificationKey;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A clock that jumps while the code under test waits for somebody else: a key source, a replay guard, a chunk of a body,
 * a callback. A verdict must be right at the time at which it is given, whichever of these calls took long.
 *
 * <p>{@link #sweep} runs a scenario once for each of its calls, with the jump at that call. Thread-safe.
 */
public final class MovingClock implements InstantSource {
    private volatile Instant now;
    private final AtomicInteger calls = new AtomicInteger();
    private final int jumpAt;
    private final Duration jump;

    private MovingClock(Instant start, int jumpAt, Duration jump) {
        now = start;
        this.jumpAt = jumpAt;
        this.jump = jump;
    }

    /**
     * Runs a scenario with the jump at its first call to what it wraps by this clock, then at its second, and so on, until
     * a run makes no such call. The scenario throws an {@link AssertionError} where the verdict is wrong.
     *
     * @return how many runs had a jump
     */
    public static int sweep(Instant start, Duration jump, Consumer<MovingClock> scenario) {
        for (int call = 0; ; call++) {
            MovingClock clock = new MovingClock(start, call, jump);
            try {
                scenario.accept(clock);
            } catch (AssertionError e) {
                throw new AssertionError("with the clock moved at call " + call + ": " + e.getMessage(), e);
            }
            if (clock.calls.get() <= call) {
                return call;
            }
        }
    }

    /** Whether the jump has happened. */
    public boolean hasJumped() {
        return calls.get() > jumpAt;
    }

    /** These keys, found after some time. */
    public KeyResolver keys(KeyResolver resolver) {
        return new KeyResolver() {
            @Override
            public Optional<VerificationKey> resolve(String keyId) {
                pass();
                return resolver.resolve(keyId);
            }

            @Override
            public Optional<VerificationKey> resolveUnnamed() {
                pass();
                return resolver.resolveUnnamed();
            }
        };
    }

    /** This guard, which answers after some time: once before it looks, once after. */
    public ReplayGuard guard(ReplayGuard guard) {
        return new ReplayGuard() {
            @Override
            public Claim claim(String keyId, String nonce, Instant expiresAt) {
                return claimAll(List.of(Entry.ofKeyId(keyId).withNonce(nonce, expiresAt)));
            }

            @Override
            public Claim claimAll(List<Entry> entries) {
                pass();
                Claim answer = guard.claimAll(entries);
                pass();
                return answer;
            }
        };
    }

    /** This body, each chunk of which arrives after some time, and its end, too. */
    public InputStream body(InputStream body) {
        return new FilterInputStream(body) {
            @Override
            public int read() throws IOException {
                pass();
                return super.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                pass();
                return super.read(buffer, offset, Math.min(length, 7));
            }
        };
    }

    /** Any callback, which answers after some time. */
    public <A, B> Function<A, B> callback(Function<? super A, ? extends B> callback) {
        return argument -> {
            pass();
            return callback.apply(argument);
        };
    }

    @Override
    public Instant instant() {
        return now;
    }

    private void pass() {
        if (calls.getAndIncrement() == jumpAt) {
            now = now.plus(jump);
        }
    }
}
