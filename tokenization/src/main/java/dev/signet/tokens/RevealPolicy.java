// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may see how much of a value, for what purpose, and how many in a time.
 *
 * <pre>{@code
 * RevealPolicy policy = RevealPolicy.builder()
 *         .purpose("support", Reveal.PARTIAL) // whoever the application lets in
 *         .purpose("refund", Reveal.CLEAR, Set.of("billing")) // one caller only
 *         .purpose("analytics", Reveal.TOKEN)
 *         .rate(200, Duration.ofMinutes(1)) // values of one caller
 *         .build();
 * }</pre>
 *
 * <p><b>Security properties.</b> What is not granted is refused with {@link Reason#PURPOSE_NOT_ALLOWED}, and the refusal does
 * not tell an unknown purpose from one granted to others only. Each caller may reveal 1,000 values in any minute, and no more
 * with {@link Reason#RATE_EXCEEDED}. Translation into another domain is a right of its own. The caller's name is taken as
 * given: the application authenticates. A policy is not bound to a domain: where domains differ in who may see them, each has
 * a policy of its own.
 *
 * <p>Immutable and thread-safe.
 */
@CheckReturnValue
public final class RevealPolicy {
    private static final long DEFAULT_VALUES = 1_000;
    private static final Duration DEFAULT_WINDOW = Duration.ofMinutes(1);

    private final Map<String, Grant> grants;
    private final Map<Translation, Set<String>> translations;
    private final long values;
    private final Duration window;

    private RevealPolicy(Builder builder) {
        grants = Map.copyOf(builder.grants);
        translations = Map.copyOf(builder.translations);
        values = builder.values;
        window = builder.window;
    }

    /** Starts a policy that grants nothing. */
    public static Builder builder() {
        return new Builder();
    }

    Reveal require(Access access) {
        Grant grant = grants.get(access.purpose());
        if (grant == null || (grant.callers != null && !grant.callers.contains(access.caller()))) {
            throw new VerificationException(Reason.PURPOSE_NOT_ALLOWED);
        }
        return grant.reveal;
    }

    void requireTranslation(Access access, TokenDomain from, TokenDomain to) {
        Set<String> callers = translations.get(new Translation(access.purpose(), from, to));
        if (callers == null || !callers.contains(access.caller())) {
            throw new VerificationException(Reason.PURPOSE_NOT_ALLOWED);
        }
    }

    RateLimiter limiter(InstantSource clock) {
        return new RateLimiter(values, window, RateLimiter.MAX_CALLERS, clock);
    }

    @Override
    public String toString() {
        return "RevealPolicy[" + grants.size() + " purposes, " + translations.size() + " translations, " + values
                + " values in " + window
                + (isAbove(values, window) ? ", allowRate" : "")
                + (translations.isEmpty() ? "" : ", allowTranslation")
                + "]";
    }

    /** More at once, or more in the long run, than holds unless said otherwise. */
    private static boolean isAbove(long values, Duration window) {
        return values > DEFAULT_VALUES
                || window.multipliedBy(DEFAULT_VALUES).compareTo(DEFAULT_WINDOW.multipliedBy(values)) < 0;
    }

    private record Grant(Reveal reveal, @Nullable Set<String> callers) {}

    private record Translation(String purpose, TokenDomain from, TokenDomain to) {}

    /** Collects grants and the rate. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final Map<String, Grant> grants = new HashMap<>();
        private final Map<Translation, Set<String>> translations = new HashMap<>();
        private long values = DEFAULT_VALUES;
        private Duration window = DEFAULT_WINDOW;

        private Builder() {}

        /** What every caller may see for a purpose. */
        public Builder purpose(String purpose, Reveal reveal) {
            return grant(purpose, new Grant(reveal, null));
        }

        /**
         * What some callers may see for a purpose; all others see nothing.
         *
         * @param callers at least one
         */
        public Builder purpose(String purpose, Reveal reveal, Set<String> callers) {
            return grant(purpose, new Grant(reveal, checked(callers)));
        }

        /**
         * Lets some callers turn tokens of one domain into tokens of another, for a purpose; no value is revealed. Moving the
         * tokens of a domain to a new version of its key is a translation into the domain itself.
         *
         * <p>Tokens that could not be linked can be linked by whoever may translate.
         *
         * @param callers at least one
         */
        public Builder allowTranslation(String purpose, TokenDomain from, TokenDomain to, Set<String> callers) {
            Translation right = new Translation(Names.check(purpose, "a purpose"), from, to);
            if (translations.putIfAbsent(right, checked(callers)) != null) {
                throw new IllegalArgumentException("the translation is granted twice for one purpose");
            }
            return this;
        }

        /**
         * The values that one caller may reveal in any window of this length: fewer than the 1,000 a minute which hold unless
         * said otherwise.
         *
         * @throws IllegalArgumentException if that would be more
         */
        public Builder rate(long newValues, Duration newWindow) {
            check(newValues, newWindow);
            if (isAbove(newValues, newWindow)) {
                throw new IllegalArgumentException("more than 1,000 values a minute: use allowRate");
            }
            values = newValues;
            window = newWindow;
            return this;
        }

        /** Any number of values that one caller may reveal in any window of this length, also above 1,000 a minute. */
        public Builder allowRate(long newValues, Duration newWindow) {
            check(newValues, newWindow);
            values = newValues;
            window = newWindow;
            return this;
        }

        /** The policy. */
        @CheckReturnValue
        public RevealPolicy build() {
            return new RevealPolicy(this);
        }

        private Builder grant(String purpose, Grant grant) {
            if (grants.putIfAbsent(Names.check(purpose, "a purpose"), grant) != null) {
                throw new IllegalArgumentException("a purpose is granted once, with all its callers");
            }
            return this;
        }

        private static Set<String> checked(Set<String> callers) {
            if (callers.isEmpty()) {
                throw new IllegalArgumentException("a grant to named callers names at least one");
            }
            Set<String> copy = new HashSet<>();
            callers.forEach(caller -> copy.add(Names.check(caller, "a caller")));
            return Set.copyOf(copy);
        }

        private static void check(long values, Duration window) {
            if (values < 1
                    || window.compareTo(Duration.ofSeconds(1)) < 0
                    || window.compareTo(Duration.ofDays(31)) > 0) {
                throw new IllegalArgumentException("a rate is at least one value in a window of 1 second to 31 days");
            }
        }
    }
}
