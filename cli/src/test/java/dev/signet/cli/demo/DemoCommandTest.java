// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.cli.Main;
import dev.signet.cli.Terminal;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {
    @TempDir
    private Path folder;

    @Test
    void demo_everyStep_goesAsItMust() {
        Terminal.Result result = new Terminal(folder).run("demo");
        assertThat(result.code()).as(result.out() + result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("All 30 steps went as they must.", "caller   demo-client", "200 {\"accepted\":true}")
                .contains("digest-mismatch", "signature-invalid", "replayed", "expired", "signature-missing")
                .contains(
                        "key-unknown",
                        "component-not-covered",
                        "algorithm-mismatch",
                        "type-unexpected",
                        "zip is not accepted")
                .contains("************1111", "purpose-not-allowed", "decryption-failed", "events in their order")
                .contains("SHOP-2026-0007, as it was signed", "1250.00, which the signed amounts add up to  ok")
                .contains("wrapped: the signed file inside a forged one", "signature-missing")
                .containsPattern("then the DOM +valid +98750.00 EUR to GB29NWBK60161331926819")
                .containsPattern("ok  Signet +component-forbidden +nothing: what is signed is elsewhere")
                .contains("signed by demo-shop", "and no key was touched")
                .doesNotContain("WRONG");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "99999999999", "http", ""})
    void demo_impossiblePort_isRefused(String port) {
        Terminal.assertFails(new Terminal(folder).run("demo", "--port", port), 2, "--port");
    }

    @Test
    void demo_takenPort_isOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Terminal.Result result = new Terminal(folder).run("demo", "--port", String.valueOf(taken.getLocalPort()));
            Terminal.assertFails(result, 2, "cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    /** Does what the person at the terminal is told to do. */
    @Test
    @Timeout(180)
    void serve_printedCommands_work() throws Exception {
        assumeTrue(new File("/bin/bash").exists() && new File("/usr/bin/curl").exists(), "no bash or curl here");
        Process server = process(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "demo",
                "--serve");
        try {
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
            List<String> commands = new ArrayList<>();
            for (String line = out.readLine(); line != null && commands.size() < 2; line = out.readLine()) {
                if (line.contains("curl -i")) {
                    commands.add(line.strip());
                }
            }
            assertThat(commands).hasSize(2);
            assertThat(bash(commands.get(0))).contains("HTTP/1.1 200 OK", "{\"accepted\":true}");
            assertThat(bash(commands.get(0))).contains("HTTP/1.1 200 OK");
            assertThat(bash(commands.get(1))).contains("HTTP/1.1 401", "signature-missing");
            assertThat(bash(commands.get(0).replace("--data-binary @", "--data-binary x@")))
                    .contains("HTTP/1.1 401", "digest-mismatch");
        } finally {
            server.destroy();
            assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        try (var left = Files.list(folder)) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("signet-demo")))
                    .isEmpty();
        }
    }

    private static String bash(String command) throws IOException, InterruptedException {
        Process process = process("/bin/bash", "-c", command);
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }

    private static Process process(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
