// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.VerificationKey;

/**
 * What a verified signature covers, and what was encrypted in it, which only {@link VerifyingXmlDecrypter} makes. To be closed,
 * as {@link VerifiedXml} is.
 */
public final class VerifiedDecryptedXml implements AutoCloseable {
    private final VerifiedXml verified;
    private final DecryptedXml decrypted;

    VerifiedDecryptedXml(VerifiedXml verified, DecryptedXml decrypted) {
        this.verified = verified;
        this.decrypted = decrypted;
    }

    /** The key that the signature was made with, as {@link VerifiedXml#key()}. */
    public VerificationKey key() {
        return verified.key();
    }

    /** What was signed, with its ciphertext. */
    public VerifiedXml verified() {
        return verified;
    }

    /** The covered content with its plaintext. */
    public DecryptedXml decrypted() {
        return decrypted;
    }

    @Override
    public void close() {
        verified.close();
    }

    @Override
    public String toString() {
        return "VerifiedDecryptedXml[key=" + key().id() + ", " + decrypted + "]";
    }
}
