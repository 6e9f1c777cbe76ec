// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import dev.signet.core.internal.base.Plumbing;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the JCA provider of each operation.
 *
 * <p>{@link #automatic()} takes, per operation and once, the provider known to be fastest among those present (Amazon
 * Corretto Crypto Provider when it is on the class path, Bouncy Castle, the platform's own) that passes a known-answer
 * self-test. {@link #pinned} takes only what the caller names, in that order, for FIPS modules and the like. No provider
 * is registered with the platform. Private keys that are handles, without an encoding, are always used by the provider
 * that they belong to.
 */
public final class Providers {
    /** The direction of a signature or MAC. */
    public enum Operation {
        /** Makes a signature or MAC. */
        SIGN,
        /** Checks a signature or MAC. */
        VERIFY
    }

    /**
     * The provider that serves an operation.
     *
     * @param provider its name; empty if none is present that passes its self-test
     * @param failed names of providers that have the operation and failed its self-test; if both are empty, none has it
     */
    public record Choice(Algorithm algorithm, Operation operation, Optional<String> provider, List<String> failed) {}

    static {
        Plumbing.DOOR.open(new CorePlumbing());
    }

    private static final String ACCP = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private static final long RETEST_NANOS = 1_000_000_000L;

    private final List<Provider> pinned;
    private final Map<Algorithm, Selection> signing = new ConcurrentHashMap<>();
    private final Map<Algorithm, Selection> verifying = new ConcurrentHashMap<>();
    private final Map<String, Provider> digests = new ConcurrentHashMap<>();
    private final Map<String, Provider> ciphers = new ConcurrentHashMap<>();
    private final Provider composite = new CompositeProvider(this);

    private Providers(List<Provider> pinned) {
        this.pinned = pinned;
    }

    /** The fastest provider present for each operation. */
    public static Providers automatic() {
        return Automatic.INSTANCE;
    }

    /** These providers only, the first that has an operation and passes its self-test. */
    public static Providers pinned(Provider first, Provider... more) {
        List<Provider> all = new ArrayList<>();
        all.add(first);
        all.addAll(Arrays.asList(more));
        return new Providers(List.copyOf(all));
    }

    /** The choice for an operation, made and tested now if it was not before. */
    public Choice choice(Algorithm algorithm, Operation operation) {
        Selection selection = selection(algorithm, operation);
        return new Choice(
                algorithm, operation, Optional.ofNullable(selection.provider).map(Provider::getName), selection.failed);
    }

    /** The providers that have an operation, in order of preference and before any self-test. */
    List<Provider> candidates(Algorithm algorithm, Operation operation) {
        List<Provider> all = pinned.isEmpty() ? automaticOrder(algorithm, operation) : pinned;
        return all.stream()
                .filter(p -> Engine.isOfferedBy(p, algorithm))
                .distinct()
                .toList();
    }

    /**
     * One JCA provider whose every service is that of the fastest provider here which has it, for engines that take a
     * single provider for a whole operation. It is not registered with the platform and belongs to this object.
     */
    Provider composite() {
        return composite;
    }

    /** Names the pinned providers. */
    @Override
    public String toString() {
        return pinned.isEmpty()
                ? "Providers[automatic]"
                : "Providers[pinned "
                        + String.join(
                                ", ", pinned.stream().map(Provider::getName).toList()) + "]";
    }

    /** A new message digest; {@code algorithm} is a JCA name such as {@code SHA-256}. */
    MessageDigest messageDigest(String algorithm) {
        Provider provider = digests.get(algorithm);
        try {
            if (provider != null) {
                return MessageDigest.getInstance(algorithm, provider);
            }
            MessageDigest digest = findDigest(algorithm);
            digests.put(algorithm, digest.getProvider());
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("of " + describe() + " none has " + algorithm, e);
        }
    }

    /**
     * A new cipher of the fastest provider that has it, not yet initialised; {@code transformation} is a JCA name such as
     * {@code AES/ECB/NoPadding}.
     */
    Cipher cipher(String transformation) {
        Provider known = ciphers.get(transformation);
        for (Provider provider : known == null ? order("Cipher", transformation) : List.of(known)) {
            try {
                // Only this asks a provider for mode and padding, too.
                Cipher cipher = Cipher.getInstance(transformation, provider);
                ciphers.put(transformation, provider);
                return cipher;
            } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
                // The next one may have it.
            }
        }
        throw new IllegalStateException("of " + describe() + " none has " + transformation);
    }

    /**
     * @throws IllegalStateException if none has the algorithm
     * @throws UnavailableException if none of those that have it passes its self-test, as far as they were asked
     */
    Provider provider(Algorithm algorithm, Operation operation) {
        Selection selection = selection(algorithm, operation);
        if (selection.provider != null) {
            return selection.provider;
        }
        if (selection.failed.isEmpty()) {
            throw new IllegalStateException(describe() + " do not have " + algorithm.joseName());
        }
        throw new UnavailableException("of " + describe() + " none passes the self-test of " + algorithm.joseName()
                + "; failed: " + String.join(", ", selection.failed));
    }

    /** Names those that are asked, for messages. */
    String describe() {
        return pinned.isEmpty()
                ? "the providers present"
                : "the pinned providers ("
                        + pinned.stream().map(Provider::getName).collect(Collectors.joining(", ")) + ")";
    }

    /** The providers to ask for fresh keys: the platform's own first, whose key classes everybody takes. */
    List<Provider> generators(Algorithm algorithm, String name) {
        List<Provider> all = new ArrayList<>(pinned);
        if (pinned.isEmpty()) {
            if (algorithm.family != Algorithm.Family.ML_DSA) {
                all.addAll(Arrays.asList(Security.getProviders()));
            }
            all.add(Known.BOUNCY_CASTLE);
        }
        all.removeIf(provider -> provider.getService("KeyPairGenerator", name) == null);
        return all;
    }

    /** The providers to ask for a JCA service, fastest first. */
    List<Provider> order(String type, String algorithm) {
        if (!pinned.isEmpty()) {
            return pinned;
        }
        List<Provider> platform = Arrays.asList(Security.getProviders());
        List<Provider> order = new ArrayList<>();
        boolean curve = type.startsWith("Key") && !algorithm.startsWith("RSA");
        if (curve) {
            // Points are multiplied ten times faster than by the platform before JDK 25.
            order.add(Known.BOUNCY_CASTLE);
        }
        order.addAll(platform);
        order.add(Known.BOUNCY_CASTLE);
        if (Known.ACCP_INSTANCE != null) {
            // The platform's digests are compiler intrinsics, which no call into native code beats.
            boolean hash = type.equals("Mac") || type.equals("MessageDigest");
            order.add(hash ? order.size() : 0, Known.ACCP_INSTANCE);
        }
        return order;
    }

    /** The named providers, or empty if the choice is automatic. */
    List<Provider> pinned() {
        return pinned;
    }

    static Provider bouncyCastle() {
        return Known.BOUNCY_CASTLE;
    }

    private MessageDigest findDigest(String algorithm) throws NoSuchAlgorithmException {
        for (Provider provider : pinned) {
            if (provider.getService("MessageDigest", algorithm) != null) {
                return MessageDigest.getInstance(algorithm, provider);
            }
        }
        if (!pinned.isEmpty()) {
            throw new NoSuchAlgorithmException(algorithm);
        }
        return MessageDigest.getInstance(algorithm);
    }

    private Selection selection(Algorithm algorithm, Operation operation) {
        if (!algorithm.isSignature()) {
            throw new IllegalArgumentException(algorithm.joseName() + " neither signs nor verifies");
        }
        Map<Algorithm, Selection> known = operation == Operation.SIGN ? signing : verifying;
        Selection selection = known.get(algorithm);
        if (selection == null || selection.isWorthAnotherTest()) {
            // Two threads may both test; both come to the same answer.
            selection = select(algorithm, operation);
            known.put(algorithm, selection);
        }
        return selection;
    }

    private Selection select(Algorithm algorithm, Operation operation) {
        List<String> failed = new ArrayList<>();
        for (Provider provider : candidates(algorithm, operation)) {
            if (SelfTest.passes(algorithm, operation, provider)) {
                return new Selection(provider, List.copyOf(failed), 0);
            }
            failed.add(provider.getName());
        }
        return new Selection(null, List.copyOf(failed), System.nanoTime());
    }

    /** Fastest first, as measured; the table is in the guide, and {@code signet doctor} measures it anew. */
    private static List<Provider> automaticOrder(Algorithm algorithm, Operation operation) {
        List<Provider> platform = Arrays.asList(Security.getProviders());
        List<Provider> order = new ArrayList<>();
        if (Known.ACCP_INSTANCE != null) {
            order.add(Known.ACCP_INSTANCE);
        }
        if (algorithm.family.isRsa() && operation == Operation.VERIFY) {
            order.addAll(platform);
            order.add(Known.BOUNCY_CASTLE);
        } else {
            order.add(Known.BOUNCY_CASTLE);
            order.addAll(platform);
        }
        if (algorithm.family == Algorithm.Family.HMAC) {
            // The platform's digests are compiler intrinsics, which no call into native code beats.
            order.addAll(0, platform);
        }
        return order;
    }

    /** @param failedAt by {@link System#nanoTime}, where no provider passed */
    private record Selection(@Nullable Provider provider, List<String> failed, long failedAt) {
        /** A module that was down when it was first asked may have come back. */
        boolean isWorthAnotherTest() {
            return provider == null && !failed.isEmpty() && System.nanoTime() - failedAt > RETEST_NANOS;
        }
    }

    private static final class Automatic {
        static final Providers INSTANCE = new Providers(List.of());
    }

    private static final class Known {
        static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();
        static final @Nullable Provider ACCP_INSTANCE = load();

        private static @Nullable Provider load() {
            try {
                return (Provider) Class.forName(ACCP, true, Providers.class.getClassLoader())
                        .getField("INSTANCE")
                        .get(null);
            } catch (ReflectiveOperationException | LinkageError e) {
                // Optional: absent, or built for another platform.
                return null;
            }
        }
    }
}
