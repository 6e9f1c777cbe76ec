// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A body that is all here, as a servlet stream. Reading never waits for a client, so a listener is always served at once. */
final class BodyStream extends ServletInputStream {
    private final InputStream body;
    private final long length;
    private final HttpServletRequest request;
    private volatile long position;
    private volatile @Nullable ReadListener listener;
    private volatile boolean listening;
    private boolean endTold;

    BodyStream(InputStream body, long length, HttpServletRequest request) {
        this.body = body;
        this.length = length;
        this.request = request;
    }

    @Override
    public boolean isFinished() {
        return position >= length;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setReadListener(ReadListener newListener) {
        if (newListener == null) {
            throw new NullPointerException("listener");
        }
        if (listener != null) {
            throw new IllegalStateException("a listener is set already");
        }
        if (!request.isAsyncStarted()) {
            throw new IllegalStateException("a listener needs an asynchronous request");
        }
        listener = newListener;
        listening = true;
        // On a thread of the container's, as when it waits for data itself.
        request.getAsyncContext().start(() -> serve(newListener));
    }

    @Override
    public int read() throws IOException {
        int read = body.read();
        if (read >= 0) {
            advance(1);
        }
        return read;
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
        int read = body.read(into, offset, count);
        if (read > 0) {
            advance(read);
        }
        return read;
    }

    @Override
    public int available() throws IOException {
        return body.available();
    }

    @Override
    public void close() throws IOException {
        body.close();
    }

    private void serve(ReadListener served) {
        try {
            if (!isFinished()) {
                served.onDataAvailable();
            }
            listening = false;
            tellEnd(served);
        } catch (IOException | RuntimeException | Error e) {
            listening = false;
            served.onError(e);
        }
    }

    /** A listener may leave some for later, and for another thread. */
    private void advance(int count) {
        position += count;
        ReadListener served = listener;
        if (served != null && !listening && isFinished()) {
            request.getAsyncContext().start(() -> {
                try {
                    tellEnd(served);
                } catch (IOException | RuntimeException | Error e) {
                    served.onError(e);
                }
            });
        }
    }

    private void tellEnd(ReadListener served) throws IOException {
        synchronized (this) {
            if (endTold || !isFinished()) {
                return;
            }
            endTold = true;
        }
        served.onAllDataRead();
    }
}
