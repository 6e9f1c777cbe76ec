// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.Providers;
import dev.signet.core.SecurityPolicy;
import java.security.Provider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A module that lacks an algorithm is found when an object is built, with the names of the modules. */
class JweProvidersTest {
    @ParameterizedTest
    @CsvSource({
        "A256GCM,      Cipher,           AES/GCM/NoPadding",
        "A256KW,       Cipher,           AESWrap",
        "A256GCMKW,    Cipher,           AES/GCM/NoPadding",
        "RSA_OAEP_256, Cipher,           RSA/ECB/OAEPWithSHA-256AndMGF1Padding",
        "RSA_OAEP_256, KeyFactory,       RSA",
        "ECDH_ES,      KeyAgreement,     ECDH",
        "ECDH_ES,      KeyFactory,       EC",
        "ECDH_ES_A256KW, Cipher,         AESWrap"
    })
    void build_missingService_isRefusedWithTheNamesOfThePinnedProviders(Algorithm algorithm, String type, String name) {
        DecryptionKey key = DecryptionKey.generate(algorithm);
        SecurityPolicy policy =
                SecurityPolicy.recommended2026().withProviders(Providers.pinned(new Without(type, name)));
        assertThatThrownBy(() ->
                        JweEncrypter.builder(key.encryptionKey()).policy(policy).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Providers[pinned Without]")
                .hasMessageContaining(name);
        assertThatThrownBy(() -> JweDecrypter.builder(key)
                        .policy(policy)
                        .contentEncryption(Algorithm.A256GCM)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Providers[pinned Without]")
                .hasMessageContaining(name);
    }

    @Test
    void build_contentEncryptionThatIsMissingAndWasNotNamed_isLeftOut() {
        DecryptionKey key = DecryptionKey.generate(Algorithm.A256KW);
        SecurityPolicy policy =
                SecurityPolicy.recommended2026().withProviders(Providers.pinned(new Without("Mac", "HmacSHA256")));
        String jwe = JweEncrypter.builder(key.encryptionKey()).build().encrypt(new byte[1]);
        assertThat(JweDecrypter.builder(key).policy(policy).build().decrypt(jwe).content())
                .hasSize(1);
        assertThatThrownBy(() -> JweDecrypter.builder(key)
                        .policy(policy)
                        .contentEncryption(Algorithm.A256GCM, Algorithm.A128CBC_HS256)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HmacSHA256");
    }

    /** Bouncy Castle without one service. */
    private static final class Without extends Provider {
        private static final long serialVersionUID = 1L;

        private final transient Provider real = new BouncyCastleProvider();
        private final String type;
        private final String name;

        Without(String type, String name) {
            super("Without", "1.0", "lacks something");
            this.type = type;
            this.name = name;
        }

        @Override
        public synchronized Service getService(String asked, String algorithm) {
            boolean lacks = asked.equals(type)
                    && (algorithm.equals(name)
                            || algorithm.equals(name.replaceFirst("/[A-Z0-9]+Padding$|/NoPadding$", "")));
            boolean without = lacks || (asked.equals(type) && name.startsWith("AES/") && algorithm.equals("AES"));
            return without || (asked.equals(type) && name.startsWith("RSA/") && algorithm.equals("RSA"))
                    ? null
                    : real.getService(asked, algorithm);
        }
    }
}
