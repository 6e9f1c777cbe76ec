// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The body as it comes from the client, untouched until the first read: asking for it may tell the client to send it. */
final class ReceivedBody extends InputStream {
    private final HttpServletRequest request;
    private @Nullable InputStream in;

    ReceivedBody(HttpServletRequest request) {
        this.request = request;
    }

    @Override
    public int read() throws IOException {
        try {
            return in().read();
        } catch (RuntimeException e) {
            throw broken(e);
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        try {
            return in().read(into, offset, length);
        } catch (RuntimeException e) {
            throw broken(e);
        }
    }

    private InputStream in() throws IOException {
        InputStream known = in;
        if (known == null) {
            known = request.getInputStream();
            in = known;
        }
        return known;
    }

    /** Containers report broken chunks and their like by exceptions of their own. */
    private static IOException broken(RuntimeException e) {
        return new IOException("the container could not read the body", e);
    }
}
