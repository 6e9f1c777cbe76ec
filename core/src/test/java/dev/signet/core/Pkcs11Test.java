// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static dev.signet.core.TestKeys.DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.internal.Agreement;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys of a real PKCS#11 token, SoftHSM. It is told by an environment variable where its tokens are, so a second process
 * does the signing.
 */
class Pkcs11Test {
    private static final char[] PIN = "1234".toCharArray();
    /** The platform asks for the shared secret as bytes. */
    private static final String AGREEMENT = """
            attributes(*, CKO_PRIVATE_KEY, CKK_EC) = {
              CKA_DERIVE = true
            }
            attributes(*, CKO_SECRET_KEY, CKK_GENERIC_SECRET) = {
              CKA_SENSITIVE = false
              CKA_EXTRACTABLE = true
            }
            """;

    @TempDir
    Path directory;

    @Test
    void sign_keyInAToken_isVerified() throws Exception {
        assertThat(inToken("sign")).contains("ES256 ok", "RS256 ok", "PS256 ok");
    }

    @Test
    void sign_tokenThatLogsOutAndIn_worksAgain() throws Exception {
        assertThat(inToken("sessions"))
                .contains("again ok", "stream ok", "supplier ok", "32 threads ok", "agreement ok", "deleted ok");
    }

