// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the lists of covered components that were verified lately: a client sends the same one with every message. Only
 * lists of accepted signatures enter, so that nobody without a key can push them out.
 */
final class ComponentLists {
    private static final int SLOTS = 8;

    private final AtomicReferenceArray<Entry> slots = new AtomicReferenceArray<>(SLOTS);

    /** The list whose canonical text stands at this place; the text ends with its closing parenthesis. */
    @Nullable
    Entry at(String input, int offset) {
        for (int i = 0; i < SLOTS; i++) {
            Entry entry = slots.getAcquire(i);
            if (entry != null && input.startsWith(entry.text, offset)) {
                return entry;
            }
        }
        return null;
    }

    @Nullable
    Entry of(List<SfItem> items) {
        for (int i = 0; i < SLOTS; i++) {
            Entry entry = slots.getAcquire(i);
            if (entry != null && entry.items == items) {
                return entry;
            }
        }
        return null;
    }

    void add(List<SfItem> items, List<Component> components) {
        AsciiBuffer list = new AsciiBuffer(256);
        SignatureParameters.appendList(list, components);
        String text = list.substring(0);
        slots.setRelease(
                text.hashCode() & (SLOTS - 1),
                new Entry(text, text.getBytes(StandardCharsets.US_ASCII), items, components));
    }

    /**
     * A list in all its forms.
     *
     * @param text canonical, with both parentheses and without the list's parameters
     */
    record Entry(String text, byte[] bytes, List<SfItem> items, List<Component> components) {}
}
