// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script in a project of its own, with a Maven and a Java that only note how they were called. */
class LauncherTest {
    @TempDir
    private Path folder;

    private Path root = Path.of("");
    private Path tools = Path.of("");

    private record Exit(int code, String out, String err) {}

    @BeforeEach
    void lay() throws IOException {
        assumeTrue(new File("/bin/bash").exists(), "no bash here");
        root = Files.createDirectories(folder.resolve(".my project [1]"));
        tools = Files.createDirectory(folder.resolve("tools"));
        Path script = Path.of("..", "signet").toAbsolutePath().normalize();
        Files.copy(script, root.resolve("signet"));
        executable(root.resolve("signet"));
        write("cli/src/main/java/A.java", "");
        write("cli/src/test/java/T.java", "");
        write("cli/pom.xml", "");
        write("benchmarks/src/main/java/B.java", "");
        age(Instant.now().minusSeconds(60));
        tool("mvn", """
                echo run >> "$PWD/mvn.log"
                echo '[INFO] Building Signet core 0.1.0 [1/2]'
                echo '[INFO] Building Signet command line 0.1.0 [2/2]'
                [ -f broken ] && { echo '[ERROR] A.java:[1,1] oops'; echo '[ERROR] -> [Help 1]'; exit 1; }
                touch cli/target/signet-cli.jar
                """);
        java("17.0.1");
    }

    @Test
    void launcher_buildsOnceAndPassesArgumentsOn() throws Exception {
        Exit first = run("a b", "", "*", "--c");
        assertThat(first.code()).as(first.err()).isEqualTo(7);
        assertThat(first.out()).endsWith("[a b][][*][--c]\n").contains("-jar][" + root.toRealPath() + "/cli/target/");
        assertThat(first.err()).contains("building Signet core", "building Signet command line");
        Exit second = run("x");
        assertThat(second.err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void launcher_newerSources_areBuiltButNotTestsAndBenchmarks() throws Exception {
        run();
        Files.setLastModifiedTime(root.resolve("cli/src/test/java/T.java"), later());
        Files.setLastModifiedTime(root.resolve("benchmarks/src/main/java/B.java"), later());
        run();
        assertThat(builds()).isEqualTo(1);
        Files.setLastModifiedTime(root.resolve("cli/src/main/java/A.java"), later());
        run();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void launcher_changedBuildFile_isBuilt() throws Exception {
        run();
        Files.setLastModifiedTime(root.resolve("cli/pom.xml"), later());
        run();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void launcher_throughLinks_findsItsFolderAndKeepsTheCallers() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("else where"));
        Files.createSymbolicLink(elsewhere.resolve("one"), root.resolve("signet"));
        Files.createSymbolicLink(elsewhere.resolve("two"), Path.of("one"));
        Exit exit = run(elsewhere, Map.of(), "./two", "file");
        assertThat(exit.out()).startsWith(elsewhere.toRealPath().toString()).endsWith("[file]\n");
    }

    @Test
    void launcher_failedBuild_showsTheErrorsAndEndsWith2() throws Exception {
        write("broken", "");
        Exit exit = run();
        assertThat(exit.code()).isEqualTo(2);
        assertThat(exit.err())
                .contains("[ERROR] A.java:[1,1] oops", "signet: the build failed (mvn ended with 1)")
                .doesNotContain("Help 1");
        Files.delete(root.resolve("broken"));
        assertThat(run().code()).isEqualTo(7);
    }

    @Test
    void launcher_withoutMavenOrJava_saysSo() throws Exception {
        Files.delete(tools.resolve("mvn"));
        assertFails(run(), "Maven is needed");
        Files.delete(tools.resolve("java"));
        assertFails(run(), "Java 17 or later is needed, and there is no java on the PATH");
        Exit exit = run(root, Map.of("JAVA_HOME", "/no/such/java"), "./signet");
        assertFails(exit, "JAVA_HOME is /no/such/java");
    }

    @Test
    void launcher_oldJava_isRefusedEvenWhenBuilt() throws Exception {
        java("1.8.0_392");
        assertFails(run(), "is Java 1");
        java("11.0.2");
        assertFails(run(), "is Java 11");
        java("21");
        assertThat(run().code()).isEqualTo(7);
        Path old = Files.createDirectories(folder.resolve("old/bin"));
        Files.copy(tools.resolve("java"), old.resolve("java"));
        Files.writeString(old.resolve("java"), "#!/bin/bash\necho 'openjdk version \"11.0.2\"' >&2\n");
        executable(old.resolve("java"));
        assertFails(run(root, Map.of("JAVA_HOME", folder.resolve("old").toString()), "./signet"), "is Java 11");
    }

    @Test
    void launcher_closedStreams_areEmptyOnes() throws Exception {
        tool("java", "[ \"$1\" = -version ] && { echo '\"17\"' >&2; exit 0; }\nreadlink /proc/self/fd/0\n");
        assumeTrue(new File("/proc/self/fd/0").exists(), "no /proc here");
        Exit exit = run(root, Map.of(), "/bin/bash", "-c", "./signet <&-");
        assertThat(exit.out()).isEqualTo("/dev/null\n");
        assertThat(run(root, Map.of(), "/bin/bash", "-c", "./signet >&- 2>&-").out())
                .isEmpty();
    }

    private void assertFails(Exit exit, String message) {
        assertThat(exit.code()).isEqualTo(2);
        assertThat(exit.err()).startsWith("signet: ").contains(message);
        assertThat(exit.err().lines().count()).isEqualTo(1);
    }

    private long builds() throws IOException {
        return Files.readAllLines(root.resolve("mvn.log")).size();
    }

    private Exit run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("./signet"));
        command.addAll(List.of(arguments));
        return run(root, Map.of(), command.toArray(new String[0]));
    }

