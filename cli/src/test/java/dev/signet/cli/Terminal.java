// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.SingleInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the command in this process, in a folder of its own, and keeps what it printed. */
public final class Terminal {
    public static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private byte[] input = new byte[0];
    private boolean isTerminal;
    private Instant now = NOW;
    private final Deque<String> typed = new ArrayDeque<>();
    private Runnable meanwhile = () -> {};
    private final List<String> questions = new ArrayList<>();

    public Terminal(Path folder) {
        this.folder = folder;
    }

    /** What one run gave. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Result(int code, byte[] bytes, String err) {
        public String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    public Terminal at(Instant time) {
        now = time;
        return this;
    }

    public Terminal input(String text) {
        input = text.getBytes(StandardCharsets.ISO_8859_1);
        return this;
    }

    public Terminal colourful() {
        isTerminal = true;
        environment.put("TERM", "xterm");
        return this;
    }

    public Terminal with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** A person who answers questions for passphrases so, one after the other. */
    public Terminal typing(String... answers) {
        typed.clear();
        typed.addAll(List.of(answers));
        return this;
    }

    /** What happens while that person types for the first time. */
    public Terminal meanwhile(Runnable event) {
        meanwhile = event;
        return this;
    }

    /** What that person was asked. */
    public List<String> questions() {
        return questions;
    }

    private byte @Nullable [] answer(String question) {
        if (typed.isEmpty()) {
            return null;
        }
        questions.add(question);
        meanwhile.run();
        meanwhile = () -> {};
        return typed.remove().getBytes(StandardCharsets.UTF_8);
    }

    /** Runs with these arguments; {@code %name} is a file in the folder. */
    public Result run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell shell = shell(out, err);
        String[] paths = Stream.of(arguments)
                .map(argument ->
                        argument.startsWith("%") ? path(argument.substring(1)).toString() : argument)
                .toArray(String[]::new);
        int code = Main.run(shell, paths);
        return new Result(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    /** What a command sees of this terminal. */
    public Shell shell(OutputStream out, OutputStream err) {
        return new Shell(
                new SingleInput(new ByteArrayInputStream(input)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                isTerminal,
                isTerminal,
                StandardCharsets.UTF_8,
                environment,
                InstantSource.fixed(now),
                this::answer);
    }

    /** Splits at blanks. */
    public Result line(String arguments) {
        return run(arguments.isEmpty() ? new String[0] : arguments.split(" "));
    }

    public Path path(String name) {
        return folder.resolve(name);
    }

    public Path write(String name, String text) {
        return write(name, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Path write(String name, byte[] bytes) {
        try {
            Path path = Files.write(path(name), bytes);
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            }
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes to what is there, such as a named pipe. */
    public void append(String name, String text) {
        try {
            Files.write(path(name), text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String read(String name) {
        try {
            return Files.readString(path(name), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<String> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one line that every failure is. */
    public static void assertFails(Result result, int code, String... words) {
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        assertThat(result.err())
                .startsWith("signet: ")
                .endsWith("\n")
                .satisfies(line -> assertThat(List.of(words)).allMatch(line::contains, "in: " + line))
                .doesNotContain("Exception", "\tat ")
                .hasLineCount(1);
    }
}
