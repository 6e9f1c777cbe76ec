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
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parsing algorithms of RFC 9651, 4.2, over one string and an index. Used once. */
final class SfParser {
    private static final int END = -1;
    private static final byte[] BASE64 = base64Values();

    private final String input;
    private final int end;
    private int pos;
    private int membersLeft;
    private final @Nullable ComponentLists known;

    SfParser(String input, SfLimits limits) {
        this(input, limits, null);
    }

    /** Inner lists known by their text are not parsed again. */
    SfParser(String input, SfLimits limits, @Nullable ComponentLists known) {
        if (input.length() > limits.maxLength()) {
            throw tooLong(limits);
        }
        this.input = input;
        this.end = input.length();
        this.membersLeft = limits.maxMembers();
        this.known = known;
    }

    static SfException tooLong(SfLimits limits) {
        return SfException.tooLarge("field value is too long", limits.maxLength());
    }

    // RFC 9651, 4.2: spaces, not tabs, may surround the whole value.

    SfDictionary dictionary() {
        skipSpaces();
        if (pos == end) {
            return SfDictionary.EMPTY;
        }
        SfDictionary.Builder members = SfDictionary.builder();
        // RFC 9651, 4.2.2
        do {
            countMember();
            String key = key();
            if (peek() == '=') {
                pos++;
                members.put(key, member());
            } else {
                members.put(key, new SfItem(SfBoolean.TRUE, parameters()));
            }
        } while (nextMember());
        return members.build();
    }

    SfList list() {
        skipSpaces();
        if (pos == end) {
            return SfList.EMPTY;
        }
        List<SfMember> members = new ArrayList<>();
        // RFC 9651, 4.2.1
        do {
            countMember();
            members.add(member());
        } while (nextMember());
        return new SfList(members);
    }

    SfItem item() {
        skipSpaces();
        countMember();
        SfItem item = itemWithParameters();
        skipSpaces();
        if (pos != end) {
            throw malformed("nothing may follow the item (RFC 9651, 4.2)");
        }
        return item;
    }

    /** Goes over the comma after a member; false at the end of the value. */
    private boolean nextMember() {
        skipOptionalWhitespace();
        if (pos == end) {
            return false;
        }
        if (input.charAt(pos) != ',') {
            throw malformed("comma expected after a member (RFC 9651, 4.2.1 and 4.2.2)");
        }
        pos++;
        skipOptionalWhitespace();
        if (pos == end) {
            throw malformed("member expected after a comma (RFC 9651, 4.2.1 and 4.2.2)");
        }
        return true;
    }

    private SfMember member() {
        return peek() == '(' ? innerList() : itemWithParameters();
    }

    // RFC 9651, 4.2.1.2
    private SfInnerList innerList() {
        ComponentLists.Entry entry = known == null ? null : known.at(input, pos);
        if (entry != null) {
            pos += entry.text().length();
            membersLeft -= entry.items().size();
            return new SfInnerList(entry.items(), parameters());
        }
        pos++;
        List<SfItem> items = new ArrayList<>();
        while (true) {
            skipSpaces();
            if (peek() == ')') {
                pos++;
                return new SfInnerList(items, parameters());
            }
            if (pos == end) {
                throw malformed("inner list without its closing parenthesis (RFC 9651, 4.2.1.2)");
            }
            countMember();
            items.add(itemWithParameters());
            int c = peek();
            if (c != ' ' && c != ')') {
                throw malformed("space or closing parenthesis expected after an item (RFC 9651, 4.2.1.2)");
            }
        }
    }

    private SfItem itemWithParameters() {
        SfValue value = bareItem();
        return new SfItem(value, parameters());
    }

    // RFC 9651, 4.2.3.2
    private SfParameters parameters() {
        if (peek() != ';') {
            return SfParameters.EMPTY;
        }
        SfParameters.Builder parameters = SfParameters.builder();
        do {
            pos++;
            skipSpaces();
            countMember();
            String key = key();
            if (peek() == '=') {
                pos++;
                parameters.put(key, bareItem());
            } else {
                parameters.put(key, SfBoolean.TRUE);
            }
        } while (peek() == ';');
        return parameters.build();
    }

