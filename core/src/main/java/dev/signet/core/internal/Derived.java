// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is made of a value that may be another one next time, such as what a signer prepares for the primary key of a keyset.
 * It is made anew when the value is another object; a fixed value costs the read of a field. Thread-safe without a lock: two
 * threads that see a new value at once both make the same of it.
 */
public final class Derived<S, T> {
    private final @Nullable Supplier<? extends S> source;
    private final Function<S, T> maker;
    private volatile Made<S, T> last;

    private Derived(@Nullable Supplier<? extends S> source, S first, Function<S, T> maker) {
        this.source = source;
        this.maker = maker;
        last = new Made<>(first, maker.apply(first));
    }

    /** Of one value for ever. */
    public static <S, T> Derived<S, T> ofFixed(S value, Function<S, T> maker) {
        return new Derived<>(null, value, maker);
    }

    /**
     * Of what a source gives each time, which is asked at once and before each use.
     *
     * @param maker refuses a value by an {@link IllegalArgumentException}, which is an {@link IllegalStateException} for those
     *     who use it later
     */
    public static <S, T> Derived<S, T> of(Supplier<? extends S> source, Function<S, T> maker) {
        return new Derived<>(source, source.get(), maker);
    }

    /** What is made of the value of now. */
    public T get() {
        Made<S, T> made = last;
        if (source == null) {
            return made.result;
        }
        S value = source.get();
        if (value != made.value) {
            try {
                made = new Made<>(value, maker.apply(value));
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
            last = made;
        }
        return made.result;
    }

    private record Made<S, T>(S value, T result) {}
}
