// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.internal.Spool;
import dev.signet.core.internal.base.ObjectPool;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Canonical bytes as they are made: UTF-8 with the escapes of Canonical XML 1.0, 2.3. Kept in memory up to a bound, and
 * beyond it digested and spooled to a temporary file, or only digested.
 */
final class CanonicalOutput implements AutoCloseable {
    private static final int CHUNK = 512;
    private static final int DIGESTED = 32 << 10;
    /** The longest escape, {@code &quot;}; a character of UTF-8 has at most 3 bytes for each unit of UTF-16. */
    private static final int LONGEST = 6;

    private static final boolean[] PLAIN_IN_TEXT = plain('&', '<', '>', '\r');
    private static final boolean[] PLAIN_IN_ATTRIBUTE = plain('&', '<', '"', '\t', '\n', '\r');

    private final int inMemory;
    private final long most;
    private final boolean kept;
    private final @Nullable ObjectPool<MessageDigest> digests;
    private @Nullable MessageDigest running;
    private byte[] buffer;
    private int length;
    private char high;

    private @Nullable Spool spool;
    private long drained;

    /**
     * @param digests of the digest that takes in what does not stay in memory; null if everything has to
     * @param inMemory bytes that stay in memory
     * @param most bytes altogether
     * @param kept whether what does not fit in memory is spooled
     */
    private CanonicalOutput(
            byte[] buffer, @Nullable ObjectPool<MessageDigest> digests, int inMemory, long most, boolean kept) {
        this.buffer = buffer;
        this.digests = digests;
        this.inMemory = inMemory;
        this.most = most;
        this.kept = kept;
    }

    /**
     * Keeps everything: in memory what fits, all of it in a file otherwise.
     *
     * @param buffer to begin with
     * @param most bytes that it may have
     */
    static CanonicalOutput keeping(byte[] buffer, ObjectPool<MessageDigest> digests, int inMemory, long most) {
        return new CanonicalOutput(buffer, digests, inMemory, most, true);
    }

    /** Keeps nothing but the digest. */
    static CanonicalOutput digesting(byte[] buffer, ObjectPool<MessageDigest> digests, long most) {
        return new CanonicalOutput(buffer, digests, DIGESTED, most, false);
    }

    /** Keeps everything in memory, and refuses more than that. */
    static CanonicalOutput bounded(byte[] buffer, int limit) {
        return new CanonicalOutput(buffer, null, limit, Long.MAX_VALUE, false);
    }

    // ---- writing ---------------------------------------------------------------------------------------------------

    void ascii(char c) {
        ensure(1);
        buffer[length++] = (byte) c;
    }

    /** The beginning of a tag or attribute: a character and a name. */
    void begin(char first, byte[] name) {
        int count = name.length;
        ensure(count + 1);
        byte[] b = buffer;
        int p = length;
        b[p++] = (byte) first;
        System.arraycopy(name, 0, b, p, count);
        length = p + count;
    }

    void startTag(byte[] name) {
        int count = name.length;
        ensure(count + 2);
        byte[] b = buffer;
        int p = length;
        b[p++] = '<';
        System.arraycopy(name, 0, b, p, count);
        p += count;
        b[p++] = '>';
        length = p;
    }

    void endTag(byte[] name) {
        int count = name.length;
        ensure(count + 3);
        byte[] b = buffer;
        int p = length;
        b[p++] = '<';
        b[p++] = '/';
        System.arraycopy(name, 0, b, p, count);
        p += count;
        b[p++] = '>';
        length = p;
    }

    /** A name, prefix or other text that has nothing to escape. */
    void raw(String text) {
        int end = text.length();
        for (int from = 0; from < end; ) {
            int stop = Math.min(end, from + CHUNK);
            ensure((stop - from) * 3 + 3);
            byte[] b = buffer;
            int p = length;
            for (; from < stop; from++) {
                char c = text.charAt(from);
                if (c < 0x80) {
                    b[p++] = (byte) c;
                } else {
                    p = encode(b, p, c);
                }
            }
            length = p;
        }
    }

    /** Character data (Canonical XML 1.0, 2.3, text nodes). */
    void text(char[] text, int offset, int count) {
        int end = offset + count;
        for (int from = offset; from < end; ) {
            int stop = Math.min(end, from + CHUNK);
            ensure((stop - from) * LONGEST);
            byte[] b = buffer;
            int p = length;
            for (; from < stop; from++) {
                char c = text[from];
                if (c < 0x80 && PLAIN_IN_TEXT[c]) {
                    b[p++] = (byte) c;
                } else {
                    p = special(b, p, c);
                }
            }
            length = p;
        }
    }

