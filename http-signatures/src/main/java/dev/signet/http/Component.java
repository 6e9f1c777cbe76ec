// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.http.SfValue.SfBoolean;
import dev.signet.http.SfValue.SfString;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A part of an HTTP message that a signature can cover: a field or a derived component, with parameters (RFC 9421,
 * section 2). Immutable; equality ignores the order of parameters.
 */
public final class Component {
    /** {@code @method} (RFC 9421, 2.2.1). */
    public static final Component METHOD = derived("@method");
    /** {@code @target-uri}, the whole target URI (2.2.2). */
    public static final Component TARGET_URI = derived("@target-uri");
    /** {@code @authority}, host and port (2.2.3). */
    public static final Component AUTHORITY = derived("@authority");
    /** {@code @scheme} (2.2.4). */
    public static final Component SCHEME = derived("@scheme");
    /** {@code @request-target}, as on the request line (2.2.5). */
    public static final Component REQUEST_TARGET = derived("@request-target");
    /** {@code @path}, the absolute path (2.2.6). */
    public static final Component PATH = derived("@path");
    /** {@code @query}, the query with its question mark (2.2.7). */
    public static final Component QUERY = derived("@query");
    /** {@code @status} of a response (2.2.9). */
    public static final Component STATUS = derived("@status");
    /** The {@code content-digest} field (RFC 9530, 2), which binds the body. */
    public static final Component CONTENT_DIGEST = field("content-digest");

    private static final String QUERY_PARAM = "@query-param";
    private static final SfLimits IDENTIFIER_LIMITS = new SfLimits(4096, 16);

    /** Shared, so that the usual ones cost a verifier no allocation. */
    private static final Map<String, Component> COMMON = Stream.concat(
                    Stream.of(
                            METHOD, TARGET_URI, AUTHORITY, SCHEME, REQUEST_TARGET, PATH, QUERY, STATUS, CONTENT_DIGEST),
                    Stream.of(
                                    "content-type",
                                    "content-length",
                                    "content-encoding",
                                    "date",
                                    "authorization",
                                    "host",
                                    "idempotency-key",
                                    "accept",
                                    "cookie")
                            .map(Component::field))
            .collect(Collectors.toUnmodifiableMap(Component::name, Function.identity()));

    private final String name;
    private final boolean sf;
    private final boolean bs;
    private final boolean req;
    private final boolean tr;
    private final @Nullable String key;
    private final @Nullable String queryParam;
    private final String identifier;
    private final byte[] identifierBytes;

    private Component(
            String name,
            boolean sf,
            @Nullable String key,
            boolean bs,
            boolean req,
            boolean tr,
            @Nullable String queryParam,
            @Nullable String identifier) {
        this.name = name;
        this.sf = sf;
        this.key = key;
        this.bs = bs;
        this.req = req;
        this.tr = tr;
        this.queryParam = queryParam;
        checkCombination();
        this.identifier = identifier != null ? identifier : serialize();
        identifierBytes = this.identifier.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * A field.
     *
     * @param name in any case
     * @throws IllegalArgumentException if the name is no field name
     */
    public static Component field(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!isFieldName(lower)) {
            throw new IllegalArgumentException("not a field name");
        }
        return new Component(lower, false, null, false, false, false, null, null);
    }

    /**
     * One query parameter (RFC 9421, 2.2.8).
     *
     * @param name as plain text; it is percent-encoded here
     */
    public static Component queryParam(String name) {
        String encoded = QueryParams.encode(name.getBytes(StandardCharsets.UTF_8));
        return new Component(QUERY_PARAM, false, null, false, false, false, encoded, null);
    }

    /**
     * Reads a component identifier as it stands in a Signature-Input field, such as {@code "date";req}; the order of its
     * parameters is kept.
     *
     * @throws IllegalArgumentException naming the rule that is broken
     */
    public static Component parse(String identifier) {
        try {
            return parse(StructuredFields.parseItem(identifier, IDENTIFIER_LIMITS));
        } catch (SfException e) {
            throw new IllegalArgumentException(
                    "not a component identifier: " + e.rule() + " at character " + e.offset());
        } catch (ComponentException e) {
            throw new IllegalArgumentException(e.rule());
        }
    }

    /** The field's strict serialisation as a structured field (2.1.1). */
    public Component sf() {
        return new Component(name, true, key, bs, req, tr, queryParam, null);
    }

    /** One member of a dictionary field (2.1.2). */
    public Component key(String member) {
        return new Component(name, sf, member, bs, req, tr, queryParam, null);
    }

    /** The field's lines each as a byte sequence (2.1.3). */
    public Component bs() {
        return new Component(name, sf, key, true, req, tr, queryParam, null);
    }

    /** The same component of the request that a response answers (2.4). */
    public Component req() {
        return new Component(name, sf, key, bs, true, tr, queryParam, null);
    }

    /** The field from the trailers (2.1.4). */
    public Component tr() {
        return new Component(name, sf, key, bs, req, true, queryParam, null);
    }

    /** The lower-case field name, or a name that starts with {@code @}. */
    public String name() {
        return name;
    }

    /** Whether this is a derived component rather than a field. */
    public boolean isDerived() {
        return name.charAt(0) == '@';
    }

    /** Whether the request of a response is meant. */
    public boolean isOfRequest() {
        return req;
    }

    /** The member of a dictionary field, if one is meant. */
    public Optional<String> memberKey() {
        return Optional.ofNullable(key);
    }

