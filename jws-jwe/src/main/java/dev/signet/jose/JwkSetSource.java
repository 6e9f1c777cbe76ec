// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import dev.signet.jose.RemoteJwks.Failure;
import dev.signet.jose.RemoteJwks.FailureCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What feeds the cache: one request at most in every interval, read by {@link Jwks} alone. Nimbus carries the result
 * around, and never reads a key of it.
 *
 * <p>The cache above calls {@link #getJWKSet} under its lock; everything else may be called at any time and never waits.
 */
final class JwkSetSource implements JWKSetSource<SecurityContext> {
    private final HttpsFetch https;
    private final Function<byte[], Jwks> parser;
    private final Duration interval;
    private final InstantSource clock;

    private volatile @Nullable FetchedSet last;
    private volatile @Nullable Failure failure;
    private volatile @Nullable Instant attempted;
    private final AtomicInteger consecutiveFailures = new AtomicInteger();
    private volatile boolean fetching;

    /** A set as it was read, in the shape that the cache stores. */
    static final class FetchedSet extends JWKSet {
        private final transient Jwks jwks;
        private final transient Instant fetched;

        FetchedSet(Jwks jwks, Instant fetched) {
            super(List.of());
            this.jwks = jwks;
            this.fetched = fetched;
        }

        Jwks jwks() {
            return jwks;
        }

        /** When the request began. */
        Instant fetched() {
            return fetched;
        }
    }

    JwkSetSource(HttpsFetch https, Function<byte[], Jwks> parser, Duration interval, InstantSource clock) {
        this.https = https;
        this.parser = parser;
        this.interval = interval;
        this.clock = clock;
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long currentTime, @Nullable SecurityContext context)
            throws KeySourceException {
        Instant now = Instant.ofEpochMilli(currentTime);
        if (!mayFetch(now)) {
            throw new JWKSetUnavailableException("too soon after the last request");
        }
        fetching = true; // before the interval closes, so that others wait instead of taking the key for unknown
        attempted = now;
        try {
            FetchedSet set = new FetchedSet(parser.apply(https.fetch()), now);
            last = set;
            consecutiveFailures.set(0);
            return set;
        } catch (FetchException e) {
            throw failed(e.code(), e);
        } catch (RuntimeException e) {
            // The parser's refusal, or whatever else: what was served goes on being served.
            throw failed(FailureCode.SET_REFUSED, e);
        } finally {
            fetching = false;
        }
    }

    private JWKSetUnavailableException failed(FailureCode code, Exception cause) {
        failure = new Failure(code, clock.instant());
        consecutiveFailures.incrementAndGet();
        return new JWKSetUnavailableException(code.name(), cause);
    }

    /** Whether the interval since the last request is over. A clock that was set back does not close it for long. */
    boolean mayFetch(Instant now) {
        Instant before = attempted;
        return before == null || Duration.between(before, now).abs().compareTo(interval) >= 0;
    }

    boolean isFetching() {
        return fetching;
    }

    /** The last set that was read, however old. */
    @Nullable
    FetchedSet last() {
        return last;
    }

    /** The last failure, also if a success came after it. */
    @Nullable
    Failure failure() {
        return failure;
    }

    int consecutiveFailures() {
        return consecutiveFailures.get();
    }

    @Override
    public void close() {}
}
