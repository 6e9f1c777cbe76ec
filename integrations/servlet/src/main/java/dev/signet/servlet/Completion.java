// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import dev.signet.exchange.Admission;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Removes what was kept of a body once its request is done, be it synchronous or not. Thread-safe. */
final class Completion implements AsyncListener {
    private final Admission admission;
    private final List<InputStream> opened = new ArrayList<>();
    private volatile boolean listening;
    private boolean closed;

    Completion(Admission admission) {
        this.admission = admission;
    }

    /** The body from its start, closed at the latest when the request is done. */
    synchronized InputStream open() throws IOException {
        if (closed) {
            throw new IOException("the request is done");
        }
        InputStream body = admission.body();
        opened.add(body);
        return body;
    }

    /**
     * To be called when the dispatch that was filtered returns. A request that was dispatched again by then no longer counts as
     * started, but is not done either.
     */
    void afterDispatch(ServletRequest request) {
        if (listening) {
            return;
        }
        if (request.isAsyncStarted()) {
            listen(request.getAsyncContext());
        } else {
            close();
        }
    }

    /** Waits for the end of an asynchronous request, which the container tells in any case. */
    void listen(AsyncContext context) {
        context.addListener(this);
        listening = true;
    }

    @Override
    public void onComplete(AsyncEvent event) {
        close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    /** A new cycle starts without the listeners of the last. */
    @Override
    public void onStartAsync(AsyncEvent event) {
        listen(event.getAsyncContext());
    }

    private synchronized void close() {
        closed = true;
        for (InputStream body : opened) {
            try {
                body.close();
            } catch (IOException e) {
                // It was only read from.
            }
        }
        opened.clear();
        admission.close();
    }
}
