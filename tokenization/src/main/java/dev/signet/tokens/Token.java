// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.InvalidMessageException;
import java.util.Objects;

/**
 * What stands in for a value, and the version of the key that made it.
 *
 * <pre>{@code
 * Token token = cards.tokenize("4111111111111111");
 * String text = token.text(); // one column,
 * String version = token.version(); // and another one beside it
 * Token fromColumns = Token.ofText(text).withVersion(version);
 *
 * String both = token.prefixed(); // or both in one column: version:text
 * Token fromPrefixed = Token.parse(both);
 * }</pre>
 *
 * <p>Both must be stored. The version travels beside the text, never inside its alphabet: in a column or field of its own
 * ({@link #text()} and {@link #version()}), or in front of it ({@link #prefixed()}).
 *
 * <p>Immutable. {@code toString} shows the version only.
 */
@CheckReturnValue
public final class Token {
    private static final char SEPARATOR = ':';

    private final String text;
    private final String version;

    private Token(String text, String version) {
        this.text = text;
        this.version = version;
    }

    /** A token as it was stored: {@code Token.ofText(text).withVersion(version)}. */
    public static Text ofText(String text) {
        return new Text(Objects.requireNonNull(text, "text"));
    }

    /** In one step, for the library's own hot path. */
    static Token of(String text, String version) {
        return new Token(text, Names.check(version, "a version"));
    }

    /**
     * A token as {@link #prefixed()} wrote it.
     *
     * @throws InvalidMessageException if it has no version in front
     */
    public static Token parse(String prefixed) {
        int end = prefixed.indexOf(SEPARATOR);
        String escaped = end < 1 ? "" : prefixed.substring(0, end);
        String version = unescape(escaped);
        // One spelling for each token: nothing else may be percent-encoded, nor left unfinished.
        if (!Names.isValid(version) || !escape(version).equals(escaped)) {
            throw InvalidMessageException.malformed("the token has no version in front of it");
        }
        return new Token(prefixed.substring(end + 1), version);
    }

    /** The token itself, in the format of the value where the mode preserves it. */
    public String text() {
        return text;
    }

    /** The id of the key that made it. */
    public String version() {
        return version;
    }

    /** Version, colon, text: both in one string. A colon or percent sign in the version is percent-encoded. */
    public String prefixed() {
        return escape(version) + SEPARATOR + text;
    }

    private static String escape(String version) {
        return version.replace("%", "%25").replace(":", "%3A");
    }

    private static String unescape(String version) {
        return version.replace("%3A", ":").replace("%25", "%");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Token that && text.equals(that.text) && version.equals(that.version);
    }

    @Override
    public int hashCode() {
        return 31 * text.hashCode() + version.hashCode();
    }

    @Override
    public String toString() {
        return "Token[version=" + version + "]";
    }

    /** The text of a token whose version is still to be named. */
    public static final class Text {
        private final String text;

        private Text(String text) {
            this.text = text;
        }

        /** The token of a version: the id of the key that made it, 1 to 256 printable ASCII characters. */
        public Token withVersion(String version) {
            return Token.of(text, version);
        }

        @Override
        public String toString() {
            return "Token.Text";
        }
    }
}
