// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.Charset;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/**
 * What surrounds one run of the command: streams, environment, clock, and the person to ask for a passphrase.
 *
 * @param outIsTerminal whether a person reads standard output
 * @param errIsTerminal whether a person reads standard error
 */
public record Shell(
        SingleInput in,
        PrintStream out,
        PrintStream err,
        boolean outIsTerminal,
        boolean errIsTerminal,
        Charset charset,
        Map<String, String> environment,
        InstantSource clock,
        Prompt prompt) {
    /** The least that picocli takes. */
    private static final int MIN_HELP_WIDTH = 55;

    /** Set by the launcher, which can ask about each stream: the numbers of those that are terminals. */
    private static final String TERMINALS = "signet.terminals";

    public Shell {
        boolean colours = colourIsWanted(environment);
        out = Visible.stream(out, false, charset, outIsTerminal && colours);
        err = Visible.stream(err, true, charset, errIsTerminal && colours);
    }

    public static Shell ofProcess(WatchedOutput out) {
        String terminals = System.getProperty(TERMINALS);
        boolean console = terminals == null && TerminalPrompt.console() != null;
        Charset charset = processCharset();
        return new Shell(
                new SingleInput(System.in),
                new PrintStream(out, false, charset),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset),
                console || (terminals != null && terminals.contains("1")),
                console || (terminals != null && terminals.contains("2")),
                charset,
                System.getenv(),
                InstantSource.system(),
                new TerminalPrompt());
    }

    /** A text where the terminal can show it, and else another. */
    public String either(String text, String ascii) {
        return charset.newEncoder().canEncode(text) ? text : ascii;
    }

    /** Standard output for content that is somebody's own: as it is, but made visible where a person looks on. */
    OutputStream content() {
        return outIsTerminal ? Visible.content(out) : out;
    }

    /** Standard error for pictures that move the cursor; what they show must be ours. */
    public PrintStream drawing() {
        return new PrintStream(err, true, charset);
    }

    /** One line on standard error that does not end the command. */
    public void warn(String text) {
        err.println(errStyle().yellow("signet: warning:") + " " + Texts.oneLine(text));
    }

    /** One line on standard error, whatever the text holds. */
    public void report(String text) {
        err.println(errStyle().red("signet:") + " " + Texts.oneLine(text));
    }

    public boolean isColourful() {
        return outIsTerminal && colourIsWanted(environment);
    }

    public Style outStyle() {
        return new Style(isColourful());
    }

    public Style errStyle() {
        return new Style(errIsTerminal && colourIsWanted(environment));
    }

    /** Columns for help texts. */
    public int width() {
        return Math.max(MIN_HELP_WIDTH, columns(100));
    }

    /** Columns for a line that must not be broken. */
    public int lineWidth() {
        return columns(80) - 1;
    }

    private int columns(int otherwise) {
        try {
            return Math.min(120, Math.max(20, Integer.parseInt(environment.getOrDefault("COLUMNS", ""))));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** Creates commands that take the shell. */
    public IFactory factory() {
        return new IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                    if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == Shell.class) {
                        // A command's package is its own affair.
                        constructor.setAccessible(true);
                        return type.cast(constructor.newInstance(Shell.this));
                    }
                }
                return CommandLine.defaultFactory().create(type);
            }
        };
    }

    private static boolean colourIsWanted(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
    }

    private static Charset processCharset() {
        String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding", ""));
        return !name.isEmpty() && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }
}