    private Exit run(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", tools + ":" + basicTools());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Exit(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** What the script uses, without the machine's own Java and Maven. */
    private Path basicTools() throws IOException {
        Path basic = folder.resolve("basic");
        if (Files.notExists(basic)) {
            Files.createDirectory(basic);
            for (String name : List.of(
                    "bash",
                    "env",
                    "readlink",
                    "dirname",
                    "find",
                    "head",
                    "tail",
                    "cat",
                    "mktemp",
                    "touch",
                    "grep",
                    "rm",
                    "mkdir",
                    "mv",
                    "flock")) {
                for (String place : List.of("/usr/bin/", "/bin/")) {
                    if (Files.exists(Path.of(place + name)) && Files.notExists(basic.resolve(name))) {
                        Path wrapper = Files.writeString(
                                basic.resolve(name), "#!/bin/bash\nexec " + place + name + " \"$@\"\n");
                        executable(wrapper);
                    }
                }
            }
        }
        return basic;
    }

    private void java(String version) throws IOException {
        tool(
                "java",
                "[ \"$1\" = -version ] && { echo 'openjdk version \"" + version + "\" 2026-01-20' >&2; exit 0; }\n"
                        + "printf '%s ' \"$PWD\"\nprintf '[%s]' \"$@\"\necho\nexit 7\n");
    }

    private void tool(String name, String script) throws IOException {
        Path path = Files.writeString(tools.resolve(name), "#!/bin/bash\n" + script);
        executable(path);
    }

    private void write(String name, String text) throws IOException {
        Path path = root.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void age(Instant time) throws IOException {
        for (String name : List.of(
                "cli/src/main/java/A.java",
                "cli/src/test/java/T.java",
                "cli/pom.xml",
                "benchmarks/src/main/java/B.java")) {
            Files.setLastModifiedTime(root.resolve(name), FileTime.from(time));
        }
    }

    private static FileTime later() {
        return FileTime.from(Instant.now().plusSeconds(5));
    }

    private static void executable(Path path) {
        assertThat(path.toFile().setExecutable(true)).isTrue();
    }
}
