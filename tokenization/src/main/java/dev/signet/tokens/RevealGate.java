// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/** The one way out for values: whatever passes leaves an event first, and so does whatever is refused. */
final class RevealGate {
    private final RateLimiter limiter;
    private final RevealLog log;
    private final InstantSource clock;

    RevealGate(RevealPolicy policy, RevealLog log, InstantSource clock) {
        this(policy.limiter(clock), log, clock);
    }

    private RevealGate(RateLimiter limiter, RevealLog log, InstantSource clock) {
        this.limiter = limiter;
        this.log = log;
        this.clock = clock;
    }

    /** A gate with another log and clock whose values count together with those of this one. */
    RevealGate withRateOfThis(RevealLog otherLog, InstantSource otherClock) {
        return new RevealGate(limiter, otherLog, otherClock);
    }

    /** Counts what callers were shown before, by events of the same domain, and for translations of the same target. */
    void count(Iterable<RevealEvent> before, TokenDomain domain, Optional<TokenDomain> target) {
        for (RevealEvent event : before) {
            if (event.domain().equals(domain.toString())
                    && event.target().equals(target.map(TokenDomain::toString))
                    && event.isCounted()) {
                limiter.count(event.caller(), event.revealed() + event.refused(), event.time());
            }
        }
    }

    /** Runs a call about so many values, which must end in {@link Attempt#release}. */
    <T> T pass(RevealNote note, long values, Function<Attempt, Released<T>> call) {
        Attempt attempt = new Attempt(note, values);
        Released<T> released;
        try {
            released = call.apply(attempt);
        } catch (RuntimeException e) {
            log.append(attempt.note.failed(e, values), clock);
            throw e;
        }
        log.append(attempt.note.counts(released.revealed, released.refused), clock);
        return released.result;
    }

    /** A result that waits for its event. */
    static final class Released<T> {
        private final T result;
        private final long revealed;
        private final long refused;

        private Released(T result, long revealed, long refused) {
            this.result = result;
            this.revealed = revealed;
            this.refused = refused;
        }
    }

    /** A call on its way. */
    final class Attempt {
        private final long values;
        private RevealNote note;

        private Attempt(RevealNote note, long values) {
            this.note = note;
            this.values = values;
        }

        /** How much the policy lets the call show. */
        Reveal note(Reveal reveal) {
            note = note.with(reveal);
            return reveal;
        }

        /** Takes room for the values from the caller's rate. */
        void claim(Access access) {
            limiter.claim(access.caller(), values);
        }

        <T> Released<T> release(T result, long revealed, long refused) {
            return new Released<>(result, revealed, refused);
        }
    }

    RevealLog log() {
        return log;
    }
}
