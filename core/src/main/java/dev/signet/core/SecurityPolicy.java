// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What is acceptable, as an immutable object with a date in its name: which algorithms, how old a message may be, how
 * large, and whose cryptography is used. A tighter policy comes under a new name, so that no upgrade changes a verdict.
 */
public final class SecurityPolicy {
    /** The fewest PBKDF2 iterations that are accepted, where passwords are allowed at all. */
    private static final int MIN_PASSWORD_ITERATIONS = 10_000;

    private static final int MAX_PASSWORD_ITERATIONS = 600_000;

    /** The most that {@link #withClockSkew} allows; whoever remembers what was accepted does so for that much longer. */
    public static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(5);

    private static final SecurityPolicy RECOMMENDED_2026 = new SecurityPolicy(new Values());

    private final Values values;

    private SecurityPolicy(Values values) {
        this.values = values;
    }

    /**
     * The policy recommended in 2026: every algorithm of {@link Algorithm} but those with passwords, messages of at most 5
     * minutes, tokens of at most 24 hours, clocks that differ by at most 30 seconds, no compressed ciphertext, {@link
     * Limits#recommended2026()} and {@link Providers#automatic()}.
     */
    public static SecurityPolicy recommended2026() {
        return RECOMMENDED_2026;
    }

    /** Only these of the policy's algorithms. */
    public SecurityPolicy withAlgorithms(Set<Algorithm> subset) {
        if (subset.isEmpty() || !values.algorithms.containsAll(subset)) {
            throw new IllegalArgumentException("a non-empty subset of the policy's algorithms is needed");
        }
        return with(v -> v.algorithms = Set.copyOf(subset));
    }

    /**
     * A shorter maximal age.
     *
     * @throws IllegalArgumentException if it is longer than this policy's; see {@link #allowMaxAge}
     */
    public SecurityPolicy withMaxAge(Duration age) {
        if (age.compareTo(values.maxAge) > 0) {
            throw new IllegalArgumentException("allowMaxAge(…) is needed for more than " + values.maxAge);
        }
        return allowMaxAge(age);
    }

