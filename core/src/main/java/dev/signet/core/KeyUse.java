// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

/** What a key is for. A keyset holds keys of one use. */
public enum KeyUse {
    /** Signatures that anyone with the public key can verify. */
    SIGN,
    /** Message authentication codes; both sides hold the secret. */
    MAC,
    /** Encryption of content or of content keys. */
    ENCRYPT,
    /** Derivation of tokenization keys. */
    TOKENIZE
}
