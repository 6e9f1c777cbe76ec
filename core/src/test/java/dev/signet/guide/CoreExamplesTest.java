// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The examples in the Javadoc of dev.signet.core that no guide shows. */
class CoreExamplesTest {
    private final byte[] data = "a message".getBytes(StandardCharsets.UTF_8);

    @Test
    void signingKey() {
        // tag::SigningKey[]
        SigningKey key = SigningKey.generate(Algorithm.ED25519).withId("client-7");
        byte[] signature = key.sign(data);
        VerificationKey published = key.verificationKey(); // of the same id, for the other side
        // end::SigningKey[]
        published.verify(data, signature);
        assertThat(published.id()).isEqualTo("client-7");
    }

    @Test
    void verificationKey() {
        SigningKey key = SigningKey.generate(Algorithm.ES256);
        String publicPem = key.verificationKey().toPem();
        byte[] signature = key.sign(data);
        // tag::VerificationKey[]
        VerificationKey trusted =
                VerificationKey.fromPem(Algorithm.ES256, publicPem).withId("client-7");
        trusted.verify(data, signature); // or a VerificationException
        // end::VerificationKey[]
        assertThatThrownBy(() -> trusted.verify(new byte[1], signature)).isInstanceOf(VerificationException.class);
    }

    @Test
    void keyResolver() {
        VerificationKey clientKey =
                SigningKey.generate(Algorithm.ED25519).withId("client-7").verificationKey();
        VerificationKey partnerKey =
                SigningKey.generate(Algorithm.ES256).withId("partner-1").verificationKey();
        // tag::KeyResolver[]
        KeyResolver keys = KeyResolver.of(clientKey, partnerKey); // as every verifier takes it
        Optional<VerificationKey> named = keys.resolve("client-7"); // empty for an id that is not known
        // end::KeyResolver[]
        assertThat(named).contains(clientKey);
        assertThat(keys.resolve("client-8")).isEmpty();
    }

    @Test
    void decryptionKey() {
        // tag::DecryptionKey[]
        DecryptionKey own = DecryptionKey.generate(Algorithm.ECDH_ES_A256KW).withId("2026a");
        EncryptionKey published = own.encryptionKey(); // of the same id, for those who send
        // end::DecryptionKey[]
        assertThat(published.id()).isEqualTo("2026a");
    }

    @Test
    void secretBytes() {
        byte[] shared = SecretBytes.random(32).dangerousToByteArray();
        byte[] ofPartner = shared.clone();
        // tag::SecretBytes[]
        SecretBytes secret = SecretBytes.copyOf(shared);
        Arrays.fill(shared, (byte) 0); // the caller's own array is the caller's to wipe
        SigningKey key = SigningKey.hmac(Algorithm.HS256, secret).withId("partner-1");
        // end::SecretBytes[]
        byte[] mac = key.sign(data);
        VerificationKey.hmac(Algorithm.HS256, SecretBytes.copyOf(ofPartner)).verify(data, mac);
    }

    @Test
    void securityPolicy() {
        // tag::SecurityPolicy[]
        SecurityPolicy policy = SecurityPolicy.recommended2026()
                .withAlgorithms(Set.of(Algorithm.ED25519, Algorithm.ES256))
                .withMaxAge(Duration.ofMinutes(1)); // tighter than recommended; looser is called allow…
        // end::SecurityPolicy[]
        assertThat(policy.algorithms()).containsExactlyInAnyOrder(Algorithm.ED25519, Algorithm.ES256);
        assertThat(policy.maxAge()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void limits() {
        // tag::Limits[]
        Limits limits = Limits.recommended2026().withMaxBodyBytes(50L << 20); // 50 MiB
        SecurityPolicy policy = SecurityPolicy.recommended2026().withLimits(limits);
        // end::Limits[]
        assertThat(policy.limits().maxBodyBytes()).isEqualTo(50L * 1024 * 1024);
    }
}
