// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Key;
import dev.signet.core.Keyset;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysetFileTest {
    private static final KeysetLock LOCK = KeysetLock.key(DecryptionKey.generate(Algorithm.A256KW));
    private static final SigningKey OLD = SigningKey.generate(Algorithm.ES256).withId("old");
    private static final SigningKey NEW = SigningKey.generate(Algorithm.ED25519).withId("new");
    private static final Keyset<SigningKey> KEYS = Keyset.of(OLD).add(NEW);

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void setUp() {
        path = directory.resolve("keys.jwks");
    }

    private List<KeysetFile> forms() {
        return List.of(KeysetFile.open(path, LOCK), KeysetFile.dangerousUnencrypted(path));
    }

    @Test
    void signingKeys_afterARotation_areTheNewOnes() {
        for (KeysetFile file : forms()) {
            file.write(KEYS);
            assertThat(file.signingKeys().primary().id()).isEqualTo("old");
            KeysetFile other = file.withPolicy(SecurityPolicy.recommended2026());
            other.update(keyset -> keyset.promote("new"));
            assertThat(file.signingKeys().primary().id()).isEqualTo("new");
            other.write(KEYS);
            assertThat(file.signingKeys().primary().id()).isEqualTo("old");
            assertThat(file.verificationKeys().keys())
                    .extracting(VerificationKey::id)
                    .containsExactly("old", "new");
        }
    }

    @Test
    void signingKeys_ofAFileThatIsAsItWas_areTheSameObject() throws IOException {
        for (KeysetFile file : forms()) {
            file.write(KEYS);
            Keyset<SigningKey> first = file.signingKeys();
            assertThat(file.signingKeys()).isSameAs(first);
            Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(60)));
            assertThat(file.signingKeys()).isSameAs(first);
            assertThat(file.signingKeys()).isSameAs(first);
            assertThat(file.verificationKeys()).isSameAs(file.verificationKeys());
        }
    }

    @Test
    void signingKeys_ofAFileThatWasChangedWithinATick_areTheNewOnes() throws IOException {
        KeysetFile file = KeysetFile.dangerousUnencrypted(path);
        file.write(Keyset.of(SigningKey.generate(Algorithm.HS256).withId("one")));
        Instant written = Files.getLastModifiedTime(path).toInstant();
        assertThat(file.signingKeys().primary().id()).isEqualTo("one");
        // The same file, size and time: what a clock that ticks slowly leaves to be seen.
        byte[] other = Files.readString(path).replace("\"one\"", "\"two\"").getBytes(UTF_8);
        Files.write(path, other);
        Files.setLastModifiedTime(path, FileTime.from(written));
        assertThat(file.signingKeys().primary().id()).isEqualTo("two");
    }

    @Test
    void signingKeys_fileThatIsGoneBrokenOrLockedOtherwise_isUnavailableUntilItIsGood() throws IOException {
        KeysetFile file = KeysetFile.open(path, LOCK);
        assertThatThrownBy(file::signingKeys).isInstanceOf(UnavailableException.class);
        file.write(KEYS);
        Path good = Files.copy(path, directory.resolve("copy"));
        file.signingKeys();
        Files.delete(path);
        assertThatThrownBy(file::signingKeys).isInstanceOf(UnavailableException.class);
        for (byte[] broken : new byte[][] {{}, "{}".getBytes(UTF_8), "{\"keys\":[]}".getBytes(UTF_8)}) {
            ownersOnly(Files.write(path, broken));
            assertThatThrownBy(file::signingKeys).isInstanceOf(UnavailableException.class);
        }
        KeysetFile.open(path, KeysetLock.key(DecryptionKey.generate(Algorithm.A256KW)))
                .write(KEYS);
        assertThatThrownBy(file::signingKeys)
                .isInstanceOf(UnavailableException.class)
                .hasCauseInstanceOf(DecryptionException.class)
                .hasMessageNotContaining("old");
        Files.copy(good, path, StandardCopyOption.REPLACE_EXISTING);
        assertThat(file.signingKeys().keys()).hasSize(2);
    }

    @Test
    void signingKeys_firstReadingOfWhatIsNone_saysWhatIsWrong() throws IOException {
        ownersOnly(Files.writeString(path, "{\"keys\":[{\"kty\":\"OKP\"}]}"));
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(path).signingKeys())
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("keys[0]");
        KeysetFile.open(path, LOCK).write(KEYS);
        KeysetLock other = KeysetLock.passphrase(SecretBytes.copyOf("another passphrase".getBytes(UTF_8)));
        assertThatThrownBy(() -> KeysetFile.open(path, other).signingKeys()).isInstanceOf(DecryptionException.class);
    }

    @Test
    void signingKeys_fileThatOthersMayReadFromNowOn_isUnavailable() throws IOException {
        KeysetFile file = KeysetFile.dangerousUnencrypted(path);
        file.write(KEYS);
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(60)));
        file.signingKeys();
        file.signingKeys();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(file::signingKeys)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void signingKeys_whileAnotherProcessRotates_areAlwaysWhole() throws Exception {
        KeysetFile file = KeysetFile.dangerousUnencrypted(path);
        file.write(KEYS);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Rotator.class.getName(),
                        path.toString())
                .inheritIO()
                .start();
        AtomicBoolean done = new AtomicBoolean();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> readers = new ArrayList<>();
        try {
            JwsSigner signer = JwsSigner.builder(file::signingKeys).build();
            JwsVerifier verifier = JwsVerifier.builder(file).build();
            for (int i = 0; i < 8; i++) {
                Thread reader = new Thread(() -> {
                    while (!done.get()) {
                        verifier.verify(signer.sign(new byte[10]));
                    }
                });
                reader.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
                reader.start();
                readers.add(reader);
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            done.set(true);
            process.destroyForcibly();
        }
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(failures).isEmpty();
        assertThat(file.signingKeys().primary().id()).isEqualTo(Rotator.LAST);
    }

    /** Lets the two keys of a file take turns. */
    static final class Rotator {
        static final String LAST = "new";

        public static void main(String[] arguments) {
            KeysetFile file = KeysetFile.dangerousUnencrypted(Path.of(arguments[0]));
            for (int i = 0; i < 101; i++) {
                String next = i % 2 == 0 ? LAST : "old";
                file.update(keyset -> keyset.promote(next));
            }
        }
    }

    @Test
    void keysets_ofEveryUse_areRead() {
        for (KeysetFile file : forms()) {
            file.write(
                    Keyset.of(DecryptionKey.generate(Algorithm.ECDH_ES_A256KW).withId("d")));
            assertThat(file.decryptionKeys().primary().id()).isEqualTo("d");
            assertThat(file.encryptionKeys().primary().id()).isEqualTo("d");
            file.write(Keyset.of(TokenizationKey.generate().withId("t")));
            assertThat(file.tokenizationKeys().primary().id()).isEqualTo("t");
        }
        KeysetFile published = KeysetFile.publicKeys(directory.resolve("public.jwks"));
        published.write(KEYS);
        assertThat(published.verificationKeys().keys()).hasSize(2);
        assertThat(published.resolve("new")).isPresent();
        assertThat(published.resolve("third")).isEmpty();
        assertThat(published.resolveUnnamed()).isEmpty();
        published.write(Keyset.of(NEW));
        assertThat(published.resolveUnnamed().map(Key::id)).contains("new");
    }

    @Test
    void publicKeys_giveNoPrivateOnes() {
        KeysetFile published = KeysetFile.publicKeys(path);
        published.write(KEYS);
        assertThatThrownBy(published::signingKeys).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(published::decryptionKeys).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(published::tokenizationKeys).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> published.update(keyset -> keyset)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void withPolicy_fileOverItsLimit_isTooLarge() {
        KeysetFile.dangerousUnencrypted(path).write(KEYS);
        SecurityPolicy policy = SecurityPolicy.recommended2026();
        SecurityPolicy small = policy.withLimits(policy.limits().withMaxJsonBytes(100));
        assertThatThrownBy(() ->
                        KeysetFile.dangerousUnencrypted(path).withPolicy(small).signingKeys())
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("100 bytes");
    }

    @Test
    void toString_saysHowItIsKept() {
        assertThat(KeysetFile.dangerousUnencrypted(path).toString()).contains("dangerousUnencrypted");
        assertThat(KeysetFile.open(path, LOCK).toString()).contains("A256KW").doesNotContain("dangerous");
        assertThat(KeysetFile.publicKeys(path).toString()).contains("public").doesNotContain("dangerous");
    }

    private static void ownersOnly(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
