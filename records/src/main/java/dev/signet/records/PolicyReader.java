// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.records.RecordPolicy.Field;
import dev.signet.records.RecordPolicy.Mode;
import dev.signet.records.RecordPolicy.Rate;
import dev.signet.records.RecordPolicy.Rule;
import dev.signet.tokens.Access;
import dev.signet.tokens.Reveal;
import dev.signet.tokens.TokenDomain;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads policy files. Whatever is unknown, doubled, missing or contradictory is refused, with its place. */
final class PolicyReader {
    private static final int MAX_VALUES = 1_000_000_000;
    private static final int MAX_SECONDS = 31 * 86_400;

    /** The longest time of a rate. */
    static final Duration LONGEST_RATE = Duration.ofSeconds(MAX_SECONDS);

    private static final String VERSION_HINT =
            "; it is \"prefix\" for in front of the token, or a place of its own, as in {\"column\": \"card_version\"}";

    private static final Map<String, Reveal> REVEALS = reveals();

    private PolicyReader() {}

    static RecordPolicy parse(String name, byte[] bytes) {
        PolicyNode root = PolicyNode.parse(name, bytes);
        PolicyNode list = root.require("fields", "; it lists the columns or pointers to tokenize");
        Map<String, Rule> reveal =
                root.member("reveal").map(PolicyReader::rules).orElse(Map.of());
        root.refuseOthers();
        List<Field> fields = new ArrayList<>();
        for (PolicyNode node : list.array()) {
            Field field = field(node, reveal);
            if (!fields.isEmpty() && fields.get(0).isPointer() != field.isPointer()) {
                throw node.wrong("a policy has columns (for CSV) or pointers (for JSON Lines), not both");
            }
            fields.add(field);
        }
        requireApart(fields);
        return new RecordPolicy(fields, digest(bytes));
    }

    private static Field field(PolicyNode node, Map<String, Rule> reveal) {
        Optional<PolicyNode> column = node.member("column");
        Optional<PolicyNode> pointer = node.member("pointer");
        if (column.isPresent() == pointer.isPresent()) {
            throw node.wrong("a field has a 'column' (of CSV) or a 'pointer' (into JSON)"
                    + (column.isPresent() ? ", not both" : ""));
        }
        FieldTarget target = column.map(c -> FieldTarget.column(c.string())).orElseGet(() -> pointer(pointer.get()));
        TokenDomain domain = domain(node.require("domain", ", as in \"domain\": \"card-number\""));
        Mode mode = mode(node);
        FieldTarget version = version(node.require("version", VERSION_HINT), target);
        FieldTarget context = node.member("context").map(c -> place(c, target)).orElse(null);
        boolean optional = node.member("optional").map(PolicyNode::bool).orElse(false);
        boolean allowsTokens = node.member("allow-tokens").map(PolicyNode::bool).orElse(false);
        Map<String, Rule> own = node.member("reveal").map(PolicyReader::rules).orElse(reveal);
        node.refuseOthers();
        if (mode.needsContext() && context == null) {
            throw node.wrong("'context' is missing: dates are moved by person, so name the " + target.kind()
                    + " that says whose they are");
        }
        return new Field(node, target, domain, mode, version, context, optional, allowsTokens, own);
    }

    private static Mode mode(PolicyNode node) {
        Optional<PolicyNode> format = node.member("format");
        Optional<PolicyNode> mode = node.member("mode");
        if (format.isPresent() == mode.isPresent()) {
            throw node.wrong(
                    format.isPresent()
                            ? "'format' and 'mode' exclude each other"
                            : "a 'format' (such as payment-card) or a 'mode' (authenticated, one-way, date-shift) is missing");
        }
        return format.map(FieldFormats::ofFormat).orElseGet(() -> FieldFormats.ofMode(mode.get()));
    }

    // ---- places ----------------------------------------------------------------------------------------------------

    private static FieldTarget pointer(PolicyNode node) {
        String text = node.string();
        try {
            return FieldTarget.pointer(text);
        } catch (IllegalArgumentException e) {
            throw node.wrong(String.valueOf(e.getMessage()));
        }
    }

    /** A place of the same kind as the field's. */
    private static FieldTarget place(PolicyNode node, FieldTarget field) {
        return field.isPointer() ? pointer(node) : FieldTarget.column(node.string());
    }

    private static @Nullable FieldTarget version(PolicyNode node, FieldTarget field) {
        if (!node.isObject()) {
            if (!node.string().equals("prefix")) {
                throw node.wrong("'" + node.string() + "' is no place for the version" + VERSION_HINT);
            }
            return null;
        }
        FieldTarget place = place(node.require(field.kind(), VERSION_HINT), field);
        node.refuseOthers();
        if (field.isPointer() && !place.isBeside(field)) {
            throw node.wrong("the version stands beside the token, in the same object");
        }
        return place;
    }

