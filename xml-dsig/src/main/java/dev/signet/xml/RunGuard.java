// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.XmlLimits;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Refuses a stream in which nothing ends for very long: the parser keeps a name in memory to its end before anybody can look
 * at its length. White space, {@code <} and {@code >} end a run; no text or value within the limits is as long.
 */
final class RunGuard extends FilterInputStream {
    /** The longest spelling of a character: a reference such as {@code &#x10FFFF;}. */
    private static final long LONGEST = 10;

    /** What Unicode writes in front of UTF-8. */
    private static final int[] MARK = {0xef, 0xbb, 0xbf};

    private final long limit;
    private long run;
    private int marked;
    private boolean begun;

    RunGuard(InputStream in, XmlLimits limits) {
        super(in);
        long text = Math.max(limits.maxTextLength(), limits.maxAttributeLength());
        limit = LONGEST * Math.max(text, limits.maxNameLength());
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        if (!begun) {
            begin(buffer, offset, n);
        }
        int last = -1;
        for (int i = offset; i < offset + n; i++) {
            byte b = buffer[i];
            if (b <= '>' && (b == ' ' || b == '\n' || b == '<' || b == '>' || b == '\r' || b == '\t')) {
                if (last < 0) {
                    check(run + i - offset);
                }
                last = i;
            }
        }
        if (n > 0) {
            run = last < 0 ? run + n : offset + n - 1 - last;
            check(run);
        }
        return n;
    }

    /** Whether the stream begins with a byte order mark of UTF-8, after some of it was read. */
    boolean hasMark() {
        return marked == MARK.length;
    }

    static boolean hasMark(byte[] xml, int offset, int length) {
        for (int i = 0; i < MARK.length; i++) {
            if (i >= length || (xml[offset + i] & 0xff) != MARK[i]) {
                return false;
            }
        }
        return true;
    }

    private void begin(byte[] buffer, int offset, int n) {
        for (int i = offset; i < offset + n && !begun; i++) {
            if ((buffer[i] & 0xff) == MARK[marked]) {
                begun = ++marked == MARK.length;
            } else {
                begun = true;
            }
        }
    }

    private void check(long bytes) {
        if (bytes > limit) {
            throw InvalidMessageException.tooLarge("XML: more than " + limit + " bytes without an end");
        }
    }
}
