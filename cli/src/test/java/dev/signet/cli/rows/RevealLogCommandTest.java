// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code signet reveal-log verify} on logs that {@code signet detokenize} wrote. */
class RevealLogCommandTest {
    private static final String POLICY = """
            {"fields": [
              {"column": "card", "domain": "card", "format": "payment-card", "version": "prefix"},
              {"column": "mail", "domain": "mail", "mode": "authenticated", "version": "prefix"}],
             "reveal": {"fraud": "clear", "support": "partial", "few": {"show": "clear",
              "rate": {"values": 1, "seconds": 60}}}}""";
    private static final String VERIFY = "reveal-log verify --keys %k ";
    private static final String NOTE = "events that are missing at the end show only against the head";

    @TempDir
    private static Path made;

    @TempDir
    private Path folder;

    private Terminal terminal;

    @BeforeAll
    static void makeALog() {
        Terminal terminal = new Terminal(made);
        terminal.write("p", POLICY);
        terminal.write("c", "card,mail\n4111111111111111,a@example.com\n5500005555555559,b@example.com\n");
        ok(terminal, "key generate --unencrypted --alg HKDF-SHA256 --id one --out %k");
        ok(terminal, "tokenize --policy %p --keys %k --out %t %c");
        reveal(terminal, "fraud", "ada", 0);
        terminal.at(Terminal.NOW.plusSeconds(90));
        reveal(terminal, "support", "desk-3", 0);
        reveal(terminal, "few", "desk-3", 1);
    }

    @BeforeEach
    void copyIt() {
        terminal = new Terminal(folder);
        Terminal from = new Terminal(made);
        for (String name : from.files()) {
            terminal.write(name, from.read(name));
        }
    }

    @Test
    void verify_wholeLog_countsWhoSawWhat() {
        Terminal.Result result = ok(VERIFY + "%log");
        assertThat(result.out().lines())
                .startsWith(
                        "verified  5 events, from 2026-12-01T12:00:00Z to 2026-12-01T12:01:30Z",
                        "  CALLER  PURPOSE  SHOWN    RESULT         EVENTS  REVEALED  REFUSED",
                        "  ada     fraud    clear    ok                  2         4        0",
                        "  desk-3  few      clear    rate-exceeded       1         0        2",
                        "  desk-3  support  partial  ok                  2         4        0")
                .hasSize(6)
                .last()
                .asString()
                .matches("head  5\\.[-_A-Za-z0-9]{43}");
        assertThat(result.err()).startsWith(NOTE).hasLineCount(1);
    }

    @Test
    void verify_refusedPurpose_isCountedWithoutAnythingShown() {
        reveal("nonsense", "desk-3", 1);
        assertThat(ok(VERIFY + "%log").out()).contains("  desk-3  nonsense  -        purpose-not-allowed       1 ");
    }

    @Test
    void verify_standardInput_isRead() {
        terminal.input(terminal.read("log"));
        assertThat(ok(VERIFY + "-").out()).startsWith("verified  5 events");
    }

    @Test
    void verify_emptyLog_hasNoEvents() {
        terminal.write("log", "");
        assertThat(ok(VERIFY + "%log").out()).matches("verified {2}0 events\nhead {2}0\\.A{43}\n");
    }

    @Test
    void verify_logThatAnEarlierKeyBegan_isFoundByThatKey() {
        ok("key rotate %k --id two");
        ok("key rotate %k --promote two");
        reveal("fraud", "ada", 0);
        assertThat(ok(VERIFY + "%log").out()).startsWith("verified  7 events");
    }

