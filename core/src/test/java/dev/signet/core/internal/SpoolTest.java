// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.UnavailableException;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SpoolTest {
    private static final int BOUND = 40_000;
    private static final byte[] CONTENT = new byte[100_000];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    @TempDir
    Path folder;

    // ---- what goes in comes out ------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {0, 1, BOUND - 1, BOUND, BOUND + 1, 100_000})
    void fill_anyLength_isReadAgainAndAgain(int length) throws IOException {
        byte[] content = Arrays.copyOf(CONTENT, length);
        try (Spool spool = Spool.upTo(BOUND, "tests")) {
            spool.fill(new ByteArrayInputStream(content)::read);
            assertHolds(spool, content);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, BOUND - 1, BOUND, BOUND + 1, 100_000})
    void write_anyLengthInPieces_isReadAgainAndAgain(int length) throws IOException {
        byte[] content = Arrays.copyOf(CONTENT, length);
        for (int piece : new int[] {1, 777, 30_000, 100_000}) {
            try (Spool array = Spool.upTo(BOUND, "tests");
                    Spool heap = Spool.upTo(BOUND, "tests");
                    Spool direct = Spool.upTo(BOUND, "tests");
                    Spool stream = Spool.upTo(BOUND, "tests")) {
                OutputStream out = stream.output();
                for (int from = 0; from < length; from += piece) {
                    int count = Math.min(piece, length - from);
                    array.write(content, from, count);
                    ByteBuffer wrapped = ByteBuffer.wrap(content, from, count);
                    heap.write(wrapped);
                    ByteBuffer copied = ByteBuffer.allocateDirect(count).put(content, from, count);
                    direct.write(copied.flip());
                    assertThat(wrapped.hasRemaining() || copied.hasRemaining()).isFalse();
                    out.write(content[from]);
                    out.write(content, from + 1, count - 1);
                }
                out.close();
                for (Spool spool : List.of(array, heap, direct, stream)) {
                    assertHolds(spool, content);
                }
            }
        }
    }

    private static void assertHolds(Spool spool, byte[] content) throws IOException {
        assertThat(spool.size()).isEqualTo(content.length);
        assertThat(spool.isInMemory()).isEqualTo(content.length <= BOUND);
        assertThat(spool.toBytes()).isEqualTo(content);
        try (InputStream first = spool.open();
                InputStream second = spool.open()) {
            assertThat(first.readAllBytes()).isEqualTo(content);
            assertThat(second.readAllBytes()).isEqualTo(content);
        }
        try (InputStream file = spool.openFile()) {
            assertThat(file == null).isEqualTo(spool.isInMemory());
        }
        if (spool.isInMemory()) {
            assertThat(Arrays.copyOf(spool.buffer(), content.length)).isEqualTo(content);
            assertThat(spool.trimmed()).isEqualTo(content);
        }
    }

    @Test
    void write_nothingInMemory_goesToTheFileAtOnce() throws IOException {
        try (Spool spool = Spool.upTo(0, "tests")) {
            spool.write(CONTENT, 0, 0);
            assertThat(spool.isInMemory()).isTrue();
            spool.write(CONTENT, 5, 1);
            assertThat(spool.isInMemory()).isFalse();
            assertThat(spool.toBytes()).containsExactly(CONTENT[5]);
        }
    }

    @Test
    void of_bytes_areNotCopied() throws IOException {
        byte[] bytes = CONTENT.clone();
        Spool whole = Spool.of(bytes, bytes.length);
        assertThat(whole.buffer()).isSameAs(bytes);
        assertThat(whole.trimmed()).isSameAs(bytes);
        assertThat(Spool.of(bytes, 3).trimmed()).hasSize(3);
        assertThat(Spool.of(bytes, 3).open().readAllBytes()).hasSize(3);
        assertThat(whole.toBytes()).isNotSameAs(bytes).isEqualTo(bytes);
    }

    @Test
    void expect_announcedLength_isAllocatedOnce() {
        Spool spool = Spool.upTo(BOUND, "tests");
        spool.expect(300);
        byte[] memory = spool.buffer();
        assertThat(memory).hasSize(300);
        spool.write(CONTENT, 0, 100);
        spool.write(CONTENT, 100, 200);
        assertThat(spool.trimmed()).isSameAs(memory).isEqualTo(Arrays.copyOf(CONTENT, 300));
        spool.expect(Long.MAX_VALUE);
        assertThat(spool.buffer()).hasSize(BOUND);
    }

    // ---- the cap ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1000, BOUND + 1000})
    void upTo_oneByteMore_isRefusedAndClosed(int most) throws IOException {
        try (Spool spool = Spool.upTo(BOUND, "tests", most)) {
            spool.fill(new ByteArrayInputStream(CONTENT, 0, most)::read);
            assertThat(spool.size()).isEqualTo(most);
        }
        Spool filled = Spool.upTo(BOUND, "tests", most);
        assertTooLarge(() -> filled.fill(new ByteArrayInputStream(CONTENT, 0, most + 1)::read), most);
        Spool written = Spool.upTo(BOUND, "tests", most);
        written.write(CONTENT, 0, most);
        assertTooLarge(() -> written.write(CONTENT, 0, 1), most);
        assertThatThrownBy(() -> written.write(CONTENT, 0, 1)).isInstanceOf(IllegalStateException.class);
    }

    private static void assertTooLarge(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, int most) {
        assertThatThrownBy(call)
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("tests of more than " + most + " bytes");
    }

    @Test
    void fill_endlessSource_readsLittleMoreThanTheCap() {
        long[] read = {0};
        Spool spool = Spool.upTo(10, "tests", 100);
        assertThatThrownBy(() -> spool.fill((into, offset, length) -> {
                    read[0] += length;
                    return length;
                }))
                .isInstanceOf(InvalidMessageException.class);
        assertThat(read[0]).isLessThan(20_000);
    }

    // ---- failures --------------------------------------------------------------------------------------------------

    @Test
    void write_noFolder_isUnavailableWithoutItsPath() {
        Spool spool = failing(() -> {
            throw new NoSuchFileException("/secret/folder/signet-spool-1.tmp");
        });
        spool.write(CONTENT, 0, BOUND);
        assertUnavailable(() -> spool.write(CONTENT, 0, 1));
    }

    @Test
    void write_fullDisk_isUnavailableAndLetsGoOfTheFile() throws IOException {
        assumeTrue(new File("/dev/full").exists(), "there is no device that is always full");
        List<RandomAccessFile> opened = new ArrayList<>();
        Spool spool = failing(() -> {
            opened.add(new RandomAccessFile("/dev/full", "rw"));
            return new SpoolFile(opened.get(0), null);
        });
        assertUnavailable(() -> spool.fill(new ByteArrayInputStream(CONTENT)::read));
        assertThat(opened).hasSize(1);
        assertThat(opened.get(0).getFD().valid()).isFalse();
        assertThatThrownBy(spool::open).isInstanceOf(IOException.class);
    }

    private static void assertUnavailable(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(UnavailableException.class)
                .hasMessage("the spool for tests cannot be written")
                .hasCauseInstanceOf(IOException.class);
    }

    private static Spool failing(Spool.Files files) {
        return new Spool("tests", BOUND, Long.MAX_VALUE, files, new byte[0], 0);
    }

    @Test
    void fill_failingSource_isItsFailureAndClosed() {
        Spool spool = Spool.upTo(10, "tests");
        int[] calls = {0};
        assertThatThrownBy(() -> spool.fill((into, offset, length) -> {
                    if (calls[0]++ < 3) {
                        return length;
                    }
                    throw new IOException("the source broke");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the source broke");
        assertThat(spool.isInMemory()).isFalse();
        assertThatThrownBy(spool::open).isInstanceOf(IOException.class).hasMessageContaining("closed");
    }

    @Test
    void close_twice_keepsWhatIsInMemoryAndOpenStreams() throws IOException {
        Spool small = Spool.upTo(BOUND, "tests");
        small.write(CONTENT, 0, 10);
        small.close();
        small.close();
        assertThat(small.toBytes()).hasSize(10);
        assertThatThrownBy(() -> small.write(CONTENT, 0, 1)).isInstanceOf(IllegalStateException.class);
        Spool large = Spool.upTo(BOUND, "tests");
        large.write(CONTENT, 0, CONTENT.length);
        try (InputStream in = large.open()) {
            large.close();
            large.close();
            assertThat(in.readAllBytes()).isEqualTo(CONTENT);
        }
        assertThatThrownBy(large::open).isInstanceOf(IOException.class).hasMessageContaining("closed");
        assertThatThrownBy(large::toBytes).isInstanceOf(IOException.class);
    }

    // ---- a process of its own --------------------------------------------------------------------------------------

    @Test
    void write_overTheQuotaOfTheProcess_isUnavailable() throws Exception {
        assumeTrue(new File("/bin/sh").exists(), "there is no shell to set a limit");
        // 64 or 128 KiB, whatever a block is; the JVM writes no larger file by itself.
        Process process = child(List.of("/bin/sh", "-c", "ulimit -f 128 && exec \"$@\"", "sh"), folder);
        assertThat(said(process)).isEqualTo("unavailable: the spool for tests cannot be written");
        process.destroyForcibly();
        assertThat(process.waitFor()).isNotNegative();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void write_folderThatIsNotThere_isUnavailable() throws Exception {
        Process process = child(List.of(), folder.resolve("not-there"));
        assertThat(said(process)).isEqualTo("unavailable: the spool for tests cannot be written");
        process.destroyForcibly();
    }

    @Test
    void kill_whileSpooled_leavesNothing() throws Exception {
        assumeTrue(File.separatorChar == '/', "open files keep their names on this system");
        Process process = child(List.of(), folder);
        assertThat(said(process)).isEqualTo("spooled");
        process.destroyForcibly();
        assertThat(process.waitFor()).isEqualTo(128 + 9);
        assertThat(folder).isEmptyDirectory();
    }

    private static Process child(List<String> launcher, Path temporary) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Spooling.class.getName()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    static final class Spooling {
        private Spooling() {}

        public static void main(String[] arguments) throws IOException {
            try (Spool spool = Spool.upTo(10, "tests")) {
                byte[] line = "plaintext".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
                spool.write(line, 0, line.length);
                System.out.println("spooled");
                System.out.println(System.in.read());
            } catch (UnavailableException e) {
                System.out.println(e.code() + ": " + e.getMessage());
            }
        }
    }

    /** Its first line but for warnings of the runtime itself, which JDK 25 has more of. */
    private static String said(Process process) {
        return process.inputReader()
                .lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("WARNING"))
                .findFirst()
                .orElse("nothing");
    }
}
