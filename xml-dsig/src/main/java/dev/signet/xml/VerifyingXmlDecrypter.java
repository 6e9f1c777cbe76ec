// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.VerificationException;

/**
 * Verifies a document's signature, and then decrypts inside of what it covers.
 *
 * <p><b>Security properties.</b> Nothing is decrypted, and no key touched, before the signature holds: whoever cannot sign
 * learns nothing from what becomes of changed ciphertext. Only the canonical bytes of the covered content are decrypted, so
 * that nothing else of the document can get among them. The places of the {@link XmlDecrypter} are those in the covered
 * element, which is their root.
 *
 * <p>The signature is over the ciphertext: the signer may not know what is in it.
 *
 * <p>Immutable and thread-safe.
 */
public final class VerifyingXmlDecrypter {
    private final XmlVerifier verifier;
    private final XmlDecrypter decrypter;

    private VerifyingXmlDecrypter(XmlVerifier verifier, XmlDecrypter decrypter) {
        this.verifier = verifier;
        this.decrypter = decrypter;
    }

    /** Both in the one order. */
    public static VerifyingXmlDecrypter of(XmlVerifier verifier, XmlDecrypter decrypter) {
        return new VerifyingXmlDecrypter(verifier, decrypter);
    }

    /**
     * The covered content with the plaintext where it was encrypted, and who signed it.
     *
     * @throws InvalidMessageException if the document is malformed or over a limit, or its content not encrypted as it should
     *     be
     * @throws VerificationException if it must not be trusted
     * @throws DecryptionException if it cannot be decrypted
     */
    public VerifiedDecryptedXml decrypt(byte[] xml) {
        VerifiedXml verified = verifier.verify(xml);
        try {
            return new VerifiedDecryptedXml(
                    verified, decrypter.decrypt(verified.content().contentBytes()));
        } catch (RuntimeException e) {
            verified.close();
            throw e;
        }
    }
}
