// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Qualified names in UTF-8, made once for each as long as it keeps its place in a small table. */
final class EncodedNames {
    private static final int SIZE = 512;

    private final @Nullable String[] prefixes = new String[SIZE];
    private final @Nullable String[] locals = new String[SIZE];
    private final byte[][] names = new byte[SIZE][];

    byte[] of(String prefix, String local) {
        int hash = local.hashCode();
        int slot = (hash ^ hash >>> 16) & SIZE - 1;
        if (isSame(locals[slot], local) && isSame(prefixes[slot], prefix)) {
            return names[slot];
        }
        int other = slot ^ 1;
        if (isSame(locals[other], local) && isSame(prefixes[other], prefix)) {
            return names[other];
        }
        byte[] name = (prefix.isEmpty() ? local : prefix + ":" + local).getBytes(StandardCharsets.UTF_8);
        // The older one of the two goes.
        locals[other] = locals[slot];
        prefixes[other] = prefixes[slot];
        names[other] = names[slot];
        locals[slot] = local;
        prefixes[slot] = prefix;
        names[slot] = name;
        return name;
    }

    @SuppressWarnings("ReferenceEquality") // the parser gives one object for each name; others are made anew
    private static boolean isSame(@Nullable String a, String b) {
        return a == b;
    }
}
