// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What was made of the texts seen last. A slot that two texts share belongs to the later one, so that an attacker gains
 * nothing by filling it; no thread ever waits.
 */
final class RecentTexts<V> {
    private static final int SLOTS = 64;

    private final AtomicReferenceArray<@Nullable Entry<V>> slots = new AtomicReferenceArray<>(SLOTS);

    /** What was put for the text that ends before {@code end}, or null if it is not remembered. */
    @Nullable
    V get(byte[] text, int end) {
        Entry<V> entry = slots.get(slot(text, end));
        return entry != null && Arrays.mismatch(entry.text, 0, entry.text.length, text, 0, end) < 0
                ? entry.value
                : null;
    }

    void put(byte[] text, int end, V value) {
        slots.set(slot(text, end), new Entry<>(Arrays.copyOf(text, end), value));
    }

    /** Every seventh byte tells texts apart well enough. */
    private static int slot(byte[] text, int end) {
        int hash = end;
        for (int i = end - 1; i >= 0; i -= 7) {
            hash = hash * 31 + text[i];
        }
        return (hash ^ hash >>> 6 ^ hash >>> 13) & (SLOTS - 1);
    }

    private record Entry<V>(byte[] text, V value) {}
}
