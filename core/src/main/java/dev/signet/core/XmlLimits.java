// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

/**
 * Bounds for XML that hold while it is parsed. Document type declarations have none, since they are always refused.
 * Immutable; every {@code with…} gives a new object.
 *
 * @param maxBytes bytes of a document, before which reading stops
 * @param maxBytesInMemory bytes of a document, and of what was signed in it, that are kept in memory; more is spooled to
 *     temporary files
 * @param maxDepth levels of elements
 * @param maxElements elements in a document
 * @param maxChildren child elements of one element
 * @param maxAttributes attributes of one element, at most 4,096
 * @param maxNamespaces namespace declarations of one element, at most 256, which is also what
 *     may be in scope at once
 * @param maxNames different names and prefixes in a document
 * @param maxNameLength characters of a name or prefix
 * @param maxTextLength characters of text between two tags
 * @param maxAttributeLength characters of an attribute's value
 * @param maxSignedInfoBytes bytes of a signature's {@code SignedInfo} in canonical form
 * @param maxReferences references of one signature
 */
public record XmlLimits(
        long maxBytes,
        int maxBytesInMemory,
        int maxDepth,
        int maxElements,
        int maxChildren,
        int maxAttributes,
        int maxNamespaces,
        int maxNames,
        int maxNameLength,
        int maxTextLength,
        int maxAttributeLength,
        int maxSignedInfoBytes,
        int maxReferences) {
    private static final XmlLimits RECOMMENDED_2026 =
            new XmlLimits(1 << 20, 1 << 20, 32, 20_000, 4096, 64, 16, 1024, 256, 256 << 10, 8 << 10, 16 << 10, 8);

    private static final int MOST_ATTRIBUTES = 4096;
    /** Parsers compare the declarations of a tag with each other, and look through those in scope for each prefix. */
    private static final int MOST_NAMESPACES = 256;

    /** Every limit is positive. */
    public XmlLimits {
        if (maxAttributes > MOST_ATTRIBUTES || maxNamespaces > MOST_NAMESPACES) {
            throw new IllegalArgumentException(
                    "at most " + MOST_ATTRIBUTES + " attributes and " + MOST_NAMESPACES + " namespace declarations");
        }
        long smallest = Math.min(maxBytes, maxBytesInMemory);
        for (int limit : new int[] {
            maxDepth,
            maxElements,
            maxChildren,
            maxAttributes,
            maxNamespaces,
            maxNames,
            maxNameLength,
            maxTextLength,
            maxAttributeLength,
            maxSignedInfoBytes,
            maxReferences
        }) {
            smallest = Math.min(smallest, limit);
        }
        if (smallest <= 0) {
            throw new IllegalArgumentException("every limit is positive");
        }
    }

    /**
     * 1 MiB, 32 levels, 20,000 elements, 4,096 children, 64 attributes and 16 namespace declarations of an element, 1,024
     * different names of 256 characters, texts of 256 Ki, attribute values of 8 Ki, 16 KiB of {@code SignedInfo} with 8 references.
     */
    public static XmlLimits recommended2026() {
        return RECOMMENDED_2026;
    }

    /** Another cap for the bytes of a document, and for the part that is kept in memory. */
    public XmlLimits withMaxBytes(long total, int inMemory) {
        return new XmlLimits(
                total,
                inMemory,
                maxDepth,
                maxElements,
                maxChildren,
                maxAttributes,
                maxNamespaces,
                maxNames,
                maxNameLength,
                maxTextLength,
                maxAttributeLength,
                maxSignedInfoBytes,
                maxReferences);
    }

    /** Other caps for elements: in a document, as children of one element, and in depth. */
    public XmlLimits withMaxElements(int elements, int children, int depth) {
        return new XmlLimits(
                maxBytes,
                maxBytesInMemory,
                depth,
                elements,
                children,
                maxAttributes,
                maxNamespaces,
                maxNames,
                maxNameLength,
                maxTextLength,
                maxAttributeLength,
                maxSignedInfoBytes,
                maxReferences);
    }

    /** Other caps for what one element carries: attributes, namespace declarations. */
    public XmlLimits withMaxAttributes(int attributes, int namespaces) {
        return new XmlLimits(
                maxBytes,
                maxBytesInMemory,
                maxDepth,
                maxElements,
                maxChildren,
                attributes,
                namespaces,
                maxNames,
                maxNameLength,
                maxTextLength,
                maxAttributeLength,
                maxSignedInfoBytes,
                maxReferences);
    }

    /** Other caps for characters: of a text, of an attribute's value. */
    public XmlLimits withMaxLengths(int text, int attribute) {
        return new XmlLimits(
                maxBytes,
                maxBytesInMemory,
                maxDepth,
                maxElements,
                maxChildren,
                maxAttributes,
                maxNamespaces,
                maxNames,
                maxNameLength,
                text,
                attribute,
                maxSignedInfoBytes,
                maxReferences);
    }

    /** Another cap for the number of different names, whose handling gets slower with each. */
    public XmlLimits withMaxNames(int names) {
        return new XmlLimits(
                maxBytes,
                maxBytesInMemory,
                maxDepth,
                maxElements,
                maxChildren,
                maxAttributes,
                maxNamespaces,
                names,
                maxNameLength,
                maxTextLength,
                maxAttributeLength,
                maxSignedInfoBytes,
                maxReferences);
    }
}
