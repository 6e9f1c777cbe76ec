// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

import dev.signet.core.Limits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Reads tokens and contents, and writes them with nothing beside. */
public final class Tokens {
    private static final int MAX_CONTENT = (int) Limits.recommended2026().maxBodyBytes();
    private static final int MAX_TOKEN = 3 * MAX_CONTENT;

    private Tokens() {}

    public static byte[] content(Shell shell, String name) {
        return Inputs.read(shell, name, MAX_CONTENT);
    }

    /** A token, without the line's end that editors and shells add. */
    public static String token(Shell shell, String name) {
        return new String(Inputs.read(shell, name, MAX_TOKEN), StandardCharsets.UTF_8).strip();
    }

    /** A compact token where JSON was said, or the other way round, is a mistake with a simple remedy. */
    public static void requireForm(String token, boolean json) {
        if (token.startsWith("{") != json) {
            throw Failure.input(
                    json ? "the token is not in JSON form; leave --json out" : "the token is in JSON form; say --json");
        }
    }

    public static void print(Shell shell, String token) {
        byte[] bytes = (Visible.text(token) + "\n").getBytes(StandardCharsets.UTF_8);
        shell.out().write(bytes, 0, bytes.length);
    }

    public static void print(Shell shell, byte[] content) {
        try {
            OutputStream out = shell.content();
            out.write(content);
            out.flush();
        } catch (IOException e) {
            // What cannot be written is told at the end of the process.
        }
    }

    public static void note(Shell shell, String text) {
        shell.err().println(shell.errStyle().dim(Texts.oneLine(text)));
    }
}
