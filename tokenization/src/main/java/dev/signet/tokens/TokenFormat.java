// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;

/**
 * What values of a kind look like: which parts stay, which are replaced, and what must be valid in a token, too.
 *
 * <pre>{@code
 * TokenFormat cards = TokenFormat.paymentCard(); // last four stay, tokens fail Luhn's check
 * TokenFormat likeCards = TokenFormat.paymentCard(Kept.LAST_FOUR, Luhn.VALID);
 * TokenFormat withBin = TokenFormat.paymentCard(Kept.BIN_AND_LAST_FOUR, Luhn.UNCHECKED);
 * }</pre>
 *
 * <p><b>Security properties.</b> Parts that stay are bound to the token: they go into FF1's tweak, so that the table of one
 * BIN says nothing of another. Separators are no part of the value. What does not fit is refused, and never passed through.
 * A format is refused when it is made if fewer than 1,000,000 values share the parts that stay (SP 800-38G Rev. 1, second
 * draft, 4.3), since all of them could be tried: what follows from other parts, such as check digits, does not count. Format
 * preservation has no integrity: almost any text of the format can be read as a token.
 *
 * <p>Tokens have the length of their values, and are stored and compared exactly as they are. Immutable.
 */
@CheckReturnValue
public final class TokenFormat {
    /** Which digits of a payment card number stay. */
    public enum Kept {
        /** None. */
        NOTHING,
        /** The last four. */
        LAST_FOUR,
        /** The first six and the last four, of numbers of at least 16 digits. */
        BIN_AND_LAST_FOUR
    }

    /** What tokens of payment card numbers are to Luhn's check (ISO/IEC 7812-1, annex B). */
    public enum Luhn {
        /** Tokens pass it, and look like card numbers to every program. Values must pass it. */
        VALID,
        /** Tokens fail it, and so can be told from card numbers. Values must pass it. */
        INVALID,
        /**
         * It is not looked at: every tenth token passes. Where the values are real card numbers, only a tenth of those that share
         * the parts that stay can occur: with BIN and last four 10^5, fewer than other formats need.
         */
        UNCHECKED
    }

    /** What becomes of the part of an e-mail address behind the at sign. */
    public enum EmailDomain {
        /** It stays. */
        KEPT,
        /** It is replaced, but for its last label. */
        REPLACED
    }

    /** Lowers what a format asks for. */
    public enum Option {
        /** Takes a format of 100 values and more to read tokens of old. It makes no new ones. */
        ALLOW_SMALL_DOMAIN_FOR_READING
    }

    private final Shape shape;
    private final boolean readOnly;

    private TokenFormat(Shape shape, Option... options) {
        this.shape = shape;
        readOnly = shape.free.size().compareTo(BigInteger.valueOf(Ff1.MIN_DOMAIN)) < 0;
        boolean allowed = Arrays.asList(options).contains(Option.ALLOW_SMALL_DOMAIN_FOR_READING);
        int least = allowed ? Ff1.MIN_LEGACY_DOMAIN : Ff1.MIN_DOMAIN;
        if (shape.free.size().compareTo(BigInteger.valueOf(least)) < 0) {
            throw new IllegalArgumentException(shape.name + ": " + shape.free.arithmetic() + ", that is "
                    + Shape.FreeValues.number(shape.free.size()) + ", and at least " + Shape.FreeValues.number(least)
                    + " are needed. Replace more, or use authenticated or one-way tokens"
                    + (allowed ? "" : "; tokens of old are read by ALLOW_SMALL_DOMAIN_FOR_READING"));
        }
    }

    /** Payment card numbers of 13 to 19 digits: the last four stay, and tokens fail Luhn's check. */
    public static TokenFormat paymentCard() {
        return paymentCard(Kept.LAST_FOUR, Luhn.INVALID);
    }

    /**
     * Payment card numbers of 13 to 19 digits, of at least 16 if the BIN stays. Spaces and hyphens between digits stay.
     *
     * @throws IllegalArgumentException if too few digits are free: BIN, last four and Luhn's check leave 10^5 values
     */
    public static TokenFormat paymentCard(Kept kept, Luhn luhn, Option... options) {
        return new TokenFormat(CardShape.of(kept, luhn), options);
    }

    /** US social security numbers that can be issued, with or without hyphens; so are their tokens. */
    public static TokenFormat ssn() {
        return new TokenFormat(new SsnShape());
    }

    /** Telephone numbers in E.164, such as {@code +49 30 1234567}: plus sign and country code stay. */
    public static TokenFormat phone() {
        return new TokenFormat(new PhoneShape());
    }

    /** E-mail addresses whose domain stays; of the local part letters and digits are replaced, at least four. */
    public static TokenFormat email() {
        return email(EmailDomain.KEPT);
    }

    /** E-mail addresses of ASCII characters: letters and digits are replaced, at least four; all others stay. */
    public static TokenFormat email(EmailDomain domain) {
        return new TokenFormat(new EmailShape(domain == EmailDomain.REPLACED));
    }

    /** International bank account numbers (ISO 13616) with valid check digits: country and letters stay. */
    public static TokenFormat iban() {
        return new TokenFormat(new IbanShape());
    }

    /** UUIDs in lower case (RFC 9562): version and variant stay. */
    public static TokenFormat uuid() {
        return new TokenFormat(new UuidShape());
    }

    /**
     * Days such as {@code 2026-11-26}; tokens are days of the same range.
     *
     * @throws IllegalArgumentException if the range has fewer than 1,000,000 days, which is 2738 years: see {@link #dateTime}
     *     and {@link Tokenizer.Builder#dateShift}
     */
    public static TokenFormat date(LocalDate first, LocalDate last, Option... options) {
        return new TokenFormat(DateShape.days(first, last), options);
    }

