// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.records.RowBlock.Position;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into blocks of whole rows, in constant memory. A row of JSON Lines ends with its line; one of CSV
 * (RFC 4180) with the line in which no quoted cell is open. A quote that stays open would take all rows behind it for one
 * cell, so it ends the reading by an {@link OpenQuote}.
 */
final class BlockReader {
    static final int MAX_ROW_BYTES = 1 << 20;
    /** Line breaks in one quoted cell: more than people write, fewer than a file has rows. */
    static final int MAX_CELL_LINES = 1_000;

    private static final int BLOCK_BYTES = 1 << 18;

    private final InputStream in;
    private final boolean hasQuotes;
    private final byte delimiter;
    private final @Nullable MessageDigest digest;
    private Position position;
    private byte[] rest;
    private boolean isAtEnd;
    /** Line breaks inside the quoted cells of the row that {@link #rowEnd} went over. */
    private int innerLines;
    /** Whether it ended within a quoted cell. */
    private boolean isQuoteOpen;
    /** The line in which the last quoted cell opened. */
    private long quoteLine;

    private BlockReader(
            InputStream in,
            byte[] first,
            boolean hasQuotes,
            byte delimiter,
            Position position,
            @Nullable MessageDigest digest) {
        this.in = in;
        rest = first;
        this.hasQuotes = hasQuotes;
        this.delimiter = delimiter;
        this.position = position;
        this.digest = digest;
    }

    /**
     * @param first what was read of the stream already
     * @param digest of what stands before; null if nobody wants it
     */
    static BlockReader ofLines(InputStream in, byte[] first, Position position, @Nullable MessageDigest digest) {
        return new BlockReader(in, first, false, (byte) 0, position, digest);
    }

    /**
     * @param first what was read of the stream already
     * @param digest of what stands before; null if nobody wants it
     */
    static BlockReader ofCsv(
            InputStream in, byte[] first, byte delimiter, Position position, @Nullable MessageDigest digest) {
        return new BlockReader(in, first, true, delimiter, position, digest);
    }

    Position position() {
        return position;
    }

    /** Goes on behind so many bytes, which the digest takes; gives a copy of it. */
    @Nullable
    MessageDigest skipTo(Position target) throws IOException {
        long left = target.bytes() - position.bytes();
        byte[] bytes = rest;
        int length = rest.length;
        rest = new byte[0];
        while (left > length) {
            note(bytes, length);
            left -= length;
            bytes = new byte[BLOCK_BYTES];
            length = fill(bytes, 0);
            if (length == 0) {
                throw new EOFException("the input ends before the place to go on at");
            }
        }
        if (left < 0) {
            throw new EOFException("the place to go on at lies within the header");
        }
        note(bytes, (int) left);
        rest = Arrays.copyOfRange(bytes, (int) left, length);
        position = target;
        return digest();
    }

    /**
     * The next rows; null at the end.
     *
     * @throws OpenQuote if a quoted cell has no end in sight
     */
    @Nullable
    RowBlock next() throws IOException {
        return next(Integer.MAX_VALUE);
    }

