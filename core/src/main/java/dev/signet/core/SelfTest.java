// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import dev.signet.core.Providers.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Properties;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * Known-answer tests that a provider must pass before its first use: it accepts a good signature, refuses a bad one, and
 * where the algorithm is deterministic makes the expected one.
 */
final class SelfTest {
    private static final byte[] MESSAGE = "Signet self-test message".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER = "Signet self-test massage".getBytes(StandardCharsets.US_ASCII);

    private SelfTest() {}

    static boolean passes(Algorithm algorithm, Operation operation, Provider provider) {
        try {
            return algorithm.family == Algorithm.Family.HMAC
                    ? macPasses(algorithm, provider)
                    : operation == Operation.SIGN
                            ? signingPasses(algorithm, provider)
                            : verifyingPasses(algorithm, provider);
        } catch (RuntimeException | LinkageError e) {
            // Whatever a provider does wrong, the next one is asked.
            return false;
        }
    }

    /** Whether a provider that passed before accepts a good signature now. */
    static boolean verifies(Algorithm algorithm, Provider provider) {
        try {
            return Engine.verifyingInSelfTest(algorithm, knownPublicKey(algorithm), provider)
                    .verify(MESSAGE, 0, MESSAGE.length, known(algorithm.joseName() + ".signature"));
        } catch (RuntimeException | LinkageError e) {
            return false;
        }
    }

    private static boolean macPasses(Algorithm algorithm, Provider provider) {
        SecretBytes secret = SecretBytes.copyOf(new byte[algorithm.length]);
        Engine engine = Engine.mac(algorithm, secret, provider);
        byte[] expected = known(algorithm.joseName() + ".signature");
        return Arrays.equals(expected, engine.sign(MESSAGE, 0, MESSAGE.length))
                && !engine.verify(OTHER, 0, OTHER.length, expected);
    }

    private static boolean verifyingPasses(Algorithm algorithm, Provider provider) {
        Engine engine = Engine.verifyingInSelfTest(algorithm, knownPublicKey(algorithm), provider);
        return judges(engine, known(algorithm.joseName() + ".signature"));
    }

    private static boolean signingPasses(Algorithm algorithm, Provider provider) {
        PrivateKey key =
                KeyCodec.privateKey(algorithm, PrivateKeyInfo.getInstance(known(keyName(algorithm) + ".private")));
        byte[] signature = Engine.signing(algorithm, key, provider).sign(MESSAGE, 0, MESSAGE.length);
        boolean deterministic =
                algorithm.family == Algorithm.Family.EDDSA || algorithm.family == Algorithm.Family.RSA_PKCS1;
        return deterministic
                ? Arrays.equals(signature, known(algorithm.joseName() + ".signature"))
                : judges(Engine.verifyingInSelfTest(algorithm, knownPublicKey(algorithm), provider), signature);
    }

    private static boolean judges(Engine engine, byte[] signature) {
        byte[] broken = signature.clone();
        broken[broken.length / 2] ^= 1;
        return engine.verify(MESSAGE, 0, MESSAGE.length, signature)
                && !engine.verify(OTHER, 0, OTHER.length, signature)
                && !engine.verify(MESSAGE, 0, MESSAGE.length, broken);
    }

    private static PublicKey knownPublicKey(Algorithm algorithm) {
        return KeyCodec.publicKey(algorithm, SubjectPublicKeyInfo.getInstance(known(keyName(algorithm) + ".public")));
    }

    private static String keyName(Algorithm algorithm) {
        return algorithm.family.isRsa() ? "RSA" : algorithm.joseName();
    }

    private static byte[] known(String name) {
        String value = Vectors.ALL.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("no self-test data for " + name);
        }
        return Base64.getDecoder().decode(value);
    }

    private static final class Vectors {
        static final Properties ALL = load();

        private static Properties load() {
            Properties properties = new Properties();
            try (InputStream in = SelfTest.class.getResourceAsStream("self-test.properties")) {
                properties.load(in);
            } catch (IOException e) {
                throw new IllegalStateException("cannot read the self-test data", e);
            }
            return properties;
        }
    }
}
