// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.io.Closeable;
import java.io.InputStream;

/**
 * All of a body as it was received, in memory or in a temporary file, whether or not a signature covers it. Given to a {@link
 * LastCheck} only. It goes with its {@link VerifiedMessage}: closing either lets go of the file. Thread-safe.
 */
public final class ReceivedBody implements Closeable {
    private final Body body;

    ReceivedBody(Body body) {
        this.body = body;
    }

    /** The body from its start; as often as is wished. A stream can be read on after this is closed. */
    public InputStream open() {
        return body.open();
    }

    /** In bytes. */
    public long length() {
        return body.size();
    }

    @Override
    public void close() {
        body.close();
    }

    /** The length only. */
    @Override
    public String toString() {
        return "ReceivedBody[" + length() + " bytes]";
    }
}