    /** At most so many of the next rows; null at the end. */
    @Nullable
    RowBlock next(int mostRows) throws IOException {
        byte[] bytes = Arrays.copyOf(rest, Math.max(BLOCK_BYTES, rest.length));
        int length = rest.length;
        int[] starts = new int[256];
        while (true) {
            length = fill(bytes, length);
            int rows = 0;
            int start = 0;
            long lines = 0;
            while (rows < mostRows && start < length) {
                int end = rowEnd(bytes, start, length, position.lines() + lines + 1);
                if (end < 0) {
                    if (!isAtEnd) {
                        break;
                    }
                    if (isQuoteOpen) {
                        // What stands before it is handed out first.
                        if (rows > 0) {
                            break;
                        }
                        throw new OpenQuote(quoteLine, "until the end of the file");
                    }
                    end = length;
                }
                if (rows + 1 >= starts.length) {
                    starts = Arrays.copyOf(starts, 2 * starts.length);
                }
                lines += 1 + innerLines;
                starts[rows++] = start;
                start = end;
            }
            if (rows > 0) {
                starts[rows] = start;
                rest = Arrays.copyOfRange(bytes, start, length);
                note(bytes, start);
                return block(bytes, starts, rows, lines, start, false);
            }
            if (length == 0) {
                return null;
            }
            if (length >= MAX_ROW_BYTES) {
                return oversized(bytes, length);
            }
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
    }

    private RowBlock block(byte[] bytes, int[] starts, int rows, long lines, long length, boolean oversized) {
        Position before = position;
        position = new Position(before.bytes() + length, before.rows() + rows, before.lines() + lines);
        return new RowBlock(bytes, starts, rows, before, position, oversized, digest());
    }

    private void note(byte[] bytes, int length) {
        if (digest != null) {
            digest.update(bytes, 0, length);
        }
    }

    /** Of all that was read up to the position; not to be changed. */
    @Nullable
    MessageDigest digest() {
        return digest == null ? null : InputDigest.copy(digest);
    }

    private int fill(byte[] bytes, int from) throws IOException {
        int length = from;
        while (length < bytes.length && !isAtEnd) {
            int read = in.read(bytes, length, bytes.length - length);
            if (read < 0) {
                isAtEnd = true;
            } else {
                length += read;
            }
        }
        return length;
    }

    /** The end of the row that begins here, its line break included; -1 if that is farther on. */
    private int rowEnd(byte[] bytes, int from, int to, long line) {
        innerLines = 0;
        isQuoteOpen = false;
        boolean isCellStart = true;
        int i = from;
        while (i < to) {
            byte c = bytes[i++];
            if (c == '\n') {
                return i;
            }
            if (c == '"' && isCellStart && hasQuotes) {
                quoteLine = line + innerLines;
                i = quotedEnd(bytes, i, to);
                isCellStart = false;
            } else {
                isCellStart = c == delimiter;
            }
        }
        return -1;
    }

    /** The position behind the quote that closes a cell. RFC 4180, 2, rule 7: a doubled one closes nothing. */
    private int quotedEnd(byte[] bytes, int from, int to) {
        int before = innerLines;
        int i = from;
        while (i < to) {
            byte c = bytes[i++];
            if (c == '\n') {
                innerLines++;
                requireFewLines(innerLines - before);
            } else if (c == '"') {
                if (i == to || bytes[i] != '"') {
                    return i;
                }
                i++;
            }
        }
        isQuoteOpen = true;
        return i;
    }

    private void requireFewLines(long lines) {
        if (lines > MAX_CELL_LINES) {
            throw new OpenQuote(quoteLine, "within " + MAX_CELL_LINES + " lines");
        }
    }

    /** Goes over a row that is too long to be held, without holding it. */
    private RowBlock oversized(byte[] first, int firstLength) throws IOException {
        byte[] bytes = first;
        int length = firstLength;
        long passed = 0;
        long lines = 0;
        long cellLines = 0;
        boolean isCellStart = true;
        boolean isQuoted = false;
        boolean isAfterQuote = false;
        while (length > 0) {
            for (int i = 0; i < length; i++) {
                byte c = bytes[i];
                if (isQuoted && c == '"') {
                    isQuoted = false;
                    isAfterQuote = true;
                } else if (isAfterQuote && c == '"') {
                    isQuoted = true;
                    isAfterQuote = false;
                } else if (isQuoted) {
                    if (c == '\n') {
                        lines++;
                        requireFewLines(++cellLines);
                    }
                } else if (c == '\n') {
                    rest = Arrays.copyOfRange(bytes, i + 1, length);
                    note(bytes, i + 1);
                    return block(new byte[0], new int[2], 1, lines + 1, passed + i + 1, true);
                } else {
                    isAfterQuote = false;
                    isQuoted = c == '"' && isCellStart && hasQuotes;
                    isCellStart = c == delimiter;
                    if (isQuoted) {
                        quoteLine = position.lines() + lines + 1;
                        cellLines = 0;
                    }
                }
            }
            note(bytes, length);
            passed += length;
            bytes = new byte[BLOCK_BYTES];
            length = fill(bytes, 0);
        }
        if (isQuoted) {
            throw new OpenQuote(quoteLine, "until the end of the file");
        }
        rest = new byte[0];
        return block(new byte[0], new int[2], 1, lines + 1, passed, true);
    }
}
