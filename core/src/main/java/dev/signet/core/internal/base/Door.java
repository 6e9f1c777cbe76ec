// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal.base;

import java.util.concurrent.atomic.AtomicReference;

/** A way to what a package keeps to itself: opened once, from inside. */
public final class Door<T> {
    private final AtomicReference<T> inside = new AtomicReference<>();

    /** @throws IllegalStateException the second time */
    public void open(T interior) {
        if (!inside.compareAndSet(null, interior)) {
            throw new IllegalStateException("this door is open");
        }
    }

    /** @throws IllegalStateException if nobody has opened it */
    public T enter() {
        T interior = inside.get();
        if (interior == null) {
            throw new IllegalStateException("this door is not open yet");
        }
        return interior;
    }
}
