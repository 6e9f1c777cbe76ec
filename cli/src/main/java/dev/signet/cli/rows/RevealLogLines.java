// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The lines of a reveal log. They end with LF and nothing else, since that is how they are written. */
final class RevealLogLines implements Iterator<String> {
    private static final int MAX_LINE_BYTES = 1 << 20;

    private final InputStream in;
    private byte[] bytes = new byte[1 << 16];
    private int from;
    private int to;
    private boolean isPeeked;
    private @Nullable String peeked;
    private String last = "";
    private long number;

    RevealLogLines(InputStream in) {
        this.in = in;
    }

    /** A log that does not end where a line ends. */
    static final class CutLine extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private CutLine() {
            super(null, null, false, false);
        }
    }

    /** The number of lines that were taken. */
    long number() {
        return number;
    }

    /** The line that was taken last. */
    String last() {
        return last;
    }

    /** The next line, which is still to be taken; null at the end. */
    @Nullable
    String peek() {
        if (!isPeeked) {
            try {
                peeked = read();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            isPeeked = true;
        }
        return peeked;
    }

    @Override
    public boolean hasNext() {
        return peek() != null;
    }

    @Override
    public String next() {
        String line = peek();
        if (line == null) {
            throw new NoSuchElementException();
        }
        isPeeked = false;
        last = line;
        number++;
        return line;
    }

    private @Nullable String read() throws IOException {
        int searched = from;
        while (true) {
            for (int i = searched; i < to; i++) {
                if (bytes[i] == '\n') {
                    return take(i, i + 1);
                }
            }
            if (to - from > MAX_LINE_BYTES) {
                // Long enough to be no event.
                return take(to, to);
            }
            searched = to - from;
            if (!fill()) {
                if (from == to) {
                    return null;
                }
                throw new CutLine();
            }
        }
    }

    private String take(int end, int next) {
        String line = new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
        from = next;
        return line;
    }

    /** Moves what is left to the front, and reads more behind it. */
    private boolean fill() throws IOException {
        byte[] target = to - from > bytes.length / 2 ? new byte[2 * bytes.length] : bytes;
        System.arraycopy(bytes, from, target, 0, to - from);
        bytes = target;
        to -= from;
        from = 0;
        int read = in.read(bytes, to, bytes.length - to);
        to += Math.max(read, 0);
        return read >= 0;
    }
}
