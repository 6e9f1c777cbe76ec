// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.time.Duration;
import java.util.Set;

/**
 * What is acceptable, as an immutable object with a date in its name: which algorithms, how old a message may be, how
 * large, and whose cryptography is used. A tighter policy comes under a new name, so that no upgrade changes a verdict.
 */
public final class SecurityPolicy {
    private static final SecurityPolicy RECOMMENDED_2026 = new SecurityPolicy(
            "recommended2026",
            signatureAlgorithms(),
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            Limits.recommended2026(),
            Providers.automatic());

    private final String name;
    private final Set<Algorithm> algorithms;
    private final Duration maxAge;
    private final Duration clockSkew;
    private final Limits limits;
    private final Providers providers;

    private SecurityPolicy(
            String name,
            Set<Algorithm> algorithms,
            Duration maxAge,
            Duration clockSkew,
            Limits limits,
            Providers providers) {
        this.name = name;
        this.algorithms = algorithms;
        this.maxAge = maxAge;
        this.clockSkew = clockSkew;
        this.limits = limits;
        this.providers = providers;
    }

    /**
     * The policy recommended in 2026: every signature algorithm of {@link Algorithm}, messages of at most 5 minutes, clocks
     * that differ by at most 30 seconds, {@link Limits#recommended2026()} and {@link Providers#automatic()}.
     */
    public static SecurityPolicy recommended2026() {
        return RECOMMENDED_2026;
    }

    /** Only these of the policy's algorithms. */
    public SecurityPolicy withAlgorithms(Set<Algorithm> subset) {
        if (subset.isEmpty() || !algorithms.containsAll(subset)) {
            throw new IllegalArgumentException("a non-empty subset of the policy's algorithms is needed");
        }
        return new SecurityPolicy(name, Set.copyOf(subset), maxAge, clockSkew, limits, providers);
    }

    /**
     * A shorter maximal age.
     *
     * @throws IllegalArgumentException if it is longer than this policy's; see {@link #allowMaxAge}
     */
    public SecurityPolicy withMaxAge(Duration age) {
        if (age.compareTo(maxAge) > 0) {
            throw new IllegalArgumentException("allowMaxAge(…) is needed for more than " + maxAge);
        }
        return allowMaxAge(age);
    }

    /** A maximal age that may be longer: messages can be replayed for as long as the replay guard forgets earlier. */
    public SecurityPolicy allowMaxAge(Duration age) {
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("the maximal age is positive");
        }
        return new SecurityPolicy(name, algorithms, age, clockSkew, limits, providers);
    }

    /** Another bound for the difference of clocks, of at most 5 minutes. */
    public SecurityPolicy withClockSkew(Duration skew) {
        if (skew.isNegative() || skew.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("the clock skew is between 0 and 5 minutes");
        }
        return new SecurityPolicy(name, algorithms, maxAge, skew, limits, providers);
    }

    /** Other limits. */
    public SecurityPolicy withLimits(Limits newLimits) {
        return new SecurityPolicy(name, algorithms, maxAge, clockSkew, newLimits, providers);
    }

    /** Other providers. */
    public SecurityPolicy withProviders(Providers newProviders) {
        return new SecurityPolicy(name, algorithms, maxAge, clockSkew, limits, newProviders);
    }

    /** The signature algorithms that are accepted. */
    public Set<Algorithm> algorithms() {
        return algorithms;
    }

    /** How long after its creation a message is accepted. */
    public Duration maxAge() {
        return maxAge;
    }

    /** How far clocks may differ. */
    public Duration clockSkew() {
        return clockSkew;
    }

    /** Bounds that hold before any cryptography. */
    public Limits limits() {
        return limits;
    }

    /** Whose cryptography is used. */
    public Providers providers() {
        return providers;
    }

    @Override
    public String toString() {
        return "SecurityPolicy[" + name + ", maxAge=" + maxAge + ", clockSkew=" + clockSkew + "]";
    }

    private static Set<Algorithm> signatureAlgorithms() {
        return java.util.Arrays.stream(Algorithm.values())
                .filter(Algorithm::isSignature)
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }
}
