// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import dev.signet.core.ReplayGuard;
import dev.signet.core.ReplayGuard.Claim;
import dev.signet.core.ReplayGuard.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * What verifiers rely on in a {@link ReplayGuard}, for tests of one's own, in any test framework: failures are
 * {@link AssertionError}s that name the clause.
 *
 * <p>Every key id and nonce is fresh, so that a shared store need not be empty; entries last for minutes.
 */
public final class ReplayGuardContract {
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final int THREADS = 8;
    private static final int ROUNDS = 100;

    private final Function<InstantSource, ReplayGuard> factory;

    private ReplayGuardContract(Function<InstantSource, ReplayGuard> factory) {
        this.factory = factory;
    }

    /** For guards made by this function; one whose store has a clock of its own may ignore the clock that it is given. */
    public static ReplayGuardContract of(Function<InstantSource, ReplayGuard> factory) {
        return new ReplayGuardContract(factory);
    }

    /** Checks all that holds at one time. */
    public void check() throws Exception {
        Instant now = Instant.now();
        ReplayGuard guard = factory.apply(TestClock.at(now));
        claimsOnce(guard, now.plus(LIFE));
        tellsPairsApart(guard, now.plus(LIFE));
        refusesWhatEndsAtOnce(guard, now);
        claimsAllOrNone(guard, now);
        answersOneFirstOfMany(guard, now.plus(LIFE));
        answersOneFirstOfManyMessages(guard, now.plus(LIFE));
    }

    /** Checks all that holds while the clock moves, forward and back; for guards that obey the clock they are given. */
    public void checkMovingClock() {
        for (Duration ahead : List.of(LIFE.plusSeconds(1), Duration.ofHours(1), Duration.ofDays(3650))) {
            keepsEntriesToTheirEnd();
            forgetsNothingWhenTheClockJumpsAheadAndBack(ahead);
            forgetsNothingWhenTheClockJumpsAheadAndBack(ahead.negated());
        }
    }

    private static void claimsOnce(ReplayGuard guard, Instant end) {
        String key = fresh("key");
        expect("a first claim is FIRST", Claim.FIRST, guard.claim(key, "n", end));
        expect("a second claim is REPLAYED", Claim.REPLAYED, guard.claim(key, "n", end));
        expect("a claim with a later end is REPLAYED", Claim.REPLAYED, guard.claim(key, "n", end.plusSeconds(60)));
        expect(
                "an entry is what claim() makes, too",
                Claim.REPLAYED,
                guard.claimAll(List.of(Entry.ofKeyId(key).withNonce("n", end))));
    }

    private static void tellsPairsApart(ReplayGuard guard, Instant end) {
        String key = fresh("key");
        expect("a nonce is a key's own", Claim.FIRST, guard.claim(key, "nonce", end));
        expect("a nonce is a key's own", Claim.FIRST, guard.claim(key + "x", "nonce", end));
        expect("nonces differ by case", Claim.FIRST, guard.claim(key, "Nonce", end));
        expect("joined pairs stay apart", Claim.FIRST, guard.claim(key + "n", "once", end));
        expect("joined pairs stay apart", Claim.FIRST, guard.claim(key + ":n", "once", end));
        expect("joined pairs stay apart", Claim.FIRST, guard.claim(key, ":nonce", end));
        String longest = "x".repeat(255);
        expect("nonces of 256 characters differ by the last", Claim.FIRST, guard.claim(key, longest + "a", end));
        expect("nonces of 256 characters differ by the last", Claim.FIRST, guard.claim(key, longest + "b", end));
    }

    private static void refusesWhatEndsAtOnce(ReplayGuard guard, Instant now) {
        for (Instant end : List.of(now, now.minusMillis(1), now.minus(LIFE), Instant.EPOCH)) {
            String key = fresh("key");
            expect("an end that is not in the future is EXPIRED", Claim.EXPIRED, guard.claim(key, "n", end));
            expect("and stays so", Claim.EXPIRED, guard.claim(key, "n", end));
            expect("and claims nothing", Claim.FIRST, guard.claim(key, "n", now.plus(LIFE)));
        }
    }

    private static void claimsAllOrNone(ReplayGuard guard, Instant now) {
        Instant end = now.plus(LIFE);
        String one = fresh("one");
        String two = fresh("two");
        expect(
                "two nonces are claimed at once",
                Claim.FIRST,
                guard.claimAll(List.of(
                        Entry.ofKeyId(one).withNonce("n", end),
                        Entry.ofKeyId(two).withNonce("n", end))));
        expect("each of the two is REPLAYED", Claim.REPLAYED, guard.claim(one, "n", end));
        expect("each of the two is REPLAYED", Claim.REPLAYED, guard.claim(two, "n", end));
        for (boolean first : new boolean[] {true, false}) {
            for (boolean used : new boolean[] {true, false}) {
                String key = fresh("key");
                Entry fresh = Entry.ofKeyId(key).withNonce("n", end);
                Entry bad = used
                        ? Entry.ofKeyId(one).withNonce("n", end)
                        : Entry.ofKeyId(key).withNonce("ended", now.minusSeconds(1));
                expect(
                        used ? "one used nonce refuses both" : "one that ends at once refuses both",
                        used ? Claim.REPLAYED : Claim.EXPIRED,
                        guard.claimAll(first ? List.of(bad, fresh) : List.of(fresh, bad)));
                expect("the fresh one can still be claimed", Claim.FIRST, guard.claim(key, "n", end));
            }
        }
    }

