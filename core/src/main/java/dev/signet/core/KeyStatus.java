// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

/** Where a key stands in its life. */
public enum KeyStatus {
    /** Signs, encrypts or tokenizes, and also verifies, decrypts or reveals. */
    ACTIVE,
    /** Only verifies, decrypts or reveals: a key about to become primary, or one that has been replaced. */
    VERIFY_ONLY,
    /** Does nothing; kept so that its id stays taken. */
    DISABLED
}