    /** What the second process prints, with a fresh token. */
    private String inToken(String what) throws Exception {
        Path library = Stream.of(
                        "/usr/lib/softhsm/libsofthsm2.so",
                        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
                        "/usr/lib64/softhsm/libsofthsm2.so")
                .map(Path::of)
                .filter(Files::isReadable)
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(library != null, "SoftHSM is not installed (package softhsm2)");
        Path tokens = Files.createDirectory(directory.resolve("tokens"));
        Path configuration = directory.resolve("softhsm2.conf");
        Files.writeString(configuration, "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
        run(
                configuration,
                List.of(
                        "softhsm2-util",
                        "--init-token",
                        "--free",
                        "--label",
                        "test",
                        "--so-pin",
                        "1234",
                        "--pin",
                        "1234"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return run(
                configuration,
                List.of(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Pkcs11Test.class.getName(),
                        library.toString(),
                        directory.toString(),
                        what));
    }

    /** The second process. */
    public static void main(String[] arguments) throws Exception {
        Path configuration = Path.of(arguments[1]).resolve("pkcs11.cfg");
        Files.writeString(
                configuration, "name = SoftHSM\nlibrary = " + arguments[0] + "\nslotListIndex = 0\n" + AGREEMENT);
        // Never registered: the key store leads to it.
        Provider module = Security.getProvider("SunPKCS11").configure(configuration.toString());
        KeyStore store = KeyStore.getInstance("PKCS11", module);
        store.load(null, PIN);
        if (arguments[2].equals("sessions")) {
            sessions((AuthProvider) module, store);
            return;
        }
        for (Algorithm algorithm : List.of(Algorithm.ES256, Algorithm.RS256, Algorithm.PS256)) {
            String alias = algorithm.joseName();
            boolean ec = algorithm == Algorithm.ES256;
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ec ? "EC" : "RSA", module);
            generator.initialize(ec ? 256 : 2048);
            KeyPair pair = generator.generateKeyPair();
            Certificate certificate =
                    TestCertificates.selfSigned(pair, ec ? "SHA256withECDSA" : "SHA256withRSA", module);
            store.setKeyEntry(alias, pair.getPrivate(), null, new Certificate[] {certificate});

            SigningKey key = SigningKey.fromKeyStore(algorithm, store, alias, PIN);
            assertThat(key.isExportable()).isFalse();
            for (Providers providers : List.of(Providers.automatic(), Providers.pinned(module))) {
                for (int i = 0; i < 3; i++) {
                    key.verificationKey().verify(DATA, key.sign(DATA, 0, DATA.length, providers));
                }
            }
            SigningKey bare = SigningKey.of(algorithm, pair.getPrivate(), certificate.getPublicKey());
            key.verificationKey().verify(DATA, bare.sign(DATA, 0, DATA.length, Providers.pinned(module)));
            System.out.println(alias + " ok");
        }
    }

    private static void sessions(AuthProvider module, KeyStore store) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", module);
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        Certificate certificate = TestCertificates.selfSigned(pair, "SHA256withECDSA", module);
        store.setKeyEntry("key", pair.getPrivate(), null, new Certificate[] {certificate});
        SigningKey key = SigningKey.fromKeyStore(Algorithm.ES256, store, "key", null);
        VerificationKey check = key.verificationKey();
        check.verify(DATA, key.sign(DATA));

        module.logout();
        store.load(null, PIN);
        check.verify(DATA, key.sign(DATA));
        System.out.println("again ok");

        module.logout();
        assertUnavailable(() -> key.sign(DATA));
        store.load(null, PIN);
        eventually(() -> check.verify(DATA, key.sign(new ByteArrayInputStream(DATA), Providers.automatic())));
        System.out.println("stream ok");

        // The source logs in by itself.
        SigningKey supplied = SigningKey.handle(
                Algorithm.ES256,
                () -> {
                    try {
                        store.load(null, PIN);
                        return (PrivateKey) store.getKey("key", null);
                    } catch (IOException | GeneralSecurityException e) {
                        throw new UnavailableException("no login", e);
                    }
                },
                certificate.getPublicKey());
        Providers pinned = Providers.pinned(module);
        check.verify(DATA, supplied.sign(DATA, 0, DATA.length, pinned));
        module.logout();
        eventually(() -> check.verify(DATA, supplied.sign(DATA, 0, DATA.length, pinned)));
        System.out.println("supplier ok");

        manyThreads(module, store, key);

        agreement(module, store, certificate.getPublicKey());

        store.deleteEntry("key");
        module.logout();
        store.load(null, PIN);
        assertUnavailable(() -> key.sign(DATA));
        assertUnavailable(() -> key.sign(DATA));
        System.out.println("deleted ok");
    }

    private static void agreement(AuthProvider module, KeyStore store, PublicKey publicKey) throws Exception {
        Security.addProvider(module);
        DecryptionKey key = DecryptionKey.handle(
                Algorithm.ECDH_ES_A256KW,
                () -> {
                    try {
                        return (PrivateKey) store.getKey("key", null);
                    } catch (GeneralSecurityException e) {
                        throw new UnavailableException("no key", e);
                    }
                },
                publicKey);
        Agreement agreement = Agreement.of(publicKey, Providers.automatic().composite());
        KeyPair ephemeral = agreement.ephemeral();
        byte[] expected = agreement.secretWith(ephemeral.getPrivate());
        assertThat(agreement.secretOfHandle(key, ephemeral.getPublic())).isEqualTo(expected);
        module.logout();
        assertUnavailable(() -> agreement.secretOfHandle(key, ephemeral.getPublic()));
        store.load(null, PIN);
        eventually(() ->
                assertThat(agreement.secretOfHandle(key, ephemeral.getPublic())).isEqualTo(expected));
        // What a stranger sends is no reason to doubt the handle.
        PublicKey other = TestKeys.ec("secp384r1").getPublic();
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> agreement.secretOfHandle(key, other)).isNotInstanceOf(UnavailableException.class);
        }
        assertThat(agreement.secretOfHandle(key, ephemeral.getPublic())).isEqualTo(expected);
        System.out.println("agreement ok");
    }

    /** Three times the token is away for a moment: what fails is unavailable, and afterwards all work. */
    private static void manyThreads(AuthProvider module, KeyStore store, SigningKey key) throws Exception {
        AtomicInteger good = new AtomicInteger();
        AtomicInteger unavailable = new AtomicInteger();
        Queue<Throwable> others = new ConcurrentLinkedQueue<>();
        AtomicBoolean done = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 32; t++) {
            byte[] data = {(byte) t};
            Thread thread = new Thread(() -> {
                while (!done.get()) {
                    try {
                        key.verificationKey().verify(data, key.sign(data));
                        good.incrementAndGet();
                    } catch (UnavailableException e) {
                        unavailable.incrementAndGet();
                    } catch (RuntimeException e) {
                        others.add(e);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (int cycle = 0; cycle < 3; cycle++) {
            Thread.sleep(200);
            module.logout();
            Thread.sleep(50);
            store.load(null, PIN);
            int before = good.get();
            for (int i = 0; i < 150 && good.get() < before + 100; i++) {
                Thread.sleep(100);
            }
            assertThat(good.get()).as("good signatures after cycle " + cycle).isGreaterThanOrEqualTo(before + 100);
        }
        done.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(others).isEmpty();
        System.out.println("32 threads ok: " + good + " good, " + unavailable + " unavailable");
    }

    private static void assertUnavailable(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(UnavailableException.class);
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Within the longest time between two attempts. */
    private static void eventually(Step step) throws Exception {
        for (int i = 0; ; i++) {
            try {
                step.run();
                return;
            } catch (UnavailableException e) {
                if (i == 120) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    private static String run(Path configuration, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", configuration.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
