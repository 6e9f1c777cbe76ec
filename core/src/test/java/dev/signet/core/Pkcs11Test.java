// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static dev.signet.core.TestKeys.DATA;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.List;
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

    @TempDir
    Path directory;

    @Test
    void sign_keyInAToken_isVerified() throws Exception {
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
        String output = run(
                configuration,
                List.of(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Pkcs11Test.class.getName(),
                        library.toString(),
                        directory.toString()));
        assertThat(output).contains("ES256 ok", "RS256 ok", "PS256 ok");
    }

    /** The second process. */
    public static void main(String[] arguments) throws Exception {
        Path configuration = Path.of(arguments[1]).resolve("pkcs11.cfg");
        Files.writeString(configuration, "name = SoftHSM\nlibrary = " + arguments[0] + "\nslotListIndex = 0\n");
        // Never registered: the key store leads to it.
        Provider module = Security.getProvider("SunPKCS11").configure(configuration.toString());
        KeyStore store = KeyStore.getInstance("PKCS11", module);
        store.load(null, PIN);
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

    private static String run(Path configuration, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", configuration.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
