// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static dev.signet.core.TestKeys.DATA;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Security;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A platform without providers for EC and RSA, as hardened ones are, where Bouncy Castle is all there is. In a process of its own. */
class StrippedPlatformTest {
    @Test
    void generate_withBouncyCastleAlone_works() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StrippedPlatformTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("ED25519 ok", "ES256 ok", "RS256 ok", "PS256 ok", "HS256 ok", "ML_DSA_44 ok");
        assertThat(output).contains("RSA_OAEP_256 ok", "ECDH_ES_A256KW ok");
    }

    /** The second process. */
    public static void main(String[] arguments) {
        Security.removeProvider("SunEC");
        Security.removeProvider("SunRsaSign");
        for (Algorithm algorithm : List.of(
                Algorithm.ED25519,
                Algorithm.ES256,
                Algorithm.RS256,
                Algorithm.PS256,
                Algorithm.HS256,
                Algorithm.ML_DSA_44)) {
            SigningKey key = SigningKey.generate(algorithm, Providers.pinned(Providers.bouncyCastle(), platform()));
            Providers providers = Providers.pinned(Providers.bouncyCastle());
            key.verificationKey().verify(DATA, 0, DATA.length, key.sign(DATA, 0, DATA.length, providers), providers);
            SigningKey any = SigningKey.generate(algorithm);
            any.verificationKey().verify(DATA, any.sign(DATA));
            if (!algorithm.isSymmetric()) {
                SigningKey again = SigningKey.fromPem(algorithm, key.dangerousToPem());
                VerificationKey.fromPem(algorithm, key.verificationKey().toPem())
                        .verify(DATA, again.sign(DATA));
            }
            System.out.println(algorithm + " ok");
        }
        for (Algorithm algorithm : List.of(Algorithm.RSA_OAEP_256, Algorithm.ECDH_ES_A256KW)) {
            assertThat(DecryptionKey.generate(algorithm).encryptionKey().publicKey())
                    .isPresent();
            System.out.println(algorithm + " ok");
        }
    }

    private static java.security.Provider platform() {
        return Security.getProvider("SunJCE");
    }
}
