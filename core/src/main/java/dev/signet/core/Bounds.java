// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;

/** Positive numbers by name, of which {@link Limits} and {@link XmlLimits} are made. Immutable. */
final class Bounds {
    /** One number's name; the names of a class are the constants of one enum. */
    interface Name {
        String name();

        int ordinal();

        long recommended2026();

        default long most() {
            return Long.MAX_VALUE;
        }

        /** As its accessor is called. */
        default String accessor() {
            StringBuilder text = new StringBuilder();
            for (String word : name().toLowerCase(Locale.ROOT).split("_")) {
                text.append(text.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
            }
            return text.toString();
        }
    }

    private final Name[] names;
    private final long[] values;

    private Bounds(Name[] names, long[] values) {
        this.names = names;
        this.values = values;
    }

    static Bounds recommended2026(Name[] names) {
        return new Bounds(
                names, Arrays.stream(names).mapToLong(Name::recommended2026).toArray());
    }

    long get(Name name) {
        return values[name.ordinal()];
    }

    int getInt(Name name) {
        return (int) values[name.ordinal()];
    }

    Bounds with(Name name, long value) {
        if (value <= 0 || value > name.most()) {
            String most = name.most() == Long.MAX_VALUE ? "" : " and at most " + name.most();
            throw new IllegalArgumentException(name.accessor() + " is positive" + most + ": " + value);
        }
        long[] changed = values.clone();
        changed[name.ordinal()] = value;
        return new Bounds(names, changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bounds that && names[0] == that.names[0] && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ");
        for (Name name : names) {
            text.add(name.accessor() + "=" + get(name));
        }
        return text.toString();
    }
}
