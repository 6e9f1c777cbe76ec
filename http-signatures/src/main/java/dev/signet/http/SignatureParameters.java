// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.InvalidMessageException;
import dev.signet.http.SfValue.SfBoolean;
import dev.signet.http.SfValue.SfInteger;
import dev.signet.http.SfValue.SfString;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one signature covers and says of itself: the covered components and the signature parameters (RFC 9421, 2.3).
 * Immutable. Obtained from {@link VerifiedSignature}, or before that from {@link HttpVerifier#unverifiedSignatures}.
 */
@CheckReturnValue
public final class SignatureParameters {
    /** A signature parameter that RFC 9421, 2.3 registers. */
    public enum Name {
        /** Creation time, in seconds since 1970. */
        CREATED("created"),
        /** Expiry time, in seconds since 1970. */
        EXPIRES("expires"),
        /** A value that is unique among the key's messages. */
        NONCE("nonce"),
        /** The algorithm's name in the HTTP Signature Algorithms registry. */
        ALG("alg"),
        /** The key's id. */
        KEYID("keyid"),
        /** The application that the signature is made for. */
        TAG("tag");

        private final String text;

        Name(String text) {
            this.text = text;
        }

        /** The name as it stands in the Signature-Input field. */
        public String text() {
            return text;
        }
    }

    private final List<Component> components;
    private final SfParameters parameters;
    private final byte @Nullable [] serializedList;
    private final long created;
    private final long expires;
    private final @Nullable String nonce;
    private final @Nullable String alg;
    private final @Nullable String keyId;
    private final @Nullable String tag;

    private SignatureParameters(List<Component> components, SfParameters parameters, byte @Nullable [] serializedList) {
        this.components = components;
        this.parameters = parameters;
        this.serializedList = serializedList;
        created = time(Name.CREATED);
        expires = time(Name.EXPIRES);
        nonce = text(Name.NONCE);
        alg = text(Name.ALG);
        keyId = text(Name.KEYID);
        tag = text(Name.TAG);
        if (nonce != null && nonce.isEmpty()) {
            throw new ComponentException("the nonce is empty");
        }
        if (created >= 0 && expires >= 0 && expires < created) {
            throw new ComponentException("the signature expires before it is created");
        }
    }

    static SignatureParameters of(List<Component> components, SfParameters parameters) {
        return new SignatureParameters(List.copyOf(components), parameters, null);
    }

    /** Reads a member of the Signature-Input dictionary. */
    static SignatureParameters parse(SfMember member, ComponentLists known) {
        return parse(member, known, Integer.MAX_VALUE);
    }

    /**
     * Reads a member of the Signature-Input dictionary.
     *
     * @throws InvalidMessageException if it covers more components than this
     */
    static SignatureParameters parse(SfMember member, ComponentLists known, int maxComponents) {
        if (!(member instanceof SfInnerList list)) {
            throw new ComponentException("the covered components are an inner list (RFC 9421, 4.1)");
        }
        if (list.parameters().hasDuplicates()) {
            throw new ComponentException("a signature parameter comes twice");
        }
        List<SfItem> items = list.items();
        if (items.size() > maxComponents) {
            throw InvalidMessageException.tooLarge("a signature covers more components than the policy allows");
        }
        ComponentLists.Entry entry = known.of(items);
        if (entry != null) {
            return new SignatureParameters(entry.components(), list.parameters(), entry.bytes());
        }
        Component[] components = new Component[items.size()];
        for (int i = 0; i < components.length; i++) {
            components[i] = Component.parse(items.get(i));
        }
        checkDistinct(components);
        return new SignatureParameters(List.of(components), list.parameters(), null);
    }

    /** The covered components, in the order of the signature base. */
    public List<Component> components() {
        return components;
    }

    /** When the signature was made. */
    public Optional<Instant> created() {
        return created < 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(created));
    }

    /** When the signature ceases to be valid. */
    public Optional<Instant> expires() {
        return expires < 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(expires));
    }

    /** The nonce. */
    public Optional<String> nonce() {
        return Optional.ofNullable(nonce);
    }

    /** The algorithm's name; it was compared with the key's algorithm, and decides nothing. */
    public Optional<String> alg() {
        return Optional.ofNullable(alg);
    }

    /** The key's id. */
    public Optional<String> keyId() {
        return Optional.ofNullable(keyId);
    }

    /** The application's tag. */
    public Optional<String> tag() {
        return Optional.ofNullable(tag);
    }

    /** An extension parameter's serialised value, such as {@code "text"} with its quotes, {@code 12} or {@code ?1}. */
    public Optional<String> extension(String name) {
        SfValue value = parameters.get(name);
        return value == null ? Optional.empty() : Optional.of(SfSerializer.serialize(new SfItem(value)));
    }

    /** The covered components' identifiers; no values. */
    @Override
    public String toString() {
        return "SignatureParameters" + components;
    }

    boolean has(String name) {
        return parameters.contains(name);
    }

    /** Seconds, or -1. */
    long createdSecond() {
        return created;
    }

    /** Seconds, or -1. */
    long expiresSecond() {
        return expires;
    }

    @Nullable
    String nonceOrNull() {
        return nonce;
    }

    @Nullable
    String algOrNull() {
        return alg;
    }

    @Nullable
    String keyIdOrNull() {
        return keyId;
    }

    @Nullable
    String tagOrNull() {
        return tag;
    }

    /** The value of {@code @signature-params}: the strict serialisation (RFC 9421, 2.3). */
    void appendTo(AsciiBuffer out) {
        if (serializedList != null) {
            out.append(serializedList);
        } else {
            appendList(out, components);
        }
        for (int i = 0; i < parameters.size(); i++) {
            SfValue value = parameters.value(i);
            out.append(';').append(parameters.key(i));
            if (value instanceof SfInteger integer && integer.value() >= 0) {
                out.append('=').append(integer.value());
            } else if (value instanceof SfString string
                    && string.value().indexOf('"') < 0
                    && string.value().indexOf('\\') < 0) {
                out.append('=').append('"').append(string.value()).append('"');
            } else if (!value.equals(SfBoolean.TRUE)) {
                out.append('=').append(SfSerializer.serialize(new SfItem(value)));
            }
        }
    }

    static void appendList(AsciiBuffer out, List<Component> components) {
        out.append('(');
        for (int i = 0; i < components.size(); i++) {
            if (i > 0) {
                out.append(' ');
            }
            out.append(components.get(i).identifierBytes());
        }
        out.append(')');
    }

    /** Whether the list came from {@link ComponentLists}. */
    boolean isKnownList() {
        return serializedList != null;
    }

    private long time(Name name) {
        SfValue value = parameters.get(name.text);
        if (value == null) {
            return -1;
        }
        if (value instanceof SfInteger integer && integer.value() >= 0) {
            return integer.value();
        }
        throw new ComponentException("parameter " + name.text + " is no point in time (RFC 9421, 2.3)");
    }

    private @Nullable String text(Name name) {
        SfValue value = parameters.get(name.text);
        if (value == null) {
            return null;
        }
        if (value instanceof SfString string) {
            return string.value();
        }
        throw new ComponentException("parameter " + name.text + " is no string (RFC 9421, 2.3)");
    }

    private static void checkDistinct(Component[] components) {
        // A scan is quicker for the usual handful; the policy bounds the number.
        if (components.length <= 16) {
            for (int i = 1; i < components.length; i++) {
                for (int k = 0; k < i; k++) {
                    if (components[i].equals(components[k])) {
                        throw new ComponentException("a component is covered twice (RFC 9421, 2)");
                    }
                }
            }
        } else if (new HashSet<>(List.of(components)).size() != components.length) {
            throw new ComponentException("a component is covered twice (RFC 9421, 2)");
        }
    }

    static Set<String> registered() {
        Set<String> names = new HashSet<>();
        for (Name name : Name.values()) {
            names.add(name.text);
        }
        return names;
    }
}
