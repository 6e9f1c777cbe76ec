// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.doctor;

import dev.signet.core.Algorithm;
import dev.signet.core.Providers;
import dev.signet.core.SigningKey;
import dev.signet.core.internal.Keys;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import org.jspecify.annotations.Nullable;

/** Measures how long a signature takes, shortly and so roughly. */
final class Stopwatch {
    /** What key generation makes, too. */
    static final int RSA_BITS = 3072;

    private static final long WARM_UP_NANOS = 120_000_000;
    private static final long BATCH_NANOS = 6_000_000;
    private static final int BATCHES = 8;

    private final Providers providers;
    private @Nullable KeyPair rsa;

    Stopwatch(Providers providers) {
        this.providers = providers;
    }

    /** Times of one operation in microseconds. */
    record Speed(double signMicros, double verifyMicros) {
        static final Speed UNKNOWN = new Speed(Double.NaN, Double.NaN);
    }

    Speed measure(Algorithm algorithm) {
        SigningKey key = key(algorithm);
        byte[] message = new byte[512];
        byte[] signature = Keys.sign(key, message, 0, message.length, providers);
        double sign = micros(() -> Keys.sign(key, message, 0, message.length, providers));
        double verify =
                micros(() -> Keys.verify(key.verificationKey(), message, 0, message.length, signature, providers));
        return new Speed(sign, verify);
    }

    private SigningKey key(Algorithm algorithm) {
        if (!algorithm.joseName().matches("[RP]S[0-9]+")) {
            return SigningKey.generate(algorithm);
        }
        // One pair for all, since making one takes long.
        KeyPair pair = rsa;
        if (pair == null) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(RSA_BITS);
                pair = generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every platform makes RSA keys", e);
            }
            rsa = pair;
        }
        return SigningKey.of(algorithm, pair.getPrivate(), pair.getPublic());
    }

    /** The best of some batches: what else the machine does only ever adds. */
    private static double micros(Runnable operation) {
        run(operation, WARM_UP_NANOS);
        double best = run(operation, BATCH_NANOS);
        for (int i = 1; i < BATCHES; i++) {
            best = Math.min(best, run(operation, BATCH_NANOS));
        }
        return best / 1000;
    }

    /** Nanoseconds for one operation, repeated for at least so long. */
    private static double run(Runnable operation, long nanos) {
        long start = System.nanoTime();
        long elapsed;
        long count = 0;
        do {
            operation.run();
            count++;
            elapsed = System.nanoTime() - start;
        } while (elapsed < nanos);
        return (double) elapsed / count;
    }
}