    /** An attribute's value (Canonical XML 1.0, 2.3, attribute nodes). */
    void attribute(String value) {
        int end = value.length();
        for (int from = 0; from < end; ) {
            int stop = Math.min(end, from + CHUNK);
            ensure((stop - from) * LONGEST);
            byte[] b = buffer;
            int p = length;
            for (; from < stop; from++) {
                char c = value.charAt(from);
                if (c < 0x80 && PLAIN_IN_ATTRIBUTE[c]) {
                    b[p++] = (byte) c;
                } else {
                    p = special(b, p, c);
                }
            }
            length = p;
        }
    }

    private int special(byte[] b, int p, char c) {
        return switch (c) {
            case '&' -> escape(b, p, "&amp;");
            case '<' -> escape(b, p, "&lt;");
            case '>' -> escape(b, p, "&gt;");
            case '"' -> escape(b, p, "&quot;");
            case '\t' -> escape(b, p, "&#x9;");
            case '\n' -> escape(b, p, "&#xA;");
            case '\r' -> escape(b, p, "&#xD;");
            default -> encode(b, p, c);
        };
    }

    private static int escape(byte[] b, int at, String escape) {
        int p = at;
        for (int i = 0; i < escape.length(); i++) {
            b[p++] = (byte) escape.charAt(i);
        }
        return p;
    }

    /** The parser lets no lone surrogate pass, but may cut between the two of a pair. */
    private int encode(byte[] b, int at, char c) {
        int p = at;
        if (c < 0x800) {
            b[p++] = (byte) (0xc0 | c >> 6);
            b[p++] = (byte) (0x80 | c & 0x3f);
        } else if (Character.isHighSurrogate(c)) {
            high = c;
        } else if (Character.isLowSurrogate(c)) {
            int point = Character.toCodePoint(high, c);
            b[p++] = (byte) (0xf0 | point >> 18);
            b[p++] = (byte) (0x80 | point >> 12 & 0x3f);
            b[p++] = (byte) (0x80 | point >> 6 & 0x3f);
            b[p++] = (byte) (0x80 | point & 0x3f);
        } else {
            b[p++] = (byte) (0xe0 | c >> 12);
            b[p++] = (byte) (0x80 | c >> 6 & 0x3f);
            b[p++] = (byte) (0x80 | c & 0x3f);
        }
        return p;
    }

    private void ensure(int more) {
        if (buffer.length - length < more) {
            makeRoom(more);
        }
    }

    private void makeRoom(int more) {
        if (drained + length > most) {
            throw InvalidMessageException.tooLarge("XML: a canonical form of more than " + most + " bytes");
        }
        if (length >= inMemory) {
            drain();
        }
        if (buffer.length - length < more) {
            long wanted = Math.max((long) length + more, Math.min(length * 2L, inMemory + (long) CHUNK * LONGEST));
            buffer = Arrays.copyOf(buffer, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
        }
    }

    private void drain() {
        if (digests == null) {
            throw tooLarge();
        }
        if (running == null) {
            running = digests.borrow();
        }
        running.update(buffer, 0, length);
        if (kept) {
            Spool file = spool;
            if (file == null) {
                file = Spool.upTo(0, "XML");
                spool = file;
            }
            file.write(buffer, 0, length);
        }
        drained += length;
        length = 0;
    }

    private InvalidMessageException tooLarge() {
        return InvalidMessageException.tooLarge("XML: a SignedInfo of more than " + inMemory + " bytes");
    }

    // ---- the result ------------------------------------------------------------------------------------------------

    /**
     * The digest of everything, when all is written.
     *
     * @param wanted of which kind; what is not in memory any more was digested by the kind that was planned
     */
    byte[] digest(ObjectPool<MessageDigest> wanted) {
        if (drained > 0) {
            drain();
        }
        MessageDigest digest = running;
        running = null;
        if (digest == null) {
            digest = wanted.borrow();
            digest.update(buffer, 0, length);
        }
        byte[] result = digest.digest();
        wanted.giveBack(digest);
        return result;
    }

    boolean isInMemory() {
        return drained == 0;
    }

    /** The bytes in memory, of which {@link #length()} count. */
    byte[] buffer() {
        return buffer;
    }

    int length() {
        if (digests == null && length > inMemory) {
            throw tooLarge();
        }
        return length;
    }

    /**
     * The content, which then belongs to the caller.
     *
     * @param workspace whose buffers are copied
     */
    Spool take(Workspace workspace) {
        Spool file = spool;
        spool = null;
        if (file != null) {
            return file;
        }
        return Spool.of(workspace.owns(buffer) ? Arrays.copyOf(buffer, length) : buffer, length);
    }

    @Override
    public void close() {
        if (spool != null) {
            spool.close();
        }
    }

    private static boolean[] plain(char... special) {
        boolean[] table = new boolean[0x80];
        Arrays.fill(table, true);
        for (char c : special) {
            table[c] = false;
        }
        return table;
    }
}
