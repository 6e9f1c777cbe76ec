// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.cli.Terminal;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.SingleInput;
import dev.signet.core.Algorithm;
import dev.signet.core.KeyUse;
import dev.signet.core.Providers;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    @TempDir
    private Path folder;

    @Test
    void doctor_quick_listsEveryAlgorithmWithItsProviders() {
        Terminal.Result result = new Terminal(folder).run("doctor", "--quick");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.use() == KeyUse.SIGN || algorithm.use() == KeyUse.MAC) {
                assertThat(result.out().lines()).anyMatch(line -> line.startsWith("  " + algorithm.joseName() + " "));
            }
        }
        assertThat(result.out()).contains("BC", "Bouncy Castle", "Java ", "Clock", "Self-tests passed");
    }

    @Test
    void doctor_clockOfAnotherAge_endsWith1() {
        for (String time : new String[] {"1970-01-01T00:00:10Z", "2150-01-01T00:00:00Z"}) {
            Terminal.Result result =
                    new Terminal(folder).at(Instant.parse(time)).run("doctor", "--quick");
            Terminal.assertFails(result, 1, "the clock cannot be right", time);
        }
    }

    @Test
    void doctor_withoutProviders_endsWith1AndNamesWhatIsMissing() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Shell shell = new Shell(
                new SingleInput(InputStream.nullInputStream()),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                false,
                false,
                StandardCharsets.US_ASCII,
                Map.of(),
                InstantSource.fixed(Terminal.NOW),
                question -> null);
        DoctorCommand doctor = new DoctorCommand(shell, Providers.pinned(new Empty()));
        assertThatThrownBy(doctor::call)
                .isInstanceOfSatisfying(
                        Failure.class, e -> assertThat(e.exitCode()).isEqualTo(1))
                .hasMessageContaining("no working provider for Ed25519, ES256");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("none", "us");
    }

    @Test
    @Tag("slow")
    void doctor_measured_hasASpeedForEachOperation() {
        Terminal.Result result = new Terminal(folder).run("doctor");
        assertThat(result.out().lines().filter(line -> line.startsWith("  ES256 ")))
                .allMatch(line -> Arrays.stream(line.trim().split(" +"))
                                .filter(cell -> cell.matches("[0-9.,]+"))
                                .count()
                        == 2);
    }

    private static final class Empty extends Provider {
        private static final long serialVersionUID = 1L;

        Empty() {
            super("Empty", "1", "offers nothing");
        }
    }
}
