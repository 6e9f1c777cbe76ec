// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.cli.Main;
import dev.signet.cli.Terminal;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs over files as processes of their own, which are killed, starved of memory, and gone on with. */
@Timeout(600)
class FileRunProcessTest {
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    private static final String POLICY = """
            {"fields": [
              {"column": "card", "domain": "card", "format": "payment-card", "version": {"column": "v"}},
              {"column": "mail", "domain": "mail", "mode": "authenticated", "version": {"column": "mail_v"}},
              {"column": "name", "domain": "name", "mode": "one-way", "version": "prefix"}]}""";

    @TempDir
    private static Path killedFolder;

    @TempDir
    private Path folder;

    private Terminal terminal;

    @BeforeEach
    void makeKeys() {
        terminal = new Terminal(folder);
        terminal.write("p", POLICY);
        assertThat(terminal.line("key generate --unencrypted --alg HKDF-SHA256 --id one --out %k")
                        .code())
                .isZero();
    }

    // ---- resuming --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"true, 137, 2", "false, 143, 1"})
    void resume_afterAKill_givesTheVeryBytesOfAnUnbrokenRun(boolean forcibly, int code, int times) throws Exception {
        writeRows(300_000);
        assertThat(run(List.of(), "--out", "whole", "--rejects", "whole-rejects").code)
                .isEqualTo(1);
        String[] arguments = {"--out", "t", "--rejects", "r", "--resume"};
        long lastLength = 0;
        int kills = 0;
        while (kills < times) {
            Process process = start(List.of(), arguments);
            boolean isRunning = waitForCheckpoint(process, lastLength);
            assertThat(isRunning).as("it ended before it could be killed").isTrue();
            if (forcibly) {
                process.destroyForcibly();
            } else {
                process.destroy();
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(code);
            kills++;
            lastLength = checkpoint().outputBytes();
            assertThat(terminal.files())
                    .contains("t.part", "t.checkpoint", "r.part")
                    .doesNotContain("t", "r");
            for (String name : List.of("t.part", "t.checkpoint", "r.part")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(terminal.path(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
            if (!forcibly) {
                assertThat(terminal.read("err")).contains("stopped: ", "--resume goes on from there");
                // All that was written counts.
                assertThat(checkpoint().outputBytes()).isEqualTo(Files.size(terminal.path("t.part")));
            }
        }
        Exit done = run(List.of(), arguments);
        assertThat(done.code).as(done.err).isEqualTo(1);
        assertThat(done.err).contains("300,000 rows, 300 rejected");
        assertThat(Files.mismatch(terminal.path("whole"), terminal.path("t"))).isEqualTo(-1);
        assertThat(Files.mismatch(terminal.path("whole-rejects"), terminal.path("r")))
                .isEqualTo(-1);
        assertThat(terminal.files()).doesNotContain("t.part", "t.checkpoint", "r.part", "t.checkpoint.new");
    }

    @ParameterizedTest
    @CsvSource({
        "policy, the policy is not",
        "keys, the keys are not",
        "input, the input is not",
        "row, the input is not",
        "options, the options are not",
        "part, shorter than it was",
        "checkpoint, no checkpoint that can be read"
    })
    void resume_afterAChange_isRefused(String changed, String words) throws Exception {
        kill();
        String[] arguments = {"--out", "t", "--resume"};
        switch (changed) {
            case "policy" -> terminal.write("p", POLICY + " ");
            case "keys" -> {
                assertThat(terminal.line("key rotate %k --id two").code()).isZero();
                assertThat(terminal.line("key rotate %k --promote two").code()).isZero();
            }
            case "input" -> Files.writeString(terminal.path("c"), "1,x,y,z\n", StandardOpenOption.APPEND);
            case "row" -> {
                // Behind what identifies the file, in the same length and with the time of before.
                FileTime time = Files.getLastModifiedTime(terminal.path("c"));
                try (RandomAccessFile file =
                        new RandomAccessFile(terminal.path("c").toFile(), "rw")) {
                    file.seek(100_000);
                    byte b = file.readByte();
                    file.seek(100_000);
                    file.write(b == 'x' ? 'y' : 'x');
                }
                Files.setLastModifiedTime(terminal.path("c"), time);
            }
            case "options" -> arguments = new String[] {"--out", "t", "--resume", "--rejects", "r"};
            case "part" -> terminal.write("t.part", "");
            default -> terminal.write("t.checkpoint", "{\"job\":1}");
        }
        Terminal.assertFails(inProcess(arguments), 2, words);
        assertThat(terminal.files()).contains("t.part", "t.checkpoint").doesNotContain("t");
    }

    @Test
    void unfinishedRun_withoutResume_isNotOverwritten() throws Exception {
        kill();
        Terminal.assertFails(inProcess("--out", "t"), 2, "an unfinished run left", "--resume");
    }

    /** Both have found the name free before either wrote. */
    @Test
    void open_nameThatAnotherRunTookMeanwhile_leavesItsFiles() throws Exception {
        Shell shell = terminal.shell(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        Map<String, String> job = Map.of();
        try (RowOutput first = RowOutput.open(shell, job, terminal.path("t"), null, null)) {
            first.stream().write(new byte[] {1, 2, 3}, 0, 3);
            first.checkpoint(false);
            Checkpoint before = checkpoint();
            assertThatThrownBy(() -> RowOutput.open(shell, job, terminal.path("t"), null, null))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("exists already");
            assertThat(checkpoint()).isEqualTo(before);
            assertThat(terminal.path("t.part")).hasSize(3);
        }
        assertThat(checkpoint().outputBytes()).isEqualTo(3);
    }

    @Test
    void resume_whileAnotherRunWrites_isRefused() throws Exception {
        writeRows(300_000);
        Process process = start(List.of(), "--out", "t");
        try {
            assertThat(waitForCheckpoint(process, 0)).isTrue();
            Terminal.assertFails(inProcess("--out", "t", "--resume"), 2, "another run writes");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void resume_whenAllRowsWereRejectedSoFar_listsEachOnce() throws Exception {
        terminal.write("p", POLICY.replace("column", "pointer").replaceAll("(\"pointer\": \")", "$1/"));
        writeRows(300_000);
        String[] arguments = {"--out", "t", "--rejects", "r", "--resume"};
        Process process = start(List.of(), arguments);
        while (process.isAlive()
                && (!Files.exists(terminal.path("t.checkpoint")) || checkpoint().rejectBytes() == 0)) {
            Thread.sleep(5);
        }
        process.destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(137);
        assertThat(inProcess(arguments).code()).isEqualTo(1);
        assertThat(terminal.path("t")).isEmptyFile();
        assertThat(terminal.read("r").lines().count()).isEqualTo(300_002);
        assertThat(terminal.read("r").lines().distinct().count()).isEqualTo(300_002);
    }

    @Test
    void resume_ofNothing_isAWholeRun() throws Exception {
        writeRows(10);
        assertThat(inProcess("--out", "t", "--resume").code()).isZero();
        Terminal.assertFails(inProcess("--out", "t", "--resume"), 2, "exists already");
    }

    @Test
    void resume_ofARunThatWasKilledWhileItRenamed_finishesIt() throws Exception {
        kill();
        assertThat(inProcess("--out", "whole").code()).isEqualTo(1);
        Checkpoint left = checkpoint();
        byte[] whole = Files.readAllBytes(terminal.path("whole"));
        terminal.write("t.part", whole);
        new Checkpoint(left.job(), whole.length, 0, new Checkpoint.Rows(1, 300, List.of()), left.report(), true)
                .write(terminal.path("t.checkpoint"));
        assertThat(inProcess("--out", "t", "--resume").code()).isEqualTo(1);
        assertThat(Files.mismatch(terminal.path("whole"), terminal.path("t"))).isEqualTo(-1);
        assertThat(terminal.files()).doesNotContain("t.part", "t.checkpoint");
    }

    // ---- memory ----------------------------------------------------------------------------------------------------

    @Test
    void run_withLittleMemory_takesAFileThatIsLarger() throws Exception {
        writeRows(600_000);
        assertThat(Files.size(terminal.path("c"))).isGreaterThan(40L << 20);
        Exit exit = run(List.of("-Xmx40m"), "--out", "t");
        assertThat(exit.code).as(exit.err).isEqualTo(1);
        assertThat(exit.err).contains("600,000 rows, 600 rejected");
    }

    @Test
    @Tag("slow")
    void run_withLittleMemory_takesAVeryLargeFile() throws Exception {
        writeRows(5_000_000);
        Exit exit = run(List.of("-Xmx64m"), "--out", "t");
        assertThat(exit.code).as(exit.err).isEqualTo(1);
        assertThat(exit.err).contains("5,000,000 rows, 5,000 rejected");
    }

    @Test
    void readerThatGoesAway_endsTheRun() throws Exception {
        assumeTrue(new File("/bin/bash").exists(), "no bash here");
        writeRows(100_000);
        Process process =
                process(List.of("/bin/bash", "-c", "\"$@\" | head -n 3; exit ${PIPESTATUS[0]}", "bash"), List.of());
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(terminal.read("out").lines()).hasSize(3);
        assertThat(terminal.read("err")).contains("stopped: ").doesNotContain("Exception");
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    private record Exit(int code, String err) {}

    /** One row in a thousand does not fit. */
    private void writeRows(int rows) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(terminal.path("c"), StandardCharsets.US_ASCII)) {
            out.write("id,card,mail,name\n");
            for (int i = 0; i < rows; i++) {
                String card = i % 1000 == 999 ? "4111111111111112" : "4111111111111111";
                out.write(i + "," + card + ",customer-" + i + "@mail.example.com,\"Customer, number " + i + "\"\n");
            }
        }
    }

    /** Leaves an unfinished run, which was killed once for all tests. */
    private void kill() throws Exception {
        Terminal killed = new Terminal(killedFolder);
        if (!Files.exists(killed.path("t.checkpoint"))) {
            writeRows(300_000);
            Process process = start(List.of(), "--out", "t");
            assertThat(waitForCheckpoint(process, 0))
                    .as("it ended before it could be killed")
                    .isTrue();
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            copy(terminal, killed);
        }
        copy(killed, terminal);
    }

    private static void copy(Terminal from, Terminal to) throws IOException {
        for (String name : List.of("c", "k", "p", "t.part", "t.checkpoint")) {
            Files.copy(
                    from.path(name),
                    to.path(name),
                    StandardCopyOption.COPY_ATTRIBUTES,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Checkpoint checkpoint() {
        return Checkpoint.read(terminal.path("t.checkpoint"));
    }

    /** Whether the process is still at work when it has written more than so much. */
    private boolean waitForCheckpoint(Process process, long moreThan) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(120));
        while (process.isAlive() && Instant.now().isBefore(end)) {
            if (Files.exists(terminal.path("t.checkpoint")) && checkpoint().outputBytes() > moreThan) {
                return true;
            }
            Thread.sleep(5);
        }
        return false;
    }

    private Terminal.Result inProcess(String... arguments) {
        List<String> command = new ArrayList<>(List.of("tokenize", "--policy", "%p", "--keys", "%k"));
        for (String argument : arguments) {
            command.add(argument.startsWith("-") ? argument : "%" + argument);
        }
        command.add("%c");
        return terminal.run(command.toArray(new String[0]));
    }

    private Exit run(List<String> options, String... arguments) throws IOException, InterruptedException {
        Process process = start(options, arguments);
        try {
            assertThat(process.waitFor(500, TimeUnit.SECONDS)).isTrue();
            return new Exit(process.exitValue(), terminal.read("err"));
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(List<String> options, String... arguments) throws IOException {
        return process(List.of(), options, arguments);
    }

    private Process process(List<String> prefix, List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", CLASS_PATH, Main.class.getName()));
        command.addAll(List.of("tokenize", "--policy", "p", "--keys", "k"));
        command.addAll(List.of(arguments));
        // By its full name, as the other runs of these tests call it.
        command.add(terminal.path("c").toString());
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(terminal.path("out").toFile())
                .redirectError(terminal.path("err").toFile())
                .start();
    }
}
