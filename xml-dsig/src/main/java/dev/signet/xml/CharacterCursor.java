// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Walks once through the bytes of a document in UTF-8 or a single-byte encoding, and counts as the parser does: units of
 * UTF-16, after a byte order mark. Not thread-safe.
 */
final class CharacterCursor {
    /** The end of the document, wherever it is. */
    static final long END = Long.MAX_VALUE;

    private static final int BUFFER = 32 << 10;
    /** The first byte of a byte order mark; no other document begins with it. */
    private static final int MARK = 0xef;

    private final InputStream in;
    private final boolean singleByte;
    private final byte[] buffer;
    private int start;
    private int end;
    private long units;
    private boolean begun;

    CharacterCursor(InputStream in, boolean singleByte) {
        this.in = in;
        this.singleByte = singleByte;
        buffer = new byte[BUFFER];
    }

    CharacterCursor(byte[] document, int length, boolean singleByte) {
        in = InputStream.nullInputStream();
        this.singleByte = singleByte;
        buffer = document;
        end = length;
    }

    /** The index of the byte at which a character begins. Characters are asked for in their order. */
    int find(long target) {
        if (target < units) {
            throw new IllegalStateException("positions are asked for in their order");
        }
        start = scan(target);
        if (start == end && target != END && units < target) {
            throw pastTheEnd();
        }
        return start;
    }

    private static IllegalStateException pastTheEnd() {
        return new IllegalStateException("the document ends before the place to change");
    }

    /** Copies up to a character. */
    void advance(long target, OutputStream out) throws IOException {
        while (true) {
            int stop = scan(target);
            out.write(buffer, start, stop - start);
            start = stop;
            if (start < end) {
                return;
            }
            end = in.read(buffer);
            start = 0;
            if (end < 0) {
                end = 0;
                if (target != END && units < target) {
                    throw pastTheEnd();
                }
                return;
            }
        }
    }

    /** The index of the first byte that belongs to the character, or the end of what is in the buffer. */
    private int scan(long target) {
        int at = start;
        if (!begun && at < end) {
            begun = true;
            if ((buffer[at] & 0xff) == MARK) {
                at = Math.min(end, at + (singleByte ? 3 : 1));
            }
        }
        for (; at < end; at++) {
            int ascii = asciiFrom(at, target);
            units += ascii - at;
            at = ascii;
            if (at == end) {
                break;
            }
            int b = buffer[at] & 0xff;
            boolean first = singleByte || (b & 0xc0) != 0x80;
            if (first) {
                if (units >= target) {
                    break;
                }
                // Four bytes of UTF-8 are a pair of surrogates.
                units += !singleByte && b >= 0xf0 ? 2 : 1;
            }
        }
        return at;
    }

    /** The end of the bytes from here that are a character each, up to the target. */
    private int asciiFrom(int at, long target) {
        int most = (int) Math.min(end, at + Math.max(0, Math.min(target - units, end)));
        int i = at;
        while (i < most && buffer[i] >= 0) {
            i++;
        }
        return i;
    }
}