    // RFC 9651, 4.2.3.3
    private String key() {
        if (!SfChars.is(SfChars.KEY_START, peek())) {
            throw malformed("key expected, which starts with a lowercase letter or * (RFC 9651, 4.2.3.3)");
        }
        return takeAll(SfChars.KEY);
    }

    // RFC 9651, 4.2.3.1
    private SfValue bareItem() {
        int c = peek();
        switch (c) {
            case '"':
                return new SfString(string());
            case ':':
                return bytes();
            case '?':
                return bool();
            case '@':
                return date();
            case '%':
                return displayString();
            default:
                if (c == '-' || SfChars.is(SfChars.DIGIT, c)) {
                    return number();
                }
                if (SfChars.is(SfChars.TOKEN_START, c)) {
                    return new SfToken(takeAll(SfChars.TOKEN));
                }
                throw malformed("item expected (RFC 9651, 4.2.3.1)");
        }
    }

    // RFC 9651, 4.2.4
    private SfValue number() {
        boolean negative = peek() == '-';
        if (negative) {
            pos++;
        }
        int start = pos;
        long value = digits(15);
        if (peek() != '.') {
            return new SfInteger(negative ? -value : value);
        }
        if (pos - start > 12) {
            throw malformed("decimal with more than 12 integer digits (RFC 9651, 4.2.4)");
        }
        pos++;
        start = pos;
        long fraction = digits(3);
        for (int places = pos - start; places < 3; places++) {
            fraction *= 10;
        }
        long thousandths = value * 1000 + fraction;
        return new SfDecimal(negative ? -thousandths : thousandths);
    }

    /** One digit or more; the most there may be is small enough for a long. */
    private long digits(int most) {
        int start = pos;
        long value = 0;
        while (SfChars.is(SfChars.DIGIT, peek())) {
            if (pos - start == most) {
                throw malformed("number with too many digits (RFC 9651, 4.2.4)");
            }
            value = 10 * value + (input.charAt(pos) - '0');
            pos++;
        }
        if (pos == start) {
            throw malformed("digit expected (RFC 9651, 4.2.4)");
        }
        return value;
    }

    // RFC 9651, 4.2.5
    private String string() {
        pos++;
        int start = pos;
        for (; pos < end; pos++) {
            char c = input.charAt(pos);
            if (c == '"') {
                return input.substring(start, pos++);
            }
            if (c == '\\') {
                return escapedString(start);
            }
            if (!SfChars.isPrintable(c)) {
                throw malformed("string with a character that is not printable ASCII (RFC 9651, 4.2.5)");
            }
        }
        throw malformed("string without its closing quote (RFC 9651, 4.2.5)");
    }

    private String escapedString(int start) {
        StringBuilder value = new StringBuilder(pos - start + 16).append(input, start, pos);
        for (; pos < end; pos++) {
            char c = input.charAt(pos);
            if (c == '"') {
                pos++;
                return value.toString();
            }
            if (c == '\\') {
                pos++;
                int escaped = peek();
                if (escaped != '"' && escaped != '\\') {
                    throw malformed("only a quote or a backslash may be escaped (RFC 9651, 4.2.5)");
                }
                c = (char) escaped;
            } else if (!SfChars.isPrintable(c)) {
                throw malformed("string with a character that is not printable ASCII (RFC 9651, 4.2.5)");
            }
            value.append(c);
        }
        throw malformed("string without its closing quote (RFC 9651, 4.2.5)");
    }

