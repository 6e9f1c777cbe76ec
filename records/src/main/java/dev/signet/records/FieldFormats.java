// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.records.RecordPolicy.Mode;
import dev.signet.tokens.Alphabet;
import dev.signet.tokens.TokenFormat;
import dev.signet.tokens.Tokenizer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The formats and modes that a policy file can name, with their options. */
final class FieldFormats {
    private static final Map<String, Function<PolicyNode, TokenFormat>> FORMATS = formats();
    private static final Map<String, Function<PolicyNode, Mode>> MODES = modes();

    private static final Map<String, TokenFormat.Kept> KEPT = ordered(
            "nothing",
            TokenFormat.Kept.NOTHING,
            "last-four",
            TokenFormat.Kept.LAST_FOUR,
            "bin-and-last-four",
            TokenFormat.Kept.BIN_AND_LAST_FOUR);
    private static final Map<String, TokenFormat.Luhn> LUHN = ordered(
            "valid",
            TokenFormat.Luhn.VALID,
            "invalid",
            TokenFormat.Luhn.INVALID,
            "unchecked",
            TokenFormat.Luhn.UNCHECKED);
    private static final Map<String, TokenFormat.EmailDomain> EMAIL_DOMAIN =
            ordered("kept", TokenFormat.EmailDomain.KEPT, "replaced", TokenFormat.EmailDomain.REPLACED);
    private static final Map<String, Alphabet> ALPHABETS = ordered(
            "digits",
            Alphabet.DIGITS,
            "lower-case-alphanumeric",
            Alphabet.LOWER_CASE_ALPHANUMERIC,
            "alphanumeric",
            Alphabet.ALPHANUMERIC);

    private static final String SMALL_DOMAIN = "allow-small-domain-for-reading";

    private FieldFormats() {}

    /** The mode that a format is: its name, or an object with the name and options. */
    static Mode ofFormat(PolicyNode node) {
        TokenFormat format = named(node, "format", FORMATS);
        String symbols = symbols(node);
        return new Mode(
                true,
                false,
                node.isObject()
                        && node.member(SMALL_DOMAIN).map(PolicyNode::bool).orElse(false),
                symbols.chars().allMatch(c -> c < 0x80),
                symbols,
                builder -> builder.formatPreserving(format));
    }

    /** The symbols that a format was given. */
    private static String symbols(PolicyNode format) {
        return format.isObject()
                ? format.member("alphabet")
                        .filter(PolicyNode::isObject)
                        .map(alphabet -> alphabet.require("symbols", "").string())
                        .orElse("")
                : "";
    }

    /** A mode: its name, or an object with the name and options. */
    static Mode ofMode(PolicyNode node) {
        return named(node, "mode", MODES);
    }

    private static <T> T named(PolicyNode node, String what, Map<String, Function<PolicyNode, T>> known) {
        try {
            if (node.isString()) {
                return node.choice(what, known).apply(node.withoutMembers());
            }
            T made = node.require("name", "").choice(what, known).apply(node);
            node.refuseOthers();
            return made;
        } catch (PolicyNode.Wrong e) {
            throw e;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw node.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Function<PolicyNode, TokenFormat>> formats() {
        Map<String, Function<PolicyNode, TokenFormat>> formats = new LinkedHashMap<>();
        formats.put("payment-card", FieldFormats::paymentCard);
        formats.put("ssn", node -> TokenFormat.ssn());
        formats.put("phone", node -> TokenFormat.phone());
        formats.put(
                "email",
                node -> node.member("domain")
                        .map(domain -> TokenFormat.email(domain.choice("choice", EMAIL_DOMAIN)))
                        .orElseGet(TokenFormat::email));
        formats.put("iban", node -> TokenFormat.iban());
        formats.put("uuid", node -> TokenFormat.uuid());
        formats.put(
                "date",
                node -> TokenFormat.date(
                        LocalDate.parse(required(node, "first", "2026-11-26")),
                        LocalDate.parse(required(node, "last", "2026-11-26")),
                        options(node)));
        formats.put(
                "date-time",
                node -> TokenFormat.dateTime(
                        LocalDateTime.parse(required(node, "first", "2026-11-26T00:00:00")),
                        LocalDateTime.parse(required(node, "last", "2026-11-26T23:59:59")),
                        options(node)));
        formats.put("digits", node -> TokenFormat.digits());
        formats.put("alphanumeric", node -> TokenFormat.alphanumeric());
        formats.put("text", node -> TokenFormat.text(alphabet(node)));
        formats.put(
                "template",
                node -> TokenFormat.template(required(node, "template", "..."), alphabet(node), options(node)));
        return formats;
    }

    private static Map<String, Function<PolicyNode, Mode>> modes() {
        Map<String, Function<PolicyNode, Mode>> modes = new LinkedHashMap<>();
        modes.put("authenticated", node -> mode(true, false, Tokenizer.Builder::authenticated));
        modes.put("one-way", node -> mode(false, false, Tokenizer.Builder::oneWay));
        modes.put("date-shift", node -> {
            int days = node.require("max-days", ", as in {\"name\": \"date-shift\", \"max-days\": 365}")
                    .integer(30, 999_999);
            return mode(true, true, builder -> builder.dateShift(days));
        });
        return modes;
    }

    private static Mode mode(boolean isReversible, boolean needsContext, Function<Tokenizer.Builder, Tokenizer> build) {
        return new Mode(isReversible, needsContext, false, false, "", build);
    }

    private static TokenFormat paymentCard(PolicyNode node) {
        TokenFormat.Kept kept =
                node.member("keep").map(keep -> keep.choice("choice", KEPT)).orElse(null);
        TokenFormat.Luhn luhn =
                node.member("luhn").map(check -> check.choice("choice", LUHN)).orElse(null);
        TokenFormat.Option[] options = options(node);
        if (kept == null && luhn == null && options.length == 0) {
            return TokenFormat.paymentCard();
        }
        if (kept == null || luhn == null) {
            throw node.wrong("a payment card with options needs 'keep' (" + String.join(", ", KEPT.keySet())
                    + ") and 'luhn' (" + String.join(", ", LUHN.keySet()) + ")");
        }
        return TokenFormat.paymentCard(kept, luhn, options);
    }

    private static String required(PolicyNode node, String name, String example) {
        return node.require(name, ", as in \"" + name + "\": \"" + example + "\"")
                .string();
    }

    private static Alphabet alphabet(PolicyNode node) {
        PolicyNode alphabet = node.require(
                "alphabet", "; it is " + String.join(", ", ALPHABETS.keySet()) + " or {\"symbols\": \"...\"}");
        if (alphabet.isString()) {
            return alphabet.choice("alphabet", ALPHABETS);
        }
        PolicyNode symbols = alphabet.require("symbols", "");
        alphabet.refuseOthers();
        String text = symbols.string();
        try {
            return Alphabet.of(text);
        } catch (IllegalArgumentException e) {
            throw symbols.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static TokenFormat.Option[] options(PolicyNode node) {
        boolean small = node.member(SMALL_DOMAIN).map(PolicyNode::bool).orElse(false);
        return small
                ? new TokenFormat.Option[] {TokenFormat.Option.ALLOW_SMALL_DOMAIN_FOR_READING}
                : new TokenFormat.Option[0];
    }

    private static <T> Map<String, T> ordered(Object... pairs) {
        Map<String, T> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            @SuppressWarnings("unchecked") // all calls are in this class
            T value = (T) pairs[i + 1];
            map.put((String) pairs[i], value);
        }
        return map;
    }
}
