// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The base64url form of a stream, made while it is read. */
final class Base64UrlInputStream extends InputStream {
    /** A multiple of three, so that only the last piece ends within a group. */
    private static final int PIECE = 3 << 12;

    private final InputStream in;
    private byte[] encoded = new byte[0];
    private int position;
    private boolean ended;

    Base64UrlInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        return fill() ? encoded[position++] : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int n = Math.min(length, encoded.length - position);
        System.arraycopy(encoded, position, buffer, offset, n);
        position += n;
        return n;
    }

    private boolean fill() throws IOException {
        if (position < encoded.length) {
            return true;
        }
        if (ended) {
            return false;
        }
        byte[] piece = in.readNBytes(PIECE);
        ended = piece.length < PIECE;
        encoded = Base64Url.encodeToBytes(piece);
        Arrays.fill(piece, (byte) 0);
        position = 0;
        return encoded.length > 0;
    }
}
