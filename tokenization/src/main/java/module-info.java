// SPDX-License-Identifier: Apache-2.0
/** Format-preserving, authenticated and one-way tokens for personal data, with rotation and reveal policies. */
module dev.signet.tokens {
    requires transitive dev.signet.core;
    requires static transitive org.jspecify;
    requires static com.google.errorprone.annotations;
    requires com.google.crypto.tink;

    exports dev.signet.tokens;
}
