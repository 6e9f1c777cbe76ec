// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;

/**
 * What a {@link Detokenizer} released: a value, or as much of it as the purpose may see. Its event stands in the log.
 *
 * <p>Immutable. {@code toString} hides the value.
 */
@CheckReturnValue
public final class Revealed {
    private final String value;
    private final Reveal reveal;

    Revealed(String value, Reveal reveal) {
        this.value = value;
        this.reveal = reveal;
    }

    /** The text, of which {@link #reveal()} says how much of the value it shows. */
    public String value() {
        return value;
    }

    /** How much of the value is shown. */
    public Reveal reveal() {
        return reveal;
    }

    @Override
    public String toString() {
        return "Revealed[" + reveal + "]";
    }
}