    /**
     * No two fields, versions and contexts may be about one place. Versions neither: of two tokens with one version between them
     * the one that is moved to a new key first takes the version with it, and the other is read by the wrong key from then on.
     */
    private static void requireApart(List<Field> fields) {
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            for (Field other : fields) {
                if (other != field && field.target.isWithin(other.target)) {
                    throw field.node.wrong(
                            "the " + other.target.kind() + " '" + other.name() + "' is tokenized by another field");
                }
                FieldTarget version = other.version;
                if (other != field && version != null && field.version != null && overlap(version, field.version)) {
                    throw field.node.wrong("the version of '" + other.name() + "' stands in '" + version.text()
                            + "' too; each field needs a version of its own, since tokens move to new keys"
                            + " one by one");
                }
                if (version != null && overlap(version, field.target)) {
                    throw other.node.wrong("the version would stand in '" + field.name() + "', which is tokenized");
                }
                FieldTarget context = other.context;
                if (context != null && overlap(context, field.target)) {
                    throw other.node.wrong("the context '" + context.text()
                            + "' is tokenized itself, so that tokens could not be read again; take one that stays");
                }
                if (context != null && field.version != null && overlap(context, field.version)) {
                    throw other.node.wrong("the context '" + context.text() + "' is where a version goes");
                }
            }
        }
    }

    private static boolean overlap(FieldTarget one, FieldTarget other) {
        return one.isWithin(other) || other.isWithin(one);
    }

    // ---- domains and purposes --------------------------------------------------------------------------------------

    private static TokenDomain domain(PolicyNode node) {
        if (!node.isObject()) {
            return named(node, TokenDomain::of);
        }
        TokenDomain domain = named(node.require("name", ""), TokenDomain::of);
        Map<String, BiFunction<TokenDomain, String, TokenDomain>> parts = new LinkedHashMap<>();
        parts.put("tenant", TokenDomain::withTenant);
        parts.put("purpose", TokenDomain::withPurpose);
        parts.put("recipient", TokenDomain::withRecipient);
        for (Map.Entry<String, BiFunction<TokenDomain, String, TokenDomain>> part : parts.entrySet()) {
            Optional<PolicyNode> given = node.member(part.getKey());
            if (given.isPresent()) {
                TokenDomain wider = domain;
                domain = named(given.get(), name -> part.getValue().apply(wider, name));
            }
        }
        node.refuseOthers();
        return domain;
    }

    private static TokenDomain named(PolicyNode node, Function<String, TokenDomain> step) {
        String text = node.string();
        try {
            return step.apply(text);
        } catch (IllegalArgumentException e) {
            throw node.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Rule> rules(PolicyNode node) {
        Map<String, Rule> rules = new LinkedHashMap<>();
        node.members().forEach((purpose, rule) -> {
            requireName(rule, purpose);
            rules.put(purpose, rule(rule));
        });
        return rules;
    }

    private static Rule rule(PolicyNode node) {
        if (!node.isObject()) {
            return new Rule(node, node.choice("reveal", REVEALS), Set.of(), null);
        }
        Reveal reveal = node.require("show", "; it is " + String.join(", ", REVEALS.keySet()))
                .choice("reveal", REVEALS);
        Set<String> callers = new LinkedHashSet<>();
        node.member("callers").ifPresent(list -> {
            for (PolicyNode caller : list.array()) {
                requireName(caller, caller.string());
                if (!callers.add(caller.string())) {
                    throw caller.wrong("'" + caller.string() + "' stands twice");
                }
            }
        });
        Optional<PolicyNode> rate = node.member("rate");
        Optional<PolicyNode> high = node.member("allow-rate");
        node.refuseOthers();
        if (rate.isPresent() && high.isPresent()) {
            throw node.wrong("'rate' and 'allow-rate' exclude each other");
        }
        return new Rule(
                node,
                reveal,
                callers,
                rate.map(r -> rate(r, false))
                        .or(() -> high.map(r -> rate(r, true)))
                        .orElse(null));
    }

    private static Rate rate(PolicyNode node, boolean mayBeHigh) {
        String hint = ", as in {\"values\": 500, \"seconds\": 60}";
        int values = node.require("values", hint).integer(1, MAX_VALUES);
        int seconds = node.require("seconds", hint).integer(1, MAX_SECONDS);
        node.refuseOthers();
        return new Rate(node, values, Duration.ofSeconds(seconds), mayBeHigh);
    }

    private static void requireName(PolicyNode node, String name) {
        try {
            Access.by(name).forPurpose(name);
        } catch (IllegalArgumentException e) {
            throw node.wrong("a name has 1 to 256 printable ASCII characters");
        }
    }

    private static Map<String, Reveal> reveals() {
        Map<String, Reveal> reveals = new LinkedHashMap<>();
        reveals.put("clear", Reveal.CLEAR);
        reveals.put("partial", Reveal.PARTIAL);
        reveals.put("masked", Reveal.MASKED);
        reveals.put("token", Reveal.TOKEN);
        return reveals;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
