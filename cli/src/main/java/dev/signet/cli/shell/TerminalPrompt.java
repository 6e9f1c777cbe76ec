// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Asks at the terminal of the process, with nothing shown of what is typed. */
final class TerminalPrompt implements Prompt {
    private static final Path DEVICE = Path.of("/dev/tty");
    private static final int MAX_BYTES = 4096;

    @Override
    public byte @Nullable [] ask(String question) {
        Console console = console();
        return console == null ? fromDevice(question) : utf8(console.readPassword("%s", question));
    }

    /** The console, if a person sits at it. */
    @SuppressWarnings("SystemConsoleNull") // below, where that is not enough
    static @Nullable Console console() {
        Console console = System.console();
        if (console == null) {
            return null;
        }
        try {
            // From Java 22 on there is a console even without a terminal.
            Object terminal = Console.class.getMethod("isTerminal").invoke(console);
            return Boolean.TRUE.equals(terminal) ? console : null;
        } catch (ReflectiveOperationException e) {
            return console;
        }
    }

    private static byte @Nullable [] utf8(char @Nullable [] typed) {
        if (typed == null) {
            return new byte[0];
        }
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
        byte[] bytes = Arrays.copyOf(encoded.array(), encoded.limit());
        Arrays.fill(typed, '\0');
        Arrays.fill(encoded.array(), (byte) 0);
        return bytes;
    }

    /** Java has no console where input or output is redirected, although there is still a person at the terminal. */
    private static byte @Nullable [] fromDevice(String question) {
        try (OutputStream out = Files.newOutputStream(DEVICE, StandardOpenOption.WRITE);
                InputStream in = Files.newInputStream(DEVICE)) {
            Thread restore = new Thread(TerminalPrompt::echoAgain);
            Runtime.getRuntime().addShutdownHook(restore);
            try {
                if (!stty("-echo")) {
                    return null;
                }
                out.write(question.getBytes(StandardCharsets.UTF_8));
                out.flush();
                byte[] line = line(in);
                out.write('\n');
                return line;
            } finally {
                echoAgain();
                Runtime.getRuntime().removeShutdownHook(restore);
            }
        } catch (IOException e) {
            // No terminal.
            return null;
        }
    }

    private static byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n' && line.size() < MAX_BYTES; b = in.read()) {
            line.write(b);
        }
        return line.toByteArray();
    }

    private static void echoAgain() {
        stty("echo");
    }

    private static boolean stty(String setting) {
        try {
            Process process = new ProcessBuilder("stty", setting)
                    .redirectInput(DEVICE.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
