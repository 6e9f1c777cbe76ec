// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static dev.signet.core.TestKeys.DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Secrets neither print nor leak into messages. */
class SecretsTest {
    private static final byte[] SECRET = "Zq7#vLp0^Xw9!Rt4&Jm2(Hc6)Ny8_Kd1+".getBytes(StandardCharsets.US_ASCII);

    @Test
    void copyOf_array_isCopiedInAndOut() {
        byte[] in = SECRET.clone();
        SecretBytes secret = SecretBytes.copyOf(in);
        Arrays.fill(in, (byte) 0);
        byte[] out = secret.dangerousToByteArray();
        assertThat(out).isEqualTo(SECRET);
        Arrays.fill(out, (byte) 0);
        assertThat(secret.dangerousToByteArray()).isEqualTo(SECRET);
        assertThat(secret.length()).isEqualTo(SECRET.length);
    }

    @Test
    void destroy_secret_wipesAndRefusesEveryRead() throws Exception {
        SecretBytes secret = SecretBytes.copyOf(SECRET);
        var field = SecretBytes.class.getDeclaredField("bytes");
        field.setAccessible(true);
        byte[] live = (byte[]) field.get(secret);
        SigningKey key = SigningKey.hmac(Algorithm.HS256, secret);
        byte[] tag = key.sign(DATA);
        key.verificationKey().verify(DATA, tag);
        assertThat(secret.isDestroyed()).isFalse();
        secret.destroy();
        secret.destroy();
        assertThat(secret.isDestroyed()).isTrue();
        assertThat(live).containsOnly(0);
        assertThatThrownBy(secret::dangerousToByteArray).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> key.sign(DATA)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> key.verificationKey().verify(DATA, tag)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> SigningKey.hmac(Algorithm.HS256, secret)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void destroy_whileOthersRead_givesTheWholeSecretOrNothing() throws Exception {
        byte[] content = new byte[1024];
        Arrays.fill(content, (byte) 0x5a);
        AtomicReference<SecretBytes> shared = new AtomicReference<>(SecretBytes.copyOf(content));
        AtomicInteger whole = new AtomicInteger();
        AtomicInteger torn = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        Thread[] readers = new Thread[2];
        for (int t = 0; t < readers.length; t++) {
            int kind = t;
            readers[t] = new Thread(() -> {
                while (!done.get()) {
                    SecretBytes secret = shared.get();
                    try {
                        byte[] copy = kind == 0
                                ? secret.dangerousToByteArray()
                                : secret.toKey("HmacSHA256").getEncoded();
                        (Arrays.equals(copy, content) ? whole : torn).incrementAndGet();
                    } catch (IllegalStateException e) {
                        Thread.onSpinWait();
                    }
                }
            });
            readers[t].start();
        }
        for (int i = 0; i < 60_000; i++) {
            SecretBytes next = SecretBytes.copyOf(content);
            SecretBytes old = shared.getAndSet(next);
            old.destroy();
        }
        done.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(torn).hasValue(0);
        assertThat(whole).hasPositiveValue();
    }

    @Test
    void destroy_whileOthersMakeMacs_givesTheRightMacOrNothing() throws Exception {
        byte[] right =
                SigningKey.hmac(Algorithm.HS256, SecretBytes.copyOf(SECRET)).sign(DATA);
        AtomicInteger wrong = new AtomicInteger();
        for (int i = 0; i < 2_000; i++) {
            SecretBytes secret = SecretBytes.copyOf(SECRET);
            SigningKey key = SigningKey.hmac(Algorithm.HS256, secret);
            Thread reader = new Thread(() -> {
                try {
                    for (int n = 0; n < 100_000; n++) {
                        // A key with another id has no object of its own yet.
                        if (!Arrays.equals(right, key.withId("n").sign(DATA))) {
                            wrong.incrementAndGet();
                        }
                    }
                } catch (IllegalStateException e) {
                    // Destroyed.
                }
            });
            reader.start();
            Thread.onSpinWait();
            secret.destroy();
            reader.join();
        }
        assertThat(wrong).hasValue(0);
    }

    @Test
    void equals_comparesContentAndHashesNone() {
        SecretBytes secret = SecretBytes.copyOf(SECRET);
        assertThat(secret).isEqualTo(SecretBytes.copyOf(SECRET)).isNotEqualTo(SecretBytes.random(SECRET.length));
        assertThat(secret.hashCode())
                .isEqualTo(SecretBytes.random(SECRET.length).hashCode());
        assertThat(SecretBytes.random(32)).isNotEqualTo(SecretBytes.random(32));
        SecretBytes destroyed = SecretBytes.copyOf(SECRET);
        destroyed.destroy();
        assertThat(destroyed).isNotEqualTo(secret).isNotEqualTo(SecretBytes.copyOf(new byte[SECRET.length]));
    }

    @Test
    void toString_everyKindOfKey_showsNoSecret() {
        for (Algorithm algorithm : TestKeys.signatureAlgorithms()) {
            SigningKey key = TestKeys.signing(algorithm);
            List<byte[]> secrets = secretsOf(key);
            assertHides(key, secrets);
            assertHides(key.verificationKey(), secrets);
            assertHides(Keyset.of(key), secrets);
            assertHides(key.dangerousSecret(), secrets);
        }
        SecretBytes secret = SecretBytes.random(32);
        List<byte[]> bytes = List.of(secret.dangerousToByteArray());
        DecryptionKey decryption = DecryptionKey.secret(Algorithm.A256KW, secret);
        for (Object shown : List.of(
                secret, decryption, decryption.encryptionKey(), TokenizationKey.of(secret), Keyset.of(decryption))) {
            assertHides(shown, bytes);
        }
    }

    @Test
    void exceptions_ofEveryRefusal_showNoSecret() {
        List<byte[]> secrets = new ArrayList<>(List.of(SECRET));
        SecretBytes secret = SecretBytes.copyOf(SECRET);
        SigningKey ec = TestKeys.signing(Algorithm.ES256);
        secrets.addAll(secretsOf(ec));
        SigningKey rsa = TestKeys.signing(Algorithm.RS256);
        secrets.addAll(secretsOf(rsa));
        SigningKey mac = SigningKey.hmac(Algorithm.HS256, secret);
        byte[] signature = ec.sign(DATA);
        secrets.add(signature);
        List<Runnable> refusals = List.of(
                () -> SigningKey.hmac(Algorithm.HS512, secret),
                () -> DecryptionKey.secret(Algorithm.A256KW, secret),
                () -> TokenizationKey.of(secret),
                () -> mac.withStatus(KeyStatus.DISABLED).sign(DATA),
                () -> mac.verificationKey().verify(DATA, signature),
                () -> ec.verificationKey().verify(TestKeys.OTHER, signature),
                () -> SigningKey.of(
                        Algorithm.ES256,
                        ec.dangerousPrivateKey().orElseThrow(),
                        TestKeys.anotherSigning(Algorithm.ES256)
                                .verificationKey()
                                .publicKey()
                                .orElseThrow()),
                () -> SigningKey.of(
                        Algorithm.ES256,
                        rsa.dangerousPrivateKey().orElseThrow(),
                        ec.verificationKey().publicKey().orElseThrow()),
                () -> SigningKey.fromPem(Algorithm.ES384, ec.dangerousToPem()),
                () -> SigningKey.fromPem(Algorithm.ES256, rsa.dangerousToPem()),
                () -> SigningKey.fromPem(Algorithm.RS256, rsa.dangerousToPem().substring(0, 400)),
                () -> SigningKey.fromPem(Algorithm.RS256, rsa.dangerousToPem().replace("MII", "MIJ")),
                () -> SigningKey.fromPem(Algorithm.RS256, rsa.dangerousToPem().replaceFirst("\n", "\n!!")),
                () -> VerificationKey.fromPem(Algorithm.RS256, rsa.dangerousToPem()),
                () -> SigningKey.hmac(
                        Algorithm.HS256,
                        SecretBytes.copyOf(rsa.verificationKey().toPem().getBytes(StandardCharsets.US_ASCII))));
        for (int i = 0; i < refusals.size(); i++) {
            Runnable refusal = refusals.get(i);
            assertThatThrownBy(refusal::run).as("refusal %d", i).satisfies(e -> {
                for (Throwable t = e; t != null; t = t.getCause()) {
                    assertHides(t, secrets);
                }
            });
        }
    }

    private static List<byte[]> secretsOf(SigningKey key) {
        if (key.algorithm().isSymmetric()) {
            return List.of(key.dangerousSecret().orElseThrow().dangerousToByteArray());
        }
        var privateKey = key.dangerousPrivateKey().orElseThrow();
        if (privateKey instanceof RSAPrivateCrtKey rsa) {
            return List.of(
                    rsa.getPrivateExponent().toByteArray(),
                    rsa.getPrimeP().toByteArray(),
                    rsa.getPrimeQ().toByteArray());
        }
        if (privateKey instanceof ECPrivateKey ec) {
            return List.of(ec.getS().toByteArray());
        }
        byte[] encoded = privateKey.getEncoded();
        return List.of(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    /** No six bytes in a row, in hexadecimal, base64 of any alignment, decimal or as text. */
    private static void assertHides(Object shown, List<byte[]> secrets) {
        String text = String.valueOf(shown);
        String lower = text.toLowerCase(Locale.ROOT);
        for (byte[] secret : secrets) {
            assertThat(text).doesNotContain(new java.math.BigInteger(1, secret).toString());
            for (int i = 0; i + 6 <= secret.length; i++) {
                byte[] part = Arrays.copyOfRange(secret, i, i + 6);
                assertThat(lower).doesNotContain(HexFormat.of().formatHex(part));
                assertThat(text)
                        .doesNotContain(
                                Base64.getEncoder().encodeToString(part),
                                Base64.getUrlEncoder().encodeToString(part),
                                new String(part, StandardCharsets.ISO_8859_1));
                assertThat(text)
                        .doesNotContain(Arrays.toString(part).replace("[", "").replace("]", ""));
            }
        }
    }
}
