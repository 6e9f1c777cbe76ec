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
    private final @Nullable Supplier<? extends S> asked;
    private final Function<? super S, ? extends T> maker;
    private volatile Made<S, T> last;

    private Derived(Source<S> source, Function<? super S, ? extends T> maker) {
        this.maker = maker;
        asked = source.asked;
        S first = source.get();
        last = new Made<>(first, maker.apply(first));
    }

    /**
     * Made at once, and again when the source gives another value.
     *
     * @param maker refuses a value by an {@link IllegalArgumentException}, which is an {@link IllegalStateException} for those
     *     who use a later one
     */
    public static <S, T> Derived<S, T> of(Source<S> source, Function<? super S, ? extends T> maker) {
        return new Derived<>(source, maker);
    }

    /** What is made of the value of now. */
    public T get() {
        Made<S, T> made = last;
        if (asked == null) {
            return made.result;
        }
        S value = asked.get();
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

    /** Where the value comes from. */
    public static final class Source<S> {
        private final @Nullable S fixed;
        private final @Nullable Supplier<? extends S> asked;

        private Source(@Nullable S fixed, @Nullable Supplier<? extends S> asked) {
            this.fixed = fixed;
            this.asked = asked;
        }

        /** The same for ever. */
        public static <S> Source<S> fixed(S value) {
            return new Source<>(value, null);
        }

        /** Asked for before each use. */
        public static <S> Source<S> asked(Supplier<? extends S> supplier) {
            return new Source<>(null, supplier);
        }

        /** The value of now. */
        public S get() {
            if (asked != null) {
                return asked.get();
            }
            if (fixed == null) {
                throw new IllegalStateException("a source has a value or asks for one");
            }
            return fixed;
        }
    }

    private record Made<S, T>(S value, T result) {}
}
