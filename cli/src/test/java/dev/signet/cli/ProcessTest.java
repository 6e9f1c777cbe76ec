// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own: exit codes, streams, and what else only a process has. */
class ProcessTest {
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    private Path folder;

    private record Exit(int code, String out, String err) {}

    @Test
    void process_endsWithTheThreeCodes() throws Exception {
        assertThat(run("key", "generate", "--unencrypted", "--alg", "ES256", "--out", "k")
                        .code())
                .isZero();
        Files.writeString(folder.resolve("m"), "GET / HTTP/1.1\nHost: a\n\n");
        Exit refused = run("http", "verify", "--keys", "k", "m");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).isEqualTo("signet: refused: signature-missing: the message carries no signature\n");
        Exit wrong = run("key", "nonsense");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err().lines().count()).isEqualTo(1);
    }

    @Test
    void process_withoutTheNativeProvider_works() throws Exception {
        String without = Arrays.stream(CLASS_PATH.split(File.pathSeparator))
                .filter(entry -> !entry.contains("AmazonCorrettoCryptoProvider"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(without).isNotEqualTo(CLASS_PATH);
        Exit exit = run(without, List.of(), "doctor", "--quick");
        assertThat(exit.code()).as(exit.err()).isZero();
        assertThat(exit.out()).contains("ACCP", "not on the class path").containsPattern("ES256 +BC +BC");
    }

    @Test
    void process_fullDisk_isOneLine() throws Exception {
        assumeTrue(new File("/dev/full").exists(), "no /dev/full here");
        Exit exit = shell("\"$@\" --help > /dev/full");
        assertThat(exit.code()).isEqualTo(2);
        assertThat(exit.err()).startsWith("signet: cannot write to standard output: ");
        assertThat(exit.err().lines().count()).isEqualTo(1);
    }

    @Test
    void process_readerThatGoesAway_isNoFailure() throws Exception {
        assumeTrue(new File("/bin/bash").exists(), "no bash here");
        Exit exit = shell("\"$@\" completion | head -n 1; exit ${PIPESTATUS[0]}");
        assertThat(exit.code()).isZero();
        assertThat(exit.err()).isEmpty();
    }

    @Test
    void process_fileWithoutPermission_isOneLine() throws Exception {
        Path secret = Files.writeString(folder.resolve("k"), "{}");
        assertThat(secret.toFile().setReadable(false)).isTrue();
        assumeTrue(!Files.isReadable(secret), "this user may read everything");
        Exit exit = run("key", "list", "k");
        assertThat(exit.code()).isEqualTo(2);
        assertThat(exit.err()).isEqualTo("signet: cannot read k: permission denied\n");
    }

    @Test
    void process_fourRotationsAtOnce_loseNothing() throws Exception {
        assumeTrue(new File("/bin/bash").exists(), "no bash here");
        generate();
        Exit exit = shell("for i in 1 2 3 4; do \"$@\" key rotate --id r$i k & done; wait");
        // Newer platforms warn of native providers there.
        assertThat(exit.err()).doesNotContain("signet:");
        assertThat(run("key", "list", "k").out()).contains("k1", "r1", "r2", "r3", "r4");
    }

    @Test
    void process_disablingWhileRotating_staysDisabled() throws Exception {
        assumeTrue(new File("/bin/bash").exists(), "no bash here");
        generate();
        assertThat(run("key", "rotate", "--id", "bad", "k").code()).isZero();
        Exit exit = shell("\"$@\" key rotate --disable bad k & \"$@\" key rotate --id new k & wait");
        assertThat(exit.out()).contains("bad does nothing any more", "added new");
        assertThat(run("key", "list", "k").out())
                .containsPattern("bad +ES256 +sign +disabled")
                .contains("new");
    }

    @Test
    void process_anyUmask_makesFilesForTheRightPeople() throws Exception {
        assumeTrue(new File("/bin/bash").exists(), "no bash here");
        Exit exit = shell("umask 777; \"$@\" key generate --unencrypted --alg ES256 --out k && umask 000 && "
                + "\"$@\" key export k --out p && \"$@\" key rotate k && \"$@\" key generate --unencrypted "
                + "--alg ES256 --out o && stat -c '%n %a' k p o .k.lock");
        assertThat(exit.out()).contains("k 600\n", "p 644\n", "o 600\n", ".k.lock 600\n");
    }

    private void generate() throws Exception {
        assertThat(run("key", "generate", "--unencrypted", "--alg", "ES256", "--id", "k1", "--out", "k")
                        .code())
                .isZero();
    }

    private Exit run(String... arguments) throws IOException, InterruptedException {
        return run(CLASS_PATH, List.of(), arguments);
    }

    private Exit shell(String script) throws IOException, InterruptedException {
        return run(CLASS_PATH, List.of("/bin/bash", "-c", script, "bash"));
    }

    private Exit run(String classPath, List<String> prefix, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath, Main.class.getName()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("signet", "out");
        Path err = Files.createTempFile("signet", "err");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return new Exit(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }
}
