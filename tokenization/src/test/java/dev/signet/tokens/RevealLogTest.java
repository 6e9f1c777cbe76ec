// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.TokenizationKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevealLogTest {
    private static final Instant TIME = Instant.parse("2026-11-26T10:00:00.123Z");
    private static final TokenDomain DOMAIN = TokenDomain.of("name");

    private final SecretBytes key = SecretBytes.random(32);

    @TempDir
    private Path folder;

    @Test
    void verify_untouchedLog_countsItsEvents() {
        List<String> lines = lines(5);
        RevealLog.VerifiedLog verified = RevealLog.verify(lines.iterator(), key);
        assertThat(verified.events()).isEqualTo(5);
        assertThat(RevealLog.verify(lines.iterator(), key, verified.head()).head())
                .isEqualTo(verified.head());
        assertThat(RevealLog.verify(Collections.emptyIterator(), key).events()).isZero();
    }

    @Test
    void verify_anyChangedCharacter_isFound() {
        List<String> lines = lines(3);
        String line = lines.get(1);
        for (int i = 0; i < line.length(); i++) {
            List<String> changed = new ArrayList<>(lines);
            char other = line.charAt(i) == '1' ? '2' : '1';
            changed.set(1, line.substring(0, i) + other + line.substring(i + 1));
            assertBroken(changed);
        }
    }

    @Test
    void verify_removedReorderedInsertedOrRepeatedEvents_areFound() {
        List<String> lines = lines(5);
        for (int i = 0; i < 4; i++) {
            List<String> removed = new ArrayList<>(lines);
            removed.remove(i);
            assertBroken(removed);
            List<String> swapped = new ArrayList<>(lines);
            Collections.swap(swapped, i, i + 1);
            assertBroken(swapped);
            List<String> repeated = new ArrayList<>(lines);
            repeated.add(i, lines.get(i));
            assertBroken(repeated);
            List<String> inserted = new ArrayList<>(lines);
            inserted.add(i, lines(5).get(i));
            assertBroken(inserted);
        }
    }

    @Test
    void verify_eventOfAnotherLogInItsPlace_isFound() {
        // The other log has the same key, and an event of the same number.
        List<String> lines = lines(5);
        for (int i = 1; i < 5; i++) {
            List<String> replaced = new ArrayList<>(lines);
            replaced.set(i, lines("other", 5).get(i));
            assertBroken(replaced);
        }
    }

    @Test
    void verify_renumberedAfterRemoval_isFound() {
        List<String> lines = new ArrayList<>(lines(3));
        lines.remove(1);
        lines.set(1, lines.get(1).replace("\"seq\":3", "\"seq\":2"));
        assertBroken(lines);
    }

    @Test
    void verify_brokenChain_namesThePlace() {
        List<String> lines = new ArrayList<>(lines(5));
        lines.remove(2);
        assertThatThrownBy(() -> RevealLog.verify(lines.iterator(), key))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("behind number 2");
    }

    @Test
    void verify_removalAtTheEnd_isFoundAgainstARememberedHead() {
        List<String> lines = lines(5);
        String head = RevealLog.verify(lines.iterator(), key).head();
        List<String> cut = lines.subList(0, 4);
        assertThat(RevealLog.verify(cut.iterator(), key).events()).isEqualTo(4);
        assertThatThrownBy(() -> RevealLog.verify(cut.iterator(), key, head)).isInstanceOf(VerificationException.class);
        assertThatThrownBy(() -> RevealLog.verify(Collections.emptyIterator(), key, head))
                .isInstanceOf(VerificationException.class);
        // A log written anew by somebody with the key is as long, and another.
        assertThatThrownBy(() -> RevealLog.verify(lines("other", 5).iterator(), key, head))
                .isInstanceOf(VerificationException.class);
        for (String wrong : List.of("", "5", "x.y", "-1.AAAA", head + "A", " " + head)) {
            assertThatThrownBy(() -> RevealLog.verify(lines.iterator(), key, wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void verify_brokenLog_tellsOnlyOfTheEventsBeforeTheBreak() {
        List<String> lines = new ArrayList<>(lines(5));
        List<String> told = new ArrayList<>();
        String none = RevealLog.verify(Collections.emptyIterator(), key).head();
        RevealLog.verify(lines.iterator(), key, none, event -> told.add(event.line()));
        assertThat(told).isEqualTo(lines);
        told.clear();
        lines.set(3, lines("other", 5).get(3));
        assertThatThrownBy(() -> RevealLog.verify(lines.iterator(), key, none, event -> told.add(event.line())))
                .isInstanceOf(VerificationException.class);
        assertThat(told).isEqualTo(lines.subList(0, 3));
    }

    @Test
    void verify_anotherKey_isRefused() {
        List<String> lines = lines(2);
        assertThatThrownBy(() -> RevealLog.verify(lines.iterator(), SecretBytes.random(32)))
                .isInstanceOf(VerificationException.class);
        assertThatThrownBy(() -> RevealLog.verify(lines.iterator(), SecretBytes.random(31)))
                .isInstanceOf(IllegalArgumentException.class);
        TokenizationKey root = TokenizationKey.generate();
        assertThat(RevealLog.deriveKey(root)).isNotEqualTo(root.dangerousSecret());
    }

    @Test
    void verify_otherSpellings_areRefused() {
        String line = lines(1).get(0);
        List<String> others = List.of(
                "",
                "{}",
                " " + line,
                line + " ",
                line + line,
                line.replace("\"seq\":1", "\"seq\":01"),
                line.replace("\"seq\":1", "\"seq\":+1"),
                line.replace("\"seq\":1", "\"seq\":99999999999999999999"),
                line.replace("\"seq\":1", "\"seq\": 1"),
                line.replace("10:00:00.123Z", "10:00:00.123000Z"),
                line.replace("10:00:00.123Z", "yesterday"),
                line.replace("caller-0", "\\u0063aller-0"),
                line.replace("caller-0", "caller-0\\"),
                line.replace("caller-0", "\\u12"),
                line.replace("\"reveal\":\"clear\"", "\"reveal\":\"all\""),
                line.replace("\"versions\":[\"1\"]", "\"versions\":[]]"),
                line.replace("\"refused\":0", "\"refused\":0,\"note\":1"),
                line.replace(",\"refused\":0", ""),
                line.substring(0, line.length() - 1));
        for (String other : others) {
            assertThat(other).isNotEqualTo(line);
            assertThatThrownBy(() -> RevealLog.verify(List.of(other).iterator(), key))
                    .as(other)
                    .isInstanceOf(InvalidMessageException.class);
        }
        for (int length = 0; length < line.length(); length++) {
            String half = line.substring(0, length);
            assertThatThrownBy(() -> RevealLog.verify(List.of(half).iterator(), key))
                    .isInstanceOf(InvalidMessageException.class);
        }
    }

    @Test
    void append_namesWithQuotesAndBackslashes_stayOneField() {
        List<RevealEvent> events = new ArrayList<>();
        RevealLog log = RevealLog.to(events::add, key);
        String evil = "a\",\"purpose\":\"refund\\";
        RevealNote note = RevealNote.of(Access.by(evil).forPurpose("p"), DOMAIN, null, "f\u00fcr\n", List.of("b", "a"));
        log.append(note, () -> TIME);
        String line = events.get(0).line();
        assertThat(line.chars()).allMatch(c -> c >= 0x20 && c <= 0x7e);
        assertThat(RevealLog.verify(List.of(line).iterator(), key).events()).isEqualTo(1);
        RevealEvent read = RevealLine.read(line);
        assertThat(read.caller()).isEqualTo(evil);
        assertThat(read.purpose()).isEqualTo("p");
        assertThat(read.format()).isEqualTo("f\u00fcr\n");
        assertThat(read.versions()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void to_consumerThatThrew_releasesNothingUntilTheLogIsOpenedBehindTheLastLine(boolean storedNevertheless) {
        List<String> lines = new ArrayList<>();
        boolean[] down = {false};
        Consumer<RevealEvent> store = event -> {
            if (!down[0] || storedNevertheless) {
                lines.add(event.line());
            }
            if (down[0]) {
                throw new IllegalStateException("the answer was lost");
            }
        };
        RevealLog log = RevealLog.to(store, key);
        log.append(note("a"), () -> TIME);
        down[0] = true;
        assertUnavailable(log);
        down[0] = false;
        assertUnavailable(log);
        assertUnavailable(log);
        RevealLog again = RevealLog.to(store, key, lines.get(lines.size() - 1));
        again.append(note("c"), () -> TIME);
        assertThat(RevealLog.verify(lines.iterator(), key, again.head()).events())
                .isEqualTo(storedNevertheless ? 3 : 2);
    }

    @Test
    void to_consumerThatEndsByAnError_closesTheLogToo() {
        boolean[] down = {true};
        RevealLog log = RevealLog.to(
                event -> {
                    if (down[0]) {
                        throw new AssertionError("out of something");
                    }
                },
                key);
        assertThatThrownBy(() -> log.append(note("a"), () -> TIME)).isInstanceOf(AssertionError.class);
        down[0] = false;
        assertUnavailable(log);
    }

    @Test
    void to_consumerThatReveals_isRefused() {
        List<String> lines = new ArrayList<>();
        RevealLog[] log = new RevealLog[1];
        log[0] = RevealLog.to(
                event -> {
                    log[0].append(note("inner"), () -> TIME);
                    lines.add(event.line());
                },
                key);
        assertUnavailable(log[0]);
        assertThat(lines).isEmpty();
    }

    @Test
    void file_flushThatFailsOnce_releasesNothingToThoseWhoWaitedForIt() throws Exception {
        Path path = folder.resolve("reveal.log");
        FailingDisk disk = new FailingDisk();
        RevealLog log =
                RevealLog.file(RevealFile.open(path, RevealChain.start(key, SecurityPolicy.recommended2026()), disk));
        log.append(note("safe"), () -> TIME);
        disk.fail.set(true);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        AtomicInteger released = new AtomicInteger();
        try {
            var calls = IntStream.range(0, 8)
                    .<Future<?>>mapToObj(thread -> pool.submit(() -> {
                        try {
                            log.append(note("t" + thread), () -> TIME);
                            released.incrementAndGet();
                        } catch (UnavailableException e) {
                            // As it should be.
                        }
                    }))
                    .toList();
            // All events are in the file before the one flush that fails ends.
            disk.waiting.await();
            while (Files.readAllLines(path).size() < 9) {
                Thread.sleep(1);
            }
            disk.goOn.countDown();
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(released).hasValue(0);
        assertUnavailable(log);
        assertThatThrownBy(log::head).isInstanceOf(UnavailableException.class);
        log.close();
        // Nothing is left of events that may not be on the disk, and the log goes on behind the last one that is.
        assertThat(Files.readAllLines(path)).hasSize(1);
        try (RevealLog again = RevealLog.file(path, key)) {
            again.append(note("later"), () -> TIME);
            assertThat(RevealLog.verify(Files.readAllLines(path).iterator(), key, again.head())
                            .events())
                    .isEqualTo(2);
        }
    }

    @Test
    void file_flushThatFailsAtOpening_opensNothing() {
        FailingDisk disk = new FailingDisk();
        disk.fail.set(true);
        disk.goOn.countDown();
        Path path = folder.resolve("reveal.log");
        assertThatThrownBy(() -> RevealFile.open(path, RevealChain.start(key, SecurityPolicy.recommended2026()), disk))
                .isInstanceOf(UnavailableException.class);
        RevealLog.file(path, key).close();
    }

    @Test
    void head_whileAnEventIsNotSafe_waitsForTheDisk() {
        Path path = folder.resolve("reveal.log");
        FailingDisk disk = new FailingDisk();
        RevealFile file = RevealFile.open(path, RevealChain.start(key, SecurityPolicy.recommended2026()), disk);
        try (RevealLog log = RevealLog.file(file)) {
            file.append(file.chain().next(note("written only"), TIME));
            disk.fail.set(true);
            disk.goOn.countDown();
            assertThatThrownBy(log::head).isInstanceOf(UnavailableException.class);
        }
    }

    /** A disk that refuses one flush, when it is told to, and takes all others, as disks do that lost what they were given. */
    private static final class FailingDisk implements RevealFile.Disk {
        private final AtomicBoolean fail = new AtomicBoolean();
        private final CountDownLatch waiting = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public void force(RandomAccessFile file) throws IOException {
            if (fail.compareAndSet(true, false)) {
                waiting.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IOException("input/output error");
            }
            file.getFD().sync();
        }
    }

    private static void assertUnavailable(RevealLog log) {
        assertThatThrownBy(() -> log.append(note("refused"), () -> TIME)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void close_anyLog_takesNoEventAnyMore() {
        for (RevealLog log : List.of(RevealLog.to(event -> {}, key), RevealLog.dangerouslyDiscard())) {
            log.append(note("a"), () -> TIME);
            log.close();
            assertThatThrownBy(() -> log.append(note("b"), () -> TIME)).isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void to_lastLine_continuesTheChain() {
        List<String> lines = new ArrayList<>(lines(3));
        RevealLog log = RevealLog.to(event -> lines.add(event.line()), key, lines.get(2));
        log.append(note("later"), () -> TIME);
        assertThat(RevealLog.verify(lines.iterator(), key).events()).isEqualTo(4);
        assertThatThrownBy(() -> RevealLog.to(event -> {}, key, "{}")).isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void file_closedAndOpened_continuesTheChain() throws IOException {
        Path path = folder.resolve("reveal.log");
        for (int i = 0; i < 4; i++) {
            try (RevealLog log = RevealLog.file(path, key)) {
                log.append(note("c" + i), () -> TIME);
            }
        }
        assertThat(RevealLog.verify(Files.readAllLines(path).iterator(), key).events())
                .isEqualTo(4);
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void file_changedEnd_isNotContinued() throws IOException {
        Path path = written(3);
        List<String> lines = Files.readAllLines(path);
        for (String last : List.of(
                lines.get(2).replace("c2", "c9"), lines.get(0), lines("x", 3).get(2), "not an event")) {
            Files.write(path, List.of(lines.get(0), lines.get(1), last));
            byte[] before = Files.readAllBytes(path);
            assertThatThrownBy(() -> RevealLog.file(path, key))
                    .isInstanceOfAny(VerificationException.class, InvalidMessageException.class);
            assertThat(Files.readAllBytes(path)).isEqualTo(before);
        }
        Files.write(path, lines);
        assertThatThrownBy(() -> RevealLog.file(path, SecretBytes.random(32)))
                .isInstanceOf(VerificationException.class);
    }

    @Test
    void file_halfALineAtTheEnd_isCutOffAndSaidSo() throws IOException {
        for (int kept : new int[] {0, 1, 3}) {
            for (int half : new int[] {1, 5, 20, 150, -1}) {
                Path path = written(kept + 1);
                List<String> lines = Files.readAllLines(path);
                String last = lines.get(kept);
                Files.write(path, lines.subList(0, kept));
                String end = half < 0 ? last : last.substring(0, half);
                Files.writeString(path, end, StandardOpenOption.APPEND);
                try (RevealLog log = RevealLog.file(path, key)) {
                    log.append(note("later"), () -> TIME);
                }
                List<String> repaired = Files.readAllLines(path);
                assertThat(RevealLog.verify(repaired.iterator(), key).events()).isEqualTo(kept + 2);
                assertThat(repaired.get(kept)).contains("\"result\":\"incomplete-line-removed\"");
            }
        }
    }

    @Test
    void file_otherKindOfFile_keepsItsContent() throws IOException {
        Path path = folder.resolve("precious");
        for (String content : List.of("precious", "precious\n", "\n", "{\"a\":1}", "a\nb\nc")) {
            Files.writeString(path, content);
            assertThatThrownBy(() -> RevealLog.file(path, key)).isInstanceOf(InvalidMessageException.class);
            assertThat(Files.readString(path)).isEqualTo(content);
        }
    }

    @Test
    void file_openInThisProcess_isRefused() throws IOException {
        Path path = folder.resolve("reveal.log");
        try (RevealLog log = RevealLog.file(path, key)) {
            log.append(note("a"), () -> TIME);
            assertThatThrownBy(() -> RevealLog.file(path, key)).isInstanceOf(UnavailableException.class);
            log.append(note("b"), () -> TIME);
        }
        RevealLog.file(path, key).close();
    }

    @Test
    void file_openInAnotherProcess_isRefused() throws Exception {
        Path path = folder.resolve("reveal.log");
        Process other = holder(path);
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("open");
            assertThatThrownBy(() -> RevealLog.file(path, key)).isInstanceOf(UnavailableException.class);
        } finally {
            other.destroyForcibly().waitFor();
        }
        RevealLog.file(path, key).close();
    }

    @Test
    void file_readInThisProcess_staysLockedForOthers() throws Exception {
        Path path = folder.resolve("reveal.log");
        try (RevealLog log = RevealLog.file(path, key)) {
            log.head();
            Files.readAllLines(path);
            Process other = holder(path);
            try {
                assertThat(other.inputReader().readLine()).isNull();
            } finally {
                other.destroyForcibly().waitFor();
            }
        }
    }

    private Process holder(Path path) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Holder.class.getName(), path.toString())
                .redirectError(folder.resolve("errors").toFile())
                .start();
    }

    /** Opens a log and holds it until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (RevealLog log = RevealLog.file(Path.of(args[0]), SecretBytes.random(32))) {
                log.head();
                System.out.println("open");
                Thread.sleep(60_000);
            }
        }
    }

    @Test
    void file_interruptedThread_doesNotCloseItForOthers() throws IOException {
        Path path = folder.resolve("reveal.log");
        try (RevealLog log = RevealLog.file(path, key)) {
            Thread.currentThread().interrupt();
            log.append(note("a"), () -> TIME);
            assertThat(Thread.interrupted()).isTrue();
            log.append(note("b"), () -> TIME);
        }
        assertThat(RevealLog.verify(Files.readAllLines(path).iterator(), key).events())
                .isEqualTo(2);
    }

    @Test
    void file_closedLog_takesNoEvent() {
        RevealLog log = RevealLog.file(folder.resolve("reveal.log"), key);
        log.close();
        assertThatThrownBy(() -> log.append(note("a"), () -> TIME)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void file_folderThatIsMissing_isUnavailable() {
        assertThatThrownBy(() -> RevealLog.file(folder.resolve("no/reveal.log"), key))
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void append_manyThreads_keepOneChain() throws Exception {
        Path path = folder.resolve("reveal.log");
        ExecutorService pool = Executors.newFixedThreadPool(8);
        AtomicLong tick = new AtomicLong();
        String head;
        try (RevealLog log = RevealLog.file(path, key)) {
            var futures = IntStream.range(0, 8)
                    .<Future<?>>mapToObj(thread -> pool.submit(() -> {
                        for (int i = 0; i < 100; i++) {
                            log.append(note("t" + thread), () -> TIME.plusNanos(tick.incrementAndGet()));
                        }
                    }))
                    .toList();
            for (Future<?> future : futures) {
                future.get();
            }
            head = log.head();
        } finally {
            pool.shutdownNow();
        }
        List<Instant> times = new ArrayList<>();
        RevealLog.verify(Files.readAllLines(path).iterator(), key, head, event -> times.add(event.time()));
        assertThat(times).hasSize(800).isSorted();
    }

    private Path written(int count) throws IOException {
        Path path = Files.createTempDirectory(folder, "log").resolve("reveal.log");
        try (RevealLog log = RevealLog.file(path, key)) {
            for (int i = 0; i < count; i++) {
                log.append(note("c" + i), () -> TIME);
            }
        }
        return path;
    }

    private List<String> lines(int count) {
        return lines("caller", count);
    }

    private List<String> lines(String caller, int count) {
        List<String> lines = new ArrayList<>();
        RevealLog log = RevealLog.to(event -> lines.add(event.line()), key);
        for (int i = 0; i < count; i++) {
            log.append(note(caller + "-" + i).with(Reveal.CLEAR), () -> TIME);
        }
        return lines;
    }

    private void assertBroken(List<String> lines) {
        assertThatThrownBy(() -> RevealLog.verify(lines.iterator(), key))
                .isInstanceOfAny(VerificationException.class, InvalidMessageException.class);
    }

    private static RevealNote note(String caller) {
        return RevealNote.of(Access.by(caller).forPurpose("purpose"), DOMAIN, null, "authenticated", List.of("1"));
    }
}