    private static void answersOneFirstOfMany(ReplayGuard guard, Instant end) throws Exception {
        String key = fresh("key");
        expectOneFirst("of concurrent claims one is FIRST", round -> guard.claim(key, "n" + round, end));
    }

    /** Each thread claims a nonce of its own and a common one: whoever loses the common one keeps its own. */
    private static void answersOneFirstOfManyMessages(ReplayGuard guard, Instant end) throws Exception {
        String common = fresh("common");
        String own = fresh("own");
        expectOneFirst(
                "of concurrent messages with a common signature one is FIRST",
                round -> guard.claimAll(List.of(
                        Entry.ofKeyId(own + Thread.currentThread().getId()).withNonce("n" + round, end),
                        Entry.ofKeyId(common).withNonce("n" + round, end))));
    }

    private void keepsEntriesToTheirEnd() {
        Instant start = Instant.now();
        TestClock clock = TestClock.at(start);
        ReplayGuard guard = factory.apply(clock);
        String key = fresh("key");
        Instant end = start.plus(LIFE);
        var unused = guard.claim(key, "n", end);
        clock.advance(LIFE.minusMillis(1));
        expect("an entry is kept to its end", Claim.REPLAYED, guard.claim(key, "n", end));
        clock.advance(Duration.ofMillis(1));
        expect("at its end nothing is claimed", Claim.EXPIRED, guard.claim(key, "n", end));
        clock.advance(LIFE);
        var unusedToo = guard.claim(key, "other", clock.instant().plus(LIFE));
        expect("long after its end nothing is claimed", Claim.EXPIRED, guard.claim(key, "n", end));
    }

    private void forgetsNothingWhenTheClockJumpsAheadAndBack(Duration jump) {
        TestClock clock = TestClock.at(Instant.now());
        ReplayGuard guard = factory.apply(clock);
        String key = fresh("key");
        Instant end = clock.instant().plus(LIFE);
        var unused = guard.claim(key, "n", end);
        clock.advance(jump);
        for (int i = 0; i < 10; i++) {
            var unusedToo = guard.claim(key, "meanwhile" + i, clock.instant().plus(LIFE));
        }
        clock.advance(jump.negated());
        Claim again = guard.claim(key, "n", end);
        if (again == Claim.FIRST) {
            throw new AssertionError("a clock that jumps by " + jump + " and back makes a replay FIRST");
        }
        clock.advance(LIFE.plusSeconds(2));
        expect(
                "a clock that jumped and came back shuts nobody out for longer than messages live",
                Claim.FIRST,
                guard.claim(key, "later", clock.instant().plus(LIFE)));
    }

    /** A claim of the given round. */
    private interface Attempt {
        Claim claim(int round);
    }

    private static void expectOneFirst(String clause, Attempt attempt) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            int[] firsts = new int[ROUNDS];
            CyclicBarrier barrier = new CyclicBarrier(THREADS);
            List<Callable<Claim[]>> work = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                work.add(() -> {
                    Claim[] answers = new Claim[ROUNDS];
                    for (int round = 0; round < ROUNDS; round++) {
                        barrier.await();
                        answers[round] = attempt.claim(round);
                    }
                    return answers;
                });
            }
            for (Future<Claim[]> answers : pool.invokeAll(work)) {
                for (int round = 0; round < ROUNDS; round++) {
                    Claim answer = answers.get()[round];
                    firsts[round] += answer == Claim.FIRST ? 1 : 0;
                    if (answer != Claim.FIRST && answer != Claim.REPLAYED) {
                        throw new AssertionError(clause + ": one is " + answer);
                    }
                }
            }
            if (Arrays.stream(firsts).anyMatch(count -> count != 1)) {
                throw new AssertionError(clause + ": in " + ROUNDS + " rounds of " + THREADS
                        + " the counts of FIRST are " + Arrays.toString(firsts));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static String fresh(String name) {
        return name + "-" + UUID.randomUUID();
    }

    private static void expect(String clause, Claim wanted, Claim answer) {
        if (answer != wanted) {
            throw new AssertionError(clause + ": expected " + wanted + ", got " + answer);
        }
    }
}
