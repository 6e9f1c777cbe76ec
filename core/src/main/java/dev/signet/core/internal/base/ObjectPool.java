// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal.base;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * A bounded, lock-free pool that lends objects which are dear to make and not thread-safe. A thread that finds its
 * slots empty makes a new object, and one that finds them full drops what it returns, so no thread ever waits.
 */
public final class ObjectPool<T> {
    private static final int PROBES = 4;

    private final Supplier<T> factory;
    private final AtomicReferenceArray<T> slots;
    private final int mask;

    public ObjectPool(Supplier<T> factory) {
        this.factory = factory;
        int size = Integer.highestOneBit(Math.max(4, Runtime.getRuntime().availableProcessors() * 4 - 1)) << 1;
        slots = new AtomicReferenceArray<>(size);
        mask = size - 1;
    }

    /** An object for the caller's sole use, until it gives it back or drops it. */
    public T borrow() {
        int start = start();
        for (int i = 0; i < PROBES; i++) {
            int slot = (start + i) & mask;
            if (slots.getPlain(slot) != null) {
                T pooled = slots.getAndSet(slot, null);
                if (pooled != null) {
                    return pooled;
                }
            }
        }
        return factory.get();
    }

    /** Gives back an object that is fit for its next use; one in doubt must be dropped instead. */
    public void giveBack(T object) {
        int start = start();
        for (int i = 0; i < PROBES; i++) {
            int slot = (start + i) & mask;
            if (slots.getPlain(slot) == null && slots.compareAndSet(slot, null, object)) {
                return;
            }
        }
    }

    private int start() {
        // Spreads neighbouring thread ids so that two busy threads rarely share a slot.
        return (int) (Thread.currentThread().getId() * 0x9E3779B9L >>> 8);
    }
}