    // RFC 9651, 4.2.7
    private SfBytes bytes() {
        pos++;
        int start = pos;
        while (pos < end && base64Value(input.charAt(pos)) >= 0) {
            pos++;
        }
        int characters = pos - start;
        while (peek() == '=') {
            pos++;
        }
        if (peek() != ':') {
            throw malformed("byte sequence with a character that is not base64, or without its closing colon"
                    + " (RFC 9651, 4.2.7)");
        }
        int padding = pos - start - characters;
        if (padding > 2 || (characters + padding) % 4 != 0) {
            throw malformed("byte sequence without its exact padding (RFC 4648, 3.2)");
        }
        byte[] decoded = decode(start, characters);
        pos++;
        return new SfBytes(decoded);
    }

    private byte[] decode(int start, int characters) {
        byte[] decoded = new byte[(int) (characters * 3L / 4)];
        int bits = 0;
        int held = 0;
        int length = 0;
        for (int i = start; i < start + characters; i++) {
            bits = bits << 6 | base64Value(input.charAt(i));
            held += 6;
            if (held >= 8) {
                held -= 8;
                decoded[length++] = (byte) (bits >> held);
            }
        }
        if ((bits & ((1 << held) - 1)) != 0) {
            throw malformed("byte sequence with non-zero pad bits (RFC 4648, 3.5)");
        }
        return decoded;
    }

    // RFC 9651, 4.2.8
    private SfBoolean bool() {
        pos++;
        int c = peek();
        if (c != '0' && c != '1') {
            throw malformed("0 or 1 expected (RFC 9651, 4.2.8)");
        }
        pos++;
        return c == '1' ? SfBoolean.TRUE : SfBoolean.FALSE;
    }

    // RFC 9651, 4.2.9
    private SfDate date() {
        pos++;
        if (number() instanceof SfInteger seconds) {
            return new SfDate(seconds.value());
        }
        throw malformed("date with a fraction (RFC 9651, 4.2.9)");
    }

    // RFC 9651, 4.2.10
    private SfDisplayString displayString() {
        int start = pos;
        pos++;
        if (peek() != '"') {
            throw malformed("quote expected (RFC 9651, 4.2.10)");
        }
        pos++;
        int close = input.indexOf('"', pos);
        if (close < 0) {
            pos = end;
            throw malformed("display string without its closing quote (RFC 9651, 4.2.10)");
        }
        byte[] utf8 = new byte[close - pos];
        int length = 0;
        while (pos < close) {
            char c = input.charAt(pos);
            if (!SfChars.isPrintable(c)) {
                throw malformed("display string with a character that is not printable ASCII (RFC 9651, 4.2.10)");
            }
            pos++;
            utf8[length++] = (byte) (c == '%' ? hexDigit() << 4 | hexDigit() : c);
        }
        try {
            String value = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8, 0, length))
                    .toString();
            pos++;
            return new SfDisplayString(value);
        } catch (CharacterCodingException e) {
            pos = start;
            throw malformed("display string that is not UTF-8 (RFC 9651, 4.2.10)");
        }
    }

    private int hexDigit() {
        int c = peek();
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) {
            throw malformed("two lowercase hexadecimal digits expected (RFC 9651, 4.2.10)");
        }
        pos++;
        return digit;
    }

    private String takeAll(int characterClass) {
        int start = pos;
        while (pos < end && SfChars.is(characterClass, input.charAt(pos))) {
            pos++;
        }
        return input.substring(start, pos);
    }

    private int peek() {
        return pos < end ? input.charAt(pos) : END;
    }

    private void skipSpaces() {
        while (pos < end && input.charAt(pos) == ' ') {
            pos++;
        }
    }

    private void skipOptionalWhitespace() {
        while (pos < end && (input.charAt(pos) == ' ' || input.charAt(pos) == '\t')) {
            pos++;
        }
    }

    private void countMember() {
        if (membersLeft-- <= 0) {
            throw SfException.tooLarge("too many members, items and parameters", pos);
        }
    }

    private SfException malformed(String rule) {
        return SfException.malformed(rule, pos);
    }

    private static int base64Value(char c) {
        return c < 128 ? BASE64[c] : -1;
    }

    private static byte[] base64Values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = (byte) i;
        }
        return values;
    }
}