    /** The component identifier as it stands in a signature base, such as {@code "date";req} (2.5). */
    public String identifier() {
        return identifier;
    }

    boolean isSf() {
        return sf;
    }

    boolean isBs() {
        return bs;
    }

    /** Whether a trailer field is meant. */
    public boolean isTrailer() {
        return tr;
    }

    @Nullable
    String keyOrNull() {
        return key;
    }

    @Nullable
    String queryParamName() {
        return queryParam;
    }

    byte[] identifierBytes() {
        return identifierBytes;
    }

    /** Reads an item of a list of covered components; the order of its parameters is kept for the signature base. */
    static Component parse(SfItem item) {
        if (!(item.value() instanceof SfString string)) {
            throw new ComponentException("a component identifier is a string (RFC 9421, 2)");
        }
        String name = string.value();
        SfParameters parameters = item.parameters();
        if (parameters.isEmpty()) {
            Component common = COMMON.get(name);
            if (common != null) {
                return common;
            }
        }
        if (!isDerivedName(name) && !isFieldName(name)) {
            throw new ComponentException("a component name is a lower-case field name or a known derived component");
        }
        if (parameters.hasDuplicates()) {
            throw new ComponentException("a component parameter comes twice");
        }
        boolean sf = false;
        boolean bs = false;
        boolean req = false;
        boolean tr = false;
        String key = null;
        String queryParam = null;
        for (int i = 0; i < parameters.size(); i++) {
            SfValue value = parameters.value(i);
            switch (parameters.key(i)) {
                case "sf" -> sf = flag(value);
                case "bs" -> bs = flag(value);
                case "req" -> req = flag(value);
                case "tr" -> tr = flag(value);
                case "key" -> key = text(value);
                case "name" -> queryParam = text(value);
                default -> throw new ComponentException("unknown component parameter (RFC 9421, 2.5)");
            }
        }
        try {
            return new Component(name, sf, key, bs, req, tr, queryParam, SfSerializer.serialize(item));
        } catch (IllegalArgumentException e) {
            throw new ComponentException(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Component that
                        && name.equals(that.name)
                        && sf == that.sf
                        && bs == that.bs
                        && req == that.req
                        && tr == that.tr
                        && Objects.equals(key, that.key)
                        && Objects.equals(queryParam, that.queryParam));
    }

    @Override
    public int hashCode() {
        int flags = (sf ? 1 : 0) | (bs ? 2 : 0) | (req ? 4 : 0) | (tr ? 8 : 0);
        return (name.hashCode() * 31 + flags) * 31 + Objects.hashCode(key) * 17 + Objects.hashCode(queryParam);
    }

    /** The identifier. */
    @Override
    public String toString() {
        return identifier;
    }

    private void checkCombination() {
        if (isDerived() && (sf || bs || tr || key != null)) {
            throw new IllegalArgumentException("a derived component takes no field parameters (RFC 9421, 2.2)");
        }
        if (bs && (sf || key != null)) {
            throw new IllegalArgumentException("bs excludes sf and key (RFC 9421, 2.1.3)");
        }
        if (name.equals(QUERY_PARAM) != (queryParam != null)) {
            throw new IllegalArgumentException("name belongs to @query-param (RFC 9421, 2.2.8)");
        }
        if (req && name.equals("@status")) {
            throw new IllegalArgumentException("a request has no @status (RFC 9421, 2.2.9)");
        }
        if (name.equals("set-cookie") && !bs) {
            // Cookies contain commas, so joined lines can be cut in several ways (RFC 9421, 7.5.6).
            throw new IllegalArgumentException("set-cookie is covered with bs only (RFC 9421, 7.5.6)");
        }
    }

    private String serialize() {
        SfParameters.Builder parameters = SfParameters.builder();
        if (sf) {
            parameters.put("sf", SfBoolean.TRUE);
        }
        if (key != null) {
            parameters.put("key", new SfString(key));
        }
        if (bs) {
            parameters.put("bs", SfBoolean.TRUE);
        }
        if (queryParam != null) {
            parameters.put("name", new SfString(queryParam));
        }
        if (req) {
            parameters.put("req", SfBoolean.TRUE);
        }
        if (tr) {
            parameters.put("tr", SfBoolean.TRUE);
        }
        return SfSerializer.serialize(new SfItem(new SfString(name), parameters.build()));
    }

    private static Component derived(String name) {
        return new Component(name, false, null, false, false, false, null, null);
    }

    private static boolean isDerivedName(String name) {
        return switch (name) {
            case "@method",
                    "@target-uri",
                    "@authority",
                    "@scheme",
                    "@request-target",
                    "@path",
                    "@query",
                    "@status",
                    QUERY_PARAM -> true;
            default -> false;
        };
    }

    /** RFC 9110, 5.1, without upper-case letters (RFC 9421, 2.1). */
    static boolean isFieldName(String name) {
        if (name.isEmpty()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            if (!ok) {
                return false;
            }
        }
        return true;
    }

    private static boolean flag(SfValue value) {
        if (value instanceof SfBoolean flag && flag.value()) {
            return true;
        }
        throw new ComponentException("a component flag is true or absent (RFC 9421, 2.1)");
    }

    private static String text(SfValue value) {
        if (value instanceof SfString string) {
            return string.value();
        }
        throw new ComponentException("a component parameter has another type than RFC 9421 gives it");
    }
}
