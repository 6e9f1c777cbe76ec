// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Objects;

/**
 * Bounds that hold before any cryptography, in groups by what they bound: bodies, fields and signatures, JSON, tokens, XML.
 *
 * <pre>{@code
 * Limits limits = Limits.recommended2026().withMaxBodyBytes(50L << 20); // 50 MiB
 * SecurityPolicy policy = SecurityPolicy.recommended2026().withLimits(limits);
 * }</pre>
 *
 * <p>A message over one of them is an {@link InvalidMessageException} whose {@link InvalidMessageException#isTooLarge()} is true. A
 * bound is positive; anything else is an {@link IllegalArgumentException}. Immutable; every {@code with…} gives a new object.
 */
@CheckReturnValue
public final class Limits {
    private enum Bound implements Bounds.Name {
        // Bodies.
        MAX_BODY_BYTES(10L << 20),
        MAX_BODY_BYTES_IN_MEMORY(256 << 10),
        // Fields and signatures.
        MAX_FIELD_BYTES(16 << 10),
        MAX_SIGNATURES(8),
        MAX_COMPONENTS(64),
        MAX_KEY_ID_LENGTH(256),
        MAX_NONCE_LENGTH(256),
        // JSON.
        MAX_JSON_BYTES(1 << 20),
        MAX_JSON_DEPTH(32),
        MAX_JSON_MEMBERS(10_000),
        // Tokens.
        MAX_TOKEN_BYTES(16 << 10),
        MAX_INFLATED_BYTES(250_000),
        MAX_INFLATION_RATIO(100);

        private final long recommended2026;

        Bound(long recommended2026) {
            this.recommended2026 = recommended2026;
        }

        @Override
        public long recommended2026() {
            return recommended2026;
        }
    }

    private static final Limits RECOMMENDED_2026 =
            new Limits(Bounds.recommended2026(Bound.values()), XmlLimits.recommended2026());

    private final Bounds bounds;
    private final XmlLimits xml;

    private Limits(Bounds bounds, XmlLimits xml) {
        this.bounds = bounds;
        this.xml = xml;
    }

    /** 10 MiB bodies, 256 KiB of them in memory, 16 KiB fields, 8 signatures of 64 components, 1 MiB of JSON, 16 KiB tokens. */
    public static Limits recommended2026() {
        return RECOMMENDED_2026;
    }

    /** Bytes of a message body, before which reading stops. */
    public long maxBodyBytes() {
        return bounds.get(Bound.MAX_BODY_BYTES);
    }

    /** These with another {@link #maxBodyBytes()}. */
    public Limits withMaxBodyBytes(long bytes) {
        return with(Bound.MAX_BODY_BYTES, bytes);
    }

    /** Bytes of a body kept in memory; a longer one is spooled to a temporary file. */
    public int maxBodyBytesInMemory() {
        return bounds.getInt(Bound.MAX_BODY_BYTES_IN_MEMORY);
    }

    /** These with another {@link #maxBodyBytesInMemory()}. */
    public Limits withMaxBodyBytesInMemory(int bytes) {
        return with(Bound.MAX_BODY_BYTES_IN_MEMORY, bytes);
    }

    /** Bytes of one HTTP field value, all its lines combined, of a request target, or of one JOSE header. */
    public int maxFieldBytes() {
        return bounds.getInt(Bound.MAX_FIELD_BYTES);
    }

    /** These with another {@link #maxFieldBytes()}. */
    public Limits withMaxFieldBytes(int bytes) {
        return with(Bound.MAX_FIELD_BYTES, bytes);
    }

    /** Signatures that one message may carry, or recipients that it may have. */
    public int maxSignatures() {
        return bounds.getInt(Bound.MAX_SIGNATURES);
    }

    /** These with another {@link #maxSignatures()}. */
    public Limits withMaxSignatures(int signatures) {
        return with(Bound.MAX_SIGNATURES, signatures);
    }