    /** A maximal age that may be longer: messages can be replayed for as long as the replay guard forgets earlier. */
    public SecurityPolicy allowMaxAge(Duration age) {
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("the maximal age is positive");
        }
        return with(v -> v.maxAge = age);
    }

    /**
     * A shorter maximal lifetime of tokens.
     *
     * @throws IllegalArgumentException if it is longer than this policy's; see {@link #allowTokenLifetime}
     */
    public SecurityPolicy withTokenLifetime(Duration lifetime) {
        if (lifetime.compareTo(values.tokenLifetime) > 0) {
            throw new IllegalArgumentException("allowTokenLifetime(…) is needed for more than " + values.tokenLifetime);
        }
        return allowTokenLifetime(lifetime);
    }

    /** A maximal lifetime of tokens that may be longer: a stolen token is good for that long. */
    public SecurityPolicy allowTokenLifetime(Duration lifetime) {
        if (lifetime.isNegative() || lifetime.isZero()) {
            throw new IllegalArgumentException("the maximal lifetime is positive");
        }
        return with(v -> v.tokenLifetime = lifetime);
    }

    /** Another bound for the difference of clocks, of at most 5 minutes. */
    public SecurityPolicy withClockSkew(Duration skew) {
        if (skew.isNegative() || skew.compareTo(MAX_CLOCK_SKEW) > 0) {
            throw new IllegalArgumentException("the clock skew is between 0 and 5 minutes");
        }
        return with(v -> v.clockSkew = skew);
    }

    /**
     * The old name {@code EdDSA} too, for Ed25519 keys, from parties that do not know RFC 9864 yet. Signers write it then,
     * since such parties would not understand the new one.
     */
    public SecurityPolicy allowEdDsaName() {
        return with(v -> v.edDsaName = true);
    }

    /**
     * Passwords as keys of JWEs (PBES2). A message may ask for at most this many PBKDF2 iterations, and for no fewer than
     * 10,000; the work is done before anything is known about the message. Encrypting uses this many.
     *
     * @param maxIterations from 10,000 to 600,000
     */
    public SecurityPolicy allowPasswords(int maxIterations) {
        if (maxIterations < MIN_PASSWORD_ITERATIONS || maxIterations > MAX_PASSWORD_ITERATIONS) {
            throw new IllegalArgumentException(
                    "PBKDF2 runs from " + MIN_PASSWORD_ITERATIONS + " to " + MAX_PASSWORD_ITERATIONS + " iterations");
        }
        return with(v -> {
            v.passwordIterations = maxIterations;
            v.algorithms = Arrays.stream(Algorithm.values())
                    .filter(a -> a.isPasswordBased() || v.algorithms.contains(a))
                    .collect(Collectors.toUnmodifiableSet());
        });
    }

    /** Compressed content in JWEs ({@code zip}), inflated within {@link Limits}. Lengths can tell what was compressed. */
    public SecurityPolicy allowCompression() {
        return with(v -> v.compression = true);
    }

    /** Other limits. */
    public SecurityPolicy withLimits(Limits limits) {
        return with(v -> v.limits = limits);
    }

    /** Other providers. */
    public SecurityPolicy withProviders(Providers providers) {
        return with(v -> v.providers = providers);
    }

    /** The algorithms that are accepted. */
    public Set<Algorithm> algorithms() {
        return values.algorithms;
    }

    /** How long after its creation a message is accepted. */
    public Duration maxAge() {
        return values.maxAge;
    }

    /** How long a token may be good for. */
    public Duration tokenLifetime() {
        return values.tokenLifetime;
    }

    /** How far clocks may differ. */
    public Duration clockSkew() {
        return values.clockSkew;
    }

    /** Whether {@code EdDSA} is read, and written, for Ed25519. */
    public boolean isEdDsaNameAllowed() {
        return values.edDsaName;
    }

    /** The most PBKDF2 iterations; 0 where passwords are not allowed. */
    public int passwordIterations() {
        return values.passwordIterations;
    }

    /** Whether compressed content is inflated. */
    public boolean isCompressionAllowed() {
        return values.compression;
    }

    /** Bounds that hold before any cryptography. */
    public Limits limits() {
        return values.limits;
    }

    /** Whose cryptography is used. */
    public Providers providers() {
        return values.providers;
    }

    @Override
    public String toString() {
        return "SecurityPolicy[recommended2026, maxAge=" + values.maxAge + ", clockSkew=" + values.clockSkew + "]";
    }

    private SecurityPolicy with(Consumer<Values> change) {
        Values changed = new Values(values);
        change.accept(changed);
        return new SecurityPolicy(changed);
    }

    /** Changed only before the policy that owns it is made. */
    private static final class Values {
        Set<Algorithm> algorithms;
        Duration maxAge;
        Duration tokenLifetime;
        Duration clockSkew;
        boolean edDsaName;
        int passwordIterations;
        boolean compression;
        Limits limits;
        Providers providers;

        Values() {
            algorithms = Arrays.stream(Algorithm.values())
                    .filter(a -> !a.isPasswordBased() && a.use() != KeyUse.TOKENIZE)
                    .collect(Collectors.toUnmodifiableSet());
            maxAge = Duration.ofMinutes(5);
            tokenLifetime = Duration.ofHours(24);
            clockSkew = Duration.ofSeconds(30);
            limits = Limits.recommended2026();
            providers = Providers.automatic();
        }

        Values(Values other) {
            algorithms = other.algorithms;
            maxAge = other.maxAge;
            tokenLifetime = other.tokenLifetime;
            clockSkew = other.clockSkew;
            edDsaName = other.edDsaName;
            passwordIterations = other.passwordIterations;
            compression = other.compression;
            limits = other.limits;
            providers = other.providers;
        }
    }
}
