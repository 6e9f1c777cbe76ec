// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

/**
 * Bounds that hold before any cryptography. Immutable; every {@code with…} gives a new object.
 *
 * @param maxBodyBytes bytes of a message body, before which reading stops
 * @param maxBodyBytesInMemory bytes of a body kept in memory; a longer one is spooled to a temporary file
 * @param maxFieldBytes bytes of one HTTP field value, all its lines combined, of a request target, or of one JOSE header
 * @param maxSignatures signatures that one message may carry, or recipients that it may have
 * @param maxComponents components that one signature may cover
 * @param maxKeyIdLength characters of a key id in a message
 * @param maxNonceLength characters of a nonce in a message
 * @param maxJsonBytes bytes of a JSON document such as a keyset
 * @param maxJsonDepth levels of nesting in a JSON document
 * @param maxJsonMembers members and elements in a JSON document, all levels together
 * @param maxTokenBytes bytes of a JWT in its compact form
 * @param maxInflatedBytes bytes of compressed content after it is inflated, where compression is allowed at all
 * @param maxInflationRatio how many times larger compressed content may become
 * @param xml bounds for XML
 */
public record Limits(
        long maxBodyBytes,
        int maxBodyBytesInMemory,
        int maxFieldBytes,
        int maxSignatures,
        int maxComponents,
        int maxKeyIdLength,
        int maxNonceLength,
        int maxJsonBytes,
        int maxJsonDepth,
        int maxJsonMembers,
        int maxTokenBytes,
        int maxInflatedBytes,
        int maxInflationRatio,
        XmlLimits xml) {
    private static final Limits RECOMMENDED_2026 = new Limits(
            10L << 20,
            256 << 10,
            16 << 10,
            8,
            64,
            256,
            256,
            1 << 20,
            32,
            10_000,
            16 << 10,
            250_000,
            100,
            XmlLimits.recommended2026());

    /** Every limit is positive. */
    public Limits {
        long smallest = Math.min(maxBodyBytes, maxBodyBytesInMemory);
        for (int limit : new int[] {
            maxFieldBytes,
            maxSignatures,
            maxComponents,
            maxKeyIdLength,
            maxNonceLength,
            maxJsonBytes,
            maxJsonDepth,
            maxJsonMembers,
            maxTokenBytes,
            maxInflatedBytes,
            maxInflationRatio
        }) {
            smallest = Math.min(smallest, limit);
        }
        if (smallest <= 0) {
            throw new IllegalArgumentException("every limit is positive");
        }
    }

    /** 10 MiB bodies, 256 KiB of them in memory, 16 KiB fields, 8 signatures of 64 components, 1 MiB of JSON, 16 KiB tokens. */
    public static Limits recommended2026() {
        return RECOMMENDED_2026;
    }

    /** Another cap for bodies, and for the part of them that is kept in memory. */
    public Limits withMaxBodyBytes(long total, int inMemory) {
        return new Limits(
                total,
                inMemory,
                maxFieldBytes,
                maxSignatures,
                maxComponents,
                maxKeyIdLength,
                maxNonceLength,
                maxJsonBytes,
                maxJsonDepth,
                maxJsonMembers,
                maxTokenBytes,
                maxInflatedBytes,
                maxInflationRatio,
                xml);
    }

    /** Another cap for the bytes of one field. */
    public Limits withMaxFieldBytes(int bytes) {
        return new Limits(
                maxBodyBytes,
                maxBodyBytesInMemory,
                bytes,
                maxSignatures,
                maxComponents,
                maxKeyIdLength,
                maxNonceLength,
                maxJsonBytes,
                maxJsonDepth,
                maxJsonMembers,
                maxTokenBytes,
                maxInflatedBytes,
                maxInflationRatio,
                xml);
    }

    /** Another cap for signatures of a message, and for components of a signature. */
    public Limits withMaxSignatures(int signatures, int components) {
        return new Limits(
                maxBodyBytes,
                maxBodyBytesInMemory,
                maxFieldBytes,
                signatures,
                components,
                maxKeyIdLength,
                maxNonceLength,
                maxJsonBytes,
                maxJsonDepth,
                maxJsonMembers,
                maxTokenBytes,
                maxInflatedBytes,
                maxInflationRatio,
                xml);
    }

    /** Another cap for the bytes of a JWT. */
    public Limits withMaxTokenBytes(int bytes) {
        return new Limits(
                maxBodyBytes,
                maxBodyBytesInMemory,
                maxFieldBytes,
                maxSignatures,
                maxComponents,
                maxKeyIdLength,
                maxNonceLength,
                maxJsonBytes,
                maxJsonDepth,
                maxJsonMembers,
                bytes,
                maxInflatedBytes,
                maxInflationRatio,
                xml);
    }

    /** Other caps for compressed content. */
    public Limits withMaxInflatedBytes(int bytes, int ratio) {
        return new Limits(
                maxBodyBytes,
                maxBodyBytesInMemory,
                maxFieldBytes,
                maxSignatures,
                maxComponents,
                maxKeyIdLength,
                maxNonceLength,
                maxJsonBytes,
                maxJsonDepth,
                maxJsonMembers,
                maxTokenBytes,
                bytes,
                ratio,
                xml);
    }

    /** Other bounds for XML. */
    public Limits withXml(XmlLimits limits) {
        return new Limits(
                maxBodyBytes,
                maxBodyBytesInMemory,
                maxFieldBytes,
                maxSignatures,
                maxComponents,
                maxKeyIdLength,
                maxNonceLength,
                maxJsonBytes,
                maxJsonDepth,
                maxJsonMembers,
                maxTokenBytes,
                maxInflatedBytes,
                maxInflationRatio,
                limits);
    }
}
