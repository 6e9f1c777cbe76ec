// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signet.core.Algorithm;
import dev.signet.core.Key;
import dev.signet.core.Keyset;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationKey;
import dev.signet.jose.Jwks;
import dev.signet.jose.KeysetFile;
import dev.signet.jose.KeysetLock;
import dev.signet.jose.RemoteJwks;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/rotate-keys.md. */
class RotationSnippetsTest {
    @TempDir
    Path directory;

    @Test
    void rotate() throws Exception {
        Path published = directory.resolve("jwks.json");
        Keyset<SigningKey> keyset = Keyset.of(SigningKey.generate(Algorithm.ED25519));
        String oldId = keyset.primary().id();
        byte[] data = new byte[10];
        byte[] oldSignature = keyset.primary().sign(data);
        // tag::rotate[]
        SigningKey next = SigningKey.generate(Algorithm.ED25519);
        Keyset<SigningKey> announced = keyset.add(next); // the old key still signs
        KeysetFile.publicKeys(published).write(announced);
        // wait until every verifier has fetched the set

        Keyset<SigningKey> switched = announced.promote(next.id()); // the new key signs, the old one still verifies
        KeysetFile.publicKeys(published).write(switched);
        // wait until the last message of the old key is too old

        Keyset<SigningKey> done = switched.drop(oldId);
        KeysetFile.publicKeys(published).write(done);
        // end::rotate[]
        for (Keyset<SigningKey> step : java.util.List.of(announced, switched)) {
            Jwks seen = Jwks.parse(Jwks.toPublicJson(step));
            seen.resolve(oldId).orElseThrow().verify(data, oldSignature);
            seen.resolve(next.id())
                    .orElseThrow()
                    .verify(data, switched.primary().sign(data));
        }
        Jwks last = Jwks.parse(Files.readAllBytes(published));
        assertThat(last.keys()).extracting(VerificationKey::id).containsExactly(next.id());
    }

    @Test
    void update() {
        Path file = directory.resolve("keys.jwks");
        KeysetLock lock = KeysetLock.passphrase(
                SecretBytes.copyOf("correct horse battery".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        KeysetFile.open(file, lock).write(Keyset.of(SigningKey.generate(Algorithm.ED25519)));
        SigningKey next = SigningKey.generate(Algorithm.ED25519);
        // tag::update[]
        Keyset<Key> written = KeysetFile.open(file, lock).update(current -> current.add(next));
        // end::update[]
        assertThat(written.find(next.id())).isPresent();
        assertThat(KeysetFile.open(file, lock).signingKeys().keys()).hasSize(2);
    }

    @Test
    void remote() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI address = URI.create("https://localhost:" + listener.getLocalPort() + "/jwks.json");
            // A private address is refused at the start, which is what refresh() is for.
            assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> follow(address, "key"));
        }
    }

    private static Optional<VerificationKey> follow(URI address, String keyId) {
        // tag::remote[]
        RemoteJwks partner = RemoteJwks.builder(address)
                .timeToLive(Duration.ofMinutes(10)) // how long a withdrawn key may live
                .outageTolerance(Duration.ofHours(1)) // and while the partner cannot be reached
                .build();
        partner.refresh(); // at the start: fails now rather than at the first message

        Optional<VerificationKey> key = partner.resolve(keyId); // a KeyResolver, as every verifier takes it
        // end::remote[]
        return key;
    }
}