    /** Components that one signature may cover. */
    public int maxComponents() {
        return bounds.getInt(Bound.MAX_COMPONENTS);
    }

    /** These with another {@link #maxComponents()}. */
    public Limits withMaxComponents(int components) {
        return with(Bound.MAX_COMPONENTS, components);
    }

    /** Characters of a key id in a message. */
    public int maxKeyIdLength() {
        return bounds.getInt(Bound.MAX_KEY_ID_LENGTH);
    }

    /** These with another {@link #maxKeyIdLength()}. */
    public Limits withMaxKeyIdLength(int characters) {
        return with(Bound.MAX_KEY_ID_LENGTH, characters);
    }

    /** Characters of a nonce in a message. */
    public int maxNonceLength() {
        return bounds.getInt(Bound.MAX_NONCE_LENGTH);
    }

    /** These with another {@link #maxNonceLength()}. */
    public Limits withMaxNonceLength(int characters) {
        return with(Bound.MAX_NONCE_LENGTH, characters);
    }

    /** Bytes of a JSON document such as a keyset. */
    public int maxJsonBytes() {
        return bounds.getInt(Bound.MAX_JSON_BYTES);
    }

    /** These with another {@link #maxJsonBytes()}. */
    public Limits withMaxJsonBytes(int bytes) {
        return with(Bound.MAX_JSON_BYTES, bytes);
    }

    /** Levels of nesting in a JSON document. */
    public int maxJsonDepth() {
        return bounds.getInt(Bound.MAX_JSON_DEPTH);
    }

    /** These with another {@link #maxJsonDepth()}. */
    public Limits withMaxJsonDepth(int levels) {
        return with(Bound.MAX_JSON_DEPTH, levels);
    }

    /** Members and elements in a JSON document, all levels together. */
    public int maxJsonMembers() {
        return bounds.getInt(Bound.MAX_JSON_MEMBERS);
    }

    /** These with another {@link #maxJsonMembers()}. */
    public Limits withMaxJsonMembers(int members) {
        return with(Bound.MAX_JSON_MEMBERS, members);
    }

    /** Bytes of a JWT in its compact form. */
    public int maxTokenBytes() {
        return bounds.getInt(Bound.MAX_TOKEN_BYTES);
    }

    /** These with another {@link #maxTokenBytes()}. */
    public Limits withMaxTokenBytes(int bytes) {
        return with(Bound.MAX_TOKEN_BYTES, bytes);
    }

    /** Bytes of compressed content after it is inflated, where compression is allowed at all. */
    public int maxInflatedBytes() {
        return bounds.getInt(Bound.MAX_INFLATED_BYTES);
    }

    /** These with another {@link #maxInflatedBytes()}. */
    public Limits withMaxInflatedBytes(int bytes) {
        return with(Bound.MAX_INFLATED_BYTES, bytes);
    }

    /** How many times larger compressed content may become. */
    public int maxInflationRatio() {
        return bounds.getInt(Bound.MAX_INFLATION_RATIO);
    }

    /** These with another {@link #maxInflationRatio()}. */
    public Limits withMaxInflationRatio(int ratio) {
        return with(Bound.MAX_INFLATION_RATIO, ratio);
    }

    /** Bounds for XML. */
    public XmlLimits xml() {
        return xml;
    }

    /** These with other bounds for XML. */
    public Limits withXml(XmlLimits limits) {
        return new Limits(bounds, Objects.requireNonNull(limits, "limits"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Limits that && bounds.equals(that.bounds) && xml.equals(that.xml);
    }

    @Override
    public int hashCode() {
        return 31 * bounds.hashCode() + xml.hashCode();
    }

    @Override
    public String toString() {
        return "Limits[" + bounds + ", xml=" + xml + "]";
    }

    private Limits with(Bound bound, long value) {
        return new Limits(bounds.with(bound, value), xml);
    }
}
