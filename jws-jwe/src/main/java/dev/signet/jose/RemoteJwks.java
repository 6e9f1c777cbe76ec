// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Lowered;
import dev.signet.jose.JwkSetSource.FetchedSet;
import java.net.InetAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Another party's JWK set at an https address, fetched, cached and kept fresh. Build one for an address, keep it, and close
 * it at the end.
 *
 * <pre>{@code
 * RemoteJwks partner = RemoteJwks.builder(address)
 *         .timeToLive(Duration.ofMinutes(10)) // how long a withdrawn key may live
 *         .outageTolerance(Duration.ofHours(1)) // and while the partner cannot be reached
 *         .build();
 * partner.refresh(); // at the start: fails now rather than at the first message
 *
 * Optional<VerificationKey> key = partner.resolve(keyId); // a KeyResolver, as every verifier takes it
 * }</pre>
 *
 * <p><b>Security properties.</b> The address is configured, never taken from a message ({@code jku}). It is fetched by
 * https only, from addresses that are public after name resolution, connected to as they were checked; without redirects
 * unless {@link Builder#allowHosts} names where to; without proxy, cookies and credentials. Time and size are
 * bounded whatever the server does. The document is read by {@link Jwks#parse(byte[])}, as strictly as any other, whatever
 * its content type; status 200 alone counts. Key ids of messages are looked up and never sent anywhere.
 *
 * <p><b>Freshness.</b> Before its time to live ends, a set is fetched again in the background while it keeps serving. An id
 * that it lacks causes a fetch at once, but at most one in every interval; only calls for ids that are not in the set ever
 * wait for that one, and an id that the set still lacks after it is answered without waiting, while the set is fetched again
 * in the background. A set beyond its time to live serves only while attempts to renew it fail, and no longer than the
 * tolerated outage; all calls wait for the first of these attempts, if none failed within the time to live. {@code
 * Cache-Control} is not obeyed: how long a withdrawn key may live is the verifier's decision. Ages are measured by the
 * clock and by one that cannot be set, and the larger counts; a set from the future is beyond its time to live.
 *
 * <p>Thread-safe, and fit for virtual threads. A call without a usable set waits for the fetch, at most its total timeout.
 * The fetch is the source's: a caller who is interrupted ends their own waiting only. Name resolution that hangs keeps a
 * daemon thread beyond it, though no caller.
 *
 * <p><b>Errors.</b> {@link UnavailableException} while there is no usable set, and for an id that the set lacks while it
 * cannot be renewed, since the id may be new: neither is an unknown key. It names the host, never the path or query.
 */
@CheckReturnValue
public final class RemoteJwks implements KeyResolver, AutoCloseable {
    private static final int MAX_WAITING = 32;
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final String host;
    private final Duration timeToLive;
    private final Duration interval;
    private final Duration patience;
    private final JwkSetSource source;
    private final Duration refreshAge;
    private final Duration maxAge;
    private final int maxKeyIdLength;
    private final SecurityPolicy policy;
    private final String lowered;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);

    private volatile boolean closed;

    /** What failed when a set was fetched. */
    public enum FailureCode {
        /** The host has no address, or the name service is down. */
        UNKNOWN_HOST,
        /** An address of the host is private, or otherwise not for public servers. */
        ADDRESS_REFUSED,
        /** No connection, or it broke. */
        CONNECTION_FAILED,
        /** The handshake failed, or the certificate is not trusted or another host's. */
        TLS_FAILED,
        /** Connecting, reading, or all of it took too long. */
        TIMED_OUT,
        /** The source was closed meanwhile. */
        INTERRUPTED,
        /** Any status but 200. */
        STATUS_NOT_200,
        /** A redirect that is not allowed, or too many. */
        REDIRECT_REFUSED,
        /** A response over a limit. */
        TOO_LARGE,
        /** Not a well-formed HTTP/1.1 response. */
        RESPONSE_MALFORMED,
        /** Not a usable JWK set. */
        SET_REFUSED
    }

    /** A failed fetch. */
    public record Failure(FailureCode code, Instant time) {}

    /**
     * How the source does.
     *
     * @param lastSuccess when the set was requested that is served now, or was served last
     * @param lastFailure also if a success came after it
     * @param consecutiveFailures since the last success
     * @param keyIds what is served now; empty if nothing is
     * @param skipped what was left out of that set
     */
    public record State(
            Optional<Instant> lastSuccess,
            Optional<Failure> lastFailure,
            int consecutiveFailures,
            List<String> keyIds,
            List<Jwks.Skipped> skipped) {
        /** Copies the lists. */
        public State {
            keyIds = List.copyOf(keyIds);
            skipped = List.copyOf(skipped);
        }
    }

    private RemoteJwks(Builder settings) {
        HttpsFetch https = settings.https();
        Algorithm rsa = settings.rsaAlgorithm;
        String party = settings.party;
        policy = settings.policy;
        lowered = settings.lowered.toString();
        Limits limits = policy.limits();
        Function<byte[], Jwks> parser = json -> Jwks.parse(json, rsa, limits);
        this.maxKeyIdLength = limits.maxKeyIdLength();
        this.host = HttpsFetch.host(https.uri());
        this.timeToLive = settings.timeToLive;
        this.interval = settings.minRefreshInterval;
        this.patience = https.totalTimeout().plus(GRACE);
        this.refreshAge = settings.refreshAge();
        this.maxAge = timeToLive.plus(settings.outageTolerance);
        this.source = new JwkSetSource(
                https,
                party == null ? parser : parser.andThen(set -> set.ofParty(party)),
                interval,
                settings.clock,
                settings.ticks);
    }

    /**
     * A source of the keys at this address. Nothing is fetched before the first key is needed, or {@link #refresh} called.
     *
     * @throws IllegalArgumentException if the address is not https, has no host, or has user information or a fragment
     */
    public static Builder builder(URI address) {
        return new Builder(address);
    }

    @Override
    public Optional<VerificationKey> resolve(String keyId) {
        if (keyId.length() > maxKeyIdLength) {
            return Optional.empty();
        }
        Moment now = source.now();
        FetchedSet set = current(now);
        Optional<VerificationKey> key = set.jwks().resolve(keyId);
        return key.isPresent() ? key : lookAgain(set, keyId, now);
    }

    @Override
    public Optional<VerificationKey> resolveUnnamed() {
        return current(source.now()).jwks().resolveUnnamed();
    }

    /**
     * Fetches the set now and waits for it, unless the minimal interval since the last request is not over. To be called
     * at the start of a process that shall not start without keys.
     *
     * @throws UnavailableException if it fails, or the last request within the interval had failed; what was served
     *     before keeps serving
     */
    public void refresh() {
        requireOpen();
        Future<FetchedSet> fetch = source.fetch(source.now());
        if (fetch != null) {
            await(fetch);
        } else if (source.status().failures() > 0) {
            throw unavailable(null);
        }
    }

    /** How the source does, for health checks and dashboards. Never fetches. */
    public State state() {
        JwkSetSource.Status status = source.status();
        FetchedSet set = status.last();
        boolean served = !closed && set != null && age(set, source.now()).compareTo(maxAge) < 0;
        return new State(
                Optional.ofNullable(set).map(known -> known.fetched().wall()),
                Optional.ofNullable(status.failure()),
                status.failures(),
                served && set != null
                        ? set.jwks().keys().stream().map(VerificationKey::id).toList()
                        : List.of(),
                served && set != null ? set.jwks().skipped() : List.of());
    }

    /**
     * Ends a request under way, and with it every call that waits for it. Afterwards, and there, every call is a {@link
     * UnavailableException}.
     */
    @Override
    public void close() {
        closed = true;
        source.close();
    }

    /** Names the host and the number of keys. The rest of the address may hold a secret. */
    @Override
    public String toString() {
        return "RemoteJwks[host=" + host + ", keys=" + state().keyIds().size() + ", " + policy + lowered + "]";
    }

    // ---- the set
    // -----------------------------------------------------------------------------------------------------

    /** The set to serve from. Waits only if there is none, or it is too old and nobody has just failed to renew it. */
    private FetchedSet current(Moment now) {
        requireOpen();
        FetchedSet set = source.status().last();
        if (set == null) {
            return load(null, now);
        }
        Duration age = age(set, now);
        if (age.compareTo(refreshAge) < 0) {
            return set;
        }
        if (age.compareTo(maxAge) >= 0) {
            return load(set, now);
        }
        if (age.compareTo(timeToLive) >= 0 && !failedLately(now)) {
            return renewed(set, now);
        }
        source.fetchInBackground(now);
        return set;
    }

    private FetchedSet renewed(FetchedSet set, Moment now) {
        try {
            return load(set, now);
        } catch (UnavailableException e) {
            requireOpen();
            // An outage, which is tolerated up to the maximal age; to go away before the answer is none.
            if (Thread.currentThread().isInterrupted() || age(set, source.now()).compareTo(maxAge) >= 0) {
                throw e;
            }
            return set;
        }
    }

    private boolean failedLately(Moment now) {
        Moment failed = source.status().failed();
        return failed != null && failed.until(now).compareTo(timeToLive) < 0;
    }

    /** Fetches, or waits for who does, until there is another set than the one seen. */
    private FetchedSet load(@Nullable FetchedSet seen, Moment now) {
        Future<FetchedSet> fetch = source.fetch(now);
        if (fetch != null) {
            return await(fetch);
        }
        FetchedSet set = source.status().last();
        if (set == null || set == seen) {
            throw unavailable(null);
        }
        return set;
    }

    @CanIgnoreReturnValue
    private FetchedSet await(Future<FetchedSet> fetch) {
        try {
            FetchedSet set = fetch.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            requireOpen();
            return set;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("JWK set of " + host + ": the calling thread was interrupted", e);
        } catch (ExecutionException e) {
            requireOpen();
            throw unavailable(e.getCause());
        } catch (TimeoutException e) {
            throw unavailable(e);
        }
    }

    // ---- ids that the set lacks
    // --------------------------------------------------------------------------------------

    private Optional<VerificationKey> lookAgain(FetchedSet set, String keyId, Moment now) {
        if (set.missing().contains(keyId)) {
            // It may be published by now: whoever asks first must not keep it unknown for those who come later.
            source.fetchInBackground(now);
            return verdict(keyId);
        }
        Future<FetchedSet> fetch = source.fetch(now);
        if (fetch == null) {
            return verdict(keyId);
        }
        // The flood of ids that nobody has may hold this many threads, and no more.
        if (!waiting.tryAcquire()) {
            throw new UnavailableException(
                    "JWK set of " + host + ": too many calls wait for the answer whether a key id is new");
        }
        try {
            FetchedSet next = await(fetch);
            Optional<VerificationKey> key = next.jwks().resolve(keyId);
            if (key.isEmpty()) {
                next.missing().add(keyId);
            }
            return key;
        } finally {
            waiting.release();
        }
    }

    /** What can be said without a fetch: a set that could not be renewed does not tell which ids are unknown. */
    private Optional<VerificationKey> verdict(String keyId) {
        JwkSetSource.Status status = source.status();
        FetchedSet set = status.last();
        Optional<VerificationKey> key =
                set == null ? Optional.empty() : set.jwks().resolve(keyId);
        if (key.isEmpty() && status.failures() > 0) {
            throw unavailable(null);
        }
        return key;
    }

    // ---- details
    // -----------------------------------------------------------------------------------------------------

    /** A set that was fetched when the clock was ahead has to be renewed; how old it is, only the other clock knows. */
    private Duration age(FetchedSet set, Moment now) {
        return set.fetched().age(now, interval, timeToLive);
    }

    private void requireOpen() {
        if (closed) {
            throw new UnavailableException("JWK set of " + host + ": closed");
        }
    }

    private UnavailableException unavailable(@Nullable Throwable cause) {
        Failure failure = source.status().failure();
        String code = failure == null ? "no answer yet" : failure.code().name();
        String message = "JWK set of " + host + ": " + code;
        return cause == null ? new UnavailableException(message) : new UnavailableException(message, cause);
    }

    /** Sets up a {@link RemoteJwks}. Without further calls, its address is on the public internet. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final URI address;
        private final Set<String> redirectHosts = new HashSet<>();
        private final Lowered lowered = new Lowered();
        private boolean allowPrivateAddresses;
        private @Nullable Algorithm rsaAlgorithm;
        private @Nullable SSLContext sslContext;
        private Duration timeToLive = Duration.ofMinutes(15);
        private @Nullable Duration refreshAhead;
        private Duration outageTolerance = Duration.ofHours(4);
        private Duration minRefreshInterval = Duration.ofSeconds(30);
        private Duration connectTimeout = Duration.ofSeconds(3);
        private Duration readTimeout = Duration.ofSeconds(5);
        private Duration totalTimeout = Duration.ofSeconds(10);
        private int maxBytes = 256 << 10;
        private @Nullable String party;
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private InstantSource clock = InstantSource.system();
        private LongSupplier ticks = System::nanoTime;
        private HttpsFetch.Names names = name -> List.of(InetAddress.getAllByName(name));

        private Builder(URI address) {
            this.address = HttpsFetch.requireUsable(address);
        }

        /** RSA keys without an {@code alg} are of this algorithm, as the parties have agreed. */
        public Builder rsaAlgorithm(Algorithm algorithm) {
            rsaAlgorithm = Jwks.requireRsaSignature(algorithm);
            return this;
        }

        /**
         * The name of whose keys these are ({@link VerificationKey#withParty}): signatures by an old and a new key of the
         * set then count as one where several are demanded, and its keys share their room in a replay store.
         */
        public Builder party(String name) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("the name of a party is not empty");
            }
            party = name;
            return this;
        }

        /**
         * Follows redirects, three at most, to these hosts and the address' own, by https and on the same port. By
         * default none is followed.
         */
        public Builder allowHosts(String... hosts) {
            lowered.add("allowHosts");
            redirectHosts.add(HttpsFetch.host(address));
            for (String host : hosts) {
                redirectHosts.add(host.toLowerCase(Locale.ROOT));
            }
            return this;
        }

        /**
         * Connects also to loopback and private networks (RFC 1918, RFC 6598, unique local addresses). Link-local,
         * multicast and reserved addresses, metadata services, and IPv6 forms of IPv4 addresses stay refused.
         */
        public Builder allowPrivateAddresses() {
            allowPrivateAddresses = true;
            lowered.add("allowPrivateAddresses");
            return this;
        }

        /**
         * Which certificates are trusted, for a CA of one's own. By default those of the Java runtime, without a client
         * certificate. The host name is checked in any case.
         */
        public Builder sslContext(SSLContext context) {
            sslContext = context;
            return this;
        }

        /** How long a set serves without having to be renewed: 15 minutes by default, 1 minute to 1 day. */
        public Builder timeToLive(Duration duration) {
            timeToLive = within(duration, Duration.ofMinutes(1), Duration.ofDays(1), "the time to live");
            return this;
        }

        /** How long before the end of its life a set is renewed in the background: a third of it by default. */
        public Builder refreshAhead(Duration duration) {
            refreshAhead = within(duration, Duration.ZERO, Duration.ofDays(1), "the time of refresh ahead");
            return this;
        }

        /** How long beyond its life a set serves while it cannot be renewed: 4 hours by default, at most 7 days. */
        public Builder outageTolerance(Duration duration) {
            outageTolerance = within(duration, Duration.ZERO, Duration.ofDays(7), "the tolerated outage");
            return this;
        }

        /** The least time between two requests, whatever their cause: 30 seconds by default, 1 second to 1 hour. */
        public Builder minRefreshInterval(Duration duration) {
            minRefreshInterval =
                    within(duration, Duration.ofSeconds(1), Duration.ofHours(1), "the interval between requests");
            return this;
        }

        /**
         * How long a connection, a pause of the server, and all of a fetch may take: 3, 5 and 10 seconds by default, each
         * at most a minute.
         */
        public Builder timeouts(Duration connect, Duration read, Duration total) {
            connectTimeout = timeout(connect);
            readTimeout = timeout(read);
            totalTimeout = timeout(total);
            return this;
        }

        /**
         * The most bytes of a set: 256 KiB by default, at most {@link Limits#maxJsonBytes}. However large, a set has no more
         * than the 10,000 members and elements of {@link Limits#maxJsonMembers}, which are some 1,400 keys of six members.
         */
        public Builder maxBytes(int bytes) {
            if (bytes <= 0) {
                throw new IllegalArgumentException("the size is not positive");
            }
            maxBytes = bytes;
            return this;
        }

        /** Another policy than {@link SecurityPolicy#recommended2026()}, for its limits. */
        public Builder policy(SecurityPolicy newPolicy) {
            policy = newPolicy;
            return this;
        }

        /** Another clock. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /** Another clock that only runs, for tests. */
        Builder ticks(LongSupplier nanoTime) {
            ticks = nanoTime;
            return this;
        }

        /** Another resolver of names than the process', for tests. */
        Builder names(HttpsFetch.Names newNames) {
            names = newNames;
            return this;
        }

        /**
         * The source, without fetching.
         *
         * @throws IllegalArgumentException if the durations do not fit each other, or the size is over the policy's limit
         */
        @CheckReturnValue
        public RemoteJwks build() {
            int most = policy.limits().maxJsonBytes();
            if (maxBytes > most) {
                throw new IllegalArgumentException("the size is not within 1 to " + most + " bytes");
            }
            if (refreshAge().compareTo(totalTimeout.plus(GRACE)) < 0) {
                throw new IllegalArgumentException("the refresh ahead leaves too little of the time to live");
            }
            if (minRefreshInterval.compareTo(timeToLive) > 0) {
                throw new IllegalArgumentException("the interval between requests is longer than the time to live");
            }
            return new RemoteJwks(this);
        }

        private Duration refreshAge() {
            return timeToLive.minus(refreshAhead == null ? timeToLive.dividedBy(3) : refreshAhead);
        }

        private HttpsFetch https() {
            return new HttpsFetch(
                    address,
                    Set.copyOf(redirectHosts),
                    allowPrivateAddresses,
                    sslContext == null ? ownContext() : sslContext,
                    connectTimeout,
                    readTimeout,
                    totalTimeout,
                    maxBytes,
                    names);
        }

        /** Not the process' default, which anybody can replace by one that trusts everybody. */
        private static SSLContext ownContext() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, null, null);
                return context;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the Java runtime has no TLS", e);
            }
        }

        private static Duration timeout(Duration duration) {
            return within(duration, Duration.ofMillis(1), Duration.ofMinutes(1), "a timeout");
        }

        private static Duration within(Duration duration, Duration least, Duration most, String what) {
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw new IllegalArgumentException(what + " is not within " + least + " to " + most);
            }
            return duration;
        }
    }
}
