// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ordered map that dictionaries and parameters are.
 *
 * <p>A key that comes twice keeps its first place and takes its last value, as RFC 9651, 4.2.2 and 4.2.3.2 say; since
 * that lets two readers see different values in one field, the keys it happened to are kept. Equality is that of keys
 * and values in order.
 */
abstract sealed class SfKeyed<V> permits SfDictionary, SfParameters {
    private final String[] keys;
    private final Object[] values;
    private final @Nullable Map<String, Integer> index;
    private final Set<String> duplicateKeys;

    SfKeyed(Builder<V> builder) {
        keys = Arrays.copyOf(builder.keys, builder.size);
        values = Arrays.copyOf(builder.values, builder.size);
        // Not Map.copyOf and Set.copyOf: they probe linearly, so keys of one hash code would cost quadratic time.
        index = builder.index == null ? null : new HashMap<>(builder.index);
        duplicateKeys = builder.duplicateKeys == null
                ? Set.of()
                : Collections.unmodifiableSet(new LinkedHashSet<>(builder.duplicateKeys));
    }

    int size() {
        return keys.length;
    }

    boolean isEmpty() {
        return keys.length == 0;
    }

    String key(int i) {
        return keys[i];
    }

    @SuppressWarnings("unchecked") // only Builder<V> fills it
    V value(int i) {
        return (V) values[i];
    }

    List<String> keys() {
        return List.of(keys);
    }

    @Nullable
    V get(String key) {
        int i = find(keys, keys.length, index, key);
        return i < 0 ? null : value(i);
    }

    boolean contains(String key) {
        return find(keys, keys.length, index, key) >= 0;
    }

    /** True if the parsed field had a key more than once. */
    boolean hasDuplicates() {
        return !duplicateKeys.isEmpty();
    }

    Set<String> duplicateKeys() {
        return duplicateKeys;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof SfKeyed<?> that
                && getClass() == that.getClass()
                && Arrays.equals(keys, that.keys)
                && Arrays.equals(values, that.values);
    }

    @Override
    public final int hashCode() {
        return 31 * Arrays.hashCode(keys) + Arrays.hashCode(values);
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + keys();
    }

    private static int find(String[] keys, int size, @Nullable Map<String, Integer> index, String key) {
        if (index != null) {
            Integer i = index.get(key);
            return i == null ? -1 : i;
        }
        for (int i = 0; i < size; i++) {
            if (keys[i].equals(key)) {
                return i;
            }
        }
        return -1;
    }

    abstract static sealed class Builder<V> permits SfDictionary.Builder, SfParameters.Builder {
        /** Beyond this many keys a scan for each would make parsing quadratic. */
        private static final int SCANNED = 16;

        private String[] keys = new String[4];
        private Object[] values = new Object[4];
        private int size;
        private @Nullable Map<String, Integer> index;
        private @Nullable Set<String> duplicateKeys;

        final void add(String key, V value) {
            int i = find(keys, size, index, key);
            if (i >= 0) {
                values[i] = value;
                if (duplicateKeys == null) {
                    duplicateKeys = new LinkedHashSet<>();
                }
                duplicateKeys.add(key);
                return;
            }
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            keys[size] = key;
            values[size] = value;
            size++;
            if (index != null) {
                index.put(key, size - 1);
            } else if (size > SCANNED) {
                index = new HashMap<>();
                for (int k = 0; k < size; k++) {
                    index.put(keys[k], k);
                }
            }
        }
    }
}
