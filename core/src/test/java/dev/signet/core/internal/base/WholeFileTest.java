// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.core.internal.base.WholeFile.Secrecy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeFileTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] CONTENT = {'n', 'e', 'w'};

    @TempDir
    Path directory;

    @BeforeEach
    void requirePosix() {
        assumeTrue(
                directory.getFileSystem().supportedFileAttributeViews().contains("posix"),
                "the file system has no POSIX permissions");
    }

    @ParameterizedTest
    @CsvSource({
        "rw-r-----, AS_IT_WAS, rw-r-----",
        "rw-r-----, OWNER_ONLY, rw-------",
        "rw-rw-rw-, PUBLIC, rw-rw-rw-",
        "r--------, OWNER_ONLY, r--------",
        "rw-------, PUBLIC, rw-------"
    })
    void write_existingFile_keepsItsMode(String before, Secrecy secrecy, String after) throws IOException {
        Path file = file("old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(before));
        WholeFile.write(file, CONTENT, secrecy, PATIENCE);
        assertThat(mode(file)).isEqualTo(after);
        assertThat(Files.readString(file)).isEqualTo("new");
    }

    @Test
    void write_newFile_isNeverOthersToWrite() throws IOException {
        Path shared = directory.resolve("public");
        WholeFile.write(shared, CONTENT, Secrecy.PUBLIC, PATIENCE);
        assertThat(mode(shared)).startsWith("rw-").doesNotContain("rw-rw").endsWith("-");
        Path own = directory.resolve("own");
        WholeFile.write(own, CONTENT, Secrecy.OWNER_ONLY, PATIENCE);
        assertThat(mode(own)).isEqualTo("rw-------");
        assertThat(names()).containsExactlyInAnyOrder("public", "own");
    }

    @Test
    void replace_fileOfAnother_staysHis() throws IOException {
        Path file = file("old");
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        UserPrincipalLookupService users = directory.getFileSystem().getUserPrincipalLookupService();
        try {
            view.setOwner(users.lookupPrincipalByName("65534"));
            view.setGroup(users.lookupPrincipalByGroupName("65533"));
        } catch (IOException e) {
            assumeTrue(false, "this user may not give files away");
        }
        PosixFileAttributes before = view.readAttributes();
        WholeFile.exclusively(file, PATIENCE, locked -> {
            locked.replace(CONTENT, Secrecy.OWNER_ONLY);
            return "";
        });
        PosixFileAttributes after = view.readAttributes();
        assertThat(Files.readString(file)).isEqualTo("new");
        assertThat(after.owner()).isEqualTo(before.owner());
        assertThat(after.group()).isEqualTo(before.group());
        // The owner must be able to take the lock, too.
        PosixFileAttributes lock = Files.readAttributes(directory.resolve(".file.lock"), PosixFileAttributes.class);
        assertThat(lock.owner()).isEqualTo(before.owner());
        assertThat(PosixFilePermissions.toString(lock.permissions())).isEqualTo("rw-------");
    }

    @Test
    void replace_leftOversOfKilledWriters_areSwept() throws IOException {
        Path file = file("old");
        String left = ".file.0b1ff3a8-2b8f-4a4c-9d3a-0123456789ab.tmp";
        file(left, "secret");
        file(".file.not-a-number.tmp", "mine");
        file(".filed.0b1ff3a8-2b8f-4a4c-9d3a-0123456789ab.tmp", "another's");
        WholeFile.write(file, CONTENT, Secrecy.OWNER_ONLY, PATIENCE);
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "file",
                        ".file.lock",
                        ".file.not-a-number.tmp",
                        ".filed.0b1ff3a8-2b8f-4a4c-9d3a-0123456789ab.tmp");
    }

    @Test
    void write_publicFile_sweepsOldLeftOversOnly() throws IOException {
        Path file = file("old");
        Path fresh = file(".file.0b1ff3a8-2b8f-4a4c-9d3a-0123456789ab.tmp", "");
        Path old = file(".file.0b1ff3a8-2b8f-4a4c-9d3a-0123456789ac.tmp", "");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(7200)));
        WholeFile.write(file, CONTENT, Secrecy.PUBLIC, PATIENCE);
        assertThat(fresh).exists();
        assertThat(old).doesNotExist();
    }

    @Test
    void exclusively_whileAnotherProcessHoldsTheLock_waitsAndGivesUp() throws Exception {
        Path file = file("old");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Holder.class.getName(),
                        file.toString())
                .start();
        try {
            assertThat(other.getInputStream().read()).isEqualTo('1');
            assertThatThrownBy(() -> WholeFile.exclusively(file, Duration.ofMillis(50), WholeFile::path))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("somebody else is changing it")
                    .hasMessageContaining(".file.lock");
        } finally {
            other.getOutputStream().close();
            other.waitFor();
        }
        assertThat(WholeFile.exclusively(file, Duration.ofMillis(50), WholeFile::path))
                .isEqualTo(file.toRealPath());
    }

    @Test
    void exclusively_lockThatIsANamedPipe_isRefusedAtOnce() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo here");
        Path file = file("old");
        Process made = new ProcessBuilder(
                        "/usr/bin/mkfifo", file.resolveSibling(".file.lock").toString())
                .start();
        assertThat(made.waitFor()).isZero();
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(() -> WholeFile.exclusively(file, Duration.ofMillis(50), WholeFile::path))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("no regular file"));
    }

    /** Holds the lock until its standard input ends. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException {
            WholeFile.exclusively(Path.of(arguments[0]), PATIENCE, locked -> {
                System.out.print("1");
                System.out.flush();
                return System.in.read();
            });
        }
    }

    @Test
    void exclusively_byOneThread_isOnce() throws IOException {
        Path file = file("old");
        assertThatThrownBy(() -> WholeFile.exclusively(
                        file, PATIENCE, locked -> WholeFile.exclusively(file, PATIENCE, WholeFile::path)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void exclusively_byTwoNames_isOneLock() throws Exception {
        Path file = file("old");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        CountDownLatch inside = new CountDownLatch(1);
        StringBuffer order = new StringBuffer();
        Thread second = new Thread(() -> {
            try {
                inside.await();
                WholeFile.exclusively(link, PATIENCE, locked -> order.append("second"));
            } catch (IOException | InterruptedException e) {
                order.append(e);
            }
        });
        second.start();
        WholeFile.exclusively(file, PATIENCE, locked -> {
            inside.countDown();
            while (second.getState() != Thread.State.BLOCKED && second.getState() != Thread.State.TERMINATED) {
                Thread.onSpinWait();
            }
            return order.append("first ");
        });
        second.join();
        assertThat(order).hasToString("first second");
    }

    @Test
    void exclusively_lockThatIsALink_isRefused() throws IOException {
        Path file = file("old");
        Path target = file("target", "precious");
        Files.createSymbolicLink(directory.resolve(".file.lock"), target);
        assertThatThrownBy(() -> WholeFile.exclusively(file, PATIENCE, WholeFile::path))
                .isInstanceOf(IOException.class);
        assertThat(Files.readString(target)).isEqualTo("precious");
    }

    @Test
    void write_whatIsNoFile_isRefused() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("folder"));
        assertThatThrownBy(() -> WholeFile.write(folder, CONTENT, Secrecy.PUBLIC, PATIENCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("it is a directory");
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nowhere"));
        assertThatThrownBy(() -> WholeFile.write(dangling, CONTENT, Secrecy.OWNER_ONLY, PATIENCE))
                .hasMessageContaining("leads nowhere");
        assertThat(Files.exists(dangling, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    private Path file(String content) throws IOException {
        return file("file", content);
    }

    private Path file(String name, String content) throws IOException {
        Path file = Files.writeString(directory.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