    @Test
    void lines_whereverTheyAreCut_areTheSame() {
        Random random = new Random(4);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            expected.add("x".repeat(random.nextInt(i % 20 == 0 ? 300_000 : 300)));
        }
        byte[] bytes = (String.join("\n", expected) + "\n").getBytes(StandardCharsets.US_ASCII);
        RevealLogLines lines = new RevealLogLines(new Trickle(bytes, random));
        List<String> read = new ArrayList<>();
        lines.forEachRemaining(read::add);
        assertThat(read).isEqualTo(expected);
        assertThat(lines.number()).isEqualTo(200);
    }

    // ---- what was done to it ---------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void verify_changedEvent_isNamed(int number) {
        List<String> lines = lines();
        lines.set(number - 1, lines.get(number - 1).replaceAll("\"revealed\":[0-9]", "\"revealed\":9"));
        assertBroken(lines, "line " + number + ": event number " + number + " was changed");
    }

    @Test
    void verify_removedEvent_isNamed() {
        List<String> lines = lines();
        lines.remove(2);
        assertBroken(lines, "line 3: event number 4 stands where number 3 belongs");
        lines = lines();
        lines.remove(0);
        assertBroken(lines, "line 1: event number 2 stands where number 1 belongs");
    }

    @Test
    void verify_swappedEvents_areNamed() {
        List<String> lines = lines();
        Collections.swap(lines, 1, 3);
        assertBroken(lines, "line 2: event number 4 stands where number 2 belongs");
    }

    @Test
    void verify_insertedEvent_isNamed() {
        List<String> lines = lines();
        lines.add(3, lines.get(1));
        assertBroken(lines, "line 4: event number 2 stands where number 4 belongs");
    }

    @Test
    void verify_eventOfAnotherLogWithItsKey_isNamed() {
        List<String> lines = lines();
        terminal.path("log").toFile().renameTo(terminal.path("log1").toFile());
        for (int i = 0; i < 3; i++) {
            reveal("fraud", "eve", 0);
        }
        lines.set(3, lines().get(3));
        assertBroken(lines, "line 4: event number 4 was changed, or comes from another log");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "oops", "{\"seq\":3}", "\u00e9", "{\"seq\":3,\"time\":\"2026\"}"})
    void verify_lineThatIsNoEvent_isNamedWithoutItsContent(String line) {
        List<String> lines = lines();
        lines.set(2, line);
        assertBroken(lines, "line 3: this is no event");
    }

    @Test
    void verify_otherLineEnds_areAChange() {
        terminal.write("log", terminal.read("log").replace("\n", "\r\n"));
        Terminal.assertFails(terminal.line(VERIFY + "%log"), 1, "line 1: this is no event");
    }

    @Test
    void verify_lineThatIsTooLong_isNoEvent() {
        terminal.write("log", terminal.read("log") + "x".repeat(5 << 20));
        Terminal.assertFails(terminal.line(VERIFY + "%log"), 1, "line 6: this is no event");
    }

    @Test
    void lines_endlessOne_isGivenUpBeforeItFillsTheMemory() {
        InputStream endless = new InputStream() {
            private int left = 4 << 20;

            @Override
            public int read() {
                assertThat(left--).isPositive();
                return 'x';
            }
        };
        assertThat(new RevealLogLines(endless).next()).hasSizeGreaterThan(1 << 20);
    }

    @Test
    void verify_lineThatIsCutOff_isNamed() {
        String whole = terminal.read("log");
        for (int cut : new int[] {1, 2, 60}) {
            terminal.write("log", whole.substring(0, whole.length() - cut));
            Terminal.Result result = terminal.line(VERIFY + "%log");
            Terminal.assertFails(result, 1, "line 5: the line is cut off");
            assertThat(result.bytes()).isEmpty();
        }
    }

    @Test
    void verify_lineThatWasCutOffAndNoted_isCounted() {
        String whole = terminal.read("log");
        terminal.write("log", whole.substring(0, whole.length() - 10));
        reveal("fraud", "ada", 0);
        assertThat(ok(VERIFY + "%log").out())
                .startsWith("verified  7 events")
                .contains("  -       -        -        incomplete-line-removed       1 ");
    }

    @Test
    void verify_anotherKeyset_isRefused() {
        ok("key generate --unencrypted --alg HKDF-SHA256 --id one --out %k2");
        Terminal.assertFails(
                terminal.line("reveal-log verify --keys %k2 %log"),
                1,
                "line 1: event number 1 was changed, or the log belongs to another keyset");
    }

    // ---- what is missing at its end --------------------------------------------------------------------------------

    @Test
    void verify_missingEnd_showsOnlyAgainstARememberedHead() {
        terminal.write("checked", ok(VERIFY + "%log").out());
        String whole = terminal.read("log");
        List<String> lines = lines();
        write(lines.subList(0, 4));
        Terminal.Result unseen = ok(VERIFY + "%log");
        assertThat(unseen.out()).startsWith("verified  4 events");
        assertThat(unseen.err()).startsWith(NOTE);
        Terminal.Result seen = terminal.line(VERIFY + "--head %checked %log");
        Terminal.assertFails(seen, 1, "log: the log ends with event number 4, and number 5 is remembered");
        assertThat(seen.bytes()).isEmpty();
        terminal.write("log", "");
        Terminal.assertFails(terminal.line(VERIFY + "--head %checked %log"), 1, "ends with event number 0");
        terminal.write("log", whole);
        reveal("fraud", "ada", 0);
        Terminal.Result grown = ok(VERIFY + "--head %checked %log");
        assertThat(grown.out()).startsWith("verified  7 events");
        assertThat(grown.err()).isEmpty();
    }

    @Test
    void verify_logMadeAnewByTheKeysOwner_isNotTheRememberedOne() {
        terminal.write("checked", ok(VERIFY + "%log").out());
        terminal.path("log").toFile().delete();
        for (int i = 0; i < 4; i++) {
            reveal("fraud", "ada", 0);
        }
        ok(VERIFY + "%log");
        Terminal.assertFails(
                terminal.line(VERIFY + "--head %checked %log"), 1, "number 5 is not the one that is remembered");
    }

    @Test
    void verify_headAsItIs_isTaken() {
        String out = ok(VERIFY + "%log").out();
        String head = out.substring(out.lastIndexOf(' ') + 1).strip();
        assertThat(ok(VERIFY + "--head " + head + " %log").out()).isEqualTo(out);
        terminal.write("head", head);
        assertThat(ok(VERIFY + "--head %head %log").out()).isEqualTo(out);
    }

    // ---- mistakes --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--keys %k %absent|cannot read|no such file",
                "--keys %absent %log|cannot read|no such file",
                "--keys %es %log|holds no keys for tokenization|--alg HKDF-SHA256",
                "--keys %k /|is a directory|/",
                "--keys %k --head %absent %log|cannot read|absent",
                "--keys %k --head %c %log|--head: |does not end with a head",
                "--keys %k --head %empty %log|--head: |does not end with a head",
                "--keys %k --head 7.AAAA %log|cannot read 7.AAAA|no such file",
                "--keys %k --head 5.ZxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ %log|--head: |not the head of a reveal log",
                "--keys - -|standard input is named twice|twice",
                "--keys %k --head - -|standard input is named twice|twice"
            })
    void verify_mistake_isOneLine(String arguments, String words, String more) {
        ok("key generate --unencrypted --alg ES256 --out %es");
        terminal.write("empty", "");
        String report = ok(VERIFY + "%log").out();
        terminal.input(report);
        Terminal.Result result = terminal.line("reveal-log verify " + arguments);
        Terminal.assertFails(result, 2, words, more);
        assertThat(result.bytes()).isEmpty();
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    private void assertBroken(List<String> lines, String words) {
        write(lines);
        Terminal.Result result = terminal.line(VERIFY + "%log");
        Terminal.assertFails(result, 1, "signet: refused: ", "/log, " + words);
        assertThat(result.bytes()).isEmpty();
        assertThat(result.err()).doesNotContain("oops", "\u00e9");
    }

    private List<String> lines() {
        return new ArrayList<>(terminal.read("log").lines().toList());
    }

    private void write(List<String> lines) {
        terminal.write(
                "log", String.join("", lines.stream().map(line -> line + "\n").toList()));
    }

    private void reveal(String purpose, String caller, int code) {
        reveal(terminal, purpose, caller, code);
    }

    private static void reveal(Terminal terminal, String purpose, String caller, int code) {
        Terminal.Result result = terminal.line(
                "detokenize --policy %p --keys %k --log %log --for-purpose " + purpose + " --caller " + caller + " %t");
        assertThat(result.code()).as(result.err()).isEqualTo(code);
    }

    private Terminal.Result ok(String arguments) {
        return ok(terminal, arguments);
    }

    private static Terminal.Result ok(Terminal terminal, String arguments) {
        Terminal.Result result = terminal.line(arguments);
        assertThat(result.code()).as(result.err()).isZero();
        return result;
    }

    /** Gives what it has in pieces. */
    private static final class Trickle extends ByteArrayInputStream {
        private final Random random;

        Trickle(byte[] bytes, Random random) {
            super(bytes);
            this.random = random;
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(5000)));
        }
    }
}
