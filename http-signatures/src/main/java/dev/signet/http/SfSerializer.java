// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.http.SfValue.SfBoolean;
import dev.signet.http.SfValue.SfBytes;
import dev.signet.http.SfValue.SfDate;
import dev.signet.http.SfValue.SfDecimal;
import dev.signet.http.SfValue.SfDisplayString;
import dev.signet.http.SfValue.SfInteger;
import dev.signet.http.SfValue.SfString;
import dev.signet.http.SfValue.SfToken;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The serialisation algorithms of RFC 9651, 4.1.
 *
 * <p><em>Security properties:</em> there is one text for a value, and what it can't hold (a line break in a string, a
 * key with uppercase letters) is an {@link IllegalArgumentException} without the value in its message, so nothing can be
 * injected into a header or a signature base. A value that was parsed never fails. After a failure the builder
 * passed in holds a partial text.
 *
 * <p>An empty list or dictionary is the empty text: the field is to be left out.
 */
final class SfSerializer {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private SfSerializer() {}

    static String serialize(SfDictionary dictionary) {
        StringBuilder out = new StringBuilder();
        append(out, dictionary);
        return out.toString();
    }

    static String serialize(SfList list) {
        StringBuilder out = new StringBuilder();
        append(out, list);
        return out.toString();
    }

    static String serialize(SfMember member) {
        StringBuilder out = new StringBuilder();
        append(out, member);
        return out.toString();
    }

    // RFC 9651, 4.1.2
    static void append(StringBuilder out, SfDictionary dictionary) {
        for (int i = 0; i < dictionary.size(); i++) {
            if (i > 0) {
                out.append(", ");
            }
            appendKey(out, dictionary.key(i));
            SfMember member = dictionary.value(i);
            if (member instanceof SfItem item && isTrue(item.value())) {
                append(out, item.parameters());
            } else {
                append(out.append('='), member);
            }
        }
    }

    // RFC 9651, 4.1.1
    static void append(StringBuilder out, SfList list) {
        List<SfMember> members = list.members();
        for (int i = 0; i < members.size(); i++) {
            if (i > 0) {
                out.append(", ");
            }
            append(out, members.get(i));
        }
    }

    static void append(StringBuilder out, SfMember member) {
        if (member instanceof SfItem item) {
            append(out, item.value());
        } else {
            appendItems(out, ((SfInnerList) member).items());
        }
        append(out, member.parameters());
    }

    // RFC 9651, 4.1.1.1
    private static void appendItems(StringBuilder out, List<SfItem> items) {
        out.append('(');
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out.append(' ');
            }
            append(out, items.get(i));
        }
        out.append(')');
    }

    // RFC 9651, 4.1.1.2
    static void append(StringBuilder out, SfParameters parameters) {
        for (int i = 0; i < parameters.size(); i++) {
            appendKey(out.append(';'), parameters.key(i));
            SfValue value = parameters.value(i);
            if (!isTrue(value)) {
                append(out.append('='), value);
            }
        }
    }

    // RFC 9651, 4.1.3.1
    static void append(StringBuilder out, SfValue value) {
        if (value instanceof SfString string) {
            appendString(out, string.value());
        } else if (value instanceof SfInteger integer) {
            appendInteger(out, integer.value());
        } else if (value instanceof SfToken token) {
            appendToken(out, token.value());
        } else if (value instanceof SfBytes bytes) {
            appendBytes(out, bytes);
        } else if (value instanceof SfBoolean bool) {
            out.append(bool.value() ? "?1" : "?0");
        } else if (value instanceof SfDecimal decimal) {
            appendDecimal(out, decimal.thousandths());
        } else if (value instanceof SfDate date) {
            appendInteger(out.append('@'), date.epochSecond());
        } else {
            appendDisplayString(out, ((SfDisplayString) value).value());
        }
    }

    // RFC 9651, 4.1.1.3
    static void appendKey(StringBuilder out, String key) {
        appendWord(out, key, SfChars.KEY_START, SfChars.KEY, "key of other characters than RFC 9651, 3.1.2 allows");
    }

    // RFC 9651, 4.1.7
    private static void appendToken(StringBuilder out, String token) {
        appendWord(
                out,
                token,
                SfChars.TOKEN_START,
                SfChars.TOKEN,
                "token of other characters than RFC 9651, 3.3.4 allows");
    }

    private static void appendWord(StringBuilder out, String word, int startClass, int characterClass, String rule) {
        boolean valid = !word.isEmpty() && SfChars.is(startClass, word.charAt(0));
        for (int i = 1; valid && i < word.length(); i++) {
            valid = SfChars.is(characterClass, word.charAt(i));
        }
        check(valid, rule);
        out.append(word);
    }

    // RFC 9651, 4.1.4
    private static void appendInteger(StringBuilder out, long value) {
        check(
                value >= -SfValue.MAX_NUMBER && value <= SfValue.MAX_NUMBER,
                "integer with more than 15 digits (RFC 9651, 4.1.4)");
        out.append(value);
    }

    // RFC 9651, 4.1.5
    private static void appendDecimal(StringBuilder out, long thousandths) {
        check(
                thousandths >= -SfValue.MAX_NUMBER && thousandths <= SfValue.MAX_NUMBER,
                "decimal with more than 12 integer digits (RFC 9651, 4.1.5)");
        long magnitude = Math.abs(thousandths);
        if (thousandths < 0) {
            out.append('-');
        }
        int fraction = (int) (magnitude % 1000);
        out.append(magnitude / 1000).append('.').append((char) ('0' + fraction / 100));
        if (fraction % 100 != 0) {
            out.append((char) ('0' + fraction / 10 % 10));
        }
        if (fraction % 10 != 0) {
            out.append((char) ('0' + fraction % 10));
        }
    }

    // RFC 9651, 4.1.6
    private static void appendString(StringBuilder out, String value) {
        out.append('"');
        int copied = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            check(SfChars.isPrintable(c), "string with a character that is not printable ASCII (RFC 9651, 4.1.6)");
            if (c == '"' || c == '\\') {
                out.append(value, copied, i).append('\\');
                copied = i;
            }
        }
        out.append(value, copied, value.length()).append('"');
    }

    // RFC 9651, 4.1.8
    private static void appendBytes(StringBuilder out, SfBytes bytes) {
        byte[] base64 = Base64.getEncoder().encode(bytes.shared());
        out.append(':').append(new String(base64, StandardCharsets.ISO_8859_1)).append(':');
    }

    // RFC 9651, 4.1.11
    private static void appendDisplayString(StringBuilder out, String value) {
        ByteBuffer utf8;
        try {
            utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("display string with an unpaired surrogate (RFC 9651, 4.1.11)");
        }
        out.append("%\"");
        while (utf8.hasRemaining()) {
            int b = utf8.get() & 0xff;
            if (b == '%' || b == '"' || !SfChars.isPrintable(b)) {
                out.append('%').append(HEX[b >> 4]).append(HEX[b & 15]);
            } else {
                out.append((char) b);
            }
        }
        out.append('"');
    }

    private static boolean isTrue(SfValue value) {
        return value instanceof SfBoolean bool && bool.value();
    }

    private static void check(boolean valid, String rule) {
        if (!valid) {
            throw new IllegalArgumentException(rule);
        }
    }
}