    /**
     * Times such as {@code 2026-11-26T10:05:11}, without a zone; tokens are times of the same range.
     *
     * @throws IllegalArgumentException if the range has fewer than 1,000,000 seconds
     */
    public static TokenFormat dateTime(LocalDateTime first, LocalDateTime last, Option... options) {
        return new TokenFormat(DateShape.seconds(first, last), options);
    }

    /** Six decimal digits and more. */
    public static TokenFormat digits() {
        return builder("digits", Alphabet.DIGITS).build();
    }

    /** Four letters and digits and more, of ASCII. */
    public static TokenFormat alphanumeric() {
        return builder("alphanumeric", Alphabet.ALPHANUMERIC).build();
    }

    /** Texts over an alphabet, of as many symbols as 1,000,000 values take, and more. */
    public static TokenFormat text(Alphabet alphabet) {
        return builder(alphabet).build();
    }

    /** Texts over an alphabet, of which parts stay. */
    public static Builder builder(Alphabet alphabet) {
        return builder("text", alphabet);
    }

    /**
     * A format by example, character by character:
     *
     * <ul>
     *   <li>{@code #} a symbol of the alphabet that is replaced,
     *   <li>{@code ?} a symbol of the alphabet that stays, and is bound to the token,
     *   <li>{@code %} a digit by Luhn's check over all other digits at {@code #} and {@code ?}; once at the most,
     *   <li><code>{n}</code> or <code>{least,most}</code> behind {@code #} or {@code ?}: so many; one may vary,
     *   <li>{@code \} takes the next character as it is; every other character stands for itself, and is no part of the value.
     * </ul>
     *
     * <p>So <code>AC-?{2}-#{7}%</code> takes {@code AC-17-12345675}.
     *
     * @throws IllegalArgumentException if the template is malformed, or too few values are free
     */
    public static TokenFormat template(String template, Alphabet alphabet, Option... options) {
        return new TokenFormat(new TemplateShape(template, alphabet), options);
    }

    /** The format's name, as it stands in messages and logs. */
    public String name() {
        return shape.name;
    }

    /** How many values share the parts that stay, in the smallest case. */
    public BigInteger domainSize() {
        return shape.free.size();
    }

    Shape shape() {
        return shape;
    }

    /** Whether so few values are free that it makes no new tokens. */
    boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public String toString() {
        return "TokenFormat[" + shape.name + ", " + shape.free.arithmetic()
                + (readOnly ? ", ALLOW_SMALL_DOMAIN_FOR_READING" : "") + "]";
    }

    private static Builder builder(String name, Alphabet alphabet) {
        return new Builder(name, alphabet);
    }

    /** Collects what stays of a text. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final String name;
        private final Alphabet alphabet;
        private int head;
        private int tail;
        private int least;
        private int most = Ff1.MAX_LENGTH;
        private String separators = "";
        private boolean keepsOthers;
        private Option[] options = {};

        private Builder(String name, Alphabet alphabet) {
            this.name = name;
            this.alphabet = alphabet;
        }

        /** So many symbols at the beginning stay, and are bound to the token. */
        public Builder keepHead(int symbols) {
            head = symbols;
            return this;
        }

        /** So many symbols at the end stay, and are bound to the token. */
        public Builder keepTail(int symbols) {
            tail = symbols;
            return this;
        }

        /** Characters that may stand between two symbols, stay there, and are no part of the value. */
        public Builder separators(String characters) {
            separators = characters;
            return this;
        }

        /** Whatever is not in the alphabet stays where it is, and is bound to the token. It is in the clear. */
        public Builder keepOthers() {
            keepsOthers = true;
            return this;
        }

        /** How many symbols a value has, kept ones included. */
        public Builder length(int leastSymbols, int mostSymbols) {
            least = leastSymbols;
            most = mostSymbols;
            return this;
        }

        /** Lowers what the format asks for. */
        public Builder options(Option... newOptions) {
            options = newOptions.clone();
            return this;
        }

        /**
         * Makes the format.
         *
         * @throws IllegalArgumentException if too few values are free, or lengths contradict each other
         */
        @CheckReturnValue
        public TokenFormat build() {
            requireLength(head);
            requireLength(tail);
            requireLength(least);
            requireLength(most);
            for (int point : separators.codePoints().toArray()) {
                if (alphabet.indexOf(point) >= 0 || Shape.isHalf(point)) {
                    throw new IllegalArgumentException(
                            name + ": a separator is a character, and no symbol of the alphabet");
                }
            }
            int free = least == 0 ? Ff1.minLength(alphabet.radix(), Ff1.MIN_DOMAIN) : Math.max(0, least - head - tail);
            int min = least == 0 ? head + tail + free : least;
            if (min > most) {
                throw new IllegalArgumentException(
                        name + ": at least " + min + " symbols are needed, but lengths end at " + most);
            }
            String why = head + tail == 0
                    ? "at least " + min + " symbols"
                    : "of at least " + min + " symbols " + head + " and " + tail + " stay";
            return new TokenFormat(
                    new TextShape(
                            name,
                            alphabet,
                            head,
                            tail,
                            min,
                            most,
                            separators,
                            keepsOthers,
                            Shape.FreeValues.power(alphabet.radix(), free, why)),
                    options);
        }

        private void requireLength(int length) {
            if (length < 0 || length > Ff1.MAX_LENGTH) {
                throw new IllegalArgumentException(name + ": lengths are from 0 to " + Ff1.MAX_LENGTH);
            }
        }
    }
}
