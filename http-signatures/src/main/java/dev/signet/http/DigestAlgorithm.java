// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A digest algorithm that RFC 9530 calls fit for use. The deprecated ones of its registry are not offered. */
public enum DigestAlgorithm {
    /** SHA-256, 32 bytes. */
    SHA_256("sha-256", "SHA-256", 32),
    /** SHA-512, 64 bytes. */
    SHA_512("sha-512", "SHA-512", 64);

    final String jcaName;
    final int length;
    final byte[] fieldPrefix;
    private final String key;

    DigestAlgorithm(String key, String jcaName, int length) {
        this.key = key;
        this.jcaName = jcaName;
        this.length = length;
        fieldPrefix = (key + "=:").getBytes(StandardCharsets.US_ASCII);
    }

    /** The key in the digest fields. */
    public String key() {
        return key;
    }

    /** Looks up a key of a digest field; empty for deprecated and unknown algorithms. */
    public static Optional<DigestAlgorithm> ofKey(String key) {
        return switch (key) {
            case "sha-256" -> Optional.of(SHA_256);
            case "sha-512" -> Optional.of(SHA_512);
            default -> Optional.empty();
        };
    }
}
