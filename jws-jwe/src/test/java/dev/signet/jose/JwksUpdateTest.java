// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Key;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.core.UnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JwksUpdateTest {
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    private static final int ADDED_BY_EACH = 5;

    @TempDir
    Path directory;

    /** Adds keys one by one: the file, and the start of their ids. */
    static final class Adder {
        public static void main(String[] arguments) {
            add(Path.of(arguments[0]), arguments[1]);
        }

        static void add(Path file, String name) {
            for (int i = 0; i < ADDED_BY_EACH; i++) {
                Key key = SigningKey.generate(Algorithm.HS256).withId(name + i);
                KeysetFile.dangerousUnencrypted(file).update(keyset -> keyset.add(key));
            }
        }
    }

    @Test
    void update_byThreadsAndProcessesAtOnce_losesNothing() throws Exception {
        Path file = keysetFile();
        List<Process> processes = new ArrayList<>();
        try {
            for (String name : List.of("p", "q")) {
                processes.add(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                CLASS_PATH,
                                Adder.class.getName(),
                                file.toString(),
                                name)
                        .inheritIO()
                        .start());
            }
            List<Thread> threads = new ArrayList<>();
            for (String name : List.of("s", "t", "u")) {
                Thread thread = new Thread(() -> Adder.add(file, name));
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            for (Process process : processes) {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isZero();
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
        assertThat(KeysetFile.dangerousUnencrypted(file).signingKeys().keys()).hasSize(1 + 5 * ADDED_BY_EACH);
    }

    @Test
    void writePrivate_duringAnUpdate_waitsForItsEnd() throws Exception {
        Path file = keysetFile();
        Keyset<SigningKey> other =
                Keyset.of(SigningKey.generate(Algorithm.HS256).withId("other"));
        CountDownLatch reading = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            try {
                reading.await();
                KeysetFile.dangerousUnencrypted(file).write(other);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        writer.start();
        KeysetFile.dangerousUnencrypted(file).update(keyset -> {
            reading.countDown();
            while (writer.getState() != Thread.State.BLOCKED && writer.getState() != Thread.State.TERMINATED) {
                Thread.onSpinWait();
            }
            return keyset.add(SigningKey.generate(Algorithm.HS256).withId("added"));
        });
        writer.join();
        assertThat(KeysetFile.dangerousUnencrypted(file).signingKeys().primary().id())
                .isEqualTo("other");
    }

    @Test
    void update_encryptedFile_staysEncrypted() throws IOException {
        Path file = directory.resolve("keys.jwe");
        KeysetLock lock = KeysetLock.passphrase(SecretBytes.copyOf("correct horse".getBytes(StandardCharsets.UTF_8)));
        KeysetFile.open(file, lock)
                .write(Keyset.of(SigningKey.generate(Algorithm.ES256).withId("one")));
        Keyset<Key> written = KeysetFile.open(file, lock)
                .update(keys -> keys.add(SigningKey.generate(Algorithm.ES256).withId("two")));
        assertThat(written.keys()).extracting(Key::id).containsExactly("one", "two");
        assertThat(KeysetFile.open(file, lock).signingKeys().keys()).hasSize(2);
        assertThat(Files.readString(file)).startsWith("ey").doesNotContain("{");
        byte[] before = Files.readAllBytes(file);
        KeysetLock wrong = KeysetLock.passphrase(SecretBytes.copyOf("battery staple".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> KeysetFile.open(file, wrong).update(keys -> keys.disable("two")))
                .isInstanceOf(DecryptionException.class);
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(file).update(keys -> keys.disable("two")))
                .isInstanceOf(InvalidMessageException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"HS256", "ED25519", "ML_DSA_44", "ECDH_ES", "A256KW", "HKDF_SHA256"})
    void update_keysOfEveryUse_areRead(Algorithm algorithm) {
        Path file = directory.resolve("keys.jwks");
        Key key = switch (algorithm.use()) {
            case SIGN, MAC -> SigningKey.generate(algorithm);
            case ENCRYPT -> DecryptionKey.generate(algorithm);
            case TOKENIZE -> TokenizationKey.generate();
        };
        KeysetFile.dangerousUnencrypted(file).write(Keyset.of(key.withId("one")));
        KeysetFile.dangerousUnencrypted(file)
                .update(keys -> keys.add(key.withId("two").withStatus(KeyStatus.VERIFY_ONLY)));
        Keyset<Key> dropped = KeysetFile.dangerousUnencrypted(file).update(keys -> keys.drop("two"));
        assertThat(dropped.keys()).extracting(Key::id).containsExactly("one");
    }

    @Test
    void update_thatChangesNothing_writesNothing() throws IOException {
        Path file = keysetFile();
        Object before = Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
        KeysetFile.dangerousUnencrypted(file).update(keyset -> keyset);
        assertThat(Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                        .fileKey())
                .isEqualTo(before);
    }

    @Test
    void update_thatFails_leavesTheFileAndTheLockFree() throws IOException {
        Path file = keysetFile();
        String before = Files.readString(file);
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(file).update(keyset -> keyset.drop("absent")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(file)
                        .update(keyset -> KeysetFile.dangerousUnencrypted(file).update(inner -> inner)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(Files.readString(file)).isEqualTo(before);
        KeysetFile.dangerousUnencrypted(file).update(keyset -> keyset.add(SigningKey.generate(Algorithm.HS256)));
        assertThat(KeysetFile.dangerousUnencrypted(file).signingKeys().keys()).hasSize(2);
    }

    @Test
    void update_missingFile_isUnavailable() {
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(directory.resolve("none"))
                        .update(keyset -> keyset))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("none");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void write_fileWithASecondName_isRefused() throws IOException {
        Path file = keysetFile();
        assumeTrue(
                file.getFileSystem().supportedFileAttributeViews().contains("unix"), "no hard links to be seen here");
        Files.createLink(directory.resolve("second"), file);
        String before = Files.readString(file);
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(file)
                        .update(keyset -> keyset.add(SigningKey.generate(Algorithm.HS256))))
                .isInstanceOf(UnavailableException.class)
                .hasRootCauseMessage("it has 2 names (hard links), of which the others would keep the old content");
        assertThatThrownBy(() ->
                        KeysetFile.dangerousUnencrypted(file).write(Keyset.of(SigningKey.generate(Algorithm.HS256))))
                .isInstanceOf(UnavailableException.class);
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @Test
    void write_symbolicLink_staysOne() throws IOException {
        Path file = keysetFile();
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        KeysetFile.dangerousUnencrypted(link)
                .write(Keyset.of(SigningKey.generate(Algorithm.HS256).withId("new")));
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(KeysetFile.dangerousUnencrypted(file).signingKeys().primary().id())
                .isEqualTo("new");
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nowhere"));
        assertThatThrownBy(
                        () -> KeysetFile.publicKeys(dangling).write(Keyset.of(SigningKey.generate(Algorithm.ED25519))))
                .isInstanceOf(UnavailableException.class);
        assertThat(Files.isSymbolicLink(dangling)).isTrue();
    }

    private Path keysetFile() {
        Path file = directory.resolve("keys.jwks");
        KeysetFile.dangerousUnencrypted(file)
                .write(Keyset.of(SigningKey.generate(Algorithm.HS256).withId("first")));
        return file;
    }
}
