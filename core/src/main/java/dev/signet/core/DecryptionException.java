// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

/** A ciphertext that could not be decrypted. There is one reason only, since more would help an attacker. */
public final class DecryptionException extends MessageSecurityException {
    private static final long serialVersionUID = 1L;

    /** The one kind of failure. */
    public DecryptionException() {
        super("the message could not be decrypted");
    }

    @Override
    public String code() {
        return "decryption-failed";
    }
}
