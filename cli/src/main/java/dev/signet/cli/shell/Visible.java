// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Makes characters visible that a terminal would obey, or that change how others are shown: controls, format characters such
 * as those for the direction of text, and separators of lines and paragraphs become {@code \}{@code uXXXX}. That is how JSON
 * writes them, too, so that JSON stays the same JSON.
 */
final class Visible {
    private Visible() {}

    /** Text of one or more lines. */
    static String text(String text) {
        int first = firstHidden(text);
        if (first == text.length()) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); ) {
            int c = text.codePointAt(i);
            int length = Character.charCount(c);
            if (isHidden(text, i, c)) {
                escape(shown, text, i, length);
            } else {
                shown.append(text, i, i + length);
            }
            i += length;
        }
        return shown.toString();
    }

    /** Text of one line, whatever it was. */
    static String line(String text) {
        return text(text.replace("\r\n", "\n").replace('\n', ' ').replace('\t', ' '))
                .strip();
    }

    /** A stream in which what is printed is made visible, and what is written as bytes stays as it is. */
    static PrintStream stream(PrintStream out, boolean isFlushed, Charset charset, boolean isColourful) {
        return new Stream(out, isFlushed, charset, isColourful);
    }

    /** A stream for content of any kind that a person will see as UTF-8. It is never closed. */
    static OutputStream content(PrintStream out) {
        return new Content(out);
    }

    private static int firstHidden(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (isHidden(text, i, c)) {
                return i;
            }
            i += Character.charCount(c);
        }
        return text.length();
    }

    private static boolean isHidden(String text, int at, int c) {
        if (c < 0x7f) {
            boolean endsLine = c == '\n' || (c == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n');
            return c < ' ' && c != '\t' && !endsLine;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static void escape(StringBuilder shown, String text, int at, int length) {
        for (int i = at; i < at + length; i++) {
            shown.append(String.format("\\u%04x", (int) text.charAt(i)));
        }
    }

    private static final class Stream extends PrintStream {
        private final CharsetEncoder encoder;
        private final boolean isColourful;

        Stream(PrintStream out, boolean isFlushed, Charset charset, boolean isColourful) {
            super(out, isFlushed, charset);
            this.encoder = charset.newEncoder();
            this.isColourful = isColourful;
        }

        @Override
        public void print(String text) {
            super.print(encodable(isColourful ? coloured(String.valueOf(text)) : Visible.text(String.valueOf(text))));
        }

        @Override
        public void print(char c) {
            print(String.valueOf(c));
        }

        @Override
        public void print(char[] text) {
            print(String.valueOf(text));
        }

        @Override
        public void print(Object object) {
            print(String.valueOf(object));
        }

        /** Colours that we put there stay. */
        private static String coloured(String text) {
            int escape = text.indexOf('\033');
            if (escape < 0) {
                return Visible.text(text);
            }
            StringBuilder shown = new StringBuilder();
            int start = 0;
            while (escape >= 0) {
                shown.append(Visible.text(text.substring(start, escape)));
                int length = Style.sequenceAt(text, escape);
                shown.append(length > 0 ? text.substring(escape, escape + length) : "\\u001b");
                start = escape + Math.max(1, length);
                escape = text.indexOf('\033', start);
            }
            return shown.append(Visible.text(text.substring(start))).toString();
        }

        private synchronized String encodable(String text) {
            if (encoder.canEncode(text)) {
                return text;
            }
            StringBuilder shown = new StringBuilder(text.length() + 16);
            for (int i = 0; i < text.length(); ) {
                int length = Character.charCount(text.codePointAt(i));
                String one = text.substring(i, i + length);
                if (encoder.canEncode(one)) {
                    shown.append(one);
                } else {
                    escape(shown, text, i, length);
                }
                i += length;
            }
            return shown.toString();
        }
    }

    private static final class Content extends OutputStream {
        private final PrintStream out;
        private final CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private final ByteBuffer bytes = ByteBuffer.allocate(8192);
        private final CharBuffer chars = CharBuffer.allocate(8192);

        Content(PrintStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] content, int offset, int length) {
            int end = offset + length;
            for (int i = offset; i < end; ) {
                int count = Math.min(bytes.remaining(), end - i);
                bytes.put(content, i, count);
                i += count;
                decode(false);
            }
        }

        /** The last character may be cut off. */
        @Override
        public void flush() {
            decode(true);
            decoder.reset();
            out.flush();
        }

        private void decode(boolean isEnd) {
            bytes.flip();
            boolean overflows;
            do {
                overflows = decoder.decode(bytes, chars, isEnd).isOverflow();
                chars.flip();
                out.print(chars.toString());
                chars.clear();
            } while (overflows);
            bytes.compact();
        }
    }
}
