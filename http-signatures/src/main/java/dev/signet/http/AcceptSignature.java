// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecurityPolicy;
import dev.signet.http.SfValue.SfBoolean;
import dev.signet.http.SfValue.SfString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request for a signature, as the Accept-Signature field makes it (RFC 9421, 5.1). A sender writes it by {@link #builder}
 * and {@link #fieldValue}; a receiver reads it by {@link #parse} and answers by {@link HttpSigner#answering}. Immutable.
 *
 * <pre>{@code
 * AcceptSignature wanted = AcceptSignature.builder("sig1", Component.METHOD, Component.TARGET_URI)
 *         .created()
 *         .build();
 * String field = AcceptSignature.fieldValue(List.of(wanted)); // Accept-Signature of the server's answer
 *
 * AcceptSignature received = AcceptSignature.parse(List.of(field)).get(0); // and on the client's side
 * HttpSigner signer = HttpSigner.builder(key).build().answering(received);
 * }</pre>
 *
 * <p><b>Security properties.</b> A request for a signature is anybody's word. {@link HttpSigner#answering} covers more
 * for it, never less, and takes over a tag or nonce only where the signer allows it.
 */
@CheckReturnValue
public final class AcceptSignature {
    private final String label;
    private final List<Component> components;
    private final boolean created;
    private final boolean expires;
    private final @Nullable String nonce;
    private final @Nullable String alg;
    private final @Nullable String keyId;
    private final @Nullable String tag;

    private AcceptSignature(Builder builder) {
        label = builder.label;
        components = List.copyOf(builder.components);
        created = builder.created;
        expires = builder.expires;
        nonce = builder.nonce;
        alg = builder.alg;
        keyId = builder.keyId;
        tag = builder.tag;
    }

    /** Starts a request for a signature over components of the message to come, under a label. */
    public static Builder builder(String label, Component... components) {
        return new Builder(label, List.of(components));
    }

    /**
     * Reads the field within the limits of {@link SecurityPolicy#recommended2026()}.
     *
     * @throws InvalidMessageException if it is malformed
     */
    public static List<AcceptSignature> parse(List<String> fieldLines) {
        return parse(fieldLines, SecurityPolicy.recommended2026());
    }

    /**
     * Reads the field within a policy's limits.
     *
     * @throws InvalidMessageException if it is malformed
     */
    public static List<AcceptSignature> parse(List<String> fieldLines, SecurityPolicy policy) {
        SfDictionary dictionary;
        try {
            dictionary = StructuredFields.parseDictionary(fieldLines, HttpVerifier.sfLimits(policy.limits()));
        } catch (SfException e) {
            throw FieldValues.invalid("accept-signature", e);
        }
        if (dictionary.hasDuplicates()) {
            throw InvalidMessageException.malformed("field accept-signature: a label comes twice");
        }
        List<AcceptSignature> wanted = new ArrayList<>();
        for (int i = 0; i < dictionary.size(); i++) {
            try {
                wanted.add(parse(dictionary.key(i), dictionary.value(i)));
            } catch (ComponentException e) {
                throw InvalidMessageException.malformed("field accept-signature: " + e.rule());
            }
        }
        return List.copyOf(wanted);
    }

    /** Writes the field. */
    public static String fieldValue(List<AcceptSignature> wanted) {
        SfDictionary.Builder dictionary = SfDictionary.builder();
        for (AcceptSignature signature : wanted) {
            dictionary.put(signature.label, signature.toMember());
        }
        SfDictionary built = dictionary.build();
        if (built.size() != wanted.size()) {
            throw new IllegalArgumentException("a label comes twice");
        }
        return SfSerializer.serialize(built);
    }

    /** The label that the signature shall have. */
    public String label() {
        return label;
    }

    /** The components that shall be covered. */
    public List<Component> components() {
        return components;
    }

    /** Whether a creation time is wanted. */
    public boolean isCreatedWanted() {
        return created;
    }

    /** Whether an expiry time is wanted. */
    public boolean isExpiresWanted() {
        return expires;
    }

    /** The nonce that the signature shall carry. */
    public Optional<String> nonce() {
        return Optional.ofNullable(nonce);
    }

    /** The RFC 9421 name of the algorithm that is wanted. */
    public Optional<String> alg() {
        return Optional.ofNullable(alg);
    }

    /** The key that is wanted. */
    public Optional<String> keyId() {
        return Optional.ofNullable(keyId);
    }

    /** The tag that is wanted. */
    public Optional<String> tag() {
        return Optional.ofNullable(tag);
    }

    @Override
    public String toString() {
        return "AcceptSignature[" + label + ", " + components + "]";
    }

    private static AcceptSignature parse(String label, SfMember member) {
        if (!(member instanceof SfInnerList list)) {
            throw new ComponentException("the wanted components are an inner list (RFC 9421, 5.1)");
        }
        if (list.parameters().hasDuplicates()) {
            throw new ComponentException("a signature parameter comes twice");
        }
        List<Component> components = new ArrayList<>();
        for (SfItem item : list.items()) {
            Component component = Component.parse(item);
            if (components.contains(component)) {
                throw new ComponentException("a component comes twice");
            }
            components.add(component);
        }
        Builder builder = new Builder(label, components);
        SfParameters parameters = list.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            SfValue value = parameters.value(i);
            switch (parameters.key(i)) {
                case "created" -> builder.created = isTrue(value);
                case "expires" -> builder.expires = isTrue(value);
                case "nonce" -> builder.nonce = text(value);
                case "alg" -> builder.alg = text(value);
                case "keyid" -> builder.keyId = text(value);
                case "tag" -> builder.tag = text(value);
                default -> {
                    // RFC 9421, 5.1 leaves room for extension parameters; one that is not understood asks for nothing.
                }
            }
        }
        return new AcceptSignature(builder);
    }

    private SfInnerList toMember() {
        List<SfItem> items = new ArrayList<>();
        for (Component component : components) {
            items.add(StructuredFields.parseItem(component.identifier(), new SfLimits(1024, 16)));
        }
        SfParameters.Builder parameters = SfParameters.builder();
        if (created) {
            parameters.put("created", SfBoolean.TRUE);
        }
        if (expires) {
            parameters.put("expires", SfBoolean.TRUE);
        }
        put(parameters, "nonce", nonce);
        put(parameters, "alg", alg);
        put(parameters, "keyid", keyId);
        put(parameters, "tag", tag);
        return new SfInnerList(items, parameters.build());
    }

    private static void put(SfParameters.Builder parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, new SfString(value));
        }
    }

    private static boolean isTrue(SfValue value) {
        if (value instanceof SfBoolean flag) {
            return flag.value();
        }
        throw new ComponentException("created and expires are wanted by a boolean (RFC 9421, 5.1)");
    }

    private static String text(SfValue value) {
        if (value instanceof SfString string) {
            return string.value();
        }
        throw new ComponentException("a signature parameter is no string (RFC 9421, 5.1)");
    }

    /** Collects what is optional. Not thread-safe. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final String label;
        private final List<Component> components;
        private boolean created;
        private boolean expires;
        private @Nullable String nonce;
        private @Nullable String alg;
        private @Nullable String keyId;
        private @Nullable String tag;

        private Builder(String label, List<Component> components) {
            SfSerializer.appendKey(new StringBuilder(), label);
            this.label = label;
            this.components = components;
        }

        /** Wants a creation time. */
        public Builder created() {
            created = true;
            return this;
        }

        /** Wants an expiry time. */
        public Builder expires() {
            expires = true;
            return this;
        }

        /** Wants this nonce. */
        public Builder nonce(String value) {
            nonce = value;
            return this;
        }

        /** Wants the algorithm of this RFC 9421 name. */
        public Builder alg(String name) {
            alg = name;
            return this;
        }

        /** Wants a signature by this key. */
        public Builder keyId(String id) {
            keyId = id;
            return this;
        }

        /** Wants this tag. */
        public Builder tag(String value) {
            tag = value;
            return this;
        }

        /** The request for a signature. */
        @CheckReturnValue
        public AcceptSignature build() {
            return new AcceptSignature(this);
        }
    }
}
