// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.InvalidMessageException;
import java.io.IOException;
import java.io.InputStream;

/** A payload that must not be longer than a limit. Closing it leaves the caller's stream open. */
final class CappedInputStream extends InputStream {
    private final InputStream in;
    private final long limit;
    private long read;

    CappedInputStream(InputStream in, long limit) {
        this.in = in;
        this.limit = limit;
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        count(b < 0 ? 0 : 1);
        return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = in.read(buffer, offset, length);
        count(Math.max(n, 0));
        return n;
    }

    /** What was read until now, in bytes. */
    long length() {
        return read;
    }

    private void count(int n) {
        read += n;
        if (read > limit) {
            throw InvalidMessageException.tooLarge("a payload of more than " + limit + " bytes");
        }
    }
}
