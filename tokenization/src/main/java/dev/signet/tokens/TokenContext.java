// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Objects;

/**
 * The row that a token belongs to, such as a customer's id: one value has another token in each context.
 *
 * <pre>{@code
 * Token ofAlice = cards.tokenize("4111111111111111", TokenContext.of("customer 4711"));
 * Token ofBob = cards.tokenize("4111111111111111", TokenContext.of("customer 4712")); // another token
 * }</pre>
 *
 * <p>It must never change, or the tokens are lost. Any text will do; where the format of the value is preserved it has at most
 * 1,024 bytes in UTF-8, and where dates are moved it is not empty: each mode checks that as it is used.
 *
 * <p>Immutable. {@code toString} does not show it.
 */
@CheckReturnValue
public final class TokenContext {
    private final String text;

    private TokenContext(String text) {
        this.text = text;
    }

    /** The context of this text. */
    public static TokenContext of(String text) {
        return new TokenContext(Objects.requireNonNull(text, "text"));
    }

    /** The text. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenContext that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "TokenContext";
    }
}
