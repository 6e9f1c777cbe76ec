// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SpoolFileTest {
    private static final byte[] CONTENT = new byte[300_000];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void open_severalStreams_readIndependently(boolean unlink) throws IOException {
        try (SpoolFile spool = SpoolFile.create(unlink)) {
            OutputStream out = spool.output();
            out.write(CONTENT[0]);
            out.write(CONTENT, 1, CONTENT.length - 1);
            assertThat(spool.size()).isEqualTo(CONTENT.length);
            try (InputStream first = spool.open();
                    InputStream second = spool.open()) {
                assertThat(first.read()).isEqualTo(CONTENT[0] & 0xff);
                assertThat(second.readNBytes(1000)).isEqualTo(Arrays.copyOf(CONTENT, 1000));
                assertThat(first.skip(CONTENT.length - 2)).isEqualTo(CONTENT.length - 2);
                assertThat(first.available()).isEqualTo(1);
                assertThat(first.read()).isEqualTo(CONTENT[CONTENT.length - 1] & 0xff);
                assertThat(first.read()).isEqualTo(-1);
                assertThat(first.skip(1)).isZero();
                assertThat(second.skip(Long.MAX_VALUE)).isEqualTo(CONTENT.length - 1000);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void close_openStreams_goOn(boolean unlink) throws IOException {
        SpoolFile spool = SpoolFile.create(unlink);
        spool.output().write(CONTENT);
        InputStream in = spool.open();
        spool.close();
        spool.close();
        assertThat(in.readAllBytes()).isEqualTo(CONTENT);
        assertThatThrownBy(spool::open).isInstanceOf(IOException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> spool.output().write(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
        in.close();
        in.close();
        assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
        assertThatThrownBy(in::available).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> in.skip(1)).isInstanceOf(IOException.class);
    }

    @Test
    void read_interruptedThread_doesNotLoseTheContent() throws IOException {
        try (SpoolFile spool = SpoolFile.create()) {
            Thread.currentThread().interrupt();
            try {
                spool.output().write(CONTENT);
                try (InputStream in = spool.open()) {
                    assertThat(in.readAllBytes()).isEqualTo(CONTENT);
                }
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            try (InputStream in = spool.open()) {
                assertThat(in.readAllBytes()).isEqualTo(CONTENT);
            }
        }
    }

    @Test
    void create_onPosix_isTheOwnersOnlyAndHasNoName() throws Exception {
        assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
                "this file system knows no owners");
        try (Child child = Child.start(folder, "unlinked")) {
            assertThat(folder).isEmptyDirectory();
            assertThat(child.permissions()).containsExactly("rw-------");
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** Where names cannot be removed from open files, they go at the exit, unless that is a violent one. */
    @Test
    void create_named_isRemovedAtCloseOrExit() throws Exception {
        try (Child child = Child.start(folder, "named")) {
            assertThat(folder).isDirectoryContaining(file -> file.toString().contains("signet-spool-"));
            child.say("close");
            assertThat(child.line()).isEqualTo("closed");
            assertThat(folder).isEmptyDirectory();
            child.say("open");
            assertThat(child.line()).isEqualTo("ready");
            assertThat(folder).isNotEmptyDirectory();
            child.say("exit");
            assertThat(child.process.waitFor()).isZero();
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void kill_whileSpooled_leavesNothing() throws Exception {
        assumeTrue(File.separatorChar == '/', "open files keep their names on this system");
        try (Child child = Child.start(folder, "unlinked")) {
            // SIGKILL: neither hooks nor finally blocks run.
            child.process.destroyForcibly();
            assertThat(child.process.waitFor()).isEqualTo(128 + 9);
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** Another JVM, which spools as it is told. */
    private static final class Child implements AutoCloseable {
        final Process process;
        private final BufferedReader out;

        private Child(Process process) {
            this.process = process;
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        }

        static Child start(Path temporary, String mode) throws IOException {
            Child child = new Child(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx32m",
                            "-Djava.io.tmpdir=" + temporary,
                            "-cp",
                            System.getProperty("java.class.path"),
                            Spooling.class.getName(),
                            mode)
                    .redirectErrorStream(true)
                    .start());
            assertThat(child.line()).isEqualTo("ready");
            return child;
        }

        String line() throws IOException {
            return String.valueOf(out.readLine());
        }

        void say(String line) throws IOException {
            OutputStream in = process.getOutputStream();
            in.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            in.flush();
        }

        /** Of the files without a name, as far as this system shows them. */
        List<String> permissions() throws IOException {
            Path descriptors = Path.of("/proc/" + process.pid() + "/fd");
            assumeTrue(Files.isDirectory(descriptors), "there is no /proc");
            try (Stream<Path> open = Files.list(descriptors)) {
                return open.filter(Child::isSpool).map(Child::permissions).toList();
            }
        }

        private static boolean isSpool(Path descriptor) {
            try {
                return Files.readSymbolicLink(descriptor).toString().contains("signet-spool-");
            } catch (IOException e) {
                return false;
            }
        }

        private static String permissions(Path descriptor) {
            try {
                return java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(descriptor));
            } catch (IOException e) {
                return e.toString();
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    static final class Spooling {
        private Spooling() {}

        public static void main(String[] arguments) throws IOException {
            SpoolFile spool = open(arguments[0]);
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null && !line.equals("exit"); line = in.readLine()) {
                if (line.equals("close")) {
                    spool.close();
                    System.out.println("closed");
                } else {
                    spool = open(arguments[0]);
                }
            }
        }

        private static SpoolFile open(String mode) throws IOException {
            SpoolFile spool = mode.equals("named") ? SpoolFile.create(false) : SpoolFile.create();
            spool.output().write("plaintext".getBytes(StandardCharsets.US_ASCII));
            System.out.println("ready");
            return spool;
        }
    }
}
