// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import com.google.errorprone.annotations.CheckReturnValue;

/**
 * Bounds for XML that hold while it is parsed, in groups by what they bound: documents, elements, names and texts, signatures.
 * Document type declarations have none, since they are always refused.
 *
 * <pre>{@code
 * XmlLimits limits = XmlLimits.recommended2026()
 *         .withMaxBytes(500 << 20) // 1 MiB of it in memory, the rest in temporary files
 *         .withMaxElements(20_000_000)
 *         .withMaxChildren(5_000_000);
 * SecurityPolicy policy = SecurityPolicy.recommended2026()
 *         .withLimits(Limits.recommended2026().withXml(limits));
 * }</pre>
 *
 * <p>A document over one of them is an {@link InvalidMessageException}. A bound is positive; anything else is an {@link
 * IllegalArgumentException}. Immutable; every {@code with…} gives a new object.
 */
@CheckReturnValue
public final class XmlLimits {
    private enum Bound implements Bounds.Name {
        // Documents.
        MAX_BYTES(1 << 20),
        MAX_BYTES_IN_MEMORY(1 << 20),
        // Elements.
        MAX_DEPTH(32),
        MAX_ELEMENTS(20_000),
        MAX_CHILDREN(4096),
        MAX_ATTRIBUTES(64, 4096),
        MAX_NAMESPACES(16, 256),
        // Names and texts.
        MAX_NAMES(1024),
        MAX_NAME_LENGTH(256),
        MAX_TEXT_LENGTH(256 << 10),
        MAX_ATTRIBUTE_LENGTH(8 << 10),
        // Signatures.
        MAX_SIGNED_INFO_BYTES(16 << 10),
        MAX_REFERENCES(8);

        private final long recommended2026;
        private final long most;

        Bound(long recommended2026) {
            this(recommended2026, Long.MAX_VALUE);
        }

        Bound(long recommended2026, long most) {
            this.recommended2026 = recommended2026;
            this.most = most;
        }

        @Override
        public long recommended2026() {
            return recommended2026;
        }

        @Override
        public long most() {
            return most;
        }
    }

    private static final XmlLimits RECOMMENDED_2026 = new XmlLimits(Bounds.recommended2026(Bound.values()));

    private final Bounds bounds;

    private XmlLimits(Bounds bounds) {
        this.bounds = bounds;
    }

    /**
     * 1 MiB, 32 levels, 20,000 elements, 4,096 children, 64 attributes and 16 namespace declarations of an element, 1,024
     * different names of 256 characters, texts of 256 Ki, attribute values of 8 Ki, 16 KiB of {@code SignedInfo} with 8 references.
     */
    public static XmlLimits recommended2026() {
        return RECOMMENDED_2026;
    }

    /** Bytes of a document, before which reading stops. */
    public long maxBytes() {
        return bounds.get(Bound.MAX_BYTES);
    }

    /** These with another {@link #maxBytes()}. */
    public XmlLimits withMaxBytes(long bytes) {
        return with(Bound.MAX_BYTES, bytes);
    }

    /** Bytes of a document, and of what was signed in it, that are kept in memory; more is spooled to temporary files. */
    public int maxBytesInMemory() {
        return bounds.getInt(Bound.MAX_BYTES_IN_MEMORY);
    }

    /** These with another {@link #maxBytesInMemory()}. */
    public XmlLimits withMaxBytesInMemory(int bytes) {
        return with(Bound.MAX_BYTES_IN_MEMORY, bytes);
    }

    /** Levels of elements. */
    public int maxDepth() {
        return bounds.getInt(Bound.MAX_DEPTH);
    }

    /** These with another {@link #maxDepth()}. */
    public XmlLimits withMaxDepth(int levels) {
        return with(Bound.MAX_DEPTH, levels);
    }

    /** Elements in a document. */
    public int maxElements() {
        return bounds.getInt(Bound.MAX_ELEMENTS);
    }

    /** These with another {@link #maxElements()}. */
    public XmlLimits withMaxElements(int elements) {
        return with(Bound.MAX_ELEMENTS, elements);
    }

    /** Child elements of one element. */
    public int maxChildren() {
        return bounds.getInt(Bound.MAX_CHILDREN);
    }

    /** These with another {@link #maxChildren()}. */
    public XmlLimits withMaxChildren(int children) {
        return with(Bound.MAX_CHILDREN, children);
    }

    /** Attributes of one element, at most 4,096. */
    public int maxAttributes() {
        return bounds.getInt(Bound.MAX_ATTRIBUTES);
    }

    /** These with another {@link #maxAttributes()}. */
    public XmlLimits withMaxAttributes(int attributes) {
        return with(Bound.MAX_ATTRIBUTES, attributes);
    }

    /** Namespace declarations of one element, at most 256, which is also what may be in scope at once. */
    public int maxNamespaces() {
        return bounds.getInt(Bound.MAX_NAMESPACES);
    }

    /** These with another {@link #maxNamespaces()}. */
    public XmlLimits withMaxNamespaces(int declarations) {
        return with(Bound.MAX_NAMESPACES, declarations);
    }

    /** Different names and prefixes in a document, whose handling gets slower with each. */
    public int maxNames() {
        return bounds.getInt(Bound.MAX_NAMES);
    }

    /** These with another {@link #maxNames()}. */
    public XmlLimits withMaxNames(int names) {
        return with(Bound.MAX_NAMES, names);
    }

    /** Characters of a name or prefix. */
    public int maxNameLength() {
        return bounds.getInt(Bound.MAX_NAME_LENGTH);
    }

    /** These with another {@link #maxNameLength()}. */
    public XmlLimits withMaxNameLength(int characters) {
        return with(Bound.MAX_NAME_LENGTH, characters);
    }

    /** Characters of text between two tags. */
    public int maxTextLength() {
        return bounds.getInt(Bound.MAX_TEXT_LENGTH);
    }

    /** These with another {@link #maxTextLength()}. */
    public XmlLimits withMaxTextLength(int characters) {
        return with(Bound.MAX_TEXT_LENGTH, characters);
    }

    /** Characters of an attribute's value. */
    public int maxAttributeLength() {
        return bounds.getInt(Bound.MAX_ATTRIBUTE_LENGTH);
    }

    /** These with another {@link #maxAttributeLength()}. */
    public XmlLimits withMaxAttributeLength(int characters) {
        return with(Bound.MAX_ATTRIBUTE_LENGTH, characters);
    }

    /** Bytes of a signature's {@code SignedInfo} in canonical form. */
    public int maxSignedInfoBytes() {
        return bounds.getInt(Bound.MAX_SIGNED_INFO_BYTES);
    }

    /** These with another {@link #maxSignedInfoBytes()}. */
    public XmlLimits withMaxSignedInfoBytes(int bytes) {
        return with(Bound.MAX_SIGNED_INFO_BYTES, bytes);
    }

    /** References of one signature. */
    public int maxReferences() {
        return bounds.getInt(Bound.MAX_REFERENCES);
    }

    /** These with another {@link #maxReferences()}. */
    public XmlLimits withMaxReferences(int references) {
        return with(Bound.MAX_REFERENCES, references);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof XmlLimits that && bounds.equals(that.bounds);
    }

    @Override
    public int hashCode() {
        return bounds.hashCode();
    }

    @Override
    public String toString() {
        return "XmlLimits[" + bounds + "]";
    }

    private XmlLimits with(Bound bound, long value) {
        return new XmlLimits(bounds.with(bound, value));
    }
}
