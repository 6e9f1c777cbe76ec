// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.core.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwksFilesTest {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    @TempDir
    Path directory;

    private final Keyset<SigningKey> keyset = Keyset.of(SigningKey.generate(Algorithm.ED25519));

    @BeforeEach
    void requirePosix() {
        Assumptions.assumeTrue(
                directory.getFileSystem().supportedFileAttributeViews().contains("posix"),
                "the file system has no POSIX permissions");
    }

    @Test
    void writePrivate_newFile_isTheOwnersOnly() throws IOException {
        Path file = directory.resolve("keys.jwks");
        KeysetFile.dangerousUnencrypted(file).write(keyset);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(OWNER_ONLY);
        assertThat(KeysetFile.dangerousUnencrypted(file).signingKeys().primary().id())
                .isEqualTo(keyset.primary().id());
        assertOnly(file);
    }

    @Test
    void writePrivate_overAReadableFile_isTheOwnersOnly() throws IOException {
        Path file = Files.writeString(directory.resolve("keys.jwks"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        KeysetFile.dangerousUnencrypted(file).write(keyset);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(OWNER_ONLY);
    }

    @Test
    void writePrivate_whileItIsWritten_noFileIsReadableByOthersOrHalfWritten() throws Exception {
        Path file = directory.resolve("keys.jwks");
        KeysetFile.dangerousUnencrypted(file).write(keyset);
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 100; i++) {
                KeysetFile.dangerousUnencrypted(file).write(keyset);
            }
            done.set(true);
        });
        writer.start();
        while (!done.get()) {
            assertThat(KeysetFile.dangerousUnencrypted(file).signingKeys().keys())
                    .hasSize(1);
            try (Stream<Path> files = Files.list(directory)) {
                for (Path each : files.toList()) {
                    try {
                        assertThat(Files.getPosixFilePermissions(each)).isSubsetOf(OWNER_ONLY);
                    } catch (java.nio.file.NoSuchFileException e) {
                        // Renamed meanwhile.
                    }
                }
            }
        }
        writer.join();
        assertOnly(file);
    }

    @Test
    void writePrivate_refusedKeyset_leavesTheOldFile() throws IOException {
        Path file = directory.resolve("keys.jwks");
        KeysetFile.dangerousUnencrypted(file).write(keyset);
        byte[] before = Files.readAllBytes(file);
        SigningKey local = SigningKey.generate(Algorithm.ES256);
        Keyset<SigningKey> remote = Keyset.of(SigningKey.remote(local.verificationKey(), local::sign));
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(file).write(remote))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertOnly(file);
    }

    @Test
    void writePrivate_noSuchDirectory_isUnavailable() {
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(directory.resolve("no/keys.jwks"))
                        .write(keyset))
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void writePrivate_targetIsADirectory_leavesNothingBehind() throws IOException {
        Path target = Files.createDirectory(directory.resolve("keys.jwks"));
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(target).write(keyset))
                .isInstanceOf(UnavailableException.class);
        assertOnly(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw-r--r--", "rwxrwxrwx"})
    void readPrivate_fileOfOthersToo_isRejectedWithTheRemedy(String permissions) throws IOException {
        Path file = directory.resolve("keys.jwks");
        KeysetFile.dangerousUnencrypted(file).write(keyset);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(file).signingKeys())
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("chmod 600 " + file);
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(file).decryptionKeys())
                .hasMessageContaining("chmod 600");
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(file).tokenizationKeys())
                .hasMessageContaining("chmod 600");
    }

    @Test
    void readPrivate_linkToAFileOfOthersToo_isRejected() throws IOException {
        Path file = directory.resolve("keys.jwks");
        KeysetFile.dangerousUnencrypted(file).write(keyset);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        KeysetFile.dangerousUnencrypted(link).signingKeys();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(link).signingKeys())
                .hasMessageContaining("chmod 600");
    }

    @Test
    void readPrivate_readOnlyForTheOwner_isRead() throws IOException {
        Path file = directory.resolve("keys.jwks");
        KeysetFile.dangerousUnencrypted(file).write(Keyset.of(TokenizationKey.generate()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertThat(KeysetFile.dangerousUnencrypted(file).tokenizationKeys().keys())
                .hasSize(1);
    }

    @Test
    void readPublic_readableFile_isRead() throws IOException {
        Path file = directory.resolve("public.jwks");
        KeysetFile.publicKeys(file).write(keyset);
        assertThat(KeysetFile.publicKeys(file).verificationKeys().primary().id())
                .isEqualTo(keyset.primary().id());
        assertThat(Files.readString(file)).doesNotContain("\"d\"").endsWith("}\n");
        assertOnly(file);
    }

    @Test
    void readPublic_privateFile_isRejected() {
        Path file = directory.resolve("keys.jwks");
        KeysetFile.dangerousUnencrypted(file).write(keyset);
        assertThatThrownBy(() -> KeysetFile.publicKeys(file).verificationKeys())
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("private key");
    }

    @Test
    void read_missingFile_isUnavailable() {
        Path file = directory.resolve("none.jwks");
        assertThatThrownBy(() -> KeysetFile.publicKeys(file).verificationKeys())
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("none.jwks");
        assertThatThrownBy(() -> KeysetFile.dangerousUnencrypted(file).signingKeys())
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void read_hugeFile_isTooLarge() throws IOException {
        Path file = Files.write(directory.resolve("huge.jwks"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> KeysetFile.publicKeys(file).encryptionKeys())
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    private void assertOnly(Path file) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(path -> !path.getFileName().toString().equals(".keys.jwks.lock")))
                    .containsExactly(file);
        }
    }
}
