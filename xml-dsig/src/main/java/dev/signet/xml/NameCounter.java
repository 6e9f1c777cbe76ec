// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts the different names of a document. The parser's table of names is as slow as whoever chooses them wants it to be,
 * so that their number is bounded, and more tightly for those that fall on one place.
 */
final class NameCounter {
    private static final int INITIAL = 128;
    private static final int MAX_CROWD = 48;

    private final int limit;
    /**
     * By identity, of which nobody chooses the hashes. The parser gives one object for each name; at worst one is counted
     * twice.
     */
    private @Nullable String[] names = new String[INITIAL];

    private int count;

    /** How many names the parser finds in one place of its table, at most, by what places have in common. */
    private final short[] crowds;

    private final int bearable;

    NameCounter(int limit) {
        this.limit = limit;
        crowds = new short[Math.max(64, Math.min(1 << 14, Integer.highestOneBit(limit) / 4))];
        bearable = MAX_CROWD + limit / crowds.length * 2;
    }

    void add(String name) {
        int mask = names.length - 1;
        int slot = System.identityHashCode(name) & mask;
        while (names[slot] != null) {
            if (isSame(names[slot], name)) {
                return;
            }
            slot = slot + 1 & mask;
        }
        if (++count > limit) {
            throw StrictReader.tooMany(limit, "different names");
        }
        // Chosen so that they collide, even a few hundred are slow; by chance a handful does.
        if (++crowds[name.hashCode() & crowds.length - 1] > bearable) {
            throw StrictReader.tooMany(bearable, "names of one hash");
        }
        names[slot] = name;
        if (count * 2 > names.length) {
            grow();
        }
    }

    /** Makes it ready for the next document. */
    void clear() {
        if (names.length > INITIAL * 8) {
            names = new String[INITIAL];
        } else {
            Arrays.fill(names, null);
        }
        Arrays.fill(crowds, (short) 0);
        count = 0;
    }

    private void grow() {
        @Nullable String[] old = names;
        names = new String[old.length * 2];
        int mask = names.length - 1;
        for (@Nullable String each : old) {
            if (each != null) {
                int free = System.identityHashCode(each) & mask;
                while (names[free] != null) {
                    free = free + 1 & mask;
                }
                names[free] = each;
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // see above
    private static boolean isSame(@Nullable String a, String b) {
        return a == b;
    }
}
